"""All answers on runs that are broken in every way: never a crash, never a number without its interval."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coros_assets.answers.fitness_trend import answer_fitness_trend, fitness_level
from coros_assets.answers.next_day import answer_next_day
from coros_assets.answers.night_shift import answer_night_shift
from coros_assets_tests.answers.simulator import LAGS, LEADS, Planted, night_shifts, replaced, simulate

SHIFTS: Final = night_shifts(Planted(days=365), seed=1)


def night_shift_answer(runs: pa.Table) -> pa.Table:
    return answer_night_shift(runs, SHIFTS)


ANSWERS: Final = (night_shift_answer, answer_next_day, answer_fitness_trend)
RUNS: Final = simulate(Planted(days=365, night=-0.02), seed=1)
NUMBERS: Final = (
    "hour_of_day", "log_efficiency", "heart_rate_reserve_pct", "log_distance", "climb_m_per_km", "day_number",
    "average_pace_s_per_km", "hours_since_night_end", "aerobic_decoupling_pct", "vdot", *LAGS, *LEADS,
)  # fmt: skip
OTHER_LOADS: Final = {*LAGS[1:], *LEADS[1:]}
"""Columns that are used as the load of the day before and after is."""

ARMS: Final = ("night", "day", "between", None)
NUMERIC: Final = ("effect_pct", "ci_low_pct", "ci_high_pct", "p_value")


def hold_their_promises(runs: pa.Table) -> None:
    for answer in ANSWERS:
        rows = answer(runs).to_pylist()
        assert [row["is_primary"] for row in rows] == [True] + [False] * (len(rows) - 1)
        for row in rows:
            numbers = [row[name] for name in NUMERIC]
            if row["verdict"] == "not_enough_data":
                assert numbers == [None] * 4
            else:
                assert np.isfinite(numbers).all()
                assert numbers[1] < numbers[0] < numbers[2]
            assert row["sentence"].endswith(".")
            assert "nan" not in row["sentence"]
    level = fitness_level(runs)
    assert all(np.isfinite(level[name].to_numpy()).all() for name in level.column_names[1:])


def _nothing(values: np.ndarray) -> np.ndarray:
    return np.full(len(values), np.nan)


def _constant(values: np.ndarray) -> np.ndarray:
    return np.full(len(values), 7.0)


def _infinite(values: np.ndarray) -> np.ndarray:
    return np.where(np.arange(len(values)) % 9 == 0, np.inf, values)


def _holes(values: np.ndarray) -> np.ndarray:
    return np.where(np.arange(len(values)) % 7 == 0, np.nan, values)


def _two_values(values: np.ndarray) -> np.ndarray:
    return np.where(np.arange(len(values)) % 2 == 0, 1.0, 2.0)


HARMS: Final = (_nothing, _constant, _infinite, _holes, _two_values)


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("column", [name for name in NUMBERS if name not in OTHER_LOADS])
def test_one_broken_column_never_breaks_an_answer(
    column: str, harm: Callable[[np.ndarray], np.ndarray]
) -> None:
    hold_their_promises(replaced(RUNS, **{column: _column(column, harm)}))


def _column(name: str, harm: Callable[[np.ndarray], np.ndarray]) -> pa.Array:
    return pa.array(harm(RUNS[name].cast(pa.float64()).to_numpy().copy()), from_pandas=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    harms=st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(HARMS), max_size=6),
    copied=st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)),
    arms=st.sampled_from([ARMS, ARMS[:1], ARMS[1:2], ARMS[:2], ARMS[3:], ()]),
    rows=st.sampled_from([0, 1, 3, 41, 90, RUNS.num_rows]),
)
def test_no_mixture_of_broken_columns_breaks_an_answer(
    harms: dict[str, Callable[[np.ndarray], np.ndarray]],
    copied: tuple[str, str],
    arms: tuple[str | None, ...],
    rows: int,
) -> None:
    broken = replaced(RUNS, **{name: _column(name, harm) for name, harm in harms.items()})
    broken = replaced(broken, **{copied[0]: broken[copied[1]].cast(pa.float64())})
    if arms:
        broken = replaced(
            broken, night_arm=pa.array([arms[i % len(arms)] for i in range(broken.num_rows)], pa.string())
        )
    hold_their_promises(broken.slice(0, rows))


def _days(runs: pa.Table) -> np.ndarray:
    return np.asarray(runs["day_number"].to_numpy())


def _arms(*arms: str | None) -> pa.Table:
    return replaced(
        RUNS, night_arm=pa.array([arms[i % len(arms)] for i in range(RUNS.num_rows)], pa.string())
    )


def _one_night_shift() -> pa.Table:
    after = (_days(RUNS) >= 100) & (_days(RUNS) < 102)
    return replaced(
        RUNS, night_arm=np.where(after, "night", "day").astype(object), roster_cycle=(_days(RUNS) >= 100) + 0
    )


def _with_a_year_off() -> pa.Table:
    later = np.where(_days(RUNS) > 180, 365, 0)
    dates = RUNS["activity_date"].cast(pa.int32()).to_numpy() + later
    return replaced(
        RUNS,
        day_number=(_days(RUNS) + later).astype(np.int32),
        activity_date=pa.array(dates.astype(np.int32)).cast(pa.date32()),
    )


def _constant_load() -> pa.Table:
    return replaced(RUNS, **{name: np.full(RUNS.num_rows, 50.0) for name in (*LAGS, *LEADS)})


SITUATIONS: Final[dict[str, tuple[pa.Table, tuple[str, str, str]]]] = {
    "no roster": (_arms(None), ("roster is missing", "", "")),
    "three runs": (RUNS.slice(0, 3), ("20 more runs", "more runs", "37 more runs with heart rate")),
    "no heart rate": (RUNS.slice(0, 0), ("20 more runs", "40 more runs", "40 more runs with heart rate")),
    "one night shift": (_one_night_shift(), ("more roster cycles with a run after a night", "", "")),
    "all nights": (_arms("night"), ("20 more runs at least 72 hours from any night", "", "")),
    "a year off": (_with_a_year_off(), ("", "", "")),
    "constant load": (_constant_load(), ("", "cannot be told apart", "")),
}
"""Runs, and what each answer says is missing; nothing where it has an answer."""


@pytest.mark.parametrize("situation", SITUATIONS)
def test_in_a_hard_situation_an_answer_says_what_is_missing_and_the_others_answer(situation: str) -> None:
    runs, missing = SITUATIONS[situation]
    hold_their_promises(runs)
    for answer, words in zip(ANSWERS, missing, strict=True):
        primary = answer(runs).to_pylist()[0]
        assert (primary["verdict"] == "not_enough_data") is bool(words)
        assert words in primary["sentence"]


@pytest.mark.parametrize("efficiency", [None, np.nan, np.inf])
def test_a_table_of_unusable_runs_alone_gives_one_row_without_numbers(efficiency: float | None) -> None:
    unusable = replaced(RUNS, log_efficiency=pa.array([efficiency] * RUNS.num_rows, pa.float64()))
    for answer in ANSWERS:
        (row,) = answer(unusable).to_pylist()
        assert (row["is_primary"], row["verdict"], row["n"]) == (True, "not_enough_data", 0)
        assert [row[name] for name in NUMERIC] == [None] * 4


def test_efficiency_without_any_noise_gets_no_interval_rather_than_a_certain_one() -> None:
    exact = replaced(RUNS, log_efficiency=RUNS["climb_m_per_km"].to_numpy() / 1000)
    for answer in ANSWERS:
        (row,) = answer(exact).to_pylist()
        assert row["verdict"] == "not_enough_data"
        assert "does not vary by itself" in row["sentence"]


def test_the_order_of_the_rows_does_not_matter() -> None:
    shuffled = RUNS.take(np.random.default_rng(0).permutation(RUNS.num_rows))
    for answer in ANSWERS:
        assert answer(shuffled).equals(answer(RUNS))


def test_the_answers_do_without_slow_imports() -> None:
    """pandas, statsmodels and scipy.stats take longer to import than all three answers to compute."""
    modules = ", ".join(f.__module__ for f in (answer_night_shift, answer_next_day, answer_fitness_trend))
    slow = {"pandas", "statsmodels", "scipy.stats", "scipy.optimize"}
    code = f"import sys, {modules}; print({slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
