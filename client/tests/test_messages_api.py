"""The official SDK `anthropic` against a stand-in for its API and the real server."""

from __future__ import annotations

import asyncio

import anthropic
import pytest
from servers import stored
from stand_in_api import call, last_words, running_api, say

from bmfote_client import (
    TOOL_SPECS,
    AsyncClient,
    handle_tool_use,
    record_exchange,
    record_stream,
    runnable_tools,
)


def answer(request):
    """Answers out of what it is given, as a model would."""
    words = last_words(request)
    if "tool_result" in words:
        return say("It costs 15 euros." if "15 euros" in words else "I don't know.")
    if "[look]" in words:
        return call("search_memory", query="what does the pro plan cost")
    if "[wrong]" in words:
        return call("search_memory", query=["not", "a", "string"])
    return say("15 euros, as we found." if "15 euros" in str(request.get("system")) else "I begin.")


@pytest.fixture
def api():
    with running_api(answer) as api:
        yield api


def anthropic_client(api, kind=anthropic.Anthropic):
    return kind(base_url=api.url, api_key="sk-ant-test-000", max_retries=0)


def shown(messages):
    return [f"{message['role']}: {message['content']}" for message in messages]


ASK = {"model": "claude-test", "max_tokens": 100}


def test_day_two_goes_on_where_day_one_ended(api, connect, server, workspace):
    ac = anthropic_client(api)

    def day(question):
        session = connect().session(project="research-agent")
        prior = session.recall("competitor pricing research", limit=10)
        response = ac.messages.create(
            **ASK,
            system=f"You are a research agent.\n\n{prior}",
            messages=[{"role": "user", "content": question}],
        )
        record_exchange(session, question, response)
        session.close()
        return response.content[0].text

    assert day("Research competitor pricing. Their pro plan costs 15 euros.") == "I begin."
    assert day("Continue from where we left off.") == "15 euros, as we found."
    assert shown(stored(server.url, workspace)) == [
        "user: Research competitor pricing. Their pro plan costs 15 euros.",
        "assistant: I begin.",
        "user: Continue from where we left off.",
        "assistant: 15 euros, as we found.",
    ]


def test_the_tool_loop_by_hand_answers_from_memory(api, connect, server, workspace):
    client = connect()
    client.remember("The competitor's pro plan costs 15 euros.")
    client.flush()
    ac = anthropic_client(api)
    messages = [{"role": "user", "content": "[look] What does it cost?"}]

    response = ac.messages.create(**ASK, tools=TOOL_SPECS, messages=messages)
    while response.stop_reason == "tool_use":
        results = [handle_tool_use(block, client) for block in response.content if block.type == "tool_use"]
        messages += [
            {"role": "assistant", "content": response.content},
            {"role": "user", "content": results},
        ]
        response = ac.messages.create(**ASK, tools=TOOL_SPECS, messages=messages)
    session = client.session("acme")
    record_exchange(session, messages, response)
    session.close()

    assert response.content[0].text == "It costs 15 euros."
    assert shown(stored(server.url, workspace, session.session_id)) == [
        "user: [look] What does it cost?",
        "assistant: I will see.",
        "assistant: search_memory: what does the pro plan cost",
        "assistant: It costs 15 euros.",
    ]


def test_the_sdks_own_tool_runner_answers_from_memory(api, connect):
    client = connect()
    client.remember("The competitor's pro plan costs 15 euros.")
    client.flush()
    ac = anthropic_client(api)

    def run(question):
        runner = ac.beta.messages.tool_runner(
            **ASK, tools=runnable_tools(client), messages=[{"role": "user", "content": question}]
        )
        return runner.until_done().content[0].text

    assert run("[look] What does it cost?") == "It costs 15 euros."
    assert run("[wrong] What does it cost?") == "I don't know."
    refused = api.requests[-1]["messages"][-1]["content"][0]
    assert refused["is_error"] is True
    assert "must be a string." in str(refused["content"])
    assert [tool["name"] for tool in api.requests[0]["tools"]] == [spec["name"] for spec in TOOL_SPECS]


def test_the_async_tool_runner_too(api, server, workspace):
    async def main():
        async with AsyncClient(url=server.url, workspace=workspace) as client:
            await client.remember("The competitor's pro plan costs 15 euros.")
            await client.flush()
            ac = anthropic_client(api, anthropic.AsyncAnthropic)
            runner = ac.beta.messages.tool_runner(
                **ASK,
                tools=runnable_tools(client),
                messages=[{"role": "user", "content": "[look] How much?"}],
            )
            message = await runner.until_done()
            return message.content[0].text

    assert asyncio.run(main()) == "It costs 15 euros."


@pytest.mark.parametrize("way", ["events", "helper", "helper's text", "final message"])
def test_streams_of_the_sdk_are_recorded(way, api, connect, server, workspace):
    ac = anthropic_client(api)
    session = connect().session("acme")
    ask = {**ASK, "messages": [{"role": "user", "content": "Hi"}]}
    if way == "events":
        for _ in record_stream(session, "Hi", ac.messages.create(**ask, stream=True)):
            pass
    elif way == "helper":
        with record_stream(session, "Hi", ac.messages.stream(**ask)) as stream:
            assert [event.type for event in stream][0] == "message_start"  # noqa: RUF015
    elif way == "helper's text":
        with record_stream(session, "Hi", ac.messages.stream(**ask)) as stream:
            assert "".join(stream.text_stream) == "I begin."
    else:
        with ac.messages.stream(**ask) as stream:
            record_exchange(session, "Hi", stream.get_final_message())
    session.close()

    messages = stored(server.url, workspace)
    assert shown(messages) == ["user: Hi", "assistant: I begin."]
    assert (messages[1]["model"], messages[1]["input_tokens"]) == ("claude-test", 10)


def test_async_streams_of_the_sdk_are_recorded(api, server, workspace):
    async def main():
        async with AsyncClient(url=server.url, workspace=workspace) as client:
            ac = anthropic_client(api, anthropic.AsyncAnthropic)
            session = client.session("acme")
            ask = {**ASK, "messages": [{"role": "user", "content": "Hi"}]}
            async for _ in record_stream(session, "One", await ac.messages.create(**ask, stream=True)):
                pass
            async with record_stream(session, "Two", ac.messages.stream(**ask)) as stream:
                assert [text async for text in stream.text_stream] == ["I begin."]

    asyncio.run(main())

    assert shown(stored(server.url, workspace)) == [
        "user: One",
        "assistant: I begin.",
        "user: Two",
        "assistant: I begin.",
    ]


def test_a_memory_that_is_away_costs_the_agent_nothing_but_its_memories(api, free_port, caplog):
    from bmfote_client import Client

    client = Client(url=f"http://127.0.0.1:{free_port}", timeout=1)
    session = client.session("acme")
    ac = anthropic_client(api)

    prior = session.recall("anything")
    response = ac.messages.create(
        **ASK, system=f"You.\n{prior}", messages=[{"role": "user", "content": "Hi"}]
    )
    record_exchange(session, "Hi", response)
    result = handle_tool_use({"id": "t", "name": "search_memory", "input": {"query": "x"}}, client)

    assert prior == ""
    assert response.content[0].text == "I begin."
    assert result["is_error"] is True
    assert result["content"] == "The memory can't be reached right now. Go on without it."
    assert len([record for record in caplog.records if record.name == "bmfote_client"]) == 1
    client.close()
