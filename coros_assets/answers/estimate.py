"""What one answer's row is, and when an estimate counts as an effect.

Belongs here: intervals, verdicts, and rows as the answer tables hold them. Does not: how anything is
estimated (`regression.py`, `autocorrelation.py`), or the words of an answer (`wording.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import pyarrow as pa
from scipy.special import stdtr, stdtrit

from coros_assets.contract import Table

CONFIDENCE: Final = 0.95
NEGLIGIBLE_PCT: Final = 1.0
"""An interval wholly within this much of zero is practically no difference."""

OUTCOME: Final = "log efficiency factor (grade-adjusted metres per heart beat)"


class Verdict(StrEnum):
    """What an interval says."""

    EFFECT = "effect"
    NO_EVIDENCE = "no_evidence"
    PRACTICALLY_NONE = "practically_none"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True)
class Interval:
    """An estimated change of log efficiency, its 95 % interval and the two-sided p-value of no change."""

    estimate: float
    low: float
    high: float
    p_value: float

    @classmethod
    def from_t(cls, estimate: float, standard_error: float, degrees_of_freedom: float) -> Interval:
        """The interval of an estimate whose standardised error is Student-t; `standard_error` is above 0."""
        half_width = float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2)) * standard_error
        p_value = 2 * float(stdtr(degrees_of_freedom, -abs(estimate) / standard_error))
        return cls(estimate, estimate - half_width, estimate + half_width, p_value)

    @property
    def percent(self) -> Interval:
        """The same as a change of efficiency itself, in %."""
        estimate, low, high = (100 * math.expm1(log) for log in (self.estimate, self.low, self.high))
        return Interval(estimate, low, high, self.p_value)

    def bracket(self, other: Interval) -> Interval:
        """The interval that holds both, for an estimate known only to lie between two.

        It excludes zero exactly if both do on the same side, so its p-value is the larger of the two
        (intersection-union test, Berger 1982), and 1 where they point in different directions.
        """
        agree = self.estimate * other.estimate > 0
        return Interval(
            (self.estimate + other.estimate) / 2,
            min(self.low, other.low),
            max(self.high, other.high),
            max(self.p_value, other.p_value) if agree else 1.0,
        )

    @property
    def verdict(self) -> Verdict:
        """What the interval says: too small to matter, else compatible with no change, else an effect."""
        in_percent = self.percent
        if max(abs(in_percent.low), abs(in_percent.high)) <= NEGLIGIBLE_PCT:
            return Verdict.PRACTICALLY_NONE
        return Verdict.NO_EVIDENCE if self.low <= 0 <= self.high else Verdict.EFFECT


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One row of an answer table; without an interval its verdict is not_enough_data."""

    question: str
    contrast: str
    method: str
    is_primary: bool
    interval: Interval | None
    n: int
    sentence: str
    n_exposed: int | None = None
    n_control: int | None = None
    clusters: int | None = None

    def row(self) -> dict[str, object]:
        """The columns of an answer table."""
        columns = asdict(self)
        del columns["interval"]
        effect = self.interval.percent if self.interval else None
        return columns | {
            "outcome": OUTCOME,
            "effect_pct": effect and effect.estimate,
            "ci_low_pct": effect and effect.low,
            "ci_high_pct": effect and effect.high,
            "p_value": effect and effect.p_value,
            "verdict": (self.interval.verdict if self.interval else Verdict.NOT_ENOUGH_DATA).value,
        }


def answer_table(table: Table, estimates: Sequence[Estimate]) -> pa.Table:
    """The estimates as rows of one of `ANSWER_TABLES`, in their order."""
    rows = [estimate.row() for estimate in estimates]
    return table.conform(pa.Table.from_pylist(rows, schema=table.arrow_schema))
