"""OAuth of the scripted COROS: codes, tokens that run out, and what replaces them.

Belongs here: the provider that the MCP library's server asks. Does not: the server (`coros_server.py`).
"""

from __future__ import annotations

import secrets
import time

from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    RefreshToken,
    construct_redirect_uri,
)
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

SCOPE = "mcp.tools"


class Accounts:
    """OAuth of one account, whose owner always agrees unless `refusal` says otherwise."""

    def begin(self) -> None:
        """Forgets everyone."""
        self.clients: dict[str, OAuthClientInformationFull] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.access: dict[str, AccessToken] = {}
        self.refresh: dict[str, RefreshToken] = {}
        self.life_s = 3600
        self.refusal: str | None = None
        self.replaces_refresh_tokens = True
        self.prefix = ""

    def tokens(self) -> list[str]:
        """Every token that is good for anything now."""
        return [*self.access, *self.refresh]

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self.clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        self.clients[str(client_info.client_id)] = client_info

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        if self.refusal:
            return construct_redirect_uri(str(params.redirect_uri), error=self.refusal, state=params.state)
        code = AuthorizationCode(
            code=secrets.token_urlsafe(),
            scopes=params.scopes or [SCOPE],
            expires_at=time.time() + 60,
            client_id=str(client.client_id),
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
        )
        self.codes[code.code] = code
        return construct_redirect_uri(str(params.redirect_uri), code=code.code, state=params.state)

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self.codes.get(authorization_code)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        del self.codes[authorization_code.code]
        return self.issued(str(client.client_id))

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> RefreshToken | None:
        return self.refresh.get(refresh_token)

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        if not self.replaces_refresh_tokens:
            return self.issued(str(client.client_id), with_refresh=False)
        del self.refresh[refresh_token.token]
        return self.issued(str(client.client_id))

    async def load_access_token(self, token: str) -> AccessToken | None:
        found = self.access.get(token)
        return found if found and found.expires_at and found.expires_at > time.time() else None

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)

    def issued(self, client_id: str, *, with_refresh: bool = True) -> OAuthToken:
        access, refresh = (self.prefix + secrets.token_urlsafe() for _ in range(2))
        end = int(time.time() + self.life_s)
        self.access[access] = AccessToken(token=access, client_id=client_id, scopes=[SCOPE], expires_at=end)
        if with_refresh:
            self.refresh[refresh] = RefreshToken(token=refresh, client_id=client_id, scopes=[SCOPE])
        return OAuthToken(
            access_token=access,
            refresh_token=refresh if with_refresh else None,
            expires_in=self.life_s,
            scope=SCOPE,
        )
