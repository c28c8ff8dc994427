from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.contract import Column, Type
from coros_assets.errors import DamagedError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.clean import _RANGES
from coros_assets.silver.heart_rate import HIGHEST_BPM, LOWEST_BPM
from coros_assets.silver.recordings import recordings
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, decoded, encoded, stamped
from coros_assets.tables import ROSTER_SHIFTS, SILVER_ACTIVITIES, SILVER_RECORDS, SILVER_TABLES

DAY = date(2024, 6, 1)
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
COARSEST_STEPS = {
    "latitude_deg": 1e-7,
    "longitude_deg": 1e-7,
    "altitude_m": 0.1,
    "distance_m": 0.01,
    "speed_m_per_s": 0.001,
    "heart_rate_bpm": 0.1,
    "cadence_spm": 0.1,
    "power_w": 0.1,
}
LIMITS = {
    **_RANGES,
    "speed_m_per_s": _RANGES["speed"],
    "cadence_spm": (0.0, 2 * _RANGES["cadence"][1]),
    "heart_rate_bpm": (LOWEST_BPM, HIGHEST_BPM),
}
ROUNDED = [column for column in SILVER_RECORDS.columns if column.resolution]


def records(points: int, **columns: object) -> pa.Table:
    """Rows of silver.records, one point a second, with the given columns and nothing else measured."""
    given_or_null = {c.name: pa.nulls(points, pa.float64()) for c in ROUNDED} | columns
    return pa.table(
        {
            "activity_id": pa.repeat("20240601T120000Z", points),
            "time": [NOON + timedelta(seconds=n) for n in range(points)],
            "lap_index": pa.array(np.arange(points) // 100, pa.int32()),
        }
        | given_or_null
    )


def running(points: int = 1000) -> pa.Table:
    """A run with noise in every column, as real ones have."""
    noise = np.random.default_rng(1)
    columns = {
        column.name: noise.uniform(LIMITS[column.name][0], LIMITS[column.name][1], points)
        for column in ROUNDED
    }
    return records(points, **{name: pa.array(values) for name, values in columns.items()})


def stored(rows: pa.Table) -> pa.Table:
    """What is read of the rows after they were written."""
    return decoded(encoded(rows).data)


@pytest.fixture
def lake(tmp_path: Path) -> ObjectStore:
    return ObjectStore(str(tmp_path))


@pytest.mark.parametrize("points", [0, 1, 63, 64, 5000])
def test_rows_and_their_digest_come_back_as_they_were_stamped(lake, points):
    table = LakeTable(lake, SILVER_RECORDS)
    rows = stamped(SILVER_RECORDS.conform(running(points)), "made from this")
    size = table.write(encoded(rows), DAY)
    read = table.read(DAY)
    assert read.equals(rows)
    assert read.schema.equals(SILVER_RECORDS.arrow_schema)
    assert LakeTable.digest(read) == "made from this"
    [found] = lake.list()
    assert (found.key, found.size_bytes) == ("silver/records/activity_date=2024-06-01/part-0.parquet", size)


@pytest.mark.parametrize("table", [*SILVER_TABLES, ROSTER_SHIFTS], ids=lambda table: table.name)
@pytest.mark.parametrize("rows", [1, 300])
def test_every_type_of_the_lake_comes_back(lake, table, rows):
    values = {
        Type.TEXT: "Läufer, \U0001f3c3",
        Type.TEXT_LIST: ["a", "b"],
        Type.BOOL: True,
        Type.INT: -7,
        Type.FLOAT: 0.1,
        Type.DATE: DAY,
        Type.INSTANT: NOON.replace(microsecond=1),
        Type.LOCAL_TIME: NOON.replace(tzinfo=None, microsecond=1),
    }
    row = {column.name: values[column.type] for column in table.columns}
    place = LakeTable(lake, table)
    written = stamped(pa.Table.from_pylist([row] * rows, table.arrow_schema), "")
    place.write(encoded(written))
    assert place.read().equals(written)


def test_what_was_never_written_is_an_empty_table_without_digest(lake):
    rows = LakeTable(lake, SILVER_ACTIVITIES).read(DAY)
    assert rows.equals(SILVER_ACTIVITIES.empty())
    assert LakeTable.digest(rows) == ""


@pytest.mark.parametrize("column", ROUNDED, ids=lambda column: column.name)
@given(data=st.data())
def test_a_value_comes_back_within_half_a_step_and_in_its_place(column, data):
    low, high = LIMITS[column.name]
    value = st.floats(low, high) | st.none()
    values = data.draw(st.lists(value, min_size=1, max_size=300))
    rows = SILVER_RECORDS.conform(records(len(values), **{column.name: pa.array(values, pa.float64())}))
    read = stored(rows)[column.name].to_pylist()
    assert [value is None for value in read] == [value is None for value in values]
    for before, after in zip(values, read, strict=True):
        assert before is None or abs(before - after) <= column.resolution / 2


@given(st.lists(st.floats(0, 2_000_000), min_size=2, max_size=300))
def test_a_distance_that_never_decreases_still_does_not(values):
    rows = SILVER_RECORDS.conform(records(len(values), distance_m=pa.array(sorted(values))))
    assert np.all(np.diff(stored(rows)["distance_m"].to_numpy()) >= 0)


def test_rounding_again_changes_nothing():
    once = SILVER_RECORDS.conform(running())
    assert SILVER_RECORDS.conform(once).equals(once)
    assert not once.equals(running().cast(once.schema))


def test_steps_are_at_least_as_fine_as_a_watch_writes():
    assert {column.name: True for column in ROUNDED} == {
        column.name: column.resolution <= COARSEST_STEPS[column.name] for column in ROUNDED
    }
    assert {column.name for column in ROUNDED} == set(COARSEST_STEPS)


def test_nan_infinity_and_null_are_kept_apart():
    values = pa.array([np.nan, None, np.inf, -np.inf, 1.0])
    read = stored(SILVER_RECORDS.conform(records(5, power_w=values)))["power_w"]
    assert read.is_null().to_pylist() == [False, True, False, False, False]
    assert str(read.drop_null().to_pylist()) == "[nan, inf, -inf, 1.0]"


def test_a_number_beyond_all_steps_is_refused_and_not_bent():
    with pytest.raises(ValueError, match="overflow"):
        SILVER_RECORDS.conform(records(1, distance_m=pa.array([1e308])))


@pytest.mark.parametrize(
    ("kind", "resolution"), [(Type.FLOAT, 0.1), (Type.FLOAT, 0.0), (Type.FLOAT, -0.5), (Type.INT, 0.5)]
)
def test_a_resolution_is_a_power_of_two_of_a_float(kind, resolution):
    with pytest.raises(ValueError, match="x: a resolution is a power of two"):
        Column("x", kind, "Anything", resolution=resolution)


def flips(data: bytes, bits: range) -> Iterator[bytes]:
    """The data with one bit another: each of these bits of each byte in turn."""
    for position in range(len(data)):
        for bit in bits:
            yield flipped(data, position, bit)


@pytest.mark.parametrize(
    ("points", "bits"), [(20, range(8)), (300, range(1))], ids=["snappy, every bit", "zstd, every byte"]
)
def test_no_bit_of_a_file_can_be_flipped_unnoticed(points, bits):
    data = encoded(stamped(SILVER_RECORDS.conform(running(points)), "digest")).data
    decoded(data)
    for damaged in flips(data, bits):
        with pytest.raises(OSError, match="not those that were written"):
            decoded(damaged)


def test_a_flipped_bit_is_named_with_what_to_do(lake):
    table = LakeTable(lake, SILVER_RECORDS)
    table.write(encoded(stamped(SILVER_RECORDS.conform(running(20)), "digest")), DAY)
    [key] = [found.key for found in lake.list()]
    lake.put(key, flipped(lake.get(key), 1000))
    with pytest.raises(DamagedError, match=r"part-0\.parquet in .* is damaged: .* `coros-assets rebuild`"):
        table.read(DAY)


def by_page_checksums(data: bytes) -> pa.Table | None:
    """The rows as an engine reads them that looks at the page checksums; None if it notices damage."""
    try:
        return pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True).read()
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return None


@pytest.mark.parametrize("points", [20, 1000], ids=["snappy", "zstd"])
def test_other_engines_find_a_flipped_bit_in_any_page(points):
    data = encoded(SILVER_RECORDS.conform(running(points))).data
    columns = pq.read_metadata(pa.BufferReader(data)).row_group(0)
    for index in range(columns.num_columns):
        column = columns.column(index)
        start = column.dictionary_page_offset or column.data_page_offset
        assert by_page_checksums(flipped(data, start + column.total_compressed_size - 1)) is None


def test_page_checksums_alone_let_a_flipped_bit_change_what_is_read():
    data = encoded(SILVER_RECORDS.conform(running(20))).data
    whole = by_page_checksums(data)
    read = [by_page_checksums(damaged) for damaged in flips(data, range(1))]
    assert sum(rows is not None and not rows.equals(whole) for rows in read) > 50


def test_without_checksums_a_flipped_bit_is_another_number():
    rows = SILVER_RECORDS.conform(running(20))
    data = encoded(rows).data
    power = pq.read_metadata(pa.BufferReader(data)).row_group(0).column(rows.num_columns - 1)
    damaged = flipped(data, power.data_page_offset + power.total_compressed_size - 1)
    assert pq.read_table(pa.BufferReader(damaged))["power_w"][-1] != rows["power_w"][-1]


@pytest.mark.parametrize("damage", [lambda data: data[:-5], lambda data: b"", lambda data: data[:4]])
def test_an_object_cut_short_is_named(lake, damage):
    table = LakeTable(lake, SILVER_RECORDS)
    table.write(encoded(stamped(SILVER_RECORDS.conform(running()), "digest")), DAY)
    [key] = [found.key for found in lake.list()]
    lake.put(key, damage(lake.get(key)))
    with pytest.raises(DamagedError, match="is damaged"):
        table.read(DAY)


def flipped(data: bytes, position: int, bit: int = 0) -> bytes:
    return data[:position] + bytes([data[position] ^ (1 << bit)]) + data[position + 1 :]


def test_the_lake_is_a_hive_data_set_of_plain_types(lake):
    table = LakeTable(lake, SILVER_RECORDS)
    for day in (DAY, DAY + timedelta(days=1)):
        table.write(encoded(stamped(SILVER_RECORDS.conform(running()), "digest")), day)
    found = ds.dataset(lake.folder / "silver" / "records", partitioning="hive").to_table()
    assert found.drop_columns("activity_date").schema.equals(SILVER_RECORDS.arrow_schema)
    assert found["activity_date"].unique().to_pylist() == ["2024-06-01", "2024-06-02"]
    frame = found.to_pandas()
    assert {str(frame[column.name].dtype) for column in ROUNDED} == {"float64"}
    encodings = {
        encoding
        for path in lake.folder.rglob("*.parquet")
        for column in pq.read_metadata(path).row_group(0).to_dict()["columns"]
        for encoding in column["encodings"]
    }
    assert encodings <= {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED"}


def test_a_point_of_a_coros_file_takes_at_most_12_bytes(activity_files):
    """Files of a quarter hour or more; below, the file's own frame of 1 kB weighs as much as the points."""
    paths = [
        *(activity_files / "sytandas+runalyze" / "test_data").glob("*.tcx"),
        activity_files / "DavDori+football-coros-pace3" / "Data" / "fb_2024_05_10.tcx",
        *sorted((activity_files / "StoneRicky+running_page" / "FIT_OUT").glob("47*.fit"))[::6],
    ]
    bytes_a_point = {}
    for path in paths:
        [points] = recordings(
            path.read_bytes(), datetime(2026, 11, 1, tzinfo=UTC), HomeTimezone.parse("UTC")
        ).records
        named = points.append_column("activity_id", pa.repeat("20240601T120000Z", len(points)))
        if len(points) >= 900:
            bytes_a_point[path.name] = len(encoded(SILVER_RECORDS.conform(named)).data) / len(points)
    assert len(bytes_a_point) > 25
    assert max(bytes_a_point.values()) <= 12
    assert np.mean(list(bytes_a_point.values())) <= 10
