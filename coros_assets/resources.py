"""Dagster's handle on the stores.

Belongs here: the resource through which assets and IO managers reach data. Does not: opening
anything itself (`stores.py`).
"""

from functools import cache

import dagster as dg

from coros_assets.settings import load_settings
from coros_assets.stores import Stores


class StoresResource(dg.ConfigurableResource[Stores]):
    """The stores of the settings in this process's environment, opened once a process."""

    def create_resource(self, context: dg.InitResourceContext) -> Stores:
        """The stores; nothing is opened before it is used."""
        del context
        return _stores()


@cache
def _stores() -> Stores:
    return Stores(load_settings())
