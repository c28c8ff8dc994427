"""A queue that speaks SQS's protocol on loopback: messages come back until they are deleted.

Belongs here: just what `storage/arrivals.py` asks of SQS. Does not: whether SQS itself answers so, for which
`infra/checks/test_arrivals.py` asks moto.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from coros_assets_tests.servers import LOOPBACK

TEST_EVENT = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "runs"})


def created(key: str, at: str = "2024-06-01T17:15:00.000Z") -> str:
    """What S3 says of a new object."""
    entity = {"bucket": {"name": "runs"}, "object": {"key": key, "sequencer": "0055AED6DCD90281E5"}}
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "eventTime": at, "s3": entity}]})


@dataclass
class Message:
    body: str
    visible_at: float = 0
    received: int = 0


@dataclass
class Queue:
    """Its messages; for `hidden_s` one that was taken is nobody else's."""

    url: str = ""
    hidden_s: float = 300
    refuses: bool = False
    calls: list[str] = field(default_factory=list)
    _messages: dict[int, Message] = field(default_factory=dict)
    _sent: int = 0

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self._sent += 1
            self._messages[self._sent] = Message(body)

    @property
    def received(self) -> list[int]:
        """How often each of those that are left was taken."""
        return [message.received for message in self._messages.values()]

    def answer(self, call: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(call)
        if call == "ReceiveMessage":
            return {"Messages": list(self._taken(asked["MaxNumberOfMessages"]))}
        for entry in asked["Entries"]:
            self._messages.pop(int(entry["ReceiptHandle"]), None)
        return {"Successful": [{"Id": entry["Id"]} for entry in asked["Entries"]], "Failed": []}

    def _taken(self, most: int) -> Iterator[dict[str, str]]:
        now = time.monotonic()
        visible = [(name, each) for name, each in self._messages.items() if each.visible_at <= now]
        for name, message in visible[:most]:
            message.visible_at, message.received = now + self.hidden_s, message.received + 1
            yield {"MessageId": str(name), "ReceiptHandle": str(name), "Body": message.body}


@contextmanager
def queue() -> Iterator[Queue]:
    """An empty queue, for as long as the block lasts."""
    served = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            call = self.headers["X-Amz-Target"].removeprefix("AmazonSQS.")
            says = (
                {"__type": "AccessDenied", "message": "no"} if served.refuses else served.answer(call, asked)
            )
            body = json.dumps(says).encode()
            self.send_response(403 if served.refuses else 200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        served.url = f"http://{LOOPBACK}:{server.server_port}/123456789012/coros-arrivals"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
