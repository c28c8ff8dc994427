"""Which addresses are this machine's or COROS's, and which of them a sync may talk to.

Belongs here: the one rule that every request, and the page opened for a login, must pass. Does not: the
requests (`sync/transport.py`). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from coros_assets.errors import SyncError
from coros_assets.inert import printable

COROS: Final = "coros.com"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def is_coros(url: str) -> bool:
    """True for https on a host of COROS, on its usual port, without a user in the address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return (
        parts.scheme == "https"
        and (host == COROS or host.endswith(f".{COROS}"))
        and parts.netloc.lower() in (host, f"{host}:443")
    )


def is_loopback(url: str) -> bool:
    """True for a server on this machine, as tests have one."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK and "@" not in parts.netloc


@dataclass(frozen=True)
class Allowed:
    """The addresses that go with the server of the settings: COROS's hosts, or one server on this machine."""

    server: str

    def require(self, url: str) -> None:
        """Refuses any other address.

        Raises:
            SyncError: the text names the host alone, never the rest of the address.
        """
        try:
            fits = urlsplit(url).netloc == urlsplit(self.server).netloc if self._local else is_coros(url)
            host = urlsplit(url).hostname or "nowhere"
        except ValueError:
            fits, host = False, "no address"
        if not fits:
            raise SyncError(
                f"COROS's server points to {printable(host)}, which is not a host of COROS over https; "
                "nothing was sent there. Try again later, and if it stays so, export your files by hand."
            )

    @property
    def _local(self) -> bool:
        return is_loopback(self.server)
