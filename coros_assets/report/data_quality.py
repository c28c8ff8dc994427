"""What the answers rest on: files taken in, runs used and left out, and why.

Belongs here: counting by reason, and the words for a reason. Does not: the rule of which run counts
(`answers/sql/01_analysis_run.sql`), or reading files (`formats/`, `bronze/`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.athlete import Athlete, AthleteHistory
from coros_assets.report import text
from coros_assets.report.datatable import Column, DataTable, data_table

SHORTEST_RUN_S: Final = 15 * 60
"""A run moving for less is left out, as in gold.analysis_run."""

_ESTIMATES: Final[Mapping[str, Callable[[Athlete], str]]] = {
    "max_heart_rate_bpm": lambda who: f"maximum heart rate {who.max_heart_rate_bpm:.0f} bpm",
    "resting_heart_rate_bpm": lambda who: f"resting heart rate {who.resting_heart_rate_bpm:.0f} bpm",
    "threshold_heart_rate_bpm": lambda who: f"threshold heart rate {who.threshold_heart_rate_bpm:.0f} bpm",
    "threshold_speed_m_per_s": lambda who: f"threshold speed {who.threshold_speed_m_per_s:.1f} m/s",
    "sex": lambda who: f"sex {who.sex}",
}

FILES_LISTED: Final = 50
"""Longest list of files on the page; gold has them all."""


@dataclass(frozen=True)
class DataQuality:
    """Counts of files, activities and runs, and the lists behind them."""

    files: int
    duplicates: int
    quarantined: int
    runs_used: int
    activities_excluded: int
    counts: tuple[DataTable, ...]
    copies: DataTable
    suspected: DataTable
    quarantine: DataTable
    estimated: tuple[str, ...]


def data_quality(tables: Mapping[str, pa.Table]) -> DataQuality:
    """What `tables` tell about files and runs; names as in `page.render_report`."""
    activities, sources = tables["fact_activity"], tables["activity_source"]
    quarantined = tables["quarantined_file"]
    used = pc.is_in(activities["activity_id"], tables["analysis_run"]["activity_id"].combine_chunks())
    excluded = activities.filter(pc.invert(used))
    copies = sources.filter(pc.invert(sources["is_winner"]))
    counts = (_excluded(excluded), _formats(sources), _flags(activities))
    return DataQuality(
        files=pc.count_distinct(sources["source_sha256"]).as_py(),
        duplicates=copies.num_rows,
        quarantined=quarantined.num_rows,
        runs_used=tables["analysis_run"].num_rows,
        activities_excluded=excluded.num_rows,
        counts=tuple(table for table in counts if table.rows),
        copies=_duplicates(copies),
        suspected=_suspected(tables["suspected_copy"]),
        quarantine=_quarantine(quarantined),
        estimated=_estimated(tables["athlete_settings"]),
    )


def _estimated(entries: pa.Table) -> tuple[str, ...]:
    """The runner's values that the athlete file leaves out, as they count at the end of the history."""
    athlete = AthleteHistory.of(entries).on(date.max)
    return tuple(words(athlete) for name, words in _ESTIMATES.items() if name in athlete.estimated)


def _excluded(activities: pa.Table) -> DataTable:
    names = ["sport", "efficiency_factor_m_per_beat", "moving_time_s"]
    reasons = Counter(_reason(row) for row in activities.select(names).to_pylist())
    return _counts("Activities left out of the answers", "Reason", "Activities", reasons)


def _reason(activity: dict[str, Any]) -> str:
    """The first rule of gold.analysis_run that the activity fails."""
    if activity["sport"] != "running":
        return f"Not a run ({activity['sport']})"
    if activity["efficiency_factor_m_per_beat"] is None:
        return "No usable heart rate or distance"
    if (activity["moving_time_s"] or 0) < SHORTEST_RUN_S:
        return "Less than 15 minutes of moving"
    return "Values that no runner has"


def _flags(activities: pa.Table) -> DataTable:
    flags = pc.list_flatten(activities["quality_flags"]).to_pylist()
    counts = Counter(flag.replace("_", " ") for flag in flags)
    return _counts("What was unusual in the recordings", "Noticed", "Activities", counts)


def _formats(sources: pa.Table) -> DataTable:
    formats = Counter(name.upper() for name in sources["source_format"].to_pylist())
    return _counts("Files by format", "Format", "Files", formats)


def _duplicates(copies: pa.Table) -> DataTable:
    columns = [
        Column("source_name", "File"),
        Column("activity_date", "Date", text.day),
        Column("choice_reason", "Why another was used"),
    ]
    newest_first = copies.sort_by([("activity_date", "descending"), ("source_name", "ascending")])
    return _latest("Further files of the same activity", newest_first, columns)


def _suspected(pairs: pa.Table) -> DataTable:
    columns = [
        Column("activity_date", "Date", text.day),
        Column("copy_activity_date", "Date of the other", text.day),
        Column("offset_h", "Hours apart", partial(text.number, decimals=2)),
    ]
    return data_table("Perhaps the same run in two time zones; both count", pairs, columns)


def _quarantine(files: pa.Table) -> DataTable:
    columns = [
        Column("name", "File"),
        Column("reason", "Why it could not be read"),
        Column("first_seen", "Since", text.day),
    ]
    newest_first = files.sort_by([("first_seen", "descending"), ("name", "ascending")])
    return _latest("Files set aside", newest_first, columns)


def _latest(caption: str, files: pa.Table, columns: Sequence[Column]) -> DataTable:
    if files.num_rows > FILES_LISTED:
        caption = f"{caption}: the latest {FILES_LISTED} of {text.number(files.num_rows)}"
    return data_table(caption, files.slice(0, FILES_LISTED), columns)


def _counts(caption: str, what: str, of: str, counts: Counter[str]) -> DataTable:
    rows = tuple((name, text.number(amount)) for name, amount in counts.most_common())
    return DataTable(caption, (what, of), (False, True), rows)
