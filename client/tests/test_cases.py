"""Behaviour that the TypeScript client shares, as data: test/client/cases. Each case for the sync and the async client."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers import ROOT, FaultProxy, Server, rest

from bmfote_client import AsyncClient, BmfoteError, Client, handle_tool_use, record_exchange, record_stream

UNTIL_SECONDS_MAX = 20
UNTIL_EVERY_SECONDS = 0.05

FILES = [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "test/client/cases").glob("*.json"))]
CASES = [(f"{file['title']}: {case['name']}", case) for file in FILES for case in file["cases"]]


def test_there_are_cases():
    assert len(CASES) > 40


@pytest.mark.parametrize("kind", [Client, AsyncClient], ids=["sync", "async"])
@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_case(case, kind, server, proxy, tmp_path, caplog):
    caplog.set_level(logging.WARNING, "bmfote_client")
    options = {"workspace": f"w-{uuid.uuid4()}", **case.get("client", {})}
    run = CaseRun(kind, options, server, proxy, tmp_path, caplog)
    try:
        for index, step in enumerate(case["steps"]):
            run.step(step, f"step {index + 1}, {step['do']} {json.dumps(step.get('with', {}))[:200]}")
    finally:
        run.end()


class CaseRun:
    def __init__(
        self,
        kind: type[Client] | type[AsyncClient],
        options: dict[str, Any],
        server: Server,
        proxy: FaultProxy,
        folder: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        self.kind = kind
        self.options = options
        self.server = server
        self.proxy = proxy
        self.caplog = caplog
        self.loop = asyncio.new_event_loop()
        self.kept: dict[str, Any] = {"workspace": options["workspace"], "tmp": str(folder)}
        self.clients: dict[str, Any] = {}
        self.sessions: dict[str, Any] = {}
        self.open("client", {})

    def step(self, step: dict[str, Any], where: str) -> None:
        deadline = time.monotonic() + UNTIL_SECONDS_MAX
        while True:
            started = time.monotonic()
            error: Exception | None = None
            value: Any = None
            try:
                value = self.call(step, self.replace(step.get("with", {})))
            except BmfoteError as raised:
                error = raised
            took = time.monotonic() - started
            wanted = self.replace(step.get("expect"))
            is_match = error is None and ("expect" not in step or matches(value, wanted))
            if not step.get("until") or is_match or time.monotonic() > deadline:
                break
            time.sleep(UNTIL_EVERY_SECONDS)
        if "raises" in step:
            assert error is not None, where
            assert matches(vars(error), self.replace(step["raises"])), (where, vars(error))
        elif error is not None:
            raise error
        else:
            assert is_match, (where, value, wanted)
        if "at_most_ms" in step:
            assert took * 1000 < step["at_most_ms"], where
        if "as" in step:
            self.kept[step["as"]] = value

    def end(self) -> None:
        self.proxy.mode("pass")
        for client in self.clients.values():
            self.result(client.close())
        self.loop.close()

    def result(self, value: Any) -> Any:
        """What an async client gives has to be awaited."""

        async def awaited() -> Any:
            return await value

        return self.loop.run_until_complete(awaited()) if inspect.isawaitable(value) else value

    def call(self, step: dict[str, Any], args: dict[str, Any]) -> Any:
        session = self.sessions.get(step.get("on", ""))
        name = step["do"]
        if session is not None:
            return self.result(on_session(session, name, args, self))
        client = self.clients[step.get("on", "client")]
        match name:
            case "session":
                opened = client.session(args["project"], session_id=args.get("session_id"))
                self.sessions[step["as"]] = opened
                return {"project": opened.project, "session_id": opened.session_id}
            case "client":
                return self.open(step["as"], args.get("options", args))
            case "warnings":
                return [record.getMessage() for record in self.caplog.records]
            case "mode":
                return self.proxy.mode(**args)
            case "rest":
                status, body = rest(
                    self.server.url, args.get("method", "GET"), args["path"], args.get("body")
                )
                return {"status": status, "body": body}
            case "handle_tool_use":
                return self.result(handle_tool_use(args["block"], client))
            case "flush" if "timeout" in args:
                return self.result(client.flush(args["timeout"] / 1000))
            case _:
                return self.result(getattr(client, name)(**args))

    def open(self, name: str, more: dict[str, Any]) -> Any:
        options = self.replace({**self.options, **more})
        timeout = options.pop("timeout_ms", 1000) / 1000
        client = self.kind(**{"url": self.proxy.url, "timeout": timeout, **options})
        self.clients[name] = client
        return {"url": client.url}

    def replace(self, value: Any) -> Any:
        """`$name` and `$name.field` stand for what was kept, in a longer text too."""
        if isinstance(value, str):
            whole = re.fullmatch(r"\$(\w+)((?:\.\w+)*)", value)
            if whole and whole[1] in self.kept:
                return self.dig(whole[1], whole[2])
            return re.sub(r"\$\{(\w+)((?:\.\w+)*)\}", lambda found: str(self.dig(found[1], found[2])), value)
        if isinstance(value, list):
            return [self.replace(each) for each in value]
        if isinstance(value, dict):
            return {key: self.replace(each) for key, each in value.items()}
        return value

    def dig(self, name: str, path: str) -> Any:
        found = self.kept[name]
        for key in filter(None, path.split(".")):
            found = found[int(key)] if isinstance(found, list) else found[key]
        return found


def on_session(session: Any, name: str, args: dict[str, Any], run: CaseRun) -> Any:
    if name == "record_exchange":
        return record_exchange(session, args["user"], args["response"])
    if name == "record_stream":
        if run.kind is Client:
            return list(record_stream(session, args["user"], iter(args["events"])))
        return gather(record_stream(session, args["user"], stream_of(args["events"])))
    return getattr(session, name)(**args)


async def gather(stream: Any) -> list[Any]:
    return [event async for event in stream]


async def stream_of(events: list[Any]) -> Any:
    for event in events:
        yield event


def contains(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, str):
        return isinstance(wanted, str) and wanted in actual
    return isinstance(actual, list) and any(matches(each, wanted) for each in actual)


RULES: dict[str, Callable[[Any, Any], bool]] = {
    "$any": lambda actual, _: actual is not None,
    "$length": lambda actual, wanted: hasattr(actual, "__len__") and len(actual) == wanted,
    "$contains": contains,
    "$not_contains": lambda actual, wanted: not contains(actual, wanted),
    "$match": lambda actual, wanted: isinstance(actual, str) and re.search(wanted, actual) is not None,
    "$all": lambda actual, wanted: all(matches(actual, each) for each in wanted),
}


def matches(actual: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(wanted)
            and all(matches(one, other) for one, other in zip(actual, wanted, strict=True))
        )
    if not isinstance(wanted, dict):
        return type(actual) is type(wanted) and actual == wanted
    for name, argument in wanted.items():
        if name in RULES:
            return RULES[name](actual, argument)
    return isinstance(actual, dict) and all(matches(actual.get(key), value) for key, value in wanted.items())


def test_the_matcher_tells_what_matches_from_what_does_not() -> None:
    assert matches({"a": [1, {"b": "xyz"}], "c": 1}, {"a": [1, {"b": {"$contains": "y"}}]})
    assert not matches({"a": [1]}, {"a": [1, 2]})
    assert not matches(None, {"$any": True})
    assert not matches("abc", {"$not_contains": "b"})
    assert not matches({"a": True}, {"a": 1})


def test_every_case_expects_something() -> None:
    for name, case in CASES:
        assert any({"expect", "raises", "at_most_ms"} & step.keys() for step in case["steps"]), name
