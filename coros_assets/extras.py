"""Packages that are not always installed: those of the extras.

Belongs here: saying how they are installed. Does not: what needs them.
"""

from __future__ import annotations

from importlib.util import find_spec

from coros_assets.errors import CorosError


def require_extra(extra: str, *modules: str) -> None:
    """Says how an extra is installed if one of its modules is missing.

    Raises:
        CorosError: one is.
    """
    if not all(map(find_spec, modules)):
        raise CorosError(f"This needs more packages: pip install 'coros-assets[{extra}]', or make install.")
