"""What is installed is what was looked at: every version by its hash, and no key in the repository."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = [
    *PROJECT["dependencies"],
    *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
]


def entries(lock: str) -> list[str]:
    """The lock's requirements, each with its hashes on one line."""
    joined = lock.replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")]


def unlocked(declared: list[str], lock: str) -> list[str]:
    """The declared requirements that no version in the lock fulfils."""
    locked = [Requirement(entry.split(" --hash=")[0]) for entry in entries(lock)]
    found = [(canonical(each.name), next(iter(each.specifier)).version) for each in locked]
    return [text for text in declared if not any(fulfils(Requirement(text), *each) for each in found)]


def fulfils(wanted: Requirement, name: str, version: str) -> bool:
    return name == canonical(wanted.name) and wanted.specifier.contains(version)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_fulfils_every_declared_requirement():
    """Else `make lock` makes it anew."""
    assert unlocked(DECLARED, LOCK) == []


def test_every_locked_version_is_exact_and_has_its_hashes():
    exact = re.compile(r"[\w.\[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}")
    loose = [entry for entry in entries(LOCK) if not exact.match(entry)]
    assert loose == []
    assert len(entries(LOCK)) > 100


def test_the_lock_names_no_index():
    assert re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", LOCK) is None


@pytest.mark.parametrize("stale", ["lxml>=9999", "not-there-yet>=1"])
def test_a_requirement_that_the_lock_has_not_is_found(stale):
    assert unlocked([*DECLARED, stale], LOCK) == [stale]


def test_installing_asks_for_hashes():
    assert "--require-hashes" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "planted",
    [
        "aws_key = 'AKIA" + "QYLPMN5HFIQR7XYA'",
        "url = 'postgresql://me:hunter2" + "@db.example/runs'",
        f"github = 'ghp_{'a1B2' * 9}'",
    ],
)
def test_a_key_in_a_file_is_found(tmp_path, planted):
    file = tmp_path / "settings.py"
    for text, code in ((planted, 1), ("nothing = 'to see'", 0)):
        file.write_text(f"{text}\n")
        done = subprocess.run(
            [ROOT / ".ci" / "scan_secrets", file],
            env=os.environ | {"BIN": str(Path(sys.executable).parent)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == code, done
