"""The reference check: every name in the project leads to something, down to gold.

Belongs here: DAX, M, relationships, descriptions and visuals against the model, the model against
`tables.py`. Does not: the layout of the files (`files.py`) or the values of measures (`measures.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pbix_mcp.formats.tmdl_reader import TmdlNode

from coros_assets.contract import Table
from coros_assets.powerbi.model import MEASURES
from coros_assets.powerbi.project import MODEL, REPORT
from coros_assets.tables import CONTRACTS
from coros_assets_tests.powerbi.expressions import dax_names, m_names, syntax_error
from coros_assets_tests.powerbi.source import DESCRIPTION, Project

PARTS = {
    "": {"table", "relationship", "expression"},
    "table": {"lineageTag", "dataCategory", "column", "measure", "partition"},
    "column": {
        *("dataType", "isHidden", "isKey", "formatString", "displayFolder", "lineageTag", "summarizeBy"),
        *("sourceColumn", "sortByColumn", "annotation"),
    },
    "measure": {"formatString", "displayFolder", "lineageTag", "formatStringDefinition"},
    "partition": {"mode", "source"},
    "relationship": {"fromColumn", "toColumn"},
    "expression": {"lineageTag"},
}
"""What our objects consist of; anything else is a slip of the pen."""


def reference_problems(project: Project) -> list[str]:
    """What leads nowhere; empty if all is well."""
    checks = (_parts, _measures, _partitions, _relationships, _columns, _contract, _tables, _visuals)
    return [problem for check in checks for problem in check(project)]


def _parts(project: Project) -> Iterator[str]:
    for name, nodes in project.documents.items():
        document = TmdlNode("")
        document.children = nodes
        yield from (f"{name}: {problem}" for problem in _strange_parts(document))


def _strange_parts(node: TmdlNode) -> Iterator[str]:
    found = {*node.props, *node.flags, *(child.kind for child in node.children)} - {DESCRIPTION}
    yield from (f"{node.kind} {node.name} has a {part}" for part in found - PARTS.get(node.kind, set()))
    for child in node.children:
        if child.kind in PARTS:
            yield from _strange_parts(child)


def _measures(project: Project) -> Iterator[str]:
    for name, measure in project.measures.items():
        format_string = measure.node.child("formatStringDefinition")
        texts = [measure.node.expression, format_string.expression if format_string else None]
        for text in filter(None, texts):
            yield from (f"measure {name}: {problem}" for problem in _dax_problems(project, text))
        if not measure.description:
            yield f"measure {name}: no description"
        if format_string is None and not measure.node.props.get("formatString"):
            yield f"measure {name}: no format"
        if not measure.node.props.get("displayFolder"):
            yield f"measure {name}: no folder"


def _dax_problems(project: Project, text: str) -> Iterator[str]:
    if error := syntax_error(text, "dax"):
        yield error
        return
    names = dax_names(text)
    yield from (f"no table {table}" for table in names.tables - project.tables.keys())
    yield from (f"no measure [{measure}]" for measure in names.measures - project.measures.keys())
    yield from (f"no column {table}[{column}]" for table, column in names.columns - project.columns.keys())


def _partitions(project: Project) -> Iterator[str]:
    sources = {name: table.node.child("partition") for name, table in project.tables.items()}
    texts = {name: node.child("source").expression if node else "" for name, node in sources.items()}
    texts |= {name: expression.node.expression for name, expression in project.expressions.items()}
    for name, text in texts.items():
        if error := syntax_error(text, "pq"):
            yield f"M of {name}: {error}"
            continue
        unknown = m_names(text) - project.expressions.keys()
        yield from (f"M of {name}: no parameter or function {each}" for each in unknown)
    for name in project.tables.keys() - {MEASURES}:
        if f'Item = "{name}"]' not in texts[name]:
            yield f"M of {name}: reads another table"
        unread = [c for t, c in project.columns if t == name and f'"{c}"' not in texts[name]]
        yield from (f"M of {name}: does not read {column}" for column in unread)


def _relationships(project: Project) -> Iterator[str]:
    for many, one in project.relationships:
        ends = [project.columns.get(end) for end in (many, one)]
        if None in ends:
            yield f"relationship {many} to {one}: an end is missing"
        elif len({end.node.props["dataType"] for end in ends}) > 1:
            yield f"relationship {many} to {one}: two types"
        elif not has(ends[1].node, "isKey"):
            yield f"relationship {many} to {one}: not to a key"
    joined = {many[0] for many, _ in project.relationships}
    needed = {table for table, column in project.columns if column in {"activity_id", "activity_date"}}
    yield from (f"{table} is joined to nothing" for table in needed - joined)


def _columns(project: Project) -> Iterator[str]:
    for (table, name), column in project.columns.items():
        if not column.description:
            yield f"column {table}[{name}]: no description"
        by = column.node.props.get("sortByColumn")
        if by and (table, by) not in project.columns:
            yield f"column {table}[{name}]: sorted by {by}, which is missing"
    dates = [table for table in project.tables.values() if table.node.props.get("dataCategory") == "Time"]
    keys = [column for column in dates[0].node.all("column") if has(column, "isKey")] if dates else []
    if len(dates) != 1 or [key.props["dataType"] for key in keys] != ["dateTime"]:
        yield "no table is marked as the date table"


def _contract(project: Project) -> Iterator[str]:
    for (table, name), column in project.columns.items():
        if table == MEASURES:
            continue
        contract: Table | None = CONTRACTS.get(("gold", table))
        known = {of_gold.name for of_gold in contract.columns} if contract else set()
        if column.node.props.get("sourceColumn") not in known:
            yield f"column {table}[{name}]: not in gold"


def _tables(project: Project) -> Iterator[str]:
    for name in set(project.referenced_tables) ^ project.tables.keys():
        yield f"table {name}: in model.tmdl or in a file, not in both"
    yield from (f"table {name}: no description" for name, t in project.tables.items() if not t.description)
    report = project.folder / REPORT
    reference = json.loads((report / "definition.pbir").read_text(encoding="utf-8"))["datasetReference"]
    if (report / reference["byPath"]["path"]).resolve() != (project.folder / MODEL).resolve():
        yield "the report opens another model"


def _visuals(project: Project) -> Iterator[str]:
    for file, content in project.visuals():
        where = "/".join(file.parts[-4:-1:2])
        aliases = {each["Name"]: each["Entity"] for each in _found(content, "Entity") if "Name" in each}
        for kind in ("Column", "Measure"):
            for each in (found[kind] for found in _found(content, kind)):
                source = each["Expression"]["SourceRef"]
                table = source.get("Entity") or aliases.get(source.get("Source"))
                if not _exists(project, kind, table, each["Property"]):
                    yield f"visual {where}: no {kind.lower()} {table}[{each['Property']}]"
        shown = {each["queryRef"] for each in _found(content, "queryRef")}
        for each in _found(content, "queryRef"):
            (field,) = each["field"].values()
            if each["queryRef"] != f"{field['Expression']['SourceRef']['Entity']}.{field['Property']}":
                yield f"visual {where}: {each['queryRef']} names another field"
        for each in _found(content, "metadata"):
            if each["metadata"] not in shown:
                yield f"visual {where}: {each['metadata']} is formatted and not shown"


def _exists(project: Project, kind: str, table: str | None, name: str) -> bool:
    if kind == "Measure":
        return project.measure_tables.get(name) == table
    return (table, name) in project.columns


def _found(content: Any, key: str) -> Iterator[dict[str, Any]]:
    """Every object in the JSON that has the key."""
    if isinstance(content, dict):
        if key in content:
            yield content
        for value in content.values():
            yield from _found(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from _found(value, key)


def has(node: TmdlNode, flag: str) -> bool:
    """True if the object has a property that stands as its bare name."""
    return flag in node.flags or node.child(flag) is not None
