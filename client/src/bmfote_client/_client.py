from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TypedDict, TypeVar

from . import _operations as ask
from ._conversation import Conversation
from ._engine import Engine, Operation
from ._errors import BmfoteError
from ._outage import logger
from ._recall import recall
from ._records import DEFAULT_REMEMBER_PROJECT, Author, Timestamp, memory_note, workspace_of
from ._settings import DEFAULT_TIMEOUT, load_settings
from ._spool import Message
from ._types import ErrorMatch, MessageType, RecentMessage, Remembered, SearchHit, StoredMessage

if sys.version_info >= (3, 11):
    from typing import Self, Unpack
else:
    from typing_extensions import Self, Unpack

T = TypeVar("T")

GOES_ON_WITHOUT = "The program goes on without it."


class SearchFilters(TypedDict, total=False):
    project: str | None
    author: str | None
    source: str | None
    session_id: str | None
    since: str | None
    """ISO 8601: this date or later."""
    until: str | None
    """ISO 8601: before this date."""


class _BaseClient:
    """What both clients are given and know; arguments win over the environment, which wins over `bmfote.env`."""

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        workspace: str | None = None,
        author: str | None = None,
        source: str | None = None,
        strict: bool = False,
        spool: str | os.PathLike[str] | None = None,
    ) -> None:
        """
        url: the server. Default: BMFOTE_URL, then http://127.0.0.1:8026.
        token: its token. Default: BMFOTE_TOKEN.
        timeout: seconds that a server which fails may cost, in all, until it answers again.
        workspace: what is read and written. Default: BMFOTE_WORKSPACE, then the server's own default.
        author: who speaks, as it is shown with each message. Default: BMFOTE_AUTHOR.
        source: the surface, as it is shown with each message. Default: messages-api.
        strict: raise BmfoteError in place of going on.
        spool: a folder in which messages wait for a server that is away, and outlive the program.
        """
        self._settings = load_settings(
            url=url,
            token=token,
            timeout=timeout,
            workspace=workspace,
            author=author,
            source=source,
            strict=strict,
            spool=spool,
            environment=os.environ,
        )
        self._author = Author(self._settings.workspace, self._settings.author, self._settings.source)
        self._engine = Engine(self._settings)

    @property
    def url(self) -> str:
        return self._settings.url

    def _search(
        self,
        query: str,
        limit: int,
        type: MessageType | None,
        filters: SearchFilters,
    ) -> Operation[list[SearchHit]]:
        scope = {"workspace_id": self._author.workspace, "now": ask.now_here()}
        return ask.search({"q": query, "limit": limit, "type": type, **filters, **scope})

    def _find_error(self, error: str, limit: int) -> Operation[list[ErrorMatch]]:
        return ask.find_error({"error": error, "limit": limit, "workspace_id": self._author.workspace})

    def _recent(self, hours: int, limit: int, session_id: str | None) -> Operation[list[RecentMessage]]:
        query = {"hours": hours, "limit": limit, "session_id": session_id}
        return ask.recent({**query, "workspace_id": self._author.workspace})

    def _get_message(self, uuid: str, context: int) -> Operation[StoredMessage | None]:
        return ask.get_message(uuid, {"context": context, "workspace_id": self._author.workspace})

    def _note(self, content: str, topic: str, project: str) -> Message:
        return memory_note(self._author, content=content, topic=topic, project=project, workspace=None)

    def _conversation(self, project: str, session_id: str | None) -> Conversation:
        return Conversation(project, session_id, self._author)

    def _instead(self, error: BmfoteError, empty: T) -> T:
        """What a read gives that has failed."""
        if self._settings.strict:
            raise error
        self._engine.warn(error, GOES_ON_WITHOUT)
        return empty

    def _not_recorded(self, error: Exception) -> None:
        """A shape that nobody has thought of costs a message, and not the agent's run."""
        if self._settings.strict:
            raise error
        logger.warning("A message was not recorded: %r", error)


def _remembered(note: Message) -> Remembered:
    return {
        "uuid": str(note["uuid"]),
        "session_id": str(note["session_id"]),
        "workspace_id": workspace_of(note),
    }


NOTHING_REMEMBERED: Remembered = {"uuid": "", "session_id": "", "workspace_id": ""}


class Client(_BaseClient):
    """The memory, for programs that are not async. Any number of threads may use one.

    Nothing raises unless `strict` is set: reads that fail come back empty, messages wait and are sent again.

    >>> with Client() as bmfote:
    ...     session = bmfote.session(project="research-agent")
    ...     prior = session.recall("competitor pricing research")
    """

    def session(self, project: str, session_id: str | None = None) -> Session:
        """A conversation that is recorded; with the `session_id` of an earlier one, its continuation."""
        return Session(self, self._conversation(project, session_id))

    def search(
        self,
        query: str,
        limit: int = 20,
        type: MessageType | None = None,
        **filters: Unpack[SearchFilters],
    ) -> list[SearchHit]:
        """Best hits first."""
        return self._read(self._search(query, limit, type, filters), [])

    def find_error(self, error: str, limit: int = 5) -> list[ErrorMatch]:
        """Errors like this one, and what followed them."""
        return self._read(self._find_error(error, limit), [])

    def recent(self, hours: int = 24, limit: int = 50, session_id: str | None = None) -> list[RecentMessage]:
        """Newest first. With a session, all of it: `hours` does not apply then."""
        return self._read(self._recent(hours, limit, session_id), [])

    def get_message(self, uuid: str, context: int = 1) -> StoredMessage | None:
        """None when there is none in this workspace."""
        return self._read(self._get_message(uuid, context), None)

    def remember(self, content: str, topic: str = "", project: str = DEFAULT_REMEMBER_PROJECT) -> Remembered:
        """Writes one thing down, as the tool of that name does."""
        try:
            note = self._note(content, topic, project)
        except BmfoteError as error:
            return self._instead(error, NOTHING_REMEMBERED)
        except Exception as error:  # noqa: BLE001 - see _not_recorded
            self._not_recorded(error)
            return NOTHING_REMEMBERED
        self._engine.record(note)
        return _remembered(note)

    def flush(self, timeout: float | None = None) -> int:
        """Waits for what is to be sent. How many messages still wait afterwards."""
        return self._engine.flush(timeout)

    def close(self) -> int:
        """Flushes, within the timeout, and stops. How many messages are left: in the spool, or lost."""
        return self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, operation: Operation[T], empty: T) -> T:
        try:
            return self._engine.run(operation)
        except BmfoteError as error:
            return self._instead(error, empty)

    def _record(self, messages: list[Message]) -> str:
        for message in messages:
            self._engine.record(message)
        return str(messages[0]["uuid"]) if messages else ""


class Session:
    """A conversation in one project. Recording returns at once, with the uuid of the (first) message."""

    def __init__(self, client: Client, conversation: Conversation) -> None:
        self._client = client
        self._conversation = conversation

    @property
    def session_id(self) -> str:
        return self._conversation.session_id

    @property
    def project(self) -> str:
        return self._conversation.project

    def recall(self, query: str, limit: int = 10) -> str:
        """What is worth knowing about it, from all projects, as a block for a system prompt.

        A sentence when nothing is known; nothing when the server fails.
        """
        author = self._client._author
        return self._client._read(recall(query, limit, project=self.project, author=author), "")

    def record_user(
        self, content: object, timestamp: Timestamp | None = None, *, uuid: str | None = None
    ) -> str:
        """`content`: a text, or content blocks of the Messages API."""
        return self._record(lambda: self._conversation.turn("user", content, timestamp=timestamp, uuid=uuid))

    def record_assistant(
        self,
        content: object,
        model: str | None = None,
        usage: object = None,
        timestamp: Timestamp | None = None,
        *,
        uuid: str | None = None,
    ) -> str:
        """`usage`: an object or a mapping with `input_tokens` and `output_tokens`."""
        return self._record(
            lambda: self._conversation.turn(
                "assistant", content, timestamp=timestamp, uuid=uuid, model=model, usage=usage
            )
        )

    def close(self) -> None:
        """Flushes, within the timeout."""
        self._client.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _record_exchange(self, user_message: object, response: object) -> str:
        return self._record(lambda: self._conversation.exchange(user_message, response))

    def _record(self, make: Callable[[], list[Message]]) -> str:
        try:
            messages = make()
        except Exception as error:  # noqa: BLE001 - see _not_recorded
            self._client._not_recorded(error)
            return ""
        return self._client._record(messages)
