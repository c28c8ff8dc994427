"""The machine of `infra/` on this one: its units as systemd would keep them, with its own configuration.

Belongs here: reading what `infra/` says. Does not: what stands here for AWS, or what the machine is to do
(`test_machine.py`).
"""

from __future__ import annotations

import configparser
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template

INFRA = Path(__file__).parents[2] / "infra"
FILES = INFRA / "files"
SERVICES = ("coros-code-server", "coros-daemon", "coros-web-server")
PROGRAMS = "/opt/coros-assets/current/venv/bin"
SETTING = re.compile(r'^    ([A-Z_0-9]+) += (?:"(.*?)"|(\S+))(?: +#.*)?$', re.MULTILINE)
EXPRESSION = re.compile(r"\$\{(.*?)\}")


def environment(here: Mapping[str, str]) -> dict[str, str]:
    """What `machine.tf` gives every process, with `here` for its expressions and the machine's paths."""
    text = (INFRA / "machine.tf").read_text(encoding="utf-8")
    block = text[text.index("  environment = {") :].partition("\n  }")[0]
    found = {
        name: EXPRESSION.sub(lambda match: here[match[1]], quoted) if expression == "" else here[expression]
        for name, quoted, expression in SETTING.findall(block)
    }
    assert len(found) == block.count("\n"), "a line of the environment was not understood"
    return {name: placed(value, here) for name, value in found.items()}


def placed(text: str, here: Mapping[str, str]) -> str:
    """A text of the machine with the paths of this one."""
    for path in (path for path in here if path.startswith("/")):
        text = text.replace(path, here[path])
    return text


class Unit:
    """A service: started, and started again when it ends, by its own `Restart` and `RestartSec`."""

    def __init__(self, name: str, here: Mapping[str, str], settings: Mapping[str, str], logs: Path) -> None:
        parser = configparser.ConfigParser(interpolation=None)
        parser.optionxform = str  # type: ignore[assignment, method-assign]  systemd's names have capitals
        parser.read_string(placed((FILES / f"{name}.service").read_text(encoding="utf-8"), here))
        service = parser["Service"]
        assert service["Restart"] == "always"
        self._again_after_s = float(service["RestartSec"])
        self._before, self._command = (
            [Template(word).substitute(settings) for word in shlex.split(service.get(key, ""))]
            for key in ("ExecStartPre", "ExecStart")
        )
        self._settings, self._log = dict(settings), logs / f"{name}.log"
        self._over, self._thread = threading.Event(), threading.Thread(target=self._keep)
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def start(self) -> None:
        self._thread.start()

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        assert self.process is not None
        self.process.kill()

    def stop(self) -> None:
        self._over.set()
        if self.process is not None:
            self.process.terminate()
        self._thread.join(60)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _keep(self) -> None:
        with self._log.open("ab") as log:
            while not self._over.is_set():
                if self._before:
                    subprocess.run(self._before, env=self._settings, stdout=log, stderr=log, check=False)
                self.process = subprocess.Popen(
                    self._command, env=self._settings, stdout=log, stderr=log, start_new_session=True
                )
                self.starts += 1
                self.process.wait()
                with suppress(ProcessLookupError):  # systemd ends whatever else is in the unit
                    os.killpg(self.process.pid, signal.SIGKILL)
                self._over.wait(self._again_after_s)


@contextmanager
def machine(
    folder: Path, here: Mapping[str, str], more: Mapping[str, str]
) -> Iterator[tuple[dict[str, Unit], dict[str, str]]]:
    """The three services at work, and their environment; `more` is what AWS gives beside it: credentials."""
    paths = {
        "/etc/coros-assets": str(folder / "etc"),
        "/var/lib/coros-assets": str(folder / "var"),
        PROGRAMS: str(Path(sys.executable).parent),
    }
    here = {**here, **paths}
    own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    settings = environment(here) | own | {"HOME": str(folder)} | more
    for needed in (folder / "etc", Path(settings["COROS_HOME"]), Path(settings["DAGSTER_HOME"])):
        needed.mkdir(parents=True, exist_ok=True)
    for name in ("dagster.yaml", "workspace.yaml"):
        (folder / "etc" / name).write_bytes((FILES / name).read_bytes())
    Path(settings["DAGSTER_HOME"], "dagster.yaml").symlink_to(folder / "etc" / "dagster.yaml")
    units = {name: Unit(name, here, settings, folder) for name in SERVICES}
    try:
        for unit in units.values():
            unit.start()
        yield units, settings
    finally:
        for unit in units.values():
            unit.stop()
