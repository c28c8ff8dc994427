"""Every table's contract, layer by layer; nothing else names a table's columns.

Belongs here: names, types, units, keys, descriptions; those of metrics come from their registry, those of
gold's views from `views.py`. From these come the Arrow schemas, the PostgreSQL DDL, the column metadata in
the Dagster UI, the data dictionary and the tables of the Power BI model.
Does not: how a value is computed (the layer's modules) or how a table is stored (`storage/`).
"""

from __future__ import annotations

from typing import Final

from coros_assets.contract import Column, Table, Type
from coros_assets.gold.metrics.registry import ACTIVITY_METRICS, EFFORT_METRIC, LOAD_METRICS
from coros_assets.views import VIEWS

T, TL, B, I, BI, F, D, UTC, LOCAL = Type  # noqa: E741  one letter a type keeps each column on one line

# --------------------------------------------------------------------------- silver: clean, one file a date

SILVER_RECORDS: Final = Table(
    "silver",
    "records",
    "One row per recorded point of each activity's chosen file, cleaned, in order of time.",
    ("activity_id", "time"),
    (
        Column("activity_id", T, "UTC start of the activity as YYYYMMDDThhmmssZ"),
        Column("time", UTC, "Instant of the point"),
        Column("lap_index", I, "Lap that the point belongs to, from 0", required=True),
        # Not coarser than watches write: FIT has 8.4e-8 deg (a semicircle), 0.2 m of altitude, 0.01 m of
        # distance, 0.001 m/s and 1/128 of a turn a minute.
        Column("latitude_deg", F, "Latitude, WGS 84", "deg", resolution=2**-24),
        Column("longitude_deg", F, "Longitude, WGS 84", "deg", resolution=2**-24),
        Column("altitude_m", F, "Altitude above sea level", "m", resolution=2**-7),
        Column("distance_m", F, "Distance from the start, never decreasing", "m", resolution=2**-10),
        Column("speed_m_per_s", F, "Speed as the watch wrote it, in one unit", "m/s", resolution=2**-10),
        Column(
            "heart_rate_bpm",
            F,
            "Heart rate; empty where it was a spike or locked to cadence",
            "bpm",
            resolution=2**-7,
        ),
        Column("cadence_spm", F, "Steps per minute of both legs, or crank turns", "1/min", resolution=2**-7),
        Column("power_w", F, "Power", "W", resolution=2**-7),
    ),
)

SILVER_LAPS: Final = Table(
    "silver",
    "laps",
    "One row per lap as the watch recorded it.",
    ("activity_id", "lap_index"),
    (
        Column("activity_id", T, "Activity the lap belongs to"),
        Column("lap_index", I, "Position in the activity, from 0"),
        Column("start_time", UTC, "Instant the lap began", required=True),
        Column("timer_time_s", F, "Time on the watch's running timer, pauses excluded", "s"),
        Column("distance_m", F, "Distance of the lap", "m"),
        Column("average_heart_rate_bpm", F, "Average heart rate the watch wrote", "bpm"),
        Column("max_heart_rate_bpm", F, "Highest heart rate the watch wrote", "bpm"),
    ),
)

SILVER_ACTIVITIES: Final = Table(
    "silver",
    "activities",
    "One row per activity and file it was found in; the chosen file is marked, the others are duplicates.",
    ("activity_id", "source_sha256", "source_index"),
    (
        Column("activity_id", T, "UTC start of the activity as YYYYMMDDThhmmssZ"),
        Column("source_sha256", T, "SHA-256 of the file's decompressed bytes"),
        Column("source_index", I, "Position of the activity in its file, from 0"),
        Column("source_name", T, "Name under which the file was landed", required=True),
        Column("source_format", T, "Format of the file: tcx, fit or gpx", required=True),
        Column("landed_at", UTC, "Instant the landed file was written", required=True),
        Column("is_winner", B, "True for the file the activity's data is taken from", required=True),
        Column("choice_reason", T, "Why this file was or was not chosen", required=True),
        Column("activity_date", D, "Local date on which the activity started", required=True),
        Column("start_time", UTC, "Instant of the first kept point", required=True),
        Column("end_time", UTC, "Instant of the last kept point", required=True),
        Column("start_time_local", LOCAL, "Wall-clock time at the start", required=True),
        Column("timezone", T, "IANA zone the activity started in", required=True),
        Column("timezone_source", T, "Where the zone came from: file, position or home", required=True),
        Column("sport", T, "Sport family: running, cycling, swimming, walking or other", required=True),
        Column("sub_sport", T, "Finer kind of the sport where the file says it"),
        Column("is_indoor", B, "True if no point has a position", required=True),
        Column("device", T, "Device or program that wrote the file"),
        Column(
            "timer_time_s",
            F,
            "Timer time the file states, else the sum of the laps'; empty without both",
            "s",
        ),
        Column("points_parsed", I, "Points that the file holds", required=True),
        Column("points", I, "Points kept", required=True),
        Column(
            "points_dropped", I, "Points dropped: no time, impossible time or repeated time", required=True
        ),
        Column("points_without_time", I, "Points dropped because they had no readable time", required=True),
        Column(
            "points_impossible_time",
            I,
            "Points dropped because of a time before 2005 or in the future",
            required=True,
        ),
        Column(
            "points_repeated_time",
            I,
            "Points dropped because an earlier one had the same time",
            required=True,
        ),
        Column(
            "values_out_of_range",
            I,
            "Positions, altitudes, distances, speeds, cadences and powers emptied as impossible",
            required=True,
        ),
        Column(
            "positions_emptied",
            I,
            "Positions emptied: 0/0 stands for no fix, and half a position is none",
            required=True,
        ),
        Column("cadence_points_doubled", I, "Cadences of one leg that were doubled", required=True),
        Column("heart_rate_points_nulled", I, "Heart rates emptied: out of range or spike", required=True),
        Column(
            "heart_rate_points_filled", I, "Heart rates interpolated over gaps of at most 10 s", required=True
        ),
        Column("heart_rate_points_excluded", I, "Heart rates excluded as locked to cadence", required=True),
        Column(
            "distance_resets",
            I,
            "Times that distance began anew at zero and was stacked on the distance before",
            required=True,
        ),
        Column(
            "distance_points_raised",
            I,
            "Distances below an earlier one that were raised to it",
            required=True,
        ),
        Column(
            "distance_points_from_positions",
            I,
            "Distances summed from positions, where the file has none",
            required=True,
        ),
        Column("speed_points_emptied", I, "Speeds emptied because their unit is not known", required=True),
        Column(
            "implausible_steps",
            I,
            "Steps between two points of a run above 7.5 m/s or 5 m/s2; kept",
            required=True,
        ),
        Column("quality_flags", TL, "What was unusual about the file, in short words", required=True),
    ),
)

# --------------------------------------------------------------------------- roster

ROSTER_SHIFTS: Final = Table(
    "roster",
    "shifts",
    "One row per shift worked, from the runner's roster.",
    ("shift_id",),
    (
        Column("shift_id", T, "UTC start of the shift as YYYYMMDDThhmmssZ"),
        Column("start_time", UTC, "Instant the shift began", required=True),
        Column("end_time", UTC, "Instant the shift ended", required=True),
        Column("start_time_local", LOCAL, "Wall-clock time at its start", required=True),
        Column("end_time_local", LOCAL, "Wall-clock time at its end", required=True),
        Column("timezone", T, "IANA zone of the shift", required=True),
        Column("kind", T, "night, evening, early or day, from its hours", required=True),
        Column("title", T, "What the roster called it"),
        Column("source", T, "File and row the shift was read from", required=True),
    ),
)

# --------------------------------------------------------------------------- athlete

ATHLETE_SETTINGS: Final = Table(
    "athlete",
    "settings",
    "One row per entry of the athlete file: what it gives from a date on; what it leaves out is empty.",
    ("valid_from",),
    (
        Column("valid_from", D, "Date from which the entry counts"),
        Column("max_heart_rate_bpm", F, "Maximum heart rate", "bpm"),
        Column("resting_heart_rate_bpm", F, "Resting heart rate", "bpm"),
        Column("threshold_heart_rate_bpm", F, "Heart rate that can be held for about an hour", "bpm"),
        Column("threshold_speed_m_per_s", F, "Speed that can be held for about an hour", "m/s"),
        Column("sex", T, "female or male"),
        Column("home_timezone", T, "IANA zone of home"),
    ),
)

# --------------------------------------------------------------------------- wellness

_MORNING: Final = (
    Column("resting_heart_rate_bpm", F, "Resting heart rate, measured in the sleep before waking", "bpm"),
    Column("hrv_rmssd_ms", F, "Heart-rate variability of that sleep: rMSSD", "ms"),
    Column("sleep_h", F, "Sleep of the body day that ended with this date's waking, naps included", "h"),
    Column("day_sleep_h", F, "Part of it slept by day; empty if the file says no hours", "h"),
    Column("main_sleep_is_day", B, "True if the main sleep before waking was a day sleep"),
)

WELLNESS_DAILY: Final = Table(
    "wellness",
    "daily",
    "One row per date of waking: what was measured in the main sleep that ended on it.",
    ("date",),
    (
        Column("date", D, "Local date on which the main sleep ended"),
        *_MORNING,
        Column("source", T, "File and row that the date was read from", required=True),
    ),
)

WELLNESS_SLEEP: Final = Table(
    "wellness",
    "sleep",
    "One row per sleep, main sleeps and naps; no two overlap.",
    ("sleep_id",),
    (
        Column("sleep_id", T, "UTC start of the sleep as YYYYMMDDThhmmssZ"),
        Column("start_time", UTC, "Instant of falling asleep", required=True),
        Column("end_time", UTC, "Instant of waking", required=True),
        Column("timezone", T, "IANA zone of the sleep", required=True),
        Column("wake_date", D, "Local date of waking", required=True),
        Column(
            "asleep_h", F, "Hours asleep; the whole length where the file says no less", "h", required=True
        ),
        Column("is_nap", B, "True for a nap: the file says so, or it lasted less than 3 h", required=True),
        Column("is_day_sleep", B, "True if its middle lies between 08:00 and 22:00 local", required=True),
        Column("source", T, "File and row the sleep was read from", required=True),
    ),
)

# --------------------------------------------------------------------------- gold: the star

_METRIC_VERSION = Column("metric_version", T, "Version of the metric definitions used", required=True)

SHIFT_CONTEXT: Final = (
    Column("schedule_period", T, "Shift block the run belongs to: day, night, off or unknown", required=True),
    Column(
        "shift_relation",
        T,
        "during, after (within 12 h), before (within 12 h), between, off or unknown",
        required=True,
    ),
    Column("hours_since_shift_end", F, "Hours from the last shift's end to the start of the activity", "h"),
    Column("hours_until_shift_start", F, "Hours from the activity's end to the next shift's start", "h"),
    Column(
        "hours_since_night_end", F, "Hours from the last night shift's end to the start of the activity", "h"
    ),
    Column("consecutive_nights", I, "Night shifts in a row up to the activity's start"),
    Column("nights_last_7_days", I, "Night shifts that ended in the 7 days before the activity"),
    Column("days_since_last_night", F, "Days since the last night shift's end", "d"),
    Column(
        "is_first_day_after_nights",
        B,
        "True on the first date without night work after one with it: not the date a night shift ends on",
    ),
    Column("is_transition", B, "True if the kind of shift changed within the 48 h before"),
    Column(
        "rotation_direction",
        T,
        "Which way the start moved when the kind of shift last changed in 28 days: "
        "forward (later in the day, or half a day), backward or none",
    ),
    Column(
        "hours_from_circadian_minimum",
        F,
        "Exploratory, from the roster alone: hours from the start back to the body temperature's minimum, "
        "negative before it, as a model of the body clock predicts it for usual sleep and light around the "
        "shifts; empty unless the roster covers the 14 dates before; means nothing without its band",
        "h",
        resolution=2**-5,
    ),
    Column(
        "hours_from_circadian_minimum_low",
        F,
        "Exploratory: least of these hours over scenarios of light at work, light on the way home and sleep; "
        "may lie below -12",
        "h",
        resolution=2**-5,
    ),
    Column(
        "hours_from_circadian_minimum_high",
        F,
        "Exploratory: most of these hours over the same scenarios; may lie above 12",
        "h",
        resolution=2**-5,
    ),
)

SLEEP_CONTEXT: Final = (
    Column("sleep_last_24h_h", F, "Hours asleep in the 24 h before the start, naps included", "h"),
    Column("night_sleep_last_24h_h", F, "Part of it that was night sleep", "h"),
    Column("day_sleep_last_24h_h", F, "Part of it that was day sleep: middle between 08:00 and 22:00", "h"),
    Column("hours_since_sleep_end", F, "Hours awake at the start: since the last sleep, naps included", "h"),
)

FACT_ACTIVITY: Final = Table(
    "gold",
    "fact_activity",
    "One row per activity: what was done, how it went, and where it stood between shifts and sleeps.",
    ("activity_id",),
    (
        Column("activity_id", T, "UTC start of the activity as YYYYMMDDThhmmssZ"),
        Column("activity_date", D, "Local date on which the activity started", required=True),
        Column("start_time", UTC, "Instant of the first point", required=True),
        Column("start_time_local", LOCAL, "Wall-clock time at the start", required=True),
        Column("timezone", T, "IANA zone the activity started in", required=True),
        Column("timezone_source", T, "Where the zone came from: file, position or home", required=True),
        Column("sport", T, "Sport family: running, cycling, swimming, walking or other", required=True),
        Column("sub_sport", T, "Finer kind of the sport where the file says it"),
        Column("is_indoor", B, "True if no point has a position", required=True),
        Column("device", T, "Device or program that wrote the file"),
        Column("source_format", T, "Format of the file used", required=True),
        Column("source_sha256", T, "SHA-256 of the file used", required=True),
        Column("elapsed_time_s", F, "Last time minus first time", "s", required=True),
        Column(
            "timer_time_s",
            F,
            "Timer time the file states, else the sum of the laps'; empty without both",
            "s",
        ),
        *(metric.column for metric in ACTIVITY_METRICS),
        Column("points", I, "Points kept", required=True),
        Column("points_dropped", I, "Points dropped with a reason", required=True),
        Column("heart_rate_points_excluded", I, "Heart rates excluded as locked to cadence", required=True),
        Column("quality_flags", TL, "What was unusual about the file, in short words", required=True),
        *SHIFT_CONTEXT,
        *SLEEP_CONTEXT,
        _METRIC_VERSION,
    ),
)

FACT_LAP: Final = Table(
    "gold",
    "fact_lap",
    "One row per lap of each activity.",
    ("activity_id", "lap_index"),
    (
        Column("activity_id", T, "Activity the lap belongs to"),
        Column("lap_index", I, "Position in the activity, from 0"),
        Column("activity_date", D, "Local date on which the activity started", required=True),
        Column("start_time", UTC, "Instant the lap began", required=True),
        Column("timer_time_s", F, "Time on the watch's running timer", "s"),
        Column("distance_m", F, "Distance of the lap", "m"),
        Column("average_pace_s_per_km", F, "Timer time per kilometre; empty under 100 m", "s/km"),
        Column("average_heart_rate_bpm", F, "Average heart rate the watch wrote", "bpm"),
        Column("max_heart_rate_bpm", F, "Highest heart rate the watch wrote", "bpm"),
    ),
)

FACT_BEST_EFFORT: Final = Table(
    "gold",
    "fact_best_effort",
    "One row per run and standard distance: the fastest stretch of that length inside the run.",
    ("activity_id", "distance_label"),
    (
        Column("activity_id", T, "Run the effort is part of"),
        Column(
            "distance_label", T, "400 m, 800 m, 1 km, 1 mile, 2 mile, 5 km, 10 km, half marathon or marathon"
        ),
        Column("activity_date", D, "Local date on which the run started", required=True),
        Column("distance_m", F, "Length of the stretch", "m", required=True),
        Column("time_s", F, "Elapsed time over the stretch", "s", required=True),
        Column(
            "start_offset_s", F, "Seconds from the run's start to the stretch's start", "s", required=True
        ),
        Column(
            "is_near_maximal",
            B,
            "True for an effort of 2 to 20 min with a heart rate within 10 bpm of the runner's own maximum, "
            "and no part of a better one",
            required=True,
        ),
        _METRIC_VERSION,
    ),
)

FACT_HEART_RATE_ZONE: Final = Table(
    "gold",
    "fact_heart_rate_zone",
    "One row per activity and heart-rate zone; the zones of an activity sum to its recorded time.",
    ("activity_id", "zone"),
    (
        Column("activity_id", T, "Activity the time belongs to"),
        Column("zone", I, "1 to 5 by tenths of maximum heart rate from 50 %; 0 is below, -1 unknown"),
        Column("activity_date", D, "Local date on which the activity started", required=True),
        Column("time_s", F, "Time spent in the zone", "s", required=True),
        _METRIC_VERSION,
    ),
)

ACTIVITY_SOURCE: Final = Table(
    "gold",
    "activity_source",
    "One row per activity and file it was found in: the file used and its duplicates.",
    ("activity_id", "source_sha256", "source_index"),
    (
        Column("activity_id", T, "Activity the file holds"),
        Column("source_sha256", T, "SHA-256 of the file's decompressed bytes"),
        Column("source_index", I, "Position of the activity in its file, from 0"),
        Column("activity_date", D, "Local date on which the activity started", required=True),
        Column("source_name", T, "Name under which the file was landed", required=True),
        Column("source_format", T, "Format of the file", required=True),
        Column("device", T, "Device or program that wrote the file"),
        Column("landed_at", UTC, "Instant the landed file was written", required=True),
        Column("is_winner", B, "True for the file the activity's data is taken from", required=True),
        Column("choice_reason", T, "Why this file was or was not chosen", required=True),
    ),
)

DAY_WELLNESS: Final = (
    *_MORNING,
    Column(
        "resting_heart_rate_week_sd",
        F,
        "Resting heart rate of the last 7 days against the 60 before them, in their SD; night sleeps only",
    ),
    Column("hrv_week_sd", F, "ln rMSSD of the last 7 days against the 60 before them, likewise"),
)

FACT_DAY: Final = Table(
    "gold",
    "fact_day",
    "One row per calendar date from the first activity to the last, rest days included.",
    ("activity_date",),
    (
        Column("activity_date", D, "Local date"),
        Column("schedule_period", T, "Shift block of the date: day, night, off or unknown", required=True),
        Column("runs", I, "Runs started on the date", required=True),
        Column("distance_m", F, "Distance run", "m", required=True),
        Column("moving_time_s", F, "Time running", "s", required=True),
        Column(
            "load", F, "Sum of the activities' load: from heart rate, else from speed, else 0", required=True
        ),
        *(metric.column for metric in LOAD_METRICS),
        *EFFORT_METRIC.columns,
        *DAY_WELLNESS,
        _METRIC_VERSION,
    ),
)

DIM_SHIFT: Final = Table(
    "gold",
    "dim_shift",
    "One row per shift worked, from the runner's roster.",
    ROSTER_SHIFTS.key,
    (*ROSTER_SHIFTS.columns, Column("start_date", D, "Local date on which the shift began", required=True)),
)

DIM_DATE: Final = Table(
    "gold",
    "dim_date",
    "One row per calendar date, whole years around everything recorded.",
    ("date",),
    (
        Column("date", D, "Calendar date"),
        Column("year", I, "Year", required=True),
        Column("quarter", I, "Quarter, 1 to 4", required=True),
        Column("month", I, "Month, 1 to 12", required=True),
        Column("month_start", D, "First day of the month", required=True),
        Column("iso_year", I, "Year of the ISO 8601 week", required=True),
        Column("iso_week", I, "ISO 8601 week, 1 to 53", required=True),
        Column("iso_weekday", I, "1 is Monday, 7 is Sunday", required=True),
        Column("is_weekend", B, "True on Saturday and Sunday", required=True),
    ),
)

QUARANTINED_FILE: Final = Table(
    "gold",
    "quarantined_file",
    "One row per landed content that could not be read; its bytes are kept in bronze.",
    ("sha256",),
    (
        Column("sha256", T, "SHA-256 of the file's bytes as landed"),
        Column("name", T, "Name under which the file was landed", required=True),
        Column("reason", T, "Why it could not be read, and what to do", required=True),
        Column("parser_version", T, "Version of the readers that refused it", required=True),
        Column("first_seen", UTC, "Instant it was first refused", required=True),
    ),
)

# --------------------------------------------------------------------------- answers

_ANSWER_COLUMNS: Final = (
    Column("question", T, "The question in words", required=True),
    Column("outcome", T, "What was measured"),
    Column("contrast", T, "What was compared with what"),
    Column("method", T, "How it was estimated"),
    Column(
        "is_primary", B, "True for the one estimate fixed in advance to answer the question", required=True
    ),
    Column(
        "family",
        T,
        "primary; sensitivity: the same effect estimated otherwise; secondary: another effect, looked at"
        " besides; naive: allowing for nothing",
        required=True,
    ),
    Column(
        "effect_pct", F, "Estimated effect; empty, like its interval, while there is not enough data", "%"
    ),
    Column("ci_low_pct", F, "Lower end of the 95 % interval", "%"),
    Column("ci_high_pct", F, "Upper end of the 95 % interval", "%"),
    Column("p_value", F, "Two-sided p-value of no effect"),
    Column(
        "p_value_holm", F, "p-value adjusted for the number of secondary estimates (Holm 1979); else empty"
    ),
    Column("n", I, "Runs used", required=True),
    Column("n_exposed", I, "Runs in the exposed arm; empty where no two arms are compared"),
    Column("n_control", I, "Runs in the comparison arm; empty where no two arms are compared"),
    Column(
        "clusters",
        I,
        "Roster cycles, or other clusters, that the interval allows for; empty without clusters",
    ),
    Column("verdict", T, "effect, no_evidence, practically_none or not_enough_data", required=True),
    Column("sentence", T, "The answer in plain words", required=True),
)


def _answer(name: str, description: str) -> Table:
    return Table("gold", name, description, ("outcome", "contrast", "method"), _ANSWER_COLUMNS)


ANSWER_NIGHT_SHIFT: Final = _answer(
    "answer_night_shift", "Question 1: how night shifts change running performance. One row per estimate."
)
ANSWER_NEXT_DAY: Final = _answer(
    "answer_next_day", "Question 2: how training load changes the next run. One row per estimate."
)
ANSWER_FITNESS_TREND: Final = _answer(
    "answer_fitness_trend", "Question 3: how running fitness has changed. One row per estimate."
)

ANSWER_ESTIMATE: Final = Table(
    "gold",
    "answer_estimate",
    "The three answers in one view. One row per estimate.",
    ("question_number", "sort_order"),
    (
        Column("question_number", I, "1 night shifts, 2 training load, 3 fitness"),
        Column("sort_order", I, "Order of the question's estimates, the primary one first"),
        Column("estimate", T, "Order and family in one word each, such as 1 primary", required=True),
        *_ANSWER_COLUMNS,
    ),
)

# --------------------------------------------------------------------------- forecast

_TARGET: Final = Column(
    "target",
    T,
    "next run, run on a coming day (both m/beat), race of an hour (s/km) or fatigue (ATL, points a day)",
)

FORECAST: Final = Table(
    "gold",
    "forecast",
    "One row per target and date after the record: what to expect; one that says what is missing where there"
    " is not enough data.",
    ("target", "forecast_date"),
    (
        _TARGET,
        Column("forecast_date", D, "Local date that the forecast is for"),
        Column("record_until", D, "Last date of the record: nothing later is known to it", required=True),
        Column("days_ahead", I, "Days from then to the date", "d", required=True),
        Column("schedule_period", T, "Shift block of the date: day, night, off, unknown", required=True),
        Column("unit", T, "Unit of the three numbers that follow", required=True),
        Column("expected", F, "What to expect; empty, like its interval, while there is not enough data"),
        Column("low", F, "Lower end of the interval that four of five outcomes should fall in"),
        Column("high", F, "Upper end of it"),
        Column(
            "change_pct",
            F,
            "Expected against the mean of the last 15 runs, or against fatigue at the end of the record;"
            " empty for a race",
            "%",
        ),
        Column("method", T, "Method whose forecast this is; empty while there is not enough data"),
        Column(
            "is_model",
            B,
            "True if the model won; False if a baseline did, or nothing was forecast",
            required=True,
        ),
        Column("sentence", T, "The forecast in plain words, or what is missing", required=True),
    ),
)

FORECAST_EVALUATION: Final = Table(
    "gold",
    "forecast_evaluation",
    "One row per target and method: how well it would have forecast the record, from earlier data alone.",
    ("target", "method"),
    (
        _TARGET,
        Column("method", T, "Method of forecasting"),
        Column("is_model", B, "True for the model, False for the simple ways it has to beat", required=True),
        Column("is_shipped", B, "True for the one method whose forecasts count", required=True),
        Column("n", I, "Forecasts that were tried", required=True),
        Column(
            "folds", I, "Times everything was learnt anew, from data that ends 7 days before", required=True
        ),
        Column("first_date", D, "First date forecast", required=True),
        Column("last_date", D, "Last date forecast", required=True),
        Column("unit", T, "Unit of error and width: % of efficiency or pace, or points a day", required=True),
        Column("mean_absolute_error", F, "How far forecasts were off, on average", required=True),
        Column("nominal_coverage_pct", F, "Share of outcomes that intervals aim to hold", "%", required=True),
        Column("n_intervals", I, "Forecasts with an interval", required=True),
        Column("coverage_pct", F, "Share of outcomes that the intervals held; empty without any", "%"),
        Column("mean_width", F, "Mean width of the intervals, in the unit; empty without any"),
        Column("skill_pct", F, "Part of the best baseline's error that the model saves; the model only", "%"),
        Column("skill_low_pct", F, "Lower end of its 95 % interval; the model counts if it is above 0", "%"),
        Column("skill_high_pct", F, "Upper end of its 95 % interval", "%"),
        Column("sentence", T, "How the choice was made, in plain words", required=True),
    ),
)

RECOVERY_ANOMALY: Final = Table(
    "gold",
    "recovery_anomaly",
    "One row per sign of poor recovery: a morning or run that was not as its like before, or a slow drift;"
    " one that says what is missing for an outcome without enough data.",
    ("outcome", "kind", "anomaly_date"),
    (
        Column("outcome", T, "resting heart rate, heart-rate variability, sleep or efficiency"),
        Column("kind", T, "spike, drift, missing (readings are) or not_enough_data"),
        Column(
            "anomaly_date", D, "Local date: of the spike, of the day on which a drift was plain, or the last"
        ),
        Column("begins_on", D, "Date on which a drift began, as far as can be told; else empty"),
        Column(
            "shift_state",
            T,
            "What made others its like: after a night shift, before work, free, unknown; else other times",
        ),
        Column("unit", T, "Unit of value and expectation", required=True),
        Column("value", F, "What was measured; of a drift the mean since it began"),
        Column("expected", F, "Median of what it was compared with"),
        Column(
            "low", F, "Lower end of what would not have been called unusual; empty where only high values are"
        ),
        Column("high", F, "Upper end of it; empty where only low values are"),
        Column("deviation_sd", F, "How far it was off, in robust standard deviations, towards poor recovery"),
        Column("compared_n", I, "Readings that it was compared with"),
        Column(
            "compared_missing", I, "Mornings like it without a reading, allowed for as if they had been bad"
        ),
        Column("compared_from", D, "Date of the first of them"),
        Column("compared_until", D, "Date of the last of them"),
        Column("sentence", T, "The finding in plain words, or what is missing", required=True),
    ),
)

# --------------------------------------------------------------------------- ledger: what was loaded

LANDING_FILE: Final = Table(
    "ledger",
    "landing_file",
    "One row per landed file, or file in a landed archive, and content: what became of it.",
    ("path", "name", "sha256"),
    (
        Column("path", T, "Path below the landing folder"),
        Column("name", T, "The path, and below it the name inside if the landed file is an archive"),
        Column("sha256", T, "SHA-256 of the decompressed bytes; of an erased file its tombstone's mark"),
        Column("version", T, "Store's version tag when last seen: changes when the file does", required=True),
        Column("size_bytes", BI, "Size of the decompressed bytes", "B", required=True),
        Column("landed_at", UTC, "Instant the landed file was written", required=True),
        Column("outcome", T, "bronze, duplicate, quarantined or erased", required=True),
        Column("reason", T, "Why the file was quarantined or refused; empty if it was not"),
        Column("parser_version", T, "Version of the readers that judged it", required=True),
        Column("first_seen", UTC, "Instant it was first taken in", required=True),
    ),
)

DATE_STATE: Final = Table(
    "ledger",
    "date_state",
    "One row per activity date: which inputs bronze holds and which of them silver and gold were made from.",
    ("activity_date",),
    (
        Column("activity_date", D, "Local date"),
        Column("bronze_digest", T, "Digest of the date's bronze files", required=True),
        Column("bronze_activities", I, "Activities of the date in its bronze files", required=True),
        Column("bronze_points", BI, "Points of those activities", required=True),
        Column("bronze_files", TL, "SHA-256 of every file that the catalogue has of the date", required=True),
        Column("silver_digest", T, "Digest of the inputs that silver was made from; empty until it is made"),
        Column("silver_activities", I, "Rows of silver.activities"),
        Column("silver_points", BI, "Points kept in silver, of chosen files and duplicates"),
        Column("silver_points_dropped", BI, "Points dropped with a reason"),
        Column("gold_digest", T, "Digest of the inputs that gold was made from; empty until it is made"),
        Column("problem", T, "Which of its bronze files is damaged, and what to do; empty if none is"),
    ),
)

TABLE_STATE: Final = Table(
    "ledger",
    "table_state",
    "One row per table of gold that is replaced whole: what its rows were made from.",
    ("table_name",),
    (
        Column("table_name", T, "Its name in schema gold"),
        Column("made_from", T, "Digest of the inputs that its rows were made from", required=True),
    ),
)

SILVER_TABLES: Final = (SILVER_RECORDS, SILVER_LAPS, SILVER_ACTIVITIES)
WELLNESS_TABLES: Final = (WELLNESS_DAILY, WELLNESS_SLEEP)
OWN_TABLES: Final = (ATHLETE_SETTINGS, ROSTER_SHIFTS, *WELLNESS_TABLES)
GOLD_DATE_TABLES: Final = (FACT_ACTIVITY, FACT_LAP, FACT_BEST_EFFORT, FACT_HEART_RATE_ZONE, ACTIVITY_SOURCE)
ANSWER_TABLES: Final = (ANSWER_NIGHT_SHIFT, ANSWER_NEXT_DAY, ANSWER_FITNESS_TREND)
FORECAST_TABLES: Final = (FORECAST, FORECAST_EVALUATION, RECOVERY_ANOMALY)
GOLD_TABLES: Final = (
    *GOLD_DATE_TABLES,
    FACT_DAY,
    DIM_SHIFT,
    DIM_DATE,
    *ANSWER_TABLES,
    *FORECAST_TABLES,
)
GOLD_VIEWS: Final = (QUARANTINED_FILE, *VIEWS, ANSWER_ESTIMATE)
LEDGER_TABLES: Final = (LANDING_FILE, DATE_STATE, TABLE_STATE)

CONTRACTS: Final[dict[tuple[str, ...], Table]] = {
    (table.layer, table.name): table
    for table in (
        *SILVER_TABLES,
        *OWN_TABLES,
        *GOLD_TABLES,
        *GOLD_VIEWS,
        *LEDGER_TABLES,
    )
}
