from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from . import _ids
from ._content import Part, clean, field
from ._errors import BmfoteError
from ._settings import DEFAULT_WORKSPACE
from ._spool import Message

DEFAULT_REMEMBER_PROJECT = "managed-agent"

Timestamp = str | datetime


@dataclass(frozen=True)
class Author:
    """Who speaks, and where: what every message says of itself."""

    workspace: str | None
    author: str | None
    source: str


class Clock:
    """The time of day, later at each look, so that what was said one after the other stays so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = datetime.min.replace(tzinfo=timezone.utc)

    def reset(self) -> None:
        self._lock = threading.Lock()

    def now(self) -> str:
        with self._lock:
            now = datetime.now(timezone.utc)
            self._last = max(now, self._last + timedelta(milliseconds=1))
            return to_wire(self._last)


def to_wire(moment: datetime) -> str:
    """A datetime without a zone is in the zone of this machine, as everywhere in Python."""
    utc = moment.astimezone(timezone.utc)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def timestamp_of(given: Timestamp | None, clock: Clock) -> str:
    if given is None:
        return clock.now()
    return to_wire(given) if isinstance(given, datetime) else given


def message_of(
    part: Part,
    *,
    author: Author,
    session_id: str,
    project: str,
    uuid: str,
    timestamp: str,
    model: str | None = None,
    usage: object = None,
) -> Message:
    """As the server takes it."""
    fields: Message = {
        "session_id": session_id,
        "uuid": uuid,
        "content": part.content,
        "type": part.type,
        "role": part.role,
        "tool": part.tool,
        "status": part.status,
        "model": model,
        "input_tokens": _count(usage, "input_tokens"),
        "output_tokens": _count(usage, "output_tokens"),
        "timestamp": timestamp,
        "project": project,
        "author": author.author,
        "source": author.source,
        "workspace_id": author.workspace,
    }
    return {name: value for name, value in fields.items() if value is not None}


def memory_note(author: Author, *, content: str, topic: str, project: str, workspace: str | None) -> Message:
    """What `remember` stores: the same row as the MCP tool's, under an id of ours, so that it can be sent again."""
    text = clean(content)
    if not text:
        raise BmfoteError(
            "invalid_input",
            "There is nothing to remember: the content is empty.",
            next="Say what is to be remembered.",
            status=400,
        )
    project = project or DEFAULT_REMEMBER_PROJECT
    note = Part("assistant", "assistant", f"[{topic.strip()}]\n{text}" if topic.strip() else text)
    where = Author(workspace or author.workspace, author.author, author.source)
    return message_of(
        note,
        author=where,
        session_id=f"agent-memory-{project}",
        project=project,
        uuid=_ids.random_id(),
        timestamp=to_wire(datetime.now(timezone.utc)),
    )


def workspace_of(message: Message) -> str:
    return str(message.get("workspace_id") or DEFAULT_WORKSPACE)


def _count(usage: object, name: str) -> int | None:
    value = field(usage, name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
