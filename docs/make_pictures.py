"""Takes the README's pictures from the demo: the asset graph in the Dagster UI, and the report.

`make pictures` runs it; it needs the browser chromium.
"""

import os
import shlex
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from shutil import which

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
PROGRAM = Path(sys.executable).with_name("coros-assets")
PORT = 3999
UI = f"http://127.0.0.1:{PORT}"


def main() -> None:
    """Writes docs/graph.png and docs/report.png."""
    demo = subprocess.run([PROGRAM, "demo"], capture_output=True, text=True, check=True)
    lines = dict(line.split(": ", 1) for line in demo.stdout.splitlines() if ": " in line)
    home = shlex.split(lines["Dagster UI"])[0].removeprefix("COROS_HOME=")
    server = subprocess.Popen(
        [PROGRAM, "ui", "--port", str(PORT)], env=os.environ | {"COROS_HOME": home}, stderr=subprocess.DEVNULL
    )
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1200, "height": 1000})
            page.goto(Path(lines["Report"]).as_uri())
            page.screenshot(path=DOCS / "report.png")
            graph(page)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def graph(page: Page) -> None:
    """The graph of the groups, without the panels around it."""
    for _ in range(120):
        try:
            urllib.request.urlopen(UI, timeout=2).close()
            break
        except OSError:
            time.sleep(1)
    page.set_viewport_size({"width": 2000, "height": 520})
    page.goto(f"{UI}/asset-groups")
    page.wait_for_timeout(10_000)
    page.screenshot(path=DOCS / "graph.png", clip={"x": 550, "y": 115, "width": 1390, "height": 400})


if __name__ == "__main__":
    main()
