"""iCalendar rosters: recurrences, exceptions, zones, and what is no shift."""

from __future__ import annotations

from datetime import datetime

import pytest

from coros_assets.errors import RosterError

from .builders import VIENNA, calendar_bytes, read

NIGHT = "DTSTART;TZID=Europe/Vienna:20260301T190000|DTEND;TZID=Europe/Vienna:20260302T070000"
DAY = "DTSTART;TZID=Europe/Vienna:20260304T070000|DTEND;TZID=Europe/Vienna:20260304T190000"
ALL_DAY = "DTSTART;VALUE=DATE:20260306|DTEND;VALUE=DATE:20260307|SUMMARY:Leave"


def starts(data: bytes, home: str = VIENNA) -> list[str]:
    local = read("r.ics", data, home)["start_time_local"].to_pylist()
    return [f"{start:%m-%d %H:%M}" for start in local]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([NIGHT, DAY], ["03-01 19:00", "03-04 07:00"]),
        ([NIGHT + "|RRULE:FREQ=DAILY;INTERVAL=4;COUNT=3"], ["03-01 19:00", "03-05 19:00", "03-09 19:00"]),
        (
            [NIGHT + "|RRULE:FREQ=WEEKLY;UNTIL=20260316T000000Z"],
            ["03-01 19:00", "03-08 19:00", "03-15 19:00"],
        ),
        (
            [NIGHT + "|RRULE:FREQ=DAILY;COUNT=3|EXDATE;TZID=Europe/Vienna:20260302T190000"],
            ["03-01 19:00", "03-03 19:00"],
        ),
        ([NIGHT + "|RDATE;TZID=Europe/Vienna:20260310T190000"], ["03-01 19:00", "03-10 19:00"]),
        (
            [
                "UID:a|" + NIGHT + "|RRULE:FREQ=DAILY;INTERVAL=7;COUNT=3",
                "UID:a|RECURRENCE-ID;TZID=Europe/Vienna:20260308T190000|SUMMARY:Swapped"
                "|DTSTART;TZID=Europe/Vienna:20260309T140000|DTEND;TZID=Europe/Vienna:20260309T220000",
            ],
            ["03-01 19:00", "03-09 14:00", "03-15 19:00"],
        ),
        (
            [
                "UID:a|" + NIGHT + "|RRULE:FREQ=DAILY;INTERVAL=7;COUNT=2",
                "UID:a|STATUS:CANCELLED|RECURRENCE-ID;TZID=Europe/Vienna:20260308T190000"
                "|DTSTART;TZID=Europe/Vienna:20260308T190000|DTEND;TZID=Europe/Vienna:20260309T070000",
            ],
            ["03-01 19:00"],
        ),
        ([NIGHT, DAY + "|STATUS:CANCELLED"], ["03-01 19:00"]),
        ([NIGHT, ALL_DAY, ALL_DAY + "|RRULE:FREQ=YEARLY"], ["03-01 19:00"]),
        (["DTSTART:20260301T180000Z|DURATION:PT12H"], ["03-01 19:00"]),
        (["UID:same|" + NIGHT, "UID:same|" + DAY], ["03-01 19:00", "03-04 07:00"]),
        (["UID:a|SEQUENCE:1|" + DAY, "UID:a|SEQUENCE:0|" + NIGHT], ["03-04 07:00"]),
    ],
)
def test_recurrences_and_exceptions_are_expanded(events: list[str], expected: list[str]) -> None:
    assert starts(calendar_bytes(*events)) == expected


@pytest.mark.parametrize(
    ("stamp", "last"),
    [("", "2028-02-27 19:00"), ("|DTSTAMP:20300101T120000Z", "2031-12-28 19:00")],
)
def test_a_recurrence_without_end_goes_two_years_past_the_latest_date_named(stamp: str, last: str) -> None:
    data = calendar_bytes(NIGHT + "|RRULE:FREQ=WEEKLY" + stamp)
    shifts = read("r.ics", data, VIENNA)
    assert shifts["start_time_local"].to_pylist()[-1] == datetime.fromisoformat(last)


def test_a_recurring_night_keeps_its_wall_clock_when_the_clocks_change() -> None:
    shifts = read("r.ics", calendar_bytes(NIGHT + "|RRULE:FREQ=DAILY;COUNT=40"), VIENNA).to_pylist()
    assert {shift["end_time_local"].hour for shift in shifts} == {7}
    hours = [(shift["end_time"] - shift["start_time"]).total_seconds() / 3600 for shift in shifts]
    assert [h for h in hours if h != 12] == [11]
    assert hours[27] == 11


@pytest.mark.parametrize(
    ("event", "header", "zone"),
    [
        ("DTSTART:20260301T190000|DTEND:20260302T070000", "", VIENNA),
        (
            "DTSTART:20260301T190000|DTEND:20260302T070000",
            "X-WR-TIMEZONE:America/New_York",
            "America/New_York",
        ),
        ("DTSTART:20260301T180000Z|DTEND:20260302T060000Z", "", VIENNA),
        (
            "DTSTART:20260302T000000Z|DTEND:20260302T120000Z",
            "X-WR-TIMEZONE:America/New_York",
            "America/New_York",
        ),
        ("DTSTART;TZID=UTC:20260301T180000|DTEND;TZID=UTC:20260302T060000", "", VIENNA),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260301T190000|DURATION:PT12H",
            "",
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=/example.org/2025_1/Europe/Vienna:20260301T190000|DTEND;TZID=Europe/Vienna:20260302T070000",
            "X-WR-TIMEZONE:America/New_York",
            VIENNA,
        ),
    ],
)
def test_every_way_to_state_a_zone_is_understood(event: str, header: str, zone: str) -> None:
    (shift,) = read("r.ics", calendar_bytes(event, header=header), VIENNA).to_pylist()
    assert shift["timezone"] == zone
    assert shift["start_time_local"] == datetime.fromisoformat("2026-03-01 19:00")
    assert shift["end_time_local"] == datetime.fromisoformat("2026-03-02 07:00")


def test_a_files_own_zone_rules_do_not_change_how_the_next_file_is_read() -> None:
    rules = (
        "BEGIN:VTIMEZONE|TZID:W. Europe Standard Time|BEGIN:STANDARD|DTSTART:16010101T000000"
        "|TZOFFSETFROM:+0900|TZOFFSETTO:+0900|END:STANDARD|END:VTIMEZONE"
    )
    event = "DTSTART;TZID=W. Europe Standard Time:20260301T190000|DURATION:PT8H"
    for header in (rules, ""):
        (shift,) = read("r.ics", calendar_bytes(event, header=header), VIENNA).to_pylist()
        assert shift["shift_id"] == "20260301T180000Z"


def test_a_skipped_local_time_counts_with_the_offset_before_the_gap_as_the_standard_has_it() -> None:
    data = calendar_bytes("DTSTART:20260329T023000|DTEND:20260329T100000")
    assert starts(data) == ["03-29 03:30"]


@pytest.mark.parametrize(
    ("title", "hours"),
    [
        ("Night", "19:00-07:00"),
        ("N", "19:00-07:00"),
        ("LD", "07:00-19:00"),
        ("19-07", "19:00-07:00"),
        ("19:00-07:00", "19:00-07:00"),
        ("Nachtdienst", "19:00-07:00"),
        ("fru\u0308hdienst", "06:00-14:00"),
        ("Off", None),
        ("Urlaub", None),
        ("Leave", None),
        ("Sick", None),
        ("Ward 7", "20:15-06:45"),
        ("ward  8 north", "20:15-06:45"),
        ("Birthday", None),
    ],
)
def test_an_all_day_event_is_the_shift_that_its_title_names(title: str, hours: str | None) -> None:
    codes = '"Ward*" = "20:15-06:45"\nBirthday = "off"'
    day = f"DTSTART;VALUE=DATE:20260306|DTEND;VALUE=DATE:20260307|SUMMARY:{title}"
    shifts = read("r.ics", calendar_bytes(NIGHT, day), VIENNA, codes).to_pylist()[1:]
    found = [f"{shift['start_time_local']:%H:%M}-{shift['end_time_local']:%H:%M}" for shift in shifts]
    assert found == [hours] * (hours is not None)


def test_an_all_day_event_of_several_dates_is_a_shift_on_each() -> None:
    nights = "DTSTART;VALUE=DATE:20260306|DTEND;VALUE=DATE:20260309|SUMMARY:N|RRULE:FREQ=WEEKLY;COUNT=2"
    assert [start[:5] for start in starts(calendar_bytes(nights))] == [
        "03-06",
        "03-07",
        "03-08",
        "03-13",
        "03-14",
        "03-15",
    ]


def test_an_event_that_ends_on_the_date_it_starts_is_a_shift_on_that_date() -> None:
    data = calendar_bytes("DTSTART;VALUE=DATE:20260306|DTEND;VALUE=DATE:20260306|SUMMARY:N")
    assert starts(data) == ["03-06 19:00"]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("", ["03-01 19:00", "03-04 07:00"]),
        ('Dentist = "off"', ["03-01 19:00"]),
        ('"*" = "off"', ["03-01 19:00"]),
        ('Night = "off"', ["03-04 07:00"]),
    ],
)
def test_the_codes_say_which_events_with_hours_are_no_shifts(codes: str, expected: list[str]) -> None:
    data = calendar_bytes(NIGHT + "|SUMMARY:Night", DAY + "|SUMMARY:Dentist")
    shifts = read("r.ics", data, VIENNA, codes)
    assert [f"{start:%m-%d %H:%M}" for start in shifts["start_time_local"].to_pylist()] == expected


def test_an_event_with_hours_keeps_them_whatever_its_title_usually_means() -> None:
    assert starts(calendar_bytes(NIGHT + "|SUMMARY:Day")) == ["03-01 19:00"]


def test_leave_with_hours_is_no_shift() -> None:
    assert starts(calendar_bytes(NIGHT, DAY + "|SUMMARY:Urlaub")) == ["03-01 19:00"]


def test_hours_of_a_code_are_those_of_the_zone_the_calendar_states() -> None:
    day = "DTSTART;VALUE=DATE:20260306|SUMMARY:N"
    (shift,) = read("r.ics", calendar_bytes(day, header="X-WR-TIMEZONE:America/New_York")).to_pylist()
    assert (shift["shift_id"], shift["timezone"]) == ("20260307T000000Z", "America/New_York")


def test_the_source_names_the_event_and_the_title_is_its_summary() -> None:
    shifts = read("r.ics", calendar_bytes(ALL_DAY, NIGHT + "|SUMMARY:Nacht\\, Station 3"), VIENNA)
    assert shifts["source"].to_pylist() == ["r.ics event 2"]
    assert shifts["title"].to_pylist() == ["Nacht, Station 3"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (calendar_bytes(ALL_DAY, ALL_DAY), "there are no shifts in it"),
        (
            calendar_bytes(NIGHT, ALL_DAY.replace("Leave", "Z9"), ALL_DAY.replace("Leave", "Z9")),
            'it is not known what "Z9" (2) means: add a line for each to codes.toml, such as '
            '"Z9" = "07:00-15:00", or "Z9" = "off" where it is no shift',
        ),
        (calendar_bytes(ALL_DAY.replace("SUMMARY:Leave", "CLASS:PUBLIC")), 'what "" (1) means'),
        (
            calendar_bytes("DTSTART;VALUE=DATE:20260306|DTEND;VALUE=DATE:20260301|SUMMARY:N"),
            "event 1 (2026-03-06 00:00) does not end after it starts",
        ),
        (calendar_bytes("DTSTART;VALUE=DATE:19700101|DURATION:P40001D|SUMMARY:N"), "more than 40,000"),
        (calendar_bytes("DTSTART;VALUE=DATE:20260101|DURATION:P90000D|SUMMARY:N"), "event 1 is dated 2272"),
        (
            calendar_bytes("DTSTART;VALUE=DATE:20260328|SUMMARY:14:00-02:30"),
            "event 1 has the end 2026-03-29 02:30:00, which the clocks skip in Europe/Vienna",
        ),
        (
            calendar_bytes("DTSTART;VALUE=DATE:20261024|SUMMARY:18:00-02:30"),
            "event 1 has the end 2026-10-25 02:30:00, which happens twice in Europe/Vienna: give its code",
        ),
        (calendar_bytes(), "there are no shifts in it"),
        (calendar_bytes(NIGHT + "|STATUS:CANCELLED"), "there are no shifts in it"),
        (calendar_bytes(NIGHT, NIGHT), "event 1 (2026-03-01 19:00) and event 2 (2026-03-01 19:00) overlap"),
        (calendar_bytes("SUMMARY:x"), "event 1 has no readable DTSTART"),
        (
            calendar_bytes(NIGHT, "DTSTART:20260230T190000|DTEND:20260301T070000"),
            "event 2 has no readable DTSTART",
        ),
        (
            calendar_bytes(NIGHT.split("|", maxsplit=1)[0] + "|DURATION:eight hours"),
            "event 1 has no readable DURATION",
        ),
        (
            calendar_bytes("DTSTART:20260301T190000"),
            "event 1 (2026-03-01 19:00) does not end after it starts",
        ),
        (calendar_bytes("DTSTART:20260301T190000|DTEND:20260301T070000"), "does not end after it starts"),
        (
            calendar_bytes("DTSTART:20260301T190000|DTEND;VALUE=DATE:20260302"),
            "event 1 has hours at one end only",
        ),
        (calendar_bytes("DTSTART:20260301T190000|DURATION:P99999999D"), "event 1 has no readable end"),
        (
            calendar_bytes("DTSTART:20260301T190000|DURATION:P4D"),
            "event 1 (2026-03-01 19:00) lasts more than 72 h",
        ),
        (calendar_bytes("DTSTART:99990101T190000Z|DURATION:PT8H"), "event 1 is dated 9999"),
        (
            calendar_bytes("DTSTART;TZID=Office:20260301T190000|DURATION:PT8H"),
            "event 1 is in the zone 'Office'",
        ),
        (calendar_bytes(NIGHT, header="X-WR-TIMEZONE:Office"), "its X-WR-TIMEZONE 'Office' is no IANA zone"),
        (calendar_bytes(NIGHT + "|RRULE:FREQ=HOURLY"), "event 1 repeats within a day"),
        (calendar_bytes(NIGHT + "|RRULE:FREQ=DAILY;BYHOUR=7,19"), "event 1 repeats within a day"),
        (calendar_bytes(NIGHT + "|RRULE:FREQ=DAILY;INTERVAL=0"), "event 1 repeats with an INTERVAL below 1"),
        (calendar_bytes(NIGHT + "|RRULE:FREQ=FORTNIGHTLY"), "event 1 has no readable RRULE"),
        (
            calendar_bytes(NIGHT + "|RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=400"),
            "its recurrences cannot be expanded",
        ),
        (calendar_bytes(NIGHT)[:-20], "not one complete iCalendar"),
        (calendar_bytes(NIGHT) * 2, "not one complete iCalendar"),
        (calendar_bytes(*[NIGHT] * 40_001), "more than 40,000 shifts"),
        (
            calendar_bytes(
                *[
                    f"DTSTART:19700101T{hour:02d}0000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=21000"
                    for hour in (1, 3)
                ]
            ),
            "more than 40,000 shifts",
        ),
    ],
)
def test_a_calendar_that_cannot_be_right_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(RosterError) as refusal:
        read("mine.ics", data, VIENNA)
    sentence = str(refusal.value)
    assert message in sentence
    assert sentence.startswith("mine.ics: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
