import dataclasses
import math
import random
import time
import tracemalloc

import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.fit import read_fit
from coros_assets.formats.raw import RAW_LAPS, RAW_POINTS
from coros_assets_tests.fit_bytes import whole


def real_files(activity_files):
    """A COROS run with developer fields, a run of Polar, a swim of Garmin, one with a strap's own beats."""
    names = (
        "StoneRicky+running_page/FIT_OUT/475335656631992921.fit",
        "andraune+run4it_backend/test_polar.fit",
        "thomaschampagne+elevate/desktop/src/specs/integration/file/fixtures/swimming/pool-swim.fit",
        "thomaschampagne+elevate/desktop/src/specs/integration/file/fixtures/swimming/spiros-02.fit",
    )
    return [chained(activity_files / name) for name in names]


def chained(path) -> list[bytes]:
    """The messages of each of the FIT files in a row, without headers and checksums."""
    data, parts = path.read_bytes(), []
    while data:
        content, size = data[0], int.from_bytes(data[4:8], "little")
        parts.append(data[content : content + size])
        data = data[content + size + 2 :]
    return parts


def mutated(body: bytes, chance: random.Random) -> bytes:
    """`body` with bytes changed, cut, repeated or moved, mostly under a right checksum."""
    changed = bytearray(body)
    where = 400 if chance.random() < 0.5 else len(changed)  # definitions stand at the beginning
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(min(where, len(changed)))] = chance.choice((chance.randrange(256), 0, 255))
    start, size = chance.randrange(len(changed)), chance.randrange(1, 200)
    piece = changed[start : start + size]
    change = chance.random()
    if change < 0.2:
        del changed[start : start + size]
    elif change < 0.3:
        changed[start:start] = piece * chance.choice((1, 40))
    elif change < 0.4:
        at = chance.randrange(len(changed))
        changed[at : at + size] = piece
    data = whole(bytes(changed))
    if chance.random() < 0.1:
        data = data[:-1] + bytes([data[-1] ^ 1])
    return data[: chance.randrange(len(data))] if chance.random() < 0.1 else data


def survive(files: list[list[bytes]], seed: int, count: int) -> int:
    """How many mutants were read; whatever is refused is refused as unreadable, soon and in few bytes."""
    chance = random.Random(seed)
    read = 0
    for _ in range(count):
        parts = chance.choice(files)
        hit = chance.randrange(len(parts))
        data = b"".join(mutated(p, chance) if i == hit else whole(p) for i, p in enumerate(parts))
        began = time.process_time()
        try:
            activities = read_fit(data)
        except UnreadableFileError:
            activities = []
        assert time.process_time() - began < 1
        read += bool(activities)
        for found in activities:
            check(found)
    return read


def check(found):
    assert found.points.schema.equals(RAW_POINTS)
    assert found.laps.schema.equals(RAW_LAPS)
    found.points.validate(full=True)
    found.laps.validate(full=True)
    assert found.device is None or (found.device.isprintable() and len(found.device) <= 200)
    assert all(total is None or math.isfinite(total) for total in dataclasses.astuple(found.stated))


def test_mutants_of_real_files_are_read_or_refused(activity_files):
    assert 30 < survive(real_files(activity_files), seed=1, count=300) < 300


@pytest.mark.slow
def test_many_mutants_of_real_files_are_read_or_refused(activity_files):
    assert survive(real_files(activity_files), seed=2, count=10_000) > 1000


@pytest.mark.slow
def test_no_mutant_of_a_real_file_takes_much_memory(activity_files):
    files = real_files(activity_files)
    tracemalloc.start()
    survive(files, seed=3, count=500)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * 2**20
