"""The Claude Agent SDK with the Claude Code that it brings, against a stand-in for its API: `npm run test:sdks`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path

import pytest
from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient, ResultMessage, query
from servers import BINARY, rest, running_server, stored
from stand_in_api import call, last_words, running_api, say

from bmfote_client import Client, agent_sdk_hooks, close_when_done

PROJECT = "ops-agent"


def answer(request):
    words = last_words(request)
    if "tool_result" in words:
        return say("That is what came out.")
    if "[bash]" in words:
        return call("Bash", command="echo out-of-the-shell", description="Say it")
    if "[bad]" in words:
        return call("Bash", command="ls /no-such-folder", description="Look")
    if "[search]" in words:
        return call("mcp__bmfote__search_memory", query="Zanzibar")
    return say(f"Hello, number {len(request['messages'])}.")


@pytest.fixture
def api():
    with running_api(answer) as api:
        yield api


@pytest.fixture
def memory(tmp_path):
    with running_server(tmp_path / "server") as server:
        yield server


class Machine:
    """Somebody's computer, and their agent on it."""

    def __init__(self, home: Path, api, memory) -> None:
        self.home = home
        self.api = api
        self.memory = memory
        self.folder = home / "work"
        self.folder.mkdir(exist_ok=True)

    def options(self, **more) -> ClaudeAgentOptions:
        env = {
            "HOME": str(self.home),
            "CLAUDE_CONFIG_DIR": str(self.home / ".claude"),
            "BMFOTE_HOME": str(self.home / ".bmfote"),
            "ANTHROPIC_BASE_URL": self.api.url,
            "ANTHROPIC_API_KEY": "sk-ant-test-000",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            # Lets root skip permissions.
            "IS_SANDBOX": "1",
        }
        return ClaudeAgentOptions(
            env=env, cwd=self.folder, permission_mode="bypassPermissions", setting_sources=["user"], **more
        )

    async def ask(self, prompt: str, url: str | None = None, **more) -> str:
        client = Client(url=url or self.memory.url, timeout=2)
        hooks = agent_sdk_hooks(PROJECT, client)
        result = ""
        run = query(prompt=prompt, options=self.options(hooks=hooks, **more))
        async for message in close_when_done(run, hooks):
            if isinstance(message, ResultMessage):
                result = message.result or ""
        return result

    def set_up_hooks(self) -> None:
        """As a person does it: Claude Code's own hooks record then, too."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "CLAUDE_CONFIG_DIR": str(self.home / ".claude"),
            "BMFOTE_HOME": str(self.home / ".bmfote"),
        }
        (self.home / ".claude").mkdir(exist_ok=True)
        subprocess.run(
            [BINARY, "setup", "--url", self.memory.url, "--token", "t", "--yes"],
            env=environment,
            check=True,
            capture_output=True,
        )

    def spool_is_delivered(self) -> None:
        spool = self.home / ".bmfote" / "spool"
        deadline = time.monotonic() + 60
        while list(spool.glob("*.json")):
            assert time.monotonic() < deadline, "the hooks' sender does not come to its end"
            time.sleep(0.05)


@pytest.fixture
def machine(home, api, memory):
    return Machine(home, api, memory)


def shown(memory):
    messages = stored(memory.url, "bmfote-default")
    return [
        f"{each['role']}{' error' if each['status'] == 'error' else ''}: {each['content']}"
        for each in messages
    ]


def first_messages(request) -> str:
    return str(request["messages"])


def test_a_run_is_recorded_and_the_next_one_recalls_it(machine, api, memory):
    asyncio.run(machine.ask("we call the importer Zanzibar, please do [bash]"))
    assert shown(memory) == [
        "user: we call the importer Zanzibar, please do [bash]",
        "assistant: Bash: echo out-of-the-shell\nSay it",
        "tool: out-of-the-shell",
        "assistant: That is what came out.",
    ]
    for message in stored(memory.url, "bmfote-default"):
        assert (message["project"], message["source"]) == (PROJECT, "agent-sdk")

    asyncio.run(machine.ask("what is the importer called?"))

    asked = next(
        request for request in api.requests if "what is the importer called?" in first_messages(request)
    )
    assert "<bmfote-recall" in first_messages(asked)
    assert "Zanzibar" in first_messages(asked)
    assert [line for line in shown(memory) if "Zanzibar" in line] == [
        "user: we call the importer Zanzibar, please do [bash]"
    ]


def test_a_tool_that_fails(machine, memory):
    asyncio.run(machine.ask("please do [bad]"))

    assert any(line.startswith("tool error: ") and "no-such-folder" in line for line in shown(memory))


def test_with_the_persons_own_hooks_each_turn_is_stored_once(machine, memory):
    machine.set_up_hooks()

    asyncio.run(machine.ask("please do [bash] once"))
    machine.spool_is_delivered()

    lines = shown(memory)
    assert sorted(lines) == sorted(
        [
            "user: please do [bash] once",
            # This one Claude Code's own hooks know alone.
            "assistant: I will see.",
            "assistant: Bash: echo out-of-the-shell\nSay it",
            "tool: out-of-the-shell",
            "assistant: That is what came out.",
        ]
    )


def test_the_memorys_tools_over_mcp(machine, api, memory):
    rest(memory.url, "POST", "/api/remember", {"content": "Zanzibar is the importer.", "project": "acme"})
    servers = {"bmfote": {"type": "http", "url": f"{memory.url}/mcp/"}}

    asyncio.run(machine.ask("what is it? [search]", mcp_servers=servers))

    answered = [request for request in api.requests if "tool_result" in last_words(request)]
    assert any("is the importer" in last_words(request) for request in answered)
    assert [line for line in shown(memory) if "is the importer" in line] == [
        "assistant: Zanzibar is the importer."
    ]


def test_a_conversation_of_several_turns(machine, memory):
    async def talk():
        hooks = agent_sdk_hooks(PROJECT, Client(url=memory.url))
        async with ClaudeSDKClient(machine.options(hooks=hooks)) as agent:
            for prompt in ("first", "second"):
                await agent.query(prompt)
                async for _ in agent.receive_response():
                    pass
        await hooks.close()

    asyncio.run(talk())

    lines = shown(memory)
    assert [line for line in lines if line.startswith("user: ")] == ["user: first", "user: second"]
    assert len(lines) == 4
    assert len({each["session_id"] for each in stored(memory.url, "bmfote-default")}) == 1


def test_a_memory_that_is_away_is_no_obstacle(machine, free_port):
    assert asyncio.run(machine.ask("hello", url=f"http://127.0.0.1:{free_port}")).startswith("Hello, number")
