"""The built binary as a server, and what fails in front of it. Both are processes of the tests' own."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Another copy may be named, while dist/ is being built anew.
BINARY = Path(os.environ.get("BMFOTE_BINARY") or ROOT / "dist" / "bmfote")
NODE = ROOT / "node_modules" / ".bin" / "node"
START_SECONDS_MAX = 60


@dataclass
class Server:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def running_server(home: Path, *, port: int = 0, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    server = start_server(home, port=port, env=env)
    try:
        yield server
    finally:
        server.kill()


def start_server(home: Path, *, port: int = 0, env: Mapping[str, str] | None = None) -> Server:
    home.mkdir(parents=True, exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "BMFOTE_HOME": str(home), **(env or {})}
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [BINARY, "server", "start", "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    state = home / "run" / "server.json"
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            found = json.loads(state.read_text())
        except (OSError, ValueError):
            found = {}
        if found.get("pid") == process.pid:
            return Server(found["url"], process)
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"the server did not start: {(home / 'server.log').read_text()[-2000:]}")


@dataclass
class FaultProxy:
    """Treats requests as its mode says: test/client/fault-proxy.ts."""

    url: str
    process: subprocess.Popen[str]

    def mode(self, mode: str, **details: object) -> None:
        body = json.dumps({"mode": mode, **details}).encode()
        request = urllib.request.Request(
            f"{self.url}/__mode", data=body, headers={"content-type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            response.read()


@contextmanager
def running_proxy(target: str) -> Iterator[FaultProxy]:
    process = subprocess.Popen(
        [NODE, ROOT / "test" / "client" / "fault-proxy.ts", "--target", target],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield FaultProxy(json.loads(process.stdout.readline())["url"], process)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def rest(url: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    """A request as anybody makes it: the truth about what is stored."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"} if data else {}
    request = urllib.request.Request(f"{url}{path}", data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def stored(url: str, workspace: str, session_id: str | None = None) -> list[dict[str, object]]:
    """Every message of a workspace, in the order in which they were said."""
    messages: list[dict[str, object]] = []
    cursor = ""
    while True:
        _, page = rest(url, "GET", f"/api/messages?workspace_id={workspace}{cursor}")
        assert isinstance(page, dict)
        messages += page["messages"]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    found = [each for each in messages if session_id in (None, each["session_id"])]
    return sorted(found, key=lambda each: str(each["timestamp"]))
