"""The Power BI project as its files say it, read by a parser that is not ours.

Belongs here: finding tables, columns, measures, expressions, relationships and visuals. Does not: judging
them (`references.py`, `files.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pbix_mcp.formats.tmdl_reader import TmdlNode, parse_tmdl_document

from coros_assets.powerbi.project import MODEL, REPORT

DESCRIPTION = "///"


@dataclass(frozen=True)
class Described:
    """An object of the model and the description above it."""

    node: TmdlNode
    description: str

    @property
    def name(self) -> str:
        return self.node.name


def described(nodes: list[TmdlNode], kind: str) -> list[Described]:
    """The objects of a kind among siblings."""
    before = [None, *nodes]
    return [
        Described(node, above.name if above is not None and above.kind == DESCRIPTION else "")
        for above, node in zip(before, nodes, strict=False)
        if node.kind == kind
    ]


@dataclass(frozen=True)
class Project:
    """A folder with the project."""

    folder: Path

    @cached_property
    def documents(self) -> dict[str, list[TmdlNode]]:
        """The objects of every file of the model, but for the two that only name the rest."""
        definition = self.folder / MODEL / "definition"
        files = [definition / "expressions.tmdl", definition / "relationships.tmdl"]
        files += sorted((definition / "tables").glob("*.tmdl"))
        return {file.stem: parse_tmdl_document(file.read_text(encoding="utf-8")) for file in files}

    @cached_property
    def tables(self) -> dict[str, Described]:
        found = [table for nodes in self.documents.values() for table in described(nodes, "table")]
        return {table.name: table for table in found}

    @cached_property
    def columns(self) -> dict[tuple[str, str], Described]:
        return {
            (table, column.name): column
            for table, of in self.tables.items()
            for column in described(of.node.children, "column")
        }

    @cached_property
    def measures(self) -> dict[str, Described]:
        found = [m for table in self.tables.values() for m in described(table.node.children, "measure")]
        return {measure.name: measure for measure in found}

    @cached_property
    def measure_tables(self) -> dict[str, str]:
        return {
            measure.name: table
            for table, of in self.tables.items()
            for measure in described(of.node.children, "measure")
        }

    @cached_property
    def expressions(self) -> dict[str, Described]:
        return {each.name: each for each in described(self.documents["expressions"], "expression")}

    @cached_property
    def relationships(self) -> list[tuple[tuple[str, str], tuple[str, str]]]:
        """Table and column of the many side, and of the one side."""
        return [
            (_pair(node.props.get("fromColumn", "")), _pair(node.props.get("toColumn", "")))
            for node in self.documents["relationships"]
        ]

    @cached_property
    def referenced_tables(self) -> list[str]:
        """The tables that `model.tmdl` refers to."""
        text = (self.folder / MODEL / "definition" / "model.tmdl").read_text(encoding="utf-8")
        return [
            line.removeprefix("ref table ") for line in text.splitlines() if line.startswith("ref table ")
        ]

    def json_files(self) -> Iterator[Path]:
        """Every file of the project that is JSON."""
        for file in sorted(self.folder.rglob("*")):
            if file.suffix in {".json", ".pbip", ".pbir", ".pbism"} or file.name == ".platform":
                yield file

    def visuals(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Every visual's file and content."""
        for file in sorted((self.folder / REPORT / "definition" / "pages").rglob("visual.json")):
            yield file, json.loads(file.read_text(encoding="utf-8"))


def _pair(reference: str) -> tuple[str, str]:
    table, _, column = reference.partition(".")
    return table, column
