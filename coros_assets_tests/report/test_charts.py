"""Every chart is valid, and its drawing is compact, inert and named."""

from __future__ import annotations

from itertools import chain

import pytest
from lxml import etree

from coros_assets.report import chapters, sections
from coros_assets.report.charts.figure import Figure
from coros_assets.report.charts.style import NARROW, WIDE, spec
from coros_assets.report.charts.svg import draw
from coros_assets.report.theme import LIGHT
from coros_assets_tests.report import synthetic

SCATTER = {
    "data": {"values": [{"x": x / 7, "y": x % 5} for x in range(200)]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}


def all_figures(runs: int) -> list[Figure]:
    tables = synthetic.finished(runs)
    parts = (*sections.sections(tables), *chapters.chapters(tables))
    return list(chain.from_iterable(part.figures for part in parts))


FIGURES = {figure.ident: figure for figure in all_figures(90)}


def vertices(svg: str) -> int:
    """Marks that a path of markers stands for."""
    paths = etree.fromstring(svg).iterfind(".//path[@marker-mid]")
    return sum(path.get("d", "").count("L") + 1 for path in paths)


def test_each_question_has_its_intervals_and_its_main_chart_and_each_chapter_a_chart() -> None:
    assert list(FIGURES) == [
        "night-interval",
        "night-strips",
        "load-interval",
        "load-strips",
        "fitness-interval",
        "fitness-trend",
        "recovery-by-hours",
        "expected-runs",
        "expected-fatigue",
        "training-load-and-form",
        "best-efforts",
        "all-weeks",
    ]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("ident", FIGURES)
def test_a_chart_passes_the_checks_of_vega_lite(ident: str, width: int) -> None:
    checked = FIGURES[ident].build(width).to_dict(validate=True)
    assert spec(FIGURES[ident].build(width), width).keys() == checked.keys()


@pytest.mark.parametrize("ident", FIGURES)
def test_a_drawing_fits_its_column_and_is_named(ident: str) -> None:
    figure = FIGURES[ident]
    for width, svg in ((WIDE, figure.wide), (NARROW, figure.narrow)):
        root = etree.fromstring(svg)
        assert (root.tag, root.get("role"), root.get("aria-label")) == ("svg", "img", figure.label)
        *_, drawn, height = (float(number) for number in root.get("viewBox", "").split())
        assert 0.9 * width <= drawn <= 1.03 * width
        assert height > 50


@pytest.mark.parametrize("ident", FIGURES)
def test_a_drawing_takes_its_colours_from_the_theme_alone(ident: str) -> None:
    root = etree.fromstring(FIGURES[ident].wide)
    painted = {element.get(name) for element in root.iter() for name in ("fill", "stroke")}
    assert painted - {None, "none", "transparent"} <= {f"var(--{name})" for name in LIGHT}


@pytest.mark.parametrize("ident", ["night-strips", "load-strips"])
def test_every_run_has_its_mark(ident: str) -> None:
    runs = synthetic.finished(90)["analysis_run"].num_rows
    assert vertices(FIGURES[ident].wide) == runs


def test_equal_points_are_drawn_once_and_placed_often() -> None:
    svg = draw(SCATTER, "points", "p")
    assert vertices(svg) == 200
    assert svg.count("<marker ") == 1
    assert len(svg) < 200 * 60


def test_a_point_of_its_own_kind_is_drawn_where_it_stands() -> None:
    alone = SCATTER | {"data": {"values": [{"x": 1, "y": 2}]}}
    svg = draw(alone, "one point", "p")
    assert "<marker" not in svg
    assert svg.count("A") >= 2


def test_a_drawing_has_no_names_of_other_places_and_no_long_fractions() -> None:
    svg = draw(SCATTER, "points", "p")
    assert "http" not in svg
    assert not any(
        len(word.partition(".")[2]) > 3 for word in svg.split(",") if word.strip("-.0123456789") == ""
    )


def test_an_address_in_a_chart_is_not_opened() -> None:
    with pytest.raises(ValueError, match="url not allowed"):
        draw(SCATTER | {"data": {"url": "https://example.org/data.json"}}, "points", "p")


def test_words_in_a_chart_stay_words() -> None:
    hostile = "</text><script>alert(1)</script>"
    labelled = SCATTER | {"title": hostile}
    root = etree.fromstring(draw(labelled, f'"{hostile}', "p"))
    assert not list(root.iter("script"))
    assert hostile in "".join(root.itertext())
