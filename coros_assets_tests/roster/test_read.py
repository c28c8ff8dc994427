"""What holds for every roster, whatever its format."""

from __future__ import annotations

from datetime import UTC, datetime, time
from unicodedata import category

import hypothesis.strategies as st
import pytest
from hypothesis import given

from coros_assets.errors import RosterError
from coros_assets.tables import ROSTER_SHIFTS

from .builders import VIENNA, calendar_bytes, csv_bytes, read, roster_of, workbook_bytes
from .strategies import intervals


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        (VIENNA, "2026-03-28 19:00", "2026-03-29 07:00", 11),
        (VIENNA, "2026-10-24 19:00", "2026-10-25 07:00", 13),
        (VIENNA, "2026-05-04 19:00", "2026-05-05 07:00", 12),
        ("America/New_York", "2026-03-07 19:00", "2026-03-08 07:00", 11),
        ("America/New_York", "2026-10-31 19:00", "2026-11-01 07:00", 13),
        ("Australia/Sydney", "2026-04-04 19:00", "2026-04-05 07:00", 13),
        ("Australia/Sydney", "2026-10-03 19:00", "2026-10-04 07:00", 11),
    ],
)
@pytest.mark.parametrize(
    "form", ["csv", "date and times", "date and code", "xlsx", "ics", "floating", "all day", "pattern"]
)
def test_a_night_lasts_an_hour_less_or_more_when_the_clocks_change(
    zone: str, start: str, end: str, hours: int, form: str
) -> None:
    compact = [text.replace("-", "").replace(" ", "T").replace(":", "") + "00" for text in (start, end)]
    data = {
        "csv": csv_bytes("start,end,timezone", f"{start},{end},{zone}"),
        "date and times": csv_bytes("date,start,end,timezone", f"{start[:10]},19:00,07:00,{zone}"),
        "date and code": csv_bytes("date,code,timezone", f"{start[:10]},N,{zone}"),
        "xlsx": workbook_bytes(["date", "start", "end", "tz"], [start[:10], time(19), time(7), zone]),
        "pattern": (
            f"[[pattern]]\ncycle = 'NO'\nanchor = {start[:10]}\nuntil = {start[:10]}\ntimezone = '{zone}'\n"
        ).encode(),
        "all day": calendar_bytes(
            f"DTSTART;VALUE=DATE:{compact[0][:8]}|SUMMARY:N", header=f"X-WR-TIMEZONE:{zone}"
        ),
        "ics": calendar_bytes(f"DTSTART;TZID={zone}:{compact[0]}|DTEND;TZID={zone}:{compact[1]}"),
        "floating": calendar_bytes(
            f"DTSTART:{compact[0]}|DTEND:{compact[1]}", header=f"X-WR-TIMEZONE:{zone}"
        ),
    }[form]
    (shift,) = read("r.toml" if form == "pattern" else "r", data, "Asia/Tokyo").to_pylist()
    assert (shift["end_time"] - shift["start_time"]).total_seconds() == hours * 3600
    assert shift["start_time_local"] == datetime.fromisoformat(start)
    assert shift["end_time_local"] == datetime.fromisoformat(end)
    assert (shift["timezone"], shift["kind"]) == (zone, "night")


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03",
        b"\x89PNG\r\n\x1a\n",
        "start,end\n".encode("utf-16"),
        "start,end,name\n2026-05-04 19:00,2026-05-05 07:00,Frühdienst".encode("latin-1"),
    ],
)
def test_what_is_neither_calendar_nor_text_is_refused(data: bytes) -> None:
    with pytest.raises(RosterError, match=r"^r\.bin: neither an iCalendar nor CSV text in UTF-8: .*\.$"):
        read("r.bin", data, VIENNA)


def test_a_file_of_unreasonable_size_is_refused_before_it_is_read() -> None:
    with pytest.raises(RosterError, match="larger than 64 MiB"):
        read("r.csv", b" " * (64 * 1024 * 1024 + 1), VIENNA)


@pytest.mark.parametrize("name", ["r.csv", "evil\x1b]0;owned\x07\n.csv"])
def test_control_characters_reach_neither_the_table_nor_a_message(name: str) -> None:
    data = csv_bytes(
        "start,end,title", "2026-05-04 19:00,2026-05-05 07:00,\u202enight\u0085 shift\u2028 [bold]"
    )
    (shift,) = read(name, data, VIENNA).to_pylist()
    assert shift["title"] == "night shift [bold]"
    assert all(category(c)[0] != "C" for c in shift["source"])
    with pytest.raises(RosterError) as refusal:
        read(name, csv_bytes("start,end,\u009b31m"), VIENNA)
    assert all(category(c)[0] != "C" for c in str(refusal.value))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_roster_or_refused(data: bytes) -> None:
    for file in (data, b"start,end\n" + data, b"BEGIN:VCALENDAR\n" + data, b"PK\x03\x04" + data):
        try:
            shifts = read("r", file, VIENNA)
        except RosterError:
            continue
        assert shifts.num_rows


@given(st.text(max_size=80))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    for file in (text, "[[pattern]]\nanchor = 2026-01-05\nuntil = 2026-02-05\ncycle = 'DN'\n" + text):
        try:
            shifts = read("r.toml", file.encode("utf-8", "replace"), VIENNA)
        except RosterError:
            continue
        assert shifts.num_rows


@given(intervals())
def test_shifts_come_out_sorted_in_the_contract_with_ids_of_their_own(given_intervals: list) -> None:
    shifts = roster_of(reversed(given_intervals))
    assert shifts.schema == ROSTER_SHIFTS.arrow_schema
    assert shifts["start_time"].to_pylist() == [start for start, _, _ in given_intervals]
    assert shifts["end_time"].to_pylist() == [end for _, end, _ in given_intervals]
    ids = [start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for start, _, _ in given_intervals]
    assert shifts["shift_id"].to_pylist() == ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(
            "start,end",
            "2023-08-30 19:00,2023-08-31 07:00",
            "2023-08-31 19:00,2023-09-01 07:00",
            "2023-09-01 19:00,2023-09-02 07:00",
        ),
        csv_bytes("date,code", "2023-08-30,N", "2023-08-31,N", "2023-09-01,N"),
        calendar_bytes("DTSTART;VALUE=DATE:20230830|DURATION:P3D|SUMMARY:N"),
        workbook_bytes(["date", "code"], *([f"2023-{day}", "N"] for day in ("08-30", "08-31", "09-01"))),
        b"[[pattern]]\ncycle = 'N'\nanchor = 2023-08-30\nuntil = 2023-09-01\n",
        calendar_bytes("DTSTART:20230830T190000|DTEND:20230831T070000|RRULE:FREQ=DAILY;COUNT=3"),
    ],
)
def test_times_without_a_zone_are_those_of_the_home_on_the_date_they_start(data: bytes) -> None:
    name = "r.toml" if data.startswith(b"[[") else "r"
    shifts = read(name, data, "Europe/Vienna; 2023-09-01 Asia/Tokyo")
    assert shifts["timezone"].to_pylist() == [VIENNA, VIENNA, "Asia/Tokyo"]
    assert shifts["shift_id"].to_pylist() == ["20230830T170000Z", "20230831T170000Z", "20230901T100000Z"]


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(
            "start,end",
            "2023-08-31T14:00Z,2023-08-31T22:00Z",
            "2023-09-01T14:00Z,2023-09-01T22:00Z",
        ),
        calendar_bytes(
            "DTSTART:20230831T140000Z|DTEND:20230831T220000Z",
            "DTSTART:20230901T140000Z|DTEND:20230901T220000Z",
        ),
    ],
)
def test_instants_show_the_wall_clock_of_the_home_then(data: bytes) -> None:
    shifts = read("r", data, "Europe/Vienna; 2023-09-01 Asia/Tokyo").to_pylist()
    assert [f"{shift['start_time_local']:%m-%d %H:%M}" for shift in shifts] == ["08-31 16:00", "09-01 23:00"]


def test_a_calendar_that_states_its_zone_does_not_move_with_the_home() -> None:
    data = calendar_bytes(
        "DTSTART:20230930T190000|DTEND:20231001T070000", header="X-WR-TIMEZONE:America/New_York"
    )
    (shift,) = read("r", data, "Europe/Vienna; 2023-09-01 Asia/Tokyo").to_pylist()
    assert shift["timezone"] == "America/New_York"
