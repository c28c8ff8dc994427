"""Tokens are in the keyring and nowhere else, whatever fails, and whoever repeats them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import nullcontext

import dagster as dg
import pytest
from pydantic import SecretStr

from coros_assets import resources
from coros_assets.errors import CorosError
from coros_assets.sync import assets, client
from coros_assets_tests.sync.actions import log_in, synced, vault
from coros_assets_tests.sync.conftest import FAST
from coros_assets_tests.sync.coros_server import Answer
from coros_assets_tests.test_secrets import CANARY, below, leaks

SIGNATURE = f"{CANARY}-signature"


@pytest.fixture(autouse=True)
def _marked(coros, memory, caplog) -> None:
    """Every token, and every address of a file, can be recognised; everything that is logged is caught."""
    caplog.set_level(logging.DEBUG)
    coros.accounts.prefix = f"{CANARY}-"
    coros.addresses = f"{coros.base}/fit/{{}}.fit?signature={SIGNATURE}"


def failures(stores, coros) -> Iterator[str]:
    """What a program would show of syncs that fail in all sorts of ways, tracebacks and causes included."""

    def tried(**update: object) -> str:
        where = type(stores)(stores.settings.model_copy(update=update)) if update else stores
        vars(where)["warehouse"] = stores.warehouse
        try:
            done = synced(where)
        except CorosError as error:
            return "".join(traceback.format_exception(error))
        return repr(done)

    token = next(iter(coros.accounts.access))
    coros.texts["querySleepOverview"] = f"ERROR who are you, {token}?"
    coros.texts["queryRestingHeartRate"] = f"{token} and {vault(stores).read().refresh_token}"
    yield tried()
    coros.texts.clear()
    for fault in (Answer(403, body=token.encode()), Answer(body=f'{{"{token}'.encode()), Answer(503)):
        coros.instead["querySleepHrv"] = [fault] * 3
        yield tried()
    coros.instead.clear()
    yield tried(sync_token=SecretStr(f"{CANARY}-of-the-environment"))
    coros.accounts.access.clear()
    coros.instead["/oauth2/token"] = [Answer(400, body=f'{{"error": "{token}"}}'.encode())] * 2
    yield tried()
    coros.accounts.refresh.clear()
    yield tried()


def test_no_token_and_no_signed_address_comes_out(stores, coros, caplog, capfd, tmp_path):
    said = log_in(stores, coros)
    texts = {f"failure {number}": text.encode() for number, text in enumerate(failures(stores, coros))}
    log_in(stores, coros)
    assert synced(stores).problems == []
    assert len(list(stores.landing.list())) == 3
    printed = capfd.readouterr()
    texts |= {
        "said": "".join(said).encode(),
        "logged": caplog.text.encode(),
        "printed": (printed.out + printed.err).encode(),
        **below(tmp_path),
    }
    assert len([text for name, text in texts.items() if name.startswith("failure") and text]) == 7
    assert leaks(texts) == []


def test_the_search_would_find_them(stores, coros, memory, caplog, monkeypatch):
    monkeypatch.setattr(client, "silenced", nullcontext)
    log_in(stores, coros)
    assert synced(stores).files == 3
    kept = "".join(memory.kept.values())
    assert leaks({"the keyring": kept.encode(), "unsilenced": caplog.text.encode()}) == [
        "the keyring",
        "unsilenced",
    ]


@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_no_token_is_in_the_events_of_a_run(stores, coros, monkeypatch):
    log_in(stores, coros)
    monkeypatch.setattr(resources, "_stores", lambda: stores)
    monkeypatch.setattr("coros_assets.sync.transport.POLITE", FAST)
    token = next(iter(coros.accounts.access))
    with dg.DagsterInstance.ephemeral() as instance:
        coros.texts["querySleepOverview"] = f"ERROR who are you, {token}?"
        failed = materialized(instance)
        coros.texts.clear()
        good = materialized(instance)
        runs = {run.run_id: "".join(map(repr, instance.all_logs(run.run_id))) for run in instance.get_runs()}
    assert (failed.success, good.success) == (False, True)
    (event,) = good.get_asset_materialization_events()
    assert event.materialization.metadata["files_landed"].value == 0, "the first run had them"
    assert any("who are you, (hidden)?" in text for text in runs.values())
    assert leaks({name: text.encode() for name, text in runs.items()}) == []


def materialized(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [assets.coros_sync],
        resources={"stores": resources.StoresResource()},
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
