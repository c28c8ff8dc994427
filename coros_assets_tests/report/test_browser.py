"""The page in a real browser: drawn, quiet, and no wider than a telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from coros_assets_tests.servers import chromium

FIGURES = 10

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

WIDTHS = {"desk": 1200, "telephone": 390, "small telephone": 320}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page, encoding="utf-8")
    return file.as_uri()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WIDTHS)
def opened(request: pytest.FixtureRequest, browser: Browser, address: str, scheme: str) -> Iterator[Page]:
    """The page with `noticed`: what it wrote to the console and asked of the network."""
    tab = browser.new_page(
        viewport={"width": WIDTHS[request.param], "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    noticed: list[str] = []
    tab.on("console", lambda message: noticed.append(message.text))
    tab.on("pageerror", lambda error: noticed.append(str(error)))
    tab.on("request", lambda sent: noticed.append(sent.url))
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    assert noticed == [address]
    yield tab
    tab.close()


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


def test_on_paper_the_page_is_light(opened: Page) -> None:
    opened.emulate_media(media="print")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"
    assert opened.locator("nav").is_hidden()


def test_the_search_for_overlaps_finds_a_word_written_twice(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(address)
    tab.evaluate("(text => text.after(text.cloneNode(true)))(document.querySelector('figure svg text'))")
    assert len(tab.evaluate(OVERLAPS)) == 1
    tab.close()
