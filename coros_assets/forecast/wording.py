"""Forecasts and their track record in plain words.

Belongs here: how they are said. Does not: the numbers (`targets.py`, `fatigue.py`, `evaluation.py`), or what
was not as expected (`findings.py`).
"""

from __future__ import annotations

import math
from typing import Final

from coros_assets.answers.wording import count
from coros_assets.forecast.conformal import NOMINAL
from coros_assets.forecast.evaluation import Evaluation, Skill
from coros_assets.forecast.fatigue import BY_SHIFT
from coros_assets.forecast.model import BANISTER, LAST, RIDGE, ROLLING_5, ROLLING_15

AFTER_NIGHTS: Final = "After your next block of nights, on"
FOUR_OF_FIVE: Final = "four of five should fall in this range"
NO_ROSTER: Final = " The roster does not reach this day: shifts after its end are not allowed for."
NIGHTS_NOT_IN_IT: Final = " What nights change is not in this number: a simple way did no worse."

OF_RUNS: Final = {
    LAST: "the last run's value",
    ROLLING_5: "the mean of the last 5 runs",
    ROLLING_15: "the mean of the last 15 runs",
    BANISTER: "fitness and fatigue alone (Banister)",
    RIDGE: "your last runs, roster, load and hour",
}
OF_LOAD: Final = {
    LAST: "fatigue staying as it is",
    ROLLING_5: "the load of the last 5 days going on",
    ROLLING_15: "the load of the last 15 days going on",
    BANISTER: "load going on at the level of fitness (Banister)",
    BY_SHIFT: "your usual load on each kind of shift",
}
"""What methods forecast from."""

NO_LOAD: Final = (
    "Not enough data yet: in the last months no training load was recorded; it needs heart rate, or speed."
)

SECONDS_PER_MINUTE: Final = 60
SMALLEST_CHANGE_PCT: Final = 0.05


def change(percent: float) -> str:
    """`-2.4` as `2.4 % below`."""
    if abs(percent) < SMALLEST_CHANGE_PCT:
        return "the same as"
    return f"{abs(percent):.1f} % {'below' if percent < 0 else 'above'}"


def pace(seconds_per_km: float) -> str:
    """`275.4` as `4:35`."""
    minutes, seconds = divmod(round(seconds_per_km), SECONDS_PER_MINUTE)
    return f"{minutes}:{seconds:02d}"


def track_record(past: Evaluation, what: str) -> str:
    """Which method speaks and why, and how often its intervals held what came.

    Args:
        past: with at least one forecast.
        what: was forecast, such as `earlier run`.
    """
    names = OF_LOAD if BY_SHIFT in past.methods else OF_RUNS
    model, baseline = names[past.methods[-1]], names[past.methods[past.best_baseline]]
    said = (
        f"Tried on {count(len(past), what)} of the past, a forecast from {model} was {_closer(past.skill)}"
        f" than {baseline}"
    )
    if not past.skill.is_beyond_chance:
        said += ": not closer beyond chance, so the simple way stands here"
    covered = past.coverage(past.shipped)
    if math.isfinite(covered):
        said += f". Ranges held {100 * covered:.0f} % of what came; {100 * NOMINAL:.0f} % is the aim"
    return f"{said}."


def _closer(skill: Skill) -> str:
    """`10 % closer (6 % closer to 14 % closer, 95 % interval)`, or farther off."""
    share, low, high = (
        f"{abs(100 * each):.0f} % {'closer' if each > 0 else 'farther off'}"
        for each in (skill.share, skill.low, skill.high)
    )
    return f"{share} ({low} to {high}, 95 % interval)"
