"""The command that answers a question in plain language.

Belongs here: its options, help, printing, as in `cli.py`. Does not: any work (`commands/ask.py`). Imports
stand inside, so that `--help` answers at once.
"""

from __future__ import annotations

import click

from coros_assets.cli_own_data import opened_stores


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
