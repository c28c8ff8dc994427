"""What the runner of these tests has at COROS, and how COROS tells of it.

Belongs here: invented nights and runs, in the words that COROS's replies were seen to have. Does not: the
server (`coros_server.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from coros_assets_tests.fit_bytes import (
    RECORD,
    SINT32,
    START_S,
    UINT8,
    UINT32,
    file_id,
    fit,
    messages,
    sessions,
)
from coros_assets_tests.fit_bytes import START as FIT_START

TODAY = datetime.now(ZoneInfo("Europe/Vienna")).date()
RUNNING = 1
OUTDOOR_RUN = 100
LINE = "=" * 24
MISSING = "Sleep detail for this day is not available yet."


@dataclass
class Night:
    """A main sleep by its date of waking; times on the watch's clock."""

    start: str = "22:50"
    end: str = "06:40"
    asleep: str = "7h 20min"
    hrv_ms: int = 61
    resting_bpm: int = 49
    begins_before: bool = True


@dataclass
class Runner:
    """Nights by date of waking, and runs by COROS's identifier."""

    nights: dict[date, Night] = field(default_factory=dict)
    runs: dict[str, datetime] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def sleep(self, first: str, last: str) -> str:
        blocks = [self._sleep(day) for day in dates(first, last)]
        head = f"Sleep Overview\n{LINE}\nNote: each record below is dated by its wake-up day.\n\n"
        return head + "\n\n".join(blocks)

    def _sleep(self, day: date) -> str:
        night = self.nights.get(day)
        if night is None:
            return f"{day}\n{MISSING}"
        begun = day - timedelta(days=night.begins_before)
        return "\n".join(
            [
                str(day),
                "Sleep Score: 81",
                f"Main Sleep (asleep): {night.asleep}",
                f"Main Sleep Window: {begun} {night.start} - {day} {night.end}",
                "Naps Total (asleep): 0 min",
            ]
        )

    def hrv(self, first: str, last: str) -> str:
        asked = dates(first, last)
        if len(asked) > 7:
            return "Tool call anomalies detected. High risk of session context pollution."
        known = [day for day in asked if day in self.nights]
        if not known:
            return f"Sleep HRV — {first}\n{LINE}\n\nNo data found in the last 7 days."
        days = "\n\n".join(f"{day}:\n  HRV Avg: {self.nights[day].hrv_ms} ms — Normal" for day in known)
        return (
            f"HRV Assessment — Last {len(asked)} days\n{LINE}\n\n{days}\n\n"
            f"Sleep HRV Time Series — Last {len(asked)} days\n{LINE}\n\n{known[0]}:\n"
            "  timestamp=1, timezone=32, hrv=999 ms, status=0, confidence=1000"
        )

    def resting(self, days: int) -> str:
        asked = [TODAY - timedelta(days=back) for back in range(days)]
        lines = [
            f"{day}: {self.nights[day].resting_bpm} bpm" if day in self.nights else f"{day}: No data"
            for day in asked
        ]
        return f"Resting Heart Rate — Last {days} days\n{LINE}\n\n" + "\n".join(lines)

    def records(self, first: str, last: str, most: int) -> str:
        begin, end = dates(first, last)[0], dates(first, last)[-1]
        found = [each for each in self.runs.items() if begin <= each[1].date() <= end][:most]
        if not found:
            return f"No sport records found from {begin} to {end}."
        lines = [f"Sport Records — {begin} to {end} ({len(found)} records)", LINE]
        for number, (label, start) in enumerate(found, start=1):
            seconds = int(start.timestamp())
            lines += [
                "",
                f"{number}. Outdoor Run — {start.date()}",
                f"   Time Window: startTimestamp={seconds} | endTimestamp={seconds + 1800}",
                "   Duration: 30:00 | Distance: 5.00 km",
                f"   LabelId: {label} | SportType: {OUTDOOR_RUN}",
            ]
        return "\n".join(lines)


def dates(first: str, last: str) -> list[date]:
    begin, end = (datetime.strptime(text, "%Y%m%d").date() for text in (first, last))  # noqa: DTZ007
    return [begin + timedelta(days=step) for step in range((end - begin).days + 1)]


def runner(days: int = 12, runs: int = 3) -> Runner:
    """A night for each of the last days, and a run every other day."""
    found = Runner()
    for back in range(days):
        found.nights[TODAY - timedelta(days=back)] = Night(hrv_ms=60 + back, resting_bpm=48 + back % 5)
    for number in range(runs):
        start = datetime.combine(TODAY - timedelta(days=1 + 2 * number), datetime.min.time(), UTC)
        add_run(found, str(480544748954747182 + number), start + timedelta(hours=17))
    return found


def add_run(to: Runner, label: str, start: datetime) -> None:
    to.runs[label] = start
    to.files[label] = fit_run(start)


def fit_run(start: datetime, seconds: int = 700) -> bytes:
    """A run north from Vienna at 3 m/s."""
    begin = START_S + int((start - FIT_START).total_seconds())
    fields = [(253, UINT32), (0, SINT32), (1, SINT32), (3, UINT8), (5, UINT32)]
    rows = [
        (
            begin + second,
            round((48.2 + second * 2.7e-5) * 2**31 / 180),
            round(16.3 * 2**31 / 180),
            140 + second % 9,
            300 * second,
        )
        for second in range(0, seconds, 2)
    ]
    return fit(file_id(), messages(RECORD, fields, *rows), sessions((begin - START_S, RUNNING, 0)))
