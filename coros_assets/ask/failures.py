"""An endpoint that fails, in words that say what to do.

Belongs here: which failure is which. Does not: a model that answers and gives nothing to run (`agent.py`).
The endpoint's own words stay out: they may quote the key.
"""

from __future__ import annotations

from typing import Final

from pydantic_ai.exceptions import AgentRunError, ModelConnectionError, ModelHTTPError

from coros_assets.ask.endpoint import UnusableAnswerError

_REMEDIES: Final = {
    401: "check COROS_ASK_KEY",
    403: "check COROS_ASK_KEY",
    404: "check COROS_ASK_URL, which often ends in /v1, and COROS_ASK_MODEL",
    429: "it is asked too often, or the account is used up; try later",
}
_OTHER_REMEDY: Final = "see its log, and whether the model of COROS_ASK_MODEL can call tools"


def words_on(error: AgentRunError, place: str) -> str:
    """A sentence on a failed request to the endpoint at `place`."""
    unusable = _unusable(error)
    if unusable is not None:
        return f"The endpoint at {place} is no use: {unusable}. Check COROS_ASK_URL."
    if isinstance(error, ModelHTTPError):
        remedy = _REMEDIES.get(error.status_code, _OTHER_REMEDY)
        return f"The endpoint at {place} answers with status {error.status_code}: {remedy}."
    if isinstance(error, ModelConnectionError):
        return (
            f"The endpoint at {place} cannot be reached or broke off. Start the model's server, or check "
            "COROS_ASK_URL."
        )
    return f"The endpoint at {place} answers what is no chat completion. Check COROS_ASK_URL."


def _unusable(error: BaseException | None) -> UnusableAnswerError | None:
    """What the client itself refused, among the causes of an error."""
    while error is not None and not isinstance(error, UnusableAnswerError):
        error = error.__cause__ or error.__context__
    return error
