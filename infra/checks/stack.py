"""A copy of infra/ in which Terraform works without an account, a backend or, where need be, a registry.

Belongs here: running Terraform. Does not: judging what it says (`rules.py` and the tests).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

INFRA = Path(__file__).parents[1]
VARIABLES: Mapping[str, object] = json.loads((INFRA / "tests" / "required.auto.tfvars.json").read_text())
ACCOUNT = VARIABLES["account_id"]
# Given to the real provider so that a plan of a stack that does not exist yet asks nobody anything.
_OFFLINE = """\
terraform {
  backend "local" {}
}
provider "aws" {
  access_key                  = "offline"
  secret_key                  = "s3cret"
  allowed_account_ids         = []
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""
_SHOWN = 6000  # characters of what Terraform said
_LEFT_OUT = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars", "checks")


class NoProviderError(Exception):
    """The AWS provider cannot be had: no registry answers, and there is no stand-in."""


@dataclass(frozen=True)
class Plan:
    """What Terraform would make: the values it knows now, by resource address."""

    document: Mapping[str, Any]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resources of a type, by address."""
        resources = self.document["planned_values"]["root_module"].get("resources", [])
        return {found["address"]: found["values"] for found in resources if found["type"] == kind}

    def policies(self) -> dict[str, list[dict[str, Any]]]:
        """Every IAM statement that is known, by the address and attribute that hold it."""
        found: dict[str, list[dict[str, Any]]] = {}
        for resource in self.document["planned_values"]["root_module"].get("resources", []):
            for name in ("policy", "assume_role_policy"):
                if document := resource["values"].get(name):
                    statements = json.loads(document)["Statement"]
                    is_one = isinstance(statements, dict)
                    found[f"{resource['address']}.{name}"] = [statements] if is_one else statements
        return found


@dataclass(frozen=True)
class Stack:
    """A folder of Terraform that is initialised to work offline."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> str:
        """The standard output of a Terraform command; its words are the error's where it fails."""
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"terraform {' '.join(arguments)}\n{done.stdout}{done.stderr}"[-_SHOWN:])
        return done.stdout

    def plan(self, **variables: object) -> Plan:
        """The plan of the stack with these variables beside the required ones."""
        path = self.folder / "given.tfvars.json"
        path.write_text(json.dumps({**VARIABLES, **variables}))
        self.run("plan", "-input=false", "-lock=false", f"-var-file={path}", f"-out={self.folder / 'plan'}")
        return Plan(json.loads(self.run("show", "-json", "plan")))

    def copy(self, folder: Path) -> Stack:
        """The same stack in a folder of its own, to change it."""
        return Stack(Path(shutil.copytree(self.folder, folder, symlinks=True)), self.environment)

    def plant(self, file: str, old: str, new: str) -> None:
        """Puts a fault into a file; the text that it takes the place of must be there."""
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{old!r} is no longer in {file}: plant the fault another way"
        path.write_text(text.replace(old, new))


def offline_stack(folder: Path, stand_in: Path, made: Path) -> Stack:
    """A copy of infra/ in `folder`, initialised by the registry or, where none answers, the stand-in.

    `stand_in` is the folder of a program `setup` that makes a schema-only AWS provider below `made`.

    Raises:
        NoProviderError: there is neither.
    """
    shutil.copytree(INFRA, folder, ignore=_LEFT_OUT)
    (folder / "offline_override.tf").write_text(_OFFLINE)
    stack = Stack(folder)
    try:
        stack.run("init", "-input=false")
    except AssertionError as error:
        if not (stand_in / "setup").is_file():
            raise NoProviderError(f"No provider registry answers, and {stand_in} does not exist.") from error
        subprocess.run([stand_in / "setup", made], check=True, capture_output=True)
        (folder / ".terraform.lock.hcl").unlink(missing_ok=True)  # it has the real provider's hashes
        stack = Stack(folder, {"TF_CLI_CONFIG_FILE": str(made / "terraformrc")})
        stack.run("init", "-input=false")
    return stack
