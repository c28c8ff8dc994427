"""A server that behaves as COROS's is documented and was seen to: real OAuth, real MCP, on loopback.

Belongs here: the server and how it is told to fail. Does not: OAuth (`accounts.py`), or what a runner has
(`runner.py`).

Built on the MCP library's own server. The paths of OAuth are COROS's, found only through its metadata; tools
answer in text quoted as JSON; tokens run out and are replaced when renewed; 50 files a day, after which it
answers as if there were none.
"""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import BlobResourceContents, EmbeddedResource
from pydantic import AnyUrl

from coros_assets_tests.servers import LOOPBACK
from coros_assets_tests.sync.accounts import SCOPE, Accounts
from coros_assets_tests.sync.runner import Runner

PATHS = {"/oauth2/authorize": "/authorize", "/oauth2/token": "/token", "/connect/register": "/register"}


@dataclass
class Answer:
    """What is sent in place of an answer; `cut` ends it before its announced length."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False


class CorosServer:
    """The server, what it was asked, and what it is to answer instead.

    `instead` maps a tool's name, or a path, to answers that are sent once each, in order, in place of its
    own; an answer may be a function, which is called first and may return None for the usual answer.
    """

    def __init__(self, url: str) -> None:
        self.url = f"{url}/mcp"
        self.base = url
        self.accounts = Accounts()
        self.begin(Runner())

    def begin(self, runner: Runner) -> None:
        """Forgets everything, and has what this runner has."""
        self.runner = runner
        self.accounts.begin()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.instead: dict[str, list[Answer | Callable[[], Answer | None]]] = {}
        self.texts: dict[str, str] = {}
        self.addresses = ""
        self.files_given = 0

    def calls(self, tool: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.asked if name == tool]

    def tools(self, hidden: set[str], *, json_response: bool) -> FastMCP:
        mcp = FastMCP(
            "COROS",
            auth_server_provider=self.accounts,
            auth=AuthSettings(
                issuer_url=self.base,
                resource_server_url=self.url,
                client_registration_options=ClientRegistrationOptions(
                    enabled=True, valid_scopes=[SCOPE, "offline_access"], default_scopes=[SCOPE]
                ),
                required_scopes=[SCOPE],
                validate_token_resource=False,
            ),
            stateless_http=True,
            json_response=json_response,
            log_level="CRITICAL",
        )
        for tool in (
            self.querySleepOverview,
            self.querySleepHrv,
            self.queryRestingHeartRate,
            self.querySportRecords,
            self.downloadActivityFitFiles,
        ):
            if tool.__name__ not in hidden:
                mcp.add_tool(tool, structured_output=False)
        return mcp

    def querySleepOverview(self, startDate: str, endDate: str) -> str:  # noqa: N802, N803
        """Sleep by day of waking."""
        return self._text("querySleepOverview", self.runner.sleep(startDate, endDate), locals())

    def querySleepHrv(self, startDate: str | None, endDate: str | None, days: int = 7) -> str:  # noqa: N802, N803
        """Official assessment and raw curves, of seven days at most."""
        return self._text("querySleepHrv", self.runner.hrv(str(startDate), str(endDate)), locals())

    def queryRestingHeartRate(self, days: int, timezone: str = "") -> str:  # noqa: N802
        """Daily values of the last days."""
        return self._text("queryRestingHeartRate", self.runner.resting(days), locals())

    def querySportRecords(  # noqa: N802
        self,
        startDate: str,  # noqa: N803
        endDate: str,  # noqa: N803
        sportTypeCodes: list[int],  # noqa: N803
        minDistanceKm: float,  # noqa: N803
        limit: int,
        locationKeyword: str = "",  # noqa: N803
    ) -> str:
        """Activities; never more than twenty at once, whatever limit is asked for."""
        return self._text("querySportRecords", self.runner.records(startDate, endDate, 20), locals())

    def downloadActivityFitFiles(self, labelId: str, sportType: int) -> Any:  # noqa: N802, N803
        """The file of one activity."""
        self.asked.append(("downloadActivityFitFiles", {"labelId": labelId, "sportType": sportType}))
        data = self.runner.files.get(labelId)
        self.files_given += data is not None
        if data is None or self.files_given > 50:
            return "[]"
        if self.addresses:
            return json.dumps(self.addresses.format(labelId))
        blob = base64.b64encode(data).decode()
        uri = AnyUrl("https://mcp.coros.com/fit/activity.fit")
        return [EmbeddedResource(type="resource", resource=BlobResourceContents(uri=uri, blob=blob))]

    def _text(self, tool: str, text: str, arguments: dict[str, Any]) -> str:
        self.asked.append((tool, {name: value for name, value in arguments.items() if name != "self"}))
        text = self.texts.get(tool, text)
        if text.startswith("ERROR "):
            raise ToolError(text.removeprefix("ERROR "))
        return json.dumps(text, ensure_ascii=False)


class _Front:
    """What stands before the MCP library's application: COROS's paths, and answers in place of others."""

    def __init__(self, app: Any, server: CorosServer) -> None:
        self._app = app
        self._server = server

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        self._server.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        body, more = b"", True
        while more and scope["method"] == "POST":
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        answer = self._answer(path, body)
        if answer is not None:
            await _sent(answer, send)
            return

        read = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Any:
            return read.pop() if read else await receive()

        known = path if path not in PATHS.values() else "/nothing"
        scope = scope | {"path": PATHS.get(path, known), "raw_path": PATHS.get(path, known).encode()}
        await self._app(scope, again if scope["method"] == "POST" else receive, send)

    def _answer(self, path: str, body: bytes) -> Answer | None:
        name = path
        if path == "/mcp" and body.startswith(b"{"):
            message = json.loads(body)
            name = message.get("params", {}).get("name") or message["method"]
        if waiting := self._server.instead.get(name):
            instead = waiting.pop(0)
            answer = instead if isinstance(instead, Answer) else instead()
            if answer is not None:
                return answer
        if path == "/.well-known/oauth-authorization-server":
            return Answer(body=json.dumps(self._metadata()).encode())
        if path.startswith("/fit/"):
            return Answer(body=self._server.runner.files[path.removeprefix("/fit/").removesuffix(".fit")])
        return None

    def _metadata(self) -> dict[str, Any]:
        base = self._server.base
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
            "registration_endpoint": f"{base}/connect/register",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": [SCOPE],
        }


async def _sent(answer: Answer, send: Any) -> None:
    length = len(answer.body) + (1000 if answer.cut else 0)
    headers = {"content-type": "application/json", "content-length": str(length)} | answer.headers
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})


@contextmanager
def coros_server(
    hidden_tools: set[str] | None = None, *, json_response: bool = True
) -> Iterator[CorosServer]:
    """The server, answering on a port of its own, in JSON or in streams of events."""
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        server = CorosServer(f"http://{LOOPBACK}:{listening.getsockname()[1]}")
        tools = server.tools(hidden_tools or set(), json_response=json_response)
        app = _Front(tools.streamable_http_app(), server)
        web = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not web.started:
                time.sleep(0.01)
            yield server
        finally:
            web.should_exit = True
            thread.join()
