"""Question 3's other estimates: the smoothed level, changes of direction with their dates, best efforts.

Belongs here: sensitivity and secondary rows. Does not: the answer (`fitness_trend.py`) or the methods
(`smoothing.py`, `bends.py`, `autocorrelation.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np

from coros_assets.answers import wording
from coros_assets.answers.autocorrelation import with_drifting_form
from coros_assets.answers.bends import DAYS_ASIDE, RUNS_ASIDE, Bend, find_bends
from coros_assets.answers.design import DAYS_PER_YEAR, Design, Runs
from coros_assets.answers.estimate import SIGNIFICANT, Estimate, Family
from coros_assets.answers.smoothing import smooth_level
from coros_assets.answers.weekly import DAYS_PER_WEEK, WEEKS_FOR_LEVEL, Weeks, weekly
from coros_assets.answers.wording import FITNESS, Need

QUESTION: Final = "How has running fitness changed?"
LEVEL_CONTRAST: Final = "last against first week of the smoothed level"
LEVEL: Final = "state space: smooth trend through weekly means"

BENDS: Final = "segmented regression, bootstrapped histories of drifting form and noise"
NO_PLACE: Final = (
    f"Not enough data yet: a change of direction needs {DAYS_ASIDE} days and {RUNS_ASIDE} runs on either side"
    " of it."
)
PER_YEAR: Final = "log efficiency factor, change per year"

VDOT: Final = "log VDOT, best of each eight weeks"
VDOT_CONTRAST: Final = "end against start of the record, along the straight line through the best efforts"
ENVELOPE: Final = "generalised least squares through the best efforts, errors of drifting form and noise"
ENVELOPE_D: Final = 56
ENVELOPE_STRETCHES: Final = 8
"""Length of a stretch of which the best effort counts, and the least number of them: more than a year."""


def estimate(n: int, contrast: str, method: str, sentence: str, family: Family) -> Estimate:
    """A row of question 3 without an interval."""
    return Estimate(
        question=QUESTION,
        contrast=contrast,
        method=method,
        family=family,
        interval=None,
        n=n,
        sentence=sentence,
    )


def changes(runs: Runs, plan: Design) -> Iterator[Estimate]:
    """The rows beside the primary and the plain line, one by one; `plan` is that of the primary."""
    yield _level(runs, weekly(runs))
    yield from _bends(plan)
    yield _envelope(runs)


def _level(runs: Runs, weeks: Weeks | None) -> Estimate:
    """The change of the smoothed level, which follows bends that a straight line cuts off."""
    have = len(np.unique(runs.day // DAYS_PER_WEEK))
    short = wording.not_enough_yet([Need("week", "with runs", have, WEEKS_FOR_LEVEL)])
    found = estimate(len(runs), LEVEL_CONTRAST, LEVEL, short or wording.NO_NOISE, Family.SENSITIVITY)
    if weeks is None:
        return found
    found = replace(found, n=len(weeks.runs), method=f"{LEVEL}, {weeks.words}")
    weights = np.zeros(len(weeks.counts))
    weights[[0, -1]] = -1, 1
    interval = smooth_level(weeks.means, weeks.counts).interval(weights)
    if not interval:
        return found
    sentence = f"Along the smoothed level instead of a straight line: {FITNESS.found(interval)}."
    return replace(found, interval=interval, sentence=sentence)


def _bends(plan: Design) -> Iterator[Estimate]:
    """A row for each date around which fitness changed its direction; one if there is none."""
    method = f"{BENDS}, {plan.allowing_for}"
    found = find_bends(plan.x, plan.y, plan.runs.time_d)
    for bend in found:
        yield _bend(plan.runs, method, bend)
    if not found:
        contrast = "change per year after against before some date"
        none = estimate(len(plan.runs), contrast, method, NO_PLACE, Family.SECONDARY)
        yield replace(none, outcome=PER_YEAR)


def _bend(runs: Runs, method: str, bend: Bend) -> Estimate:
    origin = runs.table["activity_date"][0].as_py() - timedelta(int(runs.day[0]))
    at, first, last = (origin + timedelta(int(day)) for day in (bend.day, bend.first, bend.last))
    change = bend.change.times(DAYS_PER_YEAR)
    said = f"{FITNESS.found(change)} per year after than before"
    likeliest, earliest, latest = (wording.day(day) for day in (at, first, last))
    if change.p_value <= SIGNIFICANT:
        sentence = (
            f"Fitness changed direction around {likeliest} (95 % range {earliest} to {latest}):"
            f" its change is {said}."
        )
    else:
        sentence = (
            f"No evidence that fitness changed direction: the likeliest date is {likeliest}, {said}, which"
            " chance alone would often bring."
        )
    contrast = f"change per year after against before {at.isoformat()}"
    found = estimate(len(runs), contrast, method, sentence, Family.SECONDARY)
    return replace(found, outcome=PER_YEAR, interval=change)


def _envelope(runs: Runs) -> Estimate:
    """The trend of the best VDOT of each eight weeks, which knows nothing of heart rates."""
    vdot = runs.number("vdot")
    raced = runs.where(np.isfinite(vdot))
    stretch = (raced.day // ENVELOPE_D).astype(np.int64)
    stretches, at = np.unique(stretch, return_inverse=True)
    words = "of eight weeks with a run of 5 km or more"
    need = Need("block", words, len(stretches), ENVELOPE_STRETCHES)
    short = wording.not_enough_yet([need])
    found = estimate(len(raced), VDOT_CONTRAST, ENVELOPE, short or wording.NO_NOISE, Family.SECONDARY)
    found = replace(found, outcome=VDOT)
    if short:
        return found
    best = np.zeros(len(stretches))
    np.maximum.at(best, at, vdot[np.isfinite(vdot)])
    days = np.asarray(ENVELOPE_D * (stretches + 0.5), dtype=np.float64)
    x = np.column_stack([np.ones_like(days), days - days.mean()])
    interval = with_drifting_form(x, np.log(best), days).interval(np.array([0.0, float(raced.span_d)]))
    if not interval:
        return found
    sentence = (
        f"Best efforts of each eight weeks, as VDOT: {FITNESS.found(interval)} at the end of the record than"
        " at its start. They tell how hard you tried as well as how fit you were."
    )
    return replace(found, interval=interval, sentence=sentence, n=len(stretches))
