"""What goes wrong between this program and COROS, as a sentence that holds no token.

Belongs here: the errors of the libraries. Does not: what COROS says in words (`replies.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
from mcp.client.auth import OAuthFlowError
from mcp.shared.exceptions import McpError

from coros_assets.errors import CorosError, LoginNeededError, SyncError, first_line
from coros_assets.inert import printable

_MISTAKES: Final = (AssertionError, AttributeError, LookupError, NameError, TypeError)
"""Errors of this program, which `--debug` is to show where they happened."""
_LATER: Final = "What came so far is kept; run the sync again later."


@contextmanager
def explained() -> Iterator[None]:
    """Inside, whatever the libraries raise becomes one error of ours; their words, which may quote what was
    sent, are left out, and so are the errors themselves. A mistake of this program's stays one.

    Raises:
        SyncError: in place of any other error.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001  the libraries raise groups of anything, and quote tokens
        leaves = list(_leaves(error))
        raise leaves[0] if isinstance(leaves[0], _MISTAKES) else _sentence(leaves) from None


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _sentence(leaves: list[BaseException]) -> CorosError:
    ours = [leaf for leaf in leaves if isinstance(leaf, CorosError)]
    if ours:
        return min(ours, key=lambda each: not isinstance(each, LoginNeededError))
    if any(isinstance(leaf, OAuthFlowError) for leaf in leaves):
        return LoginNeededError(
            "The login at COROS did not go as it should. Run `coros-assets sync --login` again; if it "
            "stays so, set COROS_SYNC_URL to your region's address."
        )
    return SyncError(f"{_words(leaves[0])}. {_LATER}")


def _words(leaf: BaseException) -> str:
    match leaf:
        case httpx.HTTPStatusError():
            words = f"COROS's server refused a request (HTTP {leaf.response.status_code})"
        case McpError() if leaf.error.code == httpx.codes.REQUEST_TIMEOUT:
            words = "COROS's server did not answer in time"
        case McpError():
            words = f"COROS's server answered with an error ({leaf.error.code})"
        case OSError():
            words = first_line(leaf)
        case _:
            words = f"COROS's answer could not be understood ({printable(type(leaf).__name__)})"
    return words
