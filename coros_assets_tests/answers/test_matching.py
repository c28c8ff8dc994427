"""Which runs match: a table of pairs, and what the weights add up to."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.answers.matching import matched_weights


def weights(*runs: tuple[str, float, float, float]) -> list[float]:
    """Each run: night or day, day number, kilometres, climb in m/km."""
    arm = np.array([run[0] for run in runs])
    day, km, climb = np.array([run[1:] for run in runs]).T
    return matched_weights(arm == "night", arm == "day", day, np.log(km), climb).tolist()


@pytest.mark.parametrize(
    ("other", "matches"),
    [
        (("day", 121, 10, 20), True),
        (("day", 79, 10, 20), True),
        (("day", 122, 10, 20), False),
        (("day", 100, 10.9, 20), True),
        (("day", 100, 11.1, 20), False),
        (("day", 100, 10, 21.9), True),
        (("day", 100, 10, 22.1), False),
        (("between", 100, 10, 20), False),
        (("night", 100, 10, 20), False),
        (("day", 100, np.nan, 20), False),
    ],
)
def test_a_match_is_near_in_date_distance_and_climb(
    other: tuple[str, float, float, float], matches: bool
) -> None:
    assert (weights(("night", 100, 10, 20), other) == [1, 1]) is matches


def test_on_flat_ground_two_metres_per_km_are_alike() -> None:
    assert weights(("night", 0, 10, 1), ("day", 0, 10, 3)) == [1, 1]
    assert weights(("night", 0, 10, 1), ("day", 0, 10, 3.1)) == [0, 0]


def test_a_run_shares_its_weight_among_its_matches_and_both_arms_weigh_the_same() -> None:
    found = weights(
        ("night", 0, 10, 5), ("night", 20, 10, 5), ("night", 90, 10, 5), ("day", 0, 10, 5), ("day", 30, 10, 5)
    )
    assert found == [1, 1, 0, 1.5, 0.5]
