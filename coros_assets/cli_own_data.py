"""The commands that take a runner's data out, and away.

Belongs here: their options, help, printing, as in `cli.py`. Does not: any work (`commands/`). Imports stand
inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from pathlib import Path

import click

from coros_assets.cli_common import opened_stores


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "layout",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="How gold is written.",
)
def export(folder: Path, layout: str) -> None:
    """Take everything out into an empty folder: raw files, silver, gold, answers, report, your own files.

    The file manifest.json comes last and lists every file with its size and SHA-256. Inside the privacy
    zones of athlete.toml silver has no positions. Raw files are as the watch wrote them, with every position:
    do not give the folders raw and own to others.

    \b
    Examples:
      coros-assets export ~/my-runs
      coros-assets export ~/my-runs --format csv
    """
    from coros_assets.commands.export import export_everything
    from coros_assets.display import progress_bars, say

    stores = opened_stores()
    with progress_bars():
        files = export_everything(stores, folder, layout)
    say(f"{files} files; those in raw and own hold exact positions, so keep them to yourself.")
    click.echo(folder / "manifest.json")


@click.command()
@click.argument("activity_id", required=False)
@click.option("--file", "word", metavar="HASH_OR_NAME", help="Erase this landed file only.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(activity_id: str | None, word: str | None, yes: bool) -> None:
    """Erase an activity everywhere and for good; a copy that is landed again is refused.

    All files that hold the activity go: from landing (an archive is written anew without them), bronze,
    quarantine, silver, gold, answers, report, and from Dagster's and PostgreSQL's own records. A file that
    holds other activities too goes as a whole; what would be lost is listed first. With --file one file
    goes, and the next best one of its activity is used.

    Not reached are copies outside: where you exported from, backups, old versions that a bucket keeps.

    \b
    Examples:
      coros-assets erase 20260401T060000Z
      coros-assets erase --file 2026-04-01_4711.tcx
      coros-assets erase --file 5f0c9a1b --yes
    """
    from coros_assets.commands.erase import erase as carry_out
    from coros_assets.commands.erase import plan_activity, plan_file
    from coros_assets.display import progress_bars, say

    if (activity_id is None) == (word is None):
        raise click.UsageError("Give either ACTIVITY_ID or --file HASH_OR_NAME.")
    stores = opened_stores()
    plan = plan_activity(stores, activity_id) if activity_id else plan_file(stores, word or "")
    for line in plan.lines:
        say(line)
    if not yes:
        click.confirm("Erase for good?", abort=True, err=True)
    with progress_bars():
        remaining = carry_out(stores, plan)
    for sentence in remaining:
        say(sentence)
    say("Erased.")
