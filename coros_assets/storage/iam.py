"""Passwords for PostgreSQL on RDS that are made when they are needed: IAM authentication tokens.

Belongs here: making one from the AWS credentials of this process, which asks nobody. Does not: whom it may
be sent to (`postgres.py`), or who may log in with one (`infra/`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from coros_assets.storage.aws import client, explained


def iam_token(host: str, port: int, user: str, region: str) -> str:
    """What `user` logs in with instead of a password, for the next 15 minutes.

    Raises:
        CorosError: there are no AWS credentials, or the extra `aws` is not installed.
    """
    with explained("COROS_WAREHOUSE_IAM_REGION", f"No IAM token can be made for {user} on {host}"):
        return str(_client(region).generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user))


@cache
def _client(region: str) -> Any:
    return client("rds", region)
