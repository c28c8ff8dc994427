import pytest

from coros_assets.errors import first_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("It failed.\nTraceback", "It failed"),
        ("", "ValueError"),
        ("\x1b[31mred\x07", "�[31mred�"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_an_error_is_said_in_one_short_printable_line(text, line):
    assert first_line(ValueError(text)) == line
