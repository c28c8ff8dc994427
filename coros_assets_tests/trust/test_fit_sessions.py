"""What a FIT file's session states against what its records and laps make, and why where they differ."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from coros_assets.formats.fit_messages import chained_files
from coros_assets.gold.metrics.heart_rate import average_heart_rate
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.movement import haversine_m
from coros_assets.silver.recordings import recordings
from coros_assets_tests.trust.real_files import TAKEN_IN_AT, Found, floats, named, of_format, seconds

# Names of files without `.fit`. 'Garsync' rewrites runs of a telephone's app as FIT.
COROS = "StoneRicky+running_page"
GARSYNC_LAPS = {
    "34b6d5b5a38b4f009319b1adc5d3b347",
    "43df83a88dd2469cb72630a597d4be0d",
    "7afbd51bd57a4b95886dbe3169f8f04b",
    "8973c2b2213e4305b0fc44234b26c927",
    "8aa522d62d314c3a8246212977ebc0c7",
    "daca5574fa704d8885330ada02cfe46a",
}
COROS_LAST_SECONDS = {
    "476669533348724938",
    "477087266974499218",
    "478026013140353326",
    "478512973042712680",
    "478640406064562276",
    "479138811784233364",
    "479247414327280317",
}


def sessions(activity_files) -> dict[str, Found]:
    """By name of the file; files with equal content have different names."""
    return {found.path.stem: found for found in of_format(activity_files, ".fit")}


# ------------------------------------------------------------------------------------------- distance


def far_steps(run: Found) -> tuple[np.ndarray, np.ndarray]:
    """Metres by which the records' distance moves from point to point, and the seconds that takes."""
    return np.diff(run.cleaned.columns["distance_m"]), np.diff(run.cleaned.time_us) / 1e6


def a_gap_is_bridged_in_a_straight_line(run: Found) -> bool:
    """84 s without a point while the app did not count: the records jump by 313 m, the session does not."""
    metres, lasting_s = far_steps(run)
    gap = int(np.argmax(lasting_s))
    assert (lasting_s[gap], round(metres[gap])) == (84, 313)
    return agrees(run.distance_m - metres[gap], run.raw.stated.distance_m)


def a_position_jumps(run: Found) -> bool:
    """One step of 19.6 m in 2 s where the speed written beside it is 2.8 m/s: the records count it."""
    metres, lasting_s = far_steps(run)
    jump = int(np.argmax(metres))
    speed = run.cleaned.columns["speed_m_per_s"][jump]
    assert (round(metres[jump], 1), lasting_s[jump], round(speed, 1)) == (19.6, 2, 2.8)
    return agrees(run.distance_m - metres[jump] + speed * lasting_s[jump], run.raw.stated.distance_m)


def records_end_before_the_session(run: Found) -> bool:
    """The session's metres are whole numbers of the app's; the records begin or end within it.

    Their end is seconds earlier, and of points with equal times the later are left out. What remains,
    below 1 %, is the app's own way to measure: the positions make neither number.
    """
    raw, stated = floats(run.raw.points["distance_m"]), run.raw.stated
    missing_s = stated.timer_time_s - (seconds(run.raw)[-1] - seconds(run.raw)[0])
    last_m_per_s = float(np.mean(np.diff(raw)[-5:]))
    assert raw[-1] > run.distance_m
    assert 0 < missing_s < 3
    return agrees(raw[-1] + missing_s * last_m_per_s, stated.distance_m, 0.01)


DISTANCE_APART: dict[str, Callable[[Found], bool]] = {
    "34b6d5b5a38b4f009319b1adc5d3b347": a_gap_is_bridged_in_a_straight_line,
    "c48ce99b0b3a4222b0c925e5f13a833d": a_position_jumps,
    "8aa522d62d314c3a8246212977ebc0c7": records_end_before_the_session,
    "c52290512180481681ccfd5a6784701a": records_end_before_the_session,
}


def agrees(value: float, stated: float, share: float = 0.005) -> bool:
    return abs(value - stated) <= share * stated


def test_the_distance_is_that_of_the_session_within_half_a_percent_or_the_cause_is_known(activity_files):
    apart, compared = set(), 0
    for name, run in sessions(activity_files).items():
        stated = run.raw.stated.distance_m
        if stated is None or run.distance_m is None:
            continue
        compared += 1
        if not agrees(run.distance_m, stated):
            apart.add(name)
            assert DISTANCE_APART[name](run), name
    assert apart == set(DISTANCE_APART)
    assert compared == 266


def test_only_who_skipped_rope_has_no_distance(activity_files):
    [without] = [name for name, run in sessions(activity_files).items() if run.raw.stated.distance_m is None]
    assert sessions(activity_files)[without].raw.sub_sport == "jump_rope"


def test_garsync_sums_its_distance_along_smoothed_positions(activity_files):
    """Neither number of these files is a measurement of the other: the app counted, the converter summed."""
    run = named(activity_files, "34b6d5b5a38b4f009319b1adc5d3b347.fit")
    steps = haversine_m(*(floats(run.raw.points[f"{axis}_deg"]) for axis in ("latitude", "longitude")))
    written = np.diff(floats(run.raw.points["distance_m"]))
    assert np.corrcoef(steps, written)[0, 1] > 0.99
    assert run.raw.device == "Garsync"


# --------------------------------------------------------------------------------------------- timer


def the_last_seconds_are_in_no_lap(run: Found) -> bool:
    """COROS closes the last lap at its kilometre; what was run after it is in the session alone."""
    late_s = run.raw.stated.timer_time_s - run.lap_timer_s
    return 1 < late_s < 3.1 and 0 < run.raw.stated.distance_m - run.lap_distance_m < 10


def laps_end_with_the_last_record(run: Found) -> bool:
    """The laps cover the records to the second; the session ends up to 3 s later."""
    return run.lap_timer_s == run.elapsed_s and 1 < run.raw.stated.timer_time_s - run.lap_timer_s <= 3


def laps_state_no_time(run: Found) -> bool:
    return len(run.raw.laps) == 15 and run.raw.laps["timer_time_s"].null_count == 15


def there_are_no_laps(run: Found) -> bool:
    return len(run.raw.laps) == 0


def laps_leave_out_a_second_or_more_each(run: Found) -> bool:
    """Each lap's timer stops one to three seconds before the next lap begins."""
    starts = run.raw.laps["start_time"].cast("int64").to_numpy() / 1e6
    left_out = np.diff(starts) - floats(run.raw.laps["timer_time_s"])[:-1]
    assert left_out.min() >= 1
    assert left_out.max() <= 3
    return run.raw.stated.timer_time_s - run.lap_timer_s == left_out.sum() - 1


def laps_are_intervals_with_the_rest_between_them_in_none(run: Found) -> bool:
    """Eleven intervals with about 3.5 minutes between them, 221 s before the first, 20 min after the last."""
    starts = run.raw.laps["start_time"].cast("int64").to_numpy() / 1e6
    timers = floats(run.raw.laps["timer_time_s"])
    between = (starts[1:] - starts[:-1] - timers[:-1]).sum()
    before, after = starts[0] - seconds(run.raw)[0], seconds(run.raw)[-1] - starts[-1] - timers[-1]
    assert before + between + after == run.elapsed_s - run.lap_timer_s
    return run.lap_distance_m < 0.5 * run.raw.stated.distance_m


def the_session_states_no_timer(run: Found) -> bool:
    return run.raw.stated.timer_time_s is None and agrees(run.elapsed_s, run.raw.stated.elapsed_time_s)


TIMER_APART: dict[str, Callable[[Found], bool]] = {
    **dict.fromkeys(COROS_LAST_SECONDS, the_last_seconds_are_in_no_lap),
    **dict.fromkeys(GARSYNC_LAPS, laps_end_with_the_last_record),
    "test_polar": laps_state_no_time,
    "irvingbennett_117755583689_Trekking_2021-05-09T09_08_23": there_are_no_laps,
    "result": laps_leave_out_a_second_or_more_each,
    "rowing-session": laps_leave_out_a_second_or_more_each,
    "noroeste": laps_are_intervals_with_the_rest_between_them_in_none,
    "virtual_ride": the_session_states_no_timer,
    "20151130_virtualride_971150603": the_session_states_no_timer,
}


def test_laps_add_up_to_the_sessions_timer_within_a_second_or_the_cause_is_known(activity_files):
    apart = set()
    for name, run in sessions(activity_files).items():
        stated = run.raw.stated.timer_time_s
        if stated is None or abs(run.lap_timer_s - stated) > 1:
            apart.add(name)
            assert TIMER_APART[name](run), name
    assert apart == set(TIMER_APART)


def test_the_coros_history_was_recorded_for_as_long_as_its_sessions_timers_ran(activity_files):
    """But for pauses: one of up to 10 s is not seen as such, and each takes up to 1.5 s at its ends."""
    runs = [run for run in of_format(activity_files / COROS, ".fit") if run.raw.device != "Garsync"]
    without_pause = 0
    for run in runs:
        late_s = run.track.recorded_time_s - run.raw.stated.timer_time_s
        pauses = run.track.interval_s[run.track.interval_s > 1]
        without_pause += not len(pauses)
        assert -1.5 * len(pauses) - 1 < late_s < 2 + pauses[pauses <= 10].sum(), run.path
    assert (len(runs), without_pause) == (178, 163)


@pytest.mark.parametrize(
    ("name", "by_laps_s", "by_session_s"),
    [("test_polar", 0, 4495), ("noroeste", 3705, 7302), ("rowing-session", 1820, 1852)],
)
def test_the_sessions_timer_is_right_where_laps_do_not_cover_it(
    activity_files, name, by_laps_s, by_session_s
):
    run = named(activity_files, f"{name}.fit")
    assert (run.lap_timer_s, run.raw.stated.timer_time_s) == (by_laps_s, by_session_s)
    assert run.track.recorded_time_s == pytest.approx(by_session_s, abs=5)
    facts = recordings(run.path.read_bytes(), TAKEN_IN_AT, HomeTimezone.parse("Europe/Vienna")).facts
    assert facts["timer_time_s"].to_pylist() == [by_session_s]


# ---------------------------------------------------------------------------------------- heart rate


def only_lengths_that_were_swum_count(run: Found) -> bool:
    """The watch averages the swum lengths (messages 101 of type 1); the rests at the wall lower ours."""
    lengths = chained_files(run.path.read_bytes())[0][0]
    since = seconds(run.raw)[:, None] - lengths.times(101, 2)
    swum = (since > 0) & (since <= lengths.numbers(101, 3) / 1000) & (lengths.numbers(101, 12) == 1)
    mean = floats(run.raw.points["heart_rate_bpm"])[swum.any(axis=1)].mean()
    return abs(mean - run.raw.stated.average_heart_rate_bpm) < 1.5


def decimals_are_cut_off(run: Found) -> bool:
    return int(np.nanmean(floats(run.raw.points["heart_rate_bpm"]))) == run.raw.stated.average_heart_rate_bpm


HEART_RATE_APART: dict[str, Callable[[Found], bool]] = {
    "spiros-01": only_lengths_that_were_swum_count,
    "spiros-02": only_lengths_that_were_swum_count,
    "daca5574fa704d8885330ada02cfe46a": decimals_are_cut_off,
}


def test_the_average_heart_rate_is_the_sessions_within_a_beat_or_the_cause_is_known(activity_files):
    apart, compared = set(), 0
    for name, run in sessions(activity_files).items():
        stated, ours = run.raw.stated.average_heart_rate_bpm, average_heart_rate(run.track)
        if not stated or ours is None:
            continue
        compared += 1
        if abs(ours - stated) > 1:
            apart.add(name)
            assert HEART_RATE_APART[name](run), name
    assert apart == set(HEART_RATE_APART)
    assert compared == 244


def test_a_strap_without_contact_gives_no_average(activity_files):
    run = named(activity_files, "flagged-hr.fit")
    assert run.raw.stated.average_heart_rate_bpm == 234  # of readings around the highest that can be written
    assert run.cleaned.counts["heart_rate_points_nulled"] == 2068
    assert average_heart_rate(run.track) is None


def test_the_highest_heart_rate_of_a_straps_own_beats_is_the_one_the_watch_states(activity_files):
    for name, highest in (("spiros-01", 146), ("spiros-02", 156)):  # the sessions' maximum heart rate
        run = named(activity_files, f"{name}.fit")
        assert np.nanmax(floats(run.raw.points["heart_rate_bpm"])) == highest


# -------------------------------------------------------------------------------------- the local date


def test_in_the_coros_history_two_runs_in_five_have_another_date_in_utc(activity_files):
    moved = []
    for run in of_format(activity_files / COROS, ".fit"):
        assert run.raw.utc_offset_s == 8 * 3600
        if run.raw.sport == "running":
            start = run.raw.points["time"][0].as_py()
            moved.append((start + timedelta(seconds=run.raw.utc_offset_s)).date() != start.date())
    assert (sum(moved), len(moved)) == (78, 181)  # many of them begin before eight in the morning
