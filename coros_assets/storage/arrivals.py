"""The queue in which S3 says that something arrived (SQS): a reason to look, and nothing more.

Belongs here: taking messages, and deleting them once all that landed is loaded. Does not: looking
(`waiting.py`), or starting loads (`sensors.py`).

What a message says is never read: landing is listed, and the ledger knows what of it is new. So a message may
come twice, late, out of order, from a stranger or about nothing, and costs one look.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from coros_assets.storage.aws import client, explained

LOOK_EVERY_S: Final = 600
"""Without any message: one may get lost, and the runner's own files send none."""
_MOST_A_CALL: Final = 10  # SQS gives no more
_MOST_CALLS: Final = 10
_LONG_POLL_S: Final = 1  # else SQS asks a part of its servers only
_LIMITS: Final = {"connect_timeout": 3, "read_timeout": 5, "retries": {"total_max_attempts": 2}}
_REGION: Final = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com")


class Arrivals:
    """The messages of one queue that this process has taken and not deleted yet.

    If the process ends, they are forgotten here and come again when their time in the queue is up.
    """

    def __init__(self, url: str) -> None:
        """Names the queue by its URL; asks nobody yet."""
        self._url = url
        self._taken: list[list[str]] = []  # receipts, as many as a call gave
        self._looked_at: float | None = None

    def tell(self) -> bool:
        """Whether there is reason to look at landing: messages, or that nobody looked for long.

        Raises:
            CorosError: the queue does not answer.
        """
        with self._explained():
            self._take()
        is_due = self._looked_at is None or time.monotonic() - self._looked_at >= LOOK_EVERY_S
        return is_due or bool(self._taken)

    def settle(self) -> None:
        """Deletes what was taken: a look since then found all that landed loaded.

        Raises:
            CorosError: the queue does not answer; the messages come again.
        """
        self._looked_at = time.monotonic()
        taken, self._taken = self._taken, []
        with self._explained():
            for receipts in taken:
                entries = [
                    {"Id": str(place), "ReceiptHandle": receipt} for place, receipt in enumerate(receipts)
                ]
                self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _take(self) -> None:
        for _ in range(_MOST_CALLS - len(self._taken)):
            answer = self._client.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=_MOST_A_CALL, WaitTimeSeconds=_LONG_POLL_S
            )
            receipts = [message["ReceiptHandle"] for message in answer.get("Messages", [])]
            if receipts:
                self._taken.append(receipts)
            if len(receipts) < _MOST_A_CALL:
                return

    @cached_property
    def _client(self) -> Any:
        from botocore.config import Config  # noqa: PLC0415  for those alone who have a queue

        place = urlsplit(self._url)
        named = _REGION.fullmatch(place.hostname or "")
        return client(
            "sqs",
            named[1] if named else os.environ.get("AWS_REGION"),
            endpoint_url=f"{place.scheme}://{place.netloc}",  # AWS_ENDPOINT_URL may be that of an S3 server
            config=Config(**_LIMITS),
        )

    def _explained(self) -> AbstractContextManager[None]:
        return explained("COROS_ARRIVALS_QUEUE_URL", f"The queue of arrivals {self._url} does not answer")
