"""Files made to harm: each ends in quarantine with a true reason, or cleaned, within 300 MB and 5 s."""

from __future__ import annotations

import pytest

from coros_assets_tests.formats import hostile_archives, hostile_bulk, hostile_files, hostile_fit
from coros_assets_tests.formats.hostile_files import GOOD, Case
from coros_assets_tests.judge import Verdict, judged

SMALL = {**hostile_files.FILES, **hostile_archives.ARCHIVES, **hostile_fit.SMALL}
BULK = {**hostile_bulk.BULK, **hostile_fit.LARGE}
MOST_MB = 300
MOST_S = 5
LONGEST_REASON = 250


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """What one process says of all small files, and of a good one after them."""
    base = tmp_path_factory.mktemp("hostile")
    landing = base / "landing"
    landing.mkdir()
    for name, case in SMALL.items():
        (landing / name).write_bytes(case.data())
    (landing / "~ good.tcx").write_bytes(GOOD)
    found = judged(landing)
    assert {path.name for path in base.iterdir()} == {"landing", "lake", "warm"}
    return found


@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_file_is_refused_with_a_true_reason_or_cleaned(name, verdicts):
    check(SMALL[name], verdicts[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", BULK)
def test_a_large_hostile_file_takes_no_more_than_its_share_of_memory_and_time(name, tmp_path):
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / name).write_bytes(BULK[name].data())
    check(BULK[name], judged(landing)[name])


def test_a_good_file_is_read_after_all_the_hostile_ones(verdicts):
    assert list(verdicts)[-1] == "~ good.tcx"
    assert verdicts["~ good.tcx"].counts["points"] == 61


def check(case: Case, verdict: Verdict) -> None:
    """The reason is the one expected, in one readable sentence or two; what came out was counted."""
    assert bool(case.reason) == bool(verdict.reasons), verdict
    for shown, reason in verdict.reasons.items():
        assert shown.isprintable()
        assert reason.isprintable()
        assert reason.startswith(("The ", "No point "))
        assert reason.endswith(".")
        assert len(reason) < LONGEST_REASON
        assert any(words in reason for words in case.reason.split("|"))
    assert {name: verdict.counts.get(name, 0) for name in case.out} == dict(case.out), verdict
    assert verdict.growth_mb < MOST_MB
    assert verdict.cpu_s < MOST_S
