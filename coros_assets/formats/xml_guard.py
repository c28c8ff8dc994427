"""Decides whether bytes may be given to an XML parser at all, and in which encoding.

Belongs here: refusing what no activity file needs (document types, entities, processing
instructions, odd encodings, sheer size). Does not: what the elements mean (`tcx.py`).
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from io import BytesIO
from typing import Final

from coros_assets.errors import UnreadableFileError

MAX_BYTES = 64 * 2**20  # 28 h at 1 Hz with every field is 60 MB
TOO_LARGE = f"The file is larger than {MAX_BYTES // 2**20} MiB, which no recording is."
MAX_TAGS = 6_000_000  # those 28 h have 2.4 million tags; a tag costs the parser about 100 bytes
MAX_ATTRIBUTES = 700_000  # of 250 bytes each; a GPX point has two or three

_DECLARATION = re.compile(rb"^<\?xml\s[^?]{0,200}\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}
_SHORTEST_TAG_BYTES: Final = 3
_SHORTEST_ATTRIBUTE_BYTES: Final = 5
_PIECE_BYTES: Final = 2**20
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def guarded(data: bytes) -> bytes:
    """`data` as UTF-8 bytes that are safe to parse.

    Raises:
        UnreadableFileError: too large, an encoding that could hide markup, a document type,
            an entity declaration, or a processing instruction.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(TOO_LARGE)
    text = _as_utf8(data)
    # A parser tells UTF-16, UTF-32 and EBCDIC by themselves, and would see what is sought for here in vain.
    if not text.startswith(b"<"):
        raise UnreadableFileError(
            "The file is not well-formed XML: it does not begin with a tag; export it as UTF-8."
        )
    if b"\x00" in text:
        raise UnreadableFileError("The file holds zero bytes, which no UTF-8 text does; export it as UTF-8.")
    declaration = _DECLARATION.match(text)
    body_at = declaration.end() if declaration else 0
    # A single byte is found ten times as fast as several, and nearly every file has neither of these.
    if b"!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise UnreadableFileError(
            "The file declares a document type or entities, which no activity file needs; export it again."
        )
    if text.find(b"?", body_at) >= 0 and text.find(b"<?", body_at) >= 0:
        raise UnreadableFileError(
            "The file holds processing instructions, which no activity file needs; export it again."
        )
    if len(text) > MAX_ATTRIBUTES * _SHORTEST_ATTRIBUTE_BYTES and text.count(b"=") > MAX_ATTRIBUTES:
        raise UnreadableFileError(
            f"The file has more than {MAX_ATTRIBUTES:,} attributes, which no recording has."
        )
    if len(text) > MAX_TAGS * _SHORTEST_TAG_BYTES and text.count(b"<") > MAX_TAGS:
        raise UnreadableFileError(f"The file has more than {MAX_TAGS:,} tags, which no recording has.")
    return text


def _as_utf8(data: bytes) -> bytes:
    """`data` without blanks in front; one of another encoding loses its declaration, untrue by then."""
    if data.startswith(_UTF16_MARKS):
        return _recoded(data, "utf-16")
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declaration = _DECLARATION.match(text)
    named = _ENCODING.search(declaration[0]) if declaration else None
    encoding = named[1].decode().lower() if named else "utf-8"
    if encoding not in _ENCODINGS:
        raise UnreadableFileError(f"The file says it is encoded as {encoding}; export it as UTF-8.")
    return text if encoding.startswith("utf") else _recoded(text, encoding)


def _recoded(data: bytes, encoding: str) -> bytes:
    """`data` in UTF-8 and without blanks in front and declaration, made piece by piece."""
    decoder = getincrementaldecoder(encoding)()
    into = BytesIO()
    try:
        for start in range(0, len(data), _PIECE_BYTES):
            piece = data[start : start + _PIECE_BYTES]
            text = decoder.decode(piece, final=start + _PIECE_BYTES >= len(data))
            into.write(text.encode() if into.tell() else _DECLARATION.sub(b"", text.lstrip().encode()))
            if into.tell() > MAX_BYTES:
                raise UnreadableFileError(TOO_LARGE)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"The file is not valid {encoding}; export it as UTF-8.") from error
    return into.getvalue()
