from coros_assets.errors import UnreadableFileError
from coros_assets.formats.fit import read_fit

REFUSED = {"._empty.fit", "empty.fit"}


def fit_files(activity_files):
    return sorted(activity_files.rglob("*.fit"))


def test_every_activity_of_every_maker_is_read(activity_files):
    refused = []
    counts = {}
    for path in fit_files(activity_files):
        try:
            for found in read_fit(path.read_bytes()):
                maker = (found.device or "unnamed").split()[0]
                counts[maker] = counts.get(maker, 0) + len(found.points)
        except UnreadableFileError:
            refused.append(path.name)
    assert set(refused) == REFUSED
    assert counts == {
        "COROS": 620_960,
        "Garmin": 186_191,
        "Suunto": 84_743,
        "Garsync": 17_890,
        "unnamed": 7612,
        "WaterRower": 3131,
        "SRM": 7302,
        "Dynastream": 5220,
        "Polar": 4496,
        "Zwift": 1875,
    }  # 939,420 points, as Garmin's own decoder counts them
