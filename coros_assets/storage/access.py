"""Who may do what in the warehouse: its roles and what they are granted.

Belongs here: which scripts of `sql/` a user may run. Does not: the grants themselves (they are those
scripts), or queries as the reader (`reader.py`).
"""

from __future__ import annotations

from typing import Final

import psycopg

from coros_assets.storage.postgres import Connection
from coros_assets.storage.statements import statement

SCRIPTS: Final = tuple(statement(__package__, name) for name in ("roles", "grants", "reader_limits"))
_ROLES: Final = "SELECT count(*) FROM pg_roles WHERE rolname IN ('coros_loader', 'coros_reader')"
_IS_SUPERUSER: Final = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


def give_access(connection: Connection) -> None:
    """Makes the roles as far as this user may, and grants them what they need of the tables as they are now.

    On a server whose administrator makes the roles, nothing is granted before they are there.
    """
    roles, grants, reader_limits = SCRIPTS
    try:
        with connection.transaction():
            connection.execute(roles.encode())
    except psycopg.errors.InsufficientPrivilege:
        if connection.execute(_ROLES).fetchone() != (2,):
            return
    connection.execute(grants.encode())
    if is_superuser(connection):
        connection.execute(reader_limits.encode())


def is_reader(connection: Connection) -> bool:
    """Whether the user of the connection is one of the role `coros_reader`, and no more than that."""
    return connection.execute(statement(__package__, "is_reader")).fetchone() == (True,)


def is_superuser(connection: Connection) -> bool:
    """Whether the user of the connection may do everything on its server."""
    return connection.execute(_IS_SUPERUSER).fetchone() == (True,)
