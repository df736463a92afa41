"""What programs and models give in place of well-formed text: it costs no other message, and no run."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from datetime import date, datetime

import pytest
from servers import stored

from bmfote_client import AsyncClient, BmfoteError, Client, handle_tool_use, record_exchange
from bmfote_client._spool import Spool
from bmfote_client._threads import THREADS_MAX

HALF = "\ud83d"
AN_ID = uuid.UUID("7d1d3c3e-5a52-4ac4-8f6e-6f5f27d1f0aa")


@pytest.fixture(params=["queue", "spool", "strict"])
def client(request, connect, tmp_path):
    options = {"queue": {}, "spool": {"spool": tmp_path / "spool"}, "strict": {"strict": True}}
    return connect(**options[request.param])


def recorded(client, server, workspace):
    """All that is stored, when a message that comes after it is."""
    client.session("after").record_user("what comes after")
    assert client.flush(10) == 0
    found = stored(server.url, workspace)
    assert "what comes after" in [message["content"] for message in found]
    return [message for message in found if message["content"] != "what comes after"]


def test_ids_of_other_types_are_sent_as_text(client, server, workspace):
    session = client.session("p", session_id=AN_ID)
    given = session.record_user(
        [{"type": "text", "text": "a"}, {"type": "tool_use", "name": "t"}], uuid=AN_ID
    )

    messages = recorded(client, server, workspace)

    assert given == session.session_id == str(AN_ID)
    assert {message["session_id"] for message in messages} == {str(AN_ID)}
    assert [message["content"] for message in messages] == ["a", "t"]
    assert messages[0]["uuid"] == given


@pytest.mark.parametrize("project", ["caf\udce9", b"caf\xe9"], ids=["surrogate", "bytes"])
def test_a_project_named_by_a_folder_that_is_not_utf_8_is_sent(project, client, server, workspace):
    client.session(project).record_user("a")

    assert [message["project"] for message in recorded(client, server, workspace)] == ["caf\ufffd"]


def test_a_day_as_the_time_is_its_beginning(client, server, workspace):
    client.session("p").record_user("a", date(2026, 3, 4))

    [message] = recorded(client, server, workspace)

    said = datetime.fromisoformat(str(message["timestamp"]).replace("Z", "+00:00"))
    assert said == datetime(2026, 3, 4).astimezone()


def test_a_time_that_is_none_costs_its_message_alone(connect, server, workspace, caplog):
    client = connect()
    client.session("p").record_user("a", 1_700_000_000)
    client.session("p").record_user("b", object())

    assert recorded(client, server, workspace) == []
    assert caplog.text.count("The server refused message") == 2


def test_halves_of_characters_are_replaced_wherever_they_stand(server, workspace):
    odd = {"author": f"ana{HALF}", "source": f"app{HALF}"}
    with Client(url=server.url, workspace=workspace, **odd) as client:
        session = client.session(f"p{HALF}", session_id=f"s{HALF}")
        session.record_assistant(
            f"a{HALF}", model=f"m{HALF}", uuid=f"u{HALF}", usage={"input_tokens": 10**5000}
        )
        record_exchange(session, f"b{HALF}", {"id": f"msg{HALF}", "content": f"c{HALF}"})
        messages = recorded(client, server, workspace)

    assert [message["content"] for message in messages] == ["a\ufffd", "b\ufffd", "c\ufffd"]
    first = messages[0]
    assert [first[name] for name in ("author", "source", "project", "session_id", "model", "uuid")] == [
        f"{name}\ufffd" for name in ("ana", "app", "p", "s", "m", "u")
    ]


def test_what_a_model_gives_to_remember_is_stored_well_formed(client, server, workspace):
    arguments = {"content": f"content{HALF}", "topic": f"topic{HALF}", "project": f"p{HALF}"}
    result = handle_tool_use({"id": "t", "name": "remember", "input": arguments}, client)
    client.remember(f"content{HALF}", topic=f"topic{HALF}", project=f"p{HALF}")

    messages = recorded(client, server, workspace)

    assert "is_error" not in result
    assert [message["content"] for message in messages] == ["[topic\ufffd]\ncontent\ufffd"] * 2
    assert {message["session_id"] for message in messages} == {"agent-memory-p\ufffd"}


def test_what_can_not_be_made_into_text_is_warned_about_and_dropped(connect, server, workspace, caplog):
    class Wordless:
        def __str__(self):
            raise RuntimeError("no words")

    client = connect()
    assert client.session("p").record_user("a", Wordless()) == ""
    assert client.remember("a", topic=Wordless())["uuid"] == ""

    assert recorded(client, server, workspace) == []
    assert caplog.text.count("A message was not recorded") == 2


@pytest.mark.parametrize("has_spool", [False, True])
def test_what_can_not_be_sent_is_dropped_and_named(has_spool, connect, server, workspace, caplog, tmp_path):
    """Whatever may come into the queue by a way that nobody has thought of."""
    client = connect(spool=tmp_path / "spool") if has_spool else connect()
    for odd in (object(), HALF):
        client._engine.record_soon({"uuid": "odd", "session_id": "s", "content": odd})

    assert recorded(client, server, workspace) == []
    assert caplog.text.count("refused message odd, which is dropped") == 2
    assert "can't be reached" not in caplog.text


def test_what_another_program_left_in_the_spool_is_sent_well_formed(connect, server, workspace, tmp_path):
    spool = tmp_path / "spool"
    spool.mkdir()
    message = {"uuid": "left", "session_id": "s", "content": HALF, "type": "user", "role": "user"}
    entry = {"version": 1, "url": server.url, "message": {**message, "workspace_id": workspace}}
    (spool / "0000000000001-a.json").write_text(json.dumps(entry))

    client = connect(spool=spool)

    assert [message["content"] for message in recorded(client, server, workspace)] == ["\ufffd"]
    assert list(spool.glob("*.json")) == []


@pytest.mark.parametrize("folder", [f"spool{HALF}", "spool\0"])
def test_a_spool_that_is_no_path_is_no_obstacle(folder, connect, server, workspace, tmp_path):
    client = connect(spool=tmp_path / folder)
    client.session("p").record_user("in memory then")

    assert [message["content"] for message in recorded(client, server, workspace)] == ["in memory then"]


def test_what_can_not_be_written_leaves_no_part_in_the_spool(tmp_path):
    with pytest.raises(ValueError, match="surrogates"):
        Spool(tmp_path / "spool", "http://127.0.0.1").write({"uuid": HALF})

    assert list((tmp_path / "spool").iterdir()) == []


def test_questions_with_halves_of_characters_are_asked(connect, caplog):
    client = connect(workspace=f"w{HALF}")
    client.session("p").record_user("the zebra")
    assert client.flush(10) == 0

    assert [hit["content"] for hit in client.recent()] == ["the zebra"]
    assert len(client.search(f"zebra {HALF}")) == 1
    assert client.session("p").recall(HALF) != ""
    assert client.get_message(HALF) is None
    assert client.get_message(AN_ID) is None
    result = handle_tool_use({"id": "t", "name": "get_context", "input": {"uuid": HALF}}, client)
    assert "There is no message" in str(result["content"])
    unknown = handle_tool_use({"id": "t", "name": HALF, "input": {}}, client)
    assert "There is no tool" in str(unknown["content"]).encode().decode()
    assert caplog.text == ""


@pytest.fixture
def held_up(free_port):
    """A client all of whose threads hang, as where names are resolved by a network that is gone."""
    client = AsyncClient(url=f"http://127.0.0.1:{free_port}", timeout=0.3)
    is_over = threading.Event()
    for _ in range(THREADS_MAX):
        client._engine._threads.start(is_over.wait)
    yield client
    is_over.set()


@pytest.mark.parametrize("has_time", [True, False])
def test_a_note_is_kept_though_all_threads_are_held_up(has_time, held_up):
    if not has_time:
        held_up._engine._outage.spend(1)

    block = {"id": "t", "name": "remember", "input": {"content": "Acme signs on Friday"}}
    result = asyncio.run(handle_tool_use(block, held_up))

    assert "Kept, and written to memory as soon as it can be reached." in str(result["content"])
    assert "is_error" not in result
    assert held_up._engine._outbox.count() == 1
    assert asyncio.run(held_up.remember("And Umbra on Monday"))["uuid"] != ""
    assert held_up._engine._outbox.count() == 2


def test_a_note_that_is_refused_is_said_to_be_by_an_async_client_too(server):
    async def remember():
        async with AsyncClient(url=server.url, workspace="w" * 5_000) as client:
            block = {"id": "t", "name": "remember", "input": {"content": "x"}}
            return await handle_tool_use(block, client)

    assert asyncio.run(remember())["is_error"] is True


def test_strict_says_what_can_not_be_sent(connect):
    with pytest.raises(BmfoteError) as raised:
        connect(strict=True)._engine.record({"uuid": "odd", "session_id": "s", "content": object()})
    assert raised.value.code == "invalid_input"
