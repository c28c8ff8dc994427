"""The whole Power BI project as files: shortcut, report, theme, and the generated part of the model.

Belongs here: the files that hold the parts together, and the report's theme. Does not: the tables
(`model.py`), the visuals (`visuals.py`, `pages.py`), or the measures, which are written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from coros_assets.powerbi.model import model_files
from coros_assets.powerbi.pages import PAGES
from coros_assets.powerbi.parts import Page
from coros_assets.powerbi.tmdl import lineage_tag
from coros_assets.powerbi.visuals import GAP, SCHEMAS, UNIT_HEIGHT, UNIT_WIDTH
from coros_assets.report.theme import LIGHT

PROJECT: Final = "Coros"
REPORT: Final = f"{PROJECT}.Report"
MODEL: Final = f"{PROJECT}.SemanticModel"
BY_HAND: Final = f"{MODEL}/definition/tables/Measures.tmdl"
"""The one file that is not generated."""

DESKTOP_FOLDER: Final = ".pbi"
"""Where Power BI Desktop keeps its settings and the data it loaded; never in git."""

_THEME: Final = f"{PROJECT}.json"
_REPORT_SCHEMAS: Final = f"{SCHEMAS}/item/report"


def project_files() -> dict[str, str]:
    """Every generated file by its path below `powerbi/`."""
    return {
        **{path: json.dumps(content, indent=2) + "\n" for path, content in _json_files()},
        **{f"{MODEL}/definition/{path}": text for path, text in model_files().items()},
    }


def theme() -> dict[str, Any]:
    """The colours of the HTML report on its light page, as a Power BI theme."""
    marks = ("level", "night", "day", "mark", "muted", "ink")
    text = {"color": LIGHT["ink"], "fontFace": "Segoe UI"}
    return {
        "name": _THEME,
        "dataColors": [LIGHT[name] for name in marks],
        "foreground": LIGHT["ink"],
        "foregroundNeutralSecondary": LIGHT["muted"],
        "background": LIGHT["paper"],
        "backgroundLight": LIGHT["panel"],
        "tableAccent": LIGHT["level"],
        "textClasses": {
            "title": text | {"fontSize": 12},
            "label": text | {"fontSize": 10},
            "callout": text | {"fontSize": 22},
        },
    }


def _json_files() -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        f"{PROJECT}.pbip",
        {
            "$schema": f"{SCHEMAS}/pbip/pbipProperties/1.0.0/schema.json",
            "version": "1.0",
            "artifacts": [{"report": {"path": REPORT}}],
            "settings": {"enableAutoRecovery": True},
        },
    )
    yield f"{MODEL}/.platform", _platform("SemanticModel")
    yield (
        f"{MODEL}/definition.pbism",
        {
            "$schema": f"{SCHEMAS}/item/semanticModel/definitionProperties/1.0.0/schema.json",
            "version": "4.2",
            "settings": {},
        },
    )
    yield f"{REPORT}/.platform", _platform("Report")
    yield (
        f"{REPORT}/definition.pbir",
        {
            "$schema": f"{_REPORT_SCHEMAS}/definitionProperties/2.0.0/schema.json",
            "version": "4.0",
            "datasetReference": {"byPath": {"path": f"../{MODEL}"}},
        },
    )
    yield f"{REPORT}/StaticResources/RegisteredResources/{_THEME}", theme()
    yield from ((f"{REPORT}/definition/{path}", content) for path, content in _report())


def _platform(kind: str) -> dict[str, Any]:
    return {
        "$schema": f"{SCHEMAS}/gitIntegration/platformProperties/2.0.0/schema.json",
        "metadata": {"type": kind, "displayName": PROJECT},
        "config": {"version": "2.0", "logicalId": lineage_tag("item", kind)},
    }


def _report() -> Iterator[tuple[str, dict[str, Any]]]:
    schemas = f"{_REPORT_SCHEMAS}/definition"
    yield "version.json", {"$schema": f"{schemas}/versionMetadata/1.0.0/schema.json", "version": "2.0.0"}
    versions = {"visual": "2.0.0", "report": "3.0.0", "page": "2.0.0"}
    registered = "RegisteredResources"
    yield (
        "report.json",
        {
            "$schema": f"{schemas}/report/3.0.0/schema.json",
            "themeCollection": {
                "customTheme": {"name": _THEME, "reportVersionAtImport": versions, "type": registered}
            },
            "resourcePackages": [
                {
                    "name": registered,
                    "type": registered,
                    "items": [{"name": _THEME, "path": _THEME, "type": "CustomTheme"}],
                }
            ],
            "settings": {
                "useStylableVisualContainerHeader": True,
                "defaultDrillFilterOtherVisuals": True,
                "useEnhancedTooltips": True,
            },
        },
    )
    yield (
        "pages/pages.json",
        {
            "$schema": f"{schemas}/pagesMetadata/1.0.0/schema.json",
            "pageOrder": [page.name for page in PAGES],
            "activePageName": PAGES[0].name,
        },
    )
    for page in PAGES:
        yield from ((f"pages/{page.name}/{path}", content) for path, content in _page(page))


def _page(page: Page) -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "page.json",
        {
            "$schema": f"{_REPORT_SCHEMAS}/definition/page/2.0.0/schema.json",
            "name": page.name,
            "displayName": page.title,
            "displayOption": "FitToPage",
            "height": 8 * UNIT_HEIGHT + GAP,
            "width": 12 * UNIT_WIDTH + GAP,
        },
    )
    top = 0
    for order, visual in enumerate(page.visuals):
        name = f"{page.name}_{visual.name}"
        yield f"visuals/{name}/visual.json", visual.container(name, order)
        yield f"visuals/{name}/mobile.json", visual.phone(order, top)
        top += visual.phone_height + GAP
