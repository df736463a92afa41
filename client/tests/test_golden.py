"""What both clients must do alike, as data that the TypeScript client has written."""

from __future__ import annotations

import json
import uuid

import pytest
from servers import ROOT

from bmfote_client import TOOL_SPECS, _ids, _records, handle_tool_use
from bmfote_client._engine import Write, Written
from bmfote_client._errors import BmfoteError
from bmfote_client._transport import Request

GOLDEN = ROOT / "test" / "client" / "golden"


def read(name: str):
    return json.loads((GOLDEN / f"{name}.generated.json").read_text("utf-8"))


TOOL_ANSWERS = read("tool-answers")
PATHS = {"/api/search": "search", "/api/similar-error": "find_error", "/api/recent": "recent"}


class FakeApi:
    """Answers what the case says, and takes note of what it was asked."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[list[object]] = []

    def perform(self, step: object) -> object:
        if isinstance(step, Write):
            self.asked.append(["remember"])
            return Written(is_acknowledged=True, is_cut=self.answer.get("truncated", False))
        assert isinstance(step, Request)
        query = {name: value for name, value in step.query.items() if value is not None}
        if step.path.startswith("/api/message/"):
            uuid = step.path.removeprefix("/api/message/").replace("%20", " ")
            self.asked.append(["get_message", uuid, query])
            if self.answer is None:
                raise BmfoteError("not_found", "message not found", status=404)
            return self.answer
        self.asked.append([PATHS[step.path], query])
        return self.answer


@pytest.mark.parametrize("case", TOOL_ANSWERS, ids=[case["name"] for case in TOOL_ANSWERS])
def test_the_tools_answer_word_for_word_as_the_servers_do(case, connect, monkeypatch, workspace):
    api = FakeApi(case["api"])
    client = connect(workspace=None)
    monkeypatch.setattr(client._engine, "perform", api.perform)
    if case["tool"] == "remember":
        monkeypatch.setattr(_ids, "random_id", lambda: case["api"]["uuid"])

    result = handle_tool_use({"id": "toolu_1", "name": case["tool"], "input": case["input"]}, client)

    expected = case["text"]
    if case["tool"] == "remember" and not case["is_error"]:
        # Here the client itself says which session it is, where the server of the case does.
        session = f"agent-memory-{case['input'].get('project', 'managed-agent')}"
        expected = expected.replace(case["api"]["session_id"], session)
    assert result["content"] == expected
    assert result.get("is_error", False) == case["is_error"]
    assert api.asked == [["remember"] if ask[0] == "remember" else ask for ask in case["asks"]]


def test_what_remember_stores_is_what_the_mcp_tool_stores():
    author = _records.Author(None, "ana", "messages-api")
    note = _records.memory_note(author, content="It is 4242.", topic="port", project="acme", workspace=None)

    assert note["session_id"] == "agent-memory-acme"
    assert note["content"] == "[port]\nIt is 4242."
    assert (note["type"], note["role"]) == ("assistant", "assistant")


def test_derived_ids_are_those_of_the_other_client():
    ids = read("ids")
    examples = ids["examples"]

    assert len(examples) > 2
    for example in examples:
        assert _ids.derived_id(*example["name"].split("\x1f")) == example["uuid"]
    assert uuid.UUID(ids["namespace"]) == _ids.NAMESPACE


def test_tool_specs_are_what_the_messages_api_takes():
    assert [spec["name"] for spec in TOOL_SPECS] == [
        "search_memory",
        "find_error",
        "get_context",
        "get_recent",
        "remember",
    ]
    for spec in TOOL_SPECS:
        assert set(spec) == {"name", "description", "input_schema"}
