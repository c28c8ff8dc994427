"""Colours and type of the report, as CSS custom properties for a light and a dark page.

Belongs here: every colour value and font stack, and the CSS that declares them.
Does not: layout (`templates/style.css`), or the charts, which name these properties (`charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paper": "#fcfbf8",
        "panel": "#f3f1ea",
        "ink": "#1d1c1a",
        "muted": "#5c5952",
        "rule": "#dedad1",
        "mark": "#7d7a72",
        "night": "#34479f",
        "day": "#a4560a",
        "level": "#0f6a64",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paper": "#14161a",
        "panel": "#1e2126",
        "ink": "#eceae5",
        "muted": "#aeaba4",
        "rule": "#343840",
        "mark": "#8f8c86",
        "night": "#a6b3ff",
        "day": "#eda958",
        "level": "#6ac6bc",
    }
)

SANS: Final = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans",'
    ' "DejaVu Sans Condensed", sans-serif'
)
"""Fonts about as wide as Arial, by which charts are laid out; DejaVu's own width is a sixth more."""

SERIF: Final = 'Charter, "Bitstream Charter", "Iowan Old Style", "Sitka Text", Cambria, Georgia, serif'


def colour(name: str) -> str:
    """A colour as CSS and SVG name it: `colour("ink")` is `var(--ink)`; a KeyError if there is none."""
    if name not in LIGHT:
        raise KeyError(name)
    return f"var(--{name})"


def custom_properties() -> str:
    """The CSS that declares every colour and font; a printed page is always light."""
    fonts = f"--sans: {SANS}; --serif: {SERIF};"
    return (
        f":root {{ color-scheme: light dark; {fonts} {_declarations(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_declarations(DARK)} }} }}\n"
    )


def _declarations(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())
