"""The simulated wellness file, read as anyone's."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.home_timezone import HomeTimezone
from coros_assets.sample.files import sample_wellness
from coros_assets.sample.roster import HOME_TIMEZONE
from coros_assets.sample.runner import simulate
from coros_assets.sample.wellness import LOWERED_AFTER_NIGHT, RAISED_AFTER_NIGHT_BPM
from coros_assets.wellness.before_runs import sleep_before
from coros_assets.wellness.read import Wellness, read_wellness


@pytest.fixture(scope="module")
def found() -> Wellness:
    return read_wellness("w.csv", sample_wellness(), HomeTimezone.parse(HOME_TIMEZONE))


def test_equal_arguments_give_equal_bytes_and_another_seed_others() -> None:
    assert sample_wellness(0.1, 5) == sample_wellness(0.1, 5)
    assert sample_wellness(0.1, 5) != sample_wellness(0.1, 6)


def test_after_nights_she_sleeps_less_by_day_and_her_heart_is_faster(found: Wellness) -> None:
    by_day = found.daily["main_sleep_is_day"].to_numpy()
    pulse, rmssd, hours = (
        np.asarray(found.daily[name]) for name in ("resting_heart_rate_bpm", "hrv_rmssd_ms", "sleep_h")
    )
    assert 0.1 < by_day.mean() < 0.3
    assert pulse[by_day].mean() - pulse[~by_day].mean() == pytest.approx(RAISED_AFTER_NIGHT_BPM, abs=0.4)
    drop = np.log(rmssd[~by_day]).mean() - np.log(rmssd[by_day]).mean()
    assert drop == pytest.approx(LOWERED_AFTER_NIGHT, abs=0.03)
    assert hours[by_day].mean() < hours[~by_day].mean() - 1


def test_she_never_runs_asleep_and_her_sleep_is_known_before_most_runs(found: Wellness) -> None:
    starts = pa.array([run.start for run in simulate().runs], pa.timestamp("us", "UTC"))
    begun, ended = (
        np.searchsorted(np.asarray(found.sleep[name]), np.asarray(starts), side="right")
        for name in ("start_time", "end_time")
    )
    assert (begun == ended).all()
    hours = sleep_before(pa.table({"start_time": starts}), found.sleep)["sleep_last_24h_h"]
    assert pc.sum(pc.is_valid(hours)).as_py() > 0.8 * len(starts)
