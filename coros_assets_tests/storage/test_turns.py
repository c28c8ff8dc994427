"""Loads work side by side, an erasure alone; whoever is killed keeps nobody waiting."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import ExitStack

import pytest

from coros_assets.storage.turns import Turns

WAITS_S = 0.3


def entered(turns: Turns, kind: str) -> ExitStack:
    """A turn that is taken until it is closed."""
    stack = ExitStack()
    stack.enter_context(getattr(turns, kind)())
    return stack


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        ("beside_others", "beside_others", False),
        ("beside_others", "alone", True),
        ("alone", "beside_others", True),
        ("alone", "alone", True),
    ],
)
def test_who_waits_for_whom(stores, first, second, waits):
    one, two = Turns(stores.warehouse), Turns(stores.warehouse)
    with ThreadPoolExecutor(1) as pool:
        with entered(one, first):
            other = pool.submit(entered, two, second)
            if waits:
                with pytest.raises(StillWaiting):
                    other.result(WAITS_S)
            else:
                other.result(10).close()
        other.result(10).close()


def test_a_load_that_ends_an_erasure_works_alone_meanwhile_and_beside_others_afterwards(stores):
    load, other = Turns(stores.warehouse), Turns(stores.warehouse)
    with ThreadPoolExecutor(1) as pool, load.beside_others(), load.beside_others():
        with load.alone():
            waiting = pool.submit(entered, other, "beside_others")
            with pytest.raises(StillWaiting):
                waiting.result(WAITS_S)
        waiting.result(10).close()
        waiting = pool.submit(entered, other, "alone")
        with pytest.raises(StillWaiting):
            waiting.result(WAITS_S)
        load._connection.close()  # killed: its turn is over
        waiting.result(10).close()


def test_a_turn_keeps_no_transaction_open(stores):
    with Turns(stores.warehouse).beside_others():
        states = stores.warehouse.read(
            "SELECT state FROM pg_stat_activity WHERE query LIKE '%advisory_lock_shared%'"
        )
    assert "idle" in states["state"].to_pylist()
    assert "idle in transaction" not in states["state"].to_pylist()
