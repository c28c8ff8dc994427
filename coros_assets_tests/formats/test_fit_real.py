from datetime import timedelta

import numpy as np

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import fit_messages
from coros_assets.formats.fit import read_fit
from coros_assets_tests.fit_bytes import SESSION

REFUSED = {"._empty.fit", "empty.fit"}


def fit_files(activity_files):
    return sorted(activity_files.rglob("*.fit"))


def session_totals(data: bytes) -> tuple[float, float]:
    """Distance in metres and timer time in seconds that the session message states."""
    first = fit_messages.chained_files(data)[0][0]
    distance, timer = (first.numbers(SESSION, number) for number in (9, 8))
    return float(distance[0]) / 100, float(timer[0]) / 1000


# Files of a maker without a name (manufacturer 'development'), last point and session; watches agree.
DISAGREEING = {
    "34b6d5b5a38b4f009319b1adc5d3b347.fit": (10187, 9839),
    "8aa522d62d314c3a8246212977ebc0c7.fit": (919, 932),
    "c48ce99b0b3a4222b0c925e5f13a833d.fit": (682, 671),
}


def test_the_last_point_of_every_file_is_as_far_as_its_session(activity_files):
    apart = {}
    compared = 0
    for path in fit_files(activity_files):
        if path.name in REFUSED:
            continue
        data = path.read_bytes()
        distance_m, _ = session_totals(data)
        [read] = read_fit(data)
        covered_m = read.points["distance_m"].drop_null()
        if np.isnan(distance_m) or not len(covered_m):
            continue
        compared += 1
        last_m = covered_m[-1].as_py()
        if abs(last_m - distance_m) > 0.005 * distance_m:
            apart[path.name] = (round(last_m), round(distance_m))
    assert apart == DISAGREEING
    assert compared == 266  # all but the four refused and one that skipped rope


def test_laps_of_the_coros_history_add_up_to_timer_time_but_for_the_last_seconds(activity_files):
    late_s = []
    for path in fit_files(activity_files / "StoneRicky+running_page"):
        data = path.read_bytes()
        [read] = read_fit(data)
        late_s.append(session_totals(data)[1] - sum(read.laps["timer_time_s"].to_pylist()))
    late = np.array(late_s)
    assert (late > -0.01).all()
    assert (late <= 1).sum() == 177
    assert late.max() < 3.1  # the seconds after the last lap are in no lap


def test_every_activity_of_every_maker_is_read(activity_files):
    refused = []
    counts = {}
    for path in fit_files(activity_files):
        try:
            for found in read_fit(path.read_bytes()):
                maker = (found.device or "unnamed").split()[0]
                counts[maker] = counts.get(maker, 0) + len(found.points)
        except UnreadableFileError:
            refused.append(path.name)
    assert set(refused) == REFUSED
    assert counts == {
        "COROS": 620_960,
        "Garmin": 186_191,
        "Suunto": 84_743,
        "unnamed": 28_633,
        "SRM": 7302,
        "Dynastream": 5220,
        "Polar": 4496,
        "Zwift": 1875,
    }  # 939,420 points, as Garmin's own decoder counts them


def test_the_date_of_a_run_is_not_always_that_of_utc(activity_files):
    moved = []
    for path in fit_files(activity_files / "StoneRicky+running_page"):
        [read] = read_fit(path.read_bytes())
        assert read.utc_offset_s == 8 * 3600
        if read.sport == "running":
            start = read.points["time"][0].as_py()
            moved.append((start + timedelta(seconds=read.utc_offset_s)).date() != start.date())
    assert (sum(moved), len(moved)) == (78, 181)  # many runs begin before eight in the morning
