"""What a wellness file is understood as, and what is refused by the name of its row."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pyarrow.compute as pc
import pytest
from hypothesis import given

from coros_assets.errors import WellnessError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.wellness import read as reading
from coros_assets.wellness.read import read_wellness

from .builders import VIENNA, csv_bytes, mornings, read

HEADER = "date,resting_heart_rate_bpm,hrv_rmssd_ms,sleep_start,sleep_end"


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(HEADER, "2026-05-05,52,61.5,2026-05-04 23:00,2026-05-05 06:30"),
        csv_bytes("Day;RHR;RMSSD;Bedtime;Wake time", "20260505;52;61.5;2026-05-04T23:00:00;2026-05-05T06:30"),
        b"\xef\xbb\xbf" + csv_bytes(f'"{HEADER}"'.replace(",", '","'), '"2026-05-05","52","61.5",'
                                    '"2026-05-04 21:00Z","2026-05-05 06:30+02:00"'),
        csv_bytes("date,rhr,hrv,bedtime,wake-time", "2026-05-05,52,61.5,,", "",
                  ",,,2026-05-04 23:00,2026-05-05 06:30"),
        json.dumps([{"date": "2026-05-05", "rhr": 52, "hrv": 61.5, "nap": False,
                     "sleep_start": "2026-05-04 23:00", "sleep_end": "2026-05-05 06:30"}]).encode(),
        json.dumps({"mornings": [{"date": 20260505, "rhr": 52, "hrv": 61.5, "sleep_h": None}],
                    "s": [{"sleep_start": "2026-05-04 23:00", "sleep_end": "2026-05-05 06:30"}]}).encode(),
    ],
)  # fmt: skip
def test_every_accepted_spelling_gives_the_same_morning(data: bytes) -> None:
    found = read_wellness("w", data, VIENNA)
    assert mornings(found) == {
        "2026-05-05": {
            "resting_heart_rate_bpm": 52,
            "hrv_rmssd_ms": 61.5,
            "sleep_h": 7.5,
            "day_sleep_h": 0,
            "main_sleep_is_day": False,
        }
    }
    (sleep,) = found.sleep.to_pylist()
    assert (sleep["sleep_id"], sleep["end_time"]) == (
        "20260504T210000Z",
        datetime(2026, 5, 5, 4, 30, tzinfo=UTC),
    )
    assert (sleep["timezone"], sleep["is_nap"], sleep["asleep_h"]) == ("Europe/Vienna", False, 7.5)


OVERVIEW = """\
Sleep Overview
========================
Note: each record below is dated by its wake-up day.

2026-10-09
Sleep Score: 72
Daily Sleep: 5h 47min (incl. naps)
Main Sleep (asleep): 4h 50min
Main Sleep Period (incl. awake): 5h 1min
Awake Count (>5 min): 0
Main Sleep Window: 2026-10-08 23:57 - 2026-10-09 04:58
Naps Total (asleep): 57 min
Nap Window: 2026-10-08 23:03 - 2026-10-09 00:09

2026-10-10
Sleep Score: No data
Main Sleep: 0 min
"""
OLDER = """\
Sleep Data
========================

2026-05-11
Sleep Score: 58
Main Sleep: 8h 19min
Main Sleep Window: 22:23 - 07:42
Naps Total: 25 min
Nap Window: 1982-05-11 12:10 - 1982-05-11 12:35

2026-05-12
Main Sleep: 5h 0min
Main Sleep Window: 00:30 - 06:00

2026-05-13
Main Sleep: 6h 30min
"""
HRV = """\
Sleep HRV — 2026-10-08 to 2026-10-09
========================
Note: dates are wake-up days (each value comes from the night that ended that morning).

HRV Assessment — Last 2 days
========================

2026-10-09:
  HRV Avg: 75 ms — Above normal
  Normal Range: 55 - 67 ms
2026-10-08:
  No data

Sleep HRV Time Series — Last 2 days
========================

2026-10-09:
  timestamp=1788803040, timezone=28, hrv=43 ms, status=4, confidence=96551
"""
RESTING = "Resting Heart Rate — Last 3 days\n=====\n\n2026-10-09: 49 bpm\n2026-10-08: No data\n"


def replied(text: str) -> dict[str, Any]:
    """A reply as an MCP client prints it."""
    return {"content": [{"type": "text", "text": json.dumps(text)}], "isError": False}


@pytest.mark.parametrize(
    "data",
    [
        "\n".join([OVERVIEW, HRV, RESTING]),
        json.dumps([replied(OVERVIEW), replied(HRV), replied(RESTING), replied("Stress Level\n=====\n")]),
        json.dumps(
            {"sleep": replied(OVERVIEW), "hrv": HRV, "rhr": {"jsonrpc": "2.0", "result": replied(RESTING)}}
        ),
        json.dumps("\n".join([OVERVIEW, HRV, RESTING])),
    ],
)
def test_the_replies_of_coros_own_server_are_read_in_words_and_in_every_wrapping(data: str) -> None:
    found = read_wellness("w", data.encode(), VIENNA)
    morning = mornings(found)["2026-10-09"]
    assert (morning["resting_heart_rate_bpm"], morning["hrv_rmssd_ms"]) == (49, 75)
    assert list(mornings(found)) == ["2026-10-09"]


def test_what_a_nap_shares_with_the_night_counts_once() -> None:
    """COROS split this night in two; another program that folds them has 5 h 37 min for it."""
    found = read_wellness("w.txt", OVERVIEW.encode(), VIENNA)
    nap, night = found.sleep.to_pylist()
    assert nap["is_nap"]
    assert nap["end_time"] == night["start_time"]
    assert round(mornings(found)["2026-10-09"]["sleep_h"] * 60) == 337


def test_older_reports_have_windows_without_dates_and_naps_in_1982() -> None:
    found = read_wellness("w.txt", OLDER.encode(), VIENNA)
    starts = [str(start.astimezone(UTC))[:16] for start in found.sleep["start_time"].to_pylist()]
    assert starts == ["2026-05-10 20:23", "2026-05-11 10:10", "2026-05-11 22:30"]
    hours = {day: round(row["sleep_h"], 2) for day, row in mornings(found).items()}
    assert hours == {"2026-05-11": 8.32, "2026-05-12": round(5 + 25 / 60, 2), "2026-05-13": 6.5}


def test_the_layout_of_coros_training_mcp_is_read_with_what_it_has_no_reading_for() -> None:
    daily = {"records": [{"date": "20260301", "avg_sleep_hrv": 61.0, "baseline": 58.0, "rhr": 50,
                          "interval_list": [1, 2], "training_load": 80, "performance": -1},
                         {"date": "20260302", "avg_sleep_hrv": 0, "rhr": None}], "count": 2}  # fmt: skip
    sleep = {"records": [{"date": "20260302", "total_duration_minutes": 402, "phases": {"nap_minutes": None}},
                         {"date": "20260303", "total_duration_minutes": None, "phases": None}]}  # fmt: skip
    found = read_wellness("w.json", json.dumps({"daily": daily, "sleep": sleep}).encode(), VIENNA)
    assert mornings(found) == {
        "2026-03-01": {"resting_heart_rate_bpm": 50, "hrv_rmssd_ms": 61},
        "2026-03-02": {"sleep_h": 6.7},
    }


def test_a_sleep_is_in_the_zone_of_its_row_or_of_home_on_its_date() -> None:
    home = HomeTimezone.parse("Europe/Vienna; 2026-05-06 Asia/Tokyo")
    found = read(
        "sleep_start,sleep_end,timezone",
        "2026-05-04 23:00,2026-05-05 07:00,",
        "2026-05-06 23:00,2026-05-07 07:00,",
        "2026-05-08 23:00,2026-05-09 07:00,America/New_York",
        home=home,
    )
    assert found.sleep["timezone"].to_pylist() == ["Europe/Vienna", "Asia/Tokyo", "America/New_York"]
    assert found.sleep["start_time"].to_pylist()[1] == datetime(2026, 5, 6, 14, tzinfo=UTC)


def test_a_night_in_which_the_clocks_change_has_its_true_length() -> None:
    found = read(
        "sleep_start,sleep_end", "2026-03-28 23:00,2026-03-29 07:00", "2026-10-24 23:00,2026-10-25 07:00"
    )
    assert found.sleep["asleep_h"].to_pylist() == [7, 9]


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (("date,rhr,pulse", "2026-05-05,50,60"), "the column 'pulse' is unknown"),
        (("date,rhr,rhr", "2026-05-05,50,60"), "two columns for resting_heart_rate_bpm"),
        (("date,rhr", "2026-05-05,50,60"), "row 2 has 3 cells"),
        (("date,rhr", "2026-05-05,300"), "row 2 has resting_heart_rate_bpm '300'"),
        (("date,rhr", "2026-05-05,5O"), "row 2 has resting_heart_rate_bpm '5O'"),
        (("date,hrv", "2026-05-05,0"), "row 2 has hrv_rmssd_ms '0'"),
        (("date,hrv", "2026-05-05,nan"), "row 2 has hrv_rmssd_ms 'nan'"),
        (("date,hrv", "2026-05-05,1e2"), "row 2 has hrv_rmssd_ms '1e2'"),
        (("date,hrv", "05.05.2026,60"), "row 2 has the date '05.05.2026'"),
        (("date,hrv", "2026-02-30,60"), "row 2 has the date '2026-02-30'"),
        (("hrv", "60"), "row 2 has no date"),
        (("date,sleep_h", "2026-05-05,30"), "row 2 has sleep_h '30'"),
        (("date,rhr", "2026-05-05,50", "2026-05-05,51"), "row 2 and row 3 give 2026-05-05 another"),
        (("sleep_start,sleep_end", "2026-05-04 23:00,"), "row 2 has the sleep_end ''"),
        (("sleep_start,sleep_end", "23:00,2026-05-05 07:00"), "row 2 has the sleep_start '23:00'"),
        (("sleep_start,sleep_end", "2026-05-05 07:00,2026-05-04 23:00"), "does not end after it starts"),
        (("sleep_start,sleep_end", "2026-05-04 01:00,2026-05-05 07:00"), "row 2 lasts 30 h"),
        (("sleep_start,sleep_end,asleep_h", "2026-05-04 23:00,2026-05-05 07:00,9"), "9.0 h asleep in a"),
        (("sleep_start,sleep_end,tz", "2026-05-04 23:00,2026-05-05 07:00,Vienna"), "the zone 'Vienna'"),
        (("sleep_start,sleep_end,nap", "2026-05-04 23:00,2026-05-05 07:00,x"), "row 2 has is_nap 'x'"),
        (("date,sleep_start,sleep_end", "2026-05-04,2026-05-04 23:00,2026-05-05 07:00"),
         "row 2 is dated 2026-05-04, and its sleep ends on 2026-05-05"),
        (("sleep_start,sleep_end", "2026-05-04 23:00,2026-05-05 07:00", "2026-05-05 03:00,2026-05-05 08:00"),
         "row 2 and row 3 overlap"),
        (("date,rhr",), "there is no resting heart rate"),
        (("date,rhr", '2026-05-05,"50'), "is not CSV"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence_that_names_the_row(
    rows: tuple[str, ...], named: str
) -> None:
    with pytest.raises(WellnessError) as refusal:
        read(*rows)
    assert named in str(refusal.value)
    assert str(refusal.value).startswith("w.csv: ")
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"{", "this is not JSON in line 1"),
        (b"[" * 200_000, "this is not JSON"),
        (b"[NaN]", "this is not JSON"),
        (b"[" * 20 + b"]" * 20, "nested too deep"),
        (json.dumps([[json.dumps([json.dumps([json.dumps(["["])])])]]).encode(), "is not JSON"),
        (b"[1, 2]", "record 1 is neither a record nor a reply"),
        (b"[]", "there is no resting heart rate"),
        (b'[{"date": "2026-05-05", "rhr": 50}, {"date": "2026-05-06", "rhr": [50]}]', "record 2 has resting"),
        (b'{"data": [{"date": "2026-05-05", "heart": 50}]}', "the column 'heart' is unknown"),
        (b"[" + b"[]," * 2_000_000 + b"[]]", "more values than a life"),
        (b"\x89PNG\x1a\n\x00\xff", "neither CSV nor JSON"),
        (b"Resting Heart Rate\n=====\n2026-05-05: fifty\n", "line 3 is no resting heart rate"),
        (OVERVIEW.replace("23:57 -", "late -").encode(), "line 11 has '2026-10-08 late"),
        (OVERVIEW.replace("2026-10-09\n", "2026-13-09\n").encode(), "line 5 has the date '2026-13-09'"),
        (b"x" * (reading.MAX_BYTES + 1), "larger than 32 MiB"),
        (b"date,rhr\n" + b"2026-05-05,50\n" * 100_001, "more than 100,000 rows"),
    ],
    ids=range(16),
)
def test_a_file_that_is_none_or_a_bomb_is_refused_in_one_sentence(data: bytes, named: str) -> None:
    with pytest.raises(WellnessError) as refusal:
        read_wellness("w", data, VIENNA)
    assert named in str(refusal.value)
    assert len(str(refusal.value)) < 300


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([OVERVIEW, RESTING, "2026-05-05"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["date", "rhr", "avg_sleep_hrv", "records", "text", "x", "sleep_end"]), inner
        )
    ),
)


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    try:
        found = read_wellness("w.json", json.dumps(value).encode(), VIENNA)
    except WellnessError:
        return
    assert found.daily.num_rows + found.sleep.num_rows > 0


lines = st.sampled_from(
    [*OVERVIEW.splitlines(), *HRV.splitlines(), *RESTING.splitlines(), *OLDER.splitlines()]
)


@given(st.lists(lines | st.text(max_size=30)).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_wellness("w.txt", text.encode("utf-8", "surrogatepass"), VIENNA)
    except WellnessError:
        return


moments = st.integers(0, 20 * 24 * 4).map(
    lambda quarters: datetime.fromisoformat("2026-05-01") + timedelta(minutes=15 * quarters)
)


@given(st.lists(st.tuples(moments, st.integers(1, 96), st.booleans()), min_size=1, max_size=8))
def test_sleeps_that_are_accepted_never_overlap_and_every_main_sleep_is_whole(spans: list[Any]) -> None:
    rows = [f"{start},{start + timedelta(minutes=15 * quarters)},{nap}" for start, quarters, nap in spans]
    try:
        sleep = read("sleep_start,sleep_end,is_nap", *rows).sleep
    except WellnessError:
        return
    start, end = sleep["start_time"].to_pylist(), sleep["end_time"].to_pylist()
    assert all(later >= earlier for later, earlier in zip(start[1:], end[:-1], strict=True))
    mains = sleep.filter(pc.invert(sleep["is_nap"]))
    given_h = sorted({(start, quarters / 4) for start, quarters, nap in spans if not nap})
    assert mains["asleep_h"].to_pylist() == [hours for _, hours in given_h]
