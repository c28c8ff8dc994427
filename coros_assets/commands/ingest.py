"""Copies a runner's files into landing, keeping their folders, and never half a file.

Belongs here: finding activity files below given paths. Does not: reading them (`bronze/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pyarrow as pa

from coros_assets.bronze.catalogue import content_hash
from coros_assets.errors import CorosError, RosterError, WellnessError, first_line
from coros_assets.formats.read import READ_SUFFIXES
from coros_assets.own_inputs import home_now
from coros_assets.progress import tracked
from coros_assets.roster.load import ROSTER_SUFFIXES, understood
from coros_assets.storage.folder import as_key
from coros_assets.storage.lake import ObjectStore
from coros_assets.stores import Stores
from coros_assets.wellness.load import WELLNESS_SUFFIXES
from coros_assets.wellness.read import read_wellness


@dataclass(frozen=True)
class Copied:
    """How many activity files were found, and how many of them were not in landing yet."""

    found: int
    copied: int


def copy_to_landing(paths: Sequence[Path], landing: ObjectStore) -> Copied:
    """Puts every activity file at or below `paths` into landing.

    Raises:
        CorosError: a path does not exist or cannot be read, or there is no activity file at all.
    """
    files = [found for path in paths for found in _activity_files(path)]
    if not files:
        places = ", ".join(map(str, paths))
        suffixes = ", ".join(READ_SUFFIXES)
        raise CorosError(f"There is no activity file in {places}; looked for names ending in {suffixes}.")
    if landing.folder is not None:
        files = [(file, key) for file, key in files if not file.is_relative_to(landing.folder)]
    present = {found.key for found in landing.list()}
    copied = 0
    for file, key in tracked(files, len(files), "Copying to landing"):
        copied += _copy(file, key, present, landing)
    return Copied(len(files), copied)


def _activity_files(path: Path) -> Iterator[tuple[Path, str]]:
    """Files with the key they get in landing: their path from the given folder's name on."""
    path = path.expanduser().absolute()
    if not path.exists():
        raise CorosError(f"{path} does not exist; give the folder or file with your exported activities.")
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in inside:
        if file.is_file() and file.name.lower().endswith(READ_SUFFIXES):
            yield file, as_key(file.relative_to(path.parent))


def _copy(file: Path, key: str, present: set[str], landing: ObjectStore) -> bool:
    """Copies one file and never over another; of two with the same name one gets its hash into its own."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CorosError(f"{file} cannot be read: {first_line(error)}.") from error
    name = PurePosixPath(key)
    of_its_own = str(name.with_name(f"{content_hash(data)[:12]}_{name.name}"))
    for place in (key, of_its_own):
        if place not in present and landing.put_new(place, data):
            present.add(place)
            return True
        if landing.get(place) == data:
            return False
    raise CorosError(f"{of_its_own} in {landing.uri} is not what its name says; move it away and try again.")


def keep_roster(file: Path, stores: Stores) -> None:
    """Makes `file` the roster that counts, after reading it; the present one stays if it is bad.

    Raises:
        RosterError: it cannot be read or understood.
        CorosError: COROS_ROSTER names another roster.
    """
    settings = stores.settings
    if settings.roster:
        raise CorosError(
            f"COROS_ROSTER names {settings.roster}; change that file, or unset it to use --roster."
        )
    read_roster_file(file, stores)
    _replace(file, settings.roster_path, "roster")


def keep_wellness(file: Path, stores: Stores) -> None:
    """Makes `file` the wellness file that counts, after reading it; the present one stays if it is bad.

    Raises:
        WellnessError: it cannot be read or understood.
        CorosError: COROS_WELLNESS names another file.
    """
    settings = stores.settings
    if settings.wellness:
        raise CorosError(
            f"COROS_WELLNESS names {settings.wellness}; change that file, or unset it to use --wellness."
        )
    if file.suffix.lower() not in WELLNESS_SUFFIXES:
        raise WellnessError(f"{file.name} does not end in one of {', '.join(WELLNESS_SUFFIXES)}: rename it.")
    try:
        data = file.expanduser().read_bytes()
    except OSError as error:
        raise WellnessError(f"The wellness file {file} cannot be read: {first_line(error)}.") from error
    read_wellness(file.name, data, home_now(stores))
    _replace(file, settings.wellness_path, "wellness")


def _replace(file: Path, folder: Path, name: str) -> None:
    """Puts a copy of `file` under `name` in the place of what the folder has under it.

    The old one goes last: of two the newer counts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part, kept = folder / f"{name}.part", folder / f"{name}{file.suffix.lower()}"
    part.write_bytes(file.expanduser().read_bytes())
    part.replace(kept)
    for old in folder.glob(f"{name}.*"):
        if old != kept:
            old.unlink()


def read_roster_file(file: Path, stores: Stores) -> pa.Table:
    """The shifts of a roster file, as `tables.ROSTER_SHIFTS`.

    Raises:
        RosterError: it is not named as a roster, cannot be read or understood; the text names the file.
    """
    if file.suffix.lower() not in ROSTER_SUFFIXES:
        raise RosterError(f"The roster {file} must be a file named {', '.join(ROSTER_SUFFIXES)}.")
    try:
        data = file.expanduser().read_bytes()
    except OSError as error:
        raise RosterError(f"The roster {file} cannot be read: {first_line(error)}.") from error
    return understood(file.name, data, stores.settings, home_now(stores))
