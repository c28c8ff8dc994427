"""Colours: enough contrast for text and for marks, on the light and on the dark page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from coros_assets.report import theme

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
"""Least ratios of WCAG 2.2, success criteria 1.4.3 (level AA) and 1.4.11."""

TEXT_PAIRS = [(front, back) for front in ("ink", "muted") for back in ("paper", "panel")]
TEXT_PAIRS += [(tone, "paper") for tone in ("night", "day", "level")]
SCHEMES = {"light": theme.LIGHT, "dark": theme.DARK}


def luminance(hexadecimal: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    channels = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colours: Mapping[str, str], front: str, back: str) -> float:
    light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, front: str, back: str) -> None:
    assert contrast(SCHEMES[scheme], front, back) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", ["mark", "night", "day", "level"])
def test_a_mark_stands_out_from_the_page(scheme: str, tone: str) -> None:
    assert contrast(SCHEMES[scheme], tone, "paper") >= MARK_CONTRAST


def test_the_contrast_of_black_on_white_is_21_and_a_pale_grey_would_fail() -> None:
    assert contrast({"a": "#000000", "b": "#ffffff"}, "a", "b") == pytest.approx(21)
    assert contrast({"a": "#aaaaaa", "b": "#ffffff"}, "a", "b") < MARK_CONTRAST


def test_both_schemes_name_the_same_colours() -> None:
    assert theme.LIGHT.keys() == theme.DARK.keys()


def test_every_colour_is_declared_for_the_light_page_and_again_for_the_dark() -> None:
    css = theme.custom_properties()
    assert all(css.count(f"--{name}:") == 2 for name in theme.LIGHT)


def test_a_colour_that_the_theme_lacks_cannot_be_named() -> None:
    with pytest.raises(KeyError):
        theme.colour("puce")
