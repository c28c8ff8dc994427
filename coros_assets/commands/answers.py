"""The answers as the warehouse holds them.

Belongs here: reading them. Does not: estimating (`answers/`) or printing (`display.py`).
"""

from __future__ import annotations

from typing import Any

from coros_assets.errors import CorosError
from coros_assets.stores import Stores
from coros_assets.tables import ANSWER_TABLES


def read_answers(stores: Stores) -> dict[str, list[dict[str, Any]]]:
    """Every estimate by answer table, the primary one first.

    Raises:
        CorosError: nothing was loaded yet.
    """
    answers = {
        table.name: sorted(
            stores.warehouse.read_table(table.name).to_pylist(), key=lambda row: not row["is_primary"]
        )
        for table in ANSWER_TABLES
    }
    if not any(answers.values()):
        raise CorosError(
            "There are no answers yet; bring files in with `coros-assets ingest FOLDER`, "
            "or run `coros-assets demo`."
        )
    return answers
