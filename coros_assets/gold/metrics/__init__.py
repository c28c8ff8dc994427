"""Metrics of one activity and of a training history: one function a metric, numpy in, a number or None out.

Belongs here: formulas with their unit, null conditions and source, and `registry.py` that lists them.
Does not: reading or writing tables (`gold/facts.py`, `gold/days.py`) or cleaning points (`silver/`).
"""

from typing import Final

METRIC_VERSION: Final = "3"
"""Raised whenever a formula or a constant of this package changes, so that rows of two versions never mix."""
