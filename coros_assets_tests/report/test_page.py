"""The page as a whole: complete, inert, self-contained, and kind where there is little to say."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from lxml import html

from coros_assets.report.page import render_report
from coros_assets_tests.report import synthetic
from coros_assets_tests.report.written_answers import FITNESS_ROWS, LOAD_ROWS, NIGHT_ROWS

HOSTILE = (
    "'\"></style></svg><script>alert(1)</script><img src=x onerror=alert(2)><a href=javascript:a>{{ 7*7 }}"
)
MOST_BYTES = 1_500_000
ADDRESS = re.compile(r"https?:|//\w|@import|url\((?!#)", re.IGNORECASE)


def active_parts(page: str) -> list[str]:
    """Whatever in a page could run or fetch: elements, event handlers, and links out of the page."""
    found = []
    for element in html.document_fromstring(page).iter(html.etree.Element):
        if element.tag in {"script", "img", "iframe", "object", "embed", "form", "base", "animate", "set"}:
            found.append(str(element.tag))
        found += [name for name in element.keys() if name.startswith("on")]  # noqa: SIM118  lxml elements are no dicts
        links = [element.get(name, "#") for name in ("href", "src", "action")]
        found += [link for link in links if not link.startswith("#") and link != "data:,"]
    return found


def poisoned(table: pa.Table) -> pa.Table:
    """The table with every word in it made hostile, but those that the page decides by."""
    decisive = {
        "sport",
        "verdict",
        "is_primary",
        "activity_id",
        "source_sha256",
        "sha256",
        "night_arm",
        "outcome",
        "kind",
        "family",
        "timezone",
        "distance_label",
        "target",
    }
    for at, field in enumerate(table.schema):
        if field.type == pa.string() and field.name not in decisive | {"schedule_period"}:
            words = pa.array([f"{word}{HOSTILE}" for word in table[field.name].to_pylist()])
            table = table.set_column(at, field, words)
        elif field.type == pa.list_(pa.string()):
            table = table.set_column(at, field, pa.array([[HOSTILE]] * table.num_rows, field.type))
    return table


@pytest.fixture(scope="module")
def poisoned_page() -> str:
    tables = {name: poisoned(table) for name, table in synthetic.finished().items()}
    return render_report(tables, synthetic.GENERATED_AT, HOSTILE)


def elements(page: str) -> Counter[str]:
    return Counter(str(element.tag) for element in html.document_fromstring(page).iter(html.etree.Element))


def test_the_three_answers_come_first_and_in_full(document: html.HtmlElement) -> None:
    sentences = [" ".join(p.text_content().split()) for p in document.find_class("sentence")]
    rows = (NIGHT_ROWS, LOAD_ROWS, FITNESS_ROWS)
    assert [sentence.replace("\N{NARROW NO-BREAK SPACE}", " ") for sentence in sentences] == [
        estimates[0][3] for estimates in rows
    ]
    assert [section.get("id") for section in document.findall(".//main/section")] == [
        "night-shifts",
        "training-load",
        "fitness",
        "recovery",
        "expected",
        "form",
        "records",
        "calendar",
        "data",
        "method",
    ]


def test_each_answer_shows_its_verdict_as_a_sign_and_in_words(document: html.HtmlElement) -> None:
    verdicts = [" ".join(p.text_content().split()) for p in document.find_class("verdict")]
    assert verdicts == ["▼ A clear drop", "○ No evidence of a difference", "▲ A clear rise"]


def test_the_plain_average_is_explained(document: html.HtmlElement) -> None:
    notes = [note.text_content() for note in document.find_class("note")]
    assert len(notes) == 3
    assert "also carries what else differed" in notes[0]


def test_the_page_names_its_period_and_counts(document: html.HtmlElement) -> None:
    shown = document.find_class("headline")[0].text_content()
    assert "January 2024" in shown
    assert "km" in shown


def test_every_chart_is_there_in_two_widths(document: html.HtmlElement) -> None:
    figures = document.findall(".//figure")
    assert len(figures) == 12
    assert all(len(figure.findall(".//svg")) == 2 for figure in figures)
    assert all(figure.find("h3") is not None for figure in figures)
    assert all(figure.find("figcaption") is not None for figure in figures)


def test_what_to_expect_is_said_once_and_stands_with_its_track_record(document: html.HtmlElement) -> None:
    chapter = document.get_element_by_id("expected")
    said = [p.text_content() for p in chapter.find_class("lead")]
    assert len(said) == 4
    assert sum(sentence.startswith("After your next block of nights") for sentence in said) == 2
    remarks = [p.text_content() for p in chapter.find_class("remark")]
    assert [remark.partition(":")[0] for remark in remarks] == ["Run on a coming day", "Fatigue"]
    assert "closer than the mean of the last 15 runs" in remarks[0]


def test_behind_every_chart_its_numbers_are_a_table(document: html.HtmlElement) -> None:
    drawn = [section for section in document.findall(".//section") if section.find("figure") is not None]
    assert len(drawn) == 8
    for section in drawn:
        behind = section.findall("details//table")
        assert behind
        assert all(table.findall(".//td") for table in behind)


def test_the_calendar_shows_thirteen_weeks_with_shifts_as_letters(document: html.HtmlElement) -> None:
    [calendar] = document.find_class("calendar")
    assert len(calendar.findall("tbody/tr")) == 13
    letters = {mark.text for mark in calendar.find_class("shift")}
    assert {"N", "D"} <= letters <= {"N", "D", "?"}
    assert all(mark.get("title") for mark in calendar.iter("abbr"))


def test_the_page_can_be_read_without_seeing_it(document: html.HtmlElement) -> None:
    assert document.get("lang") == "en"
    assert document.find(".//meta[@name='viewport']") is not None
    levels = [int(element.tag[1]) for element in document.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(svg.get("aria-label") for svg in document.iter("svg"))
    assert all(table.find("caption") is not None for table in document.iter("table"))
    ids = [element.get("id") for element in document.iter(html.etree.Element) if element.get("id")]
    assert len(ids) == len(set(ids))
    targets = {link.get("href", "")[1:] for link in document.iter("a")}
    assert targets <= set(ids)


def test_nothing_in_the_page_runs_or_fetches(page: str) -> None:
    assert active_parts(page) == []
    assert ADDRESS.search(page) is None
    assert "default-src 'none'" in page


def test_hostile_names_and_sentences_come_out_as_words(page: str, poisoned_page: str) -> None:
    assert active_parts(poisoned_page) == []
    assert "alert(1)" in poisoned_page
    assert "{{ 7*7 }}" in poisoned_page
    assert elements(poisoned_page)["svg"] == elements(page)["svg"]


def test_the_search_for_active_parts_finds_what_an_unescaped_page_would_hold() -> None:
    found = active_parts(f"<p>{HOSTILE}</p>")
    assert {"script", "img", "onerror", "javascript:a"} <= set(found)
    assert ADDRESS.search('<link href="https://example.org/a.css">')


def test_the_page_is_small(page: str) -> None:
    assert len(page.encode()) < MOST_BYTES / 5


def test_the_same_tables_make_the_same_page(page: str) -> None:
    assert render_report(synthetic.finished(), synthetic.GENERATED_AT, "1.2.3") == page


def test_a_beginner_reads_what_is_missing_and_sees_no_empty_charts(beginner_page: str) -> None:
    document = html.document_fromstring(beginner_page)
    assert [figure.get("id") for figure in document.findall(".//figure")] == ["all-weeks"]
    for chapter in ("recovery", "expected", "form", "records"):
        assert "Not enough data yet" in document.get_element_by_id(chapter).text_content()
    assert all("still needed are 17 more runs" in p.text_content() for p in document.find_class("sentence"))
    assert beginner_page.count("There is no hurry") == 3


def test_before_the_first_file_the_page_still_stands(empty_page: str) -> None:
    document = html.document_fromstring(empty_page)
    assert "No activities have been loaded yet." in document.text_content()
    assert document.findall(".//figure") == []
    assert document.findall(".//details") == []
    assert active_parts(empty_page) == []


def test_a_runner_without_a_roster_still_reads_the_other_answers() -> None:
    tables = synthetic.finished(120)
    for name in ("efficiency_by_hours_since_night", "answer_night_shift", "dim_shift", "recovery"):
        tables[name] = tables[name].slice(0, 0)
    runs = tables["analysis_run"]
    without = ("hours_since_night_end", "night_arm")
    for name in without:
        at = runs.schema.get_field_index(name)
        runs = runs.set_column(at, name, pa.nulls(runs.num_rows, runs.schema.field(name).type))
    tables["analysis_run"] = runs
    document = html.document_fromstring(render_report(tables, synthetic.GENERATED_AT, "1"))
    assert len(document.findall(".//figure")) == 9
    assert "There is no roster for these weeks" in document.get_element_by_id("calendar").text_content()
    assert "night shifts of the week" not in document.get_element_by_id("calendar").text_content()
    assert "Not enough data yet" in " ".join(document.get_element_by_id("recovery").text_content().split())


def test_the_parts_that_the_manual_of_power_bi_names_stand_on_the_page(document: html.HtmlElement) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "powerbi.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2] for line in manual.splitlines() if line.startswith("| ")]
    named = {title for row in rows for title in re.findall(r"\*(.+?)\*", row)}
    assert len(named) >= 4
    assert named <= {heading.text_content().strip() for heading in document.iter("h2")}
