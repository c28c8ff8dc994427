"""The places a configured platform works with: landing, lake, warehouse, ledger.

Belongs here: opening each of them once, by the settings. Does not: Dagster (`resources.py`) or what
is done with them.
"""

from __future__ import annotations

from functools import cached_property

from coros_assets.athlete import AthleteHistory
from coros_assets.athlete_settings.load import athlete_entries
from coros_assets.bronze.copies import LandedCopies
from coros_assets.bronze.erasure import Places
from coros_assets.bronze.store import BronzeStore
from coros_assets.home_timezone import HomeTimezone
from coros_assets.settings import Settings
from coros_assets.storage.arrivals import Arrivals
from coros_assets.storage.embedded import WAREHOUSE_DATABASE, embedded_url
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.ledger import Ledger
from coros_assets.storage.statements import scripts
from coros_assets.storage.turns import Turns
from coros_assets.storage.warehouse import Warehouse


def view_scripts() -> list[str]:
    """The scripts of gold's views, in an order in which each finds those that it reads."""
    layers = ("gold", "answers", "powerbi")
    return [script for layer in layers for script in scripts(f"coros_assets.{layer}")]


class Stores:
    """Landing, lake and warehouse of one settings object; each is opened when first asked for."""

    def __init__(self, settings: Settings) -> None:
        """Remembers the settings; opens nothing."""
        self.settings = settings

    @cached_property
    def landing(self) -> ObjectStore:
        """Where files are dropped."""
        return ObjectStore(self.settings.landing)

    @cached_property
    def arrivals(self) -> Arrivals | None:
        """What tells of new files, if the settings name a queue."""
        url = self.settings.arrivals_queue_url
        return Arrivals(url) if url else None

    @cached_property
    def lake(self) -> ObjectStore:
        """Where bronze, silver and the report are kept."""
        return ObjectStore(self.settings.lake)

    @cached_property
    def bronze(self) -> BronzeStore:
        """The bronze part of the lake."""
        return BronzeStore(self.lake, LandedCopies(self.landing, self.ledger))

    @cached_property
    def warehouse(self) -> Warehouse:
        """The warehouse, with its tables made."""
        url = self.settings.warehouse_url.get_secret_value()
        warehouse = Warehouse(
            url or embedded_url(self.settings.home, WAREHOUSE_DATABASE),
            view_scripts(),
            self.settings.warehouse_iam_region,
        )
        warehouse.prepare()
        return warehouse

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of the warehouse."""
        return Ledger(self.warehouse)

    @cached_property
    def turns(self) -> Turns:
        """Who may work in lake and warehouse at the same time."""
        return Turns(self.warehouse)

    @property
    def places(self) -> Places:
        """Where an erasure looks."""
        return Places(self.landing, self.bronze, self.ledger, self.home_timezone)

    @property
    def home_timezone(self) -> HomeTimezone:
        """The home zone: that of the settings, and from the first date on which the athlete file as last
        taken in names one, that of the athlete file."""
        athlete = AthleteHistory.of(athlete_entries(self.lake))
        return self.settings.home_timezone.followed_by(athlete.home_moves)
