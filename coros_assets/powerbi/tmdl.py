"""TMDL, the text form of a Power BI model: how its objects are laid out.

Belongs here: indentation, quoting, descriptions, lineage tags. Does not: which objects there are
(`model.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID, uuid5

_PROJECT: Final = UUID("8a0f4b52-0f0e-5d6a-9a3c-5c1f5f0f9a11")
_PLAIN_NAME: Final = re.compile(r"\w+")


def lineage_tag(*path: str) -> str:
    """The identifier of an object, the same every time it is written."""
    return str(uuid5(_PROJECT, "/".join(path)))


def name(text: str) -> str:
    """A name as TMDL writes it: quoted unless it is one word."""
    return text if _PLAIN_NAME.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def described(description: str, lines: Iterable[str]) -> Iterator[str]:
    """An object with its description above it."""
    yield f"/// {description}"
    yield from lines


def indented(lines: Iterable[str], levels: int = 1) -> Iterator[str]:
    """Lines that many levels deeper; empty ones stay empty."""
    return ("\t" * levels + line if line else "" for line in lines)


def properties(values: Mapping[str, str | bool | None]) -> Iterator[str]:
    """A line a property: True stands as its bare name, False and None are left out."""
    for key, value in values.items():
        if value is True:
            yield key
        elif value:
            yield f"{key}: {value}"


def document(blocks: Iterable[Iterable[str]]) -> str:
    """Blocks of lines with an empty line between them, as one file."""
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
