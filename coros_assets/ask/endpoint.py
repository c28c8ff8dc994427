"""The way to the one endpoint that the settings name.

Belongs here: what goes over the wire and what never does: no redirect, proxy, cookie or key but its own, no
header that describes this machine, no answer without an end. Does not: what is asked (`agent.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx2
from pydantic import SecretStr
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from coros_assets.inert import printable

LONGEST_ANSWER: Final = 1_000_000  # bytes
_CONNECT_S: Final = 10
_SENT: Final = frozenset({"accept", "authorization", "connection", "content-length", "content-type", "host"})
_NO_KEY: Final = "none"


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server, a model's name there, and a key, empty if it asks for none."""

    url: str
    model: str
    key: SecretStr

    @property
    def place(self) -> str:
        """The host, as it is shown."""
        return printable(urlsplit(self.url).netloc)

    def chat_model(self, client: httpx2.AsyncClient) -> OpenAIChatModel:
        """The model, reached by `client`."""
        provider = OpenAICompatibleProvider(
            "coros-assets",
            base_url=self.url,
            api_key=self.key.get_secret_value() or _NO_KEY,
            http_client=client,
        )
        return OpenAIChatModel(self.model, provider=provider)


def private_client(limit_s: float) -> httpx2.AsyncClient:
    """A client that goes straight to where it is sent, tells no more than it must and reads no more."""
    return httpx2.AsyncClient(
        transport=_Bounded(httpx2.AsyncHTTPTransport(trust_env=False)),
        timeout=httpx2.Timeout(limit_s, connect=_CONNECT_S),
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [_keep_needed_headers]},
    )


class UnusableAnswerError(httpx2.TransportError):
    """The endpoint sends elsewhere, or more than any answer needs, or something packed."""


async def _keep_needed_headers(request: httpx2.Request) -> None:
    """The OpenAI library adds the versions of Python and system, and an organisation it finds about."""
    for name in [name for name in request.headers if name.lower() not in _SENT]:
        del request.headers[name]
    request.headers["user-agent"] = "coros-assets"
    request.headers["accept-encoding"] = "identity"


class _Bounded(httpx2.AsyncBaseTransport):
    """Ends an answer that grows beyond the limit, could grow once it is unpacked, or leads elsewhere."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        if response.has_redirect_location:
            await response.aclose()
            raise UnusableAnswerError("it sends elsewhere, where nothing is sent")
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise UnusableAnswerError("its answer is packed, which was not asked for")
        response.stream = _BoundedStream(response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream | httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for part in self._inner:  # type: ignore[union-attr]  # that of an async transport is async
            seen += len(part)
            if seen > LONGEST_ANSWER:
                raise UnusableAnswerError(f"its answer is longer than {LONGEST_ANSWER:,} bytes")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()  # type: ignore[union-attr]  # as above
