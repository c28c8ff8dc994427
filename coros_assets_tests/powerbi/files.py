"""The project's files: as `make powerbi` writes them, as Microsoft's schemas want them, and laid out soundly.

Belongs here: generated text, JSON schemas, places on page and phone, Microsoft's own validator. Does not:
what the files name (`references.py`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from powerbi_mcp.validation.pbir import validate_pbir_file

from coros_assets.powerbi.project import BY_HAND, DESKTOP_FOLDER, MODEL, REPORT, project_files
from coros_assets.powerbi.visuals import PHONE_WIDTH
from coros_assets_tests.powerbi.source import Project
from coros_assets_tests.servers import missing

VALIDATOR = Path(__file__).parent / "npm"
NO_SCHEMA = {"PBIR_NO_SCHEMA"}
"""Of a theme, for which Microsoft publishes no schema by address."""

MOBILE_KEYS = {"$schema", "position"}


def generated_problems(project: Project) -> list[str]:
    """Files that differ from what `make powerbi` writes."""
    wanted = project_files()
    parts = [project.folder / MODEL, project.folder / REPORT]
    files = [file for part in parts for file in part.rglob("*") if file.is_file()]
    files = [file for file in files if DESKTOP_FOLDER not in file.parts]
    found = {file.relative_to(project.folder).as_posix(): file for file in files}
    found |= {name: project.folder / name for name in wanted if "/" not in name}
    problems = [f"{name}: not generated" for name in sorted(found.keys() - wanted.keys() - {BY_HAND})]
    for name, text in wanted.items():
        file = found.get(name)
        if file is None or not file.is_file() or file.read_text(encoding="utf-8") != text:
            problems.append(f"{name}: differs; make powerbi writes it anew")
    return problems


def schema_problems(project: Project) -> list[str]:
    """What Microsoft's published schemas refuse. They do not look into a visual's query and formatting."""
    problems = []
    for file in project.json_files():
        name = file.relative_to(project.folder).as_posix()
        if file.name == "mobile.json":
            keys = json.loads(file.read_text(encoding="utf-8")).keys()
            problems += [f"{name}: {sorted(keys ^ MOBILE_KEYS)}"] if keys != MOBILE_KEYS else []
            continue
        issues = validate_pbir_file(file).issues
        problems += [f"{name}: {issue.message}" for issue in issues if issue.code not in NO_SCHEMA]
    return problems


def layout_problems(project: Project) -> list[str]:
    """Visuals that cover each other or stick out of the page, on the screen and on a phone."""
    problems = []
    for page in sorted((project.folder / REPORT / "definition" / "pages").glob("*/page.json")):
        size = json.loads(page.read_text(encoding="utf-8"))
        screen, phone = (_places(page.parent, name) for name in ("visual.json", "mobile.json"))
        problems += _outside(screen, size["width"], size["height"])
        problems += _outside(phone, PHONE_WIDTH, float("inf"))
        if screen.keys() != phone.keys():
            problems.append(
                f"{page.parent.name}: {sorted(screen.keys() ^ phone.keys())} have no place on a phone"
            )
    return problems


def validator_problems(folders: Sequence[Path]) -> list[list[str]]:
    """What Microsoft's validator of reports says of each folder, warnings included."""
    if not (VALIDATOR / "node_modules").is_dir() or shutil.which("node") is None:
        missing("Microsoft's report validator, which `make powerbi-check` installs with npm,")
    command = ["node", "validate.mjs", *(str(folder / "Coros.pbip") for folder in folders)]
    done = subprocess.run(command, cwd=VALIDATOR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [
        [
            f"{code}: {item['message']}"
            for code, group in each["diagnostics"].items()
            for item in group["items"]
        ]
        for each in map(json.loads, done.stdout.splitlines())
    ]


def _places(page: Path, name: str) -> dict[str, dict[str, Any]]:
    files = sorted(page.glob(f"visuals/*/{name}"))
    return {file.parent.name: json.loads(file.read_text(encoding="utf-8"))["position"] for file in files}


def _outside(places: dict[str, dict[str, Any]], width: float, height: float) -> Iterator[str]:
    for name, place in places.items():
        right, bottom = place["x"] + place["width"], place["y"] + place["height"]
        if place["x"] < 0 or place["y"] < 0 or right > width or bottom > height:
            yield f"{name} sticks out"
    for (one, a), (other, b) in combinations(places.items(), 2):
        beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
        if not beside and not (a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]):
            yield f"{one} and {other} cover each other"
