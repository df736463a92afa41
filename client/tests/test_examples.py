"""What the README and the examples show: with the right types, and running."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from servers import ROOT, running_server
from snippets import programs, write_programs
from stand_in_api import call, last_words, running_api, say

from bmfote_client import Client

PROGRAMS = programs(with_agent_sdk=False)
TOKEN = "example-token-1234567890"


def answer(request):
    words = last_words(request)
    known = str(request.get("system", "")) + str(request["messages"])
    if "Find out" in words:
        return say("I looked it up: Globex charges 40 euros a seat.")
    if request.get("tools") and "tool_result" not in words:
        return call("search_memory", query="What did we decide about Acme")
    if "10 percent" in known:
        return say("Acme gets 10 percent off.")
    return say("Globex charges 40 euros." if "40 euros a seat" in known else "I know nothing.")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("programs")
    write_programs(folder, PROGRAMS)
    with running_server(home / "server", env={"API_TOKEN": TOKEN}) as server, running_api(answer) as api:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(ROOT / "client" / "src"),
            "BMFOTE_URL": server.url,
            "BMFOTE_TOKEN": TOKEN,
            "ANTHROPIC_BASE_URL": api.url,
            "ANTHROPIC_API_KEY": "sk-ant-test-000",
        }
        Client(url=server.url, token=TOKEN, strict=True).remember(
            "Acme gets 10 percent off, decided last week."
        )

        def run(names: list[str], *arguments: str) -> str:
            """In one process, for importing the SDK takes the longest."""
            code = (
                "import runpy, sys; paths = sys.argv.pop(1).split(); [runpy.run_path(path) for path in paths]"
            )
            done = subprocess.run(
                [sys.executable, "-c", code, " ".join(str(folder / name) for name in names), *arguments],
                env=env,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            assert done.returncode == 0, done.stderr
            assert done.stderr == ""
            return done.stdout

        yield run


def test_what_the_readme_says_runs(run):
    names = [name for name in PROGRAMS if name.startswith("readme_")]
    assert len(names) == 4

    output = run(names)

    assert "I know nothing." in output
    assert "Acme gets 10 percent off." in output


def test_an_agent_goes_on_with_its_research(run):
    assert run(["research_agent.py"], "Find out what our competitors charge a seat.").startswith(
        "I looked it up"
    )
    assert run(["research_agent.py"], "Continue from where we left off.") == "Globex charges 40 euros.\n"


def test_the_tool_loop_answers_from_memory(run):
    assert run(["tool_loop.py"]) == "Acme gets 10 percent off.\n"


def test_they_have_the_right_types(tmp_path):
    paths = write_programs(tmp_path, PROGRAMS)
    assert len(paths) == 6
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


def test_every_public_name_is_in_the_readme():
    import bmfote_client

    readme = (ROOT / "client" / "README.md").read_text("utf-8")
    # Types of answers, and of what the functions give.
    typed = {"ContextMessage", "ErrorMatch", "RecentMessage", "Remembered", "SearchHit", "StoredMessage"}
    typed |= {"AgentSdkHooks", "RecordedStream", "AsyncRecordedStream", "Session"}
    assert [name for name in bmfote_client.__all__ if name not in typed and name not in readme] == []
