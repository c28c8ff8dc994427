"""Which steps are pauses, against the moments at which FIT files say that their timer stopped and started."""

from dataclasses import replace

import numpy as np

from coros_assets.formats.archives import unpacked
from coros_assets.formats.fit_messages import chained_files
from coros_assets_tests.trust.real_files import Found, of_format

EVENT = 21  # FIT message "event"; fields 0 event (0: timer) and 1 event type (0: start, 1 4 8 9: stop)
STOPS = (1, 4, 8, 9)


def stopped_s(run: Found) -> np.ndarray | None:
    """Seconds of each step for which the timer stood still; None where the file has no timer events."""
    [file] = unpacked(run.path.name, run.path.read_bytes())
    messages = chained_files(file.data)[0][0]
    at = messages.times(EVENT)
    is_timer = (messages.numbers(EVENT, 0) == 0) & np.isfinite(at) if at.size else np.array([])
    if not is_timer.any():
        return None
    time_s = run.cleaned.time_us / 1e6
    stopped, since = np.zeros(len(time_s) - 1), None
    events = sorted(zip(at[is_timer], messages.numbers(EVENT, 1)[is_timer], strict=True), key=lambda e: e[0])
    for moment, kind in events:
        if kind in STOPS and since is None:
            since = moment
        elif kind == 0 and since is not None:
            stopped += np.clip(np.minimum(time_s[1:], moment) - np.maximum(time_s[:-1], since), 0, None)
            since = None
    return stopped


def test_recorded_time_is_when_the_timer_ran(activity_files):
    """What remains wrong are pauses of up to 10 s and the seconds that a pause lasts at either end."""
    wrong_s, wrong_without_timer_s, ran_s, files = 0.0, 0.0, 0.0, 0
    for run in of_format(activity_files, ".fit"):
        stopped = stopped_s(run)
        if stopped is None or not stopped.size:
            continue
        ran = run.track.interval_s - stopped
        without_timer = replace(run.track, timer_time_s=None)
        wrong_s += np.abs(run.track.recorded_s - ran).sum()
        wrong_without_timer_s += np.abs(without_timer.recorded_s - ran).sum()
        ran_s += ran.sum()
        files += 1
    assert files > 240
    assert wrong_s < 0.0006 * ran_s
    assert wrong_without_timer_s > 0.012 * ran_s


def test_hardly_any_file_loses_recorded_time_against_its_timer(activity_files):
    """More than 1 % in fewer than ten of some 370 files; without looking at the timer in more than fifty."""
    lost, lost_without_timer = [], []
    for run in of_format(activity_files, ".fit", ".tcx", ".gpx", ".gz"):
        track = run.track
        if track.timer_time_s is None or not track.interval_s.size:
            continue
        ran_s = min(track.timer_time_s, run.elapsed_s)
        without_timer = replace(track, timer_time_s=None)
        if track.recorded_time_s < 0.99 * ran_s:
            lost.append(run.path.name)
        if without_timer.recorded_time_s < 0.99 * ran_s:
            lost_without_timer.append(run.path.name)
    assert len(lost) < 10
    assert len(lost_without_timer) > 50
