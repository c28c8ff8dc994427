"""What several commands do: open the stores, load what waits, show the answers.

Belongs here: that. Does not: any command (`cli.py` and its neighbours). Imports stand inside, so that
`--help` answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coros_assets.stores import Stores


def opened_stores() -> Stores:
    """The stores of the settings of this process."""
    from coros_assets.settings import load_settings
    from coros_assets.stores import Stores

    return Stores(load_settings())


def bring_up_to_date(stores: Stores) -> None:
    """Loads what waits, with progress bars, or says that nothing does; ends an interrupted erasure."""
    from coros_assets.bronze.tombstones import read_tombstones
    from coros_assets.commands.erase import finish_erasures
    from coros_assets.commands.load import load
    from coros_assets.display import progress_bars, say
    from coros_assets.waiting import waiting

    is_cut_off = bool(read_tombstones(stores.lake).unfinished)
    if not waiting(stores) and not is_cut_off:
        say("Nothing to do: everything landed is loaded, and answers and report are up to date.")
        return
    with progress_bars():
        load(stores.settings)
    if is_cut_off:
        for sentence in finish_erasures(stores):
            say(sentence)


def show_answers(stores: Stores, *, as_json: bool = False) -> None:
    """Prints the three answers."""
    from coros_assets.answers.wording import checked
    from coros_assets.commands.answers import read_answers
    from coros_assets.display import print_answers, print_json

    answers = read_answers(stores)
    if as_json:
        print_json(answers)
    else:
        print_answers(answers, checked)
