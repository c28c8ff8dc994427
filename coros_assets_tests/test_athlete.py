from __future__ import annotations

from datetime import date

import pytest

from coros_assets.athlete import Athlete, AthleteError, AthleteHistory, read_athlete
from coros_assets.athlete_settings.load import entries_of

ALL_VALUES = {
    "max_heart_rate_bpm",
    "resting_heart_rate_bpm",
    "threshold_heart_rate_bpm",
    "threshold_speed_m_per_s",
    "sex",
}

TWO_ENTRIES = b"""
[[athlete]]
valid_from = 2024-06-01
resting_heart_rate_bpm = 48
threshold_speed_m_per_s = 3.9

[[athlete]]
valid_from = 2023-01-01
max_heart_rate_bpm = 188
resting_heart_rate_bpm = 52
sex = "female"
"""


def on(day: str, data: bytes | None = TWO_ENTRIES) -> Athlete:
    return read_athlete(data).on(date.fromisoformat(day))


@pytest.mark.parametrize("data", [None, b"", b"# nothing yet\n", b"athlete = []"])
def test_without_entries_every_value_is_an_estimate(data: bytes | None) -> None:
    athlete = on("2024-01-01", data)
    assert athlete.estimated == ALL_VALUES
    assert athlete.max_heart_rate_bpm == pytest.approx(208 - 0.7 * 35)
    assert athlete.resting_heart_rate_bpm < athlete.threshold_heart_rate_bpm < athlete.max_heart_rate_bpm


@pytest.mark.parametrize(("day", "resting"), [("2023-01-01", 52), ("2024-05-31", 52), ("2024-06-01", 48)])
def test_a_later_entry_overrides_from_its_date(day: str, resting: float) -> None:
    assert on(day).resting_heart_rate_bpm == resting


def test_a_value_that_a_later_entry_leaves_out_stays() -> None:
    assert on("2025-01-01").max_heart_rate_bpm == 188
    assert on("2025-01-01").sex == "female"


def test_before_its_first_entry_a_value_is_what_that_entry_says() -> None:
    assert on("2020-01-01").max_heart_rate_bpm == 188
    assert on("2020-01-01").resting_heart_rate_bpm == 52
    assert on("2020-01-01").threshold_speed_m_per_s == 3.9


def test_threshold_heart_rate_is_estimated_from_the_reserve_of_the_day() -> None:
    assert on("2023-06-01").threshold_heart_rate_bpm == pytest.approx(52 + 0.85 * (188 - 52))
    assert on("2024-06-01").threshold_heart_rate_bpm == pytest.approx(48 + 0.85 * (188 - 48))
    assert on("2024-06-01").estimated == {"threshold_heart_rate_bpm"}


def test_a_given_value_is_not_estimated() -> None:
    data = b"[[athlete]]\nvalid_from = 2024-01-01\nthreshold_heart_rate_bpm = 165\nmax_heart_rate_bpm = 190"
    athlete = on("2024-01-01", data)
    assert athlete.threshold_heart_rate_bpm == 165
    assert athlete.estimated == ALL_VALUES - {"threshold_heart_rate_bpm", "max_heart_rate_bpm"}


def test_the_fingerprint_changes_with_the_values_and_with_what_is_estimated() -> None:
    assert on("2023-01-01").fingerprint == on("2024-05-31").fingerprint
    assert on("2024-05-31").fingerprint != on("2024-06-01").fingerprint
    spelled_out = b"[[athlete]]\nvalid_from = 2024-01-01\nmax_heart_rate_bpm = 183.5\nsex = 'male'"
    assert on("2024-01-01", spelled_out).fingerprint != on("2024-01-01", None).fingerprint


def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    athlete = Athlete(190.0, 50.0, 169.0, 4.0, "male")
    assert athlete.fingerprint == "a0af25565b755530"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert on("2024-01-01", b"\xef\xbb\xbf" + TWO_ENTRIES) == on("2024-01-01")


def test_an_entry_can_name_a_home_zone_which_is_no_value_of_the_body() -> None:
    data = TWO_ENTRIES + b'home_timezone = "Asia/Tokyo"'
    assert read_athlete(data).home_moves == ((date(2023, 1, 1), "Asia/Tokyo"),)
    assert on("2024-01-01", data).fingerprint == on("2024-01-01").fingerprint
    assert on("2024-01-01", data).estimated == on("2024-01-01").estimated


@pytest.mark.parametrize("data", [None, TWO_ENTRIES, TWO_ENTRIES + b'home_timezone = "Asia/Tokyo"'])
def test_a_history_comes_back_from_its_table(data: bytes | None) -> None:
    history = read_athlete(data)
    assert AthleteHistory.of(entries_of(history)) == history


HEAD = "[[athlete]]\nvalid_from = 2024-01-01\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[athlete]\n", "not TOML"),
        ("\xff", "not TOML"),
        ("max_heart_rate_bpm = 190", "outside an [[athlete]] table"),
        ("[athlete]\nvalid_from = 2024-01-01", "double brackets"),
        (HEAD + "max_hr = 190", "unknown key 'max_hr'"),
        ("[[athlete]]\nmax_heart_rate_bpm = 190", "needs a date"),
        ('[[athlete]]\nvalid_from = "2024-01-01"', "needs a date"),
        ("[[athlete]]\nvalid_from = 2024-01-01T00:00:00", "needs a date"),
        (HEAD + HEAD, "two entries valid from 2024-01-01"),
        (HEAD + "max_heart_rate_bpm = 300", "from 100 to 240"),
        (HEAD + "max_heart_rate_bpm = nan", "from 100 to 240"),
        (HEAD + "max_heart_rate_bpm = '190'", "from 100 to 240"),
        (HEAD + "max_heart_rate_bpm = true", "from 100 to 240"),
        (HEAD + "threshold_speed_m_per_s = 14.4", "from 1 to 8"),
        (HEAD + "sex = 'm'", "'female' or 'male'"),
        (HEAD + "resting_heart_rate_bpm = 110\nmax_heart_rate_bpm = 105", "out of order"),
        (HEAD + "threshold_heart_rate_bpm = 60\nresting_heart_rate_bpm = 60", "from 80 to 230"),
        (HEAD + "home_timezone = 'Tokyo'", "an IANA zone such as"),
        (HEAD + "home_timezone = 9", "an IANA zone such as"),
        (HEAD + "sex = '" + "x" * 10_000 + "'", "'female' or 'male'"),
        (HEAD + "max_heart_rate_bpm = " + "9" * 5_000, "not TOML"),
        ("a = " + "[" * 100_000, "not TOML"),
        ("#" * (1024 * 1024 + 1), "larger than 1 MiB"),
        (HEAD + "threshold_heart_rate_bpm = 190", "give also max_heart_rate_bpm"),
        (HEAD + "threshold_heart_rate_bpm = 100\nresting_heart_rate_bpm = 100", "out of order"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_in_one_sentence(text: str, named: str) -> None:
    with pytest.raises(AthleteError) as refusal:
        read_athlete(text.encode("latin-1"))
    message = str(refusal.value)
    assert named in message
    assert "athlete file" in message
    assert "\n" not in message
    assert len(message) < 300
    assert message.endswith(".")
