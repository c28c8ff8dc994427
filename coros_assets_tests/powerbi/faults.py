"""Faults to plant into a copy of the Power BI project, and the check that must catch each.

Belongs here: the list. Does not: planting and judging (`test_faults.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coros_assets.powerbi.project import BY_HAND, MODEL, REPORT

TABLES: Final = f"{MODEL}/definition/tables"
RELATIONSHIPS: Final = f"{MODEL}/definition/relationships.tmdl"
PAGES: Final = f"{REPORT}/definition/pages"
NIGHTS: Final = f"{PAGES}/answers/visuals/answers_night_shifts/visual.json"
FORM: Final = f"{PAGES}/fitness/visuals/fitness_form/visual.json"
THEME: Final = f"{REPORT}/StaticResources/RegisteredResources/Coros.json"

INTERVAL_HIGH: Final = f'{" " * 22}"Property": "Interval high %"'
"""Where the error bars end: the tooltip names the same measure less deep."""

_BY_CHECK_AND_FILE: Final[dict[tuple[str, str], tuple[tuple[str, ...], ...]]] = {
    ("references", BY_HAND): (
        ("DAX names a missing column", "fact_day[load]", "fact_day[lode]"),
        ("DAX names a missing measure", "[Distance km])", "[Distance])"),
        ("DAX names a missing table", "COUNTROWS(dim_shift)", "COUNTROWS(shift)"),
        ("DAX lacks a bracket", "SUM(fact_day[load])", "SUM(fact_day[load]"),
        ("DAX has a comma too many", "MAX(fact_activity[vdot])", "MAX(fact_activity[vdot],)"),
        ("a format string names a missing function's end", "INT(seconds / 60)", "INT(seconds / 60"),
        ("a measure has no description", "\t/// Runs started in the period.\n"),
        ("a measure has no format", "\t\tformatString: #,0\n"),
        ("a measure has no folder", "\t\tdisplayFolder: Training\n"),
    ),
    ("references", f"{TABLES}/fact_day.tmdl"): (
        ("M lacks a bracket", "]}[Data]", "][Data]"),
        ("M names a missing parameter", "(Server,", "(Host,"),
        ("M names a missing step", "SelectColumns(Rows", "SelectColumns(Row"),
        ("M reads another table", 'Item = "fact_day"', 'Item = "fact_lap"'),
        ("M leaves out a column", '"ctl", '),
        ("a column is not in gold", "sourceColumn: ctl", "sourceColumn: fitness"),
        ("a property of a column is misspelt", "summarizeBy", "sumarizeBy"),
        ("a property of a partition is misspelt", "mode: import", "mod: import"),
        ("an object is indented by spaces", "\tcolumn ctl", "    column ctl"),
        ("an object of an unknown kind", "\tcolumn ctl", "\tcolum ctl"),
    ),
    ("references", f"{TABLES}/dim_date.tmdl"): (
        ("M has a comma before in", '"is_weekend"})', '"is_weekend"}),'),
        ("a column has no description", "\t/// Year\n"),
        ("no date table is marked", "\tdataCategory: Time\n"),
    ),
    ("references", f"{MODEL}/definition/expressions.tmdl"): (
        ("a parameter is gone", "expression SchemaName", "expression Schema"),
    ),
    ("references", f"{TABLES}/answer_estimate.tmdl"): (
        ("a column is sorted by a missing one", "sortByColumn: sort_order", "sortByColumn: place"),
    ),
    ("references", RELATIONSHIPS): (
        ("a property of a relationship is misspelt", "fromColumn: dim_shift", "fromColum: dim_shift"),
        ("a relationship starts at a missing column", "dim_shift.start_date", "dim_shift.date"),
        ("a relationship does not end at a key", "toColumn: dim_date.date", "toColumn: dim_date.month_start"),
        ("a relationship joins text to dates", "fact_activity.activity_date", "fact_activity.activity_id"),
        ("a fact is joined to nothing", "fact_best_effort.activity_id", "fact_heart_rate_zone.activity_id"),
    ),
    ("references", f"{TABLES}/dim_shift.tmdl"): (("a table of the model has no file",),),
    ("references", f"{MODEL}/definition/model.tmdl"): (
        ("a table is not in model.tmdl", "ref table dim_shift\n"),
    ),
    ("references", FORM): (
        ("a visual shows a missing measure", '"Property": "Fatigue"', '"Property": "Tiredness"'),
        ("a visual takes a measure for a column", '"Measure": {', '"Column": {'),
        ("a field has the name of another", '"Measures.Fatigue"', '"Measures.Load "'),
    ),
    ("references", NIGHTS): (
        ("a filter is on a missing column", '"Property": "family"', '"Property": "kin"'),
        ("an error bar ends at a missing measure", INTERVAL_HIGH, INTERVAL_HIGH.replace("high", "higher")),
        (
            "error bars are on a measure that is not shown",
            '"metadata": "Measures.Effect %"',
            '"metadata": "Measures.Effect"',
        ),
    ),
    ("references", f"{REPORT}/definition.pbir"): (
        ("the report opens another model", "../Coros.SemanticModel", "../Runs.SemanticModel"),
    ),
    ("database", f"{TABLES}/fact_day.tmdl"): (
        ("a column has another type", "dataType: int64", "dataType: string"),
    ),
    ("database", f"{TABLES}/dim_date.tmdl"): (
        ("a column of gold is missing", "sourceColumn: quarter", "sourceColumn: month"),
    ),
    ("measures", BY_HAND): (
        ("a sum is an average", "SUM(fact_day[load])", "AVERAGE(fact_day[load])"),
        ("kilometres are miles", '"running")), 1000)', '"running")), 1609.344)'),
        (
            "a filter is dropped",
            'CALCULATE(COUNTROWS(fact_activity), KEEPFILTERS(fact_activity[sport] = "running"))',
            "COUNTROWS(fact_activity)",
        ),
        ("the filter is another one", 'dim_shift[kind] = "night"', 'dim_shift[kind] = "day"'),
        ("28 days are 27", "-28, DAY", "-27, DAY"),
        (
            "last year is eleven months ago",
            "EDATE(first_day, -12)",
            "EDATE(first_day, -11)",
        ),
        (
            "a year not over is compared with a whole one",
            "MIN(MAX(dim_date[date]), recorded_until)",
            "MAX(dim_date[date])",
        ),
        (
            "the last value is the highest",
            "LASTNONBLANKVALUE(dim_date[date], MAX(fact_day[ctl]))",
            "MAX(fact_day[ctl])",
        ),
        (
            "blank less something is a loss",
            "IF(NOT(ISBLANK(by_night)), DIVIDE(by_night - by_day, by_day) * 100)",
            "DIVIDE(by_night - by_day, by_day) * 100",
        ),
        ("runs without a distance slow the pace", ",\n\t\t\t\t\tKEEPFILTERS(fact_activity[distance_m] > 0)"),
        ("a measure has no twin in SQL", "measure Activities =", "measure 'All activities' ="),
    ),
    ("schemas", f"{PAGES}/pages.json"): (("a file is no JSON", '"activePageName"', "activePageName"),),
    ("schemas", f"{PAGES}/log/page.json"): (
        ("a property of a page is misspelt", "displayOption", "displayOptions"),
        ("a page has no title", '  "displayName": "Training log and data quality",\n'),
    ),
    ("schemas", FORM): (
        ("a schema that Microsoft does not publish", "visualContainer/2.0.0", "visualContainer/9.0.0"),
    ),
    ("schemas", f"{PAGES}/log/visuals/log_log/mobile.json"): (
        ("a phone layout says more than a place", '"position"', '"title": "Log",\n  "position"'),
    ),
    ("validator", FORM): (
        ("a visual has an unknown role", '"Tooltips": {', '"Hints": {'),
        ("a visual lacks a role it needs", '"Category": {', '"Rows": {'),
        ("a visual of an unknown type", '"lineChart"', '"linesChart"'),
    ),
    ("validator", NIGHTS): (
        ("a formatting object that the visual does not have", '"error": [', '"errors": ['),
        ("a formatting property that does not exist", '"barColor"', '"barColour"'),
    ),
    ("validator", f"{PAGES}/pages.json"): (("a page is not in the order of pages", ',\n    "log"'),),
    ("validator", f"{PAGES}/log/page.json"): (
        ("a page's name differs from its folder", '"name": "log"', '"name": "diary"'),
    ),
    ("validator", THEME): (
        ("the theme's file is gone",),
        ("a colour is no colour", '"#0f6a64"', '"teal"'),
    ),
    ("validator", f"{PAGES}/log/visuals/log_copies/visual.json"): (("a folder of a visual is empty of it",),),
    ("validator", "Coros.pbip"): (("the shortcut opens another report", "Coros.Report", "Runs.Report"),),
    ("layout", FORM): (
        ("a visual sticks out of the page", '"width": 712', '"width": 1712'),
        ("two visuals cover each other", '"y": 104', '"y": 300'),
    ),
    ("layout", f"{PAGES}/log/visuals/log_log/mobile.json"): (("a visual has no place on a phone",),),
    ("generated", f"{TABLES}/fact_day.tmdl"): (
        ("a generated file was edited by hand", "/// Runs started", "/// Runs begun"),
    ),
    ("generated", f"{REPORT}/.platform"): (("a generated file is gone",),),
    ("generated", f"{TABLES}/LocalDateTable.tmdl"): (
        ("a file that nothing generates", "", "table LocalDateTable\n"),
    ),
}
"""What the fault is, what stands in the file, and what it becomes: nothing, if that is left out. If nothing
stands there the file goes, or comes where there is none."""


@dataclass(frozen=True)
class Fault:
    """In `file` the first `old` becomes `new`; without `old` the file is removed, or written if missing."""

    caught_by: str
    file: str
    what: str
    old: str = ""
    new: str = ""

    def plant(self, folder: Path) -> None:
        """Spoils the copy of the project."""
        file = folder / self.file
        if self.old:
            text = file.read_text(encoding="utf-8")
            assert self.old in text, self.what
            file.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")
        elif file.exists():
            file.unlink()
        else:
            file.write_text(self.new, encoding="utf-8")


FAULTS: Final = tuple(
    Fault(check, file, *fault) for (check, file), faults in _BY_CHECK_AND_FILE.items() for fault in faults
)
