"""What must hold in a plan, rule by rule: each yields a sentence for every resource that breaks it.

Belongs here: judging planned values, purely. Does not: making the plan (`stack.py`), or rules that
checkov has already (`checkov.yaml`), unless it was seen to miss them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from checks.stack import Plan

Statement = dict[str, Any]
Rule = Callable[[Plan], Iterator[str]]

WRITTEN_ONCE: Final = (
    "bronze/files",
    "bronze/roster",
    "bronze/wellness",
    "bronze/athlete",
    "bronze/coros_replies",
)
PUBLIC_BLOCKS: Final = (
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
)
LEAST_TLS: Final = ("OnlyTls", {"Bool": {"aws:SecureTransport": "false"}})
# Actions that AWS knows no resource for; a condition narrows the first of them.
WITHOUT_RESOURCE: Final = {
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "ecs:DescribeTaskDefinition",
}


def nothing_comes_in_from_an_address(plan: Plan) -> Iterator[str]:
    """Neither 5432 nor 22 nor any other port: a rule that lets something in names a security group."""
    for address, rule in plan.of("aws_vpc_security_group_ingress_rule").items():
        if rule.get("cidr_ipv4") or rule.get("cidr_ipv6") or rule.get("prefix_list_id"):
            yield f"{address} lets addresses in, to port {rule.get('from_port')}"
    for address in plan.of("aws_security_group_rule"):
        yield f"{address} is a rule of the old kind"
    for kind in ("aws_security_group", "aws_default_security_group"):
        for address, group in plan.of(kind).items():
            if group.get("ingress") or group.get("egress"):
                yield f"{address} has rules inside"


def only_https_goes_out_to_addresses(plan: Plan) -> Iterator[str]:
    """Everything else that goes out names a security group."""
    for address, rule in plan.of("aws_vpc_security_group_egress_rule").items():
        ports = (rule.get("ip_protocol"), rule.get("from_port"), rule.get("to_port"))
        if (rule.get("cidr_ipv4") or rule.get("cidr_ipv6")) and ports != ("tcp", 443, 443):
            yield f"{address} lets {ports} out to addresses"


def the_default_security_group_is_locked(plan: Plan) -> Iterator[str]:
    """Whatever is put into a network without a thought reaches nothing."""
    if len(plan.of("aws_default_security_group")) != len(plan.of("aws_vpc")):
        yield "a VPC's default security group is as AWS made it"


def buckets_are_closed(plan: Plan) -> Iterator[str]:
    """Each bucket: not public, one owner, versions, encryption."""
    wanted: dict[str, Callable[[dict[str, Any]], bool]] = {
        "aws_s3_bucket_public_access_block": lambda block: all(block[name] for name in PUBLIC_BLOCKS),
        "aws_s3_bucket_ownership_controls": lambda owner: (
            owner["rule"][0]["object_ownership"] == "BucketOwnerEnforced"
        ),
        "aws_s3_bucket_versioning": lambda versions: (
            versions["versioning_configuration"][0]["status"] == "Enabled"
        ),
        "aws_s3_bucket_server_side_encryption_configuration": lambda encryption: bool(
            next(iter(encryption["rule"]))["apply_server_side_encryption_by_default"]
        ),
    }
    for kind, holds in wanted.items():
        good = {found["bucket"] for found in plan.of(kind).values() if holds(found)}
        for address, bucket in plan.of("aws_s3_bucket").items():
            if bucket["bucket"] not in good:
                yield f"{address} has no {kind} that closes it"
    for address, bucket in plan.of("aws_s3_bucket").items():
        if bucket.get("force_destroy"):
            yield f"{address} can be destroyed with what is in it"


def buckets_take_tls_only(plan: Plan) -> Iterator[str]:
    """Each bucket refuses everyone who comes without TLS, to itself and to every object."""
    sid, condition = LEAST_TLS
    for address, bucket in plan.of("aws_s3_bucket").items():
        arn = f"arn:aws:s3:::{bucket['bucket']}"
        refusal = _statement(_bucket_policy(plan, bucket["bucket"]), sid)
        wanted = {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": condition,
        }
        if refusal != wanted:
            yield f"{address} can be used without TLS"


def bronze_is_written_once(plan: Plan) -> Iterator[str]:
    """The lake's policy refuses a put without If-None-Match, and a delete by anyone but the eraser."""
    lake = _lake(plan)
    arn, statements = f"arn:aws:s3:::{lake}", _bucket_policy(plan, lake)
    eraser = {"ArnNotEquals": {"aws:PrincipalArn": _role_arn(plan, "eraser")}}
    unconditional = {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}
    bronze = [f"{arn}/{prefix}/*" for prefix in WRITTEN_ONCE]
    wanted = {
        "BronzeIsWrittenOnce": ("s3:PutObject", bronze, unconditional),
        "OnlyTheEraserDeletesBronze": ("s3:DeleteObject", bronze, eraser),
        "OnlyTheEraserDestroysVersions": (
            ["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"],
            [f"{arn}/*"],
            eraser,
        ),
    }
    for sid, (action, resource, condition) in wanted.items():
        if _statement(statements, sid) != {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": action,
            "Resource": resource,
            "Condition": condition,
        }:
            yield f"{lake} lacks {sid}, or has it weakened"


def the_lake_is_locked_in_governance_mode(plan: Plan) -> Iterator[str]:
    """Locked, so that no mistake destroys it; never in compliance mode, in which nobody could erase."""
    lake = _lake(plan)
    locked = {
        name: bucket["object_lock_enabled"]
        for bucket in plan.of("aws_s3_bucket").values()
        if (name := bucket["bucket"])
    }
    modes = {
        found["bucket"]: found["rule"][0]["default_retention"][0]["mode"]
        for found in plan.of("aws_s3_bucket_object_lock_configuration").values()
    }
    if not locked.get(lake) or modes.get(lake) != "GOVERNANCE":
        yield f"{lake} is not locked in governance mode"
    for bucket, mode in modes.items():
        if mode != "GOVERNANCE":
            yield f"{bucket} is locked in {mode} mode"


def no_action_is_a_wildcard(plan: Plan) -> Iterator[str]:
    """What is allowed is named, action by action; everything-but is no way to allow."""
    for where, statement in _allowed(plan):
        if "NotAction" in statement or "NotResource" in statement:
            yield f"{where} allows everything but something"
        for action in _listed(statement.get("Action", [])):
            if "*" in action:
                yield f"{where} allows {action}"


def no_resource_is_everything(plan: Plan) -> Iterator[str]:
    """But for the few actions that AWS knows no resource for."""
    for where, statement in _allowed(plan):
        if "*" in _listed(statement.get("Resource", [])):
            for action in set(_listed(statement["Action"])) - WITHOUT_RESOURCE:
                yield f"{where} allows {action} on everything"


def roles_are_handed_over_by_name(plan: Plan) -> Iterator[str]:
    """iam:PassRole names whole roles and the one service that may be given them."""
    for where, statement in _allowed(plan):
        if "iam:PassRole" not in _listed(statement.get("Action", [])):
            continue
        if any("*" in resource for resource in _listed(statement["Resource"])):
            yield f"{where} hands over any role"
        if "iam:PassedToService" not in statement.get("Condition", {}).get("StringEquals", {}):
            yield f"{where} hands roles to any service"


def roles_trust_by_name(plan: Plan) -> Iterator[str]:
    """A role is taken by named people or one service; the eraser with a second factor only."""
    for address, role in plan.of("aws_iam_role").items():
        for statement in plan.policies()[f"{address}.assume_role_policy"]:
            people = _listed(statement["Principal"].get("AWS", []))
            if any("*" in person or person.endswith(":root") for person in people):
                yield f"{address} trusts everyone, or a whole account"
            second_factor = statement.get("Condition", {}).get("Bool", {}).get("aws:MultiFactorAuthPresent")
            if role["name"].endswith("-eraser") and second_factor != "true":
                yield f"{address} is taken without a second factor"


def the_queue_hears_one_bucket(plan: Plan) -> Iterator[str]:
    """Only the landing bucket of this account may send, and only by TLS."""
    for address in plan.of("aws_sqs_queue_policy"):
        statements = plan.policies().get(f"{address}.policy", [])
        for statement in statements:
            conditions = statement.get("Condition", {})
            named = "aws:SourceArn" in conditions.get("ArnEquals", {})
            named = named and "aws:SourceAccount" in conditions.get("StringEquals", {})
            if statement["Effect"] == "Allow" and not named:
                yield f"{address} lets any bucket send"
        if _statement(statements, LEAST_TLS[0]).get("Condition") != LEAST_TLS[1]:
            yield f"{address} can be used without TLS"


def the_machine_guards_its_role(plan: Plan) -> Iterator[str]:
    """Credentials by IMDSv2 within one hop, an encrypted disk, and no key pair to log in by."""
    machines = plan.of("aws_instance")
    for address, machine in {**machines, **plan.of("aws_launch_template")}.items():
        options = (machine.get("metadata_options") or [{}])[0]
        if (options.get("http_tokens"), options.get("http_put_response_hop_limit")) != ("required", 1):
            yield f"{address} gives its credentials to more than its own processes"
        if machine.get("key_name"):
            yield f"{address} has a key pair"
    for address, machine in machines.items():
        if not (machine.get("root_block_device") or [{}])[0].get("encrypted"):
            yield f"{address} has a disk in the clear"


def the_warehouse_is_guarded(plan: Plan) -> Iterator[str]:
    """Encrypted, private, without a password of ours, hard to lose."""
    wanted = {
        "storage_encrypted": True,
        "publicly_accessible": False,
        "manage_master_user_password": True,
        "iam_database_authentication_enabled": True,
        "deletion_protection": True,
        "skip_final_snapshot": False,
        "copy_tags_to_snapshot": True,
    }
    for address, database in plan.of("aws_db_instance").items():
        for name, value in wanted.items():
            if database.get(name) != value:
                yield f"{address}.{name} is {database.get(name)}"
        if database["backup_retention_period"] < 7:
            yield f"{address} keeps {database['backup_retention_period']} days of backups"
    for address, group in plan.of("aws_db_parameter_group").items():
        parameters = {one["name"]: one["value"] for one in group["parameter"]}
        if parameters.get("rds.force_ssl") != "1":
            yield f"{address} takes connections without TLS"


def queues_are_encrypted(plan: Plan) -> Iterator[str]:
    """By SQS or by a key."""
    for address, queue in plan.of("aws_sqs_queue").items():
        if not (queue.get("sqs_managed_sse_enabled") or queue.get("kms_master_key_id")):
            yield f"{address} keeps messages in the clear"


RULES: Final[tuple[Rule, ...]] = (
    nothing_comes_in_from_an_address,
    only_https_goes_out_to_addresses,
    the_default_security_group_is_locked,
    buckets_are_closed,
    buckets_take_tls_only,
    bronze_is_written_once,
    the_lake_is_locked_in_governance_mode,
    no_action_is_a_wildcard,
    no_resource_is_everything,
    roles_are_handed_over_by_name,
    roles_trust_by_name,
    the_queue_hears_one_bucket,
    the_machine_guards_its_role,
    the_warehouse_is_guarded,
    queues_are_encrypted,
)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _allowed(plan: Plan) -> Iterator[tuple[str, Statement]]:
    for where, statements in plan.policies().items():
        yield from ((where, one) for one in statements if one["Effect"] == "Allow")


def _bucket_policy(plan: Plan, bucket: str) -> list[Statement]:
    for address, policy in plan.of("aws_s3_bucket_policy").items():
        if policy["bucket"] == bucket:
            return plan.policies()[f"{address}.policy"]
    return []


def _statement(statements: list[Statement], sid: str) -> Statement:
    return next((one for one in statements if one.get("Sid") == sid), {})


def _lake(plan: Plan) -> str:
    return str(plan.of("aws_s3_bucket")['aws_s3_bucket.main["lake"]']["bucket"])


def _role_arn(plan: Plan, role: str) -> str:
    return str(plan.document["planned_values"]["outputs"]["role_arns"]["value"][role])
