"""Servers that die and processes that end: what the cases that both clients share can't say."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from servers import ROOT, running_server, start_server, stored

from bmfote_client import Client, _outbox
from bmfote_client._spool import Spool

SOURCES = str(ROOT / "client" / "src")


def python(code: str, home: Path, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": SOURCES, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(url, workspace):
    return [message["content"] for message in stored(url, workspace)]


def delivered(client, count_of):
    """Until nothing waits any more."""
    deadline = time.monotonic() + 30
    while client.flush(5) > 0 and time.monotonic() < deadline:
        pass
    return count_of()


def test_a_server_that_is_killed_in_the_middle_of_writing_gets_everything_once(
    tmp_path, free_port, workspace
):
    home = tmp_path / "home"
    server = start_server(home, port=free_port)
    client = Client(url=server.url, workspace=workspace, timeout=1)
    session = client.session("acme")
    try:
        for number in range(300):
            session.record_user(f"message {number}")
            if number == 120:
                server.kill()
        assert session.recall("message") == ""
        server = start_server(home, port=free_port)
        found = delivered(client, lambda: contents(server.url, workspace))
    finally:
        server.kill()

    assert found == [f"message {number}" for number in range(300)]


@pytest.mark.parametrize("mode", ["down", "hang", "error", "garbage", "slow"])
def test_a_run_with_a_failing_server_ends_well_within_the_timeout(mode, proxy, home):
    """A program as the README has it, with its recall, its records, its end: all of the waiting takes the timeout."""
    proxy.mode(mode, **({"ms": 30_000} if mode == "slow" else {}))
    # What is registered first runs last: the time is that of the whole run, what is left to send at the end included.
    code = """
import atexit, time
started = time.monotonic()
atexit.register(lambda: print(time.monotonic() - started))
from bmfote_client import Client, record_exchange
client = Client(timeout=1)
session = client.session(project="p")
session.recall("anything")
record_exchange(session, "question", "answer")
session.recall("more")
client.search("more")
session.close()
print("the agent has done its work")
"""
    run = python(code, home, BMFOTE_URL=proxy.url)
    output, errors = run.communicate(timeout=30)

    assert run.returncode == 0, errors
    done, seconds = output.splitlines()
    assert done == "the agent has done its work"
    # The timeout, and what the interpreter itself needs on a busy machine.
    assert float(seconds) < 1 + 1.5


def test_what_was_recorded_is_sent_at_exit(server, home, workspace):
    code = "from bmfote_client import Client\nClient().session('p').record_user('said at the very end')"

    run = python(code, home, BMFOTE_URL=server.url, BMFOTE_WORKSPACE=workspace)

    assert run.wait(timeout=30) == 0
    assert contents(server.url, workspace) == ["said at the very end"]


def test_a_program_that_is_killed_leaves_its_messages_in_the_spool(tmp_path, home, free_port, workspace):
    spool = tmp_path / "spool"
    code = """
import time
from bmfote_client import Client
session = Client(spool=SPOOL).session("p")
for number in range(20):
    session.record_user(f"message {number}")
print("recorded", flush=True)
time.sleep(60)
""".replace("SPOOL", repr(str(spool)))
    run = python(code, home, BMFOTE_URL=f"http://127.0.0.1:{free_port}", BMFOTE_WORKSPACE=workspace)
    assert run.stdout is not None
    assert run.stdout.readline() == "recorded\n"
    run.kill()
    run.communicate()

    assert len(list(spool.glob("*.json"))) == 20
    assert {path.stat().st_mode & 0o777 for path in spool.glob("*.json")} == {0o600}
    assert spool.stat().st_mode & 0o777 == 0o700
    with running_server(tmp_path / "home", port=free_port) as server:
        client = Client(url=server.url, workspace=workspace, spool=spool)
        assert client.flush(20) == 0
        assert contents(server.url, workspace) == [f"message {number}" for number in range(20)]
        client.close()
    assert list(spool.iterdir()) == []


def test_a_flush_waits_for_what_is_being_read_from_the_spool(
    tmp_path, connect, server, workspace, free_port, monkeypatch
):
    spool = tmp_path / "spool"
    away = Client(url=f"http://127.0.0.1:{free_port}", workspace=workspace, spool=spool, timeout=0.1)
    away.session("p").record_user("left behind")
    away.close()
    for path in spool.iterdir():
        path.write_text(json.dumps({**json.loads(path.read_text()), "url": server.url}))
    is_reading, goes_on, read = threading.Event(), threading.Event(), Spool.read

    def slow_read(self, *arguments, **options):
        if threading.current_thread().name == "bmfote-outbox":
            is_reading.set()
            goes_on.wait(10)
        return read(self, *arguments, **options)

    monkeypatch.setattr(Spool, "read", slow_read)
    client = connect(spool=spool)
    assert is_reading.wait(10)

    assert client.flush(0.05) == 1
    goes_on.set()
    assert client.flush(10) == 0
    assert contents(server.url, workspace) == ["left behind"]


def test_messages_for_another_server_stay_in_the_spool(tmp_path, connect, free_port):
    spool = tmp_path / "spool"
    other = Client(url=f"http://127.0.0.1:{free_port}", spool=spool, timeout=0.2)
    other.session("p").record_user("for another")
    other.close()

    client = connect(spool=spool)
    client.session("p").record_user("for this one")
    assert client.flush(10) == 0

    [left] = spool.glob("*.json")
    assert json.loads(left.read_text())["message"]["content"] == "for another"


def test_what_is_no_message_in_the_spool_is_put_aside(tmp_path, connect, server, workspace, caplog):
    spool = tmp_path / "spool"
    spool.mkdir()
    (spool / "0000000000001-a.json").write_text("{half")
    (spool / "0000000000002-b.json").write_text('{"version":1,"url":"x","message":[]}')
    (spool / "0000000000003-c.json").symlink_to("/etc/passwd")
    (spool / "0000000000004-d.part").write_text("{}")

    client = connect(spool=spool)
    client.session("p").record_user("after all that")
    assert client.flush(10) == 0

    assert contents(server.url, workspace) == ["after all that"]
    assert len(list(spool.glob("*.bad"))) == 2
    assert "no message" in caplog.text
    assert Path("/etc/passwd").exists()


def test_a_spool_that_can_not_be_written_is_no_obstacle(tmp_path, connect, server, workspace, caplog):
    blocker = tmp_path / "file"
    blocker.write_text("")

    client = connect(spool=blocker / "spool")
    client.session("p").record_user("in memory then")
    client.flush(10)

    assert contents(server.url, workspace) == ["in memory then"]
    assert "spool can't be written" in caplog.text


def test_two_programs_on_one_spool_store_each_message_once(tmp_path, server, workspace):
    spool = tmp_path / "spool"
    clients = [Client(url=server.url, workspace=workspace, spool=spool) for _ in range(3)]
    for number in range(60):
        clients[number % 3].session("p").record_user(f"message {number}")
    for client in clients:
        assert client.flush(20) == 0
        client.close()

    assert sorted(contents(server.url, workspace)) == sorted(f"message {number}" for number in range(60))


def test_memory_is_bounded_while_the_server_is_away(free_port, caplog):
    client = Client(url=f"http://127.0.0.1:{free_port}", timeout=0.2)
    session = client.session("p")
    for number in range(_outbox.MESSAGES_MAX + 200):
        session.record_user(f"message {number}")

    assert client.flush(0) <= _outbox.MESSAGES_MAX + _outbox.BATCH_MESSAGES_MAX
    assert caplog.text.count("Too many messages wait") == 1
    client.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_sends_what_it_records_and_not_what_its_parent_has(proxy, server, workspace):
    proxy.mode("down")
    client = Client(url=proxy.url, workspace=workspace, timeout=2)
    client.session("parent").record_user("of the parent")
    assert client.search("anything") == []

    def child(done) -> None:
        client.session("child").record_user("of the child")
        done.put(client.flush(10))

    context = multiprocessing.get_context("fork")
    done = context.Queue()
    process = context.Process(target=child, args=[done])
    process.start()
    proxy.mode("pass")
    assert done.get(timeout=30) == 0
    process.join(timeout=30)

    assert client.flush(10) == 0
    assert sorted(contents(server.url, workspace)) == ["of the child", "of the parent"]
    client.close()


def test_a_fork_in_the_middle_of_many_threads_hangs_nobody(connect, server, workspace):
    client = connect()
    is_over = threading.Event()

    def record() -> None:
        session = client.session("busy")
        while not is_over.is_set():
            session.record_user("busy")
            client.search("busy", limit=1)

    threads = [threading.Thread(target=record) for _ in range(3)]
    for thread in threads:
        thread.start()
    children = []
    for number in range(5):
        process = multiprocessing.get_context("fork").Process(target=record_once, args=[client, number])
        process.start()
        children.append(process)
    for process in children:
        process.join(timeout=30)
    is_over.set()
    for thread in threads:
        thread.join()
    client.flush(20)

    assert [process.exitcode for process in children] == [0] * 5
    found = [content for content in contents(server.url, workspace) if content != "busy"]
    assert sorted(found) == [f"child {number}" for number in range(5)]


def record_once(client: Client, number: int) -> None:
    client.session("child").record_user(f"child {number}")
    sys.exit(0 if client.flush(20) == 0 else 1)


def test_ctrl_c_ends_a_program_at_once_though_the_server_hangs(proxy, home):
    proxy.mode("hang")
    code = """
import time
from bmfote_client import Client
session = Client(timeout=1).session("p")
session.record_user("x")
print("ready", flush=True)
time.sleep(60)
"""
    run = python(code, home, BMFOTE_URL=proxy.url)
    assert run.stdout is not None
    run.stdout.readline()
    started = time.monotonic()
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=30)

    assert time.monotonic() - started < 10


def test_a_trickling_server_costs_no_more_than_the_timeout(home):
    """Each byte comes in time, and the answer never does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        is_over = threading.Event()

        def trickle() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
            while not is_over.wait(0.05):
                try:
                    connection.sendall(b" ")
                except OSError:
                    break
            connection.close()

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        client = Client(url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.5)
        started = time.monotonic()
        assert client.search("x") == []
        took = time.monotonic() - started
        is_over.set()
        thread.join()

    assert took < 0.5 + 1


def test_an_answer_without_end_is_given_up(home):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def flood() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n[")
            chunk = b" " * 1_000_000
            try:
                while True:
                    connection.sendall(chunk)
            except OSError:
                connection.close()

        threading.Thread(target=flood, daemon=True).start()
        client = Client(url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=20)
        assert client.search("x") == []


def test_a_redirect_is_named_and_not_followed(home, caplog):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def redirect() -> None:
            connection, _ = listener.accept()
            connection.recv(10_000)
            connection.sendall(
                b"HTTP/1.1 301 Moved\r\nlocation: https://elsewhere.example/\r\ncontent-length: 0\r\n\r\n"
            )
            connection.close()

        threading.Thread(target=redirect, daemon=True).start()
        client = Client(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert client.search("x") == []

    assert "https://elsewhere.example/" in caplog.text
