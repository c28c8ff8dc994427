"""Runs stand in the row whose average the view gives."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers.recovery import HOUR_EDGES
from coros_assets.report import stretches
from coros_assets_tests.report import synthetic


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return synthetic.finished()


@pytest.mark.parametrize(
    ("place", "view"),
    [
        (stretches.by_hours_since_night, "efficiency_by_hours_since_night"),
        (stretches.by_load_day_before, "next_day_by_load_tercile"),
    ],
)
def test_each_row_holds_the_runs_that_its_average_counts(
    tables: dict[str, pa.Table], place: stretches.Place, view: str
) -> None:
    points, rows = place(tables["analysis_run"], tables[view])
    counted = np.bincount(points["row"].to_numpy(), minlength=rows.num_rows)
    assert counted.tolist() == rows["n"].to_pylist()
    for row in range(rows.num_rows):
        mean = points["efficiency"].to_numpy()[points["row"].to_numpy() == row].mean()
        assert mean == pytest.approx(rows["efficiency"][row].as_py())


def test_the_hours_are_cut_where_the_view_cuts_them() -> None:
    view = files("coros_assets.answers").joinpath("sql", "02_efficiency_by_hours_since_night.sql")
    edges = ", ".join(str(edge) for edge in HOUR_EDGES)
    assert f"ARRAY[{edges}]" in view.read_text(encoding="utf-8")


def test_runs_during_a_shift_without_a_night_or_on_an_unknown_roster_keep_out_of_the_hours() -> None:
    runs = pa.table(
        {
            "schedule_period": ["night", "off", "unknown", "night"],
            "during_night_shift": [True, False, False, False],
            "hours_since_night_end": [20.0, None, 5.0, 12.0],
            "efficiency_factor_m_per_beat": [1.0, 1.1, 1.2, 1.3],
            "night_arm": ["night", "day", None, "night"],
        }
    )
    averages = pa.table(
        {
            "bin": [0, 2, 7],
            "hours_since_night": ["during a night shift", "12-24 h", "no night in 28 days"],
            "efficiency_factor_m_per_beat": [1.0, 1.3, 1.1],
            "n": [1, 1, 1],
        }
    )
    points, rows = stretches.by_hours_since_night(runs, averages)
    assert points["row"].to_pylist() == [0, 2, 1]
    assert rows["label"].to_pylist() == ["during a night shift", "12\N{EN DASH}24 h", "no night in 28 days"]


def test_tables_without_rows_give_no_points(tables: dict[str, pa.Table]) -> None:
    runs = tables["analysis_run"].slice(0, 0)
    for place, view in (
        (stretches.by_hours_since_night, "efficiency_by_hours_since_night"),
        (stretches.by_load_day_before, "next_day_by_load_tercile"),
    ):
        points, rows = place(runs, tables[view].slice(0, 0))
        assert (points.num_rows, rows.num_rows) == (0, 0)
