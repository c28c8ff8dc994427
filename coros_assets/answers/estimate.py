"""What one answer's row is, and when an estimate counts as an effect.

Belongs here: intervals, verdicts, what many looks cost, and rows as the answer tables hold them. Does not:
how anything is estimated (`regression.py`, `autocorrelation.py`), or the words of an answer (`wording.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from coros_assets.contract import Table

CONFIDENCE: Final = 0.95
NEGLIGIBLE_PCT: Final = 1.0
"""An interval wholly within this much of zero is practically no difference."""

SIGNIFICANT: Final = 1 - CONFIDENCE
OUTCOME: Final = "log efficiency factor (grade-adjusted metres per heart beat)"


class Verdict(StrEnum):
    """What an interval says."""

    EFFECT = "effect"
    NO_EVIDENCE = "no_evidence"
    PRACTICALLY_NONE = "practically_none"
    NOT_ENOUGH_DATA = "not_enough_data"


class Family(StrEnum):
    """What an estimate is for. Only the secondary ones are further effects, and pay for being several."""

    PRIMARY = "primary"
    SENSITIVITY = "sensitivity"
    SECONDARY = "secondary"
    NAIVE = "naive"


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

    @classmethod
    def from_ratios(cls, estimate: float, standard_error: float, ratios: NDArray[np.float64]) -> Interval:
        """The interval of an estimate whose ratio to its standard error is judged by ratios without effect.

        Theirs and its own are equally likely to be the largest in size if there is no effect. It excludes
        zero exactly if the p-value is at most 5 %.
        """
        own = abs(estimate) / standard_error
        sizes = np.sort(np.append(np.abs(ratios), own))
        half_width = float(sizes[math.ceil(CONFIDENCE * len(sizes)) - 1]) * standard_error
        return cls(estimate, estimate - half_width, estimate + half_width, float((sizes >= own).mean()))

    @property
    def percent(self) -> Interval:
        """The same as a change of efficiency itself, in %."""
        estimate, low, high = (100 * math.expm1(log) for log in (self.estimate, self.low, self.high))
        return Interval(estimate, low, high, self.p_value)

    def times(self, amount: float) -> Interval:
        """That of the change times an amount above 0, such as a year's for a day's."""
        return Interval(amount * self.estimate, amount * self.low, amount * self.high, self.p_value)

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
    """One row of an answer table; without an interval its verdict is not_enough_data.

    `p_value_holm` is left empty until the row is one of a table (`answer_table`).
    """

    question: str
    contrast: str
    method: str
    family: Family
    interval: Interval | None
    n: int
    sentence: str
    outcome: str = OUTCOME
    n_exposed: int | None = None
    n_control: int | None = None
    clusters: int | None = None
    p_value_holm: float | None = None

    @property
    def verdict(self) -> Verdict:
        """That of the interval, but a secondary estimate is an effect only if its Holm p-value says so."""
        if self.interval is None:
            return Verdict.NOT_ENOUGH_DATA
        is_chance = self.p_value_holm is not None and self.p_value_holm > SIGNIFICANT
        if self.interval.verdict is Verdict.EFFECT and is_chance:
            return Verdict.NO_EVIDENCE
        return self.interval.verdict

    def row(self) -> dict[str, object]:
        """The columns of an answer table."""
        columns = asdict(self)
        del columns["interval"]
        effect = self.interval.percent if self.interval else None
        return columns | {
            "family": self.family.value,
            "is_primary": self.family is Family.PRIMARY,
            "effect_pct": effect and effect.estimate,
            "ci_low_pct": effect and effect.low,
            "ci_high_pct": effect and effect.high,
            "p_value": effect and effect.p_value,
            "verdict": self.verdict.value,
        }


def answer_table(table: Table, estimates: Iterable[Estimate]) -> pa.Table:
    """The estimates as rows of one of `ANSWER_TABLES`, in their order, secondary ones adjusted by Holm."""
    rows = [estimate.row() for estimate in _adjusted(list(estimates))]
    return table.conform(pa.Table.from_pylist(rows, schema=table.arrow_schema))


def _adjusted(estimates: Sequence[Estimate]) -> list[Estimate]:
    """The estimates with Holm p-values for the secondary ones that have any."""
    found = [e.interval.p_value for e in estimates if e.family is Family.SECONDARY and e.interval]
    adjusted = iter(holm(found))
    return [
        _judged(e, next(adjusted), len(found)) if e.family is Family.SECONDARY and e.interval else e
        for e in estimates
    ]


def _judged(estimate: Estimate, p_value_holm: float, looks: int) -> Estimate:
    """The estimate with its Holm p-value; says so where that takes an effect away."""
    judged = replace(estimate, p_value_holm=p_value_holm)
    if not estimate.interval or judged.verdict is estimate.interval.verdict:
        return judged
    return replace(
        judged, sentence=f"{estimate.sentence} One such difference in {looks} looked at can well be chance."
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for how many they are (Holm 1979), in their order."""
    adjusted, highest = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted
