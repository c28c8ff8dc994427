"""Every request of a sync: where it may go, how often, and how much may come back.

Belongs here: what holds for each HTTP request, whoever makes it. Does not: what is asked (`client.py`), or
tokens (`login.py`). The only place through which the sync reaches the network.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final

import httpx

from coros_assets.addresses import Allowed
from coros_assets.errors import SyncError

MAX_BYTES: Final = 24 * 2**20
"""Largest answer: a file of 16 MiB, many times that of a day's run, in base64."""

_BUSY: Final = frozenset({429, 503})
_BROKEN: Final = frozenset({500, 502, 504})
_LOUD: Final = ("mcp", "httpx", "httpcore")
_LATER: Final = "What came so far is kept; run the sync again later."
_NOTICE: Final = b'"notifications/initialized"'
"""The protocol wants it sent, COROS's own helper says not to: a server that refuses it loses nothing."""
_MINUTE_S: Final = 60
_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Pace:
    """How the sync behaves towards a server, in seconds.

    `gap` lies between requests. `waits` are those before each repetition, unless the server names one; one
    longer than `longest_wait` is left to the runner. `patience` ends one request, `login` one login.
    """

    gap: float = 0.3
    waits: tuple[float, ...] = (1.0, 3.0, 10.0)
    longest_wait: float = 60.0
    patience: float = 90.0
    login: float = 300.0

    @property
    def longest_call(self) -> float:
        """When a call is given up that was repeated as often, and after as much rest, as it may be."""
        return self.patience + len(self.waits) * self.longest_wait


POLITE: Final = Pace()


class PoliteTransport(httpx.AsyncBaseTransport):
    """One request at a time; a busy server is asked again, a bounded number of times.

    Raises:
        SyncError: from every request that leaves COROS, is not answered, or is answered at too great length.
    """

    def __init__(self, allowed: Allowed, pace: Pace) -> None:
        """Sends nothing yet."""
        self._allowed = allowed
        self._pace = pace
        self._next = 0.0
        self._turn = asyncio.Lock()
        self._network = httpx.AsyncHTTPTransport(verify=_certificates())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The server's answer."""
        self._allowed.require(str(request.url))
        request.headers["Accept-Encoding"] = "identity"  # so that what comes is as large as it says
        is_form = request.headers.get("content-type", "").startswith(_FORM)  # asking spends a token
        waits = iter(self._pace.waits)
        while True:
            wait = next(waits, None)
            response = await self._once(request, is_last=wait is None or is_form)
            if response is None:
                await asyncio.sleep(wait or 0.0)
                continue
            if response.is_error and _NOTICE in request.content:
                await response.aclose()
                return httpx.Response(httpx.codes.ACCEPTED, request=request)
            if response.status_code not in _BUSY | _BROKEN:
                return _bounded(response)
            await response.aclose()
            is_spent = is_form and response.status_code in _BROKEN
            await asyncio.sleep(self._pause(response, None if is_spent else wait))

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._network.aclose()

    async def _once(self, request: httpx.Request, *, is_last: bool) -> httpx.Response | None:
        """The answer to one try; None if there was none and another may be made."""
        async with self._turn:
            await asyncio.sleep(self._next - time.monotonic())
            try:
                return await self._network.handle_async_request(request)
            except httpx.TransportError as error:
                if is_last:
                    raise SyncError(
                        f"{request.url.host} does not answer ({type(error).__name__}). {_LATER}"
                    ) from None
                return None
            finally:
                self._next = time.monotonic() + self._pace.gap

    def _pause(self, response: httpx.Response, wait: float | None) -> float:
        """How long to wait before the next try."""
        pause = _retry_after(response.headers.get("retry-after", "")) or wait or 0.0
        if wait is not None and pause <= self._pace.longest_wait:
            return pause
        asked = (
            f" and wants {pause / _MINUTE_S:.0f} minutes of rest" if pause > self._pace.longest_wait else ""
        )
        raise SyncError(f"COROS is busy (HTTP {response.status_code}){asked}. {_LATER}")


@cache
def _certificates() -> ssl.SSLContext:
    """Read once a process: it takes longer than many a request."""
    return httpx.create_ssl_context()


def _bounded(response: httpx.Response) -> httpx.Response:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise SyncError("COROS's server compresses what it was asked not to; nothing of it was kept.")
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream)
    return response


class _Bounded(httpx.AsyncByteStream):
    """A stream that ends in an error when it becomes too long or breaks off."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        try:
            async for piece in self._stream:
                size += len(piece)
                if size > MAX_BYTES:
                    raise SyncError(
                        f"An answer of COROS is larger than {MAX_BYTES >> 20} MiB; nothing of it was kept."
                    )
                yield piece
        except httpx.TransportError as error:
            raise SyncError(f"An answer of COROS broke off ({type(error).__name__}). {_LATER}") from None

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def silenced() -> Iterator[None]:
    """Inside, the libraries log nothing: their records may hold tokens, or addresses as good as one."""
    levels = {name: logging.getLogger(name).level for name in _LOUD}
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _retry_after(text: str) -> float:
    """The seconds that a server asks for, as a number or as a date; 0 for neither."""
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
