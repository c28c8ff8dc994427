"""Words of a model, as far as they are shown: none that could pass for a result.

Belongs here: the one rule for a model's sentence. Does not: asking for it (`agent.py`).
"""

from __future__ import annotations

import re
from typing import Final

from coros_assets.inert import printable

_LONGEST: Final = 300  # characters
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")


def without_new_numbers(words: str, *sources: str) -> str:
    """`words` on one line, or nothing if a number in them stands in none of the sources.

    The model sees no row, so that a number of its own is at best invented.
    """
    known = {number for source in sources for number in _NUMBER.findall(source)}
    return printable(words, _LONGEST) if known.issuperset(_NUMBER.findall(words)) else ""
