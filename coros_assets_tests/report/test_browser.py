"""The page in a real browser: drawn, quiet, and no wider than a telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from coros_assets_tests.servers import chromium

FIGURES = 12

pytestmark = pytest.mark.slow

OVERLAPS = """() => {
    const drawn = [...document.querySelectorAll('figure svg')].filter(svg => svg.checkVisibility());
    const apart = (a, b) =>
        a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    return drawn.flatMap(svg => {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim())
            .map(text => [text.textContent, text.getBoundingClientRect()]);
        const over = texts.flatMap(([one, a], at) => texts.slice(at + 1)
            .filter(([, b]) => !apart(a, b)).map(([two]) => `${one} over ${two}`));
        const cut = texts.filter(([, box]) => box.left < frame.left - 2 || box.right > frame.right + 2)
            .map(([words]) => `cut off: ${words}`);
        return [...over, ...cut];
    });
}"""
"""Words of charts that lie over one another or reach out of their drawing."""

SPILLS = """() => [...document.querySelectorAll('td, th, p, h1, h2, h3, li, dd, dt')]
    .filter(part => part.checkVisibility() && !part.closest('details'))
    .filter(part => part.scrollWidth > part.clientWidth + 1)
    .map(part => part.textContent.trim())"""
"""Parts of the page whose words reach out of their box."""

A4_WIDTH = 673
"""CSS pixels between margins of 16 mm."""

WIDTHS = {"desk": 1200, "telephone": 390, "small telephone": 320}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def addresses(
    page: str, beginner_page: str, empty_page: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("report")
    pages = {"finished": page, "beginner": beginner_page, "empty": empty_page}
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in pages}


@pytest.fixture(scope="module")
def address(addresses: dict[str, str]) -> str:
    return addresses["finished"]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WIDTHS)
def opened(request: pytest.FixtureRequest, browser: Browser, address: str, scheme: str) -> Iterator[Page]:
    """The finished page, which wrote nothing to the console and asked nothing of the network."""
    tab = open_quietly(browser, address, WIDTHS[request.param], scheme)
    yield tab
    tab.close()


def open_quietly(browser: Browser, address: str, width: int, scheme: str = "light") -> Page:
    """A new tab with the page; fails if it wrote to the console or asked for anything but itself."""
    tab = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    noticed: list[str] = []
    tab.on("console", lambda message: noticed.append(message.text))
    tab.on("pageerror", lambda error: noticed.append(str(error)))
    tab.on("request", lambda sent: noticed.append(sent.url))
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    assert noticed == [address]
    return tab


def test_every_chart_is_drawn_once_at_the_width_that_fits(opened: Page) -> None:
    drawn = opened.locator("figure svg:visible")
    assert drawn.count() == FIGURES
    width = opened.evaluate("document.documentElement.clientWidth")
    for box in (drawn.nth(index).bounding_box() for index in range(FIGURES)):
        assert box is not None
        assert box["height"] > 50
        assert box["width"] > 0.5 * min(width, 720)
        assert box["x"] + box["width"] <= width


def test_the_page_does_not_scroll_sideways(opened: Page) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert opened.evaluate("document.documentElement.scrollWidth") <= opened.viewport_size["width"]


def test_no_words_of_a_chart_are_cut_off_or_lie_over_others(opened: Page) -> None:
    overlaps = opened.evaluate(OVERLAPS)
    assert overlaps == []


def test_the_page_is_dark_where_the_reader_wants_it_dark(opened: Page, scheme: str) -> None:
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(20, 22, 26)" if scheme == "dark" else "rgb(252, 251, 248)")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_calendar_fits_without_cutting_a_day(browser: Browser, address: str, width: int) -> None:
    tab = open_quietly(browser, address, width)
    assert tab.locator(".calendar tbody tr").count() == 13
    assert tab.evaluate(SPILLS) == []
    tab.close()


def test_on_paper_the_page_is_light_and_everything_on_it_fits(browser: Browser, address: str) -> None:
    tab = open_quietly(browser, address, A4_WIDTH, "dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"
    assert tab.locator("nav").is_hidden()
    assert tab.locator("figure svg:visible").count() == FIGURES
    assert tab.evaluate("document.documentElement.scrollWidth") <= A4_WIDTH
    assert tab.evaluate(SPILLS) == []
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", ["beginner", "empty"])
def test_a_page_with_little_on_it_is_quiet_and_fits(
    browser: Browser, addresses: dict[str, str], name: str, width: int, scheme: str
) -> None:
    tab = open_quietly(browser, addresses[name], width, scheme)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate(OVERLAPS) == []
    assert tab.evaluate(SPILLS) == []
    assert tab.get_by_text("Not enough data yet").first.is_visible()
    drawn = tab.locator("figure svg:visible")
    assert drawn.count() == (1 if name == "beginner" else 0)
    tab.close()


def test_the_search_for_overlaps_finds_a_word_written_twice(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(address)
    tab.evaluate("(text => text.after(text.cloneNode(true)))(document.querySelector('figure svg text'))")
    assert len(tab.evaluate(OVERLAPS)) == 1
    tab.close()


def test_the_search_for_spills_finds_a_word_wider_than_its_cell(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(address)
    tab.evaluate("document.querySelector('.calendar td').textContent = 'x'.repeat(99)")
    assert tab.evaluate(SPILLS) == ["x" * 99]
    tab.close()
