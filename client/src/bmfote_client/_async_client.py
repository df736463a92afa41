from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from ._client import NOTHING_REMEMBERED, SearchFilters, _BaseClient, _remembered
from ._conversation import Conversation
from ._engine import Operation
from ._errors import BmfoteError
from ._recall import recall
from ._records import DEFAULT_REMEMBER_PROJECT, Timestamp
from ._spool import Message
from ._types import ErrorMatch, MessageType, RecentMessage, Remembered, SearchHit, StoredMessage

if sys.version_info >= (3, 11):
    from typing import Self, Unpack
else:
    from typing_extensions import Self, Unpack

T = TypeVar("T")


class AsyncClient(_BaseClient):
    """The memory, for programs on asyncio: the surface of `Client`, and nothing that holds up the loop.

    >>> async with AsyncClient() as bmfote:
    ...     session = bmfote.session(project="research-agent")
    ...     prior = await session.recall("competitor pricing research")
    """

    def session(self, project: str, session_id: str | None = None) -> AsyncSession:
        """A conversation that is recorded; with the `session_id` of an earlier one, its continuation."""
        return AsyncSession(self, self._conversation(project, session_id))

    async def search(
        self,
        query: str,
        limit: int = 20,
        type: MessageType | None = None,
        **filters: Unpack[SearchFilters],
    ) -> list[SearchHit]:
        """Best hits first."""
        return await self._read(self._search(query, limit, type, filters), [])

    async def find_error(self, error: str, limit: int = 5) -> list[ErrorMatch]:
        """Errors like this one, and what followed them."""
        return await self._read(self._find_error(error, limit), [])

    async def recent(
        self, hours: int = 24, limit: int = 50, session_id: str | None = None
    ) -> list[RecentMessage]:
        """Newest first. With a session, all of it: `hours` does not apply then."""
        return await self._read(self._recent(hours, limit, session_id), [])

    async def get_message(self, uuid: str, context: int = 1) -> StoredMessage | None:
        """None when there is none in this workspace."""
        return await self._read(self._get_message(uuid, context), None)

    async def remember(
        self, content: str, topic: str = "", project: str = DEFAULT_REMEMBER_PROJECT
    ) -> Remembered:
        """Writes one thing down, as the tool of that name does."""
        try:
            note = self._note(content, topic, project)
        except BmfoteError as error:
            return self._instead(error, NOTHING_REMEMBERED)
        except Exception as error:  # noqa: BLE001 - see _not_recorded
            self._not_recorded(error)
            return NOTHING_REMEMBERED
        await self._engine.record_async(note)
        return _remembered(note)

    async def flush(self, timeout: float | None = None) -> int:
        """Waits for what is to be sent. How many messages still wait afterwards."""
        return await self._engine.flush_async(timeout)

    async def close(self) -> int:
        """Flushes, within the timeout, and stops. How many messages are left: in the spool, or lost."""
        return await self._engine.close_async()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read(self, operation: Operation[T], empty: T) -> T:
        try:
            return await self._engine.run_async(operation)
        except BmfoteError as error:
            return self._instead(error, empty)

    async def _record(self, messages: list[Message]) -> str:
        for message in messages:
            await self._engine.record_async(message)
        return str(messages[0]["uuid"]) if messages else ""


class AsyncSession:
    """A conversation in one project. Recording returns at once, with the uuid of the (first) message."""

    def __init__(self, client: AsyncClient, conversation: Conversation) -> None:
        self._client = client
        self._conversation = conversation

    @property
    def session_id(self) -> str:
        return self._conversation.session_id

    @property
    def project(self) -> str:
        return self._conversation.project

    async def recall(self, query: str, limit: int = 10) -> str:
        """What is worth knowing about it, from all projects, as a block for a system prompt.

        A sentence when nothing is known; nothing when the server fails.
        """
        author = self._client._author
        return await self._client._read(recall(query, limit, project=self.project, author=author), "")

    async def record_user(
        self, content: object, timestamp: Timestamp | None = None, *, uuid: str | None = None
    ) -> str:
        """`content`: a text, or content blocks of the Messages API."""
        return await self._record(
            lambda: self._conversation.turn("user", content, timestamp=timestamp, uuid=uuid)
        )

    async def record_assistant(
        self,
        content: object,
        model: str | None = None,
        usage: object = None,
        timestamp: Timestamp | None = None,
        *,
        uuid: str | None = None,
    ) -> str:
        """`usage`: an object or a mapping with `input_tokens` and `output_tokens`."""
        return await self._record(
            lambda: self._conversation.turn(
                "assistant", content, timestamp=timestamp, uuid=uuid, model=model, usage=usage
            )
        )

    async def close(self) -> None:
        """Flushes, within the timeout."""
        await self._client.flush()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _record_exchange(self, user_message: object, response: object) -> str:
        return await self._record(lambda: self._conversation.exchange(user_message, response))

    def _record_soon(self, user_message: object, response: object) -> None:
        """Where nothing can be awaited any more."""
        try:
            messages = self._conversation.exchange(user_message, response)
        except Exception as error:  # noqa: BLE001 - see _not_recorded
            self._client._not_recorded(error)
            return
        for message in messages:
            self._client._engine.record_soon(message)

    async def _record(self, make: Callable[[], list[Message]]) -> str:
        try:
            messages = make()
        except Exception as error:  # noqa: BLE001 - see _not_recorded
            self._client._not_recorded(error)
            return ""
        return await self._client._record(messages)
