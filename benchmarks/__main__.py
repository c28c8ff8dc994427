"""`python -m benchmarks [NAME ...]`: measures, prints tables; all of them without a name.

Belongs here: the choice. Does not: what is measured (the modules beside).
"""

from __future__ import annotations

import argparse
from typing import Final

from benchmarks.answers import answers
from benchmarks.forecast import forecast
from benchmarks.history import history
from benchmarks.labels import labels
from benchmarks.metrics import metrics
from benchmarks.reading import reading
from benchmarks.silver import silver
from benchmarks.views import views

_ALL: Final = {
    "reading": reading,
    "silver": silver,
    "metrics": metrics,
    "labels": labels,
    "history": history,
    "views": views,
    "answers": answers,
    "forecast": forecast,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed as ratios.")
    parser.add_argument("what", nargs="*", choices=[*_ALL, []], help="which; all without a name")
    for name in parser.parse_args().what or _ALL:
        _ALL[name]()
