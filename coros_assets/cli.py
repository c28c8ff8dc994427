"""`coros-assets`: arguments in, words out; every command is a thin call.

Belongs here: the group, and the commands that bring data in or start something, with their options, help and
printing. Does not: any work (`commands/`), or the other commands (`cli_look.py`, `cli_own_data.py`,
`cli_sync.py`). Imports stand inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import shlex
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from coros_assets.cli_common import bring_up_to_date, opened_stores, show_answers
from coros_assets.cli_look import answers, ask, calendar, report, sql, status, verify
from coros_assets.cli_own_data import erase, export
from coros_assets.cli_sync import sync
from coros_assets.errors import CorosError, first_line
from coros_assets.inert import printable

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
    show_answers(stores)
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
    show_answers(stores)


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


for command in (answers, ask, calendar, erase, export, report, sql, status, sync, verify):
    main.add_command(command)
