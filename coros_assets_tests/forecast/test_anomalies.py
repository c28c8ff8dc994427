"""Planted spikes and drifts of the resting heart rate are found, nights are not, and little else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pytest

from coros_assets.forecast.anomalies import Readings, compared, drifts, spikes
from coros_assets.sample.roster import DAY, NIGHT
from coros_assets.sample.runner import simulate
from coros_assets.sample.wellness import RAISED_AFTER_NIGHT_BPM

YEARS: Final = 2
SPIKE_BPM: Final = (6.0, 8.0)
PER_YEAR: Final = 12
WARM_UP_D: Final = 120
EVEN_STEPS: Final = 1 / np.sqrt(12)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mornings:
    """Two years on the sample's roster; `likeness` is the correlation of neighbouring mornings."""

    likeness: float = 0.0
    sd_bpm: float = 1.2
    missing: float = 0.04
    missing_after_nights: float = 0.04
    raised_bpm: float = RAISED_AFTER_NIGHT_BPM
    spikes_per_year: int = PER_YEAR
    drift_bpm: float = 0.0
    """Over three weeks, every 120 days."""

    DRIFT_D = 21

    def drawn(self, seed: int) -> tuple[Readings, np.ndarray, np.ndarray]:
        """Readings, which of them are planted spikes, and the days on which drifts begin."""
        codes = simulate(YEARS, seed).roster.codes
        random = np.random.default_rng([seed, 9])
        days = np.arange(len(codes))
        after = np.append(False, codes[:-1] == NIGHT)
        noise = random.normal(size=days.size)
        for day in days[1:]:
            noise[day] = self.likeness * noise[day - 1] + np.sqrt(1 - self.likeness**2) * noise[day]
        pulse = 50 + self.raised_bpm * after + self.sd_bpm * noise
        spiked = np.zeros(days.size, dtype=bool)
        late = np.arange(WARM_UP_D, days.size)
        spiked[random.choice(late, self.spikes_per_year * YEARS, replace=False)] = True
        pulse += spiked * random.uniform(*SPIKE_BPM, days.size)
        begins = np.arange(150, days.size - 60, 120) if self.drift_bpm else np.empty(0, dtype=int)
        for day in begins:
            pulse[day : day + self.DRIFT_D] += self.drift_bpm
        chance = np.where(after, self.missing_after_nights, self.missing)
        pulse = np.where(random.random(days.size) < chance, np.nan, np.rint(pulse))
        state = np.select([after, codes == DAY], [0, 1], 2)
        none = np.zeros((days.size, 0))
        return Readings(days, pulse, state, 1, none, none, np.isfinite(pulse), EVEN_STEPS), spiked, begins


@dataclass(frozen=True)
class Found:
    precision: float
    recall: float
    false_a_year: float


def spikes_found(mornings: Mornings, seeds: int, seen: Callable[[Readings], Readings] = lambda r: r) -> Found:
    """What is found of planted spikes; `seen` changes the readings before they are looked at."""
    right = wrong = missed = 0
    for seed in range(seeds):
        readings, spiked, _ = mornings.drawn(seed)
        hit = np.zeros(spiked.size, dtype=bool)
        hit[[found.at for found in spikes(seen(readings))]] = True
        right += int((hit & spiked).sum())
        wrong += int((hit & ~spiked).sum())
        missed += int((spiked & ~hit & readings.is_judged).sum())
    found = Found(right / max(right + wrong, 1), right / max(right + missed, 1), wrong / seeds / YEARS)
    _LOG.info("%s: %s", mornings, found)
    return found


def drifts_found(mornings: Mornings, seeds: int) -> Found:
    """Precision and recall of drifts, each of which counts if it is told within a week of its end."""
    right = wrong = planted = 0
    for seed in range(seeds):
        readings, _, begins = mornings.drawn(seed)
        told = np.array([readings.day[drift.plain.at] for drift in drifts(readings)])
        is_planted = (told[:, None] >= begins) & (told[:, None] < begins + mornings.DRIFT_D + 7)
        planted += begins.size
        right += int(is_planted.any(axis=0).sum())
        wrong += int((~is_planted.any(axis=1)).sum())
    found = Found(right / max(right + wrong, 1), right / max(planted, 1), wrong / seeds / YEARS)
    _LOG.info("%s: %s", mornings, found)
    return found


def as_one_state(readings: Readings) -> Readings:
    return replace(readings, state=np.zeros_like(readings.state))


def test_planted_spikes_of_6_to_8_bpm_are_found_and_little_else() -> None:
    found = spikes_found(Mornings(), 8)
    assert found.precision >= 0.9
    assert found.recall >= 0.7


def test_nights_are_not_discovered_as_anomalies_though_they_would_be_without_the_roster() -> None:
    nights = Mornings(raised_bpm=7.0, spikes_per_year=0)
    assert spikes_found(nights, 3).false_a_year < 0.5
    assert spikes_found(nights, 3, as_one_state).false_a_year > 20


def test_a_drift_of_3_bpm_is_told_and_told_once() -> None:
    found = drifts_found(Mornings(spikes_per_year=0, drift_bpm=3.0), 4)
    assert found.recall > 0.85
    assert found.precision > 0.85


def test_spikes_alone_are_no_drift() -> None:
    assert drifts_found(Mornings(), 6).false_a_year < 0.2


def test_readings_that_resemble_their_neighbours_are_seldom_a_drift() -> None:
    assert drifts_found(Mornings(spikes_per_year=0, likeness=0.6), 6).false_a_year < 0.35


def test_missing_mornings_after_nights_are_taken_for_bad_ones() -> None:
    """A limit that may be too low becomes one that holds even if every missing morning was a bad one."""
    readings, _, _ = Mornings(missing_after_nights=0.3, spikes_per_year=0).drawn(1)
    late = [found for found in compared(readings, 0) if found.at > 200]
    after = [found for found in late if readings.state[found.at] == 0]
    others = [found for found in late if readings.state[found.at] != 0]
    assert np.mean([found.missing for found in after]) > 5
    assert np.mean([found.limit - found.expected for found in after]) > 0.5
    assert np.mean([found.limit - found.expected for found in others]) < 0.2


def test_hiding_the_worst_mornings_makes_no_others_look_bad() -> None:
    """Every second morning after a night is missing, the worse ones: the rest is not unusual."""
    readings, _, _ = Mornings(sd_bpm=2.0, missing=0.0, missing_after_nights=0.0, spikes_per_year=0).drawn(2)
    after = np.flatnonzero(readings.state == 0)
    hidden = after[readings.value[after] > np.median(readings.value[after])]
    value = readings.value.copy()
    value[hidden] = np.nan
    censored = replace(readings, value=value, is_judged=np.isfinite(value))
    bad = censored.value.copy()
    bad[hidden[::7]] = readings.value[hidden[::7]]
    seldom = replace(censored, value=bad, is_judged=np.isfinite(bad))
    assert [found.at for found in spikes(seldom) if found.at in hidden] == []


def test_half_the_readings_missing_is_too_many_to_judge() -> None:
    readings, _, _ = Mornings(missing_after_nights=0.75).drawn(3)
    assert all(readings.state[found.at] != 0 for found in compared(readings, 0))


def test_values_without_any_spread_are_never_unusual() -> None:
    readings, _, _ = Mornings().drawn(4)
    flat = replace(readings, value=np.where(readings.is_judged, 50.0, np.nan), resolution=0.0)
    assert spikes(flat) == []
    assert drifts(flat) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "mornings",
    [Mornings(), Mornings(likeness=0.5), Mornings(sd_bpm=1.5), Mornings(spikes_per_year=6)],
    ids=["independent", "alike", "restless", "seldom"],
)
def test_over_many_histories_spikes_are_found_and_little_else(mornings: Mornings) -> None:
    found = spikes_found(mornings, 40)
    assert found.precision >= 0.9
    assert found.recall >= 0.7


@pytest.mark.slow
def test_over_many_histories_drifts_are_told_and_seldom_without_one() -> None:
    for likeness in (0.0, 0.5):
        assert drifts_found(Mornings(spikes_per_year=0, likeness=likeness), 40).false_a_year < 0.15
    assert drifts_found(Mornings(spikes_per_year=0, drift_bpm=3.0), 40).recall > 0.9
    assert drifts_found(Mornings(spikes_per_year=0, drift_bpm=3.0, likeness=0.5), 40).recall > 0.6
