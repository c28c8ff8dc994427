"""Writes the generated part of the Power BI project: `python -m coros_assets.powerbi FOLDER`.

Belongs here: putting the files in place. Does not: what is in them (`project.py`).
"""

import sys
from pathlib import Path

from coros_assets.powerbi.project import BY_HAND, DESKTOP_FOLDER, MODEL, REPORT, project_files


def write(folder: Path) -> None:
    """Writes every generated file below `folder`; those that are generated no longer are removed.

    What is written by hand stays, and so does what Power BI Desktop keeps for itself.
    """
    files = project_files()
    for part in (MODEL, REPORT):
        for path in sorted((folder / part).rglob("*"), reverse=True):
            if DESKTOP_FOLDER in path.parts or path.relative_to(folder).as_posix() in {*files, BY_HAND}:
                continue
            if path.is_file():
                path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
