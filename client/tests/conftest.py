from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import FaultProxy, Server, running_proxy, running_server

from bmfote_client import Client

# What a test forgets to set must not reach the memory of the person who runs it.
for name in [name for name in os.environ if name.startswith("BMFOTE_") or name == "CLAUDE_CONFIG_DIR"]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home."""
    path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(path))
    monkeypatch.setenv("USERPROFILE", str(path))
    return path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that leave it running; each has a workspace of its own."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def shared_proxy(server: Server) -> Iterator[FaultProxy]:
    with running_proxy(server.url) as proxy:
        yield proxy


@pytest.fixture
def proxy(shared_proxy: FaultProxy) -> FaultProxy:
    shared_proxy.mode("pass")
    return shared_proxy


@pytest.fixture
def free_port() -> int:
    """Nobody listens there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def workspace() -> str:
    return f"test-{uuid.uuid4()}"


@pytest.fixture
def connect(server: Server, workspace: str) -> Iterator[Callable[..., Client]]:
    """Clients of the server, closed when the test is over."""
    clients: list[Client] = []

    def connect(**options: object) -> Client:
        client = Client(**{"url": server.url, "workspace": workspace, **options})  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()
