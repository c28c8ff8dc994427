import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.formats.crc16 import crc16
from coros_assets_tests.fit_bytes import crc


@given(st.binary(max_size=3000))
def test_the_checksum_is_that_of_its_definition(data):
    assert crc16(data) == crc(data)


@pytest.mark.parametrize("length", [2**20 - 1, 2**20, 2**20 + 3, 2**21 + 1])
def test_the_checksum_of_a_long_file_is_that_of_its_definition(length):
    data = random.Random(length).randbytes(length)
    assert crc16(data) == crc(data)


def test_the_checksum_of_the_catalogue_is_met():
    assert crc16(b"123456789") == 0xBB3D  # the check value of CRC-16/ARC
