import pytest

from coros_assets.errors import first_line, shown


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


def test_a_text_from_outside_is_shortened_only_where_it_is_too_long():
    assert shown("abcd", 4) == "abcd"
    assert shown("abcde", 4) == "abc…"
