"""Rosters as tables: what is read, and what is refused by the name of its row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coros_assets.errors import RosterError

from .builders import VIENNA, csv_bytes, read


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes("start,end", "2026-05-04 19:00,2026-05-05 07:00"),
        csv_bytes("start;end", "2026-05-04T19:00:00;2026-05-05T07:00:00"),
        csv_bytes("Start Time, End-Time ", " 2026-05-04 19:00 ,2026-05-05 07:00"),
        csv_bytes("Beginn;Ende", "2026-05-04 19:00;2026-05-05 07:00", "", ";"),
        csv_bytes("", "von,bis", "", "2026-05-04 19:00,2026-05-05 07:00"),
        csv_bytes("end,begin", "2026-05-05 07:00,2026-05-04 19:00"),
        csv_bytes("start,end", "2026-05-04 17:00Z,2026-05-05T05:00:00+00:00"),
        csv_bytes("start,end,tz", "2026-05-04 19:00,2026-05-05 07:00,"),
        csv_bytes("start,end,tz", "2026-05-04 13:00-04:00,2026-05-05 07:00,Europe/Vienna"),
        b"\xef\xbb\xbf"
        + csv_bytes("start,end", '"2026-05-04 19:00","2026-05-05 07:00"').replace(b"\n", b"\r\n"),
    ],
)
def test_every_accepted_spelling_gives_the_same_shift(data: bytes) -> None:
    (shift,) = read("r.csv", data, VIENNA).to_pylist()
    assert shift["shift_id"] == "20260504T170000Z"
    assert shift["end_time"] == datetime(2026, 5, 5, 5, tzinfo=UTC)
    assert shift["end_time_local"] == datetime.fromisoformat("2026-05-05 07:00")
    assert (shift["timezone"], shift["kind"]) == (VIENNA, "night")


def test_rows_may_be_in_different_zones() -> None:
    shifts = read(
        "r.csv",
        csv_bytes(
            "start,end,timezone,title",
            "2026-05-06 19:00,2026-05-07 07:00,America/New_York,Abroad",
            "2026-05-04 19:00,2026-05-05 07:00,,Home",
        ),
        VIENNA,
    )
    assert shifts["shift_id"].to_pylist() == ["20260504T170000Z", "20260506T230000Z"]
    assert shifts["title"].to_pylist() == ["Home", "Abroad"]
    assert shifts["source"].to_pylist() == ["r.csv row 3", "r.csv row 2"]


@pytest.mark.parametrize(("fold", "hours"), [("0", 6), ("1", 5)])
def test_fold_says_which_of_two_hours_is_meant(fold: str, hours: int) -> None:
    data = csv_bytes("start,end,fold", f"2026-10-25 02:30,2026-10-25 07:30,{fold}")
    (shift,) = read("r.csv", data, VIENNA).to_pylist()
    assert (shift["end_time"] - shift["start_time"]).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ["start,end,colour"],
            "the column 'colour' is unknown: the first row names the columns, which are start (",
        ),
        (["start,title"], "the column end is missing"),
        (["start,begin,end"], "two columns for start"),
        (["start,end", "2026-05-04 19:00"], "row 2 has 1 cells, the header 2"),
        (
            ["start,end", "", "2026-05-05 07:00,2026-05-04 19:00"],
            "row 3 (2026-05-05 07:00) does not end after",
        ),
        (["start,end", "2026-05-05 07:00,2026-05-05 07:00"], "row 2 (2026-05-05 07:00) does not end after"),
        (
            ["start,end", "2026-02-30 19:00,2026-03-01 07:00"],
            "row 2 has '2026-02-30 19:00', which is no time",
        ),
        (["start,end", "2026-05-04,2026-05-05"], "row 2 has '2026-05-04', which is no time"),
        (["start,end", "2026-05-04 19:00,19:00"], "row 2 has '19:00', which is no time"),
        (["start,end", "2026-05-04 7:00,2026-05-04 19:00"], "row 2 has '2026-05-04 7:00', which is no time"),
        (
            ["start,end", "04.05.2026 07:00,04.05.2026 19:00"],
            "row 2 has '04.05.2026 07:00', which is no time",
        ),
        (
            ["start,end", "2026-05-04 24:00,2026-05-05 07:00"],
            "row 2 has '2026-05-04 24:00', which is no time",
        ),
        (["start,end", "\uff12026-05-04 19:00,2026-05-05 07:00"], "which is no time"),
        (["start,end", "2026-05-04 19:00+25:00,2026-05-05 07:00"], "which is no time"),
        (["start,end", "1026-05-04 19:00,1026-05-05 07:00"], "row 2 is dated 1026"),
        (["start,end", "2026-05-04 19:00,2026-06-05 07:00"], "row 2 (2026-05-04 19:00) lasts more than 72 h"),
        (
            ["start,end", "2026-03-29 02:30,2026-03-29 10:00"],
            "row 2 has the start 2026-03-29 02:30:00, which the clocks skip",
        ),
        (
            ["start,end", "2026-10-24 19:00,2026-10-25 02:30"],
            "row 2 has the end 2026-10-25 02:30:00, which happens twice",
        ),
        (["start,end,fold", "2026-10-24 19:00,2026-10-25 02:30,2"], "row 2 has the fold '2'"),
        (["start,end,tz", "2026-05-04 19:00,2026-05-05 07:00,Wien"], "row 2 is in the zone 'Wien'"),
        (["date,start", "2026-05-04,19:00"], "the column end is missing"),
        (["date,tz", "2026-05-04,UTC"], "the column title is missing"),
        (["date,code", "2026-02-30,N"], "row 2 has '2026-02-30', which is no date: write it as 2026-03-28"),
        (["date,code", "30.04.2026,N"], "row 2 has '30.04.2026', which is no date"),
        (["date,code", "2026-05-04 07:00,N"], "row 2 has '2026-05-04 07:00', which is no date"),
        (["date,code", ",N"], "row 2 has '', which is no date"),
        (["date,start,end", "2026-05-04,19:00,"], "row 2 has '', which is no time of day: write it as 19:00"),
        (["date,start,end", "2026-05-04,25:00,7"], "row 2 has '25:00', which is no time of day"),
        (["date,start,end", "2026-05-04,24:00,7"], "row 2 has '24:00', which is no start of a shift"),
        (
            ["date,code", "2026-05-04,Z1", "2026-05-05,Q", "2026-05-06,Q", "2026-05-07,N"],
            'it is not known what "Q" (2), "Z1" (1) means: add a line for each to codes.toml',
        ),
        (
            ["date,code", *(f"2026-05-{day:02d},Z{day}" for day in range(1, 13))],
            '"Z8" (1) and 4 more means',
        ),
        (
            ["date,code", "2026-03-28,15:00-02:30"],
            "row 2 has the end 2026-03-29 02:30:00, which the clocks skip",
        ),
        (
            ["date,code", "2026-10-24,18:00-02:30"],
            "row 2 has the end 2026-10-25 02:30:00, which happens twice in Europe/Vienna: add a column fold",
        ),
        (["date,code", "2026-05-04,N", "2026-05-05,06:00-14:00"], "row 2 (2026-05-04 19:00) and row 3"),
        (["date,code", "2026-05-04,Off", "2026-05-05,"], "there are no shifts in it"),
        (["start,end", '"2026-05-04 19:00,2026-05-05 07:00'], "is not CSV"),
        (["start,end"], "there are no shifts in it"),
        ([], "there are no shifts in it"),
        (
            [
                "start,end",
                "2026-05-04 19:00,2026-05-05 07:00",
                "2026-05-06 07:00,2026-05-06 19:00",
                "2026-05-05 06:59,2026-05-05 19:00",
            ],
            "row 2 (2026-05-04 19:00) and row 4 (2026-05-05 06:59) overlap",
        ),
        (["start,end", *["2026-05-04 19:00,2026-05-05 07:00"] * 40_001], "more than 40,000 shifts"),
    ],
)
def test_a_roster_that_cannot_be_right_is_refused_in_one_sentence(rows: list[str], message: str) -> None:
    with pytest.raises(RosterError) as refusal:
        read("mine.csv", csv_bytes(*rows), VIENNA)
    sentence = str(refusal.value)
    assert message in sentence
    assert sentence.startswith("mine.csv: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_shift_may_begin_when_the_one_before_ends() -> None:
    data = csv_bytes("start,end", "2026-05-04 07:00,2026-05-04 19:00", "2026-05-04 19:00,2026-05-05 07:00")
    assert read("r.csv", data, VIENNA)["kind"].to_pylist() == ["day", "night"]


@pytest.mark.parametrize(
    "rows",
    [
        ["date,start,end", "2026-05-04,19:00,07:00"],
        ["date,start,end", "2026-05-04 00:00:00,19:00:00,07:00:00"],
        ["Datum;Von;Bis", "2026-05-04;19;7"],
        ["date,from,to,tz", "2026-05-04,7 pm,7 am,Europe/Vienna"],
        ["date,code", "2026-05-04,N"],
        ["Datum;Dienst", "2026-05-04;Nachtdienst", "2026-05-05;Urlaub", "2026-05-06;"],
        ["date,shift", "2026-05-04,7p-7a"],
        ["date,start,end,shift", "2026-05-04,19:00,07:00,Z9", "2026-05-05,,,off", "2026-05-06,,,"],
        ["date,start,end,shift", "2026-05-04,,,N"],
    ],
)
def test_a_date_goes_with_times_of_day_or_with_a_code(rows: list[str]) -> None:
    (shift,) = read("r.csv", csv_bytes(*rows)).to_pylist()
    assert (shift["shift_id"], shift["timezone"]) == ("20260504T170000Z", VIENNA)
    assert shift["end_time"] == datetime(2026, 5, 5, 5, tzinfo=UTC)


def test_an_end_at_24_00_is_midnight_and_equal_times_are_a_day() -> None:
    data = csv_bytes("date,start,end", "2026-05-04,12:00,24:00", "2026-05-06,08:00,08:00")
    shifts = read("r.csv", data).to_pylist()
    hours = [(shift["end_time"] - shift["start_time"]).total_seconds() / 3600 for shift in shifts]
    assert hours == [12, 24]


@pytest.mark.parametrize(
    ("code", "fold", "hours"),
    [
        ("18:00-02:30", "0", 8.5),
        ("18:00-02:30", "1", 9.5),
        ("Bar", "", 8.5),
        ("Bar", "1", 9.5),
    ],
)
def test_the_fold_of_a_code_counts_unless_the_row_says_another(code: str, fold: str, hours: float) -> None:
    data = csv_bytes("date,code,fold", f"2026-10-24,{code},{fold}")
    (shift,) = read("r.csv", data, codes='Bar = { hours = "18:00-02:30", fold = 0 }').to_pylist()
    assert (shift["end_time"] - shift["start_time"]).total_seconds() == hours * 3600


def test_hours_that_a_row_gives_count_before_those_of_its_title() -> None:
    (shift,) = read("r.csv", csv_bytes("date,start,end,title", "2026-05-04,7:30,15:00,N")).to_pylist()
    assert (shift["kind"], shift["title"]) == ("day", "N")
