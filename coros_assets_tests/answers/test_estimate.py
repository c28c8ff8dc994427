"""Intervals and verdicts as tables of input and expected result."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from coros_assets.answers.estimate import Estimate, Family, Interval, Verdict, answer_table, holm
from coros_assets.tables import ANSWER_NIGHT_SHIFT


def percent(low: float, high: float) -> Interval:
    """An interval given by its ends in %."""
    ends = math.log1p(low / 100), math.log1p(high / 100)
    return Interval(sum(ends) / 2, *ends, 0.5)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-3.5, -1.2, Verdict.EFFECT),
        (0.4, 1.1, Verdict.EFFECT),
        (-3.5, 0.1, Verdict.NO_EVIDENCE),
        (0.0, 2.0, Verdict.NO_EVIDENCE),
        (-1.01, 0.5, Verdict.NO_EVIDENCE),
        (-0.99, 0.99, Verdict.PRACTICALLY_NONE),
        (0.2, 0.8, Verdict.PRACTICALLY_NONE),
    ],
)
def test_the_verdict_follows_from_the_interval_alone(low: float, high: float, verdict: Verdict) -> None:
    assert percent(low, high).verdict is verdict


def test_an_interval_has_the_t_quantiles_and_p_value_of_scipy() -> None:
    interval = Interval.from_t(-0.02, 0.008, 11)
    assert (interval.low, interval.high) == pytest.approx(stats.t.interval(0.95, 11, -0.02, 0.008))
    assert interval.p_value == pytest.approx(2 * stats.t.sf(0.02 / 0.008, 11))


def test_percent_is_of_efficiency_not_of_its_logarithm() -> None:
    logs = Interval(math.log(0.9), math.log(0.8), math.log(1.1), 0.3)
    assert (logs.percent.estimate, logs.percent.low, logs.percent.high) == pytest.approx((-10, -20, 10))


def test_holm_p_values_are_those_of_statsmodels() -> None:
    p_values = [0.04, 0.001, 0.3, 0.012, 0.9, 0.012]
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])
    assert holm([]) == []


def test_only_secondary_estimates_pay_for_being_several() -> None:
    low = Interval.from_t(-0.03, 0.014, 1000)  # p = 0.03
    families = [Family.PRIMARY, Family.SENSITIVITY, Family.SECONDARY, Family.SECONDARY, Family.NAIVE]
    rows = [replace(estimate(low), family=family, method=str(i)) for i, family in enumerate(families)]
    rows.append(replace(estimate(None), family=Family.SECONDARY, method="none"))
    found = answer_table(ANSWER_NIGHT_SHIFT, rows).to_pylist()
    assert [row["is_primary"] for row in found] == [True] + [False] * 5
    doubled = pytest.approx(2 * low.p_value)
    assert [row["p_value_holm"] for row in found] == [None, None, doubled, doubled, None, None]
    effects = [row["verdict"] for row in found]
    assert effects == ["effect", "effect", "no_evidence", "no_evidence", "effect", "not_enough_data"]
    assert found[2]["sentence"].endswith("One such difference in 2 looked at can well be chance.")
    assert found[1]["sentence"] == "s"


@given(st.lists(st.floats(-5, 5), max_size=60), st.floats(-5, 5).filter(bool))
def test_an_interval_from_ratios_excludes_zero_exactly_if_its_p_value_is_at_most_5_percent(
    ratios: list[float], own: float
) -> None:
    interval = Interval.from_ratios(own, 1.0, np.array(ratios))
    assert interval.p_value == pytest.approx(
        (1 + sum(abs(ratio) >= abs(own) for ratio in ratios)) / (1 + len(ratios))
    )
    assert (interval.low > 0 or interval.high < 0) == (interval.p_value <= 0.05 + 1e-12)


effects = st.tuples(st.floats(-0.1, 0.1), st.floats(1e-4, 0.05))


@given(effects, effects)
def test_a_bracket_holds_both_and_excludes_zero_exactly_if_its_p_value_is_below_5_percent(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    first, second = (Interval.from_t(estimate, error, 30) for estimate, error in (one, other))
    both = first.bracket(second)
    assert both.low <= min(first.low, second.low)
    assert both.high >= max(first.high, second.high)
    assert both.low <= both.estimate <= both.high
    assert both == second.bracket(first)
    if abs(both.p_value - 0.05) > 1e-9:
        assert (both.low <= 0 <= both.high) == (both.p_value > 0.05)


def estimate(interval: Interval | None) -> Estimate:
    return Estimate(
        question="?",
        contrast="a against b",
        method="m",
        family=Family.PRIMARY,
        interval=interval,
        n=3,
        sentence="s",
    )


def test_an_estimate_without_an_interval_has_no_number_at_all() -> None:
    (row,) = answer_table(ANSWER_NIGHT_SHIFT, [estimate(None)]).to_pylist()
    assert row["verdict"] == "not_enough_data"
    assert [row[name] for name in ("effect_pct", "ci_low_pct", "ci_high_pct", "p_value")] == [None] * 4


def test_a_row_conforms_to_the_answer_table_and_keeps_an_effect_of_zero() -> None:
    table = answer_table(ANSWER_NIGHT_SHIFT, [estimate(Interval(0.0, -0.02, 0.02, 1.0))])
    assert table.schema == ANSWER_NIGHT_SHIFT.arrow_schema
    assert table["effect_pct"].to_pylist() == [0.0]
