"""The body clock against the package `circadian`, and what its phase may and may not depend on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.roster.circadian import advanced, drive, hours_to_minimum
from coros_assets.roster.labels import label_activities
from coros_assets.roster.light import FloatArray

from .builders import VIENNA, activities_of, pattern, roster_of, runs

NAMES = tuple(f"hours_from_circadian_minimum{end}" for end in ("", "_low", "_high"))

# Twenty days of light, the first in darkness; then the hours of darkness until the next minimum of x.
# From Forger99 of the package circadian 1.0.3 with its own parameters, in steps of 0.01 h, each step with the
# light at its middle, from x = -0.0843259, xc = -1.09607546 and no photoreceptors in use.
ORACLE: Final = [
    ("days", 351, 12.98),
    ("days", 414, 22.72),
    ("days", 480, 4.49),
    ("nights", 351, 13.20),
    ("nights", 414, 23.42),
    ("nights", 480, 5.58),
    ("eastward", 351, 11.43),
    ("eastward", 414, 15.48),
    ("eastward", 480, 20.75),
]


def programme(name: str) -> FloatArray:
    """Lux by the hour of twenty days."""
    hour = np.arange(24)
    by_day = np.where((hour >= 7) & (hour < 23), 300.0, 0.0)
    first_night = np.where(hour >= 19, 100.0, by_day)
    night = np.select([(hour >= 19) | (hour < 7), hour < 8, hour < 14], [100.0, 1000.0, 0.0], 300.0)
    eastward = np.where((hour >= 23) | (hour < 15), 1000.0, 0.0)
    later = {"days": [by_day] * 7, "nights": [first_night, *[night] * 6], "eastward": [eastward] * 7}
    return np.concatenate([np.zeros(24), *[by_day] * 12, *later[name]])


def hours_in_the_dark(lux: FloatArray, hours: int) -> float:
    hourly = drive(np.repeat(lux, 4)[np.newaxis]).T
    x, xc = np.array([[-0.0843259]]), np.array([[-1.09607546]])
    return float(hours_to_minimum(*advanced(x, xc, hourly, np.array([0]), hours))[0, 0])


@pytest.mark.parametrize(("name", "hours", "to_minimum"), ORACLE)
def test_the_minimum_is_where_the_package_circadian_has_it(name: str, hours: int, to_minimum: float) -> None:
    assert hours_in_the_dark(programme(name), hours) == pytest.approx(to_minimum, abs=0.05)


def test_without_its_light_the_package_is_not_met() -> None:
    missed = [
        abs(hours_in_the_dark(programme(name) * 0, hours) - expected) for name, hours, expected in ORACLE
    ]
    assert min(missed) > 0.2


def test_steady_light_drives_at_the_balance_of_activation_and_recovery() -> None:
    strength = 0.05 * np.sqrt(950 / 9500)
    balance = 33.75 * strength * (1 - strength / (strength + 0.0075))
    hourly = drive(np.full((1, 3 * 96), 950.0))
    assert hourly[0, 30:].tolist() == pytest.approx([balance] * 42)
    assert not drive(np.zeros((1, 96))).any()


def hours(shifts: pa.Table, activities: pa.Table) -> FloatArray:
    """Central, low and high by activity; shape (3, activities)."""
    labels = label_activities(activities, shifts)
    return np.array([labels[name].to_numpy(zero_copy_only=False) for name in NAMES], dtype=float)


def minimum_at(letters: str, day: int, hour: int = 16) -> FloatArray:
    """Local time of the minimum before a run on that day of the roster: central, low and high."""
    run = f"{date(2026, 1, 1) + timedelta(days=day)} {hour:02}:00"
    return (hour - hours(pattern("2026-01-01", letters), runs(run))[:, 0]) % 24


DAYS_THEN_NIGHTS = "D-" * 15 + "NNNN" + "-" * 14 + "D"


def test_who_works_by_day_has_the_minimum_late_in_the_night() -> None:
    central, latest, earliest = minimum_at("D-" * 15, 26)
    assert 2 < earliest < central < latest < 5


def test_hours_pass_as_the_clock_does_but_for_what_light_moves_meanwhile() -> None:
    starts = [f"2026-01-28 {hour:02}:{minute}" for hour in (9, 12, 14) for minute in ("00", "45")]
    passed = np.diff(hours(pattern("2026-01-01", "D-" * 15), runs(*starts))[0])
    assert passed[::2].tolist() == pytest.approx([0.75] * 3)
    assert passed.tolist() == pytest.approx([0.75, 2.25, 0.75, 1.25, 0.75], abs=0.3)


def test_four_nights_delay_the_minimum_and_the_days_after_bring_it_back() -> None:
    before, after, later = (minimum_at(DAYS_THEN_NIGHTS, day) for day in (29, 34, 47))
    assert 0.5 < after[0] - before[0] < 1.5  # 1:08 +- 1:31 h in nurses, Stone et al. 2018
    assert abs(later[0] - before[0]) < 0.3
    assert (
        after[1] - after[2] > 3
    )  # the band of who may have seen bright light all night, or the sun after it


def test_the_band_holds_the_central_scenario_and_is_not_wrapped() -> None:
    around_the_clock = [f"2026-02-{day:02} {hour:02}:30" for day in (2, 3, 4) for hour in range(24)]
    central, low, high = hours(pattern("2026-01-01", DAYS_THEN_NIGHTS), runs(*around_the_clock))
    assert ((low <= central) & (central <= high)).all()
    assert (central.min(), central.max()) == pytest.approx((-12, 12), abs=1)
    assert low.min() < -12 or high.max() > 12


def test_a_run_has_no_phase_until_the_roster_covers_14_dates_before_it() -> None:
    shifts = pattern("2026-01-01", "D-" * 20)
    known = ~np.isnan(hours(shifts, runs("2026-01-14 12:00", "2026-01-15 12:00", "2026-02-20 12:00")))
    assert known.tolist() == [[False, True, False]] * 3
    after_hole = pattern("2026-01-01", "D" + "-" * 30 + "D-" * 15)
    assert np.isnan(hours(after_hole, runs("2026-02-14 12:00"))).all()


def test_a_phase_depends_on_no_shift_of_more_than_28_days_ago() -> None:
    run = runs("2026-02-20 12:00")
    one, other = ("N" * 20 + "-" + "D-" * 20, "D" * 20 + "-" + "D-" * 20)
    assert (hours(pattern("2026-01-01", one), run) == hours(pattern("2026-01-01", other), run)).all()


def test_a_phase_depends_on_nothing_after_the_start() -> None:
    run = runs("2026-02-05 12:00")
    one, other = ("D-" * 17 + "D-NNNN--D", "D-" * 17 + "D-DDDD--D")
    assert (hours(pattern("2026-01-01", one), run) == hours(pattern("2026-01-01", other), run)).all()


def test_a_run_has_the_same_phase_alone_and_among_others() -> None:
    shifts = pattern("2026-01-01", "DDNNOOOO" * 12)
    starts = [f"{date(2026, 1, 25) + timedelta(days=n)} {n % 24:02}:10" for n in range(60)]
    alone = np.concatenate([hours(shifts, runs(start)) for start in starts], axis=1)
    assert np.array_equal(alone, hours(shifts, runs(*starts)))


def test_the_phase_does_not_jump_with_the_runners_watch() -> None:
    shifts = pattern("2026-01-01", "DDNNOOOO" * 6)
    start = datetime(2026, 2, 5, 12, tzinfo=UTC)
    zones = (VIENNA, "America/New_York", "Pacific/Kiritimati", "Pacific/Honolulu")
    found = hours(shifts, activities_of([(start, start + timedelta(hours=1), zone) for zone in zones]))
    assert np.ptp(found, axis=1).tolist() == [0, 0, 0]


def test_the_rosters_clock_sets_the_phase() -> None:
    def tokyo(hour_utc: int) -> pa.Table:
        zone = "Asia/Tokyo" if hour_utc < 6 else VIENNA
        return roster_of(
            [
                (
                    start := datetime(2026, 1, 1, hour_utc, tzinfo=UTC) + n * timedelta(days=2),
                    start + timedelta(hours=8),
                    zone,
                )
                for n in range(15)
            ]
        )

    run = activities_of(
        [(datetime(2026, 1, 26, 12, tzinfo=UTC), datetime(2026, 1, 26, 13, tzinfo=UTC), VIENNA)]
    )
    in_vienna, in_tokyo = hours(tokyo(7), run)[0, 0], hours(tokyo(0), run)[0, 0]
    assert (in_tokyo - in_vienna) % 24 == pytest.approx(8, abs=0.2)


def test_habits_keep_the_minimum_by_the_clock_across_a_change_of_clocks() -> None:
    shifts = pattern("2026-03-01", "D-" * 30)
    weeks = [f"{day} 12:00" for day in ("2026-03-27", "2026-04-12")]
    before, after = hours(shifts, runs(*weeks))[0]
    assert before == pytest.approx(after, abs=0.2)
