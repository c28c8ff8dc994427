"""The answer to a login, which the runner's browser brings to a port of this machine.

Belongs here: listening on loopback for the one request that has the right state. Does not: what the answer
is good for (`login.py`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import parse_qs, urlsplit

from coros_assets.addresses import LOOPBACK
from coros_assets.errors import SyncError
from coros_assets.inert import printable

_PATH: Final = "/callback"
_LONGEST_REQUEST: Final = 16_384  # bytes
_SLOWEST_REQUEST_S: Final = 5.0
_HEADERS: Final = (
    "Content-Type: text/html",
    "Cache-Control: no-store",
    "Referrer-Policy: no-referrer",
    "Connection: close",
)
_PAGE: Final = "<!doctype html><title>coros-assets</title><p>{}</p>"


class Callback:
    """Waits for one answer; requests that are none, or have another state, change nothing."""

    def __init__(self, patience_s: float) -> None:
        """Listens when `listening` is entered."""
        self.port = 0
        self._patience_s = patience_s
        self._state = secrets.token_urlsafe()  # until one is expected nothing fits
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()

    @classmethod
    @asynccontextmanager
    async def listening(cls, patience_s: float) -> AsyncIterator[Callback]:
        """A callback that listens, on loopback alone, as long as the block lasts."""
        callback = cls(patience_s)
        server = await asyncio.start_server(callback.serve, LOOPBACK[0], 0, limit=_LONGEST_REQUEST)
        callback.port = server.sockets[0].getsockname()[1]
        async with server:
            yield callback

    @property
    def redirect_uri(self) -> str:
        """Where the browser brings the answer."""
        return f"http://{LOOPBACK[0]}:{self.port}{_PATH}"

    def expect(self, authorization_address: str) -> None:
        """Takes the state that the answer must have from the address at which it is asked for."""
        (self._state,) = parse_qs(urlsplit(authorization_address).query)["state"]

    async def answer(self) -> tuple[str, str | None]:
        """The code and the state of the answer.

        Raises:
            SyncError: it is a refusal, or there is none in time.
        """
        try:
            found = await asyncio.wait_for(self._answer, self._patience_s)
        except TimeoutError:
            raise SyncError("Nobody logged in in time: run `coros-assets sync --login` again.") from None
        if "code" not in found:
            reason = printable(found.get("error", "no code"), 60)
            raise SyncError(f"COROS did not let you in ({reason}): run `coros-assets sync --login` again.")
        return found["code"], found["state"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SLOWEST_REQUEST_S)
            status, words = self._taken(head.decode("ascii", "replace"))
            page = _PAGE.format(words).encode()
            lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(page)}", *_HEADERS, "", "")
            writer.write("\r\n".join(lines).encode() + page)
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # not a browser, or one that left: the runner's is still to come
        finally:
            writer.close()

    def _taken(self, head: str) -> tuple[str, str]:
        method, _, rest = head.partition(" ")
        parts = urlsplit(rest.partition(" ")[0])
        if method != "GET" or parts.path != _PATH:
            return "404 Not Found", "There is nothing here."
        found = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not secrets.compare_digest(found.get("state", "").encode(), self._state.encode()):
            return "400 Bad Request", "This is not the login that was begun; begin again."
        if not self._answer.done():
            self._answer.set_result(found)
        return "200 OK", "Done: you may close this page and go back to the terminal."
