"""The stack and its plans, made once for all checks."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from checks.stack import NoProviderError, Plan, Stack, offline_stack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    stand_in = ROOT / os.environ.get("TERRAFORM_OFFLINE", "")
    try:
        return offline_stack(
            tmp_path_factory.mktemp("stack") / "infra", stand_in, ROOT / ".venv-infra" / "terraform"
        )
    except NoProviderError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def plan(stack: Stack) -> Plan:
    """The stack as it is at the smallest size."""
    return stack.plan()


@pytest.fixture(scope="session")
def ecs_plan(stack: Stack) -> Plan:
    """The stack with everything that can be turned on."""
    return stack.plan(ecs_enabled=True)


@pytest.fixture(scope="session")
def own_tests(stack: Stack) -> list[dict[str, Any]]:
    """What `terraform test` says, a dictionary a line, with the state that the mocked apply leaves."""
    quick = stack.run(
        "test", "-json", "-filter=tests/defaults.tftest.hcl", "-filter=tests/validation.tftest.hcl"
    )
    applied = stack.run("test", "-json", "-verbose", "-filter=tests/security.tftest.hcl")
    return [json.loads(line) for line in (quick + applied).splitlines()]
