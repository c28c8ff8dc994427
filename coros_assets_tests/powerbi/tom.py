"""The model read and written again by Microsoft's own library, as Power BI Desktop would.

Belongs here: talking to its modelling server over its standard input. Does not: any part of the test suite;
the server is a preview under a licence of its own, run by hand with `make powerbi-check-tom`.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from coros_assets.powerbi.project import MODEL

SERVER = "node_modules/@microsoft/powerbi-modeling-mcp-linux-x64/dist/powerbi-modeling-mcp"
PROTOCOL = "2024-11-05"


class Server:
    """The modelling server; requests are answered one after the other."""

    def __init__(self, program: Path) -> None:
        program.chmod(0o755)
        self._process = subprocess.Popen(
            [program, "--start"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._numbers = itertools.count(1)
        client = {"name": "coros-assets", "version": "1"}
        self._ask("initialize", {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": client})
        self._send({"method": "notifications/initialized"})

    def operate(self, tool: str, **request: str) -> dict[str, Any]:
        """What an operation answers; a RuntimeError with its words if it fails."""
        result = self._ask("tools/call", {"name": tool, "arguments": {"request": request}})
        text = result["content"][0]["text"]
        if result.get("isError"):
            raise RuntimeError(text)
        return json.loads(text)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": params})
        for line in self._process.stdout:
            answer = json.loads(line)
            if answer.get("id") == number:
                return answer["result"]
        raise RuntimeError("The modelling server ended without an answer.")

    def _send(self, message: dict[str, Any]) -> None:
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()


def differences(written: Path, committed: Path) -> list[str]:
    """Files of the model that the library would write otherwise; the end of a file does not count."""
    names = {file.relative_to(folder) for folder in (written, committed) for file in folder.rglob("*.tmdl")}
    return [str(name) for name in sorted(names) if _text(written / name) != _text(committed / name)]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig").rstrip() if file.exists() else ""


def main(installed: Path, project: Path) -> int:
    definition = (project / MODEL / "definition").resolve()
    server = Server(installed / SERVER)
    try:
        found = server.operate("connection_operations", operation="ConnectFolder", folderPath=str(definition))
        print(found["message"], {key: n for key, n in found["data"].items() if key.endswith("Loaded")})  # noqa: T201  a command's answer
        with tempfile.TemporaryDirectory() as folder:
            server.operate("database_operations", operation="ExportToTmdlFolder", tmdlFolderPath=folder)
            different = differences(Path(folder), definition)
    finally:
        server.stop()
    print("Written again it is the same." if not different else f"It would write otherwise: {different}")  # noqa: T201  so is this
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
