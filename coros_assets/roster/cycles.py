"""The usual cycles of shifts by their names.

Belongs here: reading the table of them. Does not: the sequences themselves with their sources
(`cycles.toml`), or laying one on dates (`pattern.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from coros_assets.roster.codes import Meaning, read_meanings

_TABLE: Final = Path(__file__).with_name("cycles.toml")


@dataclass(frozen=True)
class Cycle:
    """A sequence of codes, one a date, and what its letters usually mean."""

    letters: str
    hours: Mapping[str, Meaning]


@cache
def named_cycles() -> Mapping[str, Cycle]:
    """Every shipped cycle by each of its names, as they are written in the table."""
    return {
        name: Cycle(letters_of(entry["letters"]), read_meanings("cycles", entry["hours"]))
        for entry in tomllib.loads(_TABLE.read_text(encoding="utf-8"))["cycle"]
        for name in entry["names"]
    }


def find_cycle(text: str) -> Cycle | None:
    """The cycle of that name, or of those letters; None if it is neither."""
    named = {_bare(name): cycle for name, cycle in named_cycles().items()}
    letters = letters_of(text)
    return named.get(_bare(text)) or (Cycle(letters, {}) if letters.isalpha() else None)


def letters_of(text: str) -> str:
    """Letters without the spaces that group them."""
    return "".join(text.split())


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
