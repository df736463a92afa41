"""The hooks, called as the Claude Agent SDK calls them. tests/external runs the SDK itself, with Claude Code."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import pytest
from servers import stored

from bmfote_client import AsyncClient, Client, agent_sdk_hooks, close_when_done
from bmfote_client._engine import Engine
from bmfote_client._threads import THREADS_MAX

SESSION = "session-1"


@pytest.fixture
def transcript(tmp_path):
    return Transcript(tmp_path / "projects" / "x" / f"{SESSION}.jsonl")


class Transcript:
    def __init__(self, path):
        self.path = path
        path.parent.mkdir(parents=True)

    def write(self, *lines, path=None):
        target = path or self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)


def prompt_line(uuid, prompt_id, text):
    return {"type": "user", "uuid": uuid, "promptId": prompt_id, "message": {"role": "user", "content": text}}


def answer_line(uuid, *blocks):
    message = {"role": "assistant", "model": "claude-test", "content": list(blocks)}
    return {"type": "assistant", "uuid": uuid, "message": message}


def result_line(uuid, tool_use_id, text):
    block = {"type": "tool_result", "tool_use_id": tool_use_id, "content": text}
    return {"type": "user", "uuid": uuid, "promptId": "p1", "message": {"role": "user", "content": [block]}}


def fire(hooks, name, transcript, **fields):
    """One hook, as the SDK fires it."""
    event = {
        "hook_event_name": name,
        "session_id": SESSION,
        "transcript_path": str(transcript.path) if transcript else "",
        "cwd": "/tmp",
        "prompt_id": "p1",
        **fields,
    }
    [matcher] = hooks[name]
    [callback] = matcher.hooks

    async def run():
        return await callback(event, fields.get("tool_use_id"), {"signal": None})

    return asyncio.run(run())


def turn(hooks, transcript):
    outputs = [
        fire(hooks, "UserPromptSubmit", transcript, prompt="please list the files"),
        fire(
            hooks,
            "PostToolUse",
            transcript,
            tool_name="Bash",
            tool_input={"command": "ls"},
            tool_response={"stdout": "a.txt", "stderr": ""},
            tool_use_id="toolu_1",
        ),
        fire(
            hooks,
            "PostToolUseFailure",
            transcript,
            tool_name="Read",
            tool_input={"file_path": "/b.txt"},
            error="no such file",
            tool_use_id="toolu_2",
        ),
        fire(hooks, "Stop", transcript, stop_hook_active=False, last_assistant_message="There is a.txt."),
    ]
    return outputs


EXPECTED = [
    ("user", "please list the files", None, None),
    ("assistant", "Bash: ls", "Bash", None),
    ("tool", "a.txt", "Bash", "ok"),
    ("assistant", "Read: /b.txt", "Read", None),
    ("tool", "no such file", "Read", "error"),
    ("assistant", "There is a.txt.", None, None),
]


def shown(messages):
    return [(each["role"], each["content"], each["tool"], each["status"]) for each in messages]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_turn_is_recorded_where_there_is_no_transcript(kind, server, workspace):
    client = kind(url=server.url, workspace=workspace)
    hooks = agent_sdk_hooks("ops-agent", client)

    outputs = turn(hooks, None)
    asyncio.run(hooks.close())

    messages = stored(server.url, workspace)
    assert shown(messages) == EXPECTED
    assert {(each["session_id"], each["project"], each["source"]) for each in messages} == {
        (SESSION, "ops-agent", "agent-sdk")
    }
    # On some events, an output makes the model go on.
    assert outputs == [{}, {}, {}, {}]


def test_a_turn_that_is_told_twice_is_stored_once(connect, server, workspace):
    hooks = agent_sdk_hooks("ops-agent", connect())
    turn(hooks, None)
    turn(hooks, None)
    asyncio.run(hooks.close())

    assert shown(stored(server.url, workspace)) == EXPECTED


def test_messages_have_the_ids_of_claude_codes_own_lines(transcript, connect, server, workspace):
    hooks = agent_sdk_hooks("ops-agent", connect())
    transcript.write({"type": "system", "uuid": "s0"}, prompt_line("u1", "p1", "please list the files"))
    turn(hooks, transcript)
    # The rest comes late, as it does.
    transcript.write(
        answer_line("u2", {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "ls"}}),
        result_line("u3", "toolu_1", "a.txt\nand more"),
        answer_line("u4", {"type": "tool_use", "id": "toolu_2", "name": "Read", "input": {}}),
        result_line("u5", "toolu_2", "no such file"),
        answer_line("u6", {"type": "text", "text": "There is a.txt."}),
    )
    asyncio.run(hooks.close())

    messages = stored(server.url, workspace)
    assert [each["uuid"] for each in messages] == ["u1", "u2", "u3", "u4", "u5", "u6"]
    assert messages[2]["content"] == "a.txt\nand more"
    assert messages[5]["model"] == "claude-test"


def test_a_line_that_never_comes_holds_nothing_up(transcript, connect, server, workspace):
    transcript.write({"type": "system", "uuid": "s0"})
    hooks = agent_sdk_hooks("ops-agent", connect())

    turn(hooks, transcript)
    asyncio.run(hooks.close())

    assert shown(stored(server.url, workspace)) == EXPECTED


def test_a_sub_agent_is_a_session_of_its_own(transcript, connect, server, workspace):
    hooks = agent_sdk_hooks("ops-agent", connect())
    agent_path = transcript.path.with_suffix("") / "subagents" / "agent-a1.jsonl"
    transcript.write(answer_line("g1", {"type": "text", "text": "Found it."}), path=agent_path)
    agent = {"agent_id": "a1", "agent_type": "general-purpose"}
    fire(
        hooks,
        "PostToolUse",
        transcript,
        tool_name="Grep",
        tool_input={"pattern": "x"},
        tool_response="x.py",
        tool_use_id="toolu_5",
        **agent,
    )
    ended = {**agent, "agent_transcript_path": str(agent_path)}
    fire(hooks, "SubagentStop", transcript, last_assistant_message="Found it.", **ended)
    # Compaction runs as one too, and has no transcript.
    missing = {
        **agent,
        "agent_id": "c1",
        "agent_transcript_path": str(agent_path.with_name("agent-c1.jsonl")),
    }
    fire(hooks, "SubagentStop", transcript, last_assistant_message="A summary.", **missing)
    asyncio.run(hooks.close())

    messages = stored(server.url, workspace)
    assert shown(messages) == [
        ("assistant", "Grep: x", "Grep", None),
        ("tool", "x.py", "Grep", "ok"),
        ("assistant", "Found it.", None, None),
    ]
    assert {each["session_id"] for each in messages} == {"agent-a1"}
    assert messages[2]["uuid"] == "g1"


def test_what_the_memorys_own_tools_answer_is_not_recorded_again(connect, server, workspace):
    hooks = agent_sdk_hooks("ops-agent", connect())
    fire(
        hooks,
        "PostToolUse",
        None,
        tool_name="mcp__bmfote__search_memory",
        tool_input={"query": "Zanzibar"},
        tool_response=[{"type": "text", "text": "1 hit. …"}],
        tool_use_id="toolu_1",
    )
    fire(hooks, "UserPromptSubmit", None, prompt="<task-notification>done</task-notification>")
    asyncio.run(hooks.close())

    assert [each["content"] for each in stored(server.url, workspace)] == [
        "mcp__bmfote__search_memory: Zanzibar"
    ]


def test_the_first_prompt_of_a_session_recalls(connect):
    client = connect()
    before = client.session("ops-agent")
    before.record_user("Zanzibar is the importer's name.")
    before.record_assistant("Noted: the importer is called Zanzibar.")
    before.close()
    hooks = agent_sdk_hooks("ops-agent", client)

    first = fire(hooks, "UserPromptSubmit", None, prompt="what is Zanzibar?")
    second = fire(hooks, "UserPromptSubmit", None, prompt="what is Zanzibar, again?", prompt_id="p2")

    output = first["hookSpecificOutput"]
    assert output["hookEventName"] == "UserPromptSubmit"
    assert "Zanzibar" in output["additionalContext"]
    assert output["additionalContext"].startswith("<bmfote-recall")
    assert len(output["additionalContext"]) <= 10_000
    assert second == {}
    asyncio.run(hooks.close())


def test_a_memory_that_hangs_holds_the_prompt_up_for_the_timeout_and_nothing_else(proxy, workspace):
    proxy.mode("hang")
    hooks = agent_sdk_hooks("ops-agent", Client(url=proxy.url, workspace=workspace, timeout=0.5))

    started = time.monotonic()
    outputs = turn(hooks, None)
    asyncio.run(hooks.close())
    took = time.monotonic() - started
    proxy.mode("pass")

    assert outputs == [{}, {}, {}, {}]
    assert took < 0.5 + 1.5


def spooled(folder):
    entries = [json.loads(path.read_text())["message"] for path in sorted(folder.glob("*.json"))]
    return [entry["content"] for entry in sorted(entries, key=lambda entry: entry["timestamp"])]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_when_recall_has_used_up_the_time_what_waits_for_its_line_is_in_the_spool_all_the_same(
    kind, proxy, workspace, transcript, tmp_path
):
    proxy.mode("hang")
    client = kind(url=proxy.url, workspace=workspace, timeout=0.3, spool=tmp_path / "spool")
    hooks = agent_sdk_hooks("ops-agent", client)
    # There is a transcript, which says nothing of this turn yet.
    transcript.write({"type": "system", "uuid": "s0"})
    turn(hooks, transcript)
    assert client._engine.seconds_left() == 0

    asyncio.run(hooks.close())
    proxy.mode("pass")

    assert spooled(tmp_path / "spool") == [content for _, content, _, _ in EXPECTED]


def test_when_all_threads_hang_what_waits_for_its_line_is_in_the_spool_all_the_same(
    free_port, transcript, tmp_path, monkeypatch
):
    client = AsyncClient(url=f"http://127.0.0.1:{free_port}", timeout=0.3, spool=tmp_path / "spool")
    hooks = agent_sdk_hooks("ops-agent", client, recall=False)
    transcript.write({"type": "system", "uuid": "s0"})
    turn(hooks, transcript)
    is_over = threading.Event()
    monkeypatch.setattr("bmfote_client._engine.ABANDONED_SECONDS", 0)
    for _ in range(THREADS_MAX):
        client._engine._threads.start(is_over.wait)

    asyncio.run(client.close())
    is_over.set()

    assert spooled(tmp_path / "spool") == [content for _, content, _, _ in EXPECTED]


def test_one_message_that_can_not_be_recorded_takes_no_other_with_it(
    connect, server, workspace, transcript, caplog, monkeypatch
):
    hooks = agent_sdk_hooks("ops-agent", connect(), recall=False)
    transcript.write({"type": "system", "uuid": "s0"})
    record_soon = Engine.record_soon

    def refuse_the_call(engine, message):
        if message["content"] == "Bash: ls":
            raise RuntimeError("odd")
        record_soon(engine, message)

    monkeypatch.setattr(Engine, "record_soon", refuse_the_call)
    turn(hooks, transcript)
    asyncio.run(hooks.close())

    assert shown(stored(server.url, workspace)) == [each for each in EXPECTED if each[1] != "Bash: ls"]
    assert "was not recorded" in caplog.text


def test_halves_of_characters_in_what_hooks_tell_stop_nothing(connect, server, workspace):
    hooks = agent_sdk_hooks("caf\udce9", connect())
    odd = {"session_id": "s\ud83d", "prompt_id": "p\ud83d", "transcript_path": "/no\ud83d/t\0.jsonl"}
    fire(hooks, "UserPromptSubmit", None, prompt="half \ud83d", **odd)
    tool = {"tool_name": "Bash\ud83d", "tool_input": {"command": "\ud83d"}, "tool_response": "\ud83d"}
    fire(hooks, "PostToolUse", None, **tool, tool_use_id="t\ud83d", **odd)
    fire(hooks, "Stop", None, last_assistant_message="done", **odd)
    asyncio.run(hooks.close())

    messages = stored(server.url, workspace)
    assert [each["content"] for each in messages] == ["half \ufffd", "Bash\ufffd: \ufffd", "\ufffd", "done"]
    assert {(each["project"], each["session_id"]) for each in messages} == {("caf\ufffd", "s\ufffd")}


def test_hooks_are_paused_as_those_of_claude_code_are(connect, monkeypatch):
    monkeypatch.setenv("BMFOTE_DISABLE", "1")

    assert agent_sdk_hooks("ops-agent", connect()) == {}


def test_odd_events_break_nothing(connect):
    hooks = agent_sdk_hooks("ops-agent", connect())
    for name, [matcher] in hooks.items():
        for event in ({}, {"session_id": 5}, {"session_id": "s", "tool_use_id": [], "prompt": {}}, None):
            assert asyncio.run(matcher.hooks[0](event, None, None)) == {}, name


def test_a_run_that_is_over_has_been_stored(connect, server, workspace):
    hooks = agent_sdk_hooks("ops-agent", connect())

    async def run():
        [matcher] = hooks["UserPromptSubmit"]
        await matcher.hooks[0]({"session_id": SESSION, "prompt": "Hi", "prompt_id": "p1"}, None, None)
        yield "first"
        yield "last"

    async def main():
        return [message async for message in close_when_done(run(), hooks)]

    assert asyncio.run(main()) == ["first", "last"]
    assert [each["content"] for each in stored(server.url, workspace)] == ["Hi"]
