"""What is taken out is everything, under names that harm nobody, and without positions around home."""

import csv
import hashlib
import io
import json
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from coros_assets import resources
from coros_assets.athlete import PrivacyZone
from coros_assets.bronze.catalogue import content_hash
from coros_assets.commands.export import export_everything
from coros_assets.commands.export_folder import MANIFEST, ExportFolder, as_csv, safe_name
from coros_assets.commands.load import load
from coros_assets.errors import CorosError
from coros_assets.formats.read import READ_SUFFIXES
from coros_assets.privacy import distance_m, hidden_circle, home_secret
from coros_assets.stores import Stores
from coros_assets.tables import FACT_ACTIVITY, GOLD_TABLES, QUARANTINED_FILE
from coros_assets_tests import canary

HOSTILE = "-=cmd|' \u202e<b>;$(rm -rf ~)\u00e9.TCX.gz"
ZONE = PrivacyZone("home", canary.LATITUDE, canary.LONGITUDE, 300.0)


@pytest.fixture
def loaded(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """A home with a run that begins at home, under a hostile name, another run, and a file that is unread."""
    monkeypatch.setattr(resources, "_stores", lambda: stores)
    settings = stores.settings
    settings.athlete_path.write_text(
        f'[[privacy_zone]]\nname = "home"\nlatitude = {ZONE.latitude_deg}\nlongitude = {ZONE.longitude_deg}\n'
        f"radius_m = {ZONE.radius_m:.0f}\n"
    )
    settings.roster_path.mkdir()
    (settings.roster_path / "shifts.csv").write_text("date,start,end\n2024-06-01,07:00,15:00\n")
    landing = Path(stores.landing.folder)
    (landing / "deep").mkdir(parents=True)
    (landing / "deep" / HOSTILE).write_bytes(canary.forms()["export/kanari.tcx.gz"])
    (landing / "=bad.fit").write_bytes(b"never a run")
    (landing / "later.tcx").write_bytes(canary.STAY["export/2024-06-03_later.tcx"])
    load(settings)
    return stores


def test_everything_is_taken_out_with_a_manifest_of_true_hashes(loaded: Stores, tmp_path: Path) -> None:
    out = tmp_path / "out"
    count = export_everything(loaded, out, "csv")
    files = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    listed = {file["path"]: file for file in json.loads(files.pop(MANIFEST))["files"]}
    assert listed.keys() == files.keys()
    assert len(files) == count - 1
    for name, data in files.items():
        assert (listed[name]["size_bytes"], listed[name]["sha256"]) == (
            len(data),
            hashlib.sha256(data).hexdigest(),
        )
        assert listed[name]["what"]
    raw = {name: data for name, data in files.items() if name.startswith("raw/")}
    assert set(raw.values()) == {canary.tcx(), canary.STAY["export/2024-06-03_later.tcx"], b"never a run"}
    start = content_hash(canary.tcx())[:16]
    assert f"raw/2024/2024-06-01_cmd_____b____rm_-rf___\u00e9_{start}.tcx" in raw
    assert {name for name in files if name.startswith("own/")} >= {"own/athlete.toml", "own/roster.csv"}
    assert {f"gold/{table.name}.csv" for table in (*GOLD_TABLES, QUARANTINED_FILE)} <= files.keys()
    assert {"answers.json", "report.html", "roster/shifts.parquet"} <= files.keys()
    assert all(
        name.startswith(("raw/", "own/")) for name, file in listed.items() if file["holds_exact_positions"]
    )
    rows = list(csv.DictReader(io.StringIO(files["gold/fact_activity.csv"].decode())))
    assert [row["activity_id"] for row in rows] == [canary.ACTIVITY, "20240603T170000Z"]
    assert rows[0].keys() == set(FACT_ACTIVITY.arrow_schema.names)
    [refused] = csv.DictReader(io.StringIO(files["gold/quarantined_file.csv"].decode()))
    assert refused["name"] == "'=bad.fit"

    rows = pq.ParquetFile(out / "silver/records/activity_date=2024-06-01/part-0.parquet").read()
    own = pq.ParquetFile(
        Path(loaded.lake.folder) / "silver/records/activity_date=2024-06-01/part-0.parquet"
    ).read()
    circle = hidden_circle(ZONE, home_secret(loaded.settings.home))
    apart = distance_m(own["latitude_deg"].to_numpy(), own["longitude_deg"].to_numpy(), circle)
    assert rows["latitude_deg"].is_null().to_pylist() == list(apart <= circle.radius_m)
    assert 0 < rows["latitude_deg"].null_count < len(rows)
    assert own["latitude_deg"].null_count == 0  # the control: they were there
    others = [name for name in own.column_names if not name.endswith("itude_deg")]
    assert rows.select(others).equals(own.select(others))

    with pytest.raises(CorosError, match="is not empty"):
        export_everything(loaded, out, "csv")


def test_a_privacy_zone_that_cannot_be_read_stops_the_export(stores: Stores, tmp_path: Path) -> None:
    stores.settings.athlete_path.write_text('[[privacy_zone]]\nname = "home"\n')
    with pytest.raises(CorosError, match="Privacy zone 1"):
        export_everything(stores, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("landed", "name"),
    [
        ("export/2024-06-01_4711.tcx", "2024-06-01_4711"),
        ("a.zip/../../etc/passwd.fit", "passwd"),
        ("..\\..\\x.gpx", "x"),
        ("CON.fit", "CON"),
        (".fit", "file"),
        ("\u202egnp.exe.tcx", "gnp.exe"),
        ("\x1b[31mred\n.tcx", "31mred"),
        ("\ud800.tcx", "file"),
        ("=1+1.tcx", "1_1"),
    ],
)
def test_a_landed_name_becomes_a_readable_and_harmless_one(landed, name):
    assert safe_name(landed, READ_SUFFIXES) == name


def test_a_long_name_is_short_enough_for_any_file_system():
    assert len(safe_name("\u00e9" * 500 + ".tcx", READ_SUFFIXES).encode()) <= 80


def test_a_file_that_cannot_be_written_whole_is_not_there(tmp_path):
    folder = ExportFolder(tmp_path / "out")

    def broken():
        yield b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        folder.write("a/b.bin", broken(), "what")
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["a", "b.bin.part"]
    assert (stat.S_IMODE(folder.path.stat().st_mode), folder.files) == (0o700, [])


def test_no_cell_is_a_formula_and_lists_and_empty_values_are_written():
    rows = FACT_ACTIVITY.empty().select(["activity_id", "quality_flags", "distance_m"])
    rows = rows.from_pylist(
        [{"activity_id": "=1+1", "quality_flags": ["@x", "y"], "distance_m": -1.5}, {"activity_id": None}],
        schema=rows.schema.remove_metadata(),
    )
    written = list(csv.reader(io.StringIO(b"".join(as_csv(rows)).decode())))
    assert written == [
        ["activity_id", "quality_flags", "distance_m"],
        ["'=1+1", '["@x", "y"]', "-1.5"],
        ["", "", ""],
    ]
