"""What the README and the examples show of the Claude Agent SDK: with the right types, and running."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request

import pytest
from servers import ROOT, running_server
from snippets import programs, write_programs
from stand_in_api import call, last_words, running_api, say

PROGRAMS = programs(with_agent_sdk=True)
TOKEN = "example-token-1234567890"


def test_there_are_two():
    assert [name.rstrip("0123456789.py") for name in PROGRAMS] == ["readme_", "ops_agent"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_runs(name, home, tmp_path):
    """With the token that the server asks for, in whichever way the program gives it to Claude Code."""

    def answer(request):
        names = [tool["name"] for tool in request.get("tools") or []]
        if "Continue" not in str(request["messages"]) or "tool_result" in last_words(request):
            return say("The queue was full.")
        return call("mcp__bmfote__search_memory", query="investigation") if names else say("Hm.")

    [path] = write_programs(tmp_path, {name: PROGRAMS[name]})
    with running_server(home / "server", env={"API_TOKEN": TOKEN}) as server, running_api(answer) as api:
        done = subprocess.run(
            [sys.executable, str(path)],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "PYTHONPATH": str(ROOT / "client" / "src"),
                "BMFOTE_URL": server.url,
                "BMFOTE_TOKEN": TOKEN,
                "ANTHROPIC_BASE_URL": api.url,
                "ANTHROPIC_API_KEY": "sk-ant-test-000",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        recorded = [each["content"] for each in messages_of(server.url)]

    assert done.stderr == ""
    assert "The queue was full." in done.stdout
    assert "Continue yesterday's investigation" in recorded
    assert "The queue was full." in recorded


def messages_of(url):
    request = urllib.request.Request(f"{url}/api/recent", headers={"authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.loads(response.read())


def test_they_have_the_right_types(tmp_path):
    paths = write_programs(tmp_path, PROGRAMS)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--config-file=",
            f"--cache-dir={sys.prefix}/mypy-cache",
            *map(str, paths),
        ],
        env={**os.environ, "MYPYPATH": str(ROOT / "client" / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
