"""The contracts of gold's views: what each of them says of its columns.

Belongs here: names, types, units, keys and descriptions of what the `.sql` files select. Does not: the
queries (`answers/sql/`, `gold/sql/`, `powerbi/sql/`), or the tables (`tables.py`, where all contracts meet).
"""

from __future__ import annotations

from typing import Final

from coros_assets.contract import Column, Table, Type

T, _, B, I, _, F, D, UTC, LOCAL = Type  # noqa: E741  one letter a type keeps each column on one line

_MEANS: Final = (
    Column("average_pace_s_per_km", F, "Mean of the runs' paces", "s/km", required=True),
    Column("average_heart_rate_bpm", F, "Mean of the runs' average heart rates", "bpm"),
    Column(
        "efficiency_factor_m_per_beat",
        F,
        "Mean of the runs' grade-adjusted metres per heart beat",
        "m/beat",
        required=True,
    ),
)

ANALYSIS_RUN: Final = Table(
    "gold",
    "analysis_run",
    "One row per run that can be compared with others: its efficiency and everything the three "
    "answers allow for.",
    ("activity_id",),
    (
        Column("activity_id", T, "Run, as in gold.fact_activity"),
        Column("activity_date", D, "Local date on which the run started", required=True),
        Column("day_number", I, "Days since the first of these runs", "d", required=True),
        Column("start_time_local", LOCAL, "Wall-clock time at the start", required=True),
        Column("hour_of_day", F, "Wall-clock time at the start as hours since midnight", "h", required=True),
        Column("is_indoor", B, "True if no point has a position, as on a treadmill", required=True),
        Column(
            "schedule_period", T, "Shift block the run belongs to: day, night, off or unknown", required=True
        ),
        Column(
            "hours_since_night_end",
            F,
            "Hours from the last night shift's end to the start of the run; empty if none is known in"
            " 28 days",
            "h",
        ),
        Column(
            "hours_until_night_start",
            F,
            "Hours from the end of the run to the next night shift's start; empty if none is known",
            "h",
        ),
        Column("during_night_shift", B, "True if the run started during a night shift", required=True),
        Column(
            "night_arm",
            T,
            "night: during a night shift or at most 36 h after one; day: at least 72 h from any night"
            " shift, before and after, on a roster known for the 3 days before; between: neither; "
            "empty: roster unknown",
        ),
        Column(
            "roster_cycle",
            I,
            "Night blocks begun before the run, 0 before the first; a block begins at a night shift "
            "without another starting in the 48 h before; empty: roster unknown",
        ),
        Column(
            "efficiency_factor_m_per_beat",
            F,
            "Grade-adjusted metres per heart beat while moving",
            "m/beat",
            required=True,
        ),
        Column("log_efficiency", F, "Natural logarithm of efficiency_factor_m_per_beat", required=True),
        Column("average_heart_rate_bpm", F, "Time-weighted average heart rate", "bpm"),
        Column("heart_rate_reserve_pct", F, "Average heart rate as a share of the reserve", "%"),
        Column("distance_m", F, "Distance covered", "m", required=True),
        Column("log_distance", F, "Natural logarithm of distance_m", required=True),
        Column("climb_m_per_km", F, "Climb per kilometre", "m/km"),
        Column("moving_time_s", F, "Time with smoothed speed above 0.5 m/s", "s", required=True),
        Column("average_pace_s_per_km", F, "Moving time per kilometre", "s/km", required=True),
        Column("grade_adjusted_pace_s_per_km", F, "Pace on the flat at equal effort", "s/km"),
        Column(
            "load_day_before",
            F,
            "Load of all activities on the date before; empty before the first recorded date",
        ),
        Column("load_2_days_before", F, "Load two dates before; empty before the first recorded date"),
        Column("load_3_days_before", F, "Load three dates before; empty before the first recorded date"),
        Column("load_day_after", F, "Load on the date after; empty after the last recorded date"),
        Column("load_2_days_after", F, "Load two dates after; empty after the last recorded date"),
        Column("load_3_days_after", F, "Load three dates after; empty after the last recorded date"),
        Column(
            "tsb",
            F,
            "Form before the run: fitness minus fatigue, both of the date before, as in gold.fact_day",
        ),
        Column(
            "ctl",
            F,
            "Fitness before the run: that of the date before in gold.fact_day; empty on the first "
            "recorded date",
        ),
        Column("start_time", UTC, "Instant of the start", required=True),
        Column("end_time", UTC, "Instant of the end", required=True),
        Column(
            "aerobic_decoupling_pct",
            F,
            "Loss of efficiency from the first to the second half; empty under 50 min",
            "%",
        ),
        Column(
            "heart_rate_drift_pct_per_h",
            F,
            "Rise of heart rate at equal speed on steady runs; empty on others",
            "%/h",
        ),
        Column(
            "resting_heart_rate_bpm",
            F,
            "Resting heart rate in the sleep that ended on the date of the run; empty without wellness data",
            "bpm",
        ),
        Column(
            "vdot",
            F,
            "Daniels-Gilbert index of the best 5 km or longer effort inside; a lower bound unless raced",
        ),
    ),
)

EFFICIENCY_BY_HOURS_SINCE_NIGHT: Final = Table(
    "gold",
    "efficiency_by_hours_since_night",
    "One row per stretch of hours since the last night shift: plain averages of the runs in it, "
    "roster known.",
    ("bin",),
    (
        Column("bin", I, "Order of the rows: 0 is during a night shift"),
        Column(
            "hours_since_night",
            T,
            "Hours from the last night shift's end to the start of the run, lower end included",
            required=True,
        ),
        Column("n", I, "Runs", required=True),
        *_MEANS,
    ),
)

EFFICIENCY_BY_SCHEDULE_PERIOD: Final = Table(
    "gold",
    "efficiency_by_schedule_period",
    "One row per kind of shift block: plain averages of the runs that belong to it.",
    ("schedule_period",),
    (
        Column("schedule_period", T, "Shift block: day, night, off or unknown"),
        Column("n", I, "Runs", required=True),
        *_MEANS,
    ),
)

NEXT_DAY_BY_LOAD_TERCILE: Final = Table(
    "gold",
    "next_day_by_load_tercile",
    "One row for rest days and each third of training days: plain averages of the runs on the day after.",
    ("tercile",),
    (
        Column("tercile", I, "Order of the rows: 0 is a rest day, 3 the hardest third"),
        Column("day_before", T, "What the date before the run was", required=True),
        Column("load_from", F, "Smallest load on the date before", required=True),
        Column("load_to", F, "Largest load on the date before", required=True),
        Column("n", I, "Runs", required=True),
        *_MEANS,
    ),
)

FITNESS_BY_MONTH: Final = Table(
    "gold",
    "fitness_by_month",
    "One row per month with runs: plain averages of its runs.",
    ("month_start",),
    (
        Column("month_start", D, "First day of the month"),
        Column("n", I, "Runs", required=True),
        Column("distance_m", F, "Distance of these runs", "m", required=True),
        *_MEANS,
    ),
)

BEST_EFFORT_BY_MONTH: Final = Table(
    "gold",
    "best_effort_by_month",
    "One row per standard distance and month, from its first effort to the last month of the record: "
    "the fastest stretches.",
    ("distance_label", "month_start"),
    (
        Column("distance_label", T, "Standard distance, as in gold.fact_best_effort"),
        Column("distance_m", F, "Length of the stretch", "m", required=True),
        Column("month_start", D, "First day of the month"),
        Column("n", I, "Runs of the month that were long enough", required=True),
        Column("activity_id", T, "Run with the month's fastest stretch; empty in a month without one"),
        Column(
            "time_s", F, "Fastest elapsed time of the month; empty in a month without a run long enough", "s"
        ),
        Column("pace_s_per_km", F, "The same per kilometre", "s/km"),
        Column(
            "best_of_12_months_s",
            F,
            "Fastest elapsed time of this month and the eleven before it; empty if they have none",
            "s",
        ),
        Column(
            "best_so_far_s",
            F,
            "Fastest elapsed time from the first effort to the end of this month",
            "s",
            required=True,
        ),
    ),
)

PERSONAL_RECORD: Final = Table(
    "gold",
    "personal_record",
    "One row per record that a run set over a standard distance, and the record it broke.",
    ("activity_id", "distance_label"),
    (
        Column("distance_label", T, "Standard distance, as in gold.fact_best_effort"),
        Column("distance_m", F, "Length of the stretch", "m", required=True),
        Column("activity_date", D, "Local date on which the run started", required=True),
        Column("activity_id", T, "Run that set the record"),
        Column("time_s", F, "Elapsed time over the stretch", "s", required=True),
        Column("pace_s_per_km", F, "The same per kilometre", "s/km", required=True),
        Column(
            "previous_activity_date",
            D,
            "Local date of the record before; empty for the first effort over the distance",
        ),
        Column(
            "previous_activity_id",
            T,
            "Run that had set the record before; empty for the first effort over the distance",
        ),
        Column(
            "previous_time_s",
            F,
            "Time of the record before; empty for the first effort over the distance",
            "s",
        ),
        Column(
            "faster_by_s",
            F,
            "By how much the record before was broken; empty for the first effort over the distance",
            "s",
        ),
        Column("is_current", B, "True for the record that still stands", required=True),
    ),
)

SUSPECTED_COPY: Final = Table(
    "gold",
    "suspected_copy",
    "One row per pair of activities that look like one recording in two time zones; shown, never merged.",
    ("activity_id", "copy_activity_id"),
    (
        Column("activity_id", T, "The activity that starts earlier"),
        Column("copy_activity_id", T, "The activity that starts later"),
        Column("activity_date", D, "Local date of the earlier activity", required=True),
        Column("copy_activity_date", D, "Local date of the later activity", required=True),
        Column(
            "offset_h", F, "Time from the one start to the other, in quarters of an hour", "h", required=True
        ),
    ),
)

DIM_SCHEDULE_PERIOD: Final = Table(
    "gold",
    "dim_schedule_period",
    "One row per kind of shift block that a date or an activity belongs to.",
    ("schedule_period",),
    (
        Column("schedule_period", T, "Shift block: day, night, off or unknown"),
        Column("sort_order", I, "Order in which they are shown", required=True),
    ),
)

ACTIVITY_QUALITY_FLAG: Final = Table(
    "gold",
    "activity_quality_flag",
    "One row per activity and thing that was unusual about its file.",
    ("activity_id", "quality_flag"),
    (
        Column("activity_id", T, "Activity, as in gold.fact_activity"),
        Column("quality_flag", T, "What was unusual, in short words"),
    ),
)

ANSWER_VIEWS: Final = (
    ANALYSIS_RUN,
    EFFICIENCY_BY_HOURS_SINCE_NIGHT,
    EFFICIENCY_BY_SCHEDULE_PERIOD,
    NEXT_DAY_BY_LOAD_TERCILE,
    FITNESS_BY_MONTH,
    BEST_EFFORT_BY_MONTH,
    PERSONAL_RECORD,
)
VIEWS: Final = (
    *ANSWER_VIEWS,
    SUSPECTED_COPY,
    DIM_SCHEDULE_PERIOD,
    ACTIVITY_QUALITY_FLAG,
)
