"""Sentences as tables of input and expected words."""

from __future__ import annotations

import math

import pytest

from coros_assets.answers import wording
from coros_assets.answers.estimate import Interval
from coros_assets.answers.wording import FITNESS, METRES, MINUS, Need


def percent(low: float, high: float) -> Interval:
    ends = math.log1p(low / 100), math.log1p(high / 100)
    return Interval(sum(ends) / 2, *ends, 0.5)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-3.52, -1.26, "1.3 to 3.5 % fewer"),
        (1.26, 3.52, "1.3 to 3.5 % more"),
        (-0.94, 1.21, "0.9 % fewer to 1.2 % more"),
        (-2.0, -0.012, "0.01 to 2.0 % fewer"),
        (-2.0, 0.0004, "2.0 % fewer to 0.0004 % more"),
    ],
)
def test_an_interval_is_said_without_signs_and_never_seems_to_touch_zero(
    low: float, high: float, words: str
) -> None:
    assert METRES.between(percent(low, high)) == words


def test_fitness_is_higher_or_lower() -> None:
    assert FITNESS.change(4.06) == "4.1 % higher"
    assert FITNESS.change(-4.06) == "4.1 % lower"


@pytest.mark.parametrize(
    ("amount", "words"), [(1, "1 run"), (0, "0 runs"), (2, "2 runs"), (1204, "1,204 runs")]
)
def test_counts_have_the_right_number_and_a_separator(amount: int, words: str) -> None:
    assert wording.count(amount, "run") == words


@pytest.mark.parametrize(
    ("parts", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_end_with_and(parts: list[str], words: str) -> None:
    assert wording.listed(parts) == words


def test_what_is_missing_is_counted_and_what_is_there_is_said() -> None:
    needs = [
        Need("run", "after nights", 19, 20),
        Need("run", "in all", 50, 20),
        Need("cycle", "worked", 4, 10),
    ]
    assert wording.not_enough_yet(needs) == (
        "Not enough data yet: still needed are 1 more run after nights and 6 more cycles worked"
        " (so far 19 of 20 and 4 of 10)."
    )


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert wording.not_enough_yet([Need("run", "after nights", 20, 20)]) == ""
    assert wording.inseparable("nights", "") == ""


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (-0.03, " That is about 10 s per km slower at the same heart rate."),
        (0.03, " That is about 10 s per km faster at the same heart rate."),
        (0.001, " That is less than 1 s per km faster at the same heart rate."),
    ],
)
def test_an_effect_is_turned_into_seconds_per_km(effect: float, words: str) -> None:
    assert wording.seconds_per_km(Interval(effect, 0, 0, 0), 330) == words


def test_without_a_pace_there_are_no_seconds_per_km() -> None:
    assert wording.seconds_per_km(Interval(-0.03, 0, 0, 0), math.nan) == ""


def test_the_largest_reasons_come_first_and_trifles_not_at_all() -> None:
    sentence = wording.why_naive_differs({"hills": 0.0004, "effort": -0.004, "fitness over time": 0.021})
    assert f"fitness over time (+2.1 %) and effort ({MINUS}0.4 %)." in sentence
    assert "hills" not in sentence


def test_if_nothing_else_differed_that_is_said() -> None:
    assert wording.why_naive_differs({"hills": 0.0}).startswith("Little else differed")


def test_adjustments_name_what_too_few_runs_have() -> None:
    assert wording.allowing_for(["hills", "effort"], ["treadmill"]) == (
        "allowing for hills and effort (not for treadmill, known of too few runs)"
    )


def line(family: str, low: float, high: float) -> dict[str, object]:
    middle = (low + high) / 2
    return {
        "is_primary": family == "primary",
        "family": family,
        "effect_pct": middle,
        "ci_low_pct": low,
        "ci_high_pct": high,
    }


def test_other_ways_agree_that_say_the_same_of_zero() -> None:
    rows = [
        line("primary", -3, -1),
        line("sensitivity", -4, -0.1),
        line("sensitivity", -4, 0.1),
        line("sensitivity", 1, 2),
        line("secondary", -4, -1),
        line("naive", -3, 1.4),
    ]
    assert wording.checked(rows) == (
        "Estimated in 3 other ways, with the same outcome in 1."
        f" Allowing for nothing, it would be {MINUS}0.8 %."
    )


def test_without_an_answer_or_another_way_there_is_nothing_to_agree() -> None:
    nothing = line("primary", 0, 0) | {"effect_pct": None, "ci_low_pct": None, "ci_high_pct": None}
    assert (
        wording.checked([nothing]) == wording.checked([line("primary", -3, -1)]) == wording.checked([]) == ""
    )
