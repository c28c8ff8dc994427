"""Answer tables as a runner might get them, for tests of the report.

Belongs here: estimates and their sentences, written out. Does not: runs (`synthetic.py`), or how an
answer is estimated (`coros_assets/answers/`).
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from coros_assets import tables as contract
from coros_assets.contract import Table

Estimate = tuple[bool, str, tuple[float, float, float] | None, str]
"""Is it primary, its method, effect and interval in %, and its sentence."""

NIGHT_ROWS: Final[tuple[Estimate, ...]] = (
    (
        True,
        "least squares, intervals by roster cycle, allowing for hills, effort, distance and hour",
        (-2.4, -3.5, -1.3),
        "Within 36 hours of a night shift you cover 2.4 % fewer metres per heartbeat than at least 72 hours"
        " from any night (1.3 to 3.5 % fewer, 95 % interval; 96 runs against 178, 45 roster cycles)."
        " That is about 9 s per km slower at the same heart rate.",
    ),
    (
        False,
        "least squares, Newey-West intervals, allowing for hills, effort, distance and hour",
        (-2.4, -3.6, -1.2),
        "The same difference, with another interval.",
    ),
    (
        False,
        "naive: plain averages (Welch)",
        (-1.1, -2.9, 0.7),
        "Plain averages: 1.1 % fewer. This also carries what else differed: fitness over time (+0.9 %).",
    ),
)
LOAD_ROWS: Final[tuple[Estimate, ...]] = (
    (
        True,
        "least squares, Newey-West: between the association and its excess, allowing for hills",
        (-0.3, -1.4, 0.9),
        "No evidence of a difference on the day after 31 points more load (one standard deviation): the data"
        " are compatible with 1.4 % fewer to 0.9 % more metres per heartbeat (95 % interval, 350 runs).",
    ),
    (
        False,
        "least squares, Newey-West: the association as it stands, allowing for hills",
        (0.1, -0.7, 0.9),
        "As it stands.",
    ),
    (False, "naive: plain line", (0.4, -0.5, 1.3), "A plain line through these runs: 0.4 % more."),
)
FITNESS_ROWS: Final[tuple[Estimate, ...]] = (
    (
        True,
        "generalised least squares, errors of drifting form and noise, allowing for hills",
        (5.2, 3.1, 7.4),
        "Over 21 months your fitness rose by 5.2 % (3.1 to 7.4 % higher, 95 % interval, 350 runs).",
    ),
    (False, "naive: plain line", (4.1, 3.2, 5.0), "A plain line through these runs: 4.1 % higher."),
)
NOT_ENOUGH_YET: Final = (
    "Not enough data yet: still needed are 17 more runs within 36 hours of a night shift and 13 more runs"
    " at least 72 hours from any night (so far 3 of 20 and 7 of 20)."
)
COUNTS: Final = {
    "question": "How?",
    "outcome": "log efficiency factor",
    "contrast": "this against that",
    "n": 350,
    "n_exposed": 96,
    "n_control": 178,
    "clusters": 45,
}
ANSWERS: Final = {table.name: table for table in contract.ANSWER_TABLES}


def answer_rows(table: Table, *estimates: Estimate) -> pa.Table:
    """An answer table of `estimates`; one without numbers is not enough data."""
    rows = []
    for is_primary, method, numbers, sentence in estimates:
        effect, low, high = numbers or (None, None, None)
        said = {"is_primary": is_primary, "method": method, "verdict": verdict(numbers), "sentence": sentence}
        said["family"] = "primary" if is_primary else "naive" if method.startswith("naive") else "sensitivity"
        rows.append(COUNTS | said | {"effect_pct": effect, "ci_low_pct": low, "ci_high_pct": high})
    return pa.Table.from_pylist(rows, table.arrow_schema)


def verdict(numbers: tuple[float, float, float] | None) -> str:
    """The word that an answer table gives an estimate."""
    if numbers is None:
        return "not_enough_data"
    return "no_evidence" if numbers[1] <= 0 <= numbers[2] else "effect"
