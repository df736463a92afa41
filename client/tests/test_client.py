from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from datetime import datetime, timezone

import pytest
from servers import ROOT, rest, stored

from bmfote_client import (
    TOOL_SPECS,
    AsyncClient,
    BmfoteError,
    Client,
    handle_tool_use,
    record_exchange,
    record_stream,
)

RESPONSE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-test",
    "content": [
        {"type": "thinking", "thinking": "hm", "signature": "x"},
        {"type": "text", "text": "I will look."},
        {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": {"query": "Acme", "deep": True}},
    ],
    "usage": {"input_tokens": 10, "output_tokens": 5},
}


def shown(messages):
    return [f"{message['role']}: {message['content']}" for message in messages]


def test_what_was_said_on_day_one_is_recalled_on_day_two(connect, server, workspace):
    first = connect(author="ana").session(project="research-agent")
    first.record_user("The competitor's pro plan costs 15 euros.")
    first.record_assistant("Noted.", model="claude-test", usage={"input_tokens": 3, "output_tokens": 1})
    first.close()

    second = connect().session(project="another-project")

    recalled = second.recall("what does the pro plan of the competitor cost", limit=10)
    assert "15 euros" in recalled
    assert recalled.startswith("<bmfote-recall")
    user, assistant = stored(server.url, workspace, first.session_id)
    assert (user["author"], user["source"], user["project"]) == ("ana", "messages-api", "research-agent")
    assert (assistant["model"], assistant["input_tokens"], assistant["output_tokens"]) == (
        "claude-test",
        3,
        1,
    )


def test_of_nothing_known_a_plain_sentence_is_recalled(connect):
    assert connect().session("p").recall("zebra pricing") == "Nothing about this is in memory yet."


def test_an_exchange_is_recorded_block_by_block(connect, server, workspace):
    session = connect().session("acme")
    record_exchange(
        session,
        [
            {"type": "text", "text": "Look at this."},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        ],
        RESPONSE,
    )
    record_exchange(
        session,
        [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "Acme is big.", "is_error": False}],
        {"id": "msg_2", "content": [{"type": "text", "text": "Acme is big, it says."}]},
    )
    session.close()

    messages = stored(server.url, workspace)
    assert shown(messages) == [
        "user: Look at this.\n\n[image: image/png]",
        "assistant: I will look.",
        "assistant: lookup: Acme\ndeep: true",
        "tool: Acme is big.",
        "assistant: Acme is big, it says.",
    ]
    assert [message["tool"] for message in messages] == [None, None, "lookup", "lookup", None]
    assert messages[3]["status"] == "ok"
    assert [message["input_tokens"] for message in messages] == [None, None, 10, None, None]


def test_a_history_that_is_given_whole_each_time_is_stored_once(connect, server, workspace):
    session = connect().session("acme")
    history = [{"role": "user", "content": "One?"}]
    record_exchange(session, history, {"id": "msg_1", "content": [{"type": "text", "text": "Yes."}]})
    history += [{"role": "assistant", "content": "Yes."}, {"role": "user", "content": "One?"}]
    record_exchange(session, history, {"id": "msg_2", "content": [{"type": "text", "text": "Yes again."}]})
    session.close()

    assert shown(stored(server.url, workspace)) == [
        "user: One?",
        "assistant: Yes.",
        "user: One?",
        "assistant: Yes again.",
    ]


def test_the_same_response_twice_is_stored_once(connect, server, workspace):
    session = connect().session("acme")
    for _ in range(2):
        record_exchange(session, "Hello", RESPONSE)
    session.close()

    assert len(stored(server.url, workspace)) == 3


def test_objects_of_an_sdk_are_read_as_dictionaries_are(connect, server, workspace):
    anthropic_types = pytest.importorskip("anthropic.types")
    message = anthropic_types.Message.model_validate(
        {**RESPONSE, "stop_reason": "tool_use", "stop_sequence": None}
    )
    session = connect().session("acme")
    record_exchange(session, anthropic_types.TextBlock(type="text", text="Hi"), message)
    session.close()

    assert shown(stored(server.url, workspace)) == [
        "user: Hi",
        "assistant: I will look.",
        "assistant: lookup: Acme\ndeep: true",
    ]


def test_what_was_recalled_is_not_recorded_again(connect, server, workspace):
    session = connect().session("acme")
    session.record_user("<bmfote-recall>\nold\n</bmfote-recall>\nWhat now?")
    session.record_user("<bmfote-recall>old</bmfote-recall>")
    record_exchange(
        session,
        [{"type": "tool_result", "tool_use_id": "toolu_9", "content": "out of memory"}],
        {
            "content": [
                {"type": "tool_use", "id": "toolu_9", "name": "search_memory", "input": {"query": "x"}}
            ]
        },
    )
    record_exchange(
        session,
        [{"type": "tool_result", "tool_use_id": "toolu_9", "content": "out of memory again"}],
        {"content": "Done."},
    )
    session.close()

    assert "user: What now?" in shown(stored(server.url, workspace))
    assert not any("again" in line or "old" in line for line in shown(stored(server.url, workspace)))


def test_dates_are_kept_and_order_survives(connect, server, workspace):
    session = connect().session("acme")
    for number in range(20):
        session.record_user(f"number {number}")
    session.record_user("long ago", timestamp=datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc))
    session.close()

    messages = stored(server.url, workspace)
    assert messages[0]["timestamp"] == "2020-01-02T03:04:05.000Z"
    assert [message["content"] for message in messages[1:]] == [f"number {number}" for number in range(20)]
    assert len({message["timestamp"] for message in messages}) == 21


def test_half_a_character_and_a_nul_are_stored_as_the_server_stores_them(connect, server, workspace):
    session = connect().session("acme")
    session.record_user("half \ud83d of it \x00 and whole 😀 \ud83d\ude00")
    session.close()

    assert shown(stored(server.url, workspace)) == ["user: half \ufffd of it \ufffd and whole 😀 😀"]


def test_a_message_that_the_server_refuses_costs_itself_only(connect, server, workspace, caplog):
    session = connect().session("acme")
    session.record_user("before")
    session.record_user("when?", timestamp="yesterday")
    session.record_user("after")
    session.close()

    assert shown(stored(server.url, workspace)) == ["user: before", "user: after"]
    assert "refused message" in caplog.text


def test_search_find_error_recent_and_get_message(connect):
    client = connect()
    session = client.session("acme")
    session.record_user("The deploy failed: ECONNREFUSED 127.0.0.1:5432")
    uuid = session.record_assistant("The database was not up. I started it.")
    session.close()

    assert client.search("database started", limit=3)[0]["uuid"] == uuid
    assert client.search("database", type="user") == []
    assert client.search("database started", project="other") == []
    assert "not up" in str(client.find_error("ECONNREFUSED 127.0.0.1:5432")[0]["solution"])
    assert client.recent(session_id=session.session_id)[0]["uuid"] == uuid
    found = client.get_message(uuid, context=1)
    assert found is not None
    assert found["before"][0]["content"].startswith("The deploy failed")
    assert client.get_message("no/such uuid") is None


def test_remember_is_found_by_the_tools(connect, workspace):
    client = connect()
    remembered = client.remember("We ship on Tuesdays.", topic="releases", project="webshop")
    client.flush()

    answer = handle_tool_use(
        {"type": "tool_use", "id": "toolu_1", "name": "search_memory", "input": {"query": "when do we ship"}},
        client,
    )
    assert remembered["session_id"] == "agent-memory-webshop"
    assert remembered["workspace_id"] == workspace
    assert remembered["uuid"] in answer["content"]
    assert answer["type"] == "tool_result"
    assert answer["tool_use_id"] == "toolu_1"
    assert "is_error" not in answer


def test_the_remember_tool_says_so_when_it_is_stored(connect, server, workspace):
    client = connect()
    block = {"id": "t", "name": "remember", "input": {"content": "It is 4242.", "topic": "port"}}

    answer = handle_tool_use(block, client)

    assert answer["content"].startswith("Remembered.\nuuid ")
    assert shown(stored(server.url, workspace)) == ["assistant: [port]\nIt is 4242."]
    empty = handle_tool_use({"id": "t", "name": "remember", "input": {"content": " "}}, client)
    assert empty["content"].startswith("There is nothing to remember")
    assert empty.get("is_error") is True
    unknown = handle_tool_use({"id": "t", "name": "forget", "input": {}}, client)
    assert unknown["content"] == 'There is no tool "forget" here.'


def test_workspaces_are_walls(connect):
    one = connect(workspace="wall-one")
    one.remember("the word is Quokka")
    one.flush()

    assert one.search("Quokka") != []
    assert connect(workspace="wall-two").search("Quokka") == []


def test_threads_may_share_a_client(connect, server, workspace):
    client = connect()

    def work(number: int) -> None:
        session = client.session(f"project-{number}")
        for turn in range(10):
            session.record_user(f"thread {number} turn {turn}")
            client.search("turn", limit=1)

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.flush()

    assert len(stored(server.url, workspace)) == 80


def test_the_async_client_has_the_same_surface(server, workspace):
    async def main():
        async with AsyncClient(url=server.url, workspace=workspace) as client:
            session = client.session("acme")
            assert await session.recall("zebra") == "Nothing about this is in memory yet."
            uuid = await session.record_user("The zebra lives in Zanzibar.")
            await session.record_assistant("Noted.", model="m", usage=None)
            await record_exchange(session, "And?", "It eats grass.")
            assert await client.flush() == 0
            assert "Zanzibar" in await session.recall("where does the zebra live")
            assert (await client.search("zebra"))[0]["uuid"] == uuid
            assert await client.find_error("no such error at all") == []
            assert len(await client.recent()) == 4
            assert (await client.get_message(uuid))["content"].startswith("The zebra")
            remembered = await client.remember("Zebras bite.")
            await client.flush()
            answer = await handle_tool_use(
                {"id": "t", "name": "get_context", "input": {"uuid": remembered["uuid"]}}, client
            )
            assert "Zebras bite." in answer["content"]
            await session.close()

    asyncio.run(main())


def test_both_clients_have_the_same_methods():
    from bmfote_client import AsyncSession, Session

    def surface(of):
        return {name for name in dir(of) if not name.startswith("_")}

    assert surface(Client) == surface(AsyncClient)
    assert surface(Session) == surface(AsyncSession)


EVENTS = [
    {
        "type": "message_start",
        "message": {"id": "msg_s", "model": "claude-test", "usage": {"input_tokens": 7}},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "there"}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "content_block_start",
        "index": 1,
        "content_block": {"type": "tool_use", "id": "t", "name": "look", "input": {}},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": '{"que'},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": 'ry":"x"}'},
    },
    {"type": "content_block_stop", "index": 1},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 4}},
    {"type": "message_stop"},
]


def test_a_stream_is_recorded_when_it_ends(connect, server, workspace):
    session = connect().session("acme")

    passed = list(record_stream(session, "Hi", iter(EVENTS)))
    session.close()

    assert passed == EVENTS
    messages = stored(server.url, workspace)
    assert shown(messages) == ["user: Hi", "assistant: Hello there", "assistant: look: x"]
    assert (messages[2]["model"], messages[2]["input_tokens"], messages[2]["output_tokens"]) == (
        "claude-test",
        7,
        4,
    )


def test_a_stream_that_is_left_early_is_recorded_as_far_as_it_came(connect, server, workspace):
    session = connect().session("acme")

    for event in record_stream(session, "Hi", iter(EVENTS)):
        if event["type"] == "content_block_delta":
            break
    session.close()

    assert shown(stored(server.url, workspace)) == ["user: Hi", "assistant: Hello"]


def test_a_stream_that_breaks_is_recorded_and_its_error_passes(connect, server, workspace):
    def broken():
        yield from EVENTS[:3]
        raise ConnectionError("gone")

    session = connect().session("acme")
    with pytest.raises(ConnectionError):
        list(record_stream(session, "Hi", broken()))
    session.close()

    assert shown(stored(server.url, workspace)) == ["user: Hi", "assistant: Hello"]


def test_an_async_stream_is_recorded_too(server, workspace):
    async def events():
        for event in EVENTS:
            yield event

    async def main():
        async with AsyncClient(url=server.url, workspace=workspace) as client:
            stream = record_stream(client.session("acme"), "Hi", events())
            assert [event async for event in stream] == EVENTS

    asyncio.run(main())

    assert shown(stored(server.url, workspace)) == [
        "user: Hi",
        "assistant: Hello there",
        "assistant: look: x",
    ]


def test_strict_raises_with_a_code_and_the_next_step(connect, free_port):
    client = Client(url=f"http://127.0.0.1:{free_port}", strict=True, timeout=1)

    with pytest.raises(BmfoteError) as raised:
        client.search("x")
    assert (raised.value.code, raised.value.next) == (
        "unavailable",
        "Check the address and that the server runs: curl its /health.",
    )
    with pytest.raises(BmfoteError):
        client.session("p").record_user("x")
    with pytest.raises(BmfoteError):
        connect(strict=True).session("p").record_user("x", timestamp="yesterday")
    with pytest.raises(BmfoteError) as refused:
        connect(strict=True).remember(" ")
    assert refused.value.code == "invalid_input"


def test_strict_returns_when_the_server_has_it(connect, server, workspace):
    connect(strict=True).session("p").record_user("stored at once")

    assert shown(stored(server.url, workspace)) == ["user: stored at once"]


def test_a_shape_that_nobody_has_thought_of_costs_a_message_and_no_run(connect, caplog):
    class Odd:
        @property
        def content(self):
            raise RuntimeError("odd")

    session = connect().session("p")

    assert record_exchange(session, "Hi", Odd()) == ""
    assert "not recorded" in caplog.text


def test_settings_come_from_arguments_then_the_environment_then_the_file(home, monkeypatch):
    from bmfote_client import _client

    folder = home / ".claude"
    folder.mkdir()
    (folder / "bmfote.env").write_text(
        "# ours\nexport BMFOTE_URL='https://file.example/'\nBMFOTE_TOKEN=\"file-token\"\nBMFOTE_AUTHOR=ana # me\n"
    )

    settings = _client.Client()._settings
    assert (settings.url, settings.token, settings.author) == ("https://file.example", "file-token", "ana")

    # The token in the file is for the server in the file.
    other = _client.Client(url="https://other.example")._settings
    assert (other.url, other.token) == ("https://other.example", None)

    monkeypatch.setenv("BMFOTE_URL", "https://env.example")
    monkeypatch.setenv("BMFOTE_TOKEN", "env-token")
    monkeypatch.setenv("BMFOTE_WORKSPACE", "team")
    settings = _client.Client()._settings
    assert (settings.url, settings.token, settings.workspace) == ("https://env.example", "env-token", "team")
    assert _client.Client(token="mine", author="bo")._settings.token == "mine"

    # Set but empty hides what stands in the file.
    monkeypatch.setenv("BMFOTE_URL", "")
    assert _client.Client()._settings.url == "http://127.0.0.1:8026"

    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(home / "elsewhere"))
    assert _client.Client()._settings.author is None


def test_the_token_is_sent_and_never_logged(tmp_path, caplog):
    from servers import running_server

    caplog.set_level(logging.DEBUG)
    with running_server(tmp_path / "home", env={"API_TOKEN": "secret-token-1234567890"}) as server:
        Client(url=server.url, token="secret-token-1234567890", strict=True).remember("known")
        wrong = Client(url=server.url, token="wrong-token-4711")
        assert wrong.search("known") == []
        assert wrong.search("known") == []

    assert [record.levelname for record in caplog.records if record.name == "bmfote_client"] == ["WARNING"]
    assert "secret-token" not in caplog.text
    assert "wrong-token" not in caplog.text


def test_importing_it_imports_no_sdk():
    code = (
        "import sys, bmfote_client; "
        "print([m for m in ('anthropic', 'claude_agent_sdk', 'pydantic') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "client" / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_the_version_is_that_of_the_program():
    import json
    import re

    version = json.loads((ROOT / "package.json").read_text())["version"]
    pyproject = (ROOT / "client" / "pyproject.toml").read_text()
    assert re.search(r'^version = "(.+)"$', pyproject, re.MULTILINE)[1] == version


def test_tool_specs_are_free_of_what_the_api_refuses(server):
    for spec in TOOL_SPECS:
        assert spec["input_schema"]["type"] == "object"
    assert rest(server.url, "GET", "/health")[0] == 200
