"""Passwords and keys planted in every setting are searched for in everything that comes out, byte by byte."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest
from click.testing import CliRunner
from obstore.store import S3Store
from psycopg.conninfo import make_conninfo

from coros_assets.cli import main
from coros_assets.storage.embedded import DAGSTER_DATABASE, embedded_url
from coros_assets_tests.servers import BUCKET, S3_SECRET
from coros_assets_tests.tcx_text import run_file

PROGRAM = Path(sys.executable).with_name("coros-assets")
CANARY = "c4n4ry"
SPECIAL = f"{CANARY}/@:%?#&= é"
OTHERS = {
    "OPENAI_API_KEY": f"{CANARY}-openai",
    "COROS_ASK_KEY": f"{CANARY}-ask",
    "COROS_SYNC_TOKEN": f"{CANARY}-sync",
    "AWS_SESSION_TOKEN": f"{CANARY}-session",
    "PGPASSWORD": f"{CANARY}-pg",
}
"""Variables that lie about in an environment, whether anything uses them or not."""
NOWHERE = "127.0.0.1:1"
BAD_URLS = {
    "of a server that does not answer": f"postgresql://me:{quote(SPECIAL, safe='')}@{NOWHERE}/runs",
    "with the password as a parameter": f"postgresql://{NOWHERE}/runs?user=me&password={CANARY}",
    "with a misspelt parameter": f"postgresql://{NOWHERE}/runs?user=me&pasword={CANARY}",
    "as words": f"host=127.0.0.1 port=1 password='{CANARY}'",
    "as words without an end": f"host=127.0.0.1 port=1 password='{CANARY}",
    "with a bare @": f"postgresql://me:p@{CANARY}@{NOWHERE}/runs",
    "with a bare slash": f"postgresql://me:p/{CANARY}@{NOWHERE}/runs",
    "with a bare percent sign": f"postgresql://me:p%{CANARY}@{NOWHERE}/runs",
    "with a bare hash": f"postgresql://me:p#{CANARY}@{NOWHERE}/runs",
    "without a host": f"postgresql://me:{CANARY}/runs",
    "without a scheme": f"me:{CANARY}@{NOWHERE}/runs",
    "of another scheme": f"mysql://me:{CANARY}@{NOWHERE}/runs",
    "with a bad option": f"postgresql://me:{CANARY}@{NOWHERE}/runs?sslmode=nonsense",
}
BAD_ADDRESSES = (
    f"s3://key:{CANARY}@bucket/prefix",
    f"s3://bucket/prefix?aws_secret_access_key={CANARY}",
    f"https://me:{CANARY}@bucket/prefix",
    f"ftp://me:{CANARY}@bucket",
    f"s3://bucket/prefix#{CANARY}",
)


def forms(secret: str) -> set[bytes]:
    """A secret as it stands, as URLs write it, and as base64 does."""
    return {secret.encode(), quote(secret, safe="").encode(), base64.b64encode(secret.encode()).rstrip(b"=")}


def leaks(texts: Mapping[str, bytes], secrets: Iterable[str] = (CANARY,)) -> list[str]:
    """The names of texts that hold a secret."""
    return [name for name, text in texts.items() if any(form in text for s in secrets for form in forms(s))]


def below(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below a folder."""
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def failed(home: Path, settings: Mapping[str, str], *arguments: str) -> str:
    """What a command says, with tracebacks where it would show any, that must fail in one sentence."""
    kept = dict.fromkeys(name for name in os.environ if name.startswith(("COROS_", "AWS_")))
    environment = kept | {"COROS_HOME": str(home), "COROS_HOME_TIMEZONE": "Europe/Vienna"} | OTHERS | settings
    done = CliRunner().invoke(main, ["--debug", *arguments], env=environment)
    assert done.exit_code == 1, done.output
    assert len([line for line in done.output.splitlines() if line.startswith("Error: ")]) == 1
    return done.output


@pytest.mark.parametrize("command", [["status"], ["sql", "SELECT 1"], ["ui"]], ids=" ".join)
@pytest.mark.parametrize("url", BAD_URLS.values(), ids=BAD_URLS)
def test_a_bad_warehouse_url_is_refused_without_its_password(tmp_path, url, command):
    said = failed(tmp_path / "home", {"COROS_WAREHOUSE_URL": url}, *command)
    assert leaks({"said": said.encode(), **below(tmp_path)}) == []


def test_a_wrong_password_is_not_repeated(tmp_path, postgres_url):
    for user in ("owner", "nobody"):
        url = make_conninfo(postgres_url, user=user, password=SPECIAL)
        said = failed(tmp_path / "home", {"COROS_WAREHOUSE_URL": url}, "status")
        assert "password authentication failed" in said
        assert leaks({"said": said.encode(), **below(tmp_path)}) == []


@pytest.mark.parametrize("setting", ["COROS_LAKE_URI", "COROS_LANDING_URI"])
@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_address_with_keys_in_it_is_refused_without_them(tmp_path, session_home, address, setting):
    said = failed(session_home, {setting: address}, "status")
    assert setting in said
    assert leaks({"said": said.encode()}) == []


def test_keys_that_an_s3_server_refuses_are_not_repeated(tmp_path, session_home, s3_environment):
    wrong = {"AWS_ACCESS_KEY_ID": f"{CANARY}-id", "AWS_SECRET_ACCESS_KEY": f"{CANARY}-key"}
    said = failed(session_home, s3_environment | wrong | {"COROS_LAKE_URI": f"s3://{BUCKET}/none"}, "status")
    assert "AWS credentials in the environment" in said
    assert leaks({"said": said.encode()}) == []


def test_an_endpoint_with_a_password_is_refused_without_it(session_home):
    settings = {"COROS_LAKE_URI": "s3://bucket/none", "AWS_ENDPOINT_URL": f"http://me:{CANARY}@{NOWHERE}"}
    said = failed(session_home, settings, "status")
    assert "AWS_ENDPOINT_URL may not hold" in said
    assert leaks({"said": said.encode()}) == []


def test_a_setting_in_a_dotenv_file_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"COROS_WAREHOUSE_URL=postgresql://me:{CANARY}@{NOWHERE}/runs\n")
    said = failed(tmp_path / "home", {}, "status")
    assert NOWHERE in said
    assert leaks({"said": said.encode(), **below(tmp_path / "home")}) == []


def test_the_search_finds_a_secret_in_each_form(tmp_path):
    for number, form in enumerate(forms(SPECIAL)):
        (tmp_path / str(number)).write_bytes(b"\x00 " + form)
    assert len(leaks(below(tmp_path), [SPECIAL])) == 3


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "export").mkdir()
    (folder / "export" / "run.tcx").write_bytes(run_file())
    return folder


@pytest.fixture(scope="module")
def environment(place, postgres_url, s3_environment) -> dict[str, str]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS gold, ledger CASCADE")
        connection.execute("DROP ROLE IF EXISTS canary")
        connection.execute(f"CREATE ROLE canary SUPERUSER LOGIN PASSWORD '{SPECIAL}'")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COROS_", "AWS_"))}
    settings = {
        "COROS_HOME": str(place / "home"),
        "COROS_HOME_TIMEZONE": "Europe/Vienna",
        "COROS_LAKE_URI": f"s3://{BUCKET}/secrets",
        "COROS_WAREHOUSE_URL": postgres_url.replace(
            "owner:s3cret%2Fword", f"canary:{quote(SPECIAL, safe='')}"
        ),
    }
    return kept | OTHERS | dict(s3_environment) | settings


@pytest.mark.slow
class TestOnServersWithPasswords:
    """Everything on PostgreSQL and S3 with secrets, once well and once with a failure amid a run."""

    def run(
        self, place: Path, environment: Mapping[str, str], *arguments: str | Path, code: int = 0
    ) -> dict[str, bytes]:
        """What a command prints, and the arguments of its processes while it ran."""
        with (place / "printed").open("wb") as printed:
            command = [PROGRAM, "--debug", *arguments]
            process = subprocess.Popen(command, env=environment, stdout=printed, stderr=printed)
            titles = set(titles_while(process))
        assert process.returncode == code, (place / "printed").read_text()
        assert titles
        return {
            f"{arguments[0]} printed": (place / "printed").read_bytes(),
            f"{arguments[0]} processes": "\n".join(titles).encode(),
        }

    def everywhere(self, place: Path, environment: Mapping[str, str]) -> dict[str, bytes]:
        """Every file of the home, every object of the lake, and both databases as text."""
        options = {
            key.removeprefix("AWS_").lower(): environment[key]
            for key in environment
            if key.startswith("AWS_")
        }
        del options["session_token"]
        store = S3Store(BUCKET, config=options)
        objects = {
            each["path"]: bytes(store.get(each["path"]).bytes()) for chunk in store.list() for each in chunk
        }
        assert any(name.endswith("report.html") for name in objects)
        assert any(name.endswith(".parquet") for name in objects)
        return below(place / "home") | objects | dumped(place / "home")

    def test_a_load_leaves_no_secret_anywhere(self, place, environment):
        del environment["AWS_SESSION_TOKEN"]  # the server knows none
        said = self.run(place, environment, "ingest", place / "export")
        for arguments in (["status"], ["status", "--json"], ["sql"], ["answers"], ["report"]):
            said |= self.run(place, environment, *arguments)
        environment["AWS_SESSION_TOKEN"] = OTHERS["AWS_SESSION_TOKEN"]
        assert leaks(said | self.everywhere(place, environment), [CANARY, SPECIAL, S3_SECRET]) == []

    def test_neither_does_a_run_that_fails_in_the_middle(self, place, environment, postgres_url):
        del environment["AWS_SESSION_TOKEN"]
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "CREATE FUNCTION gold.fail() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'planted failure'; END $$"
            )
            connection.execute(
                "CREATE TRIGGER fail BEFORE INSERT ON gold.fact_activity EXECUTE FUNCTION gold.fail()"
            )
        (place / "export" / "later.tcx").write_bytes(run_file(seconds=600))
        said = self.run(place, environment, "ingest", place / "export", code=1)
        assert b"planted failure" in said["ingest printed"]
        environment["AWS_SESSION_TOKEN"] = OTHERS["AWS_SESSION_TOKEN"]
        found = self.everywhere(place, environment)
        assert any(b"planted failure" in text for name, text in found.items() if name == "dagster database")
        assert leaks(said | found, [CANARY, SPECIAL, S3_SECRET]) == []


def titles_while(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """What the list of processes says of a process and its children until it ends."""
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        with suppress(psutil.Error):
            yield from ("\0".join(each.cmdline()) for each in [watched, *watched.children(recursive=True)])
        time.sleep(0.05)


def dumped(home: Path) -> dict[str, bytes]:
    """Dagster's database as text: its files may hold long values packed."""
    url = embedded_url(home, DAGSTER_DATABASE)
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [connection.execute(f'SELECT t::text FROM "{name}" AS t').fetchall() for (name,) in names]
    return {"dagster database": "\n".join(row for table in rows for (row,) in table).encode()}
