"""Replies at the border: what is taken, and under which names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from coros_assets.addresses import Allowed, is_coros
from coros_assets.errors import CorosError, SyncError
from coros_assets.settings import load_settings
from coros_assets.sync.client import _arguments
from coros_assets.sync.days import SyncedDays, by_day, merge
from coros_assets.sync.replies import (
    BusyError,
    file_address,
    file_blob,
    file_name,
    listed_activities,
    reply_text,
    reported_days,
)
from coros_assets.sync.state import FILES_PER_DAY, SyncState
from coros_assets.wellness.rows import Row
from coros_assets_tests.wellness.builders import VIENNA

LIST = """Sport Records — 2026-09-13 to 2026-09-24 (2 records)
========================

1. Gym Cardio — 2026-09-23
   Location: Gym Cardio
   Time Window: startTimestamp=1790166371 | endTimestamp=1790168672
   Duration: 37:38
 | Avg HR: 99 bpm | Calories: 186 kcal
   LabelId: 480544748954747182 | SportType: 400

2. Outdoor Bike — 2026-08-31
   Time Window: startTimestamp=1788237000 | endTimestamp=1788240600
   LabelId: 999 | SportType: 200"""


def block(text: str) -> SimpleNamespace:
    return SimpleNamespace(type="text", text=text)


def test_text_comes_plain_or_quoted_with_line_ends_as_they_are():
    for text in ("a\nb", json.dumps("a\nb"), '"a\nb"'):
        assert reply_text("t", [block(text)], is_error=False) == "a\nb"
    for text in ('"a', '"a" b', '"a"\n{"b": 1}'):
        with pytest.raises(SyncError, match="not of a form"):
            reply_text("t", [block(text)], is_error=False)


def test_trouble_in_words_is_trouble():
    with pytest.raises(BusyError):
        reply_text("t", [block("COROS API is temporarily unavailable.")], is_error=True)
    with pytest.raises(SyncError, match="refused t: 'boom'"):
        reply_text("t", [block("boom")], is_error=True)


def test_a_list_of_activities_is_read_as_coros_writes_it():
    found = listed_activities("t", LIST)
    assert [(each.label_id, each.sport_type, each.start) for each in found] == [
        ("480544748954747182", 400, datetime(2026, 9, 23, 12, 26, 11, tzinfo=UTC)),
        ("999", 200, datetime(2026, 9, 1, 4, 30, tzinfo=UTC)),
    ]
    assert listed_activities("t", "No sport records found from 2026-09-01 to 2026-09-10.") == []
    assert listed_activities("t", LIST[: LIST.index("(")] + "(0 records)\n========") == []


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace("(2 records)", "(3 records)"),
        LIST.replace("LabelId: 999", "LabelId:"),
        LIST.replace("startTimestamp=1788237000 |", ""),
        LIST.replace("1788237000", "99999999999999999999"),
        LIST[:-20],
        "1. Run — 2026-08-31",
        "",
    ],
)
def test_a_list_that_is_not_whole_is_refused(text):
    with pytest.raises(SyncError):
        listed_activities("t", text)


def test_days_are_those_of_the_report_and_naps_stay_with_theirs():
    text = (
        "Sleep Overview\n========================\nNote: dated by wake-up day.\n\n"
        "2026-09-25\nMain Sleep Window: 2026-09-24 21:39 - 2026-09-25 04:40\n"
        "Nap Window: 2026-09-24 15:00 - 2026-09-24 15:30\n\n"
        "2026-09-26\nSleep detail for this day is not available yet."
    )
    found = reported_days("t", "sleep", text)
    assert list(found) == [date(2026, 9, 25)]
    assert [record["is_nap"] for record in found[date(2026, 9, 25)]] == ["false", "true"]
    title = "Sleep HRV — 2026-09-25\n========================\nNote: dates are wake-up days.\n\n"
    assert reported_days("t", "hrv", f"{title}No data found in the last 1 days.") == {}
    with pytest.raises(SyncError, match="not of a form"):
        reported_days("t", "hrv", title)


@pytest.mark.parametrize(
    "label", ["../x", "a/../b", "con.txt", "", ".", "x" * 41, "\ud800", "٣", "a b", "-rf", "~", "%2e%2e"]
)
def test_names_are_harmless_and_apart(label):
    key = file_name(label)
    assert key.startswith("x-")
    assert key.endswith(".fit")
    assert key.isascii()
    assert len(key) == len("x-.fit") + 32
    assert file_name("480544748954747182") == "480544748954747182.fit"


def test_one_file_is_a_file_and_two_are_none():
    def resource(blob: str) -> SimpleNamespace:
        return SimpleNamespace(type="resource", resource=SimpleNamespace(blob=blob))

    assert file_blob([block("advice"), resource("YWJj")]) == b"abc"
    assert file_blob([resource("YWJj"), resource("YWJj")]) is None
    assert file_blob([resource("not base64!")]) is None
    assert file_blob([block("[]")]) is None


def test_the_first_address_is_found_wherever_it_stands():
    link = SimpleNamespace(type="resource_link", uri="https://s3.coros.com/a.fit")
    assert file_address([link], "") == "https://s3.coros.com/a.fit"
    assert file_address([], '["https://s3.coros.com/b.fit?x=1"]') == "https://s3.coros.com/b.fit?x=1"
    assert file_address([], "[]") is None


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://mcp.coros.com/mcp", True),
        ("https://coros.com/x", True),
        ("https://s3.eu.coros.com:443/x", True),
        ("http://mcp.coros.com/mcp", False),
        ("https://mcp.coros.com:8443/mcp", False),
        ("https://evilcoros.com/mcp", False),
        ("https://coros.com.example.org/mcp", False),
        ("https://coros.com@example.org/mcp", False),
        ("https://me:s3cret@mcp.coros.com/mcp", False),
        ("https://127.0.0.1/mcp", False),
        ("https:///coros.com", False),
        ("ftp://coros.com/x", False),
        ("//coros.com/x", False),
    ],
)
def test_only_hosts_of_coros_over_https_are_asked(url, fits):
    assert is_coros(url) == fits
    if fits:
        Allowed("https://mcp.coros.com/mcp").require(url)
    else:
        with pytest.raises(SyncError) as error:
            Allowed("https://mcp.coros.com/mcp").require(url)
        assert "secret" not in str(error.value)


def test_a_server_on_this_machine_is_allowed_alone_and_only_when_the_settings_name_it(monkeypatch):
    allowed = Allowed("http://127.0.0.1:4711/mcp")
    allowed.require("http://127.0.0.1:4711/fit/1.fit")
    for url in (
        "http://127.0.0.1:4712/x",
        "http://127.0.0.2:4711/x",
        "https://mcp.coros.com/mcp",
        "http://[::1",
    ):
        with pytest.raises(SyncError):
            allowed.require(url)
    monkeypatch.setenv("COROS_SYNC_URL", "https://me:secret@example.org/mcp")
    with pytest.raises(CorosError, match="COROS_SYNC_URL cannot be used") as error:
        load_settings()
    assert "secret" not in str(error.value)


def test_arguments_are_those_that_the_tool_knows():
    def tool(properties: list[str], required: list[str]) -> SimpleNamespace:
        schema = {"properties": {name: {} for name in properties}, "required": required}
        return SimpleNamespace(name="t", inputSchema=schema)

    values = {"startDate": "20260901", "days": 7, "timezone": "Europe/Vienna"}
    assert _arguments(tool(["startDate", "days"], ["startDate"]), values, {}) == {"startDate": "20260901"}
    assert _arguments(tool(["startDate", "days"], ["days"]), values, {}) == {
        "startDate": "20260901",
        "days": 7,
    }
    assert _arguments(tool(["x"], ["x"]), values, {"x": 1, "y": 2}) == {"x": 1}
    with pytest.raises(SyncError, match=r"wants more.*\(z\)"):
        _arguments(tool(["z"], ["z"]), values, {})


def test_a_day_beside_another_that_it_overlaps_is_left_out():
    night = {"date": "2026-09-25", "sleep_start": "2026-09-24 22:00", "sleep_end": "2026-09-25 06:00"}
    again = {"date": "2026-09-26", "sleep_start": "2026-09-25 05:00", "sleep_end": "2026-09-26 02:00"}
    synced = SyncedDays()
    assert merge(synced, "sleep", {date(2026, 9, 25): [night]}, VIENNA) == (1, [])
    changed, left_out = merge(synced, "sleep", {date(2026, 9, 26): [again]}, VIENNA)
    assert changed == 0
    assert "overlap" in left_out[0]
    assert list(synced.coros["sleep"]) == [date(2026, 9, 25)]


def test_rows_go_to_their_kinds_by_the_day_of_waking():
    rows = [
        Row("row 2", {"date": "2026-09-25", "hrv_rmssd_ms": "60", "resting_heart_rate_bpm": "50"}),
        Row("row 3", {"sleep_start": "2026-09-25 14:00", "sleep_end": "2026-09-25 15:00", "timezone": "UTC"}),
    ]
    found = by_day("w.csv", rows)
    day = date(2026, 9, 25)
    assert found["hrv"] == {day: [{"date": "2026-09-25", "hrv_rmssd_ms": "60"}]}
    assert found["resting"] == {day: [{"date": "2026-09-25", "resting_heart_rate_bpm": "50"}]}
    assert found["sleep"][day][0]["timezone"] == "UTC"


def test_the_allowance_is_that_of_the_last_day():
    state = SyncState()
    noon = datetime(2026, 9, 25, 12, tzinfo=UTC)
    for minute in range(FILES_PER_DAY):
        state.count_file_request(noon.replace(minute=minute))
    assert state.files_left(noon.replace(hour=13)) == 0
    assert state.files_left(noon.replace(day=26, minute=30)) == 31
