"""`python -m benchmarks.ask`: puts every question to the endpoint of the settings and prints the scores.

Belongs here: the command and its tables. Does not: what is put and judged (`run.py`).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from benchmarks.ask.questions import questions, unanswerable
from benchmarks.ask.run import (
    Outcome,
    Put,
    Scores,
    always_counting,
    always_refusing,
    demo_stores,
    expected,
    put_all,
    scores,
)
from benchmarks.measure import show
from coros_assets.commands.ask import ask, check_set_up
from coros_assets.errors import CorosError
from coros_assets.inert import printable
from coros_assets.settings import load_settings


def main() -> int:
    """Prints the scores of the model and of two floors, and each question that it missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ask", description=main.__doc__)
    parser.add_argument("--floors", action="store_true", help="only check the questions and score the floors")
    only_floors = parser.parse_args().floors
    try:
        if not only_floors:
            check_set_up(load_settings())
        return _compared(only_floors=only_floors)
    except CorosError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1


def _compared(*, only_floors: bool) -> int:
    stores = demo_stores()
    everything = [*questions(), *unanswerable()]
    empty = [question.text for question in questions() if not expected(stores, question).rows.num_rows]
    if empty:
        raise CorosError(f"The SQL of these questions has no rows: {empty}")
    measured = {
        "always refuses": scores(put_all(stores, everything, always_refusing)),
        "always counts runs": scores(put_all(stores, everything, always_counting)),
    }
    if not only_floors:
        outcomes = put_all(stores, everything, ask)
        _print_missed(outcomes)
        measured[stores.settings.ask_model] = scores(outcomes)
    _print_scores(measured)
    return 0


def _print_missed(outcomes: list[Put]) -> None:
    for put in outcomes:
        wanted = Outcome.REFUSED if hasattr(put.question, "why") else Outcome.RIGHT
        if put.outcome is not wanted:
            print(f"{put.outcome}: {put.question.text}\n    {printable(put.said, None)}")


def _print_scores(measured: dict[str, Scores]) -> None:
    rows = [
        (name.replace("_", " "), *(f"{asdict(found)[name]:.3g}" for found in measured.values()))
        for name in asdict(next(iter(measured.values())))
    ]
    show("Questions on the demo: counts, and shares from 0 to 1", ["", *measured], rows)


if __name__ == "__main__":
    sys.exit(main())
