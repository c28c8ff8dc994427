"""What was erased, so that no copy of it comes back: marks made with a secret key, no hashes and no times.

Belongs here: marks, what they recognise, and where they lie in the lake. Does not: removing anything
(`erasure.py`), or refusing a landed file (`take.py`).

A mark is an HMAC-SHA256. Of a file its content hash is marked; of an activity each minute of it, and the
minutes around its start, so that an export in another format is recognised whatever it says of the sport.
Without the key nobody learns from the marks which file or which hour was erased. The key lies beside them,
because every machine that loads the lake must recognise the same copies.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from pydantic import TypeAdapter

from coros_assets.bronze.inspect import Inspection
from coros_assets.formats.inflate import GZIP, first_bytes
from coros_assets.formats.source import Source
from coros_assets.silver.duplicates import LARGEST_START_DIFFERENCE_US, LEAST_OVERLAP
from coros_assets.storage.lake import ObjectStore

_FOLDER: Final = "bronze/erased"
_KEY: Final = f"{_FOLDER}/key"
_KEY_BYTES: Final = 32
_MINUTE_US: Final = 60_000_000
_MINUTE_DIGITS: Final = 16  # of the hexadecimal mark: an hour takes a kilobyte, and none is met by chance
_ENDS: Final = 2  # minutes that are only touched at the two ends
_LOOKED_AT_BYTES: Final = 4 * 2**20  # of a file that cannot be read; one minute is enough
_WRITTEN_TIME: Final = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_FIT_EPOCH_S: Final = 631_065_600
_LEAST_FIT_TIMES: Final = 5  # in one minute; four bytes by chance are some time or other


@dataclass(frozen=True)
class ActivityMarks:
    """The marks of one recording: the minutes around its start, and all its minutes."""

    starts: frozenset[str]
    minutes: frozenset[str]


@dataclass(frozen=True)
class Order:
    """What an erasure that is not finished has to remove; forgotten when it is done.

    `is_removed` says that only traces are left, which a load alone cannot remove.
    """

    activity_id: str
    sha256s: tuple[str, ...]
    names: tuple[str, ...]
    dates: tuple[date, ...]
    begun: datetime
    is_removed: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What names the erased files and their activity wherever something was written about them."""
        return tuple(word for word in (self.activity_id, *self.sha256s, *self.names) if word)


@dataclass(frozen=True)
class Erasure:
    """A tombstone: the marks of files and recordings, and what is left to do; `name` is a mark, too."""

    name: str
    contents: tuple[str, ...]
    activities: tuple[ActivityMarks, ...]
    order: Order | None


@dataclass(frozen=True)
class Tombstones:
    """Everything that was erased, as far as it can be recognised."""

    key: bytes = b""
    erasures: tuple[Erasure, ...] = ()

    @property
    def to_be_removed(self) -> list[Erasure]:
        """The erasures that were interrupted before lake and gold were rid of their files."""
        return [each for each in self.erasures if each.order and not each.order.is_removed]

    @property
    def unfinished(self) -> list[Erasure]:
        """The erasures that have anything left to do."""
        return [each for each in self.erasures if each.order]

    def content_mark(self, sha256: str) -> str:
        """The mark of a file's content."""
        return _mark(self.key, "content", sha256)

    def cover(self, found: Inspection, data: Source) -> bool:
        """True for a file that was erased, that holds an erased activity, or that is a piece of one."""
        if not self.erasures:
            return False
        if self.content_mark(found.sha256) in {mark for each in self.erasures for mark in each.contents}:
            return True
        if found.reason:
            return self.cover_piece(data)
        recordings = [recording for entry in found.entries for recording in entry.recordings]
        return any(self.cover_recording(each.start_us, each.end_us) for each in recordings)

    def cover_recording(self, start_us: int, end_us: int) -> bool:
        """True if a recording of this time would be an erased activity, whatever its sport."""
        start = self._minute_mark(start_us // _MINUTE_US)
        near = [marks for each in self.erasures for marks in each.activities if start in marks.starts]
        if not near:
            return False
        own = {self._minute_mark(minute) for minute in _minutes(start_us, end_us)}
        return any(
            len(own & marks.minutes) >= max(1, LEAST_OVERLAP * (min(len(own), len(marks.minutes)) - _ENDS))
            for marks in near
        )

    def cover_piece(self, data: Source) -> bool:
        """True if bytes that no reader understands name a minute of an erased activity."""
        minutes = frozenset().union(*(marks.minutes for each in self.erasures for marks in each.activities))
        if not minutes:
            return False
        head = bytes(data[:_LOOKED_AT_BYTES])
        if head.startswith(b"\x1f\x8b"):
            head = first_bytes(memoryview(head), GZIP, _LOOKED_AT_BYTES)
        if any(self._minute_mark(minute) in minutes for minute in _written_minutes(head)):
            return True
        return any(self._has_fit_times(head, byte_order, minutes) for byte_order in ("<u4", ">u4"))

    def with_new(self, subject: str, recordings: Iterable[tuple[int, int]]) -> tuple[Tombstones, Erasure]:
        """These and one more, and that one: of an activity or file `subject`, of no files yet.

        `recordings` are the first and last instants, in microseconds, of what no file may hold again.
        """
        marks = tuple(self._marks(*recording) for recording in recordings)
        new = Erasure(_mark(self.key, "subject", subject), (), marks, None)
        return replace(self, erasures=(*self.erasures, new)), new

    def for_files(self, erasure: Erasure, order: Order) -> Erasure:
        """The same erasure with the files of an order that is yet to be carried out."""
        marks = {*erasure.contents, *map(self.content_mark, order.sha256s)}
        return replace(erasure, contents=tuple(sorted(marks)), order=order)

    def _marks(self, start_us: int, end_us: int) -> ActivityMarks:
        around = _minutes(start_us - LARGEST_START_DIFFERENCE_US, start_us + LARGEST_START_DIFFERENCE_US)
        return ActivityMarks(
            frozenset(map(self._minute_mark, around)),
            frozenset(map(self._minute_mark, _minutes(start_us, end_us))),
        )

    def _minute_mark(self, minute: int) -> str:
        return _mark(self.key, "minute", str(minute))[:_MINUTE_DIGITS]

    def _has_fit_times(self, head: bytes, byte_order: str, minutes: frozenset[str]) -> bool:
        """True if several words of four bytes are different seconds, as FIT counts, of one marked minute."""
        words = [np.frombuffer(head[at : at + (len(head) - at) // 4 * 4], byte_order) for at in range(4)]
        seconds = np.unique(np.concatenate(words)).astype(np.int64) + _FIT_EPOCH_S
        minute, count = np.unique(seconds // 60, return_counts=True)
        return any(self._minute_mark(int(full)) in minutes for full in minute[count >= _LEAST_FIT_TIMES])


NOTHING_ERASED: Final = Tombstones()
_ERASURE: Final = TypeAdapter(Erasure)


def read_tombstones(lake: ObjectStore, *, make_key: bool = False) -> Tombstones:
    """All tombstones of the lake; with `make_key` it has a key afterwards, if it had none."""
    if make_key:
        lake.put_new(_KEY, secrets.token_hex(_KEY_BYTES).encode())
    keys = sorted(found.key for found in lake.list(_FOLDER))
    if _KEY not in keys:
        return NOTHING_ERASED
    erasures = tuple(_ERASURE.validate_json(lake.get(key)) for key in keys if key != _KEY)
    return Tombstones(lake.get(_KEY), erasures)


def put_tombstone(lake: ObjectStore, erasure: Erasure) -> None:
    """Writes a tombstone, or writes it again with less to do."""
    lake.put(f"{_FOLDER}/{erasure.name}.json", _ERASURE.dump_json(erasure))


def _mark(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"{kind}:{value}".encode(), "sha256").hex()


def _minutes(start_us: int, end_us: int) -> Sequence[int]:
    return range(start_us // _MINUTE_US, end_us // _MINUTE_US + 1)


def _written_minutes(head: bytes) -> set[int]:
    """The minutes since 1970 UTC of all times written as ISO 8601 has them."""
    text = head.replace(b"\x00", b"")  # UTF-16 has zeros between the letters
    minutes = set()
    for written, zone in set(_WRITTEN_TIME.findall(text)):
        try:
            at = datetime.fromisoformat(written.decode()).replace(tzinfo=UTC)
        except ValueError:
            continue
        minutes.add(int((at - _ahead(zone.decode())).timestamp()) // 60)
    return minutes


def _ahead(zone: str) -> timedelta:
    if zone in {"", "Z"}:
        return timedelta()
    digits = zone[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -ahead if zone[0] == "-" else ahead
