"""Where the runner was at home when: the zone of activities and rosters that do not say theirs.

Belongs here: the dated zones, as the setting spells them, and how the athlete file goes on from there: from
the first date on which it names a home, it alone counts. Does not: zones that a file names or that
follow from a position (`silver/localise.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_FARTHEST: Final = timedelta(days=2)  # zones span 26 hours, so an instant can have three local dates


@dataclass(frozen=True)
class HomeTimezone:
    """IANA zones, each with the local date from which it was home; the first one from the beginning."""

    moves: tuple[tuple[date, str], ...]

    @classmethod
    def parse(cls, text: str) -> HomeTimezone:
        """`Europe/Vienna`, or with later moves `Europe/Vienna; 2023-09-01 Asia/Tokyo`.

        Raises:
            ValueError: a zone that is unknown, or a date that is none or not later than the one before.
        """
        first, *rest = (part.split() for part in text.split(";"))
        moves = [(date.min, zone_name(" ".join(first)))]
        for words in rest:
            day = _day(words)
            if day <= moves[-1][0]:
                raise ValueError(f"{day} stands after {moves[-1][0]}; write moves in order of date")
            moves.append((day, zone_name(" ".join(words[1:]))))
        return cls(tuple(moves))

    def __str__(self) -> str:
        """As `parse` reads it."""
        (_, first), *rest = self.moves
        return "; ".join([first, *(f"{day} {zone}" for day, zone in rest)])

    def on(self, day: date) -> str:
        """The zone on a local date."""
        return next(zone for since, zone in reversed(self.moves) if since <= day)

    def at(self, instant: datetime) -> str:
        """The zone at an instant with zone: that of the last move whose date had begun there."""
        begun = (
            zone for day, zone in reversed(self.moves) if instant.astimezone(ZoneInfo(zone)).date() >= day
        )
        return next(begun, self.moves[0][1])

    def followed_by(self, moves: Iterable[tuple[date, str]]) -> HomeTimezone:
        """These zones up to the first of `moves`, which are in order of date, and then `moves` alone."""
        later = list(moves)
        if not later:
            return self
        told = [(since, zone) for since, zone in self.moves if since < later[0][0]] + later
        before = ["", *(zone for _, zone in told)]
        return HomeTimezone(tuple(move for move, zone in zip(told, before, strict=False) if move[1] != zone))

    def around(self, day: date) -> str:
        """The zones that can decide which local date an instant near `day` has; equal while they are."""
        settled = [zone for since, zone in self.moves if since <= day - _FARTHEST][-1:]
        near = [f"{since} {zone}" for since, zone in self.moves if day - _FARTHEST < since <= day + _FARTHEST]
        return "; ".join(settled + near)


def zone_name(name: str) -> str:
    """The name, if it is an IANA zone's.

    Raises:
        ValueError: it is none.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA zone name, such as Europe/Vienna") from error
    return name


def _day(words: list[str]) -> date:
    text = words[0] if words else ""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no date; write moves as 2023-09-01 Asia/Tokyo") from error
