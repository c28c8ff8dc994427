"""Every planted fault is caught by the check named beside it; the project as committed passes them all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from coros_assets_tests.powerbi.database import Columns, database_problems
from coros_assets_tests.powerbi.faults import FAULTS, Fault
from coros_assets_tests.powerbi.files import (
    generated_problems,
    layout_problems,
    schema_problems,
    validator_problems,
)
from coros_assets_tests.powerbi.measures import Rows, measure_problems
from coros_assets_tests.powerbi.references import reference_problems
from coros_assets_tests.powerbi.source import Project

Check = Callable[[Project], Iterable[str]]
BY_NODE = "validator"
PLANTED = [pytest.param(fault, id=fault.what) for fault in FAULTS if fault.caught_by != BY_NODE]


@pytest.fixture(scope="session")
def checks(gold: Columns, rows: Rows) -> dict[str, Check]:
    """The checks by name; Microsoft's validator judges many folders at once."""
    return {
        "references": reference_problems,
        "schemas": schema_problems,
        "layout": layout_problems,
        "generated": generated_problems,
        "database": lambda project: database_problems(project, gold),
        "measures": lambda project: measure_problems(project, rows),
    }


def spoilt(project: Project, fault: Fault, folder: Path) -> Project:
    shutil.copytree(project.folder, folder)
    fault.plant(folder)
    return Project(folder)


@pytest.mark.parametrize("check", ["references", "schemas", "layout", "generated", "database", "measures"])
def test_the_project_passes(project: Project, checks: dict[str, Check], check: str) -> None:
    assert list(checks[check](project)) == []


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(
    project: Project, checks: dict[str, Check], fault: Fault, tmp_path: Path
) -> None:
    assert any(checks[fault.caught_by](spoilt(project, fault, tmp_path / "powerbi")))


@pytest.mark.slow
def test_microsofts_validator_passes_the_project_and_catches_its_faults(
    project: Project, tmp_path: Path
) -> None:
    faults = [fault for fault in FAULTS if fault.caught_by == BY_NODE]
    copies = [spoilt(project, fault, tmp_path / str(at)) for at, fault in enumerate(faults)]
    passed, *caught = validator_problems([each.folder for each in (project, *copies)])
    assert passed == []
    assert [fault.what for fault, problems in zip(faults, caught, strict=True) if not problems] == []


def test_more_than_twenty_kinds_of_fault_are_planted_and_the_manual_counts_them() -> None:
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) > 20
    manual = Path(__file__).parents[2] / "docs" / "powerbi.md"
    assert f"plants {len(FAULTS)} faults" in manual.read_text(encoding="utf-8")
