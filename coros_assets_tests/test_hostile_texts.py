"""Files whose every text is an attack go through the whole line, and what is shown of them is text."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner
from dagster_shared.serdes import serialize_value

from coros_assets import resources
from coros_assets.cli import main
from coros_assets.commands.instance import open_instance
from coros_assets.inert import printable
from coros_assets.settings import load_settings
from coros_assets.storage.folder import as_key
from coros_assets.stores import Stores
from coros_assets_tests.conftest import emptied
from coros_assets_tests.servers import chromium
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.zip_bytes import zip_of

PAYLOADS = {
    "sql": "x'); DROP TABLE gold.fact_activity; --",
    "html": "<script>alert(1)</script><img src=q onerror=alert(2)>",
    "breakout": "</script></svg></td>\"'><svg onload=alert(3)>{{7*7}}",
    "formula": '=HYPERLINK("http:evil.example",A1);@SUM(1)|+1',
    "terminal": "\x1b[31mred\x1b]8;;http:evil.example\x07link\x9b2J\x08\x7f",
    "direction": "gpj\u202exct\u2066end\u200b\u2028next\r\nline",
    "markup": "[bold red]x[/] [link=http:evil.example]y[/link] :skull:",
}
"""Without a slash, so that each may be the name of a file."""
ROOTS = {name: text.replace("/", "\N{FRACTION SLASH}") for name, text in PAYLOADS.items()}
XML = {name: re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text) for name, text in PAYLOADS.items()}
LANDED = {name: as_key(PurePosixPath(text)) for name, text in ROOTS.items()}
SHOWN = {name: printable(text, None) for name, text in LANDED.items()}
START = datetime(2024, 6, 1, 17, tzinfo=UTC)
COLUMNS = "SELECT * FROM gold.activity_source ORDER BY source_name"


@pytest.fixture(scope="module")
def said(session_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What each command prints after hostile files were landed and loaded, by the command."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = write_files(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COROS_")]:
            patch.delenv(name)
        for name, value in (settings | {"COROS_HOME": str(session_home)}).items():
            patch.setenv(name, value)
        resources._stores.cache_clear()
        emptied(Stores(load_settings()))
        yield {
            name: spoken(*arguments)
            for name, arguments in {
                "ingest": ["ingest", str(folder / "export")],
                "status": ["status"],
                "status as JSON": ["status", "--json"],
                "calendar": ["calendar"],
                "answers": ["answers"],
                "report": ["report"],
                "roster check": ["roster", "check", str(folder / "roster" / f"{ROOTS['markup']}.csv")],
                "bad roster": ["roster", "check", str(folder / f"{ROOTS['terminal']}.csv")],
                "bad path": ["ingest", str(folder / ROOTS["terminal"])],
                "bad option": ["ingest", f"--{PAYLOADS['terminal']}"],
                "table": ["sql", COLUMNS],
                "csv": ["sql", COLUMNS, "--format", "csv"],
                "json": ["sql", COLUMNS, "--format", "json"],
                "devices": ["sql", "SELECT device FROM gold.fact_activity", "--format", "csv"],
                "titles": ["sql", "SELECT title FROM gold.dim_shift", "--format", "json"],
                "column": ["sql", f'SELECT 1 AS "{PAYLOADS["markup"]}\x1b[31m"'],
            }.items()
        }
    resources._stores.cache_clear()


def write_files(folder: Path) -> dict[str, str]:
    """An export with a payload in every text a file can have, a roster and wellness file; their settings."""
    for made in ("export", "roster", "wellness", "landing"):
        (folder / made).mkdir()
    for day, (kind, text) in enumerate(PAYLOADS.items(), start=1):
        run = run_file(START.replace(day=day), 60)
        named = run.replace(b"COROS Wearables", escape(XML[kind]).encode())
        (folder / "export" / f"{ROOTS[kind]}.tcx").write_bytes(named)
        (folder / "export" / f"bad {ROOTS[kind]}.tcx").write_bytes(f"<{'x' * 9}{kind}>{text}".encode())
        again = run_file(START.replace(day=day + 10), 60)
        (folder / "export" / f"{day}.zip").write_bytes(zip_of({f"{ROOTS[kind]}/in {ROOTS[kind]}.tcx": again}))
    (folder / "export" / "gpx.gpx").write_bytes(f"<gpx creator='{escape(XML['html'])}'><wpt/></gpx>".encode())
    rows = [
        [f"2024-06-{day:02} 07:00", f"2024-06-{day:02} 15:00", text]
        for day, text in enumerate(XML.values(), start=1)
    ]
    roster = io.StringIO()
    csv.writer(roster).writerows([["start", "end", "title"], *rows])
    (folder / "roster" / f"{ROOTS['markup']}.csv").write_text(roster.getvalue(), newline="")
    (folder / f"{ROOTS['terminal']}.csv").write_text(f"start,end,{PAYLOADS['terminal']}\n")
    (folder / "wellness" / f"{ROOTS['markup']}.csv").write_text(
        f"date,{PAYLOADS['terminal']}\n2024-06-01,1\n"
    )
    (folder / "athlete.toml").write_text(
        f"[[athlete]]\nvalid_from = 2024-01-01\n{json.dumps(PAYLOADS['html'])} = 1\n"
    )
    return {
        "COROS_LANDING_URI": str(folder / "landing"),
        "COROS_LAKE_URI": str(folder / "lake"),
        "COROS_HOME_TIMEZONE": "Europe/Vienna",
        "COROS_ROSTER": str(folder / "roster"),
        "COROS_WELLNESS": str(folder / "wellness"),
        "COROS_ATHLETE": str(folder / "athlete.toml"),
    }


def spoken(*arguments: str) -> str:
    """Both streams of a command."""
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return done.output


def steering(text: str) -> set[str]:
    """What is in a text and steers a terminal, or turns its direction."""
    return {
        character
        for character in text
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }


def test_no_command_prints_what_steers_a_terminal(said):
    assert {name: steering(text) for name, text in said.items() if steering(text)} == {}
    assert steering(PAYLOADS["terminal"]) == {"\x1b", "\x07", "\x9b", "\x08", "\x7f"}


@pytest.mark.parametrize("kind", PAYLOADS)
def test_names_are_shown_as_text(said, kind):
    assert f"quarantined: export/bad {SHOWN[kind]}.tcx: " in said["status"]
    assert f"quarantined: export/bad {SHOWN[kind]}.tcx: " in said["ingest"]
    assert f"export/{SHOWN[kind]}.tcx" in said["table"]


def test_everything_readable_was_loaded_and_nothing_was_dropped(said):
    facts = json.loads(said["status as JSON"])
    assert facts["gold"]["activities"] == 2 * len(PAYLOADS)
    assert facts["bronze"]["quarantined"] == len(PAYLOADS) + 1
    assert all(found["holds"] for found in facts["reconciliation"])


def test_markup_of_the_terminal_library_is_text(said):
    for name in ("status", "table"):
        assert SHOWN["markup"] in said[name]
    for name in ("roster check", "column"):
        assert PAYLOADS["markup"] in said[name]


def test_titles_of_the_roster_are_kept_printable(said):
    titles = {row["title"] for row in json.loads(said["titles"])}
    assert titles == {printable(text).strip() for text in XML.values()}


def test_json_has_every_name_exactly(said):
    names = {row["source_name"] for row in json.loads(said["json"])}
    assert {f"export/{text}.tcx" for text in LANDED.values()} <= names


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_cell_of_the_csv_is_a_formula(said, delimiter):
    rows = [
        row for name in ("csv", "devices") for row in csv.reader(io.StringIO(said[name]), delimiter=delimiter)
    ]
    cells = [cell for row in rows for cell in row]
    assert any("=HYPERLINK" in cell for cell in cells)
    assert [
        cell for cell in cells if re.match(r"\s*[=+@-]", cell) and not re.fullmatch(r"-[\d.]+", cell)
    ] == []


def test_the_report_shows_them_as_text_and_runs_nothing(said):
    path = Path(said["report"].splitlines()[-1])
    noticed: list[str] = []
    with chromium() as browser:
        tab = browser.new_page()
        tab.on("dialog", lambda dialog: (noticed.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda sent: noticed.append(sent.url))
        tab.on("pageerror", lambda error: noticed.append(str(error)))
        tab.on("console", lambda message: noticed.append(message.text))
        tab.goto(path.as_uri())
        tab.wait_for_load_state("networkidle")
        tab.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        words = tab.evaluate("document.body.innerText")
        assert (
            tab.evaluate(
                "document.querySelectorAll('script, img, iframe, object, [onload], [onerror]').length"
            )
            == 0
        )
    assert noticed == [path.as_uri()]
    assert steering(words.replace("\t", "\n")) == set()
    for text in SHOWN.values():
        assert f"export/bad {text}.tcx" in words


def test_dagster_keeps_them_as_plain_text(said):
    with open_instance(load_settings()) as instance:
        runs = instance.get_run_records()
        events = [serialize_value(event) for event in instance.all_logs(runs[0].dagster_run.run_id)]
    assert any("problem" in event and ":skull:" in event for event in events)
    assert [event for event in events if re.search(r"\\u(00[0189]|200b|202|206)", event)] == []
    assert not any("MarkdownMetadata" in event for event in events)
