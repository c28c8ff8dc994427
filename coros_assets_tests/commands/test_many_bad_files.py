"""A thousand broken files landed in one go, among good ones, through the whole line by the command."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coros_assets.bronze.catalogue import content_hash
from coros_assets_tests import canary
from coros_assets_tests.commands.test_cli import run
from coros_assets_tests.formats.test_fit_mutants import mutated
from coros_assets_tests.formats.test_hostile import SMALL
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.zip_bytes import zip_of

BROKEN = 1000
GOOD = {
    f"good/{n}.tcx": run_file(datetime(2010, 5, 1 + n, 17, tzinfo=UTC), 600 + 10 * n) for n in range(20)
}  # on dates that no broken file comes near
LONGEST_REASON = 250
ALL_ROWS = """
    SELECT fact_activity.*, activity_source.source_sha256, laps.number AS laps, efforts.number AS efforts
    FROM gold.fact_activity
    JOIN gold.activity_source USING (activity_id)
    JOIN (SELECT activity_id, count(*) AS number FROM gold.fact_lap GROUP BY 1) AS laps USING (activity_id)
    LEFT JOIN (SELECT activity_id, count(*) AS number FROM gold.fact_best_effort GROUP BY 1) AS efforts
        USING (activity_id)
    WHERE fact_activity.activity_date BETWEEN '2010-05-01' AND '2010-05-20'
    ORDER BY 1
"""


def broken_files(count: int) -> dict[str, bytes]:
    """Every small file made to harm, and so many mutants of runs in each format that all are `count`."""
    chance = random.Random(6)
    files = {f"broken/{name}": case.data() for name, case in SMALL.items()}
    body = canary.fit_file()[14:-2]
    texts = [canary.tcx(), canary.gpx(), run_file(canary.START + timedelta(days=9), 300)]
    for number in range(count - len(files)):
        kind = chance.choice(["fit", "fit", "tcx", "tcx", "tcx.gz", "zip"])
        if kind == "fit":
            data = mutated(body, chance)
        else:
            data = scratched(chance.choice(texts), chance)
            if kind != "tcx":
                packed = gzip.compress(data) if kind == "tcx.gz" else zip_of({"run.tcx": data})
                data = scratched(packed, chance)
        files[f"broken/{number:04}.{kind}"] = data
    return files


def scratched(data: bytes, chance: random.Random) -> bytes:
    """`data` with some bytes changed, a piece lost, or the end."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 10, 100))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    start = chance.randrange(len(changed))
    if chance.random() < 0.3:
        del changed[start : start + chance.randrange(1, 5000)]
    return bytes(changed[: start + 1] if chance.random() < 0.2 else changed)


def landed(home: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = home / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.mark.slow
def test_among_a_thousand_broken_files_the_good_ones_are_loaded_and_the_bad_ones_listed(tmp_path: Path):
    alone, among = tmp_path / "alone", tmp_path / "among"
    broken = broken_files(BROKEN)
    landed(alone, GOOD)
    landed(among, GOOD | broken)
    for home in (alone, among):
        run(home, "ingest", home / "landing")
    expected, rows = (run(home, "sql", ALL_ROWS, "--format", "json").stdout for home in (alone, among))
    assert len(json.loads(expected)) == len(GOOD)
    assert rows == expected

    status = json.loads(run(among, "status", "--json").stdout)
    assert status["landing"]["files_waiting"] == 0
    assert status["landing"]["files_taken_in"] >= len(GOOD) + BROKEN  # members of archives count too
    assert [each["equation"] for each in status["reconciliation"] if not each["holds"]] == []
    assert status["waiting"]["dates_by_reason"] == {}
    listed = {each["sha256"]: each["reason"] for each in status["quarantine"]}  # one content, one reason
    assert listed.keys() & {content_hash(data) for data in GOOD.values()} == set()
    harmful = {
        content_hash(broken[f"broken/{name}"])
        for name, case in SMALL.items()
        if case.out == {"activities": 0} and not name.endswith("zip")  # of an archive its members are listed
    }
    assert harmful - listed.keys() == set()
    assert len(listed) > BROKEN / 2
    for reason in listed.values():
        assert reason.isprintable()
        assert reason.endswith(".")
        assert len(reason) < LONGEST_REASON
    assert "Nothing to do" in run(among, "ingest", among / "landing").stderr
