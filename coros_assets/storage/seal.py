"""Objects that tell by themselves whether they still hold what was written.

Belongs here: a SHA-256 in the object that it is the hash of, so that any flipped bit and any missing byte
shows. Does not: objects whose key is the hash of their bytes (`bronze/store.py`).
"""

from __future__ import annotations

import hashlib
from typing import Final

HEX_DIGITS: Final = 64
_BLANK: Final = b"0" * HEX_DIGITS
_END: Final = b"\n"


def sealed(body: bytes) -> bytes:
    """`body` below a line that holds its hash."""
    return b"".join((_hash(body), _END, body))


def unsealed(data: bytes) -> bytes | None:
    """The body of what `sealed` made; None if one bit of it is another."""
    body = data[HEX_DIGITS + len(_END) :]
    return body if data == sealed(body) else None


def sealed_inside(data: bytes, mark: bytes) -> bytes:
    """`data` with its hash in the place of the 64 zeros after the last `mark`.

    The hash is that of `data` as given. It is for formats of which other programs read the whole object.

    Raises:
        ValueError: the mark is not there.
    """
    at = data.rindex(mark) + len(mark)
    return b"".join((data[:at], _hash(data), data[at + HEX_DIGITS :]))


def is_whole_inside(data: bytes, mark: bytes) -> bool:
    """True if not a bit of what `sealed_inside` made is another."""
    at = data.rfind(mark) + len(mark)
    return data[at : at + HEX_DIGITS] == _hash(data[:at], _BLANK, data[at + HEX_DIGITS :])


def _hash(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode()
