"""What the answers rest on, in counts and reasons."""

from __future__ import annotations

import pytest

from coros_assets.report.data_quality import FILES_LISTED, DataQuality, data_quality
from coros_assets.tables import QUARANTINED_FILE
from coros_assets_tests.report import synthetic


@pytest.fixture(scope="module")
def found() -> DataQuality:
    return data_quality(synthetic.finished())


def test_every_file_and_activity_is_counted(found: DataQuality) -> None:
    tables = synthetic.finished()
    assert found.files == tables["activity_source"].num_rows
    assert found.runs_used + found.activities_excluded == tables["fact_activity"].num_rows
    assert found.quarantined == 2
    formats = next(table for table in found.counts if table.caption == "Files by format")
    assert sum(int(amount) for _, amount in formats.rows) == found.files


def test_each_excluded_activity_has_its_reason(found: DataQuality) -> None:
    excluded = next(table for table in found.counts if table.caption.startswith("Activities left out"))
    assert dict(excluded.rows) == {
        "Not a run (cycling)": "1",
        "No usable heart rate or distance": "1",
        "Less than 15 minutes of moving": "1",
    }


def test_values_that_the_athlete_file_leaves_out_are_told_as_estimates(found: DataQuality) -> None:
    assert found.estimated == ("threshold heart rate 169 bpm", "threshold speed 2.8 m/s", "sex male")


def test_a_quarantined_file_is_shown_with_its_reason(found: DataQuality) -> None:
    assert [row[:2] for row in found.quarantine.rows] == list(
        zip(synthetic.QUARANTINED["name"], synthetic.QUARANTINED["reason"], strict=True)
    )


def test_runs_that_look_like_one_in_two_zones_are_shown(found: DataQuality) -> None:
    assert found.suspected.rows == (("2 March 2024", "2 March 2024", "2.00"),)


def test_a_long_list_of_files_is_cut_and_says_so() -> None:
    many = {"sha256": [f"{n:064}" for n in range(FILES_LISTED + 7)]}
    tables = synthetic.finished() | {"quarantined_file": synthetic.fill(QUARANTINED_FILE, many)}
    listed = data_quality(tables).quarantine
    assert len(listed.rows) == FILES_LISTED
    assert listed.caption == f"Files set aside: the latest {FILES_LISTED} of {FILES_LISTED + 7}"


def test_before_the_first_file_there_is_nothing_to_list() -> None:
    nothing = data_quality(synthetic.nothing())
    assert (nothing.files, nothing.runs_used, nothing.counts) == (0, 0, ())
