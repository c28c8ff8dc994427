"""When the sensor looks at landing, and what becomes of the messages of a queue that tells of arrivals."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import dagster as dg
import pytest

from coros_assets import resources, sensors
from coros_assets.definitions import defs
from coros_assets.errors import CorosError
from coros_assets.sensors import LOAD, new_landing_files, today
from coros_assets.settings import load_settings
from coros_assets.storage import arrivals
from coros_assets.stores import Stores
from coros_assets_tests.conftest import emptied, home_settings
from coros_assets_tests.servers import LOOPBACK, free_port
from coros_assets_tests.sqs import TEST_EVENT, Queue, created, queue
from coros_assets_tests.tcx_text import run_file

NOTHING_ARRIVED = "Nothing arrived; landing is listed all the same every ten minutes."
LOADED = "Everything landed is loaded."
HARMLESS = {
    "twice": [created("run.tcx")] * 3,
    "out of order": [created("b.tcx", "2024-06-02T00:00:00.000Z"), created("a.tcx")],
    "S3's own test": [TEST_EVENT],
    "of what is not there": [created("gone.tcx")],
    "of another bucket": [json.dumps({"Records": [{"s3": {"bucket": {"name": "other"}, "object": {}}}]})],
    "keys that lead elsewhere": [created("../../etc/passwd%00"), created("s3://other/x")],
    "no JSON": ["{", "", "\N{LATIN SMALL LETTER E WITH ACUTE}" * 1000],
    "deep JSON": ["[" * 100_000],
    "other JSON": ["null", "3", "[]", '{"Records": "x"}', '{"Records": [[]]}'],
    "many": [created(f"{number}.tcx") for number in range(73)],
}


@pytest.fixture(scope="module")
def loaded(session_home, tmp_path_factory) -> Stores:
    """Stores of an empty home, loaded."""
    stores = emptied(Stores(home_settings(session_home, tmp_path_factory.mktemp("sensors"))))
    load(stores)
    return stores


@pytest.fixture
def told() -> Iterator[Queue]:
    with queue() as messages:
        yield messages


@pytest.fixture
def stores(loaded, told, monkeypatch) -> Stores:
    """The same with a queue, as a code server has them that just started."""
    for name, value in {"ACCESS_KEY_ID": "id", "SECRET_ACCESS_KEY": "key", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return started(loaded, told.url)


@pytest.fixture
def looks(monkeypatch) -> list[bool]:
    """Whether there was work at each look at landing."""
    found, look = [], sensors.waiting

    def seen(stores: Stores) -> object:
        work = look(stores)
        found.append(bool(work))
        return work

    monkeypatch.setattr(sensors, "waiting", seen)
    return found


def started(loaded: Stores, url: str) -> Stores:
    return Stores(loaded.settings.model_copy(update={"arrivals_queue_url": url}))


def load(stores: Stores) -> None:
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        patch.setattr(resources, "_stores", lambda: stores)
        job = defs.resolve_job_def(LOAD)
        assert job.execute_in_process(instance=instance, partition_key=today()).success


class Daemon:
    """Ticks as Dagster's daemon does: what a tick keeps is given to the next."""

    def __init__(self, stores: Stores) -> None:
        self.stores, self.cursor = stores, ""

    def tick(self) -> dg.RunRequest | str:
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(
                instance, cursor=self.cursor, definitions=defs, resources={"stores": self.stores}
            )
            said = new_landing_files.evaluate_tick(context)
        self.cursor = context.cursor or ""
        return said.run_requests[0] if said.run_requests else said.skip_message


def test_an_empty_queue_spares_the_look_at_landing_for_ten_minutes(stores, looks, monkeypatch):
    daemon = Daemon(stores)
    assert daemon.tick() == LOADED  # nobody looked since it started
    assert [daemon.tick() for _ in range(3)] == [NOTHING_ARRIVED] * 3
    assert len(looks) == 1
    monkeypatch.setattr(arrivals, "LOOK_EVERY_S", 0)
    assert daemon.tick() == LOADED
    assert len(looks) == 2


@pytest.mark.parametrize("bodies", HARMLESS.values(), ids=HARMLESS)
def test_messages_that_stand_for_nothing_new_cost_one_look_and_are_deleted(stores, told, looks, bodies):
    daemon = Daemon(stores)
    daemon.tick()
    told.send(*bodies)
    assert daemon.tick() == LOADED
    assert looks == [False, False]
    assert told.received == []
    assert daemon.tick() == NOTHING_ARRIVED


def test_a_message_stays_until_what_it_told_of_is_loaded(stores, told, looks):
    daemon = Daemon(stores)
    daemon.tick()
    assert daemon.tick() == NOTHING_ARRIVED
    stores.landing.put("run.tcx", run_file())
    told.send(created("run.tcx"))
    assert "arriving" in daemon.tick()
    told.send(created("run.tcx"))  # another of it, meanwhile
    assert isinstance(daemon.tick(), dg.RunRequest)
    assert told.received == [1, 0]  # the request may still come to nothing
    load(stores)
    assert daemon.tick() == LOADED
    assert told.received == [0]
    assert daemon.tick() == LOADED
    assert told.received == []


def test_messages_of_a_process_that_died_come_again_to_the_next(loaded, stores, told):
    told.hidden_s = 0.1
    died = Daemon(stores)
    died.tick()
    told.send(TEST_EVENT)
    assert died.stores.arrivals.tell()
    time.sleep(told.hidden_s)
    after = Daemon(started(loaded, told.url))
    assert after.tick() == LOADED
    assert told.received == []


def test_a_file_without_a_message_is_found_by_the_next_look(stores, looks, monkeypatch):
    daemon = Daemon(stores)
    daemon.tick()
    stores.landing.put("silent.tcx", run_file(seconds=700))
    assert daemon.tick() == NOTHING_ARRIVED
    monkeypatch.setattr(arrivals, "LOOK_EVERY_S", 0)
    assert "arriving" in daemon.tick()
    stores.landing.delete("silent.tcx")
    assert daemon.tick() == LOADED


def test_a_queue_that_refuses_is_named_and_landing_is_listed_instead(stores, told, looks):
    told.refuses = True
    daemon = Daemon(stores)
    for _ in range(2):
        said = daemon.tick()
        assert said.startswith(LOADED)
        assert told.url in said
        assert said.endswith("Landing was listed instead.")
    assert looks == [False, False]


def test_a_queue_that_is_not_there_does_not_hold_up_a_tick(loaded, stores, looks):
    daemon = Daemon(started(loaded, f"http://{LOOPBACK}:{free_port()}/1/none"))
    begun = time.monotonic()
    assert "does not answer" in daemon.tick()
    assert time.monotonic() - begun < 30  # a tick has 60 s
    assert looks == [False]


def test_messages_that_cannot_be_deleted_come_again(stores, told):
    told.hidden_s = 0
    daemon = Daemon(stores)
    daemon.tick()
    told.send(TEST_EVENT)
    assert stores.arrivals.tell()
    told.refuses = True
    assert "COROS_ARRIVALS_QUEUE_URL" in daemon.tick()
    told.refuses = False
    assert daemon.tick() == LOADED
    assert told.received == []


@pytest.mark.parametrize(
    "url",
    [
        "sqs.eu-central-1.amazonaws.com/1/q",
        "http://sqs.eu-central-1.amazonaws.com/1/q",
        "https://sqs.eu-central-1.amazonaws.com",
        "https://key:c4n4ry@sqs.eu-central-1.amazonaws.com/1/q",
        "https://sqs.eu-central-1.amazonaws.com/1/q?secret=c4n4ry",
    ],
)
def test_an_address_that_is_no_queue_s_is_refused_without_being_repeated(url):
    with pytest.raises(CorosError, match=r"COROS_ARRIVALS_QUEUE_URL cannot be used") as error:
        load_settings(arrivals_queue_url=url)
    assert "c4n4ry" not in str(error.value)
