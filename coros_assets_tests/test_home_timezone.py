from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.home_timezone import HomeTimezone

ZONES = ["Pacific/Kiritimati", "Asia/Tokyo", "Europe/Vienna", "Pacific/Honolulu", "Etc/GMT+12"]
MOVED = HomeTimezone.parse("Europe/Vienna; 2023-09-01 Asia/Tokyo; 2024-03-01 America/New_York")


@pytest.mark.parametrize(
    ("instant", "zone"),
    [
        ("2020-01-01T12:00", "Europe/Vienna"),
        ("2023-08-31T14:59", "Europe/Vienna"),
        ("2023-08-31T15:00", "Asia/Tokyo"),  # midnight there
        ("2024-02-29T23:00", "Asia/Tokyo"),
        ("2024-03-01T05:00", "America/New_York"),
    ],
)
def test_home_is_where_the_date_of_the_last_move_has_begun(instant, zone):
    assert MOVED.at(datetime.fromisoformat(instant).replace(tzinfo=UTC)) == zone


def test_it_is_written_as_it_is_read():
    assert HomeTimezone.parse(str(MOVED)) == MOVED


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        ("0001-01-01", "Europe/Vienna"),
        ("2023-08-31", "Europe/Vienna"),
        ("2023-09-01", "Asia/Tokyo"),
        ("2024-02-29", "Asia/Tokyo"),
        ("2024-03-01", "America/New_York"),
    ],
)
def test_a_local_date_has_the_zone_of_the_last_move_by_then(day, zone):
    assert MOVED.on(date.fromisoformat(day)) == zone


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vienna", "'Vienna' is no IANA zone name"),
        ("", "'' is no IANA zone name"),
        ("Europe/Vienna; Asia/Tokyo", "'Asia/Tokyo' is no date"),
        ("Europe/Vienna; 2024-01-01 Tokyo", "'Tokyo' is no IANA zone name"),
        ("UTC; 2024-01-02 Asia/Tokyo; 2024-01-02 UTC", "write moves in order of date"),
        ("UTC;", "no date"),
    ],
)
def test_what_cannot_be_understood_is_said(text, said):
    with pytest.raises(ValueError, match=said):
        HomeTimezone.parse(text)


histories = st.builds(
    lambda first, moves: HomeTimezone(((date.min, first), *sorted(moves.items()))),
    st.sampled_from(ZONES),
    st.dictionaries(st.dates(date(2023, 9, 1), date(2023, 9, 12)), st.sampled_from(ZONES), max_size=3),
)


@given(histories, histories, st.integers(0, 16 * 24 - 1))
def test_what_counts_around_a_date_decides_the_zone_of_its_instants(one, other, hour):
    instant = datetime(2023, 8, 30, tzinfo=UTC) + timedelta(hours=hour)
    local_date = instant.astimezone(ZoneInfo(one.at(instant))).date()
    if one.around(local_date) == other.around(local_date):
        assert one.at(instant) == other.at(instant)


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ([], str(MOVED)),
        ([("2025-01-01", "UTC")], f"{MOVED}; 2025-01-01 UTC"),
        ([("2023-10-01", "UTC"), ("2025-01-01", "Asia/Tokyo")],
         "Europe/Vienna; 2023-09-01 Asia/Tokyo; 2023-10-01 UTC; 2025-01-01 Asia/Tokyo"),
        ([("2023-10-01", "Asia/Tokyo"), ("2025-01-01", "Asia/Tokyo")],
         "Europe/Vienna; 2023-09-01 Asia/Tokyo"),
        ([("0001-01-01", "UTC")], "UTC"),
        ([("2023-09-01", "UTC")], "Europe/Vienna; 2023-09-01 UTC"),
    ],
)  # fmt: skip
def test_later_moves_go_on_from_their_first_date_alone(moves, told):
    assert str(MOVED.followed_by((date.fromisoformat(day), zone) for day, zone in moves)) == told


def test_a_move_leaves_what_lies_further_away_as_it_was():
    before, after = HomeTimezone.parse("UTC"), HomeTimezone.parse("UTC; 2023-09-10 Asia/Tokyo")
    days = [date(2023, 9, day) for day in range(1, 31)]
    changed = [day.day for day in days if before.around(day) != after.around(day)]
    assert changed == list(range(8, 31))
