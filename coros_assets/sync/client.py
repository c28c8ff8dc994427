"""COROS's tools, called one at a time over MCP.

Belongs here: the session, which tools there are, arguments by their schemas. Does not: what replies hold
(`replies.py`), what is asked for (`pull.py`), or the network itself (`transport.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import anyio
import httpx
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.types import PaginatedRequestParams, Tool

from coros_assets.addresses import Allowed
from coros_assets.errors import LoginNeededError, SyncError
from coros_assets.settings import Settings
from coros_assets.sync.explained import explained
from coros_assets.sync.login import Bearer, unattended
from coros_assets.sync.replies import BusyError, reply_text
from coros_assets.sync.transport import Pace, PoliteTransport, silenced
from coros_assets.sync.vault import Vault

MAX_PAGES: Final = 20
_HIDDEN: Final = "(hidden)"
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True)
class Reply:
    """What a tool answered: its name, the blocks, and their text."""

    tool: str
    content: Sequence[Any]
    text: str


class Coros:
    """The tools of one session, which `begin` opens."""

    def __init__(self, http: httpx.AsyncClient, pace: Pace) -> None:
        """Calls nothing yet."""
        self._http = http
        self._pace = pace
        self._tools: dict[str, Tool] = {}
        self._scope = anyio.CancelScope()
        self._session: ClientSession

    async def begin(self, session: ClientSession) -> None:
        """Opens the session and learns which tools there are."""
        self._session = session
        with self._guarded("the first question"):
            await session.initialize()
        cursor = None
        for _ in range(MAX_PAGES):
            with self._guarded("the list of tools"):
                page = await session.list_tools(params=PaginatedRequestParams(cursor=cursor))
            self._tools |= {tool.name: tool for tool in page.tools}
            cursor = page.nextCursor
            if not cursor:
                return
        raise SyncError("COROS's server lists tools without an end; run the sync again later.")

    def takes(self, names: Sequence[str], argument: str) -> bool:
        """True if the first of the tools that there is has the argument."""
        return argument in _properties(self._tool(names))

    async def call(
        self, names: Sequence[str], values: Mapping[str, Any], if_required: Mapping[str, Any] | None = None
    ) -> Reply:
        """The reply of the first of the tools that there is; one that has no time is asked again.

        Args:
            names: names of one tool; COROS renamed some.
            values: arguments, of which the tool gets those that it knows.
            if_required: arguments that it gets only if it insists.

        Raises:
            SyncError: there is no such tool, it wants more, or it refused.
        """
        tool = self._tool(names)
        arguments = _arguments(tool, values, if_required or {})
        waits = iter(self._pace.waits)
        while True:
            wait = next(waits, None)
            try:
                return await self._answer(tool.name, arguments)
            except BusyError:
                if wait is None:
                    raise
                await asyncio.sleep(wait)

    async def fetch(self, address: str) -> bytes:
        """The bytes at an address that COROS gave, asked for without the token.

        Raises:
            SyncError: it is not COROS's, leads elsewhere, or answers anything but bytes.
        """
        response = await self._http.get(address, auth=None, follow_redirects=False)
        if response.status_code in _REDIRECTS:
            raise SyncError("An address of a file at COROS leads elsewhere; it was not followed.")
        if response.status_code != httpx.codes.OK:
            raise SyncError(f"COROS did not give a file (HTTP {response.status_code}).")
        return response.content

    async def incoming(self, message: object) -> None:
        """Ends the call under way if what came instead of its reply is an error of the library."""
        if isinstance(message, Exception):
            self._scope.cancel()

    def _tool(self, names: Sequence[str]) -> Tool:
        for name in names:
            if name in self._tools:
                return self._tools[name]
        raise SyncError(f"COROS's server has no tool {names[0]} now; run the sync again later.")

    async def _answer(self, name: str, arguments: Mapping[str, Any]) -> Reply:
        with explained(), self._guarded(name):
            result = await self._session.call_tool(name, dict(arguments))
        for block in result.content:
            if block.type == "text":
                block.text = self._hidden(block.text)
        return Reply(name, result.content, reply_text(name, result.content, result.isError))

    @contextmanager
    def _guarded(self, what: str) -> Iterator[None]:
        """Inside, waiting ends as soon as something came that cannot be read."""
        with anyio.CancelScope() as self._scope:
            yield
        if self._scope.cancelled_caught:
            raise SyncError(
                f"COROS's reply to {what} is broken; nothing of it was kept. Run the sync again later."
            )

    def _hidden(self, text: str) -> str:
        """The text without our own tokens, should COROS ever repeat them."""
        for secret in _secrets(self._http.auth):
            text = text.replace(secret, _HIDDEN)
        return text


@asynccontextmanager
async def connected(
    settings: Settings, vault: Vault, pace: Pace, *, is_stale: bool = False
) -> AsyncIterator[Coros]:
    """COROS's tools, with the login that is kept or the token of the settings.

    Args:
        settings: where COROS's server is, and perhaps a token.
        vault: where the login is.
        pace: how to behave.
        is_stale: see `login.unattended`.

    Raises:
        LoginNeededError: there is no login, or COROS does not take it.
        SyncError: COROS cannot be reached or answers wrongly.
    """
    token = settings.sync_token.get_secret_value()
    login = None if token else vault.read()
    if not token and login is None:
        raise LoginNeededError("There is no login at COROS yet. Run `coros-assets sync --login` once.")
    auth = unattended(vault, login, is_stale=is_stale) if login else Bearer(token)
    server = login.resource if login else settings.sync_url
    transport = PoliteTransport(Allowed(settings.sync_url), pace)
    limit = timedelta(seconds=pace.longest_call)
    async with httpx.AsyncClient(transport=transport, auth=auth, timeout=pace.patience) as http:
        coros = Coros(http, pace)
        with silenced(), explained():
            async with (
                streamable_http_client(server, http_client=http) as (reader, writer, _),
                ClientSession(reader, writer, limit, message_handler=coros.incoming) as session,
            ):
                await coros.begin(session)
                yield coros


def _properties(tool: Tool) -> Mapping[str, Any]:
    found = tool.inputSchema.get("properties")
    return found if isinstance(found, dict) else {}


def _arguments(tool: Tool, values: Mapping[str, Any], if_required: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that a tool's schema knows; days are dropped where dates say the same."""
    required = tool.inputSchema.get("required")
    required = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
    given = {name: values[name] for name in _properties(tool) if name in values}
    given |= {name: if_required[name] for name in required if name in if_required}
    if "startDate" in given and "days" not in required:
        given.pop("days", None)
    if missing := [name for name in required if name not in given]:
        raise SyncError(
            f"COROS's tool {tool.name} now wants more than this version of coros-assets knows "
            f"({', '.join(missing)[:80]}): update coros-assets."
        )
    return given


def _secrets(auth: httpx.Auth | None) -> list[str]:
    if isinstance(auth, Bearer):
        return [auth.token]
    if isinstance(auth, OAuthClientProvider) and auth.context.current_tokens:
        tokens = auth.context.current_tokens
        return [secret for secret in (tokens.access_token, tokens.refresh_token) if secret]
    return []
