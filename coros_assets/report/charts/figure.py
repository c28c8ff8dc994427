"""One figure of the page: the same chart in two widths with its title and caption.

Belongs here: pairing the drawings. Does not: what is drawn (the modules beside this one), or the
HTML around it (`templates/`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from altair.utils.schemapi import debug_mode
from markupsafe import Markup

from coros_assets.report.charts.style import NARROW, WIDE, AnyChart, spec
from coros_assets.report.charts.svg import draw


@dataclass(frozen=True)
class Figure:
    """A chart drawn for a wide and a narrow page; `label` says in words what it shows.

    `key` explains its marks: each a sign, the theme colour of the sign, and its meaning.
    """

    ident: str
    title: str
    caption: str
    label: str
    key: tuple[tuple[str, str, str], ...]
    build: Callable[[int], AnyChart]

    def drawn(self, width: int) -> Markup:
        """The chart as SVG for a page column of `width` CSS pixels."""
        with debug_mode(False):  # Altair's checks take longer than the drawing; the tests make them
            chart = spec(self.build(width), width)
        return draw(chart, self.label, f"{self.ident}-{width}")

    @property
    def wide(self) -> Markup:
        """The drawing for a wide page."""
        return self.drawn(WIDE)

    @property
    def narrow(self) -> Markup:
        """The drawing for a telephone."""
        return self.drawn(NARROW)
