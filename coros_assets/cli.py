"""`coros-assets`: arguments in, words out; every command is a thin call.

Belongs here: options, help, printing. Does not: any work (`commands/`). Imports stand inside the
commands, so that `--help` answers at once.
"""

from __future__ import annotations

import shlex
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coros_assets.cli_ask import ask
from coros_assets.cli_own_data import bring_up_to_date, erase, export, opened_stores
from coros_assets.cli_sync import sync
from coros_assets.errors import CorosError, first_line
from coros_assets.inert import printable

if TYPE_CHECKING:
    from coros_assets.stores import Stores

_PATH = click.Path(path_type=Path)


class _Commands(click.Group):
    """Turns failures into one sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CorosError as error:
            raise click.ClickException(printable(str(error), None)) from error
        except click.UsageError as error:
            raise click.UsageError(printable(error.format_message(), None), error.ctx) from error
        except (click.exceptions.Exit, click.Abort, click.ClickException):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            raise click.ClickException(
                f"{type(error).__name__}: {first_line(error)}. This is a mistake of coros-assets; "
                "run the command again as `coros-assets --debug …` and report what it prints."
            ) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coros-assets")
@click.option("--debug", is_flag=True, help="Show the traceback of an unexpected failure.")
def main(debug: bool) -> None:
    """What night shifts do to your running, how training load tells the next day, and how fitness changed.

    \b
    Examples:
      coros-assets demo                                   two simulated years, to see what comes out
      coros-assets ingest ~/Downloads/coros --roster shifts.ics
      coros-assets answers
    """
    del debug
    warnings.filterwarnings(
        "ignore", message=".*is currently in beta.*"
    )  # Dagster's words on backfill policies


@main.command()
@click.option("--years", default=2.0, show_default=True, help="Length of the simulated history.")
@click.option("--seed", default=0, show_default=True, help="Another seed is another runner.")
def demo(years: float, seed: int) -> None:
    """Simulate a shift worker's runs and bring them through to the answers and the report.

    \b
    Examples:
      coros-assets demo
      COROS_HOME=/tmp/other coros-assets demo --years 1 --seed 7
    """
    from coros_assets.commands.demo import demo_home, land_demo
    from coros_assets.commands.report import report_file
    from coros_assets.display import progress_bars, say

    demo_home()
    stores = opened_stores()
    say(f"The demo lives in {stores.settings.home}")
    with progress_bars():
        land_demo(stores.settings, years, seed)
    bring_up_to_date(opened_stores())
    _print_answers(stores)
    click.echo(f"Report: {report_file(stores)}")
    click.echo(f"Dagster UI: COROS_HOME={shlex.quote(str(stores.settings.home))} {sys.argv[0]} ui")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option(
    "--roster",
    type=_PATH,
    help="Your shifts, as .ics, .csv, .xlsx or a pattern in .toml; replaces the roster used so far.",
)
@click.option(
    "--wellness", type=_PATH, help="Resting heart rate, HRV and sleep; replaces the file used so far."
)
def ingest(paths: tuple[Path, ...], roster: Path | None, wellness: Path | None) -> None:
    """Bring activity files or folders of them in, through to the answers and the report.

    \b
    Examples:
      coros-assets ingest ~/Downloads/2026-11-20_4711.tcx
      coros-assets ingest ~/corosexport --roster ~/shifts.ics
      coros-assets ingest ~/corosexport --wellness ~/wellness.csv
    """
    from coros_assets.commands.ingest import copy_to_landing, keep_roster, keep_wellness
    from coros_assets.commands.status import status
    from coros_assets.display import print_ingest_summary, progress_bars
    from coros_assets.settings import pin_home_timezone

    stores = opened_stores()
    pin_home_timezone(stores.settings)
    if roster:
        keep_roster(roster, stores)
    if wellness:
        keep_wellness(wellness, stores)
    before = status(stores)
    with progress_bars():
        copied = copy_to_landing(paths, stores.landing)
    bring_up_to_date(stores)
    print_ingest_summary(copied.found, before, status(stores))
    _print_answers(stores)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Every estimate of every question as JSON.")
def answers(as_json: bool) -> None:
    """Print the three answers in plain words.

    \b
    Examples:
      coros-assets answers
      coros-assets answers --json | jq '.answer_night_shift[0].effect_pct'
    """
    _print_answers(opened_stores(), as_json=as_json)


@main.command()
@click.option(
    "--weeks", default=5, show_default=True, type=click.IntRange(1, 520), help="How many weeks to show."
)
def calendar(weeks: int) -> None:
    """Show your last weeks: the shifts you worked and the runs you did.

    \b
    Examples:
      coros-assets calendar
      coros-assets calendar --weeks 12
    """
    from coros_assets.commands.calendar import last_weeks
    from coros_assets.display import console

    console().print(last_weeks(opened_stores(), weeks))


@main.command()
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
def report(show: bool) -> None:
    """Write the HTML report and print its path.

    \b
    Examples:
      coros-assets report
      coros-assets report --open
    """
    from coros_assets.commands.report import report_file

    path = report_file(opened_stores())
    if show:
        click.launch(path.as_uri())
    click.echo(path)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def status(as_json: bool) -> None:
    """Count what is in each layer, check that the sums add up, and list what could not be read.

    \b
    Examples:
      coros-assets status
      coros-assets status --json | jq .quarantine
    """
    from coros_assets.commands.status import status as collect
    from coros_assets.display import print_json, print_status

    facts = collect(opened_stores())
    if as_json:
        print_json(facts)
    else:
        print_status(facts)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def verify(as_json: bool) -> None:
    """Check every file that is kept against its hash, and every layer against the one below it.

    The exit code is 0 if everything is as it was written, and 1 if something is not; each finding says
    what to do about it.

    \b
    Examples:
      coros-assets verify
      coros-assets verify --json | jq '.findings[].place'
    """
    from dataclasses import asdict

    from coros_assets.commands.verify import verify as look
    from coros_assets.display import print_findings, print_json, progress_bars

    with progress_bars():
        verified = look(opened_stores())
    if as_json:
        print_json(asdict(verified))
    else:
        print_findings(verified)
    if verified.findings:
        raise click.exceptions.Exit(1)


@main.command()
def rebuild() -> None:
    """Make silver, gold, answers and report again from bronze, whatever has become of them.

    The landing folder is not needed. What was damaged is mended as far as bronze can tell.

    \b
    Examples:
      coros-assets rebuild
      coros-assets verify || coros-assets rebuild
    """
    from coros_assets.commands.rebuild import rebuild as make_again
    from coros_assets.commands.status import status
    from coros_assets.display import print_status, progress_bars

    stores = opened_stores()
    with progress_bars():
        make_again(stores)
    print_status(status(stores))


@main.command()
@click.argument("hash_start", metavar="HASH")
@click.option("--undo", is_flag=True, help="Take the choice back.")
def choose(hash_start: str, undo: bool) -> None:
    """Use this file of an activity that several files hold; HASH is the start of its SHA-256.

    \b
    Examples:
      coros-assets sql "SELECT activity_id, source_name, source_sha256, choice_reason
                        FROM gold.activity_source ORDER BY activity_id"
      coros-assets choose 5f0c9a1b
      coros-assets choose 5f0c9a1b --undo
    """
    from coros_assets.commands.choose import choose_file
    from coros_assets.display import say

    stores = opened_stores()
    name = choose_file(stores, hash_start, undo=undo)
    say(f"{name} is no longer your choice." if undo else f"{name} is your choice.")
    bring_up_to_date(stores)


@main.command()
@click.argument("query", required=False)
@click.option(
    "--format", "layout", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def sql(query: str | None, layout: str) -> None:
    """Run one read-only query on gold; without a query, print how other programs connect.

    \b
    Examples:
      coros-assets sql
      coros-assets sql "SELECT schedule_period, count(*) FROM gold.fact_activity GROUP BY 1"
      coros-assets sql "SELECT * FROM gold.fact_day" --format csv > days.csv
    """
    from coros_assets.display import print_connection, print_rows

    warehouse = opened_stores().warehouse
    if query is None:
        print_connection(warehouse.connection_settings)
    else:
        print_rows(warehouse.query_as_reader(query), layout)


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port on this machine.")
def ui(port: int) -> None:
    """Start the Dagster UI with its sensors, for this machine only; stop it with Ctrl-C.

    \b
    Examples:
      coros-assets ui
      coros-assets ui --port 3001
    """
    from coros_assets.commands.ui import run_ui
    from coros_assets.display import say
    from coros_assets.settings import load_settings, pin_home_timezone

    settings = load_settings()
    pin_home_timezone(settings)
    say(f"Dagster starts on http://127.0.0.1:{port}; what is dropped into {settings.landing} is loaded.")
    run_ui(settings, port)


@main.group()
def roster() -> None:
    """Look at rosters."""


@roster.command()
@click.argument("file", type=_PATH)
@click.option(
    "--months",
    default=3,
    show_default=True,
    type=click.IntRange(1, 1200),
    help="How many months to show, up to the next one.",
)
def check(file: Path, months: int) -> None:
    """Show what a roster file was understood as, or say what is wrong with it.

    FILE is a calendar (.ics), a table (.csv, .xlsx) or a pattern (.toml). What its titles and codes mean
    stands in roster_codes.toml in the home folder; usual ones are known.

    \b
    Examples:
      coros-assets roster check shifts.ics
      coros-assets roster check shifts.xlsx --months 12
      coros-assets roster check pattern.toml
    """
    from datetime import UTC, datetime

    from coros_assets.commands.ingest import read_roster_file
    from coros_assets.display import console
    from coros_assets.roster.calendar_view import roster_calendar

    shifts = read_roster_file(file, opened_stores())
    console().print(roster_calendar(shifts, months, datetime.now(UTC).date()))


def _print_answers(stores: Stores, *, as_json: bool = False) -> None:
    from coros_assets.answers.wording import checked
    from coros_assets.commands.answers import read_answers
    from coros_assets.display import print_answers, print_json

    answers = read_answers(stores)
    if as_json:
        print_json(answers)
    else:
        print_answers(answers, checked)


main.add_command(ask)
main.add_command(export)
main.add_command(erase)
main.add_command(sync)
