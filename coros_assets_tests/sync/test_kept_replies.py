"""What COROS said is kept as it came, checked, and taken out with the rest."""

from __future__ import annotations

from coros_assets.audit.finding import HARMLESS
from coros_assets.audit.objects import check_objects
from coros_assets.commands.export import export_everything
from coros_assets_tests.conftest import emptied
from coros_assets_tests.sync.actions import log_in, synced


def test_raw_replies_are_kept_as_they_came(stores, memory, coros, has):
    log_in(stores, coros)
    synced(stores)
    texts = [stores.lake.get(found.key).decode() for found in stores.lake.list("bronze/coros_replies")]
    assert has.resting(31) in texts
    assert any("timestamp=1, timezone=32, hrv=999 ms" in text for text in texts)
    checked = check_objects(stores.lake)
    assert len(checked.objects) == len(texts)
    assert checked.findings == []
    damaged = checked.objects[0].key
    stores.lake.put(damaged, b"something else")
    (finding,) = check_objects(stores.lake).findings
    assert (finding.place, finding.remedy) == (damaged, HARMLESS)


def test_an_export_takes_the_replies_out(stores, memory, coros, tmp_path):
    emptied(stores)
    log_in(stores, coros)
    synced(stores)
    export_everything(stores, tmp_path / "out", "csv")
    taken = {file.read_bytes() for file in (tmp_path / "out" / "own" / "coros_replies").iterdir()}
    assert taken == {stores.lake.get(found.key) for found in stores.lake.list("bronze/coros_replies")}
    assert len(taken) > 5
