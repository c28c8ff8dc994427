"""The whole way: files of a runner with a planted night effect, landed, through gold, to the answers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coros_assets.sample.files import SAMPLE_ATHLETE, sample_files, sample_roster
from coros_assets.sample.runner import PLANTED
from coros_assets_tests.commands.test_cli import run


def answers(base: Path, night_effect_pct: float) -> dict[str, list[dict[str, object]]]:
    """What `answers --json` says after two years of files with that effect were brought in."""
    export, home = base / "export", base / "home"
    for folder in (export, home):
        folder.mkdir()
    for name, data in sample_files(years=2, planted=replace(PLANTED, night_effect_pct=night_effect_pct)):
        (export / name).write_bytes(data)
    (base / "roster.ics").write_bytes(sample_roster(years=2))
    (home / "athlete.toml").write_bytes(SAMPLE_ATHLETE)
    shown = run(home, "ingest", export, "--roster", base / "roster.ics").stdout
    assert len(shown.splitlines()) <= 10
    return json.loads(run(home, "answers", "--json").stdout)


@pytest.mark.slow
def test_a_night_effect_of_three_percent_in_the_files_comes_out_as_that(tmp_path: Path) -> None:
    found = answers(tmp_path, -3.0)
    night, load, fitness = (found[f"answer_{name}"] for name in ("night_shift", "next_day", "fitness_trend"))
    assert night[0]["verdict"] == "effect"
    assert night[0]["ci_low_pct"] < -3 < night[0]["ci_high_pct"] < -1
    others = [row for row in night if row["family"] == "sensitivity" and row["effect_pct"] is not None]
    assert len(others) >= 5
    assert all(row["effect_pct"] == pytest.approx(-3, abs=1.5) for row in others)
    assert load[0]["ci_low_pct"] < PLANTED.next_day_effect_pct_per_sd < load[0]["ci_high_pct"]
    two_years = 100 * ((1 + PLANTED.fitness_change_pct_per_year / 100) ** 2 - 1)
    assert fitness[0]["ci_low_pct"] < two_years < fitness[0]["ci_high_pct"]


@pytest.mark.slow
def test_files_without_a_night_effect_give_no_evidence_of_one(tmp_path: Path) -> None:
    night = answers(tmp_path, 0.0)["answer_night_shift"]
    assert night[0]["verdict"] in {"no_evidence", "practically_none"}
    assert night[0]["ci_low_pct"] < 0 < night[0]["ci_high_pct"]
