"""What Terraform itself has to say: style, validity, and the tests in its own language."""

from __future__ import annotations

import re
from typing import Any

import pytest

from checks.stack import INFRA, Stack

RUN = re.compile(r'^run "', re.MULTILINE)


def test_the_files_are_formatted(stack: Stack):
    unformatted = Stack(INFRA).run("fmt", "-check", "-diff", "-recursive")
    assert unformatted == ""


def test_badly_formatted_files_are_seen(stack: Stack, tmp_path):
    copy = stack.copy(tmp_path / "infra")
    copy.plant("names.tf", "locals {\n", "locals {\n       planted=1\n")
    with pytest.raises(AssertionError, match="planted"):
        copy.run("fmt", "-check", "-diff", "-recursive")


def test_the_stack_is_valid(stack: Stack):
    stack.run("validate")


def test_the_bootstrap_is_valid(stack: Stack):
    bootstrap = Stack(stack.folder / "bootstrap", stack.environment)
    bootstrap.run("init", "-input=false", "-backend=false")
    bootstrap.run("validate")


def test_a_misspelt_argument_is_seen(stack: Stack, tmp_path):
    copy = stack.copy(tmp_path / "infra")
    copy.plant("database.tf", "storage_encrypted ", "storage_encripted ")
    with pytest.raises(AssertionError, match="storage_encripted"):
        copy.run("validate")


def test_terraform_s_own_tests_pass(own_tests: list[dict[str, Any]]):
    summaries = [line["test_summary"] for line in own_tests if "test_summary" in line]
    written = [run for path in INFRA.glob("tests/*.hcl") for run in RUN.findall(path.read_text())]
    assert {summary["status"] for summary in summaries} == {"pass"}
    assert sum(summary["passed"] for summary in summaries) == len(written)
