"""The weekly level: the state-space smoother it stands for, lines, holes."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.answers import smoothing
from coros_assets.answers.smoothing import smooth_level


@pytest.fixture
def weeks() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True level, noisy means, runs per week."""
    rng = np.random.default_rng(4)
    counts = rng.integers(0, 6, 60).astype(float)
    counts[[0, -1]] = 3
    level = 0.02 * np.sin(np.arange(60) / 9)
    return level, level + rng.normal(size=60) * 0.02 / np.sqrt(np.maximum(counts, 1)), counts


def test_one_smoothness_solves_the_penalised_least_squares(
    weeks: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, means, counts = weeks
    monkeypatch.setattr(smoothing, "SMOOTHNESSES", np.array([50.0]))
    bends = np.diff(np.eye(60), 2, axis=0)
    expected = np.linalg.solve(np.diag(counts) + 50 * bends.T @ bends, counts * means)
    assert smooth_level(means, counts).coefficients == pytest.approx(expected)


def test_the_band_holds_the_true_level_nearly_everywhere(weeks: tuple[np.ndarray, ...]) -> None:
    level, means, counts = weeks
    smoothed = smooth_level(means, counts)
    estimate, half_width = smoothed.coefficients, smoothed.half_widths
    assert np.mean(np.abs(estimate - level) <= half_width) > 0.85
    assert half_width.max() < 0.03


def test_a_straight_line_stays_one() -> None:
    line = 0.1 + 0.001 * np.arange(40)
    smoothed = smooth_level(line, np.full(40, 4.0))
    estimate, half_width = smoothed.coefficients, smoothed.half_widths
    assert estimate == pytest.approx(line)
    assert half_width == pytest.approx(0, abs=1e-6)


def test_the_band_is_wider_in_a_hole_and_what_stands_in_its_weeks_does_not_matter(
    weeks: tuple[np.ndarray, ...],
) -> None:
    _, means, counts = weeks
    counts[20:35] = 0
    smoothed = smooth_level(means, counts)
    estimate, half_width = smoothed.coefficients, smoothed.half_widths
    means[20:35] = 99
    assert smooth_level(means, counts).coefficients == pytest.approx(estimate)
    assert half_width[27] > 1.5 * half_width[45]
