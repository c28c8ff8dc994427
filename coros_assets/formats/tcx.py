"""Training Center XML (`.tcx`, also named `.tsx`) to Arrow.

Belongs here: the choice between the fast way and the sure one. Does not: either of them
(`tcx_columns.py`, `tcx_tree.py`).
"""

from __future__ import annotations

from typing import Final

from coros_assets.formats.raw import RawActivity
from coros_assets.formats.tcx_columns import read_columns
from coros_assets.formats.tcx_tree import read_tree
from coros_assets.formats.xml_guard import guarded, has_more_tags

_MOST_TAGS_IN_COLUMNS: Final = (
    3_000_000  # 28 h at 1 Hz; the fast way keeps 60 bytes of each, the sure one none
)


def read_tcx(data: bytes) -> list[RawActivity]:
    """The activities of a TCX file, in file order; those without a single point are left out.

    Raises:
        UnreadableFileError: refused by the guard, not well-formed, or no activity with points.
    """
    text = guarded(data)
    columns = None if has_more_tags(text, _MOST_TAGS_IN_COLUMNS) else read_columns(text)
    return columns or read_tree(text)
