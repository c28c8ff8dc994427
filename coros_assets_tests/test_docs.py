"""The documentation names everything that a user can use."""

import re
from pathlib import Path

import click
import pytest

from coros_assets.cli import main
from coros_assets.dictionary import dictionary
from coros_assets.gold.metrics.registry import ACTIVITY_METRICS, EFFORT_METRIC, LOAD_METRICS
from coros_assets.roster.cycles import find_cycle, named_cycles
from coros_assets.settings import Settings
from coros_assets_tests.roster.builders import read

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        is_group = isinstance(command, click.Group)
        found += commands(command, f"{prefix}{name} ") if is_group else [f"{prefix}{name}"]
    return found


@pytest.mark.parametrize("command", commands(main))
def test_every_command_is_in_the_readme(command):
    assert f"`coros-assets {command}" in README


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_in_the_readme(setting):
    assert f"`COROS_{setting.upper()}`" in README


def test_every_file_that_the_documentation_points_to_exists():
    for page in (
        ROOT / "README.md",
        *sorted(ROOT.glob("docs/*.md")),
        *sorted(ROOT.glob("infra/**/README.md")),
    ):
        links = [part.split(")")[0] for part in page.read_text(encoding="utf-8").split("](")[1:]]
        local = [link.partition("#")[0] for link in links if not link.startswith(("http", "#"))]
        assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_pages_for_aws_name_commands_and_outputs_that_exist():
    """What somebody types in a hurry: `coros-assets …`, `terraform output …`, and `out …` of the runbook."""
    outputs = (ROOT / "infra" / "outputs.tf").read_text(encoding="utf-8")
    for page in (ROOT / "docs" / "runbook.md", *sorted(ROOT.glob("infra/**/README.md"))):
        text = re.sub(r"^#.*", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        typed = set(re.findall(r"coros-assets ([a-z]+)\b", text))
        assert typed <= {command.split()[0] for command in commands(main)}, page
        named = set(re.findall(r"(?: output (?:-raw |-json )|\$\(out |`out )([a-z_]{4,})", text))
        assert named <= set(re.findall(r'^output "(\w+)"', outputs, re.MULTILINE)), page
        assert typed | named


def test_the_rosters_in_the_readme_are_read_as_they_stand():
    fences = re.findall(r"```(?:toml|csv)\n(.*?)```", README, re.DOTALL)
    (codes,) = (text for text in fences if '"*"' in text)
    (table,) = (text for text in fences if text.startswith("date,start,"))
    (pattern,) = (text for text in fences if text.startswith("[[pattern]]"))
    assert read("r.csv", table.encode(), codes=codes)["title"].to_pylist() == [None, "LD"]
    assert read("r.toml", pattern.encode(), codes=codes)["start_time_local"].to_pylist()[0].year == 2025


def test_the_readme_names_every_usual_cycle():
    known = {cycle.letters for word in re.findall(r"[\w/-]+", README) if (cycle := find_cycle(word))}
    assert {cycle.letters for cycle in named_cycles().values()} <= known


def test_the_data_dictionary_is_up_to_date():
    """Else `make dictionary` writes it anew."""
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == dictionary()


@pytest.mark.parametrize(
    "metric", [*ACTIVITY_METRICS, *LOAD_METRICS, EFFORT_METRIC], ids=lambda metric: metric.function.__name__
)
def test_every_metric_says_when_it_is_empty_and_where_it_comes_from(metric):
    text = metric.function.__doc__
    assert "Source: " in text
    assert any(word in text for word in ("None ", "NaN ", "ever empty"))
