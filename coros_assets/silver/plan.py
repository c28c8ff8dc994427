"""What each date's silver is made from, and which dates it must be made for.

Belongs here: the identity of a silver partition's inputs. Does not: making it (`build.py`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from coros_assets.bronze.catalogue import CataloguedRecording, CatalogueEntry
from coros_assets.formats.read import PARSER_VERSION
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.duplicates import Candidate, Choice, choose

SILVER_VERSION: Final = "3"

# Two files of one run can lie on different dates if they disagree about the zone; zones span 26 hours.
_FARTHEST: Final = (-2, -1, 0, 1, 2)


@dataclass(frozen=True)
class Member:
    """One recording of one file in the plan of a date: where it comes from and its place there."""

    entry: CatalogueEntry
    recording: CataloguedRecording
    choice: Choice

    @property
    def identity(self) -> str:
        """One line that changes when anything about the member does."""
        choice, entry = self.choice, self.entry
        place = f"{choice.activity_id} {choice.is_winner} {choice.reason}"
        return f"{place} {entry.sha256} {self.recording.source_index} {entry.landed_at} {entry.name!r}"


@dataclass(frozen=True)
class DatePlan:
    """The recordings that a date's silver is made from, by activity, and the identity of that set."""

    day: date
    members: tuple[Member, ...]

    @property
    def digest(self) -> str:
        """The identity of the date's bronze."""
        lines = "\n".join(member.identity for member in self.members)
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def points(self) -> int:
        """Points parsed in all its recordings."""
        return sum(member.recording.points for member in self.members)


def neighbourhood(days: Iterable[date]) -> set[date]:
    """The dates whose catalogue says what belongs to `days`, and whose plans may change with theirs."""
    return {day + timedelta(days=step) for day in days for step in _FARTHEST}


def date_plans(
    days: Collection[date], entries: Iterable[CatalogueEntry], preferred: AbstractSet[str]
) -> list[DatePlan]:
    """The plan of each of `days`, in order, from the catalogue of their neighbourhood.

    Of several names of the same bytes the first landed counts. `preferred` are the hashes of the files that
    the runner chose by hand.
    """
    candidates: dict[Candidate, tuple[CatalogueEntry, CataloguedRecording]] = {}
    for entry in _first_landed(entries):
        for found in entry.recordings:
            candidates[_candidate(entry, found, entry.sha256 in preferred)] = entry, found
    members: dict[date, list[Member]] = defaultdict(list)
    for candidate, choice in choose(candidates).items():
        members[choice.activity_date].append(Member(*candidates[candidate], choice))
    return [DatePlan(day, tuple(sorted(members[day], key=_place))) for day in sorted(days)]


def without(plan: DatePlan, lost: AbstractSet[str], preferred: AbstractSet[str]) -> DatePlan:
    """The plan as it would be without the files of these hashes."""
    kept: dict[CatalogueEntry, list[CataloguedRecording]] = defaultdict(list)
    for member in plan.members:
        if member.entry.sha256 not in lost:
            kept[member.entry].append(member.recording)
    entries = [replace(entry, recordings=tuple(found)) for entry, found in kept.items()]
    return date_plans([plan.day], entries, preferred)[0]


def silver_digest(day: date, bronze_digest: str, home_timezone: HomeTimezone) -> str:
    """The identity of what a silver partition is made from: its files, the code's version, the settings."""
    inputs = "\n".join([bronze_digest, PARSER_VERSION, SILVER_VERSION, home_timezone.around(day)])
    return hashlib.sha256(inputs.encode()).hexdigest()


def due_dates(states: Mapping[date, Mapping[str, Any]], home_timezone: HomeTimezone) -> set[date]:
    """The dates whose silver is missing or was made from something else, with or without a problem."""
    return {
        day
        for day, state in states.items()
        if state["silver_digest"] != silver_digest(day, state["bronze_digest"], home_timezone)
    }


def _first_landed(entries: Iterable[CatalogueEntry]) -> list[CatalogueEntry]:
    first: dict[tuple[date, str], CatalogueEntry] = {}
    for entry in entries:
        key = entry.activity_date, entry.sha256
        first[key] = min(first.get(key, entry), entry, key=_arrival)
    return list(first.values())


def _arrival(entry: CatalogueEntry) -> tuple[datetime, str]:
    return entry.landed_at, entry.name


def _candidate(entry: CatalogueEntry, found: CataloguedRecording, is_preferred: bool) -> Candidate:
    return Candidate(
        found.start_us,
        found.end_us,
        found.sport,
        found.source_format,
        entry.landed_at,
        entry.sha256,
        found.source_index,
        entry.activity_date,
        is_preferred,
    )


def _place(member: Member) -> tuple[str, str, int]:
    return member.choice.activity_id, member.entry.sha256, member.recording.source_index
