"""Logging in, staying logged in, and what only the runner can mend."""

from __future__ import annotations

import asyncio
import json
import threading
from urllib.parse import parse_qs, urlsplit

import httpx
import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from mcp.shared.auth import OAuthMetadata
from pydantic import SecretStr

from coros_assets.addresses import Allowed
from coros_assets.errors import LoginNeededError, SyncError
from coros_assets.sync import login
from coros_assets.sync.vault import SERVICE
from coros_assets_tests.sync.accounts import SCOPE
from coros_assets_tests.sync.actions import browser, log_in, synced, vault
from coros_assets_tests.sync.conftest import FAST
from coros_assets_tests.sync.coros_server import Answer


def logged_in_by(stores, coros, open_page, pace=FAST) -> list[str]:
    said: list[str] = []
    asyncio.run(login.log_in(coros.url, vault(stores), pace, open_page, said.append))
    return said


def test_a_login_registers_proves_itself_and_is_kept_in_the_keyring_alone(stores, memory, coros, tmp_path):
    opened: list[str] = []

    def open_page(address: str) -> None:
        opened.append(address)
        browser(address)

    said = logged_in_by(stores, coros, open_page)
    (address,) = opened
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert urlsplit(address).path == "/oauth2/authorize"
    assert asked["code_challenge_method"] == "S256"
    assert asked["resource"] == coros.url
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert len(asked["state"]) > 30
    assert address in said[0], "a machine without a browser shows the address"
    (client,) = coros.accounts.clients.values()
    assert (client.client_name, client.client_secret) == ("coros-assets", None)
    assert list(memory.kept) == [(SERVICE, str(stores.settings.home))]
    kept = vault(stores).read()
    assert {kept.access_token, kept.refresh_token} == set(coros.accounts.tokens())
    assert kept.access_token not in repr(kept)
    assert list(tmp_path.rglob("*")) == []
    assert synced(stores).files == 3


def test_an_answer_with_another_state_changes_nothing(stores, memory, coros):
    def open_page(address: str) -> None:
        back = parse_qs(urlsplit(address).query)["redirect_uri"][0]

        def in_order() -> None:
            for path in (f"{back}?code=stolen&state=other", f"{back}?code=stolen", f"{back}x?code=1&state=1"):
                assert httpx.get(path).status_code in (400, 404)
            assert httpx.post(back, content=b"x").status_code == 404
            browser(address)

        threading.Thread(target=in_order).start()

    logged_in_by(stores, coros, open_page)
    assert vault(stores).read().access_token in coros.accounts.access


def test_a_refusal_and_silence_are_sentences(stores, memory, coros):
    coros.accounts.refusal = "access_denied"
    with pytest.raises(SyncError, match=r"did not let you in \(access_denied\)"):
        log_in(stores, coros)
    with pytest.raises(SyncError, match="Nobody logged in in time"):
        logged_in_by(stores, coros, lambda _: None, login.Pace(gap=0, login=0.3, patience=5))
    assert memory.kept == {}


def test_a_page_elsewhere_is_never_opened(stores, memory, coros):
    metadata = {
        "issuer": coros.base,
        "authorization_endpoint": "https://coros.com.example.org/login",
        "token_endpoint": f"{coros.base}/oauth2/token",
        "registration_endpoint": f"{coros.base}/connect/register",
        "response_types_supported": ["code"],
    }
    opened: list[str] = []
    for endpoint, value in (
        ("authorization_endpoint", None),
        ("registration_endpoint", "https://example.org/r"),
    ):
        answer = metadata | ({} if value is None else {endpoint: value})
        coros.instead["/.well-known/oauth-authorization-server"] = [Answer(body=json.dumps(answer).encode())]
        with pytest.raises(
            SyncError, match=r"points to (coros\.com\.)?example\.org, which is not a host of COROS"
        ):
            logged_in_by(stores, coros, opened.append)
    assert opened == []
    assert memory.kept == {}


@pytest.mark.parametrize(
    ("named", "taken"),
    [
        ("https://mcpeu.coros.com/mcp", "https://mcpeu.coros.com/mcp"),
        (None, "https://mcp.coros.com/mcp"),
        ("https://mcp.coros.com.example.org/mcp", None),
        ("http://mcpeu.coros.com/mcp", None),
    ],
)
def test_the_region_that_coros_names_is_taken_if_it_is_coros(named, taken):
    def answer(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://mcp.coros.com/.well-known/oauth-protected-resource/mcp"
        found = {"resource": named, "authorization_servers": ["https://mcpeu.coros.com"]}
        return httpx.Response(200, json=found) if named else httpx.Response(404)

    async def found() -> str:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await login._regional(
                "https://mcp.coros.com/mcp", http, Allowed("https://mcp.coros.com/mcp")
            )

    if taken:
        assert asyncio.run(found()) == taken
    else:
        with pytest.raises(SyncError, match="not a host of COROS"):
            asyncio.run(found())


def test_a_token_that_ran_out_is_renewed_and_its_successor_kept(stores, memory, coros):
    coros.accounts.life_s = 1  # less than a sync may take
    log_in(stores, coros)
    before = vault(stores).read()
    coros.accounts.life_s = 3600
    assert synced(stores).files == 3
    after = vault(stores).read()
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert before.refresh_token not in coros.accounts.refresh
    assert synced(stores).problems == []


def test_a_refresh_token_that_is_not_replaced_stays(stores, memory, coros):
    coros.accounts.life_s = 1
    coros.accounts.replaces_refresh_tokens = False
    log_in(stores, coros)
    before = vault(stores).read().refresh_token
    for _ in range(2):
        assert synced(stores).problems == []
        assert vault(stores).read().refresh_token == before


def test_a_token_that_coros_ended_early_is_renewed(stores, memory, coros):
    log_in(stores, coros)
    coros.accounts.access.clear()
    assert synced(stores).files == 3


def test_a_token_that_runs_out_in_the_middle_is_renewed_there(stores, memory, coros):
    log_in(stores, coros)

    def end() -> None:
        coros.accounts.access.clear()

    coros.instead["queryRestingHeartRate"] = [end]
    done = synced(stores)
    assert (done.files, done.problems) == (3, [])


def test_a_login_that_ended_for_good_asks_for_another(stores, memory, coros):
    log_in(stores, coros)
    coros.accounts.access.clear()
    coros.accounts.refresh.clear()
    with pytest.raises(LoginNeededError, match=r"no longer takes the login.*sync --login`"):
        synced(stores)
    assert coros.asked == []
    log_in(stores, coros)
    assert synced(stores).files == 3


def test_a_renewal_that_coros_is_too_broken_for_loses_no_login(stores, memory, coros):
    coros.accounts.life_s = 1
    log_in(stores, coros)
    coros.instead["/oauth2/token"] = [Answer(500)]
    with pytest.raises(SyncError, match=r"busy \(HTTP 500\)"):
        synced(stores)
    assert synced(stores).files == 3


def test_without_a_login_the_way_to_one_is_said(stores, memory, coros):
    with pytest.raises(LoginNeededError, match="no login at COROS yet"):
        synced(stores)
    log_in(stores, coros)
    assert vault(stores).forget()
    assert not vault(stores).forget()
    with pytest.raises(LoginNeededError, match="no login at COROS yet"):
        synced(stores)


def test_a_token_from_the_environment_needs_no_keyring(stores, coros):
    token = coros.accounts.issued("someone").access_token
    settings = stores.settings.model_copy(update={"sync_token": SecretStr(token)})
    elsewhere = type(stores)(settings)
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        assert synced(elsewhere).files == 3
        coros.accounts.access.clear()
        with pytest.raises(LoginNeededError, match="COROS_SYNC_TOKEN: give a new one"):
            synced(elsewhere)
        with pytest.raises(SyncError, match=r"\(NoKeyringError\)\. Unlock.*never written to a file"):
            synced(stores)
    finally:
        keyring.set_keyring(before)


def test_an_entry_of_another_version_counts_as_no_login(stores, memory, coros):
    for entry in ("", "{}", "not json", '{"resource": 3}'):
        memory.kept[SERVICE, str(stores.settings.home)] = entry
        with pytest.raises(LoginNeededError, match="no login"):
            synced(stores)


def test_the_library_still_keeps_what_a_sync_sets_beforehand(stores, memory, coros):
    """A version of it that finds the addresses anew, or forgets the time, would ask for logins at night."""
    log_in(stores, coros)
    provider = login.unattended(vault(stores), vault(stores).read(), is_stale=True)
    assert isinstance(provider.context.oauth_metadata, OAuthMetadata)
    asyncio.run(provider._initialize())
    assert not provider.context.is_token_valid()
    assert provider.context.can_refresh_token()
    assert str(provider.context.oauth_metadata.token_endpoint).endswith("/oauth2/token")
    assert SCOPE in coros.accounts.access[vault(stores).read().access_token].scopes
