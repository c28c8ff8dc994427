"""Recovery after nights on simulated runs: the planted course is found, and too little is no number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers.recovery import HOUR_EDGES, RECOVERY_SCHEMA, recovery_after_nights
from coros_assets_tests.answers.simulator import (
    CYCLE_D,
    DAY_ZERO,
    NIGHT_DAYS,
    NIGHT_LENGTH_H,
    NIGHT_START_H,
    Planted,
    replaced,
    simulate,
)

WHOLE_H, GONE_H = 24, 60


def night_ends(days: int) -> np.ndarray:
    nights = [day for day in range(-CYCLE_D, days) if day % CYCLE_D in NIGHT_DAYS]
    return np.array(nights) * 24 + NIGHT_START_H + NIGHT_LENGTH_H


def shift_worker(days: int, effect: float = 0.0, seed: int = 1) -> pa.Table:
    """Runs with the columns that recovery needs; the effect is whole for 24 h and fades in a line to 60 h."""
    runs = simulate(Planted(days=days), seed)
    day = runs["activity_date"].cast(pa.int32()).to_numpy() - DAY_ZERO
    now, ends = day * 24 + runs["hour_of_day"].to_numpy(), night_ends(days)
    since = now - ends[np.searchsorted(ends, now, side="right") - 1]
    share = np.clip((GONE_H - since) / (GONE_H - WHOLE_H), 0, 1)
    return replaced(
        runs,
        hours_since_night_end=since,
        during_night_shift=np.zeros(len(now), bool),
        log_efficiency=runs["log_efficiency"].to_numpy() + np.log1p(effect) * share,
    )


def test_a_planted_effect_is_whole_at_first_and_fades() -> None:
    found = recovery_after_nights(shift_worker(3000, effect=-0.04))
    assert found.schema == RECOVERY_SCHEMA
    assert found["from_h"].to_pylist() == list(HOUR_EDGES[:-1])
    numbers = [row for row in found.to_pylist() if row["effect_pct"] is not None]
    for row in numbers:
        middle = (row["from_h"] + row["to_h"]) / 2
        planted = -4 * np.clip((GONE_H - middle) / (GONE_H - WHOLE_H), 0, 1)
        assert row["ci_low_pct"] - 0.4 < planted < row["ci_high_pct"] + 0.4
        assert row["ci_low_pct"] < row["effect_pct"] < row["ci_high_pct"]
    assert len(numbers) == 4
    assert numbers[0]["effect_pct"] < -3
    assert numbers[-1]["effect_pct"] > -1


def test_where_nothing_was_planted_the_intervals_hold_zero_as_often_as_they_say() -> None:
    inside = [
        row["ci_low_pct"] <= 0 <= row["ci_high_pct"]
        for seed in range(20)
        for row in recovery_after_nights(shift_worker(1100, seed=seed)).to_pylist()
        if row["effect_pct"] is not None
    ]
    assert len(inside) >= 50
    assert 0.88 <= np.mean(inside) < 1


def test_a_stretch_with_few_runs_is_counted_and_has_no_number() -> None:
    few = [row for row in recovery_after_nights(shift_worker(400)).to_pylist() if row["n"] < 20]
    assert few
    assert all(row["effect_pct"] is row["ci_low_pct"] is row["ci_high_pct"] is None for row in few)


@pytest.mark.parametrize("days", [30, 60, 130])
def test_a_short_record_gives_no_number(days: int) -> None:
    found = recovery_after_nights(shift_worker(days))
    assert found["effect_pct"].null_count == found.num_rows


def test_without_a_roster_or_without_runs_there_are_no_rows() -> None:
    runs = shift_worker(730)
    unknown = replaced(runs, night_arm=pa.nulls(runs.num_rows, pa.string()))
    for nothing in (unknown, runs.slice(0, 0)):
        assert recovery_after_nights(nothing) == RECOVERY_SCHEMA.empty_table()


def test_runs_after_every_night_leave_nothing_to_compare_with() -> None:
    runs = shift_worker(730)
    nights = replaced(runs, night_arm=pa.array(["night"] * runs.num_rows))
    assert recovery_after_nights(nights).num_rows == 0
