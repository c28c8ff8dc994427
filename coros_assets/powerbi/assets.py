"""The Power BI model in the asset graph: who reads gold outside of it.

Belongs here: what the model depends on. Does not: making it, which `make powerbi` does: it follows from the
code and not from data, and lies in the repository, where a run has nothing to write.
"""

from typing import Final

import dagster as dg

from coros_assets.powerbi.model import MODEL_TABLES
from coros_assets.tables import ANSWER_TABLES, GOLD_TABLES

_READ: Final = [table for table in GOLD_TABLES if table in (*MODEL_TABLES, *ANSWER_TABLES)]

powerbi_model: Final = dg.AssetSpec(
    ["powerbi", "model"],
    deps=[[table.layer, table.name] for table in _READ],
    group_name="report",
    kinds={"powerbi"},
    description="The star schema and the report in `powerbi/`, which Power BI fills from gold by itself.",
)
