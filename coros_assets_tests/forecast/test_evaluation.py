"""The judge of forecasts: chance does not pass for skill, skill does, nothing is learnt from later days."""

from __future__ import annotations

import numpy as np

from coros_assets.forecast.evaluation import FOLD_D, GAP_D, LEARNING_D, Skill, rolling, skill

DAYS = np.arange(1000)


def judged(rng: np.random.Generator, better: float) -> Skill:
    """A baseline and a model whose error is smaller by a share, both failing together for days on end."""
    shared = np.repeat(rng.gamma(2, 1, 100), 10)
    errors = shared[:, None] * rng.gamma(4, 0.25, (1000, 3))
    errors[:, 2] *= 1 - better
    return skill(errors, DAYS)


def test_a_model_as_good_as_the_baselines_seldom_passes_for_better() -> None:
    passed = [judged(np.random.default_rng(seed), 0.0).is_beyond_chance for seed in range(200)]
    assert np.mean(passed) <= 0.05


def test_a_better_model_passes_and_its_skill_is_within_its_interval() -> None:
    found = [judged(np.random.default_rng(seed), 0.15) for seed in range(50)]
    assert np.mean([each.is_beyond_chance for each in found]) > 0.95
    assert np.mean([each.low <= 0.15 <= each.high for each in found]) > 0.85


def test_forecasts_are_learnt_from_days_that_end_a_week_before_them() -> None:
    seen = []

    def learner(learnt: np.ndarray, made: np.ndarray) -> np.ndarray:
        seen.append((DAYS[learnt].max(), DAYS[made].min(), DAYS[made].max()))
        return np.zeros((int(made.sum()), 2))

    found = rolling(("simple", "model"), DAYS - 1, DAYS, np.zeros(1000, int), np.ones(1000), learner)
    assert found.folds == len(seen)
    assert all(last < first - GAP_D and final - first < FOLD_D for last, first, final in seen)
    assert found.day[0] == LEARNING_D + 1
    assert (found.errors == 1).all()


def test_without_forecasts_there_is_no_skill_and_no_crash() -> None:
    none = np.empty(0, int)
    found = rolling(("simple", "model"), none, none, none, np.empty(0), lambda learnt, made: None)
    assert len(found) == 0
    assert not found.skill.is_beyond_chance
