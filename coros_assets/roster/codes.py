"""What the titles and codes of a roster mean: the hours of a shift, or no work.

Belongs here: the mapping, shipped and the runner's own, and the refusal of what it does not know.
Does not: spellings of hours (`hours.py`), or where a roster has its titles (`ics.py`, `table.py`,
`pattern.py`).
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from unicodedata import normalize

from coros_assets.errors import RosterError
from coros_assets.inert import printable
from coros_assets.roster.hours import Hours, read_hours

Meaning: TypeAlias = Hours | Literal["off"]

OFF: Final = "off"
SHIPPED: Final = Path(__file__).with_name("codes.toml").read_bytes()

TWICE_IN_CODES: Final = 'give its code a fold, such as Late = { hours = "18:00-02:00", fold = 0 }'
"""What to do about hours that happen twice: 0 for the first time, 1 for the second."""

_ANYTHING: Final = "*"
_MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Codes:
    """Titles and what they mean, in layers: the first layer that knows a title counts.

    `place` is the file in which the runner adds to them, for messages.
    """

    place: str
    layers: tuple[Mapping[str, Meaning], ...]

    def meaning(self, title: str) -> Meaning | None:
        """Hours or `off`; None if nothing is known of the title.

        The whole title counts first, whatever its capitals; then a title that is itself hours, such as
        19-07; then the longest key that ends in `*` and fits its beginning.
        """
        key = _key(title)
        whole = next((layer[key] for layer in self.layers if key in layer), None)
        return whole or read_hours(title) or self._by_beginning(key)

    def over(self, layer: Mapping[str, Meaning]) -> Codes:
        """The same with another layer on top."""
        return Codes(self.place, (layer, *self.layers))

    def over_shipped(self, layer: Mapping[str, Meaning]) -> Codes:
        """The same with another layer on top of the shipped one, below the runner's own."""
        return Codes(self.place, (*self.layers[:-1], layer, self.layers[-1]))

    def require(self, name: str, titles: Iterable[str]) -> None:
        """Make sure that every title has a meaning.

        Raises:
            RosterError: some have none; the text names them with their number and the lines to add.
        """
        counts = Counter(titles)
        unknown = Counter({title: counts[title] for title in counts if self.meaning(title) is None})
        if not unknown:
            return
        named = [f"{_quoted(title)} ({count})" for title, count in unknown.most_common(_MOST_NAMED)]
        more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
        first, _ = unknown.most_common(1)[0]
        raise RosterError(
            f"{name}: it is not known what {', '.join(named)}{more} means: add a line for each to "
            f'{self.place}, such as {_quoted(first)} = "07:00-15:00", or {_quoted(first)} = "off" where it '
            'is no shift; "*" = "off" leaves out whatever is not named.'
        )

    def _by_beginning(self, key: str) -> Meaning | None:
        fitting = [
            (len(known), meaning)
            for layer in reversed(self.layers)
            for known, meaning in layer.items()
            if known.endswith(_ANYTHING) and key.startswith(known.removesuffix(_ANYTHING))
        ]
        return max(fitting, key=lambda found: found[0])[1] if fitting else None


def read_codes(place: str, data: bytes | None) -> Codes:
    """The runner's codes over the shipped ones; without a file, these alone.

    A TOML file with a line a title: `"Nachtdienst 2" = "20:30-06:30"`, `Yoga = "off"`, or with a fold for
    hours that happen twice when the clocks go back, `Late = { hours = "18:00-02:00", fold = 0 }`.

    Raises:
        RosterError: not TOML, or a line that says neither hours nor off.
    """
    shipped = read_meanings("codes", tomllib.loads(SHIPPED.decode()))
    own = read_meanings(place, read_toml(place, data, '"Night 2" = "20:30-06:30"')) if data else {}
    return Codes(place, (own, shipped))


def read_meanings(place: str, written: Mapping[str, Any]) -> dict[str, Meaning]:
    """The meanings of a TOML table of titles.

    Raises:
        RosterError: a value says neither hours nor off.
    """
    meanings: dict[str, Meaning] = {}
    for title, value in written.items():
        meaning = read_meaning(value)
        if meaning is None:
            raise RosterError(
                f"{place}: {_quoted(title)} is neither hours nor off: "
                f'write {_quoted(title)} = "07:00-15:00", or {_quoted(title)} = "off".'
            )
        meanings[_key(title)] = meaning
    return meanings


def read_meaning(value: Any) -> Meaning | None:
    """Hours as text, or in a table with their fold, or `off`; None if it is none of these."""
    match value:
        case str():
            return OFF if _key(value) == OFF else read_hours(value)
        case {"hours": str(hours), "fold": 0 | 1 as fold, **others} if not others:
            return read_hours(hours, fold)
    return None


def read_toml(name: str, data: bytes, example: str) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        RosterError: not TOML in UTF-8; the text shows the example of a line.
    """
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RosterError(
            f"{name}: not TOML ({printable(str(error))}): "
            f"write lines as {example}, in quotes what is not only letters and digits."
        ) from error


def _key(title: str) -> str:
    return " ".join(normalize("NFC", title).casefold().split())


def _quoted(title: str) -> str:
    """The title as a TOML key or value."""
    return json.dumps(printable(title), ensure_ascii=False)
