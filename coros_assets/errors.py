"""The errors a user sees: one sentence that says what happened, to what, and what to do."""

from typing import Final

from coros_assets.inert import printable


class CorosError(Exception):
    """Something a person can act on; its text is shown as it stands, without a traceback."""


class UnreadableFileError(CorosError):
    """An activity file whose content cannot be read; the text is the quarantine reason."""


class DamagedError(CorosError):
    """An object of the lake that is gone or holds other bytes than were written; the text names it."""


class RosterError(CorosError):
    """A roster that cannot be understood; the text names the file and the row."""


class WellnessError(CorosError):
    """A wellness file that cannot be understood; the text names the file and the row."""


class SyncError(CorosError):
    """What COROS's server did, or did not; the text holds no token and no address beyond a host."""


class LoginNeededError(SyncError):
    """COROS takes no login that there is; only the runner can make another."""


_LONGEST_LINE: Final = 300


def first_line(error: BaseException) -> str:
    """The first line of an error's text, printable, shortened and without full stop; else its type."""
    lines = str(error).splitlines()
    return printable(lines[0].rstrip(". "), _LONGEST_LINE) if lines else type(error).__name__
