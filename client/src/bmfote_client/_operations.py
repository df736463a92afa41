"""What a client asks the server, and how the answers are read. Each is a generator of requests: see Engine.run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar, cast
from urllib.parse import quote as quote_path

from ._engine import Operation
from ._errors import BmfoteError
from ._text import as_text
from ._transport import Request
from ._types import ErrorMatch, RecentMessage, SearchHit, StoredMessage

T = TypeVar("T")
Query = Mapping[str, object]

MISSING = 404


def search(query: Query) -> Operation[list[SearchHit]]:
    read = _rows_with("uuid", "session_id", "snippet")
    return cast("list[SearchHit]", (yield Request("GET", "/api/search", query, read=read)))


def find_error(query: Query) -> Operation[list[ErrorMatch]]:
    read = _rows_with("uuid", "session_id", "error_context")
    return cast("list[ErrorMatch]", (yield Request("GET", "/api/similar-error", query, read=read)))


def recent(query: Query) -> Operation[list[RecentMessage]]:
    read = _rows_with("uuid", "session_id", "content")
    return cast("list[RecentMessage]", (yield Request("GET", "/api/recent", query, read=read)))


def get_message(uuid: str, query: Query) -> Operation[StoredMessage | None]:
    """None when there is no such message in this workspace."""
    try:
        path = f"/api/message/{quote_path(as_text(uuid), safe='')}"
        return cast("StoredMessage", (yield Request("GET", path, query, read=_message)))
    except BmfoteError as error:
        if error.status == MISSING:
            return None
        raise


def recall(query: Query) -> Operation[str | None]:
    """None when the server is of a release that can't recall."""
    try:
        return str((yield Request("GET", "/api/recall", query, read=_recalled)))
    except BmfoteError as error:
        if error.status == MISSING:
            return None
        raise


def now_here() -> str:
    """The caller's clock, for words such as yesterday."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _rows_with(*texts: str) -> Callable[[object], object]:
    def read(answer: object) -> object:
        if not isinstance(answer, list):
            raise _misshapen()
        return [_row(row, texts) for row in answer]

    return read


def _message(answer: object) -> object:
    message = _row(answer, ("uuid", "session_id", "content"))
    for side in ("before", "after"):
        _rows_with("uuid", "content")(message.get(side, []))
    return message


def _recalled(answer: object) -> str:
    return str(_row(answer, ("text",))["text"])


def _row(answer: object, texts: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(answer, dict) or not all(isinstance(answer.get(name), str) for name in texts):
        raise _misshapen()
    return answer


def _misshapen() -> BmfoteError:
    return BmfoteError(
        "unavailable",
        "What answered is not a bmfote server: its answer has another shape.",
        next="Check the address; a proxy or another program may be in between.",
    )
