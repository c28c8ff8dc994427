import struct

import pytest

from coros_assets.formats.fit import read_fit
from coros_assets.formats.fit_device import garmin_name
from coros_assets.formats.fit_products import GARMIN_PRODUCTS
from coros_assets_tests.fit_bytes import (
    DEVICE_INFO,
    STRING,
    UINT8,
    definition,
    file_id,
    fit,
    records,
)


@pytest.mark.parametrize(
    ("manufacturer", "product", "name", "device"),
    [
        (294, 805, b"COROS PACE Pro", "COROS PACE Pro"),
        (294, 805, b"PACE 3", "COROS PACE 3"),
        (294, 805, b"", "COROS product 805"),
        (1, 3638, b"", "Garmin Enduro"),
        (1, 3441, b"", "Garmin Forerunner 945"),
        (1, 65000, b"", "Garmin product 65000"),
        (23, 18, b"", "Suunto product 18"),
        (260, 0, b"", "Zwift"),
        (255, 1, b"", None),
        (255, 1, b"My\x01App\xff", "My\ufffdApp\ufffd"),
    ],
)
def test_a_device_is_named_as_far_as_the_file_knows(manufacturer, product, name, device):
    [read] = read_fit(fit(file_id(manufacturer=manufacturer, product=product, name=name), records((0, 1))))
    assert read.device == device


def test_without_a_name_of_its_own_the_file_is_named_by_its_creator_and_not_by_a_sensor():
    info = definition(1, DEVICE_INFO, [(0, 1, UINT8), (27, 8, STRING)])
    devices = info + b"".join(
        struct.pack("<BB8s", 1, index, name) for index, name in [(1, b"Strap"), (0, b"App")]
    )
    [read] = read_fit(fit(file_id(manufacturer=255, product=1, name=b""), devices, records((0, 1))))
    assert read.device == "App"


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("fr310xt", "Forerunner 310XT"),
        ("fr245m_asia", "Forerunner 245 Music"),
        ("fr945_lte", "Forerunner 945 LTE"),
        ("fr255_small_music", "Forerunner 255 Small Music"),
        ("fenix6S_sport", "fenix 6S Sport"),
        ("fenix3_hr_chn", "fenix 3 HR"),
        ("vivo_active_hr_apac", "vívoactive HR"),
        ("vivoactive4_small", "vívoactive 4 Small"),
        ("venusq2music", "Venu Sq 2MUSIC"),
        ("edge_1030_plus", "Edge 1030 Plus"),
        ("instinct3_solar_45mm", "Instinct 3 Solar 45mm"),
        ("instinct_2x", "Instinct 2X"),
        ("marq_athlete", "MARQ Athlete"),
    ],
)
def test_garmins_short_names_are_written_out(short, name):
    assert garmin_name(short) == name


def test_every_garmin_product_has_a_printable_name():
    names = {garmin_name(short) for short in GARMIN_PRODUCTS.values()}
    assert len(names) == 280
    assert all(name.isprintable() and "_" not in name and name == name.strip() for name in names)
