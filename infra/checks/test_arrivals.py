"""The program's own side of the arrivals, against moto's SQS with the queues of the plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from checks.stack import Plan
from coros_assets.storage.arrivals import Arrivals

REGION = "eu-central-1"
ATTRIBUTES = {
    "VisibilityTimeout": "visibility_timeout_seconds",
    "ReceiveMessageWaitTimeSeconds": "receive_wait_time_seconds",
}


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "offline")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # that of an S3 server: not asked
    with mock_aws():
        yield boto3.client("sqs", region_name=REGION, endpoint_url=f"https://sqs.{REGION}.amazonaws.com")


@pytest.fixture
def queues(plan: Plan, sqs: Any) -> dict[str, str]:
    """The URLs of the arrivals and of their dead letters."""
    planned = plan.of("aws_sqs_queue")["aws_sqs_queue.arrivals"]
    dead = sqs.create_queue(QueueName=f"{planned['name']}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {name: str(planned[argument]) for name, argument in ATTRIBUTES.items()}
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    made = sqs.create_queue(QueueName=planned["name"], Attributes=attributes | {"RedrivePolicy": redrive})
    return {"arrivals": made["QueueUrl"], "dead": dead}


def left(sqs: Any, url: str) -> tuple[int, int]:
    """How many messages wait, and how many are taken and not deleted."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])


def test_messages_are_taken_hidden_and_deleted_once_all_is_loaded(sqs, queues):
    arrivals = Arrivals(queues["arrivals"])
    for number in range(23):
        sqs.send_message(QueueUrl=queues["arrivals"], MessageBody=f"message {number}")
    assert arrivals.tell()
    assert left(sqs, queues["arrivals"]) == (0, 23)
    assert left(sqs, queues["dead"]) == (0, 0)
    arrivals.settle()
    assert left(sqs, queues["arrivals"]) == (0, 0)
    assert not arrivals.tell()


def test_a_message_that_is_never_deleted_ends_among_the_dead_letters(sqs, queues):
    """Taken by five processes that died, one after the other."""
    sqs.set_queue_attributes(QueueUrl=queues["arrivals"], Attributes={"VisibilityTimeout": "0"})
    sqs.send_message(QueueUrl=queues["arrivals"], MessageBody="poison")
    for _ in range(6):
        Arrivals(queues["arrivals"]).tell()
    assert left(sqs, queues["arrivals"]) == (0, 0)
    assert left(sqs, queues["dead"]) == (1, 0)
