"""An HTTP proxy on loopback before an S3 server that loses acknowledgements, stalls and breaks off answers.

Belongs here: what goes wrong with one request. Does not: cutting at any byte (`proxy.py`).
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from coros_assets_tests.servers import LOOPBACK

_SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
_OF_A_CONNECTION = ("connection", "transfer-encoding", "content-length", "keep-alive")


class Fault(Enum):
    """What happens to a request."""

    NONE = auto()
    LOST_WITH_500 = auto()  # done, and answered as if it had failed
    LOST_WITH_RESET = auto()  # done, and never answered
    SLOW_DOWN = auto()  # refused with 503
    STALLED = auto()  # its answer stops in the midst of it
    TRUNCATED = auto()  # its answer ends before it is whole


@dataclass
class FaultyS3:
    """Forwards requests to an S3 server; `choose` says what happens to each, by method and path."""

    to_port: int
    port: int = 0
    choose: Callable[[str, str], Fault] = lambda method, path: Fault.NONE
    seen: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)

    def times(self, fault: Fault, number: int, method: str, below: str = "") -> None:
        """The next requests of a method, for a path that contains `below`, meet a fault."""
        left, lock = [number], threading.Lock()

        def choose(asked: str, path: str) -> Fault:
            with lock:
                if asked != method or below not in path or not left[0]:
                    return Fault.NONE
                left[0] -= 1
                return fault

        self.seen, self.choose = Counter(), choose


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    s3: FaultyS3

    def handle_request(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        fault = self.s3.choose(self.command, self.path)
        self.s3.seen[self.command] += 1
        if fault is Fault.SLOW_DOWN:
            self._answer(503, {"content-type": "application/xml"}, _SLOW_DOWN)
            return
        status, headers, answer = self._forwarded(body)
        if fault is Fault.LOST_WITH_500:
            self._answer(500, {}, b"<Error><Code>InternalError</Code></Error>")
        elif fault is Fault.LOST_WITH_RESET:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault in (Fault.STALLED, Fault.TRUNCATED):
            self._answer(status, headers, answer, sent=len(answer) // 2)
            if fault is Fault.STALLED:
                self.s3.ended.wait(60)
            self.close_connection = True
        else:
            self._answer(status, headers, answer)

    def _forwarded(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        server = http.client.HTTPConnection(LOOPBACK, self.s3.to_port, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        server.request(self.command, self.path, body, headers)
        with server.getresponse() as answer:
            data = answer.read()
            kept = {n: v for n, v in answer.getheaders() if n.lower() not in _OF_A_CONNECTION}
            if self.command == "HEAD":
                kept["content-length"] = answer.getheader("content-length", "0")
        server.close()
        return answer.status, kept, data

    def _answer(self, status: int, headers: dict[str, str], body: bytes, sent: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:sent])
        self.wfile.flush()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the base class names it
        """Says nothing."""


@contextmanager
def faulty_s3(to_port: int) -> Iterator[FaultyS3]:
    """A proxy before the S3 server at a port of this machine."""
    s3 = FaultyS3(to_port)
    methods = {f"do_{method}": _Handler.handle_request for method in _METHODS}
    server = ThreadingHTTPServer((LOOPBACK, 0), type("Handler", (_Handler,), methods | {"s3": s3}))
    server.daemon_threads = True
    s3.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield s3
    finally:
        s3.ended.set()
        server.shutdown()
        server.server_close()
