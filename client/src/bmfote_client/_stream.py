"""Streams of the Messages API, put together again as they pass by."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, overload

from ._async_client import AsyncSession
from ._client import Session
from ._content import field, text_field

if sys.version_info >= (3, 11):
    from typing import Self
else:
    from typing_extensions import Self

# Of a stream that never ends.
BLOCKS_MAX = 10_000


class Gathered:
    """The message that the events so far make."""

    def __init__(self) -> None:
        self._message: dict[str, object] = {}
        self._usage: dict[str, object] = {}
        self._blocks: dict[int, dict[str, Any]] = {}

    def add(self, event: object) -> None:
        """Anything that is no event of the Messages API says nothing."""
        kind = text_field(event, "type")
        if kind == "message_start":
            message = field(event, "message")
            self._message = {"id": text_field(message, "id"), "model": text_field(message, "model")}
            self._note_usage(field(message, "usage"))
        elif kind == "message_delta":
            self._note_usage(field(event, "usage"))
        elif kind == "content_block_start":
            self._begin(field(event, "index"), field(event, "content_block"))
        elif kind == "content_block_delta":
            self._go_on(field(event, "index"), field(event, "delta"))

    def response(self) -> dict[str, object]:
        blocks = [_finished(block) for _, block in sorted(self._blocks.items())]
        return {**self._message, "usage": self._usage, "content": blocks}

    def _begin(self, index: object, block: object) -> None:
        if not isinstance(index, int) or len(self._blocks) >= BLOCKS_MAX:
            return
        names = (
            "type",
            "id",
            "name",
            "text",
            "input",
            "tool_use_id",
            "content",
            "is_error",
            "source",
            "title",
        )
        given = {name: field(block, name) for name in names}
        self._blocks[index] = {
            **{name: value for name, value in given.items() if value is not None},
            "texts": [text_field(block, "text")],
            "json": [],
        }

    def _go_on(self, index: object, delta: object) -> None:
        block = self._blocks.get(index) if isinstance(index, int) else None
        if block is None:
            return
        kind = text_field(delta, "type")
        if kind == "text_delta":
            block["texts"].append(text_field(delta, "text"))
        elif kind == "input_json_delta":
            block["json"].append(text_field(delta, "partial_json"))

    def _note_usage(self, usage: object) -> None:
        for name in ("input_tokens", "output_tokens"):
            count = field(usage, name)
            if isinstance(count, int):
                self._usage[name] = count


def _finished(block: dict[str, Any]) -> dict[str, object]:
    texts, pieces = block.pop("texts"), block.pop("json")
    finished = dict(block)
    if block.get("type") == "text":
        finished["text"] = "".join(texts)
    if pieces:
        written = "".join(pieces)
        try:
            finished["input"] = json.loads(written)
        except (ValueError, RecursionError):
            # It broke off in the middle.
            finished["input"] = written
    return finished


def _response(stream: object, gathered: Gathered) -> object:
    """The SDK's own message, where it keeps one: some of its ways to read a stream pass us by."""
    try:
        return getattr(stream, "current_message_snapshot", None) or gathered.response()
    except Exception:  # noqa: BLE001 - the SDK asserts that there is one
        return gathered.response()


class RecordedStream:
    """A stream that is recorded when it ends, be it early. All else of it is there as it was."""

    def __init__(self, stream: Any, record: Callable[[object], object]) -> None:  # noqa: ANN401
        self._stream = stream
        self._record = record
        self._gathered: Gathered | None = Gathered()
        self._events: Iterator[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:  # noqa: ANN401
        if self._events is None:
            self._events = iter(self._stream)
        try:
            event = next(self._events)
        except BaseException:
            self._finish()
            raise
        if self._gathered is not None:
            self._gathered.add(event)
        return event

    def __enter__(self) -> Self:
        if hasattr(self._stream, "__enter__"):
            # The SDK's `messages.stream(…)` gives its stream only here.
            self._stream = self._stream.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()
        if hasattr(self._stream, "__exit__"):
            self._stream.__exit__(kind, error, trace)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._stream, name)

    def __del__(self) -> None:
        self._finish()

    def close(self) -> None:
        self._finish()
        if hasattr(self._stream, "close"):
            self._stream.close()

    def _finish(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered is not None:
            self._record(_response(self._stream, gathered))


class AsyncRecordedStream:
    """The same for `async for`."""

    def __init__(
        self,
        stream: Any,  # noqa: ANN401
        record: Callable[[object], Awaitable[object]],
        record_soon: Callable[[object], object],
    ) -> None:
        self._stream = stream
        self._record = record
        self._record_soon = record_soon
        self._gathered: Gathered | None = Gathered()
        self._events: AsyncIterator[Any] | None = None

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:  # noqa: ANN401
        if self._events is None:
            self._events = aiter(self._stream)
        try:
            event = await anext(self._events)
        except BaseException:
            await self._finish()
            raise
        if self._gathered is not None:
            self._gathered.add(event)
        return event

    async def __aenter__(self) -> Self:
        if hasattr(self._stream, "__aenter__"):
            self._stream = await self._stream.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._finish()
        if hasattr(self._stream, "__aexit__"):
            await self._stream.__aexit__(kind, error, trace)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._stream, name)

    def __del__(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered is not None:
            self._record_soon(_response(self._stream, gathered))

    async def close(self) -> None:
        await self._finish()
        if hasattr(self._stream, "close"):
            await self._stream.close()

    async def _finish(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered is not None:
            await self._record(_response(self._stream, gathered))


@overload
def record_stream(session: Session, user_message: object, stream: object) -> RecordedStream: ...
@overload
def record_stream(session: AsyncSession, user_message: object, stream: object) -> AsyncRecordedStream: ...
def record_stream(
    session: Session | AsyncSession, user_message: object, stream: object
) -> RecordedStream | AsyncRecordedStream:
    """The stream, which records the exchange when it ends (see `record_exchange`).

    stream: what `messages.create(…, stream=True)` or `messages.stream(…)` of the SDK gave, or any iterable of the API's
    events. One that is left early is recorded as far as it came.
    """
    if isinstance(session, AsyncSession):
        return AsyncRecordedStream(
            stream,
            lambda response: session._record_exchange(user_message, response),
            lambda response: session._record_soon(user_message, response),
        )
    return RecordedStream(stream, lambda response: session._record_exchange(user_message, response))
