import gzip

import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.archives import decompressed


def test_gzip_is_opened_and_anything_else_is_left_as_it_is():
    assert decompressed(gzip.compress(b"inside" * 1000)) == b"inside" * 1000
    assert decompressed(b"<xml/>") == b"<xml/>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(b"inside" * 1000)[:-9], "cut short"),
        (b"\x1f\x8bnothing of the kind", "broken gzip"),
        (gzip.compress(bytes(400 * 2**20), 9), "expands to more than"),
    ],
)
def test_gzip_that_is_broken_or_a_bomb_is_refused(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        decompressed(data)
