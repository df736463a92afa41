"""A stand-in for the Messages API on loopback, without a model behind it: as JSON, and as a stream of events."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Block = dict[str, Any]
Answer = Callable[[dict[str, Any]], list[Block]]


class StandInApi:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.url = ""

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(request)
        blocks = [
            {**block, "id": f"toolu_{len(self.requests)}_{index}"} if block["type"] == "tool_use" else block
            for index, block in enumerate(self.answer(request))
        ]
        is_calling = any(block["type"] == "tool_use" for block in blocks)
        return {
            "id": f"msg_{len(self.requests)}",
            "type": "message",
            "role": "assistant",
            "model": request["model"],
            "content": blocks,
            "stop_reason": "tool_use" if is_calling else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 5},
        }


@contextmanager
def running_api(answer: Answer) -> Iterator[StandInApi]:
    api = StandInApi(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(api))
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()


def handler_of(api: StandInApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if "count_tokens" in self.path:
                return self.send_json({"input_tokens": 10})
            if not self.path.startswith("/v1/messages"):
                return self.send_error(404)
            message = api.reply(request)
            if request.get("stream"):
                return self.send_events(events_of(message))
            return self.send_json(message)

        def do_GET(self) -> None:
            self.send_error(404)

        def do_HEAD(self) -> None:
            self.send_error(404)

        def send_json(self, body: object) -> None:
            self.send_body("application/json", json.dumps(body).encode())

        def send_events(self, events: Iterator[dict[str, Any]]) -> None:
            lines = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
            self.send_body("text/event-stream", "".join(lines).encode())

        def send_body(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def events_of(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    start = {**message, "content": [], "stop_reason": None}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(message["content"]):
        is_text = block["type"] == "text"
        empty = {"text": ""} if is_text else {"input": {}}
        delta = (
            {"type": "text_delta", "text": block["text"]}
            if is_text
            else {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        )
        yield {"type": "content_block_start", "index": index, "content_block": {**block, **empty}}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 5}}
    yield {"type": "message_stop"}


def say(text: str) -> list[Block]:
    return [{"type": "text", "text": text}]


def call(name: str, **arguments: object) -> list[Block]:
    return [{"type": "text", "text": "I will see."}, {"type": "tool_use", "name": name, "input": arguments}]


def last_words(request: dict[str, Any]) -> str:
    """What was said last by whoever is not the model."""
    last = next(message for message in reversed(request["messages"]) if message["role"] == "user")
    return last["content"] if isinstance(last["content"], str) else json.dumps(last["content"])
