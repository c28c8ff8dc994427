"""The commands as a user runs them: in a process of their own, judged by exit code and words."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coros_assets_tests.tcx_text import run_file

PROGRAM = Path(sys.executable).with_name("coros-assets")
START = datetime(2024, 6, 1, 17, tzinfo=UTC)


def run(
    home: Path, *arguments: str | Path, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    settings = {"COROS_HOME": str(home), "COROS_HOME_TIMEZONE": "Europe/Vienna"} | environment
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COROS_")}
    done = subprocess.run(
        [PROGRAM, *arguments],
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
        cwd=home.parent,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with one good run, one copy of it, a bad file and a roster, brought in by one command."""
    base = tmp_path_factory.mktemp("cli")
    export = base / "export"
    (export / "nested").mkdir(parents=True)
    (export / "2024-06-01_1.tcx").write_bytes(run_file(START))
    (export / "nested" / "copy.TCX").write_bytes(run_file(START))
    (export / "bad.tcx").write_bytes(b"\x00\x01\x02")
    (export / "2024-06-01_1-metadata.json").write_text("{}")
    (base / "shifts.csv").write_text("start,end\n2024-05-31 19:00,2024-06-01 07:00\n")
    done = run(base / "home", "ingest", export, "--roster", base / "shifts.csv")
    assert "3 activity files found: 1 new, 1 duplicate, 1 quarantined." in done.stderr.replace("\n", " ")
    assert "bad.tcx: The file is neither FIT nor XML" in done.stderr.replace("\n", " ")
    assert "Not enough data yet" in done.stdout
    return base / "home"


def test_the_second_time_there_is_nothing_to_do(home):
    done = run(home, "ingest", home.parent / "export")
    assert "Nothing to do" in done.stderr
    assert "0 new, 0 duplicate, 0 quarantined" in done.stderr.replace("\n", " ")


def test_status_counts_every_layer_and_its_sums_hold(home):
    facts = json.loads(run(home, "status", "--json").stdout)
    assert facts["bronze"] == {"files": 1, "duplicates": 1, "quarantined": 1}
    assert facts["landing"] == {"files_taken_in": 3, "files_waiting": 0}
    assert (facts["gold"]["activities"], facts["roster"]["shifts"]) == (1, 1)
    assert all(found["holds"] for found in facts["reconciliation"])
    assert "bad.tcx" in run(home, "status").stdout


def test_answers_are_rows_of_the_contract_as_json(home):
    answers = json.loads(run(home, "answers", "--json").stdout)
    assert list(answers) == ["answer_night_shift", "answer_next_day", "answer_fitness_trend"]
    for rows in answers.values():
        assert rows[0]["is_primary"]
        assert rows[0]["verdict"] == "not_enough_data"


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("json", '[\n  {\n    "activity_id": "20240601T170000Z",\n    "distance_m": 3600.0\n  }\n]\n'),
        ("csv", "activity_id,distance_m\n20240601T170000Z,3600.0\n"),
    ],
)
def test_sql_answers_in_the_format_asked_for(home, layout, expected):
    query = "SELECT activity_id, distance_m FROM gold.fact_activity"
    assert run(home, "sql", query, "--format", layout).stdout == expected
    assert "20240601T170000Z" in run(home, "sql", query).stdout


def test_sql_without_a_query_says_how_to_connect(home):
    words = run(home, "sql").stdout
    assert "coros_reader" in words
    assert str(home / "postgres") in words.replace("\n", "")


def test_sql_that_writes_or_fails_is_refused_in_one_line(home):
    for query in ("DELETE FROM gold.fact_activity", "SELECT nonsense"):
        assert run(home, "sql", query, code=1).stderr.startswith("Error: PostgreSQL refuses the query")


def test_report_ends_with_the_path_of_the_file(home):
    path = Path(run(home, "report").stdout.splitlines()[-1])
    assert path.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")


def test_wellness_is_taken_in_and_counted_even_without_a_new_run(home):
    file = home.parent / "mornings.csv"
    file.write_text("date,rhr,bedtime,wake_time\n2024-06-01,51,,\n,,2024-06-01 23:00,2024-06-02 07:00\n")
    done = run(home, "ingest", home.parent / "export", "--wellness", file)
    assert "Nothing to do" not in done.stderr
    facts = json.loads(run(home, "status", "--json").stdout)
    assert facts["wellness"] == {"mornings": 2, "sleeps": 1, "changed": False}


def test_status_says_what_waits_because_of_a_changed_value_and_what_is_wrong_with_it(home):
    file = home / "athlete.toml"
    file.write_text("[[athlete]]\nvalid_from = 2020-01-01\nmax_heart_rate_bpm = 195\n")
    facts = json.loads(run(home, "status", "--json").stdout)
    assert facts["waiting"] == {"dates_by_reason": {"athlete setting": 1}}
    assert facts["athlete"]["changed"]
    words = run(home, "status").stdout
    assert "1 date waits to be recomputed because of a changed athlete setting" in words
    file.write_text("[[athlete]]\nvalid_from = 2020-01-01\nmax_heart_rate_bpm = 50\n")
    assert "max_heart_rate_bpm = 50; write a number from 100 to 240" in run(home, "status").stdout
    done = run(home, "ingest", home.parent / "export")
    assert "Until it is corrected, the last good one counts." in done.stderr.replace("\n", " ")
    file.unlink()
    assert json.loads(run(home, "status", "--json").stdout)["problems"] == []


def test_a_roster_is_shown_as_it_was_understood(home):
    words = run(home, "roster", "check", home.parent / "shifts.csv").stdout
    assert "night" in words.lower()


def test_a_roster_is_read_by_the_codes_of_the_home(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "roster_codes.toml").write_text('"Nacht 2" = "20:15-06:45"')
    (tmp_path / "r.csv").write_text("date,code\n2026-05-04,Nacht 2\n")
    words = run(tmp_path / "home", "roster", "check", tmp_path / "r.csv").stdout
    assert "Read as: Nacht 2 20:15-06:45 (1)." in words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ingest", "no/such/folder"], "does not exist"),
        (["ingest", "empty"], "There is no activity file in"),
        (["ingest", "export", "--roster", "bad.csv"], "bad.csv"),
        (["ingest", "export", "--roster", "missing.csv"], "missing.csv cannot be read"),
        (["ingest", "export", "--wellness", "bad.csv"], "bad.csv: the column 'when' is unknown"),
        (["ingest", "export", "--wellness", "missing.csv"], "missing.csv cannot be read"),
        (["ingest", "export", "--wellness", "notes.md"], "notes.md does not end in one of"),
        (["roster", "check", "bad.csv"], "bad.csv"),
        (["roster", "check", "shifts.txt"], "must be a file named .ics, .csv, .xlsx, .toml"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(home, arguments, words):
    (home.parent / "empty").mkdir(exist_ok=True)
    (home.parent / "bad.csv").write_text("when,what\nnow,then\n")
    done = run(home, *arguments, code=1)
    assert words in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error: ")]) == 1
    assert json.loads(run(home, "status", "--json").stdout)["roster"]["shifts"] == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "COROS_WAREHOUSE_URL",
            "postgresql://me:s3cret@127.0.0.1:1/runs",
            "127.0.0.1:1/runs does not answer",
        ),
        ("COROS_WAREHOUSE_URL", "not a url", "no PostgreSQL URL"),
        ("COROS_WAREHOUSE_IAM_REGION", "eu-central-1", "COROS_WAREHOUSE_URL must name the server"),
        ("COROS_WAREHOUSE_IAM_REGION", "Frankfurt", "names an AWS region, such as eu-central-1"),
        ("COROS_LAKE_URI", "file:///proc/no/lake", "/proc/no/lake cannot be"),
        ("COROS_LANDING_URI", "ftp://nowhere", "neither a folder nor an s3://"),
        ("COROS_HOME_TIMEZONE", "Mars/Olympus", "COROS_HOME_TIMEZONE cannot be used"),
    ],
)
def test_a_setting_that_does_not_work_is_named_and_nothing_is_loaded(home, name, value, words):
    done = run(home, "ingest", home.parent / "export", code=1, **{name: value})
    assert words in done.stderr
    assert "s3cret" not in done.stderr + done.stdout


def test_an_empty_home_says_what_to_do_next(tmp_path):
    for command in ("answers", "report"):
        assert "coros-assets ingest FOLDER" in run(tmp_path / "home", command, code=1).stderr


@pytest.mark.parametrize("command", [["nonsense"], ["ingest"], ["sql", "x", "--format", "xml"]])
def test_wrong_usage_is_exit_code_two(tmp_path, command):
    run(tmp_path / "home", *command, code=2)


@pytest.mark.parametrize(
    "command",
    ["demo", "ingest", "answers", "report", "status", "verify", "rebuild", "sql", "ui", "roster check"],
)
def test_every_command_explains_itself_with_an_example(tmp_path, command):
    words = run(tmp_path / "home", *command.split(), "--help").stdout
    assert f"coros-assets {command}" in words
    assert "Example" in words


def test_calendar_shows_the_shift_and_the_run(home):
    shown = run(home, "calendar", "--weeks", "1").stdout.split()
    assert "19-07" in shown
    assert "N" in shown
    assert any(word.endswith("km*") for word in shown)


def test_calendar_without_runs_says_what_to_do(tmp_path):
    done = run(tmp_path / "home", "calendar", code=1)
    assert "coros-assets ingest FOLDER" in done.stderr


def test_damage_is_found_named_and_made_again(home):
    silver = home / "lake" / "silver" / "laps" / "activity_date=2024-06-01" / "part-0.parquet"
    whole = silver.read_bytes()
    silver.write_bytes(whole[:-1] + b"?")
    words = run(home, "verify", code=1)
    assert words.stdout.startswith("silver/laps/activity_date=2024-06-01/part-0.parquet: It is damaged")
    assert "`coros-assets rebuild`" in words.stdout
    assert "1 finding." in words.stderr
    facts = run(home, "rebuild").stdout
    assert "holds: silver activities = gold activities + linked duplicates" in facts
    assert silver.read_bytes() == whole
    assert json.loads(run(home, "verify", "--json").stdout)["findings"] == []


@pytest.mark.slow
def test_a_file_whose_name_is_no_text_is_taken_in(tmp_path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / os.fsdecode(b"caf\xe9.tcx")).write_bytes(run_file(START))
    done = run(tmp_path / "home", "ingest", tmp_path / "export")
    assert "1 new" in done.stderr
