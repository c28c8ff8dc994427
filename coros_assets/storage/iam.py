"""Passwords for PostgreSQL on RDS that are made when they are needed: IAM authentication tokens.

Belongs here: making one from the AWS credentials of this process, which asks nobody. Does not: whom it may
be sent to (`postgres.py`), or who may log in with one (`infra/`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from coros_assets.errors import CorosError, first_line


def iam_token(host: str, port: int, user: str, region: str) -> str:
    """What `user` logs in with instead of a password, for the next 15 minutes.

    Raises:
        CorosError: there are no AWS credentials, or the extra `aws` is not installed.
    """
    client = _client(region)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415  for those alone who log in this way

    try:
        return str(client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user))
    except BotoCoreError as error:
        raise CorosError(
            f"No IAM token can be made for {user} on {host}: {first_line(error)}. Check the AWS "
            "credentials in the environment, or the role of the machine."
        ) from error


@cache
def _client(region: str) -> Any:
    try:
        import boto3  # noqa: PLC0415  for those alone who log in this way
    except ImportError as error:
        raise CorosError(
            "COROS_WAREHOUSE_IAM_REGION needs boto3: install coros-assets with the extra `aws`."
        ) from error
    return boto3.Session(region_name=region).client("rds")
