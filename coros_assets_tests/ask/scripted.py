"""An endpoint on loopback that speaks the chat-completions protocol and says what a test tells it to.

Belongs here: replies, good and bad, and what was asked. Does not: what should come of them (`test_agent.py`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from coros_assets_tests.servers import LOOPBACK


@dataclass
class Reply:
    """One HTTP answer; it is held back until `after` is set."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    after: threading.Event | None = None


@dataclass
class Request:
    """What an endpoint was sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def words(self) -> str:
        """Everything but the tools."""
        return json.dumps(self.body["messages"])


def query(sql: str, understood: str = "") -> Reply:
    """The model calls the tool with SQL."""
    return called("answer_with_query", {"sql": sql, "understood": understood})


def refused(reason: str) -> Reply:
    """The model refuses."""
    return called("refuse", {"reason": reason})


def called(tool: str, arguments: dict[str, Any] | str) -> Reply:
    """The model calls a tool; a string stands for arguments as they are."""
    return called_at_once((tool, arguments))


def queries(*statements: str) -> Reply:
    """The model calls the tool with each of these at once."""
    return called_at_once(*(("answer_with_query", {"sql": sql, "understood": ""}) for sql in statements))


def called_at_once(*calls: tuple[str, dict[str, Any] | str]) -> Reply:
    """The model calls several tools in one message."""
    made = []
    for number, (tool, arguments) in enumerate(calls):
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        function = {"name": tool, "arguments": text}
        made.append({"id": f"call_{number}", "type": "function", "function": function})
    return message({"role": "assistant", "content": None, "tool_calls": made}, "tool_calls")


def prose(text: str) -> Reply:
    """The model writes."""
    return message({"role": "assistant", "content": text}, "stop")


def message(content: dict[str, Any], why: str) -> Reply:
    """A whole answer of one message."""
    choice = {"index": 0, "message": content, "finish_reason": why}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "scripted", "usage": usage}
    return Reply(json.dumps({**whole, "choices": [choice]}).encode())


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of clients that hang up."""


class Scripted:
    """The server; `replies` are given one after the other, the last one for ever, or `answer` decides."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.answer: Callable[[Request], Reply] = self._next
        self.requests: list[Request] = []
        self._server = _Quiet((LOOPBACK, 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}/v1"

    def _next(self, _: Request) -> Reply:
        return self.replies[min(len(self.requests), len(self.replies)) - 1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(scripted: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, json.loads(self.rfile.read(length)))
            scripted.requests.append(request)
            reply = scripted.answer(request)
            if reply.after is not None:
                reply.after.wait(10)
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's own name
            pass

    return Handler
