"""What others look for: checkov in the plan, parliament in the IAM policies; and that both see a fault."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import yaml

from checks.stack import Plan, Stack

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)  # it leaves two files open while it is imported
    from parliament import analyze_policy_string

CONFIG = Path(__file__).with_name("checkov.yaml")


def checkov(plan: Plan, folder: Path) -> dict[str, list[str]]:
    """Resources that fail, by check."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan.document))
    program = Path(sys.executable).with_name("checkov")
    done = subprocess.run(
        [program, "--file", path, "--config-file", CONFIG, "--output", "json", "--soft-fail"],
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["passed"] > 100
    failed: dict[str, list[str]] = {}
    for found in report["results"]["failed_checks"]:
        failed.setdefault(found["check_id"], []).append(found["resource"])
    return failed


def parliament(plan: Plan) -> list[str]:
    """What it says of the policies of identities; it does not know trust and resource policies."""
    found = []
    for where, statements in plan.policies().items():
        if where.startswith("aws_iam_role_policy."):
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            found += [f"{where}: {finding}" for finding in analyze_policy_string(document).findings]
    return found


@pytest.fixture(scope="module")
def faulty(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    copy = stack.copy(tmp_path_factory.mktemp("faulty") / "infra")
    copy.plant("database.tf", "  storage_encrypted     = true", "  storage_encrypted     = false")
    copy.plant("buckets.tf", "block_public_policy     = true", "block_public_policy     = false")
    copy.plant("arrivals.tf", "  sqs_managed_sse_enabled    = true\n", "")
    copy.plant("access.tf", '["s3:GetBucketLocation", "s3:ListBucket"]', '["s3:GetObject"]')
    copy.plant("access.tf", '"cloudwatch:PutMetricData"', '"cloudwatch:PutMetrics"')
    copy.plant(
        "alarms.tf",
        'resource "aws_sns_topic" "alarms" {',
        'resource "aws_ebs_volume" "planted" {\n  availability_zone = "eu-central-1a"\n  size = 1\n}\n\n'
        'resource "aws_sns_topic" "alarms" {',
    )
    return copy.plan()


def test_checkov_finds_nothing_that_is_not_skipped_for_a_reason(plan: Plan, ecs_plan: Plan, tmp_path: Path):
    del plan  # the larger stack holds the smaller
    assert checkov(ecs_plan, tmp_path) == {}


def test_every_check_that_is_skipped_has_its_reason_beside_it():
    lines = CONFIG.read_text().splitlines()
    skipped = yaml.safe_load(CONFIG.read_text())["skip-check"]
    assert sum("CKV" in line and " # " in line for line in lines) == len(skipped)


def test_checkov_sees_planted_faults(faulty: Plan, tmp_path: Path):
    failed = checkov(faulty, tmp_path)
    assert failed["CKV_AWS_16"] == ["aws_db_instance.warehouse"]
    assert failed["CKV_AWS_3"] == ["aws_ebs_volume.planted"]
    assert "CKV_AWS_54" in failed
    assert failed["CKV_AWS_27"] == ["aws_sqs_queue.arrivals"]


def test_parliament_finds_nothing(ecs_plan: Plan):
    assert parliament(ecs_plan) == []


def test_parliament_sees_planted_faults(faulty: Plan):
    findings = "\n".join(parliament(faulty))
    assert "UNKNOWN_ACTION" in findings
    assert "RESOURCE_MISMATCH" in findings
