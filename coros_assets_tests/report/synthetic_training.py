"""Shifts, records and recovery of the runner of `synthetic.py`.

Belongs here: the tables behind the chapters below the answers. Does not: her runs and days (`synthetic.py`).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

DISTANCES: Final = {"400 m": 400.0, "1 km": 1000.0, "5 km": 5000.0, "half marathon": 21097.5}

RECOVERY: Final = {
    "from_h": [0.0, 12.0, 24.0, 36.0, 48.0],
    "to_h": [12.0, 24.0, 36.0, 48.0, 72.0],
    "n": [50, 2, 44, 31, 60],
    "clusters": [30, 2, 40, 30, 44],
    "effect_pct": [-3.6, None, -3.1, -1.7, -0.2],
    "ci_low_pct": [-4.6, None, -4.2, -3.0, -1.3],
    "ci_high_pct": [-2.6, None, -2.0, -0.4, 0.9],
}


def night_shifts(first: np.datetime64, count: int, cycle_d: int, ends: tuple[int, ...]) -> dict[str, Any]:
    """Night shifts that end at 07:00 on these days of each cycle, and a day shift on its first."""
    days = np.arange(count)
    nights = first + days[np.isin(days % cycle_d, ends)] - 1
    shifts = np.concatenate([nights, first + days[days % cycle_d == 0]]).astype("datetime64[us]")
    is_night = np.arange(shifts.size) < nights.size
    start = shifts + np.where(is_night, 19, 7).astype("timedelta64[h]")
    end = start + np.timedelta64(12, "h")
    return {
        "shift_id": np.datetime_as_string(start),
        "start_time": pa.array(start, pa.timestamp("us", tz="UTC")),
        "end_time": pa.array(end, pa.timestamp("us", tz="UTC")),
        "start_time_local": start,
        "end_time_local": end,
        "timezone": ["UTC"] * shifts.size,
        "kind": np.where(is_night, "night", "day"),
    }


def records(dates: np.ndarray) -> dict[str, pa.Table]:
    """`best_effort_by_month` and `personal_record` of a runner who beats each distance in every month."""
    months = np.unique(dates.astype("datetime64[M]"))
    efforts, broken = [], []
    for label, length_m in DISTANCES.items():
        pace = 250 * (length_m / 1000) ** 0.06 - 2.0 * np.arange(months.size)
        time_s = pace * length_m / 1000
        for at, month in enumerate(months.astype("datetime64[D]").tolist()):
            shared = {"distance_label": label, "distance_m": length_m, "time_s": time_s[at]}
            efforts.append(shared | {"month_start": month, "n": 3, "best_of_12_months_s": time_s[at]})
            broken.append(
                shared
                | {
                    "activity_date": month.replace(day=20),
                    "activity_id": f"{month:%Y%m}20T060000Z",
                    "pace_s_per_km": pace[at],
                    "previous_activity_date": broken[-1]["activity_date"] if at else None,
                    "previous_time_s": time_s[at - 1] if at else None,
                    "faster_by_s": time_s[at - 1] - time_s[at] if at else None,
                    "is_current": at == months.size - 1,
                }
            )
    return {
        "best_effort_by_month": pa.Table.from_pylist(efforts),
        "personal_record": pa.Table.from_pylist(broken),
    }
