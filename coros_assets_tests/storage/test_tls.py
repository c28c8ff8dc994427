"""A PostgreSQL server that takes TLS only, with passwords and with IAM tokens, as RDS has them."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from coros_assets.errors import CorosError
from coros_assets.storage import postgres
from coros_assets.storage.iam import iam_token
from coros_assets.storage.leftovers import rewrite
from coros_assets.storage.postgres import as_user
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import view_scripts
from coros_assets.tables import DIM_DATE
from coros_assets_tests.servers import LOOPBACK, postgres_server
from coros_assets_tests.test_secrets import CANARY, leaks
from coros_assets_tests.tls import HOST, Authority, over_tls, require_tls

PASSWORD = "s3cret/word"
REGION = "eu-central-1"
ROLES = ("coros_loader", "coros_reader", "analyst")
# As on RDS the token itself crosses the line, not a proof of knowing it: only TLS hides it.
TOKENS = f"hostssl all coros_loader,coros_reader,analyst {LOOPBACK}/32 password"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def plain_url(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[str]:
    """The owner's URL without TLS, on a server that refuses it; its tables and roles are made."""
    folder = tmp_path_factory.mktemp("tls")
    with postgres_server(folder) as url:
        Warehouse(url, view_scripts()).prepare()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE analyst LOGIN IN ROLE coros_reader")
        require_tls(url, folder, authority, TOKENS)
        yield url


@pytest.fixture
def url(plain_url: str, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> str:
    """The owner's URL by the name that is proved, in an environment like the machine's."""
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(authority.root))
    return over_tls(plain_url)


@pytest.fixture
def tokens(url: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens made so far: each opens one door once, for the next one takes its place."""
    made: list[str] = []
    numbers = count()

    def make(host: str, port: int, user: str, region: str) -> str:
        assert (host, region) == (HOST, REGION)
        assert f":{port}/" in url
        token = f"{CANARY}/{user}?{next(numbers)}&X-Amz-Signature=%2F"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), sql.Literal(token))
            )
        made.append(token)
        return token

    monkeypatch.setattr(postgres, "iam_token", make)
    return made


def by_token(url: str, user: str) -> Warehouse:
    return Warehouse(as_user(url, user), view_scripts(), REGION)


def failure(act: Callable[[], object]) -> str:
    with pytest.raises(CorosError) as error:
        act()
    return str(error.value)


def test_whoever_comes_without_tls_is_refused_in_a_sentence(plain_url):
    url = make_conninfo(plain_url, sslmode="disable")
    said = failure(Warehouse(url).prepare)
    assert "does not answer" in said
    assert "no encryption" in said
    assert PASSWORD not in said


def test_loader_and_reader_work_over_tls(url, tokens):
    loader = by_token(url, "coros_loader")
    loader.prepare()
    assert loader.replace(DIM_DATE, DIM_DATE.empty(), "nothing", lambda: "nothing")
    assert loader.query_as_reader("SELECT current_user AS us").to_pylist() == [{"us": "coros_reader"}]
    with loader.connection() as connection:
        assert connection.pgconn.ssl_in_use
    assert failure(lambda: loader.query_as_reader("DELETE FROM gold.dim_date RETURNING 1")).startswith(
        "PostgreSQL refuses"
    )


def test_each_connection_has_a_token_of_its_own(url, tokens):
    loader = by_token(url, "coros_loader")
    for _ in range(3):
        with loader.connection():
            pass
    rewrite(as_user(url, "coros_loader"), [], REGION)
    assert len(tokens) == len(set(tokens)) == 4


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
@pytest.mark.parametrize("place", ["environment", "url"])
def test_no_token_is_made_for_a_server_that_need_not_prove_its_name(url, tokens, monkeypatch, mode, place):
    if place == "environment":
        monkeypatch.setenv("PGSSLMODE", mode)
    else:
        url = make_conninfo(url, sslmode=mode)
    said = failure(by_token(url, "coros_loader").prepare)
    assert f"sslmode is {mode}" in said
    assert "PGSSLMODE=verify-full" in said
    assert tokens == []


@pytest.mark.parametrize("place", ["postgresql:///runs", "postgresql://me@%2Ftmp/runs", "host=a,b user=me"])
def test_no_token_is_made_for_a_place_that_has_no_name_to_prove(tokens, place):
    assert "must name one user and one host" in failure(Warehouse(place, iam_region=REGION).prepare)
    assert tokens == []


def test_without_a_word_on_tls_a_token_still_goes_by_it(url, tokens, authority, monkeypatch):
    monkeypatch.delenv("PGSSLMODE")
    with by_token(url, "coros_loader").connection() as connection:
        assert connection.pgconn.ssl_in_use


def test_a_server_of_another_authority_or_name_gets_no_token(url, tokens, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    other = by_token(url.replace(HOST, "other.test"), "coros_loader")
    monkeypatch.setattr(postgres, "iam_token", lambda *_: f"{CANARY}-token")
    named = failure(other.prepare)
    assert 'does not match host name "other.test"' in named
    monkeypatch.setenv("PGSSLROOTCERT", str(Authority(tmp_path).root))
    signed = failure(by_token(url, "coros_loader").prepare)
    assert "certificate verify failed" in signed
    monkeypatch.setenv("PGSSLROOTCERT", str(tmp_path / "none.pem"))
    unknown = failure(by_token(url, "coros_loader").prepare)
    assert "none.pem" in unknown
    assert leaks({"said": (named + signed + unknown + caplog.text).encode()}) == []


@pytest.mark.parametrize("answer", [b"N", b"S", b"E"], ids=["no TLS", "no certificate", "an error"])
def test_what_only_listens_never_hears_the_token(url, monkeypatch, answer):
    """A stranger on the port: he says what a server would, and all that he hears is put down."""
    token = f"{CANARY}-token"
    monkeypatch.setattr(postgres, "iam_token", lambda *_: token)
    heard = bytearray()
    with socket.create_server((LOOPBACK, 0)) as listening:

        def listen() -> None:
            client, _ = listening.accept()
            with client:
                client.settimeout(2)
                heard.extend(client.recv(1000))
                client.sendall(answer)
                try:
                    while more := client.recv(1000):
                        heard.extend(more)
                except TimeoutError:
                    pass

        stranger = threading.Thread(target=listen)
        stranger.start()
        place = make_conninfo(as_user(url, "coros_loader"), port=listening.getsockname()[1])
        said = failure(Warehouse(place, iam_region=REGION).prepare)
        stranger.join()
    assert heard
    assert leaks({"said": said.encode(), "heard": bytes(heard)}) == []


def test_a_token_that_is_refused_is_not_repeated(url, tokens, monkeypatch):
    monkeypatch.setattr(postgres, "iam_token", lambda *_: f"{CANARY}-wrong")
    said = failure(by_token(url, "coros_loader").prepare)
    assert "password authentication failed" in said
    assert leaks({"said": said.encode()}) == []


def test_a_member_of_the_reader_queries_as_itself_and_a_member_who_may_more_does_not(
    url, tokens, monkeypatch
):
    """On RDS the reader has no login: an analyst's token is the one that counts."""
    make = postgres.iam_token

    def only_for_members(host: str, port: int, user: str, region: str) -> str:
        return "refused" if user == "coros_reader" else make(host, port, user, region)

    monkeypatch.setattr(postgres, "iam_token", only_for_members)
    analyst = by_token(url, "analyst")
    analyst.prepare()
    found = analyst.query_as_reader("SELECT current_user AS us")
    assert found.to_pylist() == [{"us": "analyst"}]
    assert "password authentication failed" in failure(
        lambda: by_token(url, "coros_loader").query_as_reader("SELECT 1")
    )


class TestTheToken:
    """What boto3 makes: a signed address, which asks nobody."""

    @pytest.fixture(autouse=True)
    def credentials(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        postgres.iam_token.__globals__["_client"].cache_clear()

    def test_it_is_for_one_user_of_one_server_and_a_quarter_of_an_hour(self, monkeypatch, caplog):
        caplog.set_level(logging.DEBUG)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
        parts = urlsplit("https://" + iam_token("db.example", 5433, "coros_loader", REGION))
        asked = parse_qs(parts.query)
        assert parts.netloc == "db.example:5433"
        assert asked["DBUser"] == ["coros_loader"]
        assert asked["X-Amz-Expires"] == ["900"]
        assert f"/{REGION}/rds-db/aws4_request" in asked["X-Amz-Credential"][0]
        assert CANARY not in parts.query
        assert leaks({"log": caplog.text.encode()}, [CANARY, asked["X-Amz-Signature"][0]]) == []

    def test_without_credentials_it_says_so(self, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name, raising=False)
        said = failure(lambda: iam_token("db.example", 5432, "coros_loader", REGION))
        assert said.startswith("No IAM token can be made for coros_loader on db.example: ")
        assert "AWS credentials in the environment" in said
