"""Training Center XML (`.tcx`, also named `.tsx`) to Arrow.

Belongs here: the choice between the fast way and the sure one. Does not: either of them
(`tcx_columns.py`, `tcx_tree.py`).
"""

from __future__ import annotations

from coros_assets.formats.raw import RawActivity
from coros_assets.formats.tcx_columns import read_columns
from coros_assets.formats.tcx_tree import read_tree
from coros_assets.formats.xml_guard import guarded


def read_tcx(data: bytes) -> list[RawActivity]:
    """The activities of a TCX file, in file order; those without a single point are left out.

    Raises:
        UnreadableFileError: refused by the guard, not well-formed, or no activity with points.
    """
    text = guarded(data)
    return read_columns(text) or read_tree(text)
