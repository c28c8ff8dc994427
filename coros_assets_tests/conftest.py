"""Fixtures that many tests share: real files, and a home on embedded parts or on real servers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets_tests.servers import postgres_server, s3_server

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def activity_files() -> Path:
    """The folder of real activity files; the test is skipped where there is none."""
    folder = Path(
        os.environ.get("COROS_ACTIVITY_FILES", Path(__file__).parents[2] / "shared" / "activity_files")
    )
    if not folder.is_dir():
        pytest.skip("no folder of real activity files")
    return folder


@pytest.fixture(scope="session")
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose embedded server all tests share; each test takes a clean warehouse in it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server as the system installs it, with a password."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def s3_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment variables under which `s3://runs` is a real S3 server's bucket."""
    with s3_server(tmp_path_factory.mktemp("s3")) as environment:
        yield environment


@pytest.fixture
def settings(tmp_path: Path, session_home: Path) -> Settings:
    """Settings of an empty home: folders of the test, the session's embedded server."""
    return home_settings(session_home, tmp_path)


def home_settings(session_home: Path, tmp_path: Path) -> Settings:
    """Settings of a home whose folders lie in `tmp_path`."""
    return Settings(
        home=session_home,
        landing_uri=str(tmp_path / "landing"),
        lake_uri=str(tmp_path / "lake"),
        home_timezone="Europe/Vienna",
        roster=str(tmp_path / "roster"),
        roster_codes=str(tmp_path / "roster_codes.toml"),
        wellness=str(tmp_path / "wellness"),
        athlete=str(tmp_path / "athlete.toml"),
    )


@pytest.fixture
def stores(settings: Settings) -> Stores:
    """Stores of an empty home."""
    return emptied(Stores(settings))


def emptied(stores: Stores) -> Stores:
    """The same stores with nothing in the warehouse."""
    with stores.warehouse.connection() as connection:
        connection.execute("DROP SCHEMA IF EXISTS gold, ledger CASCADE")
    stores.warehouse.prepare()
    return stores
