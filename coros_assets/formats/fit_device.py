"""The name of the device that wrote a FIT file.

Belongs here: which message names it, and Garmin's short names in plain writing. Does not: the tables of
makers and products (`fit_products.py`).
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from coros_assets.formats import fit_profile as profile
from coros_assets.formats.fit_messages import Messages
from coros_assets.formats.fit_products import GARMIN, GARMIN_PRODUCTS, MAKERS
from coros_assets.formats.text import device_name

# Editions for a market are the same watch.
_MARKETS: Final = re.compile(
    r"_(ww|asia|apac|sea|emea|japan|jpn|china|chn|taiwan|twn|korea|kor|russia|thai|hebrew)(?=_|$)"
)
_VIVO: Final = re.compile(r"^vivo_?(?=[a-z])")
_FORERUNNER: Final = re.compile(r"^fr(?=\d)")
_MUSIC: Final = re.compile(r"(?<=^forerunner_\d{3})m$")
_BETWEEN: Final = re.compile(r"_|(?<=[a-z]{2})(?=\d)", re.IGNORECASE)
_VENU_SQ: Final = re.compile(r"^venusq_?")
_ABBREVIATIONS: Final = frozenset({"gps", "hr", "hrm", "lte", "marq", "nfc"})


def device(messages: Messages) -> str | None:
    """Maker and product, as far as the file names them.

    The product is named by the file's own text, else by its creator's, else by the number that Garmin
    gives its products; `product 18` says that only a number is known.
    """
    number = _first(messages, profile.FILE_ID, profile.MANUFACTURER)
    product = _first(messages, profile.FILE_ID, profile.PRODUCT)
    maker = MAKERS.get(number) if number is not None else None
    name = device_name(_stated_name(messages)) or ""
    if not name and maker and product:
        short = GARMIN_PRODUCTS.get(product) if number == GARMIN else None
        name = garmin_name(short) if short else f"product {product}"
    if maker and not name.casefold().startswith(maker.casefold()):
        name = f"{maker} {name}"
    return device_name(name)


def garmin_name(short: str) -> str:
    """A product's short name as Garmin writes it: `fr245m_asia` is 'Forerunner 245 Music'."""
    plain = _VENU_SQ.sub("venu_sq_", _MARKETS.sub("", short))
    plain = _FORERUNNER.sub("forerunner_", _VIVO.sub("vívo", plain))
    plain = _MUSIC.sub("_music", plain)
    words = [_word(word) for word in _BETWEEN.split(plain) if word]
    return " ".join(words)


def _word(word: str) -> str:
    if word in _ABBREVIATIONS or (word[0].isdigit() and not word.endswith("mm")):
        return word.upper()
    return word if word.startswith(("vívo", "fenix", "epix")) else word[0].upper() + word[1:]


def _stated_name(messages: Messages) -> str:
    own = next(iter(messages.texts(profile.FILE_ID, profile.PRODUCT_NAME)), "")
    if own:
        return own
    names = messages.texts(profile.DEVICE_INFO, profile.DEVICE_NAME)
    indices = messages.numbers(profile.DEVICE_INFO, profile.DEVICE_INDEX)
    creators = (name for name, index in zip(names, indices, strict=False) if index == 0 or np.isnan(index))
    return next((name for name in creators if name), "")


def _first(messages: Messages, message: int, field: int) -> int | None:
    values = messages.numbers(message, field)[:1]
    return int(values[0]) if len(values) and np.isfinite(values[0]) else None
