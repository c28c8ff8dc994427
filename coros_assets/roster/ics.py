"""Rosters as iCalendar (RFC 5545): events, their recurrences and the exceptions from these.

Belongs here: which events are shifts, in which zone, and how far a recurrence without end goes.
Does not: checks that hold for every roster (`read.py`), or the grammar itself (the library's work).
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.error import GloballyUniqueTZIDGuessed
from icalendar.prop import vDDDTypes, vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.roster.codes import OFF, TWICE_IN_CODES, Codes
from coros_assets.roster.hours import Hours
from coros_assets.roster.intervals import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_SHIFTS,
    check_year,
    too_many,
)
from coros_assets.roster.rows import Row, home_zone, intervals_of, row_on
from coros_assets.roster.zones import known_zone

ENDLESS_FOR: Final = timedelta(days=731)
"""How far a recurrence without end is followed: two years past the latest date the file names."""

_FIRST = datetime.combine(date(FIRST_YEAR, 1, 1), time.min)
_LAST = datetime.combine(date(LAST_YEAR, 12, 31), time.max)
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_RULES = ("DURATION", "RRULE", "RDATE", "EXDATE")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PER_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NOWHERE = ("UTC", "Etc/UTC")
_PLACE = "X-COROS-PLACE"


class _Occurrence(NamedTuple):
    """An event on its date, or one of the dates it recurs on."""

    entry: str
    start: date
    end: date
    title: str


def read_ics(name: str, data: bytes, home: HomeTimezone, codes: Codes) -> pa.Table:
    """The intervals of an iCalendar roster.

    - Every event with hours is a shift, unless `codes` say of its title that it is none.
    - An all-day event is a shift on each of its dates, with the hours that `codes` know for its title.
    - Cancelled events are skipped.
    - Recurrences are expanded with their exceptions (EXDATE) and changed instances (RECURRENCE-ID); one
      without end is followed for two years past the latest date that the file names: a start, or the
      stamp of when an event was written or exported. No clock is read.
    - Times count in their zone (TZID; names of Windows are translated). Floating times, and the wall
      clock of times in UTC, are those of the calendar's X-WR-TIMEZONE, else of the home zone on
      the date an event starts.
    - A recurring shift keeps its wall-clock hours: 19:00-07:00 lasts 11 h when the clocks go forward.
    - A local time that the clocks skip or repeat is read as RFC 5545 (3.3.5) has it: with the offset
      before the gap, and as the first of the two.

    Args:
        name: the file's name for messages, printable.
        data: the file's bytes.
        home: the zones of floating times, and of the hours of codes.
        codes: what titles mean.

    Returns:
        A table of the schema `INTERVALS`, one row per occurrence; `entry` counts the file's events from 1.

    Raises:
        RosterError: not an iCalendar; an event whose times cannot be read, end before they start or are
            in an unknown zone; titles of all-day events that are not known, all of them named; hours of
            a code that the clocks skip or repeat; a shift repeated within a day by its rule; more than
            40,000 events or shifts.
    """
    if data.upper().count(b"BEGIN:VEVENT") > MAX_SHIFTS:
        raise too_many(name)
    calendar = _calendar(name, data)
    home = _calendar_home(name, calendar, home)
    events = calendar.events
    for number, event in enumerate(events, start=1):
        event[_PLACE] = f"event {number}"
        _check(name, event, home)
    _separate(events)
    found = list(_occurrences(name, calendar))
    codes.require(name, (each.title for each in found if not isinstance(each.start, datetime)))
    return intervals_of(name, _rows(name, found, home, codes), TWICE_IN_CODES)


def _calendar(name: str, data: bytes) -> Calendar:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
            return Calendar.from_ical(_without_zone_rules(data))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise RosterError(
            f"{name}: not one complete iCalendar, from BEGIN:VCALENDAR to END:VCALENDAR: "
            "export the roster again."
        ) from error


def _without_zone_rules(data: bytes) -> bytes:
    """The calendar without its VTIMEZONE parts: zones are known by their names.

    The library would remember a file's own rules for the next file that uses the same name.
    """
    kept, inside = [], False
    for line in data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True):
        content = line.strip().upper()
        inside = inside or content == b"BEGIN:VTIMEZONE"
        if not inside:
            kept.append(line)
        inside = inside and content != b"END:VTIMEZONE"
    return b"".join(kept)


def _calendar_home(name: str, calendar: Calendar, home: HomeTimezone) -> HomeTimezone:
    """The zones of times that name none: the one that the calendar states, else the runner's."""
    stated = str(calendar.get("X-WR-TIMEZONE", "")).strip()
    if not stated:
        return home
    zone = known_zone(WINDOWS_TO_OLSON.get(stated, stated))
    if zone is None:
        raise RosterError(
            f"{name}: its X-WR-TIMEZONE '{printable(stated)}' is no IANA zone: "
            "write one such as Europe/Vienna."
        )
    return HomeTimezone(((date.min, zone.key),))


def _check(name: str, event: Event, home: HomeTimezone) -> None:
    entry = str(event[_PLACE])
    unreadable = {key for key, _ in event.errors if key in _RULES}
    unreadable |= {key for key in _TIMES if key in event and _time(event, key) is None}
    start, end = _time(event, "DTSTART"), _end(event)
    if unreadable or start is None or end is None:
        missing = min(unreadable, default="end" if start else "DTSTART")
        raise RosterError(f"{name}: {entry} has no readable {missing}: correct it or leave the event out.")
    for key in _TIMES:
        _check_time(name, entry, event, key)
    if isinstance(start, datetime) is not isinstance(end, datetime):
        raise RosterError(f"{name}: {entry} has hours at one end only: give both ends hours.")
    check_year(name, entry, end)
    if isinstance(start, datetime) and isinstance(end, datetime):
        zone = ZoneInfo(home_zone(home, start))
        ends_before = _instant(end, zone) <= _instant(start, zone)
    else:
        ends_before = end < start
    if ends_before:
        raise RosterError(
            f"{name}: {entry} ({start:%Y-%m-%d %H:%M}) does not end after it starts: correct its times."
        )
    for rule in _rules(event):
        _check_rule(name, entry, rule)


def _check_rule(name: str, entry: str, rule: vRecur) -> None:
    often = rule.get("FREQ", [""])[0] not in _FREQUENCIES
    if often or any(len(rule.get(part, [])) > 1 for part in _PER_DAY):
        raise RosterError(f"{name}: {entry} repeats within a day: give each shift of a day its own event.")
    if rule.get("INTERVAL", [1])[0] < 1:
        raise RosterError(f"{name}: {entry} repeats with an INTERVAL below 1: correct it.")


def _check_time(name: str, entry: str, event: Event, key: str) -> None:
    at = _time(event, key)
    if at is None:
        return
    check_year(name, entry, at)
    stated = event[key].params.get("TZID")
    known = not isinstance(at, datetime) or isinstance(at.tzinfo, ZoneInfo) or not (at.tzinfo or stated)
    if not known:
        raise RosterError(
            f"{name}: {entry} is in the zone '{printable(str(stated))}', which is no IANA zone: "
            "export the roster with one such as Europe/Vienna."
        )


def _time(event: Event, key: str) -> date | None:
    """The date, or date with time, under `key`; None if there is not exactly one that can be read."""
    value = event.get(key)
    return value.dt if isinstance(value, vDDDTypes) and isinstance(value.dt, date) else None


def _end(event: Event) -> date | None:
    start, length = _time(event, "DTSTART"), event.get("DURATION")
    if "DTEND" in event:
        return _time(event, "DTEND")
    if start is None or length is None:
        return start
    if not isinstance(length, vDDDTypes) or not isinstance(length.dt, timedelta):
        return None
    try:
        return start + length.dt
    except OverflowError:
        return None


def _rules(event: Event) -> list[vRecur]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _separate(events: list[Event]) -> None:
    """Give events that share a UID by mistake their own, for the library would drop all but one.

    Of one UID, the standard allows one event and its changed instances and newer versions.
    """
    named = [(str(event.get("UID", event[_PLACE])), str(event.get("SEQUENCE", 0))) for event in events]
    first_seen = Counter(
        key for key, event in zip(named, events, strict=True) if "RECURRENCE-ID" not in event
    )
    for event, (uid, sequence) in zip(events, named, strict=True):
        alone = "RECURRENCE-ID" in event or first_seen[uid, sequence] == 1
        event["UID"] = uid if alone else f"{uid} {event[_PLACE]}"


def _occurrences(name: str, calendar: Calendar) -> Iterator[_Occurrence]:
    events = calendar.events
    endless = {event["UID"] for event in events if any(not {"UNTIL", "COUNT"} & {*r} for r in _rules(event))}
    horizon = _latest_date_named(events) + ENDLESS_FOR
    found = 0
    try:
        for series in recurring_ical_events.of(calendar).series:
            for occurrence in series.between(_FIRST, horizon if series.uid in endless else _LAST):
                found += 1
                if found > MAX_SHIFTS:
                    raise too_many(name)
                event = occurrence.as_component(keep_recurrence_attributes=False)
                if str(event.get("STATUS", "")).upper() != "CANCELLED":
                    yield _Occurrence(str(event[_PLACE]), occurrence.start, occurrence.end, _title(event))
    except (ValueError, TypeError, ArithmeticError) as error:
        raise RosterError(
            f"{name}: its recurrences cannot be expanded ({printable(str(error))}): "
            "export the roster without them."
        ) from error


def _latest_date_named(events: list[Event]) -> datetime:
    keys = ("DTSTART", "RECURRENCE-ID", "DTSTAMP", "LAST-MODIFIED")
    named = (at for event in events for key in keys if (at := _time(event, key)))
    latest = max((date(at.year, at.month, at.day) for at in named), default=_FIRST.date())
    return datetime.combine(min(latest, _LAST.date() - ENDLESS_FOR), time.min)


def _title(event: Event) -> str:
    titles = event.get("SUMMARY", "")
    return printable(str(titles[0] if isinstance(titles, list) else titles)).strip()


def _rows(name: str, found: list[_Occurrence], home: HomeTimezone, codes: Codes) -> list[Row]:
    meanings = {title: codes.meaning(title) for title in {each.title for each in found}}
    rows: list[Row] = []
    for each in found:
        meaning = meanings[each.title]
        if isinstance(each.start, datetime) and isinstance(each.end, datetime):
            rows += [] if meaning == OFF else [_timed(each, each.start, each.end, home)]
        elif isinstance(meaning, Hours):
            rows += [
                row_on(day, meaning, each.entry, home.on(day), each.title or None)
                for day in _days(each.start, each.end)
            ]
        if len(rows) > MAX_SHIFTS:
            raise too_many(name)
    return rows


def _days(start: date, end: date) -> list[date]:
    """The dates of an all-day event, whose end is the date after the last; at least one."""
    return [start + timedelta(days=number) for number in range(max((end - start).days, 1))]


def _timed(each: _Occurrence, start: datetime, end: datetime, home: HomeTimezone) -> Row:
    zone = ZoneInfo(home_zone(home, start))
    own = start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else "UTC"
    shown = zone.key if own in _NOWHERE else own
    return Row(each.entry, _instant(start, zone), _instant(end, zone), shown, each.title or None, None)


def _instant(at: datetime, zone: ZoneInfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
