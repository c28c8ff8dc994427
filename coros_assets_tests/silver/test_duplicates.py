from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.silver.duplicates import Recording, choose

SECOND = 1_000_000
NOON = int(datetime(2024, 6, 1, 12, tzinfo=UTC).timestamp()) * SECOND
LANDED = datetime(2024, 6, 2, tzinfo=UTC)


def recording(start_s=0, length_s=3600, sport="running", form="tcx", landed_h=0, sha="a") -> Recording:
    start = NOON + start_s * SECOND
    return Recording(
        start, start + length_s * SECOND, sport, form, LANDED + timedelta(hours=landed_h), sha, 0
    )


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
    assert (
        choices[0].activity_start_us == choices[1].activity_start_us
    ) == together or first.start_us == second.start_us
    assert sum(choice.is_winner for choice in choices) == (1 if together else 2)


@pytest.mark.parametrize(
    ("winner", "loser", "reason"),
    [
        (recording(form="fit", sha="z"), recording(form="tcx"), "FIT holds more than TCX"),
        (recording(form="tcx", sha="z"), recording(form="gpx"), "TCX holds more than GPX"),
        (recording(form="tcx", sha="z"), recording(form="fit", length_s=3000), "covers less of the activity"),
        (recording(landed_h=1, sha="z"), recording(), "another copy was landed later"),
        (recording(sha="a"), recording(sha="b"), "an equal copy"),
    ],
)
def test_the_winner_covers_most_then_is_of_the_better_format_then_the_latest(winner, loser, reason):
    chosen, left = choose([winner, loser])
    assert (chosen.is_winner, left.is_winner) == (True, False)
    assert left.reason == reason


recordings = st.builds(
    recording,
    st.integers(0, 300),
    st.integers(1, 400),
    st.sampled_from(["running", "cycling"]),
    st.sampled_from(["fit", "tcx", "gpx"]),
    st.integers(0, 3),
)


@given(st.lists(recordings, max_size=8), st.randoms())
def test_the_order_of_arrival_has_no_influence(found, random):
    unique = [Recording(**{**vars(r), "sha256": f"{i:02}"}) for i, r in enumerate(found)]
    expected = dict(zip(unique, choose(unique), strict=True))
    random.shuffle(unique)
    assert dict(zip(unique, choose(unique), strict=True)) == expected
