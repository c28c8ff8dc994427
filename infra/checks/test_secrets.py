"""Nothing that must be kept secret is in the plan, or in the state that an apply leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from checks.stack import Plan, Stack

# Whoever puts one of these into a stack puts a secret into its state.
KINDS = {
    "aws_iam_access_key",
    "aws_iam_user_login_profile",
    "aws_key_pair",
    "aws_secretsmanager_secret_version",
    "random_password",
    "tls_private_key",
}
NAMES = re.compile(
    r"(^|_)(password|secret_string|secret_binary|private_key|token|secret_key|access_key)(_wo)?$"
)
TEXTS = re.compile(
    r"(AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|[a-z+]+://[^/\s:@]+:[^/\s:@]+@|(?i:password|passwd)\s*[=:]\s*\S"
)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with the path to it; a text that holds JSON is opened."""
    if isinstance(value, str) and value[:1] in "{[":
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{place}]")
    else:
        yield path, value


def secrets(resources: list[dict[str, Any]]) -> list[str]:
    """The paths at which a secret is, or could be."""
    found = []
    for resource in resources:
        if resource["type"] in KINDS:
            found.append(f"{resource['address']} is a secret")
        for path, value in leaves(resource["values"], resource["address"]):
            named = NAMES.search(path.rpartition(".")[2]) and isinstance(value, str) and value
            if named or (isinstance(value, str) and TEXTS.search(value)):
                found.append(path)
    return found


def planned(plan: Plan) -> list[dict[str, Any]]:
    resources = plan.document["planned_values"]["root_module"]["resources"]
    variables = {name: one.get("value") for name, one in plan.document["variables"].items()}
    return [*resources, {"type": "variables", "address": "var", "values": variables}]


@pytest.fixture
def applied(own_tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The resources of the state that the mocked apply leaves."""
    states = [line["test_state"] for line in own_tests if "test_state" in line]
    return [found for state in states for found in state["root_module"]["resources"]]


def test_the_plan_holds_no_secret(plan: Plan, ecs_plan: Plan):
    assert secrets(planned(plan)) + secrets(planned(ecs_plan)) == []


def test_the_state_holds_no_secret(applied: list[dict[str, Any]]):
    assert len(applied) > 50
    assert secrets(applied) == []


def test_planted_secrets_are_found(stack: Stack, tmp_path):
    copy = stack.copy(tmp_path / "infra")
    copy.plant("database.tf", "manage_master_user_password         = true", 'password = "s3cret-word"')
    copy.plant("machine.tf", "postgresql://coros_loader@", "postgresql://coros_loader:s3cret@")
    copy.plant("machine.tf", 'DAGSTER_DATABASE_NAME      = "dagster"', 's3cret_key = "AKIAIOSFODNN7EXAMPLE"')
    # Known now, so that the machine's user data can be looked into.
    copy.plant("machine.tf", "aws_db_instance.warehouse.address", '"warehouse.example"')
    copy.plant("machine.tf", "aws_sqs_queue.arrivals.url", '"queue"')
    copy.plant(
        "database.tf",
        'resource "aws_secretsmanager_secret" "bi_password" {',
        'resource "aws_secretsmanager_secret_version" "planted" {\n'
        "  secret_id     = aws_secretsmanager_secret.bi_password.id\n"
        '  secret_string = "s3cret-word"\n}\n\n'
        'resource "aws_secretsmanager_secret" "bi_password" {',
    )
    found = secrets(planned(copy.plan()))
    assert "aws_db_instance.warehouse.password" in found
    assert "aws_secretsmanager_secret_version.planted is a secret" in found
    assert "aws_secretsmanager_secret_version.planted.secret_string" in found
    assert "aws_instance.machine.user_data" in found


@pytest.mark.parametrize(
    "text",
    ["AKIAIOSFODNN7EXAMPLE s3cret", "postgresql://u:p@host/db", "-----BEGIN RSA PRIVATE KEY", "password = x"],
)
def test_a_secret_is_known_by_its_looks(text):
    assert secrets([{"type": "t", "address": "a", "values": {"x": text}}])


@pytest.mark.parametrize("text", ["postgresql://u@host:5432/db", "s3://bucket/key", "coros/bi-password"])
def test_what_only_looks_like_one_is_let_be(text):
    assert secrets([{"type": "t", "address": "a", "values": {"x": text}}]) == []
