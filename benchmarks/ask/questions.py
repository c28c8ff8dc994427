"""The questions with the SQL that answers them, and those that must be refused.

Belongs here: reading them from the files beside. Does not: running (`run.py`) or comparing (`score.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
_BLOCK: Final = re.compile(r"^-- (?P<text>[^\n]+)\n(?P<sql>(?!--|\n).*?);$", re.MULTILINE | re.DOTALL)
_OF_THE_ROSTER: Final = "shifts"


@dataclass(frozen=True)
class Question:
    """A question, the SQL whose rows are its answer, and whether it needs the roster."""

    text: str
    sql: str
    needs_roster: bool


@dataclass(frozen=True)
class Unanswerable:
    """A question that must be refused, and the kind of reason."""

    text: str
    why: str


def questions() -> list[Question]:
    """Every question with its SQL; a file of `questions/` opens with what its questions have in common."""
    return [
        Question(block["text"], block["sql"], path.stem == _OF_THE_ROSTER)
        for path in sorted((_FOLDER / "questions").glob("*.sql"))
        for block in _BLOCK.finditer(path.read_text(encoding="utf-8"))
    ]


def unanswerable() -> list[Unanswerable]:
    """Every question that must be refused."""
    return list(_unanswerable())


def _unanswerable() -> Iterator[Unanswerable]:
    for group in tomllib.loads((_FOLDER / "refused.toml").read_text(encoding="utf-8"))["refused"]:
        for text in group["questions"]:
            yield Unanswerable(text, group["why"])
