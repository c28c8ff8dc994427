from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.silver.duplicates import Candidate, choose

SECOND = 1_000_000
NOON = int(datetime(2024, 6, 1, 12, tzinfo=UTC).timestamp()) * SECOND
DAY = date(2024, 6, 1)
LANDED = datetime(2024, 6, 2, tzinfo=UTC)


def recording(
    start_s=0, length_s=3600, sport="running", form="tcx", landed_h=0, sha="a", day=DAY
) -> Candidate:
    start = NOON + start_s * SECOND
    landed = LANDED + timedelta(hours=landed_h)
    return Candidate(start, start + length_s * SECOND, sport, form, landed, sha, 0, day)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (recording(), recording(sha="b"), True),
        (recording(), recording(120, sha="b"), True),
        (recording(), recording(121, sha="b"), False),
        (recording(), recording(sport="cycling", sha="b"), False),
        (recording(), recording(length_s=1800, sha="b"), True),
        (recording(0, 100), recording(60, 100, sha="b"), False),
    ],
)
def test_recordings_of_one_sport_that_start_together_and_overlap_are_one_activity(first, second, together):
    choices = choose([first, second])
    assert (choices[first].activity_id == choices[second].activity_id) == together
    assert sum(choice.is_winner for choice in choices.values()) == (1 if together else 2)


@pytest.mark.parametrize(
    ("winner", "loser", "reason"),
    [
        (recording(form="fit", sha="z"), recording(form="tcx"), "FIT holds more than TCX"),
        (recording(form="tcx", sha="z"), recording(form="gpx"), "TCX holds more than GPX"),
        (recording(form="tcx", sha="z"), recording(form="fit", length_s=3000), "covers less of the activity"),
        (
            replace(recording(form="gpx", length_s=3000, sha="z"), is_preferred=True),
            recording(form="fit"),
            "you chose another file",
        ),
        (recording(landed_h=1, sha="z"), recording(), "another copy was landed later"),
        (recording(sha="a"), recording(sha="b"), "an equal copy"),
    ],
)
def test_the_winner_covers_most_then_is_of_the_better_format_then_the_latest(winner, loser, reason):
    choices = choose([winner, loser])
    assert (choices[winner].is_winner, choices[loser].is_winner) == (True, False)
    assert choices[loser].reason == reason


def test_an_activity_has_one_date_even_if_its_files_disagree_about_the_zone():
    fit, tcx = recording(form="fit", sha="z"), recording(sha="b", day=DAY + timedelta(days=1))
    assert {choice.activity_date for choice in choose([fit, tcx]).values()} == {DAY}


def test_two_sports_that_start_in_the_same_second_get_two_names():
    ids = {choice.activity_id for choice in choose([recording(), recording(sport="cycling")]).values()}
    assert ids == {"20240601T120000Z", "20240601T120000Z-2"}


recordings = st.builds(
    recording,
    st.integers(0, 300),
    st.integers(1, 400),
    st.sampled_from(["running", "cycling"]),
    st.sampled_from(["fit", "tcx", "gpx"]),
    st.integers(0, 3),
)


@given(st.lists(recordings, max_size=8), st.randoms())
def test_the_order_of_the_candidates_has_no_influence(found, random):
    unique = [replace(each, sha256=f"{i:02}") for i, each in enumerate(found)]
    expected = choose(unique)
    random.shuffle(unique)
    assert choose(unique) == expected
