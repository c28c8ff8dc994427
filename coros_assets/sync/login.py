"""Logging in at COROS, once, by the runner; and using that login without them.

Belongs here: OAuth as the MCP library has it (PKCE, registration, renewal), the page in the browser and its
answer on loopback. Does not: where tokens are kept (`vault.py`), or requests (`transport.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
    ProtectedResourceMetadata,
)
from pydantic import AnyUrl, ValidationError

from coros_assets.addresses import Allowed
from coros_assets.errors import LoginNeededError, SyncError
from coros_assets.sync.callback import Callback
from coros_assets.sync.explained import explained
from coros_assets.sync.transport import Pace, PoliteTransport, silenced
from coros_assets.sync.vault import Login, Vault

CLIENT_NAME: Final = "coros-assets"
_EARLY_S: Final = 60.0  # a token is renewed before it runs out on the way
_LONG_AGO: Final = 1.0  # in seconds since 1970; the library takes 0 for "never"
_AGAIN: Final = "Run `coros-assets sync --login`."


@dataclass
class _Storage:
    """The library's token storage, on the vault; a login is written when it has tokens."""

    vault: Vault
    resource: str
    login: Login | None = None
    client: OAuthClientInformationFull | None = None
    provider: OAuthClientProvider | None = None

    async def get_tokens(self) -> OAuthToken | None:
        if self.login is None:
            return None
        return OAuthToken(access_token=self.login.access_token, refresh_token=self.login.refresh_token)

    async def set_tokens(self, tokens: OAuthToken) -> None:
        if tokens.refresh_token is None and self.login is not None:
            tokens.refresh_token = (
                self.login.refresh_token
            )  # one that is not replaced stays valid (RFC 6749, 6)
        if self.client is None or self.provider is None:
            raise SyncError(f"COROS gave tokens before a registration. {_AGAIN}")
        self.login = Login(
            resource=self.resource,
            client=self.client,
            server=self.provider.context.oauth_metadata,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_at=None if tokens.expires_in is None else time.time() + tokens.expires_in,
            scope=tokens.scope,
        )
        self.vault.write(self.login)

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


async def log_in(
    url: str, vault: Vault, pace: Pace, open_page: Callable[[str], object], say: Callable[[str], None]
) -> None:
    """Registers this program at COROS, has the runner log in in a browser, and keeps the tokens.

    Raises:
        SyncError: COROS or the runner refused, or nobody answered in time.
    """
    allowed, limit = Allowed(url), timedelta(seconds=pace.login + pace.longest_call)
    async with httpx.AsyncClient(transport=PoliteTransport(allowed, pace), timeout=pace.patience) as http:
        with silenced(), explained():
            resource = await _regional(url, http, allowed)
            async with Callback.listening(pace.login) as callback:
                storage = _Storage(vault, resource)

                async def show(address: str) -> None:
                    allowed.require(address)
                    callback.expect(address)
                    say(f"Log in at COROS in your browser. If none opens, open this address:\n{address}")
                    say(
                        f"COROS's answer comes to port {callback.port} of this machine; from another one, "
                        f"begin with `ssh -L {callback.port}:127.0.0.1:{callback.port} …`."
                    )
                    open_page(address)

                http.auth = storage.provider = OAuthClientProvider(
                    resource,
                    _metadata(callback.redirect_uri),
                    storage,
                    redirect_handler=show,
                    callback_handler=callback.answer,
                    timeout=pace.login,
                )
                async with (
                    streamable_http_client(resource, http_client=http) as (reader, writer, _),
                    ClientSession(reader, writer, limit) as session,
                ):
                    await session.initialize()
    if storage.login is None:
        raise SyncError("COROS's server asked for no login, so there is nothing to keep; see COROS_SYNC_URL.")


def unattended(vault: Vault, login: Login, *, is_stale: bool) -> OAuthClientProvider:
    """The authentication of a sync, which renews tokens and never opens a browser.

    The library begins with tokens whose end it does not know and would ask for a new login where renewing
    them is enough; so it is told, along with the addresses that it would have to find again.

    Args:
        vault: where renewed tokens go.
        login: the login.
        is_stale: True where COROS refused the access token though its time has not come.
    """

    async def refuse(_address: str) -> None:
        raise LoginNeededError(f"COROS no longer takes the login that is kept. {_AGAIN}")

    async def nothing() -> tuple[str, str | None]:
        raise LoginNeededError(_AGAIN)

    storage = _Storage(vault, login.resource, login, login.client)
    provider = OAuthClientProvider(
        login.resource, _metadata("http://127.0.0.1/callback"), storage, refuse, nothing
    )
    storage.provider = provider
    provider.context.oauth_metadata = login.server
    if is_stale:
        provider.context.token_expiry_time = _LONG_AGO
    elif login.expires_at is not None:
        provider.context.token_expiry_time = max(_LONG_AGO, login.expires_at - _EARLY_S)
    return provider


class Bearer(httpx.Auth):
    """An access token from the environment, as it is."""

    def __init__(self, token: str) -> None:
        """Keeps it in memory."""
        self.token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the token."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise LoginNeededError("COROS does not take the token in COROS_SYNC_TOKEN: give a new one.")


def _metadata(redirect_uri: str) -> OAuthClientMetadata:
    return OAuthClientMetadata(
        client_name=CLIENT_NAME,
        redirect_uris=[AnyUrl(redirect_uri)],
        grant_types=["authorization_code", "refresh_token"],
        response_types=["code"],
        token_endpoint_auth_method="none",  # noqa: S106  no password: a public client has none
    )


async def _regional(url: str, http: httpx.AsyncClient, allowed: Allowed) -> str:
    """The server that COROS names for this address: mcp.coros.com stands for one of several regions."""
    parts = urlsplit(url)
    response = await http.get(
        f"{parts.scheme}://{parts.netloc}/.well-known/oauth-protected-resource{parts.path}"
    )
    try:
        named = str(ProtectedResourceMetadata.model_validate_json(response.content).resource)
    except ValidationError:
        return url
    allowed.require(named)
    return named
