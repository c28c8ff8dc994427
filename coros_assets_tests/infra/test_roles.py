"""The database roles of the AWS set-up, made by psql as there: who can log in, read and write."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from coros_assets_tests.servers import postgres_server

SQL = Path(__file__).parents[2] / "infra" / "sql"
FIRST, SECOND, KNOWN = "s3cret-1", "s3cret-2", "s3cret-3"
RULE = "host all +rds_iam 127.0.0.1/32 reject\n"  # RDS asks for a token here


@pytest.fixture(scope="module")
def administrator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with RDS's own role and rule, on which `roles.sql` was run twice."""
    folder = tmp_path_factory.mktemp("rds")
    with postgres_server(folder) as runs:
        with psycopg.connect(runs, autocommit=True) as connection:
            connection.execute("CREATE ROLE rds_iam")
            connection.execute("CREATE DATABASE coros")
        url = runs.removesuffix("runs") + "coros"
        for _ in range(2):
            psql(url, "roles.sql")
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text(RULE + rules.read_text())
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE SCHEMA gold AUTHORIZATION coros_owner")
            connection.execute("CREATE TABLE gold.fact AS SELECT 1 AS one")
            connection.execute("GRANT USAGE ON SCHEMA gold TO coros_reader")
            connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA gold TO coros_reader")
        yield url


def psql(url: str, script: str, **variables: str) -> None:
    options = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
    program = shutil.which("psql") or max(Path("/usr/lib/postgresql").glob("*/bin/psql"))
    subprocess.run([program, "-X", "-q", *options, "-f", SQL / script, url], check=True, env=os.environ)


def set_bi_password(url: str, password: str) -> None:
    """As infra/sql/README.md says: the server is given a verifier, never the password."""
    with psycopg.connect(url) as connection:
        verifier = connection.pgconn.encrypt_password(password.encode(), b"coros_bi")
    psql(url, "bi_password.sql", verifier=verifier.decode())


def test_bi_logs_in_by_its_password_and_only_reads(administrator):
    set_bi_password(administrator, FIRST)
    set_bi_password(administrator, SECOND)
    with psycopg.connect(administrator, user="coros_bi", password=SECOND, autocommit=True) as bi:
        assert bi.execute("SELECT one FROM gold.fact").fetchone() == (1,)
        assert bi.execute("SHOW statement_timeout").fetchone() == ("30s",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            bi.execute("DELETE FROM gold.fact")
        bi.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            bi.execute("DELETE FROM gold.fact")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(administrator, user="coros_bi", password=FIRST)


@pytest.mark.parametrize("role", ["coros_owner", "coros_loader", "coros_dagster", "coros_analyst"])
def test_the_others_log_in_by_token_alone(administrator, role):
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {role} PASSWORD '{KNOWN}'")
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf rejects"):
        psycopg.connect(administrator, user=role, password=KNOWN)


def test_bi_in_a_role_with_tokens_would_be_locked_out(administrator):
    """Why coros_reader is no member of rds_iam: one grant more, and the password no longer counts."""
    set_bi_password(administrator, SECOND)
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("GRANT rds_iam TO coros_reader")
        try:
            with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf rejects"):
                psycopg.connect(administrator, user="coros_bi", password=SECOND)
        finally:
            connection.execute("REVOKE rds_iam FROM coros_reader")


def test_dagster_has_a_database_of_its_own(administrator):
    with psycopg.connect(administrator, autocommit=True) as connection:
        rights = connection.execute(
            "SELECT who, has_database_privilege(who, 'dagster', 'CONNECT') FROM unnest(%s::text[]) AS who",
            [["coros_dagster", "coros_loader", "coros_owner", "coros_bi", "coros_analyst"]],
        ).fetchall()
    assert {who for who, may in rights if may} == {"coros_dagster"}
    with psycopg.connect(administrator.removesuffix("coros") + "dagster", autocommit=True) as connection:
        assert connection.execute(
            "SELECT has_schema_privilege('coros_dagster', 'public', 'CREATE')"
        ).fetchone() == (True,)


def test_the_owner_makes_schemas_and_the_loader_does_not(administrator):
    with psycopg.connect(administrator, autocommit=True) as connection:
        for role, may in {"coros_owner": True, "coros_loader": False, "coros_analyst": False}.items():
            found = connection.execute("SELECT has_database_privilege(%s, 'coros', 'CREATE')", [role])
            assert found.fetchone() == (may,)
