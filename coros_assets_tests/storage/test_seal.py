from hypothesis import given
from hypothesis import strategies as st

from coros_assets.storage.seal import sealed, unsealed


@given(st.binary())
def test_what_was_sealed_comes_back(body):
    assert unsealed(sealed(body)) == body


@given(st.binary(max_size=50))
def test_no_bit_and_no_byte_can_be_changed_unnoticed(body):
    data = sealed(body)
    for position in range(len(data)):
        assert unsealed(data[:position]) is None
        for bit in range(8):
            other = bytes([data[position] ^ (1 << bit)])
            assert unsealed(data[:position] + other + data[position + 1 :]) is None
    assert unsealed(data + b"\0") is None
