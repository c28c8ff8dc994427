"""AWS beside S3, by boto3, which is imported by those alone who set something that needs it.

Belongs here: clients, and saying in words what failed. Does not: what they are asked (`iam.py`,
`arrivals.py`), or object stores, which need no boto3 (`lake.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coros_assets.errors import CorosError, first_line


@contextmanager
def explained(setting: str, failure: str) -> Iterator[None]:
    """Inside, whatever AWS or boto3 refuses is one sentence that begins with `failure`.

    Raises:
        CorosError: for it; also where boto3 is not installed, which `setting` needs.
    """
    try:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  an extra
    except ImportError as error:
        raise CorosError(f"{setting} needs boto3: install coros-assets with the extra `aws`.") from error
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise CorosError(
            f"{failure}: {first_line(error)}. Check {setting} and the AWS credentials in the "
            "environment, or the role of the machine."
        ) from error


def client(service: str, region: str | None, **options: Any) -> Any:
    """A client of its own session; its `options` are boto3's."""
    import boto3  # noqa: PLC0415  an extra

    # Where everything is logged, boto3 would write down signatures, and that of a token is the token.
    logging.getLogger("botocore.auth").setLevel(logging.INFO)
    return boto3.Session(region_name=region).client(service, **options)
