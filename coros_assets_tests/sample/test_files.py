import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

import icalendar
from lxml import etree

from coros_assets.athlete import read_athlete
from coros_assets.sample.files import SAMPLE_ATHLETE, sample_files, sample_roster
from coros_assets.sample.runner import (
    MAX_HEART_RATE_BPM,
    RESTING_HEART_RATE_BPM,
    THRESHOLD_HEART_RATE_BPM,
    simulate,
)


def test_equal_arguments_give_equal_names_and_bytes() -> None:
    assert list(sample_files(0.1, 5)) == list(sample_files(0.1, 5))


def test_another_seed_gives_other_bytes() -> None:
    assert list(sample_files(0.1, 5)) != list(sample_files(0.1, 6))


def test_there_is_a_file_for_every_run_and_each_parses() -> None:
    files = list(sample_files(0.2))
    assert len(files) == len(simulate(0.2).runs)
    for _, data in files:
        assert etree.fromstring(data) is not None


def test_names_are_unique_and_those_of_an_export_by_date_and_label() -> None:
    names = [name for name, _ in sample_files(0.3)]
    assert len(set(names)) == len(names)
    assert names == sorted(names)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d_\d{18}\.tcx", name) for name in names)


def test_a_long_history_begins_at_once() -> None:
    files = sample_files(10, runs_per_year=250)
    assert isinstance(files, Iterator)
    assert [name[:4] for name, _ in islice(files, 2)] == ["2016", "2016"]


def test_ten_years_can_hold_2500_runs() -> None:
    assert len(simulate(10, runs_per_year=250).runs) == 2500


def test_the_end_moves_the_history() -> None:
    names = [name for name, _ in sample_files(0.1, end=date(2024, 2, 29))]
    assert all("2024-01-20" < name < "2024-03" for name in names)


def test_the_roster_is_that_of_the_same_history() -> None:
    calendar = icalendar.Calendar.from_ical(sample_roster(1, 4))
    history = simulate(1, 4, runs_per_year=250)
    assert [event.start for event in calendar.events] == [shift.start for shift in history.shifts]


def test_the_athlete_file_gives_every_value() -> None:
    athlete = read_athlete(SAMPLE_ATHLETE).on(date(2006, 1, 1))
    assert athlete.estimated == frozenset()
    assert athlete.sex == "female"
    assert athlete.max_heart_rate_bpm == MAX_HEART_RATE_BPM
    assert athlete.resting_heart_rate_bpm == RESTING_HEART_RATE_BPM
    assert athlete.threshold_heart_rate_bpm == THRESHOLD_HEART_RATE_BPM
    assert athlete.threshold_speed_m_per_s == 3.6
