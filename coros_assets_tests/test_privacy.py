"""Zones around home and work: nothing inside leaks, the middle of the gap is not the home, the rest stays."""

import stat

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.athlete import AthleteError, PrivacyZone, read_athlete
from coros_assets.errors import CorosError
from coros_assets.privacy import (
    HIDDEN_RADIUS,
    LEAST_OFFSET,
    Circle,
    distance_m,
    hidden_circle,
    home_secret,
    masked,
)
from coros_assets.tables import SILVER_RECORDS

SECRET = bytes(range(32))
zones = st.builds(
    PrivacyZone,
    st.text(min_size=1, max_size=8),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(50, 20_000),
)
secrets = st.binary(min_size=32, max_size=32)


def around(zone: PrivacyZone, distances_m: np.ndarray) -> pa.Table:
    """Records in all directions of a zone's centre, one at each of these distances."""
    rng = np.random.default_rng(0)
    bearing, angle = rng.uniform(0, 2 * np.pi, len(distances_m)), distances_m / 6_371_008.8
    at = np.radians(zone.latitude_deg)
    sine = np.sin(at) * np.cos(angle) + np.cos(at) * np.sin(angle) * np.cos(bearing)
    latitude = np.arcsin(np.clip(sine, -1, 1))
    east = np.arctan2(
        np.sin(bearing) * np.sin(angle) * np.cos(at), np.cos(angle) - np.sin(at) * np.sin(latitude)
    )
    longitude = (zone.longitude_deg + np.degrees(east) + 180) % 360 - 180
    return records(np.degrees(latitude), longitude)


def records(latitude: np.ndarray, longitude: np.ndarray) -> pa.Table:
    count = len(latitude)
    columns = {name: np.arange(count, dtype=float) for name in SILVER_RECORDS.arrow_schema.names}
    columns |= {"latitude_deg": latitude, "longitude_deg": longitude}
    columns |= {"activity_id": ["a"] * count, "lap_index": np.zeros(count, "i4")}
    columns["time"] = pa.array(np.arange(count), pa.timestamp("us", tz="UTC"))
    return SILVER_RECORDS.conform(pa.table(columns)).replace_schema_metadata({"kept": "yes"})


@given(zones, secrets)
def test_no_point_within_the_zone_keeps_its_position(zone, secret):
    rows = around(zone, np.linspace(0, zone.radius_m, 300))
    hidden = masked(rows, [hidden_circle(zone, secret)])
    assert hidden["latitude_deg"].null_count == hidden["longitude_deg"].null_count == 300


@given(zones, secrets)
def test_the_middle_of_what_is_hidden_is_not_the_home(zone, secret):
    circle = hidden_circle(zone, secret)
    home = Circle(zone.latitude_deg, zone.longitude_deg, 0)
    [apart] = distance_m(np.array([circle.latitude_deg]), np.array([circle.longitude_deg]), home)
    assert LEAST_OFFSET * zone.radius_m * 0.999 - 0.01 <= apart <= zone.radius_m * 1.001 + 0.01


@given(zones, st.floats(1.01, 100))
def test_points_beyond_the_hidden_circle_keep_everything(zone, times):
    circle = hidden_circle(zone, SECRET)
    at = PrivacyZone("", circle.latitude_deg, circle.longitude_deg, 0)
    rows = around(at, np.full(20, min(times * circle.radius_m + 1, 5e6)))
    assert masked(rows, [circle]).equals(rows, check_metadata=True)


def test_only_positions_change_and_a_point_without_one_is_left_alone():
    zone = PrivacyZone("home", 48.2, 16.37, 200)
    rows = records(np.array([48.2, np.nan, 49.0]), np.array([16.37, np.nan, 16.37]))
    hidden = masked(rows, [hidden_circle(zone, SECRET)])
    others = [name for name in rows.column_names if not name.endswith("itude_deg")]
    assert hidden.select(others).equals(rows.select(others))
    assert hidden.schema.equals(rows.schema, check_metadata=True)
    assert hidden["latitude_deg"].to_pylist()[0] is None
    assert hidden["latitude_deg"].to_pylist()[2] == 49.0


def test_the_circle_is_the_same_for_every_run_and_moves_with_the_home():
    """Were it drawn anew each time, the mean of many would be the home: the control shows that."""
    home = PrivacyZone("home", 48.2, 16.37, 200)
    assert hidden_circle(home, SECRET) == hidden_circle(home, SECRET)
    anew = [hidden_circle(home, bytes([turn % 256, turn // 256]) * 16) for turn in range(2000)]
    middle = Circle(*np.mean([circle[:2] for circle in anew], axis=0), 0)
    here = (np.array([home.latitude_deg]), np.array([home.longitude_deg]))
    assert distance_m(*here, middle)[0] < 15
    assert distance_m(*here, hidden_circle(home, SECRET))[0] > LEAST_OFFSET * 200 * 0.99


def test_two_radii_of_one_zone_do_not_point_to_the_home():
    """With one direction for both, the line through the two centres would lead there."""
    small, large = (hidden_circle(PrivacyZone("home", 0, 0, radius), SECRET) for radius in (200, 400))
    bearings = [np.arctan2(circle.longitude_deg, circle.latitude_deg) for circle in (small, large)]
    assert abs(bearings[0] - bearings[1]) > 0.01


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path):
    first = home_secret(tmp_path / "home")
    [file] = (tmp_path / "home").iterdir()
    assert home_secret(tmp_path / "home") == first == file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(b"")
    with pytest.raises(CorosError, match="damaged"):
        home_secret(tmp_path / "home")


def test_zones_are_read_from_the_athlete_file():
    text = b'[[privacy_zone]]\nname = "home"\nlatitude = 48.2\nlongitude = 16\nradius_m = 300\n'
    assert read_athlete(text).zones == (PrivacyZone("home", 48.2, 16.0, 300.0),)
    assert hidden_circle(read_athlete(text).zones[0], SECRET).radius_m > HIDDEN_RADIUS * 300


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (("radius_m = 300", "radius_m = 5"), "radius_m = 5; write a number from 50 to 20000"),
        (("latitude = 48.2", "latitude = 482"), "latitude = 482"),
        (("latitude = 48.2", "lat = 48.2"), "needs the keys name, latitude"),
        (("latitude = 48.2", "latitude = nan"), "latitude = nan"),
        (('name = "home"', 'name = ""'), "needs a name"),
        (("[[privacy_zone]]", "[privacy_zone]"), "in double brackets"),
        (("[[privacy_zone]]", "[[zones]]"), "outside an"),
    ],
)
def test_a_zone_that_cannot_be_is_named(changed, message):
    text = '[[privacy_zone]]\nname = "home"\nlatitude = 48.2\nlongitude = 16\nradius_m = 300\n'.replace(
        *changed
    )
    with pytest.raises(AthleteError, match=message.replace("[", r"\[")):
        read_athlete(text.encode())


def test_two_zones_of_one_name_are_refused():
    zone = b'[[privacy_zone]]\nname = "home"\nlatitude = 48.2\nlongitude = 16\nradius_m = 300\n'
    with pytest.raises(AthleteError, match="two privacy zones of one name"):
        read_athlete(2 * zone)
