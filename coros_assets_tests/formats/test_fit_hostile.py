import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import fit as fit_reader
from coros_assets.formats import fit_heart_rate, fit_layout
from coros_assets.formats.fit import read_fit
from coros_assets_tests.fit_bytes import (
    HR,
    RECORD,
    UINT8,
    UINT32,
    definition,
    file_id,
    fit,
    messages,
    records,
    sessions,
)

GOOD = fit(file_id(), records((0, 120), (1, 121)))  # two definitions, three messages
KINDS = b"".join(definition(0, RECORD, [(number, 1, UINT8)]) for number in range(4))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<gpx/>", "no FIT header"),
        (bytes(40), "no FIT header"),
        (b"\x02" + GOOD[1:], "no FIT header"),
        (GOOD[:-1], "cut short: 1 bytes are missing"),
        (GOOD[:20], "cut short"),
        (GOOD[:4] + b"\xff\xff\xff\xff" + GOOD[8:], "cut short: 4,294,96"),
        (GOOD[:4] + bytes(4) + GOOD[8:], "never ended"),
        (GOOD[:-5] + b"\x00" + GOOD[-4:], "checksum does not match"),
        (GOOD + GOOD[:-3], "cut short"),
        (fit(file_id(kind=2)), "holds settings, not a recorded activity"),
        (fit(file_id(kind=5)), "a planned workout"),
        (fit(file_id(kind=6), records((0, 120))), "a course"),
        (fit(file_id(kind=32)), "all-day monitoring"),
        (fit(file_id()), "no activity with a timed point"),
        (fit(file_id(), messages(RECORD, [(3, UINT8)], (140,))), "no activity with a timed point"),
        (fit(b"\x05\x00"), "a message without a definition"),
        (fit(definition(0, RECORD, [(253, 4, UINT32)]), b"\x00\x01"), "a message cut short"),
        (fit(b"\x40\x00\x00\x14"), "a definition cut short"),
        (fit(b"\x60\x00\x00\x14\x00\x00"), "a definition cut short"),
        (fit(definition(0, RECORD, [])), "a message that holds nothing"),
        (fit(file_id(), records((0, 1)), sessions(*[(0, 1, 1)] * 101)), "more than 100 sessions"),
        (GOOD * 101, "more than 100 FIT files"),
    ],
)
def test_what_is_no_activity_is_refused_with_its_reason(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        read_fit(data)


@pytest.mark.parametrize(
    ("module", "name", "limit", "data", "reason"),
    [
        (fit_layout, "MAX_BYTES", 30, GOOD, "larger than"),
        (fit_layout, "MAX_DEFINITIONS", 3, fit(KINDS), "more than 3 kinds"),
        (fit_layout, "MAX_FIELDS", 4, fit(definition(0, RECORD, [(3, 1, UINT8)] * 5)), "more than 4 fields"),
        (fit_layout, "MAX_MESSAGES", 4, GOOD, "more than 4 messages"),
        (fit_layout, "MAX_MESSAGES", 9, GOOD * 2, "more than 9 messages"),
        (fit_reader, "MAX_POINTS", 1, GOOD, "more than 1 points"),
        (fit_reader, "MAX_POINTS", 3, GOOD * 2, "more than 3 points"),
        (fit_heart_rate, "MAX_MESSAGES", 1, fit(messages(HR, [(6, UINT8)], (80,), (81,))), "heart beats"),
    ],
)
def test_limits_stop_what_no_recording_is(monkeypatch, module, name, limit, data, reason):
    monkeypatch.setattr(module, name, limit)
    with pytest.raises(UnreadableFileError, match=reason):
        read_fit(data)


def test_a_file_at_its_limits_is_read(monkeypatch):
    for name, limit in (("MAX_MESSAGES", 5), ("MAX_DEFINITIONS", 2), ("MAX_BYTES", len(GOOD))):
        monkeypatch.setattr(fit_layout, name, limit)
    assert len(read_fit(GOOD)[0].points) == 2
