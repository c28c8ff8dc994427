"""Where a login is kept: in the system's keyring, or nowhere.

Belongs here: reading, writing and forgetting it. Does not: getting one (`login.py`). Nothing here writes a
file: the keyring is macOS's Keychain, Windows's Credential Locker, or the Secret Service of a desktop.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import keyring
from keyring.errors import KeyringError, PasswordDeleteError
from mcp.shared.auth import OAuthClientInformationFull, OAuthMetadata
from pydantic import BaseModel, Field, ValidationError

from coros_assets.errors import SyncError

SERVICE: Final = "coros-assets"


class Login(BaseModel):
    """A login at COROS: the server it holds for, this program's registration there, and the tokens."""

    resource: str
    client: OAuthClientInformationFull = Field(repr=False)
    server: OAuthMetadata | None = None
    access_token: str = Field(repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    expires_at: float | None = None
    scope: str | None = None


class Vault:
    """The keyring's entry of one home."""

    def __init__(self, account: str) -> None:
        """Asks the keyring for nothing yet."""
        self._account = account

    def read(self) -> Login | None:
        """The login; None if there is none, or one that another version wrote."""
        with _explained():
            kept = keyring.get_password(SERVICE, self._account)
        try:
            return Login.model_validate_json(kept) if kept else None
        except ValidationError:
            return None

    def write(self, login: Login) -> None:
        """Replaces the login."""
        with _explained():
            keyring.set_password(SERVICE, self._account, login.model_dump_json(exclude_none=True))

    def forget(self) -> bool:
        """Removes the login; False if there was none."""
        with _explained():
            try:
                keyring.delete_password(SERVICE, self._account)
            except PasswordDeleteError:
                return False
        return True


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except KeyringError as error:
        raise SyncError(
            f"The system's keyring cannot be used ({type(error).__name__}). Unlock or install one, or give "
            "an access token in COROS_SYNC_TOKEN; tokens are never written to a file."
        ) from None
