"""Which recordings are of one activity, and which of them is used.

Belongs here: clusters and the choice of a winner, independent of the order of arrival. Does not:
identical files (bronze is content-addressed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

LARGEST_START_DIFFERENCE_US: Final = 120 * 1_000_000
LEAST_OVERLAP: Final = 0.8  # of the shorter recording
FULL_COVERAGE: Final = 0.9  # of the longest recording
_FORMAT_RANK: Final = {"fit": 0, "tcx": 1, "gpx": 2}
ID_FORMAT: Final = "%Y%m%dT%H%M%SZ"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """What is needed of a recording to compare it with others; times in microseconds since 1970 UTC."""

    start_us: int
    end_us: int
    sport: str
    source_format: str
    landed_at: datetime
    sha256: str
    source_index: int
    activity_date: date
    is_preferred: bool = False

    @property
    def length_us(self) -> int:
        """Last time minus first time."""
        return self.end_us - self.start_us


@dataclass(frozen=True)
class Choice:
    """The place of a recording: its activity with the date it counts for, whether it is used, and why."""

    activity_id: str
    activity_date: date
    is_winner: bool
    reason: str


def choose(candidates: Iterable[Candidate]) -> dict[Candidate, Choice]:
    """The choice for each recording; their order has no influence.

    Recordings belong together when they are of one sport, start within 120 s of the earliest and
    overlap by 80 % of the shorter. The winner is of a file that the runner prefers, else covers at least
    90 % of the longest, then FIT before TCX before GPX, then the latest landed, then the lowest hash; the
    activity has the winner's date.
    """
    clusters: list[list[Candidate]] = []
    for candidate in sorted(candidates, key=_identity):
        home = _home(clusters, candidate)
        if home is None:
            clusters.append([candidate])
        else:
            home.append(candidate)
    choices: dict[Candidate, Choice] = {}
    for activity_id, cluster in zip(_activity_ids(clusters), clusters, strict=True):
        choices |= _choices(activity_id, cluster)
    return choices


def _identity(candidate: Candidate) -> tuple[int, str, str, int]:
    return candidate.start_us, candidate.sport, candidate.sha256, candidate.source_index


def _home(clusters: Sequence[list[Candidate]], candidate: Candidate) -> list[Candidate] | None:
    """The earliest cluster whose first member is the same activity; clusters are in order of start."""
    home = None
    for cluster in reversed(clusters):
        if candidate.start_us - cluster[0].start_us > LARGEST_START_DIFFERENCE_US:
            break
        if _overlap(cluster[0], candidate):
            home = cluster
    return home


def _overlap(first: Candidate, other: Candidate) -> bool:
    shared = min(first.end_us, other.end_us) - other.start_us
    return first.sport == other.sport and shared >= LEAST_OVERLAP * min(first.length_us, other.length_us)


def _activity_ids(clusters: Iterable[Sequence[Candidate]]) -> list[str]:
    """UTC start of each cluster; a second cluster of the same second (another sport) gets `-2`."""
    taken: dict[str, int] = {}
    names = []
    for first, *_ in clusters:
        base = (_EPOCH + timedelta(microseconds=first.start_us)).strftime(ID_FORMAT)
        taken[base] = taken.get(base, 0) + 1
        names.append(base if taken[base] == 1 else f"{base}-{taken[base]}")
    return names


def _choices(activity_id: str, cluster: Sequence[Candidate]) -> dict[Candidate, Choice]:
    longest = max(candidate.length_us for candidate in cluster)
    winner = min(cluster, key=lambda candidate: _preference(candidate, longest))
    day = winner.activity_date
    if len(cluster) == 1:
        return {winner: Choice(activity_id, day, True, "the only file")}
    return {
        each: Choice(activity_id, day, each == winner, _reason(each, winner, longest)) for each in cluster
    }


def _covers(candidate: Candidate, longest_us: int) -> bool:
    return candidate.length_us >= FULL_COVERAGE * longest_us


def _preference(candidate: Candidate, longest_us: int) -> tuple[bool, bool, int, float, str, int]:
    return (
        not candidate.is_preferred,
        not _covers(candidate, longest_us),
        _FORMAT_RANK[candidate.source_format],
        -candidate.landed_at.timestamp(),
        candidate.sha256,
        candidate.source_index,
    )


def _reason(candidate: Candidate, winner: Candidate, longest_us: int) -> str:
    if candidate == winner:
        return "your choice" if winner.is_preferred else "the best of several files"
    if winner.is_preferred and not candidate.is_preferred:
        return "you chose another file"
    if not _covers(candidate, longest_us):
        return "covers less of the activity"
    if candidate.source_format != winner.source_format:
        return f"{winner.source_format.upper()} holds more than {candidate.source_format.upper()}"
    return "another copy was landed later" if candidate.landed_at < winner.landed_at else "an equal copy"
