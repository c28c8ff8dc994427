"""SQL files of the package by name.

Belongs here: finding and reading `.sql` files. Does not: running them (`warehouse.py`).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(package: str, name: str) -> str:
    """The text of `sql/{name}.sql` in a package such as `coros_assets.storage`."""
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def scripts(package: str) -> list[str]:
    """The texts of all `.sql` files of a package's `sql` folder, in order of their names."""
    found = (entry for entry in (files(package) / "sql").iterdir() if entry.name.endswith(".sql"))
    return [entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda entry: entry.name)]
