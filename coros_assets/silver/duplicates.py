"""Which recordings are of one activity, and which of them is used.

Belongs here: clusters and the choice of a winner, independent of the order of arrival. Does not:
identical files (bronze is content-addressed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LARGEST_START_DIFFERENCE_US: Final = 120 * 1_000_000
LEAST_OVERLAP: Final = 0.8  # of the shorter recording
FULL_COVERAGE: Final = 0.9  # of the longest recording
_FORMAT_RANK: Final = {"fit": 0, "tcx": 1, "gpx": 2}


@dataclass(frozen=True)
class Recording:
    """What is needed of a recording to compare it with others; times in microseconds since 1970 UTC."""

    start_us: int
    end_us: int
    sport: str
    source_format: str
    landed_at: datetime
    sha256: str
    source_index: int

    @property
    def length_us(self) -> int:
        """Last time minus first time."""
        return self.end_us - self.start_us


@dataclass(frozen=True)
class Choice:
    """The place of a recording: its activity's start, whether it is used, and why."""

    activity_start_us: int
    is_winner: bool
    reason: str


def choose(recordings: Sequence[Recording]) -> list[Choice]:
    """One choice for each recording, in the order given; the order itself has no influence.

    Recordings belong together when they are of one sport, start within 120 s of the earliest and
    overlap by 80 % of the shorter. The winner covers at least 90 % of the longest, then FIT before
    TCX before GPX, then the latest landed, then the lowest hash.
    """
    order = sorted(range(len(recordings)), key=lambda i: _identity(recordings[i]))
    clusters: list[list[int]] = []
    for i in order:
        home = next((c for c in clusters if _same(recordings[c[0]], recordings[i])), None)
        if home is None:
            clusters.append([i])
        else:
            home.append(i)
    choices: dict[int, Choice] = {}
    for cluster in clusters:
        choices |= _choices(recordings, cluster)
    return [choices[i] for i in range(len(recordings))]


def _identity(recording: Recording) -> tuple[int, str, int]:
    return recording.start_us, recording.sha256, recording.source_index


def _same(first: Recording, other: Recording) -> bool:
    if first.sport != other.sport or other.start_us - first.start_us > LARGEST_START_DIFFERENCE_US:
        return False
    shared = min(first.end_us, other.end_us) - other.start_us
    shorter = min(first.length_us, other.length_us)
    return shared >= LEAST_OVERLAP * shorter


def _choices(recordings: Sequence[Recording], cluster: list[int]) -> dict[int, Choice]:
    start = recordings[cluster[0]].start_us
    longest = max(recordings[i].length_us for i in cluster)
    winner = min(cluster, key=lambda i: _preference(recordings[i], longest))
    if len(cluster) == 1:
        return {winner: Choice(start, True, "the only file")}
    return {
        i: Choice(start, i == winner, _reason(recordings[i], recordings[winner], longest)) for i in cluster
    }


def _covers(recording: Recording, longest_us: int) -> bool:
    return recording.length_us >= FULL_COVERAGE * longest_us


def _preference(recording: Recording, longest_us: int) -> tuple[bool, int, float, str, int]:
    return (
        not _covers(recording, longest_us),
        _FORMAT_RANK[recording.source_format],
        -recording.landed_at.timestamp(),
        recording.sha256,
        recording.source_index,
    )


def _reason(recording: Recording, winner: Recording, longest_us: int) -> str:
    if recording is winner:
        return "the best of several files"
    if not _covers(recording, longest_us):
        return "covers less of the activity"
    if recording.source_format != winner.source_format:
        return f"{winner.source_format.upper()} holds more than {recording.source_format.upper()}"
    return "another copy was landed later" if recording.landed_at < winner.landed_at else "an equal copy"
