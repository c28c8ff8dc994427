"""Looks the locked packages up among those with known weaknesses; says so where that list cannot be reached.

The only network calls of `make lint`; nothing of the kind is ever made at run time.
"""

import json
import subprocess
import sys

TIMEOUT_S = 60
COMMAND = [
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock", "--require-hashes"),
    *("--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "5"),
]


def main() -> int:
    """The exit code: 1 if a locked version has a known weakness."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return skipped(f"no answer within {TIMEOUT_S} s")
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return skipped((done.stderr.splitlines() or ["no answer"])[-1])
    known = [package for package in packages if "vulns" in package]
    if not known:
        return skipped("the index knows none of the packages")
    weak = [package for package in known if package["vulns"]]
    for package in weak:
        print(package["name"], package["version"], *(found["id"] for found in package["vulns"]))
    print(
        f"pip-audit: {len(known)} of {len(packages)} locked packages looked up, {len(weak)} with weaknesses"
    )
    return 1 if weak else 0


def skipped(reason: str) -> int:
    """Says why nothing was looked up; that is no failure."""
    print(f"pip-audit: skipped, known weaknesses cannot be looked up here: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
