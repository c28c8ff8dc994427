"""Small wellness files for tests.

Belongs here: building inputs. Does not: expected values.
"""

from __future__ import annotations

from typing import Any

from coros_assets.home_timezone import HomeTimezone
from coros_assets.wellness.read import Wellness, read_wellness

VIENNA = HomeTimezone.parse("Europe/Vienna")


def csv_bytes(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def read(*rows: str, home: HomeTimezone = VIENNA) -> Wellness:
    """A CSV file."""
    return read_wellness("w.csv", csv_bytes(*rows), home)


def sleeps(*windows: str, home: HomeTimezone = VIENNA) -> Any:
    """Sleeps from `start,end` rows; `,true` and `,false` say whether it is a nap."""
    rows = [window if window.count(",") > 1 else f"{window}," for window in windows]
    return read("sleep_start,sleep_end,is_nap", *rows, home=home).sleep


def mornings(wellness: Wellness) -> dict[str, dict[str, Any]]:
    """The rows of the daily table without their source, by date."""
    found = {}
    for row in wellness.daily.to_pylist():
        del row["source"]
        day = str(row.pop("date"))
        found[day] = {name: value for name, value in row.items() if value is not None}
    return found
