from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from . import _ids
from ._content import Part, clean, field
from ._errors import BmfoteError
from ._settings import DEFAULT_WORKSPACE
from ._spool import Message
from ._text import as_text

# As far as JSON's numbers are exact everywhere.
COUNT_MAX = 2**53 - 1

DEFAULT_REMEMBER_PROJECT = "managed-agent"

Timestamp = str | date


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
    if isinstance(given, datetime):
        return to_wire(given)
    # A day begins at midnight, here.
    return to_wire(datetime.combine(given, time())) if isinstance(given, date) else as_text(given)


def message_of(
    part: Part,
    *,
    author: Author,
    session_id: object,
    project: object,
    uuid: object,
    timestamp: str,
    model: object = None,
    usage: object = None,
) -> Message:
    """As the server takes it: texts that can be sent, and counts. One that can't be would keep all others waiting."""
    texts: dict[str, object] = {
        "session_id": session_id,
        "uuid": uuid,
        "content": part.content,
        "type": part.type,
        "role": part.role,
        "tool": part.tool,
        "status": part.status,
        "model": model,
        "timestamp": timestamp,
        "project": project,
        "author": author.author,
        "source": author.source,
        "workspace_id": author.workspace,
    }
    counts = {name: _count(usage, name) for name in ("input_tokens", "output_tokens")}
    return {
        **{name: as_text(text) for name, text in texts.items() if text is not None},
        **{name: count for name, count in counts.items() if count is not None},
    }


def memory_note(
    author: Author, *, content: object, topic: object, project: object, workspace: str | None
) -> Message:
    """What `remember` stores: the same row as the MCP tool's, under an id of ours, so that it can be sent again."""
    text = clean(as_text("" if content is None else content))
    if not text:
        raise BmfoteError(
            "invalid_input",
            "There is nothing to remember: the content is empty.",
            next="Say what is to be remembered.",
            status=400,
        )
    project = as_text(project or DEFAULT_REMEMBER_PROJECT)
    topic = as_text(topic or "").strip()
    note = Part("assistant", "assistant", f"[{topic}]\n{text}" if topic else text)
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
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) <= COUNT_MAX else None
