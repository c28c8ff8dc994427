"""Small TCX documents for tests, written by hand so that a test shows what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

ROOT = "TrainingCenterDatabase"
NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
EXTENSION = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
START = datetime(2024, 6, 1, 17, 0, tzinfo=UTC)


def tcx(activities: str) -> bytes:
    inside = f"<Activities>{activities}</Activities>"
    return f'<?xml version="1.0" encoding="UTF-8"?><{ROOT} xmlns="{NAMESPACE}">{inside}</{ROOT}>'.encode()


def activity(laps: str, sport: str = "Running", device: str = "COROS Wearables") -> str:
    return f'<Activity Sport="{sport}"><Id>x</Id>{laps}<Creator><Name>{device}</Name></Creator></Activity>'


def lap(points: str, start: datetime = START, seconds: float = 60, meters: float = 200) -> str:
    return (
        f'<Lap StartTime="{start:%Y-%m-%dT%H:%M:%SZ}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{meters}</DistanceMeters><Track>{points}</Track></Lap>"
    )


def point(time: str, *children: str) -> str:
    return f"<Trackpoint><Time>{time}</Time>{''.join(children)}</Trackpoint>"


def position(latitude: float, longitude: float) -> str:
    return (
        f"<Position><LatitudeDegrees>{latitude:.7f}</LatitudeDegrees>"
        f"<LongitudeDegrees>{longitude:.7f}</LongitudeDegrees></Position>"
    )


def run_file(
    start: datetime = START,
    seconds: int = 1200,
    at: tuple[float, float] | None = (48.2, 16.37),
    speed_m_per_s: float = 3.0,
    heart_rate: Sequence[float] | float = 150,
) -> bytes:
    """A steady COROS-like run, one point a second."""
    points = []
    for second in range(seconds + 1):
        beat = heart_rate if isinstance(heart_rate, int | float) else heart_rate[second]
        children = [position(at[0] + second * 2.7e-5, at[1])] if at else []
        children += [
            f"<DistanceMeters>{second * speed_m_per_s:.0f}</DistanceMeters>",
            f"<HeartRateBpm><Value>{beat:.0f}</Value></HeartRateBpm>",
            "<Cadence>84</Cadence>",
            f"<Extensions><Speed>{speed_m_per_s * 3.6:.6f}</Speed></Extensions>",
        ]
        points.append(point(f"{start + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}", *children))
    return tcx(activity(lap("".join(points), start, seconds, seconds * speed_m_per_s)))
