"""Connections to a PostgreSQL server by URL: the only code that opens them.

Belongs here: opening, by password or token, and saying in words which server did not answer, never with a
secret. Does not: what is done over a connection (`warehouse.py`, `reader.py`), or making tokens (`iam.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coros_assets.errors import CorosError, first_line
from coros_assets.storage.iam import iam_token

_DEFAULT_PORT: Final = 5432
_MINUTE_MS: Final = 60_000
# Nobody waits for ever: for a server that is gone, for a lock, or for a process that is frozen and holds one.
_LIMITS: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": _MINUTE_MS,
    "options": f"-c TimeZone=UTC -c lock_timeout={10 * _MINUTE_MS} "
    f"-c idle_in_transaction_session_timeout={10 * _MINUTE_MS}",
}
_SHOWN: Final = ("host", "hostaddr", "port", "dbname")
_NOT_A_URL: Final = (
    "COROS_WAREHOUSE_URL is no PostgreSQL URL, such as postgresql://user@host/name; "
    "what stands for itself in a password is written as %40 for @, %2F for /, %3A for :, %25 for %."
)
_PROVEN: Final = "verify-full"

Connection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def connected(url: str, remedy: str, iam_region: str = "") -> Iterator[Connection]:
    """A connection whose work is committed at the end, or rolled back if anything fails.

    With `iam_region` the password is an IAM token of that AWS region, made for this connection.

    Raises:
        CorosError: the server does not answer or refuses, or is lost on the way; the text ends in `remedy`.
    """
    place = place_of(url)
    try:
        connection = opened(url, iam_region, **_LIMITS)
    except psycopg.Error as error:
        raise CorosError(
            f"The warehouse at {place} does not answer: {first_line(error)}. {remedy}"
        ) from error
    try:
        with connection:
            yield connection
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise CorosError(
            f"The warehouse at {place} broke off: {first_line(error)}. Nothing is half done; run the command "
            f"again. {remedy}"
        ) from error


def opened(url: str, iam_region: str = "", **options: Any) -> Connection:
    """A new connection, whose failure is psycopg's own.

    Raises:
        CorosError: a token was to be sent to a server that need not prove its name, or none can be made.
    """
    return psycopg.connect(url, **options | (_token_login(url, iam_region) if iam_region else {}))


def _token_login(url: str, region: str) -> dict[str, Any]:
    """A token as password, which is sent only after the server has proved its name by TLS."""
    parts = place_settings(url) | {"user": _parts(url).get("user", "")}
    host, port = str(parts.get("host", "")), str(parts.get("port", _DEFAULT_PORT))
    if not host or not parts["user"] or not port.isdigit() or "/" in host or "," in host:
        raise CorosError(
            "COROS_WAREHOUSE_URL must name one user and one host, such as postgresql://user@host:5432/name, "
            "where COROS_WAREHOUSE_IAM_REGION says that IAM tokens are the password."
        )
    mode = _parts(url).get("sslmode") or os.environ.get("PGSSLMODE") or _PROVEN
    if mode != _PROVEN:
        raise CorosError(
            f"An IAM token is sent only to a server that proves its name by TLS, and sslmode is {mode}: set "
            f"PGSSLMODE={_PROVEN}, and PGSSLROOTCERT to the file of the server's certificate authority."
        )
    token = iam_token(host, int(port), parts["user"], region)
    return {"password": token, "port": port, "sslmode": _PROVEN, "gssencmode": "disable"}


def place_of(url: str) -> str:
    """Host, port and database, without user or password."""
    parts = place_settings(url)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', _DEFAULT_PORT)}/{parts.get('dbname', '')}"


def place_settings(url: str) -> dict[str, Any]:
    """Host, port and database by libpq's names, as far as the URL says them.

    Raises:
        CorosError: it is no PostgreSQL URL, or its password is not written as URLs want it.
    """
    parts = {name: value for name, value in _parts(url).items() if name in _SHOWN}
    port = str(parts.get("port", "")).replace(",", "")
    if any("@" in str(value) for value in parts.values()) or not (port.isdigit() or not port):
        raise CorosError(_NOT_A_URL)  # a part of the password was taken for another
    return parts


def as_user(url: str, user: str) -> str:
    """The same server and database for another user, whose password libpq finds in `~/.pgpass` if needed."""
    return make_conninfo(**_parts(url) | {"user": user, "password": None})


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(url)
    except (psycopg.Error, UnicodeDecodeError):
        raise CorosError(_NOT_A_URL) from None  # its text may quote the password
