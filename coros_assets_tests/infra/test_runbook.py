"""The runbook's way back to a former version of an object of bronze, on a bucket that keeps versions."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from coros_assets.bronze.catalogue import content_hash
from coros_assets.storage.lake import ObjectStore
from coros_assets_tests.servers import keep_versions
from coros_assets_tests.tcx_text import run_file

BUCKET = "runbook"
DATA = run_file(seconds=60)
KEY = f"bronze/files/{content_hash(DATA)}"


@pytest.fixture(scope="module")
def versioned(s3_environment) -> None:
    keep_versions(BUCKET, s3_environment)


@pytest.fixture
def lake(s3_environment, versioned, monkeypatch) -> ObjectStore:
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    lake = ObjectStore(f"s3://{BUCKET}")
    lake.put(KEY, DATA)
    return lake


def newest(s3: Any, kind: str) -> str:
    """The id of the version, or of the delete marker, that hides what was there before."""
    (found,) = [each for each in s3.list_object_versions(Bucket=BUCKET, Prefix=KEY)[kind] if each["IsLatest"]]
    return found["VersionId"]


@pytest.mark.parametrize(("lost", "kind"), [("overwritten", "Versions"), ("deleted", "DeleteMarkers")])
def test_what_hides_the_former_version_is_destroyed_and_it_is_there_again(lake, s3_environment, lost, kind):
    s3 = boto3.Session(region_name=s3_environment["AWS_REGION"]).client("s3")
    if lost == "overwritten":
        lake.put(KEY, b"damaged")
        assert lake.get(KEY) == b"damaged"
    else:
        lake.delete(KEY)
        with pytest.raises(KeyError):
            lake.get(KEY)
    s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId=newest(s3, kind))
    assert content_hash(lake.get(KEY)) == KEY.rpartition("/")[2]
