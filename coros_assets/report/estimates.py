"""One question's answer as the page shows it, from its answer table.

Belongs here: the verdict's word and sign, the numbers beside the sentence, and which estimates the
interval chart compares. Does not: the sentences, which the answer tables bring (`answers/wording.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from coros_assets.report import text
from coros_assets.report.datatable import Column, DataTable, data_table

NOT_ENOUGH: Final = "not_enough_data"
NAIVE: Final = "naive"
FURTHER: Final = "secondary"
"""Families of estimates: those that allow for nothing, and those of other effects than the answer's."""

_ADJUSTMENTS: Final = re.compile(r",? allowing for [^;]*")
_CLAUSE: Final = re.compile(r"[:;] ")

_PLAIN: Final = {
    "least squares, Newey-West intervals": "with the interval from neighbouring runs",
    "level, form and noise": "with form as something that comes and goes",
    "matched runs": "only pairs of runs that are alike",
    "placebo, the roster moved around the record": "against the same roster at other times",
}
"""What the chart calls ways of estimating that a statistician's words name in the table."""

_SIGNS: Final = {
    "no_evidence": ("○", "No evidence of a difference"),
    "practically_none": ("≈", "Practically no difference"),
    NOT_ENOUGH: ("…", "Not enough data yet"),
}
_FALL: Final = ("▼", "A clear drop")
_RISE: Final = ("▲", "A clear rise")

COLUMNS: Final = (
    Column("family", "Kind"),
    Column("method", "Method"),
    Column("contrast", "Compared"),
    Column("effect_pct", "Effect", text.signed_percent),
    Column("ci_low_pct", "95 % from", text.signed_percent),
    Column("ci_high_pct", "to", text.signed_percent),
    Column("n", "Runs", text.number),
    Column("sentence", "In words"),
)


@dataclass(frozen=True)
class Verdict:
    """What the interval says, as a sign and in words; `kind` is the answer table's own word."""

    kind: str
    sign: str
    words: str


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    `facts` are pairs of a name and a value; `naive` is the sentence of the plain comparison, if there
    is one; `intervals` is what `charts.interval.intervals` draws, None without an estimate.
    """

    sentence: str
    verdict: Verdict
    facts: tuple[tuple[str, str], ...]
    naive: str
    intervals: pa.Table | None
    table: DataTable


NO_ANSWER: Final = "Not enough data yet: no runs have been loaded so far. Add activity files to begin."


def answer(rows: pa.Table, arms: tuple[str, str] = ("Exposed", "Compared")) -> Answer:
    """The answer in one of the answer tables; an empty table is an answer without data.

    `arms` are what the page calls the exposed runs and those that they are compared with.
    """
    found = rows.to_pylist()
    primary = next((row for row in found if row["is_primary"]), None)
    drawn = [row for row in found if row["effect_pct"] is not None and row["family"] != FURTHER]
    drawn.sort(key=lambda row: (not row["is_primary"], _is_naive(row)))
    return Answer(
        sentence=primary["sentence"] if primary else NO_ANSWER,
        verdict=_verdict(primary),
        facts=_facts(primary, arms) if primary else (),
        naive=next((row["sentence"] for row in found if _is_naive(row)), ""),
        intervals=_intervals(drawn, primary) if primary and drawn else None,
        table=data_table("Every estimate", rows, COLUMNS),
    )


def _is_naive(row: dict[str, Any]) -> bool:
    return bool(row["family"] == NAIVE)


def _verdict(primary: dict[str, Any] | None) -> Verdict:
    kind = primary["verdict"] if primary else NOT_ENOUGH
    if kind in _SIGNS:
        return Verdict(kind, *_SIGNS[kind])
    return Verdict(kind, *(_FALL if primary and primary["effect_pct"] < 0 else _RISE))


def _facts(primary: dict[str, Any], arms: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [
        ("Effect", text.signed_percent(primary["effect_pct"])),
        ("95 % interval", text.interval_percent(primary["ci_low_pct"], primary["ci_high_pct"])),
        (arms[0], text.number(primary["n_exposed"])),
        (arms[1], text.number(primary["n_control"])),
        ("Runs in all", text.number(primary["n"])),
        ("Roster cycles", text.number(primary["clusters"])),
    ]
    return tuple((name, value) for name, value in pairs if value != text.MISSING)


def _intervals(drawn: list[dict[str, Any]], primary: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "row": index,
                "label": _label(row, primary),
                "role": "primary" if row["is_primary"] else "naive" if _is_naive(row) else "other",
                "effect_pct": row["effect_pct"],
                "ci_low_pct": row["ci_low_pct"],
                "ci_high_pct": row["ci_high_pct"],
            }
            for index, row in enumerate(drawn)
        ]
    )


def _label(row: dict[str, Any], primary: dict[str, Any]) -> str:
    if row["is_primary"]:
        return "The answer"
    if _is_naive(row):
        return "Plain comparison, allowing for nothing"
    differs = row["contrast"] != primary["contrast"]
    words = str(row["contrast"] if differs else _CLAUSE.split(_ADJUSTMENTS.sub("", row["method"]))[-1])
    words = _PLAIN.get(words, words)
    return words[:1].upper() + words[1:]
