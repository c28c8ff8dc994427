from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from coros_assets.errors import CorosError
from coros_assets.sample.habits import Kind
from coros_assets.sample.roster import NIGHT, WorkShift
from coros_assets.sample.runner import DEFAULT_END, PLANTED, Planted, Run, Simulation, simulate

SEEDS = range(40)


@pytest.fixture(scope="module")
def two_years() -> Simulation:
    return simulate()


def overlapping(runs: tuple[Run, ...], shifts: tuple[WorkShift, ...]) -> list[Run]:
    starts = np.array([shift.start.timestamp() for shift in shifts])
    ends = np.array([shift.end.timestamp() for shift in shifts])
    return [run for run in runs if np.any((starts < run.end.timestamp()) & (ends > run.start.timestamp()))]


def test_equal_arguments_give_equal_runs() -> None:
    assert simulate(1, 3).runs == simulate(1, 3).runs


def test_another_seed_gives_other_runs() -> None:
    assert simulate(1, 3).runs != simulate(1, 4).runs


def test_two_years_are_the_calendar_years_2024_and_2025(two_years: Simulation) -> None:
    dates = [run.plan.date for run in two_years.runs]
    assert date(2024, 1, 1) <= dates[0]
    assert dates[-1] <= DEFAULT_END == date(2025, 12, 31)
    assert {
        run.plan.day + date(2024, 1, 1).toordinal() - run.plan.date.toordinal() for run in two_years.runs
    } == {0}


def test_the_runner_runs_about_every_other_day(two_years: Simulation) -> None:
    assert len(two_years.runs) == 350
    assert len({run.plan.date for run in two_years.runs}) == 350
    assert 40 <= np.mean([run.plan.timer_time_s for run in two_years.runs]) / 60 <= 46


def test_runs_are_of_every_kind_and_a_few_indoors(two_years: Simulation) -> None:
    kinds = Counter(run.plan.kind for run in two_years.runs)
    assert kinds[Kind.EASY] > kinds[Kind.TEMPO] > kinds[Kind.RACE] >= 4
    assert kinds[Kind.LONG] > 20
    indoors = [np.mean([run.plan.place is None for run in simulate(2, seed).runs]) for seed in SEEDS]
    assert np.mean(indoors) == pytest.approx(0.06, abs=0.01)


def test_both_arms_of_the_primary_contrast_are_large_enough(two_years: Simulation) -> None:
    hours = np.array([run.hours_since_night_end for run in two_years.runs], dtype=float)
    assert (hours <= 36).sum() >= 60
    assert (hours >= 72).sum() >= 120


@pytest.mark.parametrize(("years", "seed", "runs_per_year"), [(2, 0, 175), (2, 7, 175), (10, 1, 250)])
def test_no_run_overlaps_a_shift(years: float, seed: int, runs_per_year: float) -> None:
    history = simulate(years, seed, runs_per_year=runs_per_year)
    assert overlapping(history.runs, history.shifts) == []


def test_a_run_during_a_shift_would_be_found(two_years: Simulation) -> None:
    at_work = replace(two_years.runs[0], start=two_years.shifts[40].start + timedelta(hours=2))
    assert overlapping((at_work,), two_years.shifts) == [at_work]


def test_nobody_runs_while_ill(two_years: Simulation) -> None:
    assert two_years.roster.illness is not None
    first, last = two_years.roster.illness
    assert (last - first).days == 13
    assert not [run for run in two_years.runs if first <= run.plan.date <= last]


def test_the_local_date_follows_from_the_utc_start_over_all_clock_changes() -> None:
    for run in simulate(10, 2, runs_per_year=250).runs:
        start = run.start.astimezone(UTC)
        assert start.astimezone(ZoneInfo(run.plan.timezone)).date() == run.plan.date


@pytest.mark.parametrize(("day", "utc_hours"), [(date(2024, 3, 30), 1), (date(2024, 4, 2), 2)])
def test_the_offset_of_vienna_is_that_of_the_season(day: date, utc_hours: int) -> None:
    runs = [run for seed in range(20) for run in simulate(2, seed).runs if run.plan.date == day]
    assert runs
    assert {run.start.utcoffset() for run in runs} == {timedelta(hours=utc_hours)}


def test_morning_runs_abroad_start_on_the_day_before_in_utc(two_years: Simulation) -> None:
    abroad = [run for run in two_years.runs if run.plan.timezone == "Asia/Tokyo"]
    assert len(abroad) >= 3
    assert any(run.start.astimezone(UTC).date() < run.plan.date for run in abroad)


def test_hours_since_a_night_count_from_the_last_end_before_the_start(two_years: Simulation) -> None:
    ends = [shift.end.astimezone(UTC) for shift in two_years.shifts if shift.code == NIGHT]
    for run in two_years.runs[::10]:
        start = run.start.astimezone(UTC)
        last = max(end for end in ends if end <= start)
        assert run.hours_since_night_end == pytest.approx((start - last).total_seconds() / 3600)


def test_the_load_before_is_the_standardised_training_impulse_of_the_day_before(
    two_years: Simulation,
) -> None:
    reserve = {run.plan.day: (run.heart_rate_bpm - 50) / (188 - 50) for run in two_years.runs}
    load = np.zeros(731)
    for run in two_years.runs:
        x = reserve[run.plan.day]
        load[run.plan.day] = run.plan.timer_time_s / 60 * x * 0.86 * np.exp(1.67 * x)
    expected = ((load - load.mean()) / load.std())[[run.plan.day - 1 for run in two_years.runs[1:]]]
    np.testing.assert_allclose([run.load_before_sd for run in two_years.runs[1:]], expected)


@pytest.mark.parametrize("years", [0, -1, 21, float("nan")])
def test_a_history_that_cannot_be_is_refused(years: float) -> None:
    with pytest.raises(CorosError, match="years cannot be simulated"):
        simulate(years)


def test_more_runs_than_days_are_refused() -> None:
    with pytest.raises(CorosError, match="do not fit"):
        simulate(1, runs_per_year=366)


@pytest.mark.parametrize("years", [0.003, 0.1, 0.5, 20])
def test_short_and_long_histories_can_be_simulated(years: float) -> None:
    assert len(simulate(years).runs) == round(175 * years)


# ------------------------------------------------------------------ the planted effects are in the runs


def design(history: Simulation) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log efficiency, hours since a night and the columns: night, load, days, reserve, season, one."""
    runs = history.runs
    hours = np.array([run.hours_since_night_end for run in runs], dtype=float)
    day = np.array([run.plan.day for run in runs])
    date_1 = runs[0].plan.date - timedelta(days=runs[0].plan.day)
    year_day = (day + (date_1 - datetime(date_1.year, 1, 1, tzinfo=UTC).date()).days) * 2 * np.pi / 365.25
    columns = [
        hours <= 36,
        [run.load_before_sd for run in runs],
        day / 365.25,
        [run.plan.heart_rate_reserve - 0.7 for run in runs],
        np.cos(year_day),
        np.sin(year_day),
        np.ones(len(runs)),
    ]
    log_efficiency = np.log([run.efficiency_m_per_beat for run in runs])
    return log_efficiency, hours, np.column_stack(columns).astype(float)


def estimates(planted: Planted) -> np.ndarray:
    """Mean over the seeds of the regression on the runs of the primary contrast, in log points x 100."""
    found = []
    for seed in SEEDS:
        outcome, hours, columns = design(simulate(2, seed, planted=planted))
        used = (hours <= 36) | (hours >= 72)
        found.append(np.linalg.lstsq(columns[used], outcome[used], rcond=None)[0] * 100)
    return np.mean(found, axis=0)


def test_a_regression_recovers_each_planted_effect() -> None:
    night, load, years, reserve, best, _, level = estimates(PLANTED)
    assert night == pytest.approx(100 * np.log(0.97), abs=0.2)
    assert load == pytest.approx(-0.8, abs=0.1)
    assert years == pytest.approx(100 * np.log(1.04), abs=0.2)
    assert reserve == pytest.approx(35, abs=3)
    assert best == pytest.approx(1.0 * np.cos(2 * np.pi * 14 / 365.25), abs=0.15)
    assert level == pytest.approx(100 * (np.log(1.22) - np.log(1.04)), abs=0.3)


def test_without_planted_effects_the_regression_finds_none() -> None:
    nothing = replace(
        PLANTED, night_effect_pct=0.0, fitness_change_pct_per_year=0.0, next_day_effect_pct_per_sd=0.0
    )
    assert estimates(nothing)[:3] == pytest.approx([0, 0, 0], abs=0.2)


def test_the_naive_difference_overstates_the_night_effect() -> None:
    """She runs easier after nights, which alone lowers metres per beat."""
    naive = []
    for seed in SEEDS:
        outcome, hours, _ = design(simulate(2, seed))
        naive.append(outcome[hours <= 36].mean() - outcome[hours >= 72].mean())
    assert 100 * np.mean(naive) < 100 * np.log(0.97) - 0.4


@pytest.mark.parametrize(("low_h", "high_h", "share"), [(40, 56, 0.5), (60, 1000, 0.0)])
def test_the_night_effect_fades_between_36_and_60_hours(low_h: float, high_h: float, share: float) -> None:
    """With and without the effect everything else of a history is equal, so the ratio is the effect."""
    without = replace(PLANTED, night_effect_pct=0.0)
    log_ratios, shares = [], []
    for seed in SEEDS:
        pairs = zip(simulate(2, seed).runs, simulate(2, seed, planted=without).runs, strict=True)
        for run, plain in pairs:
            if run.hours_since_night_end is not None and low_h <= run.hours_since_night_end <= high_h:
                log_ratios.append(np.log(run.efficiency_m_per_beat / plain.efficiency_m_per_beat))
                shares.append(max(0.0, (60 - run.hours_since_night_end) / 24))
    np.testing.assert_allclose(log_ratios, np.log(0.97) * np.array(shares), atol=1e-12)
    assert np.mean(shares) == pytest.approx(share, abs=0.2)


def test_what_is_left_has_the_planted_spread_and_memory() -> None:
    residuals, products = [], []
    for seed in SEEDS:
        history = simulate(2, seed)
        outcome, hours, columns = design(history)
        columns[:, 0] = np.clip((60 - hours) / 24, 0, 1)
        left = outcome - columns @ np.linalg.lstsq(columns, outcome, rcond=None)[0]
        day = np.array([run.plan.day for run in history.runs])
        next_day = np.flatnonzero(np.diff(day) == 1)
        residuals.extend(left)
        products.extend(left[next_day] * left[next_day + 1])
    assert np.std(residuals) == pytest.approx(np.hypot(0.015, 0.02), rel=0.05)
    assert np.mean(products) == pytest.approx(0.7 * 0.015**2, rel=0.25)
