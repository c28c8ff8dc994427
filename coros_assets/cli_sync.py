"""The command that fetches from COROS.

Belongs here: its options, help, printing, as in `cli.py`. Does not: any work (`sync/`). Imports stand inside
the command, so that `--help` answers at once.
"""

from __future__ import annotations

from datetime import datetime

import click

from coros_assets.cli_common import bring_up_to_date, opened_stores


@click.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Go back to this date; else a week before the last sync, at the first one a month.",
)
@click.option("--login", "logs_in", is_flag=True, help="Log in at COROS in your browser, once.")
@click.option("--logout", "logs_out", is_flag=True, help="Forget the login on this machine.")
def sync(since: datetime | None, logs_in: bool, logs_out: bool) -> None:
    """Fetch sleep, HRV, resting heart rate and FIT files from COROS, through to answers and report.

    Asks COROS's own server, with your login, which the system's keyring keeps. COROS gives 50 files a
    day: of a long history the rest comes with the next syncs.

    \b
    Examples:
      coros-assets sync --login
      coros-assets sync
      coros-assets sync --since 2024-01-01
    """
    from coros_assets.extras import require_extra

    if sum((since is not None, logs_in, logs_out)) > 1:
        raise click.UsageError("Give one of --since, --login and --logout.")
    require_extra("sync", "mcp", "keyring")
    if logs_in:
        _log_in()
    elif logs_out:
        _log_out()
    else:
        _sync(since)


def _log_in() -> None:
    import asyncio
    import webbrowser

    from coros_assets.display import say
    from coros_assets.settings import load_settings
    from coros_assets.sync.login import log_in
    from coros_assets.sync.transport import POLITE
    from coros_assets.sync.vault import Vault

    settings = load_settings()
    asyncio.run(log_in(settings.sync_url, Vault(str(settings.home)), POLITE, webbrowser.open, say))
    say("You are logged in; `coros-assets sync` fetches what COROS has.")


def _log_out() -> None:
    from coros_assets.display import say
    from coros_assets.settings import load_settings
    from coros_assets.sync.vault import Vault

    there_was_one = Vault(str(load_settings().home)).forget()
    say("The login is forgotten on this machine." if there_was_one else "There was no login on this machine.")


def _sync(since: datetime | None) -> None:
    from coros_assets.display import print_synced, progress_bars
    from coros_assets.errors import SyncError
    from coros_assets.settings import pin_home_timezone
    from coros_assets.sync.pull import sync as pull
    from coros_assets.sync.transport import POLITE

    stores = opened_stores()
    pin_home_timezone(stores.settings)
    with progress_bars():
        synced = pull(stores, since.date() if since else None, POLITE)
    print_synced(synced)
    bring_up_to_date(stores)
    if synced.problems:
        raise SyncError(" ".join(synced.problems))
