"""What the server answers. Fields that a release does not know are missing; what nobody said is None."""

from __future__ import annotations

import sys
from typing import Literal, TypedDict

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

MessageType = Literal["user", "assistant"]


class _Provenance(TypedDict):
    author: NotRequired[str | None]
    source: NotRequired[str | None]
    tool: NotRequired[str | None]
    status: NotRequired[str | None]
    branch: NotRequired[str | None]


class SearchHit(_Provenance):
    uuid: str
    session_id: str
    type: str
    role: str | None
    timestamp: str | None
    model: str | None
    project: str | None
    snippet: str
    """A passage with the hits between >>> and <<<."""
    rank: float
    understood_date: NotRequired[str]


class ErrorMatch(_Provenance):
    uuid: str
    session_id: str
    timestamp: str | None
    project: str | None
    error_context: str
    solution: str | None


class RecentMessage(_Provenance):
    uuid: str
    session_id: str
    type: str
    role: str | None
    content: str
    timestamp: str | None
    project: str | None
    model: NotRequired[str | None]


class ContextMessage(_Provenance):
    uuid: str
    type: str
    role: str | None
    content: str
    timestamp: str | None
    model: str | None


class StoredMessage(ContextMessage):
    session_id: str
    project: str | None
    before: NotRequired[list[ContextMessage]]
    after: NotRequired[list[ContextMessage]]


class Remembered(TypedDict):
    uuid: str
    session_id: str
    workspace_id: str
