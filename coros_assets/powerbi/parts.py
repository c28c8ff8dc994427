"""What the pages of the Power BI report have in common: a page, and the visuals that recur.

Belongs here: headings, slicers, cards and bars with intervals. Does not: which page has which (`pages.py`),
or how a visual is written (`visuals.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from coros_assets.powerbi.visuals import Cells, Visual


@dataclass(frozen=True)
class Page:
    """One page: its name in the files, its title and its visuals in reading order.

    `counterparts` are the views of gold that say the same to people without Power BI.
    """

    name: str
    title: str
    visuals: tuple[Visual, ...]
    counterparts: tuple[str, ...]


def heading(title: str, description: str, columns: int = 12) -> Visual:
    """The page's title and what it is about, across the top."""
    return Visual("heading", "textbox", title, description, Cells(0, 0, columns, 1))


def slicer(name: str, title: str, field: str, column: int) -> Visual:
    """A list to choose from, in the top row."""
    return Visual(name, "slicer", title, f"Choose: {title}.", Cells(column, 0, 2, 1), {"Values": (field,)})


def card(name: str, title: str, measure: str, column: int, row: int) -> Visual:
    """One number."""
    place = Cells(column, row, 2, 1)
    return Visual(name, "card", title, f"{title}.", place, {"Values": (f"Measures[{measure}]",)})


def estimates(number: int, name: str, title: str, columns: int, column: int) -> Visual:
    """The primary estimate of a question, and the same effect estimated otherwise, with their intervals."""
    return Visual(
        name,
        "clusteredBarChart",
        title,
        "Bars with 95 % intervals: the primary estimate, and the same effect estimated otherwise, in %.",
        Cells(column, 4, columns, 4),
        {
            "Category": ("answer_estimate[estimate] as Estimate",),
            "Y": ("Measures[Effect %]",),
            "Tooltips": ("Measures[Interval low %]", "Measures[Interval high %]", "Measures[Runs used]"),
        },
        {
            "answer_estimate[question_number]": (number,),
            "answer_estimate[family]": ("primary", "sensitivity"),
        },
        interval=("Measures[Interval low %]", "Measures[Interval high %]"),
        ascending="answer_estimate[estimate]",
    )
