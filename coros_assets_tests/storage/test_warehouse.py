from datetime import UTC, date, datetime

import psycopg
import pyarrow as pa
import pytest
from pydantic import SecretStr

from coros_assets.errors import CorosError
from coros_assets.gold.days import dim_date
from coros_assets.storage.rows import upsert
from coros_assets.storage.warehouse import DateBatch, Warehouse
from coros_assets.stores import Stores
from coros_assets.tables import DATE_STATE, DIM_DATE, FACT_DAY, FACT_LAP, GOLD_TABLES
from coros_assets_tests.conftest import emptied

DAY, OTHER = date(2024, 6, 1), date(2024, 6, 2)


@pytest.fixture(params=["embedded", "server"])
def warehouse(request, settings) -> Warehouse:
    """The same warehouse on the embedded server and on a PostgreSQL of the system, with a password."""
    if request.param == "server":
        url = request.getfixturevalue("postgres_url")
        settings = settings.model_copy(update={"warehouse_url": SecretStr(url)})
    return emptied(Stores(settings)).warehouse


def laps(*rows: tuple[str, int, date]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "activity_id": name,
                "lap_index": index,
                "activity_date": day,
                "start_time": datetime(2024, 6, 1, tzinfo=UTC),
            }
            for name, index, day in rows
        ],
        FACT_LAP.arrow_schema,
    )


def state(day: date, silver: str = "s1") -> dict:
    return {
        "activity_date": day,
        "bronze_digest": "b",
        "bronze_activities": 1,
        "bronze_points": 10,
        "bronze_files": [],
        "silver_digest": silver,
    }


def record(warehouse: Warehouse, *days: date) -> None:
    with warehouse.connection() as connection:
        upsert(connection, DATE_STATE, [state(day) for day in days])


def batch(rows: pa.Table, silver: str = "s1", gold: str = "g1", days: tuple[date, ...] = (DAY,)) -> DateBatch:
    digests = dict.fromkeys(days, silver), dict.fromkeys(days, gold)
    return DateBatch(*digests, {FACT_LAP: rows}, lambda: True)


def test_every_table_and_column_of_gold_has_its_comment(warehouse):
    columns = warehouse.read(
        "SELECT table_name, column_name, col_description((table_schema || '.' || table_name)::regclass,"
        " ordinal_position) AS comment FROM information_schema.columns WHERE table_schema = 'gold'"
    ).to_pylist()
    found = {(row["table_name"], row["column_name"]): row["comment"] for row in columns}
    assert {(t.name, c.name): c.comment for t in GOLD_TABLES for c in t.columns}.items() <= found.items()


def test_preparing_again_keeps_the_rows_and_a_changed_contract_makes_gold_anew(warehouse):
    record(warehouse, DAY)
    warehouse.replace_dates(batch(laps(("a", 0, DAY))))
    warehouse.prepare()
    assert warehouse.read_table("fact_lap").num_rows == 1
    Warehouse(warehouse._url, [*warehouse._views, "CREATE VIEW gold.another AS SELECT 1 AS one"]).prepare()
    assert warehouse.read_table("fact_lap").num_rows == 0
    assert warehouse.read("SELECT gold_digest, silver_digest FROM ledger.date_state").to_pylist() == [
        {"gold_digest": None, "silver_digest": "s1"}
    ]


def test_only_the_dates_of_a_batch_are_replaced(warehouse):
    record(warehouse, DAY, OTHER)
    both = laps(("a", 0, DAY), ("a", 1, DAY), ("b", 0, OTHER))
    assert warehouse.replace_dates(batch(both, days=(DAY, OTHER))) == [DAY, OTHER]
    assert warehouse.replace_dates(batch(laps(("c", 0, DAY)), gold="g2")) == [DAY]
    assert sorted(warehouse.read_table("fact_lap")["activity_id"].to_pylist()) == ["b", "c"]


@pytest.mark.parametrize(("silver", "gold"), [("stale", "g2"), ("s1", "g1")])
def test_a_batch_made_from_old_silver_or_made_already_changes_nothing(warehouse, silver, gold):
    record(warehouse, DAY)
    warehouse.replace_dates(batch(laps(("a", 0, DAY))))
    assert warehouse.replace_dates(batch(laps(("z", 0, DAY)), silver, gold)) == []
    assert warehouse.read_table("fact_lap")["activity_id"].to_pylist() == ["a"]


def test_a_batch_that_breaks_a_key_leaves_everything_as_it_was(warehouse):
    record(warehouse, DAY)
    warehouse.replace_dates(batch(laps(("a", 0, DAY))))
    with pytest.raises(Exception, match="duplicate key"):
        warehouse.replace_dates(batch(laps(("z", 0, DAY), ("z", 0, DAY)), gold="g2"))
    assert warehouse.read_table("fact_lap")["activity_id"].to_pylist() == ["a"]
    assert warehouse.read("SELECT gold_digest FROM ledger.date_state")["gold_digest"].to_pylist() == ["g1"]


def test_a_table_is_replaced_whole_and_rows_that_break_the_contract_are_refused(warehouse):
    row = {c.name: None for c in FACT_DAY.columns} | {
        "activity_date": DAY,
        "schedule_period": "day",
        "runs": 1,
        **dict.fromkeys(("distance_m", "moving_time_s", "load", "ctl", "atl", "tsb"), 1.5),
        "metric_version": "1",
    }
    rows = pa.Table.from_pylist([row], FACT_DAY.arrow_schema)
    assert warehouse.replace(FACT_DAY, rows, "one", lambda: "one")
    assert warehouse.replace(FACT_DAY, rows, "one", lambda: "one")
    assert warehouse.read_table("fact_day").to_pylist() == [row]
    with pytest.raises(ValueError, match="missing columns"):
        warehouse.replace(FACT_DAY, rows.drop(["load"]), "one", lambda: "one")


def test_a_reader_who_is_in_the_midst_of_it_keeps_his_rows_and_holds_up_no_load(warehouse):
    rows = dim_date(DAY, DAY)
    warehouse.replace(DIM_DATE, rows, "one", lambda: "one")
    with warehouse.connection() as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        count = "SELECT count(*) FROM gold.dim_date"
        before = reader.execute(count).fetchall()
        assert warehouse.replace(DIM_DATE, rows, "two", lambda: "two")
        assert reader.execute(count).fetchall() == before
        with warehouse.connection() as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("TRUNCATE gold.dim_date")


def test_rows_made_from_what_has_changed_since_replace_nothing(warehouse):
    warehouse.replace(DIM_DATE, dim_date(DAY, DAY), "new", lambda: "new")
    assert not warehouse.replace(DIM_DATE, DIM_DATE.empty(), "old", lambda: "new")
    assert warehouse.row_count(DIM_DATE) > 0


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(CorosError, match=r"127.0.0.1:1/runs does not answer.*COROS_WAREHOUSE_URL") as error:
        Warehouse("postgresql://me:s3cret@127.0.0.1:1/runs").read("SELECT 1")
    assert "s3cret" not in str(error.value)


def test_a_url_that_is_none_is_named():
    with pytest.raises(CorosError, match="no PostgreSQL URL"):
        _ = Warehouse("mysql:nonsense here").place
