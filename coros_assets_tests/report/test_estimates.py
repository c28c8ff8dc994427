"""The answer's parts: verdict, numbers, and the estimates that stand side by side."""

from __future__ import annotations

import pyarrow as pa
import pytest

from coros_assets.report.estimates import answer
from coros_assets.tables import ANSWER_NIGHT_SHIFT
from coros_assets_tests.report.written_answers import NIGHT_ROWS, answer_rows


def with_verdict(verdict: str, effect: float | None = -2.0) -> pa.Table:
    numbers = None if effect is None else (effect, effect - 0.5, effect + 0.5)
    rows = answer_rows(ANSWER_NIGHT_SHIFT, (True, "least squares", numbers, "A sentence."))
    at = rows.schema.get_field_index("verdict")
    return rows.set_column(at, rows.schema.field(at), pa.array([verdict]))


@pytest.mark.parametrize(
    ("verdict", "effect", "sign", "words"),
    [
        ("effect", -2.0, "▼", "A clear drop"),
        ("effect", 2.0, "▲", "A clear rise"),
        ("no_evidence", -0.4, "○", "No evidence of a difference"),
        ("practically_none", 0.1, "≈", "Practically no difference"),
        ("not_enough_data", None, "…", "Not enough data yet"),
    ],
)
def test_each_verdict_has_a_sign_and_words(verdict: str, effect: float | None, sign: str, words: str) -> None:
    found = answer(with_verdict(verdict, effect)).verdict
    assert (found.sign, found.words) == (sign, words)


def test_the_answer_is_the_primary_estimate_wherever_it_stands() -> None:
    rows = answer_rows(ANSWER_NIGHT_SHIFT, *reversed(NIGHT_ROWS))
    found = answer(rows, ("After a night shift", "Far from any night"))
    assert found.sentence == NIGHT_ROWS[0][3]
    assert dict(found.facts)["After a night shift"] == "96"
    assert dict(found.facts)["Far from any night"] == "178"


def test_the_chart_shows_the_answer_first_and_the_plain_comparison_last() -> None:
    drawn = answer(answer_rows(ANSWER_NIGHT_SHIFT, *reversed(NIGHT_ROWS))).intervals
    assert drawn is not None
    assert drawn["role"].to_pylist() == ["primary", "other", "naive"]
    assert drawn["label"].to_pylist() == [
        "The answer",
        "With the interval from neighbouring runs",
        "Plain comparison, allowing for nothing",
    ]


def test_an_estimate_of_another_contrast_is_named_by_it() -> None:
    rows = answer_rows(ANSWER_NIGHT_SHIFT, *NIGHT_ROWS[:2])
    contrasts = pa.array(["this against that", "more of this against that"])
    at = rows.schema.get_field_index("contrast")
    drawn = answer(rows.set_column(at, rows.schema.field(at), contrasts)).intervals
    assert drawn is not None
    assert drawn["label"].to_pylist()[1] == "More of this against that"


def test_estimates_of_other_effects_stand_in_the_table_and_not_in_the_chart() -> None:
    rows = answer_rows(ANSWER_NIGHT_SHIFT, *NIGHT_ROWS)
    families = pa.array(["primary", "secondary", "naive"])
    at = rows.schema.get_field_index("family")
    found = answer(rows.set_column(at, rows.schema.field(at), families))
    assert found.intervals is not None
    assert found.intervals["role"].to_pylist() == ["primary", "naive"]
    assert len(found.table.rows) == 3


def test_without_an_estimate_there_is_nothing_to_draw() -> None:
    found = answer(with_verdict("not_enough_data", None))
    assert found.intervals is None
    assert found.naive == ""


def test_an_empty_table_is_an_answer_without_data() -> None:
    found = answer(ANSWER_NIGHT_SHIFT.empty())
    assert found.verdict.kind == "not_enough_data"
    assert found.sentence.startswith("Not enough data yet")
    assert found.facts == ()
