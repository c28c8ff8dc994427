"""Erases an activity, or one file, everywhere, so that no copy of it is taken in again.

Belongs here: what is to go, and the order of the steps: tombstone, removal, load, traces. Does not: the
steps themselves (`bronze/erasure.py`, `traces.py`, `storage/leftovers.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from coros_assets.bronze.erasure import clear_landing, completed, remove_erased
from coros_assets.bronze.tombstones import Erasure, Order, put_tombstone, read_tombstones
from coros_assets.commands.load import load
from coros_assets.commands.traces import forget_in_dagster, forget_in_logs, remove_copies
from coros_assets.errors import CorosError
from coros_assets.silver.duplicates import ID_FORMAT
from coros_assets.silver.plan import Member, date_plans, neighbourhood
from coros_assets.storage.embedded import DAGSTER_DATABASE, WAREHOUSE_DATABASE, embedded_url
from coros_assets.storage.leftovers import rewrite
from coros_assets.stores import Stores

_WAREHOUSE_SCHEMAS: Final = ("gold", "ledger")
_DAGSTER_SCHEMAS: Final = ("public",)
_VERSIONED: Final = "objects that have a delete marker, of silver/ and of report/"
_ID_LETTERS: Final = len("YYYYMMDDThhmmssZ")


@dataclass(frozen=True)
class Plan:
    """What an erasure would do; without an erasure everything was erased before and only copies may be left.

    `files` are names; `activities` go, `kept` lose a file and stay with another one.
    """

    erasure: Erasure | None
    files: tuple[str, ...]
    activities: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The plan in words, a line each."""
        if self.erasure is None:
            return ["It was erased before. Copies that came into landing since are removed."]
        return [
            *(f"file: {name}" for name in self.files),
            *(f"activity that goes: {name}" for name in self.activities),
            *(f"activity that stays, from another file: {name}" for name in self.kept),
        ]


def plan_activity(stores: Stores, activity_id: str) -> Plan:
    """The erasure of an activity: of every file that holds it.

    Raises:
        CorosError: there is no such activity, and never was one.
    """
    start = _start(activity_id)
    members = [each for each in _members(stores, {start.date()}) if each.choice.activity_id == activity_id]
    tombstones = read_tombstones(stores.lake, make_key=True)
    if not members:
        start_us = int(start.timestamp() * 1e6)
        if tombstones.cover_recording(start_us, start_us):
            return Plan(None, (), (), ())
        raise CorosError(f"There is no activity {activity_id}; gold.fact_activity lists those there are.")
    recordings = [(each.recording.start_us, each.recording.end_us) for each in members]
    return _plan(stores, activity_id, {each.entry.sha256 for each in members}, recordings)


def plan_file(stores: Stores, word: str) -> Plan:
    """The erasure of one file, by its name or the start of its hash; its activities stay if others hold them.

    Raises:
        CorosError: no landed file is meant, or several are.
    """
    found = stores.ledger.landed_as(word)
    if not found:
        raise CorosError(f"No landed file is called {word} or has a hash that begins so.")
    if len(found) > 1:
        raise CorosError(
            f"{len(found)} different files are called {word} or have such a hash; give more of it."
        )
    return _plan(stores, "", set(found), [])


def erase(stores: Stores, plan: Plan) -> list[str]:
    """Carries a plan out; returns a sentence for each place where something is left that cannot be reached.

    Killed at any moment, it is carried on by the next load, or by the same command given again.
    """
    if plan.erasure:
        put_tombstone(stores.lake, plan.erasure)
    with stores.turns.alone():
        remove_erased(stores.places)
    load(stores.settings)
    return finish_erasures(stores)


def finish_erasures(stores: Stores) -> list[str]:
    """After a load: clears landing, traces and databases of what was erased; says what is left, and where."""
    remaining = clear_landing(stores.places)
    with stores.turns.alone():
        remove_copies(stores)
    unfinished = read_tombstones(stores.lake).unfinished
    for order in (erasure.order for erasure in unfinished):
        if order:
            loaded = stores.ledger.known_files(order.dates).keys()
            forget_in_dagster(stores, order, sorted(set(order.dates) - loaded))
            forget_in_logs(stores.settings.home, order.words)
    remaining += _rewrite_databases(stores)
    remaining += [
        f"{store.uri} keeps old versions of what was removed: have the bucket's owner delete those of "
        f"{_VERSIONED}, or wait until its lifecycle rule does."
        for store in (stores.landing, stores.lake)
        if store.keeps_versions()
    ]
    for erasure in unfinished:
        put_tombstone(stores.lake, replace(erasure, order=None))
    return remaining


def _plan(stores: Stores, activity_id: str, contents: set[str], recordings: list[tuple[int, int]]) -> Plan:
    tombstones, erasure = read_tombstones(stores.lake, make_key=True).with_new(
        activity_id or min(contents), recordings
    )
    dates = tuple(entry.activity_date for entry in stores.bronze.entries_of(contents))
    order = Order(activity_id, tuple(contents), (), dates, datetime.now(UTC))
    order = completed(order, tombstones, stores.places)
    holders: dict[str, set[str]] = {}
    for member in _members(stores, set(order.dates)):
        holders.setdefault(member.choice.activity_id, set()).add(member.entry.sha256)
    gone = set(order.sha256s)
    return Plan(
        tombstones.for_files(erasure, order),
        order.names,
        tuple(sorted(name for name, files in holders.items() if files <= gone)),
        tuple(sorted(name for name, files in holders.items() if files & gone and not files <= gone)),
    )


def _members(stores: Stores, days: set[date]) -> list[Member]:
    """Every recording that may lie on these dates, with its activity."""
    around = neighbourhood(days)
    plans = date_plans(around, stores.bronze.entries(neighbourhood(around)), stores.bronze.preferred())
    return [member for plan in plans for member in plan.members]


def _start(activity_id: str) -> datetime:
    try:
        return datetime.strptime(activity_id[:_ID_LETTERS], ID_FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise CorosError(
            f"{activity_id} is no activity: gold.fact_activity names them like 20260401T060000Z. "
            "A file is erased by `coros-assets erase --file NAME`."
        ) from error


def _rewrite_databases(stores: Stores) -> list[str]:
    home = stores.settings.home
    own = stores.settings.warehouse_url.get_secret_value()
    warehouse = own or embedded_url(home, WAREHOUSE_DATABASE)
    problems = rewrite(warehouse, _WAREHOUSE_SCHEMAS, stores.settings.warehouse_iam_region)
    problems += rewrite(embedded_url(home, DAGSTER_DATABASE), _DAGSTER_SCHEMAS)
    if own:
        problems.append("its backups and replicas, if it has any, keep what they have until they expire")
    return [f"On the PostgreSQL server {stores.warehouse.place}: {problem}." for problem in problems]
