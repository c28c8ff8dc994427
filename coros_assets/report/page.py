"""The report: one HTML file with everything inside, and nothing in it that runs or is fetched.

Belongs here: the page as a whole. Does not: questions (`sections.py`), what stands
below them (`chapters.py`), files and runs (`data_quality.py`), or the HTML itself (`templates/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coros_assets.report import text, theme
from coros_assets.report.data_quality import data_quality

Tables = Mapping[str, pa.Table]


def render_report(tables: Tables, generated_at: datetime, version: str) -> str:
    """The report as one HTML document.

    Args:
        tables: `fact_activity`, `fact_day`, `dim_shift`, `activity_source`, `quarantined_file`,
            `athlete_settings`, the answer and the forecast tables as `coros_assets.tables` has them, the
            views of `gold/sql/` and `answers/sql/` by their names, `fitness_level` as
            `answers.fitness_trend.fitness_level` returns it, `recovery` as
            `answers.recovery.recovery_after_nights` does, and `past_next_runs` as the function of that name
            in `forecast.outlook`. Any of them may have no rows.
        generated_at: the instant shown as the report's date, with a zone.
        version: of the program, shown at the foot.
    """
    from coros_assets.report import chapters, sections  # noqa: PLC0415  Altair takes half a second to import

    environment = Environment(
        loader=PackageLoader("coros_assets.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["text"] = text
    return environment.get_template("page.html").render(
        css=_css(),
        headline=_headline(tables),
        sections=sections.sections(tables),
        chapters=chapters.chapters(tables),
        quality=data_quality(tables),
        metric_versions=pc.unique(tables["fact_activity"]["metric_version"]).to_pylist(),
        generated_at=generated_at,
        version=version,
    )


def _css() -> Markup:
    sheet = files("coros_assets.report.templates").joinpath("style.css").read_text(encoding="utf-8")
    return Markup(theme.custom_properties() + sheet)  # noqa: S704  our own files, no user data


def _headline(tables: Tables) -> list[tuple[str, str]]:
    """What the page covers, as pairs of a name and a value; nothing without activities."""
    activities, runs = tables["fact_activity"], tables["analysis_run"]
    if not activities.num_rows:
        return []
    running = activities.filter(pc.equal(activities["sport"], "running"))
    dates = pc.min_max(activities["activity_date"]).as_py()
    after_nights = pc.sum(pc.equal(runs["night_arm"], "night")).as_py() or 0
    return [
        ("Period", f"{text.day(dates['min'])} \N{EN DASH} {text.day(dates['max'])}"),
        ("Runs", text.number(running.num_rows)),
        ("Distance", text.kilometres(pc.sum(running["distance_m"]).as_py() or 0.0)),
        ("Soon after a night shift", text.count(after_nights, "run")),
    ]
