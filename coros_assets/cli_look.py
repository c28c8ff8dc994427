"""The commands that show what there is: answers, calendar, report, status, verify, SQL, questions.

Belongs here: their options, help, printing, as in `cli.py`. Does not: any work (`commands/`). Imports stand
inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import click

from coros_assets.cli_common import opened_stores, show_answers


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Every estimate of every question as JSON.")
def answers(as_json: bool) -> None:
    """Print the three answers in plain words.

    \b
    Examples:
      coros-assets answers
      coros-assets answers --json | jq '.answer_night_shift[0].effect_pct'
    """
    show_answers(opened_stores(), as_json=as_json)


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
@click.argument("question")
@click.option(
    "--json", "as_json", is_flag=True, help="Question, SQL and rows, or the reason of a refusal, as JSON."
)
def ask(question: str, as_json: bool) -> None:
    """Answer a question in plain language from your own data, and show the SQL that did.

    Needs a model: COROS_ASK_URL, COROS_ASK_MODEL and, where it asks for one, COROS_ASK_KEY. The question and
    the description of the tables are sent there; your data are not. Every number comes from the SQL shown.

    \b
    Examples:
      coros-assets ask "how do I run on the second morning after nights?"
      coros-assets ask "which month had the most kilometres?"
      coros-assets ask "how long did I sleep between night shifts?" --json | jq .rows
    """
    from coros_assets.commands.ask import ask as answered
    from coros_assets.display import print_asked, print_asked_json

    found = answered(opened_stores(), question)
    if as_json:
        print_asked_json(found)
    elif not found.refusal:
        print_asked(found)
    else:
        raise click.ClickException(
            f"The model gives no query: {found.refusal.rstrip('.')}. Ask about your runs, shifts, load, "
            "sleep, answers or forecasts; docs/data_dictionary.md names every column."
        )
    if found.refusal:
        raise click.exceptions.Exit(1)
