"""Our own rules on the plan, and for each of them a fault that it must find."""

from __future__ import annotations

import re

import pytest

from checks import rules
from checks.stack import INFRA, Plan, Stack

# Written again or taken away: what waits for silver, marks, entries, what could not be read, tombstones.
WORK = (
    "bronze/parsed",
    "bronze/preferred",
    "bronze/catalogue",
    "bronze/quarantine",
    "bronze/erased",
)
# What is put in, where, in the place of what; and the words by which its rule tells of it.
FAULTS = {
    rules.nothing_comes_in_from_an_address: [
        (
            "network.tf",
            'resource "aws_security_group" "database" {',
            'resource "aws_vpc_security_group_ingress_rule" "planted" {\n'
            "  for_each          = { ssh = 22, postgres = 5432 }\n"
            "  security_group_id = aws_security_group.database.id\n"
            '  ip_protocol       = "tcp"\n'
            "  from_port         = each.value\n"
            "  to_port           = each.value\n"
            '  cidr_ipv4         = "0.0.0.0/0"\n'
            "}\n\n"
            'resource "aws_security_group" "database" {',
            ["lets addresses in, to port 22", "lets addresses in, to port 5432"],
        ),
    ],
    rules.only_https_goes_out_to_addresses: [
        ("network.tf", "  to_port           = 443", "  to_port           = 65535", ["machine_https lets"]),
    ],
    rules.the_default_security_group_is_locked: [
        (
            "network.tf",
            'resource "aws_default_security_group" "locked" {\n  vpc_id = aws_vpc.main.id',
            'resource "aws_security_group" "not_the_default" {\n  vpc_id = aws_vpc.main.id',
            ["as AWS made it"],
        ),
    ],
    rules.buckets_are_closed: [
        (
            "buckets.tf",
            "restrict_public_buckets = true",
            "restrict_public_buckets = false",
            ["public_access"],
        ),
        ("buckets.tf", '"BucketOwnerEnforced"', '"ObjectWriter"', ["ownership_controls"]),
        ("buckets.tf", 'status = "Enabled"\n  }\n}', 'status = "Suspended"\n  }\n}', ["versioning"]),
        (
            "buckets.tf",
            "  bucket              = each.value\n",
            "  bucket              = each.value\n  force_destroy       = true\n",
            ["can be destroyed"],
        ),
    ],
    rules.buckets_take_tls_only: [
        (
            "buckets.tf",
            'Condition = { Bool = { "aws:SecureTransport" = "false" } }',
            'Condition = { Bool = { "aws:SecureTransport" = "true" } }',
            ["without TLS"],
        ),
    ],
    rules.bronze_is_written_once: [
        (
            "buckets.tf",
            'Null = { "s3:if-none-match" = "true" }',
            'Null = { "s3:if-match" = "true" }',
            ["lacks BronzeIsWrittenOnce"],
        ),
        ("names.tf", '["bronze/files", ', "[", ["lacks OnlyTheEraserDeletesBronze"]),
        ("buckets.tf", '["s3:BypassGovernanceRetention", ', "[", ["lacks OnlyTheEraserDestroysVersions"]),
    ],
    rules.the_lake_is_locked_in_governance_mode: [
        ("buckets.tf", '"GOVERNANCE"', '"COMPLIANCE"', ["not locked in governance mode", "COMPLIANCE"]),
        ("buckets.tf", 'each.key == "lake"\n', "false\n", ["not locked"]),
    ],
    rules.no_action_is_a_wildcard: [
        ("access.tf", '["s3:AbortMultipartUpload", "s3:PutObject"]', '["s3:*"]', ["allows s3:*"]),
    ],
    rules.no_resource_is_everything: [
        (
            "access.tf",
            "Resource = local.arrivals_queue_arn",
            'Resource = "*"',
            ["sqs:DeleteMessage on every"],
        ),
    ],
    rules.roles_are_handed_over_by_name: [
        ("ecs.tf", "Resource  = values(local.ecs_role_arns)", 'Resource  = "*"', ["hands over any role"]),
        ("ecs.tf", "iam:PassedToService", "aws:RequestedRegion", ["to any service"]),
    ],
    rules.roles_trust_by_name: [
        (
            "access.tf",
            "Principal = { AWS = var.operators }",
            'Principal = { AWS = "*" }',
            ["trusts everyone"],
        ),
        ("access.tf", "aws:MultiFactorAuthPresent", "aws:ViaAWSService", ["without a second factor"]),
    ],
    rules.the_queue_hears_one_bucket: [
        ("arrivals.tf", '"aws:SourceAccount" = ', '"aws:SourceVpc" = ', ["lets any bucket send"]),
        ("arrivals.tf", '"aws:SecureTransport" = "false"', '"aws:SecureTransport" = "true"', ["without TLS"]),
    ],
    rules.the_machine_guards_its_role: [
        ("machine.tf", "http_put_response_hop_limit = 1", "http_put_response_hop_limit = 2", ["credentials"]),
        ("machine.tf", "    encrypted   = true", "    encrypted   = false", ["in the clear"]),
        ("machine.tf", "  monitoring  ", '  key_name = "planted"\n  monitoring  ', ["key pair"]),
    ],
    rules.the_warehouse_is_guarded: [
        (
            "database.tf",
            "  storage_encrypted     = true",
            "  storage_encrypted     = false",
            ["storage_encrypted is False"],
        ),
        (
            "database.tf",
            "  skip_final_snapshot       = false",
            "  skip_final_snapshot       = true",
            ["skip_final"],
        ),
        (
            "database.tf",
            "publicly_accessible    = false",
            "publicly_accessible    = true",
            ["publicly_accessible is True"],
        ),
        ("database.tf", '                     = "1"', '                     = "0"', ["without TLS"]),
    ],
    rules.queues_are_encrypted: [
        (
            "arrivals.tf",
            "sqs_managed_sse_enabled    = true",
            "sqs_managed_sse_enabled    = false",
            ["in the clear"],
        ),
    ],
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_stack_keeps_the_rule(rule, plan: Plan, ecs_plan: Plan):
    assert list(rule(plan)) == []
    assert list(rule(ecs_plan)) == []


def test_every_rule_has_a_fault_to_find():
    assert set(FAULTS) == set(rules.RULES)


def test_every_part_of_bronze_is_written_once_or_known_as_work():
    """What the program keeps there, found in its source; whatever is added must be put on one side."""
    source = "".join(path.read_text() for path in (INFRA.parent / "coros_assets").rglob("*.py"))
    parts = set(re.findall(r'"(bronze/\w+)', source)) - {"bronze/activity_files"}  # an asset's name
    assert set(rules.WRITTEN_ONCE) <= parts <= {*rules.WRITTEN_ONCE, *WORK}


@pytest.fixture(scope="module")
def faulty_plans(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[Plan]:
    """Plans with every fault planted: the first faults of all rules in one, the second in the next, …"""
    plans = []
    for turn in range(max(map(len, FAULTS.values()))):
        faulty = stack.copy(tmp_path_factory.mktemp("faulty") / "infra")
        for faults in FAULTS.values():
            for file, old, new, _ in faults[turn : turn + 1]:
                faulty.plant(file, old, new)
        plans.append(faulty.plan(ecs_enabled=True))
    return plans


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_planted_fault_is_found(rule, faulty_plans: list[Plan]):
    for faulty, (*_, told) in zip(faulty_plans, FAULTS[rule], strict=False):
        findings = list(rule(faulty))
        assert [words for words in told if not any(words in found for found in findings)] == []
