"""What each role may do and may not, enforced by moto with the policies of the plan: the table of calls.

Object calls go through a real client against moto's S3, which checks who asks. For other services moto
knows no resource, so their calls are put to the same policy engine by name and ARN.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count
from moto.iam.access_control import IAMPolicy, PermissionResult

from checks.stack import ACCOUNT, Plan

REGION = "eu-central-1"
LAKE, LANDING, OPERATIONS = (f"coros-{ACCOUNT}-{use}" for use in ("lake", "landing", "operations"))
OBJECTS = [
    (LANDING, "activities/run.fit"),
    (LANDING, "own/roster/shifts.ics"),
    *(
        (LAKE, key)
        for key in ("bronze/files/ab/ab12", "bronze/roster/r", "bronze/wellness/w", "bronze/athlete/a")
    ),
    *((LAKE, key) for key in ("bronze/parsed/ab12", "bronze/preferred/ab12", "bronze/quarantine/cd34")),
    (LAKE, "bronze/erased/key"),
    (LAKE, "bronze/catalogue/activity_date=2026-03-01/ab12/n.json"),
    (LAKE, "silver/records/activity_date=2026-03-01/part-0.parquet"),
    (LAKE, "report/report.html"),
    (OPERATIONS, "releases/0.1.0/requirements.txt"),
    (OPERATIONS, "run-logs/run/compute.out"),
]
FILE = "bronze/files/ab/ab12"
SILVER = "silver/records/activity_date=2026-03-01/part-0.parquet"

# role, call, bucket, key, whether it is allowed
CALLS = [
    ("etl", "get", LANDING, "activities/run.fit", True),
    ("etl", "get", LANDING, "own/roster/shifts.ics", True),
    ("etl", "list", LANDING, "", True),
    ("etl", "put", LANDING, "activities/new.fit", False),
    ("etl", "delete", LANDING, "activities/run.fit", False),
    ("etl", "list", LAKE, "", True),
    ("etl", "get", LAKE, FILE, True),
    ("etl", "put", LAKE, "bronze/files/ef/ef56", True),
    ("etl", "delete", LAKE, FILE, False),
    ("etl", "delete version", LAKE, FILE, False),
    ("etl", "delete", LAKE, "bronze/roster/r", False),
    ("etl", "delete", LAKE, "bronze/wellness/w", False),
    ("etl", "delete", LAKE, "bronze/athlete/a", False),
    ("etl", "delete", LAKE, "bronze/quarantine/cd34", False),
    ("etl", "delete", LAKE, "bronze/erased/key", False),
    ("etl", "delete", LAKE, "bronze/parsed/ab12", True),
    ("etl", "delete", LAKE, "bronze/preferred/ab12", True),
    ("etl", "delete", LAKE, "bronze/catalogue/activity_date=2026-03-01/ab12/n.json", True),
    ("etl", "get", LAKE, SILVER, True),
    ("etl", "put", LAKE, SILVER, True),
    ("etl", "delete", LAKE, SILVER, True),
    ("etl", "put", LAKE, "report/report.html", True),
    ("etl", "get", OPERATIONS, "releases/0.1.0/requirements.txt", True),
    ("etl", "put", OPERATIONS, "releases/0.1.0/requirements.txt", False),
    ("etl", "put", OPERATIONS, "run-logs/run/compute.out", True),
    ("etl", "delete", OPERATIONS, "run-logs/run/compute.out", False),
    ("etl", "unlock", LAKE, "", False),
    ("etl", "change policy", LAKE, "", False),
    ("reader", "get", LAKE, "report/report.html", True),
    ("reader", "get", LAKE, FILE, False),
    ("reader", "get", LAKE, SILVER, False),
    ("reader", "list", LAKE, "", False),
    ("reader", "put", LAKE, "report/report.html", False),
    ("reader", "delete", LAKE, "report/report.html", False),
    ("reader", "get", LANDING, "activities/run.fit", False),
    ("reader", "get", OPERATIONS, "run-logs/run/compute.out", False),
    ("eraser", "list", LAKE, "", True),
    ("eraser", "get", LAKE, FILE, True),
    ("eraser", "delete", LAKE, FILE, True),
    ("eraser", "delete", LAKE, SILVER, True),
    ("eraser", "delete", LANDING, "activities/run.fit", True),
    ("eraser", "put", LANDING, "activities/run.fit", True),
    ("eraser", "put", LAKE, "bronze/erased/key", True),
    ("eraser", "put", OPERATIONS, "releases/0.1.0/requirements.txt", False),
    ("eraser", "get", OPERATIONS, "releases/0.1.0/requirements.txt", False),
    ("eraser", "delete", OPERATIONS, "releases/0.1.0/requirements.txt", False),
    ("eraser", "unlock", LAKE, "", False),
    ("eraser", "change policy", LAKE, "", False),
]

LAKE_FILE = f"arn:aws:s3:::{LAKE}/{FILE}"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:coros-arrivals"
TASK = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/coros-runs/1"

# role, action, resource, whether it is allowed
ACTIONS = [
    ("etl", "s3:DeleteObjectVersion", LAKE_FILE, False),
    ("etl", "s3:BypassGovernanceRetention", LAKE_FILE, False),
    ("etl", "s3:PutObjectRetention", LAKE_FILE, False),
    ("etl", "s3:PutObjectLegalHold", LAKE_FILE, False),
    ("etl", "s3:GetObjectVersion", LAKE_FILE, False),
    ("etl", "s3:PutLifecycleConfiguration", f"arn:aws:s3:::{LAKE}", False),
    ("etl", "sqs:ReceiveMessage", QUEUE, True),
    ("etl", "sqs:DeleteMessage", QUEUE, True),
    ("etl", "sqs:SendMessage", QUEUE, False),
    ("etl", "sqs:PurgeQueue", QUEUE, False),
    ("etl", "sqs:ReceiveMessage", f"{QUEUE}-dead", False),
    (
        "etl",
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:coros/bi",
        False,
    ),
    ("etl", "rds:DeleteDBInstance", f"arn:aws:rds:{REGION}:{ACCOUNT}:db:coros-warehouse", False),
    ("etl", "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/u", False),
    ("etl", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/coros-eraser", False),
    ("etl", "ecs:StopTask", TASK, True),
    ("etl", "ecs:StopTask", TASK.replace("coros-runs", "others"), False),
    ("etl", "ecs:RegisterTaskDefinition", "*", False),
    ("reader", "sqs:ReceiveMessage", QUEUE, False),
    ("reader", "s3:GetObjectVersion", f"arn:aws:s3:::{LAKE}/report/report.html", False),
    ("reader", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/coros-eraser", False),
    ("eraser", "s3:DeleteObjectVersion", LAKE_FILE, True),
    ("eraser", "s3:BypassGovernanceRetention", LAKE_FILE, True),
    ("eraser", "s3:ListBucketVersions", f"arn:aws:s3:::{LAKE}", True),
    ("eraser", "s3:DeleteObjectVersion", f"arn:aws:s3:::{LANDING}/activities/run.fit", True),
    ("eraser", "s3:DeleteObjectVersion", f"arn:aws:s3:::{OPERATIONS}/releases/0.1.0/x", False),
    ("eraser", "s3:DeleteBucket", f"arn:aws:s3:::{LAKE}", False),
    ("eraser", "s3:PutBucketObjectLockConfiguration", f"arn:aws:s3:::{LAKE}", False),
    ("eraser", "sqs:ReceiveMessage", QUEUE, False),
    ("eraser", "rds:DeleteDBInstance", f"arn:aws:rds:{REGION}:{ACCOUNT}:db:coros-warehouse", False),
]


def documents(plan: Plan, role: str) -> list[str]:
    """The policies of a role that the plan knows."""
    return [
        policy["policy"]
        for policy in plan.of("aws_iam_role_policy").values()
        if policy["role"] == f"coros-{role}" and "policy" in policy
    ]


def attempt(s3: Any, call: str, bucket: str, key: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: s3.get_object(Bucket=bucket, Key=key),
        "put": lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"x"),
        "delete": lambda: s3.delete_object(Bucket=bucket, Key=key),
        "delete version": lambda: s3.delete_object(Bucket=bucket, Key=key, VersionId="null"),
        "list": lambda: s3.list_objects_v2(Bucket=bucket),
        "unlock": lambda: s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={}),
        "change policy": lambda: s3.put_bucket_policy(Bucket=bucket, Policy="{}"),
    }
    calls[call]()


def is_allowed(s3: Any, call: str, bucket: str, key: str) -> bool:
    try:
        set_initial_no_auth_action_count(0)(attempt)(s3, call, bucket, key)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


@pytest.fixture
def account(ecs_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """An S3 client of each role, in an account with the stack's buckets, objects and policies."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "offline")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    with mock_aws():
        root = boto3.client("s3", region_name=REGION)
        for bucket in (LAKE, LANDING, OPERATIONS):
            root.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        for bucket, key in OBJECTS:
            root.put_object(Bucket=bucket, Key=key, Body=b"as it was")
        iam, sts = boto3.client("iam", region_name=REGION), boto3.client("sts", region_name=REGION)
        yield {
            role: client_of(iam, sts, role, documents(ecs_plan, role)) for role in ("etl", "reader", "eraser")
        }


def client_of(iam: Any, sts: Any, role: str, policies: list[str]) -> Any:
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}
    made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    for place, document in enumerate(policies):
        iam.put_role_policy(RoleName=role, PolicyName=f"policy-{place}", PolicyDocument=document)
    taken = sts.assume_role(RoleArn=made["Arn"], RoleSessionName="check")["Credentials"]
    return boto3.client(
        "s3",
        region_name=REGION,
        aws_access_key_id=taken["AccessKeyId"],
        aws_secret_access_key=taken["SecretAccessKey"],
        aws_session_token=taken["SessionToken"],
    )


def test_each_role_may_do_what_the_table_says_and_no_more(account: dict[str, Any]):
    said = [
        (role, call, bucket, key, is_allowed(account[role], call, bucket, key))
        for role, call, bucket, key, _ in CALLS
    ]
    assert said == CALLS


@pytest.mark.parametrize(("role", "action", "resource", "allowed"), ACTIONS)
def test_each_policy_says_what_the_table_says(ecs_plan: Plan, role, action, resource, allowed):
    results = {IAMPolicy(text).is_action_permitted(action, resource) for text in documents(ecs_plan, role)}
    assert (PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results) is allowed


def test_a_policy_that_is_too_wide_is_seen(ecs_plan: Plan, monkeypatch: pytest.MonkeyPatch):
    """The same call as in the table, by an ETL that was given what it must not have."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "offline")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    with mock_aws():
        root = boto3.client("s3", region_name=REGION)
        root.create_bucket(Bucket=LAKE, CreateBucketConfiguration={"LocationConstraint": REGION})
        root.put_object(Bucket=LAKE, Key=FILE, Body=b"as it was")
        wide = [text.replace("/silver/*", "/*") for text in documents(ecs_plan, "etl")]
        iam, sts = boto3.client("iam", region_name=REGION), boto3.client("sts", region_name=REGION)
        assert is_allowed(client_of(iam, sts, "etl", wide), "delete", LAKE, FILE)
        assert not is_allowed(
            client_of(iam, sts, "etl-as-planned", documents(ecs_plan, "etl")), "delete", LAKE, FILE
        )
