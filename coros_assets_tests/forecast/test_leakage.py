"""No forecast knows what came after it: the future is shuffled, and forecasts made before stay the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.forecast import fatigue
from coros_assets.forecast.evaluation import Evaluation, rolling
from coros_assets.forecast.findings import recovery_anomalies
from coros_assets.forecast.history import History, IntArray
from coros_assets.forecast.model import METHODS, Model
from coros_assets.forecast.pairs import coming_runs, next_runs
from coros_assets.forecast.targets import coming_run, hour_race, next_run
from coros_assets.gold.metrics.training import fatigue as atl
from coros_assets.gold.metrics.training import fitness as ctl
from coros_assets.tables import WELLNESS_DAILY
from coros_assets_tests.answers.simulator import replaced
from coros_assets_tests.forecast.histories import Gold, sample_gold

GOLD = sample_gold(2, 4)
NUMBERS = (
    "log_efficiency",
    "heart_rate_reserve_pct",
    "average_heart_rate_bpm",
    "climb_m_per_km",
    "log_distance",
    "is_indoor",
)
FIRST, LAST = (GOLD.runs["activity_date"].cast(pa.int32())[at].as_py() for at in (0, -1))

Past = Callable[[Gold], Evaluation]


def history(gold: Gold) -> History:
    return History.of(gold.runs, gold.days, gold.shifts)


def fatigue_of(gold: Gold) -> Evaluation:
    loads = history(gold).loads
    kind = fatigue.kinds(loads.first + np.arange(len(loads.load) + fatigue.AHEAD_D), gold.shifts)
    return fatigue.evaluate(loads, kind)


PASTS: dict[str, Past] = {
    "next run": lambda gold: next_run(history(gold)).past,
    "coming run": lambda gold: coming_run(history(gold)).past,
    "race": lambda gold: hour_race(history(gold)).past,
    "fatigue": fatigue_of,
}


def with_another_future(gold: Gold, until: int, seed: int) -> Gold:
    """The same runs at the same times, but all that was measured after a date is shuffled and scaled."""
    random = np.random.default_rng(seed)
    later = np.flatnonzero(gold.runs["activity_date"].cast(pa.int32()).to_numpy() > until)
    columns = {}
    for name in NUMBERS:
        values = gold.runs[name].to_numpy(zero_copy_only=False).astype(float)
        values[later] = random.permutation(values[later]) * random.uniform(0.8, 1.2)
        columns[name] = values
    date = gold.days["activity_date"].cast(pa.int32()).to_numpy()
    load = gold.days["load"].to_numpy().copy()
    load[date > until] = random.permutation(load[date > until]) * 1.5
    days = replaced(gold.days, load=load, ctl=ctl(load), atl=atl(load))
    return Gold(replaced(gold.runs, **columns), days, gold.shifts)


def made_by(past: Evaluation, until: int, *, given_effort: bool = False) -> tuple[np.ndarray, ...]:
    """The forecasts made by a date, with their intervals; given a run's effort, those run by then."""
    early = (past.day if given_effort else past.made_on) <= until
    assert early.any()
    return past.day[early], past.forecast[early], past.half_width[early]


def same(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def pasts() -> dict[str, Evaluation]:
    return {name: past(GOLD) for name, past in PASTS.items()}


@pytest.mark.parametrize("days", [150, 201, 333, 415, 600])
@pytest.mark.parametrize("name", PASTS)
def test_another_future_changes_no_forecast_of_the_past(
    pasts: dict[str, Evaluation], name: str, days: int
) -> None:
    until, given_effort = FIRST + days, name == "race"
    past, changed = pasts[name], PASTS[name](with_another_future(GOLD, until, seed=days))
    assert same(*(made_by(each, until, given_effort=given_effort) for each in (past, changed)))
    assert not same(*(made_by(each, LAST) for each in (past, changed)))


def test_the_test_finds_a_forecast_that_learns_from_the_future() -> None:
    """Such as one whose regression, unlike the folds', is learnt from all runs once."""

    def leaking(gold: Gold) -> Evaluation:
        pairs = next_runs(history(gold))
        model = Model.fitted(pairs, effort_is_known=False)
        group: IntArray = np.zeros(len(pairs), int)
        return rolling(
            METHODS,
            pairs.made_on,
            pairs.day,
            group,
            pairs.log_efficiency,
            lambda learnt, made: model.forecasts(pairs.where(made)),
        )

    until = LAST - 100
    other = with_another_future(GOLD, until, 1)
    assert not same(made_by(leaking(GOLD), until), made_by(leaking(other), until))


def test_the_last_forecast_is_the_one_that_a_longer_record_remembers() -> None:
    """What is said after a record is what is judged later, but for the days since it was learnt anew."""
    until = LAST - 100
    runs, days = GOLD.runs, GOLD.days
    is_early = pa.array(runs["activity_date"].cast(pa.int32()).to_numpy() <= until)
    until = int(runs.filter(is_early)["activity_date"].cast(pa.int32())[-1].as_py())
    early_day = pa.array(days["activity_date"].cast(pa.int32()).to_numpy() <= until)
    said = coming_run(history(Gold(runs.filter(is_early), days.filter(early_day), GOLD.shifts)))
    past = PASTS["coming run"](GOLD)
    rows = past.made_on == until
    assert rows.any()
    ahead = past.day[rows] - until - 1
    remembered = past.forecast[rows, said.past.shipped]
    assert np.abs(said.to_come[ahead] - remembered).max() < 0.02


def test_pairs_ahead_start_from_the_last_run_of_a_date() -> None:
    pairs = coming_runs(history(GOLD), 14)
    assert (pairs.day > pairs.made_on).all()
    assert (np.diff(pairs.day) >= 0).all()


def test_another_future_changes_no_anomaly_of_the_past() -> None:
    until = LAST - 200
    tables = [
        recovery_anomalies(gold.runs, gold.days, gold.shifts, WELLNESS_DAILY.empty()).to_pylist()
        for gold in (with_drop(GOLD, until - 60), with_drop(with_another_future(GOLD, until, 2), until - 60))
    ]
    early = [
        [row for row in rows if row["outcome"] == "efficiency" and number(row) <= until] for rows in tables
    ]
    assert early[0] == early[1] != []


def with_drop(gold: Gold, at: int) -> Gold:
    """One run, after a date, at 70 % of its efficiency."""
    values = gold.runs["log_efficiency"].to_numpy().copy()
    values[np.searchsorted(gold.runs["activity_date"].cast(pa.int32()).to_numpy(), at)] += np.log(0.7)
    return Gold(replaced(gold.runs, log_efficiency=values), gold.days, gold.shifts)


def number(row: dict[str, object]) -> int:
    return int(np.datetime64(row["anomaly_date"], "D").astype(int))
