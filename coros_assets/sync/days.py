"""The wellness file of the sync: every day that COROS ever told of, the newest reply for each.

Belongs here: merging days, and leaving out one that no wellness table takes. Does not: asking for them
(`pull.py`), or what a report says (`wellness/coros_report.py`). Pure.

COROS answers for some days at a time, and a day is asked for again, because watches upload late; but of
wellness files only the newest counts, as a whole. So days gather in one file. What the runner's own file
has of other days is carried over into it, so that nothing is lost when the sync's file becomes the newest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coros_assets.errors import WellnessError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.wellness.episodes import sleep_table
from coros_assets.wellness.mornings import daily_table
from coros_assets.wellness.rows import Row, date_of, moment

SLEEP, HRV, RESTING = "sleep", "hrv", "resting"
COLUMNS: Final = {
    SLEEP: ("sleep_h", "sleep_start", "sleep_end", "asleep_h", "is_nap"),
    HRV: ("hrv_rmssd_ms",),
    RESTING: ("resting_heart_rate_bpm",),
}
"""The columns of `wellness/rows.py` by what COROS has a tool for."""

_ADDED: Final = ("date", "timezone")
_NAME: Final = "COROS"

Records: TypeAlias = list[dict[str, str]]
Days: TypeAlias = dict[date, Records]


class SyncedDays(BaseModel):
    """Records by kind and day of waking; those of `earlier` count where `coros` has none."""

    model_config = ConfigDict(extra="ignore")

    coros: dict[str, Days] = Field(default_factory=dict)
    earlier: dict[str, Days] = Field(default_factory=dict)

    def counting(self, kind: str) -> Days:
        """The days of a kind that count."""
        return self.earlier.get(kind, {}) | self.coros.get(kind, {})

    def file(self) -> bytes:
        """The wellness file, the same for the same days."""
        kinds = [kind for kind in COLUMNS if self.coros.get(kind)]
        left = {kind: self.earlier.get(kind, {}).keys() - self.coros.get(kind, {}).keys() for kind in COLUMNS}
        sorted_days = SyncedDays(
            coros={kind: dict(sorted(self.coros[kind].items())) for kind in kinds},
            earlier={
                kind: {day: self.earlier[kind][day] for day in sorted(days)}
                for kind, days in left.items()
                if days
            },
        )
        return (sorted_days.model_dump_json(indent=1) + "\n").encode()


def read_synced(name: str, data: bytes) -> SyncedDays:
    """The days of a file that `SyncedDays.file` made.

    Raises:
        WellnessError: it is none.
    """
    try:
        return SyncedDays.model_validate_json(data)
    except ValidationError:
        raise WellnessError(
            f"{name} is no longer as the sync wrote it: remove it, and run `coros-assets sync --since DATE` "
            "with the first day you want."
        ) from None


def by_day(name: str, rows: Iterable[Row]) -> dict[str, Days]:
    """The records of wellness rows by kind and day of waking: their own date, else that of the sleep's end.

    Raises:
        WellnessError: a row has neither.
    """
    found: dict[str, Days] = {kind: {} for kind in COLUMNS}
    for row in rows:
        day = None
        for kind, columns in COLUMNS.items():
            wanted = (*_ADDED, *columns)
            if not row.cells.keys().isdisjoint(columns):
                day = day or _day(name, row)
                cells = {column: row.cells[column] for column in wanted if column in row.cells}
                if kind != SLEEP:
                    cells["date"] = str(day)
                found[kind].setdefault(day, []).append(cells)
    return found


def merge(synced: SyncedDays, kind: str, reply: Days, home: HomeTimezone) -> tuple[int, list[str]]:
    """Takes the days of a reply into `synced`; what the reply does not tell of stays.

    Returns:
        How many days are new or changed; and a sentence for each that the wellness tables would refuse,
        beside the days around it: such a day is left as it was.
    """
    days = synced.coros.setdefault(kind, {})
    new = {day: reply[day] for day in sorted(reply) if reply[day] != days.get(day)}
    if _taken(synced, kind, new, home) is None:
        return len(new), []
    problems = [_taken(synced, kind, {day: new[day]}, home) for day in new]
    left_out = [problem for problem in problems if problem]
    return len(new) - len(left_out), left_out


def _taken(synced: SyncedDays, kind: str, new: Days, home: HomeTimezone) -> str | None:
    """Takes days if the tables take them beside the days around; else leaves all as it was and says why."""
    before = synced.coros[kind]
    synced.coros[kind] = before | new
    around = sorted({day + timedelta(days=step) for day in new for step in (-1, 0, 1)})
    days = synced.counting(kind)
    rows = [Row(f"{kind} of {day}", cells) for day in around for cells in days.get(day, ())]
    try:
        daily_table(_NAME, rows, sleep_table(_NAME, rows, home))
    except WellnessError as error:
        synced.coros[kind] = before
        return str(error)
    return None


def _day(name: str, row: Row) -> date:
    if "date" in row.cells:
        return date_of(name, row.entry, row.cells["date"])
    return moment(name, row, "sleep_end").date()
