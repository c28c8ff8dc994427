"""Dagster's handle on the stores.

Belongs here: the resource through which assets and IO managers reach data. Does not: opening
anything itself (`stores.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache

import dagster as dg

from coros_assets.settings import load_settings
from coros_assets.stores import Stores


class StoresResource(dg.ConfigurableResource[Stores]):
    """The stores of the settings in this process's environment, opened once a process."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Stores]:
        """The stores; a run has its turn to load as long as it lasts, and opens the rest when it is used."""
        stores = _stores()
        with stores.turns.beside_others() if context.run else nullcontext():
            yield stores


@cache
def _stores() -> Stores:
    return Stores(load_settings())
