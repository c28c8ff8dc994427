"""The four pages of the Power BI report, visual by visual.

Belongs here: what each page shows, where, and in which words. Does not: how that is written (`visuals.py`).
Every page names the tables and views of gold that say the same to people without Power BI.
"""

from __future__ import annotations

from typing import Final

from coros_assets.powerbi.parts import Page, card, estimates, heading, slicer
from coros_assets.powerbi.visuals import Cells, Visual

_YEAR: Final = ("dim_date[year] as Year",)
_MONTH: Final = ("dim_date[month_start] as Month",)
_PERIOD: Final = ("dim_schedule_period[schedule_period] as Shift block",)

_ANSWERS: Final = Page(
    "answers",
    "Three answers",
    (
        heading("Three answers", "each with its 95 % interval and the runs behind it"),
        Visual(
            "sentences",
            "tableEx",
            "What the runs say",
            "One row per question: the answer in words, the effect, its interval and the number of runs.",
            Cells(0, 1, 12, 3),
            {
                "Values": (
                    "answer_estimate[question_number] as No.",
                    "answer_estimate[question] as Question",
                    "answer_estimate[sentence] as Answer",
                    "answer_estimate[verdict] as Verdict",
                    "Measures[Effect %]",
                    "Measures[Interval low %]",
                    "Measures[Interval high %]",
                    "Measures[Runs used]",
                )
            },
            {"answer_estimate[is_primary]": (True,)},
            ascending="answer_estimate[question_number]",
        ),
        estimates(1, "night_shifts", "1  Effect of night shifts on metres per heartbeat, %", 5, 0),
        estimates(2, "training_load", "2  Effect of load the day before, %", 4, 5),
        estimates(3, "fitness", "3  Change of fitness, %", 3, 9),
    ),
    ("answer_estimate",),
)

_SHIFTS: Final = Page(
    "shifts",
    "Shifts and recovery",
    (
        heading("Shifts and recovery", "plain averages; the answers allow for fitness, hills and effort", 10),
        slicer("year", "Year", _YEAR[0], 10),
        Visual(
            "by_period",
            "pivotTable",
            "Runs by shift block",
            "One row per kind of shift block: runs, distance, pace, heart rate and efficiency.",
            Cells(0, 1, 7, 3),
            {
                "Rows": _PERIOD,
                "Values": (
                    "Measures[Runs]",
                    "Measures[Distance km]",
                    "Measures[Pace s per km] as Pace min/km",
                    "Measures[Average heart rate bpm]",
                    "Measures[Efficiency m per beat]",
                    "Measures[Comparable runs]",
                ),
            },
        ),
        Visual(
            "sleep",
            "clusteredColumnChart",
            "Sleep of a body day, h",
            "Columns by kind of shift block: mean sleep, and the part of it slept by day.",
            Cells(7, 1, 5, 3),
            {
                "Category": _PERIOD,
                "Y": ("Measures[Sleep h]", "Measures[Day sleep h]"),
                "Tooltips": ("Measures[Night shifts]",),
            },
            ascending=_PERIOD[0],
        ),
        Visual(
            "since_night",
            "clusteredColumnChart",
            "Efficiency by hours since a night shift, m per beat",
            "Columns from runs during a night shift to runs 72 hours or more after one.",
            Cells(0, 4, 4, 4),
            {
                "Category": (
                    "efficiency_by_hours_since_night[hours_since_night] as Hours since a night shift",
                ),
                "Y": ("Measures[Mean efficiency by hours since night] as m per beat",),
                "Tooltips": ("Measures[Mean pace by hours since night s per km] as Pace min/km",),
            },
            ascending="efficiency_by_hours_since_night[hours_since_night]",
        ),
        Visual(
            "after_load",
            "clusteredColumnChart",
            "Efficiency by the day before, m per beat",
            "Columns for runs after a rest day and after the lighter and harder thirds of training days.",
            Cells(4, 4, 3, 4),
            {
                "Category": ("next_day_by_load_tercile[day_before] as Day before",),
                "Y": ("Measures[Mean efficiency by load the day before] as m per beat",),
            },
            ascending="next_day_by_load_tercile[day_before]",
        ),
        Visual(
            "mornings",
            "lineChart",
            "Resting heart rate by month and shift block, bpm",
            "A line for each kind of shift block: mean resting heart rate of its mornings.",
            Cells(7, 4, 5, 4),
            {
                "Category": _MONTH,
                "Series": _PERIOD,
                "Y": ("Measures[Resting heart rate bpm]",),
                "Tooltips": ("Measures[Heart-rate variability ms]", "Measures[Sleep h]"),
            },
            ascending=_MONTH[0],
        ),
    ),
    (
        "efficiency_by_hours_since_night",
        "efficiency_by_schedule_period",
        "next_day_by_load_tercile",
        "fact_day",
    ),
)

_FITNESS: Final = Page(
    "fitness",
    "Fitness over time",
    (
        heading("Fitness over time", "training load, efficiency and best efforts", 4),
        card("runs_28", "Runs, last 28 days", "Runs in 28 days", 4, 0),
        card("distance_28", "Distance, last 28 days, km", "Distance km in 28 days", 6, 0),
        slicer("distance", "Distance", "fact_best_effort[distance_label] as Distance", 8),
        slicer("year", "Year", _YEAR[0], 10),
        Visual(
            "form",
            "lineChart",
            "Fitness, fatigue and form",
            "Three lines over the dates: long-term load, short-term load and their difference.",
            Cells(0, 1, 7, 3),
            {
                "Category": ("dim_date[date] as Date",),
                "Y": ("Measures[Fitness]", "Measures[Fatigue]", "Measures[Form]"),
                "Tooltips": ("Measures[Load]", "Measures[Load in 28 days]"),
            },
            ascending="dim_date[date]",
        ),
        Visual(
            "efficiency",
            "lineChart",
            "Efficiency by month, m per beat",
            "A line: mean metres per heartbeat of each month's comparable runs.",
            Cells(7, 1, 5, 3),
            {
                "Category": _MONTH,
                "Y": ("Measures[Efficiency m per beat]",),
                "Tooltips": ("Measures[Comparable runs]", "Measures[Pace s per km] as Pace min/km"),
            },
            ascending=_MONTH[0],
        ),
        Visual(
            "last_year",
            "clusteredColumnChart",
            "Distance by month, against a year earlier, km",
            "Two columns a month: distance run, and distance run a year earlier.",
            Cells(0, 4, 4, 4),
            {
                "Category": _MONTH,
                "Y": ("Measures[Distance km]", "Measures[Distance km last year]"),
                "Tooltips": ("Measures[Distance change on last year %]", "Measures[Runs]", "Measures[Load]"),
            },
            ascending=_MONTH[0],
        ),
        Visual(
            "best_pace",
            "lineChart",
            "Pace of the best effort by month, min/km",
            "A line a distance: the fastest stretch of each month.",
            Cells(4, 4, 4, 4),
            {
                "Category": _MONTH,
                "Series": ("fact_best_effort[distance_label] as Distance",),
                "Y": ("Measures[Best pace s per km] as Pace min/km",),
                "Tooltips": ("Measures[Best time s] as Time",),
            },
            ascending=_MONTH[0],
        ),
        Visual(
            "records",
            "tableEx",
            "Personal records",
            "One row per record: distance, date, time, and by how much it was broken.",
            Cells(8, 4, 4, 4),
            {
                "Values": (
                    "personal_record[distance_label] as Distance",
                    "personal_record[activity_date] as Date",
                    "personal_record[time_s] as Time, s",
                    "personal_record[faster_by_s] as Faster by, s",
                )
            },
            {"personal_record[is_current]": (True,)},
            ascending="personal_record[distance_label]",
        ),
    ),
    ("fact_day", "fitness_by_month", "best_effort_by_month", "personal_record"),
)

_LOG: Final = Page(
    "log",
    "Training log and data quality",
    (
        heading("Training log and data quality", "what was recorded, and what was wrong with it", 6),
        slicer("period", "Shift block", _PERIOD[0], 6),
        slicer("sport", "Sport", "fact_activity[sport] as Sport", 8),
        slicer("year", "Year", _YEAR[0], 10),
        Visual(
            "log",
            "tableEx",
            "Training log",
            "One row per activity: start, sport, distance, pace, heart rate, HRSS and shift block.",
            Cells(0, 1, 8, 7),
            {
                "Values": (
                    "fact_activity[start_time_local] as Start",
                    "fact_activity[sport] as Sport",
                    "fact_activity[distance_m] as Distance, m",
                    "fact_activity[moving_time_s] as Moving time, s",
                    "Measures[Pace s per km] as Pace min/km",
                    "fact_activity[average_heart_rate_bpm] as Heart rate, bpm",
                    "fact_activity[hrss] as HRSS",
                    "fact_activity[schedule_period] as Shift block",
                    "fact_activity[hours_since_night_end] as Since night shift, h",
                )
            },
        ),
        card("activities", "Activities", "Activities", 8, 1),
        card("duplicates", "Duplicate files", "Duplicate files", 10, 1),
        card("quarantine", "Quarantined files", "Quarantined files", 8, 2),
        card("copies", "Suspected copies", "Suspected copies", 10, 2),
        Visual(
            "flags",
            "clusteredBarChart",
            "Activities by what was unusual about their file",
            "A bar for each quality flag: activities that have it.",
            Cells(8, 3, 4, 2),
            {
                "Category": ("activity_quality_flag[quality_flag] as Quality flag",),
                "Y": ("Measures[Activities with a flag] as Activities",),
                "Tooltips": ("Measures[Points dropped]", "Measures[Heart rates excluded %]"),
            },
        ),
        Visual(
            "unreadable",
            "tableEx",
            "Files that could not be read",
            "One row per quarantined file: its name, the reason, and when it was first seen.",
            Cells(8, 5, 4, 3),
            {
                "Values": (
                    "quarantined_file[name] as File",
                    "quarantined_file[reason] as Reason",
                    "quarantined_file[first_seen] as First seen, UTC",
                )
            },
        ),
    ),
    ("fact_activity", "activity_source", "activity_quality_flag", "quarantined_file", "suspected_copy"),
)

PAGES: Final = (_ANSWERS, _SHIFTS, _FITNESS, _LOG)
