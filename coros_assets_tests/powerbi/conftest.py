"""The project as it is committed, and gold to hold it against."""

from __future__ import annotations

from pathlib import Path

import pytest

from coros_assets.settings import Settings
from coros_assets.storage.embedded import embedded_url
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores
from coros_assets_tests.powerbi import gold_rows
from coros_assets_tests.powerbi.database import Columns, columns_of_gold
from coros_assets_tests.powerbi.measures import Rows
from coros_assets_tests.powerbi.source import Project

COMMITTED = Path(__file__).parents[2] / "powerbi"


@pytest.fixture(scope="session")
def project() -> Project:
    """The project in the repository."""
    return Project(COMMITTED)


@pytest.fixture(scope="session")
def filled(session_home: Path) -> Warehouse:
    """A database of its own on the session's server, gold filled with drawn rows."""
    settings = Settings(home=session_home, warehouse_url=embedded_url(session_home, "powerbi"))
    warehouse = Stores(settings).warehouse
    gold_rows.fill(warehouse)
    return warehouse


@pytest.fixture(scope="session")
def gold(filled: Warehouse) -> Columns:
    """The columns that the reader's role sees."""
    return columns_of_gold(filled)


@pytest.fixture(scope="session")
def rows(filled: Warehouse, project: Project) -> Rows:
    """The drawn rows, for DAX and for SQL."""
    return Rows.of(filled, project)
