"""PBIR, the text form of a Power BI report: how a visual is laid out in JSON.

Belongs here: fields, titles, filters, error bars, colours and places of a visual, as Power BI writes them.
Does not: which visuals a page has (`pages.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from coros_assets.powerbi.model import MEASURES
from coros_assets.report.theme import LIGHT

SCHEMAS: Final = "https://developer.microsoft.com/json-schemas/fabric"
UNIT_WIDTH, UNIT_HEIGHT, GAP = 104, 88, 16
"""Page pixels of a grid of 12 by 8 cells, and the space between visuals."""

PHONE_WIDTH: Final = 320
_PHONE_HEIGHTS: Final = {"textbox": 72, "slicer": 72, "card": 88}
_PHONE_HEIGHT: Final = 224
_PERIOD: Final = ("dim_schedule_period", "schedule_period")
PERIOD_COLOURS: Final = {
    "day": LIGHT["day"],
    "night": LIGHT["night"],
    "off": LIGHT["level"],
    "unknown": LIGHT["mark"],
}

Json = dict[str, Any]


class Cells(NamedTuple):
    """A place on the grid: first column and row from 0, and how many of each."""

    column: int
    row: int
    columns: int
    rows: int


@dataclass(frozen=True)
class Visual:
    """One visual: fields are `table[column] as Title`, those of the table Measures are measures.

    `filters` keeps the rows whose column has one of the values; `interval` names the measures that the
    error bars reach to; `ascending` is the field that the visual is sorted by.
    """

    name: str
    kind: str
    title: str
    description: str
    cells: Cells
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filters: Mapping[str, tuple[str | int | bool, ...]] = field(default_factory=dict)
    interval: tuple[str, str] | None = None
    ascending: str | None = None

    def container(self, name: str, order: int) -> Json:
        """`visual.json` under a name that no other page has; `order` is the reading order, from 0."""
        filters = [_filter(name, *each) for each in self.filters.items()]
        return {
            "$schema": f"{SCHEMAS}/item/report/definition/visualContainer/2.0.0/schema.json",
            "name": name,
            "position": self._position(order),
            "visual": {
                "visualType": self.kind,
                **({"query": self._query()} if self.roles else {}),
                **({"objects": objects} if (objects := dict(self._objects())) else {}),
                "visualContainerObjects": dict(self._container_objects()),
                "drillFilterOtherVisuals": True,
            },
            **({"filterConfig": {"filters": filters}} if filters else {}),
        }

    def phone(self, order: int, top: int) -> Json:
        """`mobile.json`: the visual's place on a phone, `top` pixels down."""
        place = {"x": 0, "y": top, "z": order * 1000, "height": self.phone_height, "width": PHONE_WIDTH}
        return {
            "$schema": f"{SCHEMAS}/item/report/definition/visualContainerMobileState/2.0.0/schema.json",
            "position": place | {"tabOrder": order},
        }

    @property
    def phone_height(self) -> int:
        """Pixels that the visual takes on a phone."""
        return _PHONE_HEIGHTS.get(self.kind, _PHONE_HEIGHT)

    def _position(self, order: int) -> Json:
        return {
            "x": GAP + self.cells.column * UNIT_WIDTH,
            "y": GAP + self.cells.row * UNIT_HEIGHT,
            "z": order * 1000,
            "height": self.cells.rows * UNIT_HEIGHT - GAP,
            "width": self.cells.columns * UNIT_WIDTH - GAP,
            "tabOrder": order,
        }

    def _query(self) -> Json:
        state = {
            role: {"projections": [_projection(each, role) for each in fields]}
            for role, fields in self.roles.items()
        }
        if self.ascending is None:
            return {"queryState": state}
        sort = {"field": _field(*_split(self.ascending)), "direction": "Ascending"}
        return {"queryState": state, "sortDefinition": {"sort": [sort], "isDefaultSort": False}}

    def _objects(self) -> Iterator[tuple[str, list[Json]]]:
        if self.kind == "textbox":
            size = {"fontSize": "16pt", "color": LIGHT["ink"]}
            runs = [
                {"value": self.title, "textStyle": size | {"fontWeight": "bold"}},
                {
                    "value": f"  {self.description}",
                    "textStyle": {"fontSize": "11pt", "color": LIGHT["muted"]},
                },
            ]
            yield "general", [{"properties": {"paragraphs": [{"textRuns": runs}]}}]
        if self.kind == "slicer":
            yield "data", [{"properties": {"mode": _literal("Dropdown")}}]
            yield "header", [{"properties": {"show": _literal(False)}}]
        if self.interval:
            yield "error", _error_bars(_reference(self.roles["Y"][0]), self.interval)
        if any(_split(each)[:2] == _PERIOD for each in self.roles.get("Series", ())):
            yield "dataPoint", [_period_colour(*each) for each in PERIOD_COLOURS.items()]

    def _container_objects(self) -> Iterator[tuple[str, list[Json]]]:
        if self.kind != "textbox":
            yield "title", [{"properties": {"show": _literal(True), "text": _literal(self.title)}}]
        yield "general", [{"properties": {"altText": _literal(self.description)}}]


def _split(text: str) -> tuple[str, str, str]:
    """Table, column or measure, and title (empty if it has none) of `table[column] as Title`."""
    reference, _, title = text.partition(" as ")
    table, _, column = reference.removesuffix("]").partition("[")
    return table, column, title


def _reference(text: str) -> str:
    table, column, _ = _split(text)
    return f"{table}.{column}"


def _field(table: str, name: str, _title: str = "") -> Json:
    kind = "Measure" if table == MEASURES else "Column"
    return {kind: {"Expression": {"SourceRef": {"Entity": table}}, "Property": name}}


def _projection(text: str, role: str) -> Json:
    table, name, title = _split(text)
    return {
        "field": _field(table, name),
        "queryRef": f"{table}.{name}",
        "nativeQueryRef": name,
        **({"active": True} if role == "Category" else {}),
        **({"displayName": title} if title else {}),
    }


def _literal(value: str | int | bool) -> Json:
    return {"expr": {"Literal": {"Value": _literal_text(value)}}}


def _literal_text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value}L"
    return "'" + value.replace("'", "''") + "'"


def _filter(visual: str, text: str, values: tuple[str | int | bool, ...]) -> Json:
    table, column, _ = _split(text)
    in_query = {"Column": {"Expression": {"SourceRef": {"Source": "t"}}, "Property": column}}
    condition = {
        "In": {
            "Expressions": [in_query],
            "Values": [[{"Literal": {"Value": _literal_text(v)}}] for v in values],
        }
    }
    return {
        "name": f"{visual}_{column}",
        "field": _field(table, column),
        "type": "Categorical",
        "filter": {
            "Version": 2,
            "From": [{"Name": "t", "Entity": table, "Type": 0}],
            "Where": [{"Condition": condition}],
        },
    }


def _error_bars(measure: str, interval: tuple[str, str]) -> list[Json]:
    """Error bars of a measure, from the one measure to the other."""
    low, high = ({"expr": _field(*_split(each))} for each in interval)
    bounds = {"isRelative": _literal(False), "upperBound": high, "lowerBound": low}
    points = {
        "data": [{"dataViewWildcard": {"matchingOption": 0}}],
        "metadata": measure,
        "highlightMatching": 1,
    }
    style = {"enabled": _literal(True), "barColor": _solid(LIGHT["ink"]), "tooltipShow": _literal(True)}
    return [
        {"properties": {"errorRange": {"kind": "ErrorRange", "explicit": bounds}}, "selector": points},
        {"properties": style, "selector": {"metadata": measure}},
    ]


def _solid(colour: str) -> Json:
    return {"solid": {"color": _literal(colour)}}


def _period_colour(period: str, colour: str) -> Json:
    comparison = {
        "ComparisonKind": 0,
        "Left": _field(*_PERIOD),
        "Right": {"Literal": {"Value": _literal_text(period)}},
    }
    selector = {"data": [{"scopeId": {"Comparison": comparison}}]}
    return {"properties": {"fill": _solid(colour)}, "selector": selector}
