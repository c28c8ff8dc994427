"""The errors a user sees: one sentence that says what happened, to what, and what to do."""


class CorosError(Exception):
    """Something a person can act on; its text is shown as it stands, without a traceback."""


class UnreadableFileError(CorosError):
    """An activity file whose content cannot be read; the text is the quarantine reason."""


class RosterError(CorosError):
    """A roster that cannot be understood; the text names the file and the row."""


class WellnessError(CorosError):
    """A wellness file that cannot be understood; the text names the file and the row."""


def first_line(error: BaseException) -> str:
    """The first line of an error's text, without its full stop; its type where it has no text."""
    lines = str(error).splitlines()
    return lines[0].rstrip(". ") if lines else type(error).__name__
