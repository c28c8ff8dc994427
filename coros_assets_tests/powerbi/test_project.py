"""The project's colours, its words and its documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from coros_assets.powerbi.__main__ import write
from coros_assets.powerbi.model import PARAMETERS
from coros_assets.powerbi.pages import PAGES
from coros_assets.powerbi.parts import Page
from coros_assets.powerbi.project import BY_HAND, theme
from coros_assets.powerbi.visuals import PERIOD_COLOURS
from coros_assets.report.theme import LIGHT
from coros_assets_tests.powerbi.files import generated_problems
from coros_assets_tests.powerbi.source import Project
from coros_assets_tests.report.test_theme import MARK_CONTRAST, contrast

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "powerbi.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("colour", [*theme()["dataColors"], *PERIOD_COLOURS.values()])
def test_a_mark_has_a_colour_of_the_report_that_stands_out_from_the_page(colour: str) -> None:
    assert colour in LIGHT.values()
    assert contrast({"mark": colour, "page": theme()["background"]}, "mark", "page") >= MARK_CONTRAST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_visual_has_a_title_and_says_what_it_shows_to_who_cannot_see_it(page: Page) -> None:
    assert [visual.name for visual in page.visuals if not (visual.title and visual.description)] == []
    assert len({visual.name for visual in page.visuals}) == len(page.visuals)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_manual_names_every_page_and_where_else_it_stands(page: Page) -> None:
    (row,) = (line for line in MANUAL.splitlines() if line.startswith(f"| {page.title} |"))
    assert [name for name in page.counterparts if f"`{name}`" not in row] == []


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_manual_names_every_parameter(name: str) -> None:
    assert f"`{name}`" in MANUAL


def test_writing_leaves_the_measures_and_what_desktop_keeps_and_takes_away_the_rest(tmp_path: Path) -> None:
    write(tmp_path)
    kept = [tmp_path / BY_HAND, tmp_path / "Coros.Report" / ".pbi" / "localSettings.json"]
    stray = tmp_path / "Coros.Report" / "definition" / "pages" / "old" / "page.json"
    for file in (*kept, stray):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("kept as it is", encoding="utf-8")
    write(tmp_path)
    assert [file.read_text(encoding="utf-8") for file in kept] == ["kept as it is"] * 2
    assert not stray.parent.exists()
    assert generated_problems(Project(tmp_path)) == []
