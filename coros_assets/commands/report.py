"""The report as a file of this machine.

Belongs here: finding or fetching it. Does not: making it (`report/`).
"""

from __future__ import annotations

from pathlib import Path

from coros_assets.errors import CorosError
from coros_assets.report.assets import REPORT_KEY
from coros_assets.stores import Stores


def report_file(stores: Stores) -> Path:
    """The path of the newest report: in the lake's folder, or copied from S3 into the home.

    Raises:
        CorosError: there is none yet.
    """
    try:
        page = stores.lake.get(REPORT_KEY)
    except KeyError as error:
        raise CorosError(
            "There is no report yet; bring files in with `coros-assets ingest FOLDER`, "
            "or run `coros-assets demo`."
        ) from error
    if stores.lake.folder is not None:
        return stores.lake.folder / REPORT_KEY
    copy = stores.settings.home / REPORT_KEY
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(page)
    return copy
