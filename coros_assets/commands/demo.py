"""The simulated runner in a home of her own, so that nobody's own runs are mixed with hers.

Belongs here: landing the simulated files once. Does not: simulating them (`sample/`) or loading them
(`load.py`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from coros_assets.errors import CorosError
from coros_assets.progress import tracked
from coros_assets.sample.files import SAMPLE_ATHLETE, sample_files, sample_roster, sample_wellness
from coros_assets.sample.roster import HOME_TIMEZONE
from coros_assets.sample.runner import simulate
from coros_assets.settings import HOME_SETTINGS, Settings, load_settings
from coros_assets.storage.lake import ObjectStore

_MARK: Final = "demo.txt"  # says which demo the home holds
_LANDED: Final = "landed"


def demo_home() -> None:
    """Unless COROS_HOME is given, makes a folder beside the default home the home of this process."""
    settings = load_settings()
    if "home" not in settings.model_fields_set:
        os.environ["COROS_HOME"] = str(settings.home.with_name("demo"))


def land_demo(settings: Settings, years: float, seed: int) -> bool:
    """Lands the simulated files, roster, wellness and athlete; False if these very ones are landed already.

    Raises:
        CorosError: the home holds something else.
    """
    mark = settings.home / _MARK
    wanted = f"{years:g} years, seed {seed}"
    present = mark.read_text(encoding="utf-8").splitlines() if mark.exists() else []
    if present == [wanted, _LANDED]:
        return False
    landing = ObjectStore(settings.landing)
    is_other = present[0] != wanted if present else next(landing.list(), None) is not None
    if is_other:
        raise CorosError(
            f"{settings.home} holds other data than this demo's; "
            "set COROS_HOME to an empty folder and run it again."
        )
    _write(mark, wanted.encode())
    _write(settings.home / HOME_SETTINGS, f"COROS_HOME_TIMEZONE={HOME_TIMEZONE}\n".encode())
    _write(settings.athlete_path, SAMPLE_ATHLETE)
    _write(settings.home / "roster" / "roster.ics", sample_roster(years, seed))
    _write(settings.home / "wellness" / "wellness.csv", sample_wellness(years, seed))
    runs = len(simulate(years, seed).runs)
    for name, data in tracked(sample_files(years, seed), runs, "Simulating runs"):
        landing.put(name, data)
    _write(mark, f"{wanted}\n{_LANDED}".encode())
    return True


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
