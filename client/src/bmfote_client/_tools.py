"""The tools: what each asks the memory, and the text that an agent reads of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from . import _operations as ask
from ._arguments import ToolRefusal, read_arguments
from ._engine import Operation, Write, Written
from ._quote import QUOTED_NOTICE, attribution, identifier, label, quote, quote_cut
from ._records import Author, memory_note
from ._text import length
from ._tool_data import SPECS
from ._types import ErrorMatch, RecentMessage, SearchHit, StoredMessage

Arguments = Mapping[str, object]

# All messages of an answer share so much, that asking for many costs no more than asking for a few.
RECENT_CHARS_TOTAL = 40_000
RECENT_CHARS_MAX = 4_000
NEIGHBOUR_CHARS_TOTAL = 40_000
NEIGHBOUR_CHARS_MAX = 8_000


def call_tool(name: str, given: object, author: Author) -> Operation[str]:
    """Raises ToolRefusal when the arguments are wrong or name nothing."""
    spec = next((spec for spec in SPECS if spec["name"] == name), None)
    if spec is None:
        raise ToolRefusal(f'There is no tool "{label(name)}" here.')
    return (yield from _RUNS[name](read_arguments(spec, given), author))


def _search_memory(arguments: Arguments, author: Author) -> Operation[str]:
    hits = yield from ask.search(
        {
            "q": arguments["query"],
            "limit": arguments["limit"],
            "type": arguments.get("type"),
            "workspace_id": _workspace(arguments, author),
        }
    )
    return format_hits(hits)


def format_hits(hits: Sequence[SearchHit]) -> str:
    if not hits:
        return "Nothing in memory matches. Try fewer words, other words, or get_recent."
    heading = f"{len(hits)} {'hit' if len(hits) == 1 else 'hits, best first'}. {QUOTED_NOTICE}"
    understood = hits[0].get("understood_date")
    time = [f"Time understood as {label(understood)}."] if understood else []
    blocks = [
        f"[{number}] {attribution(hit)}\n{quote(hit['snippet'])}" for number, hit in enumerate(hits, start=1)
    ]
    return "\n\n".join([heading, *time, *blocks, "To read around a hit, call get_context with its uuid."])


def _find_error(arguments: Arguments, author: Author) -> Operation[str]:
    matches = yield from ask.find_error(
        {
            "error": arguments["error_text"],
            "limit": arguments["limit"],
            "workspace_id": _workspace(arguments, author),
        }
    )
    return format_matches(matches)


def format_matches(matches: Sequence[ErrorMatch]) -> str:
    if not matches:
        return "No such error in memory. Try its telling part alone, without paths and numbers."
    heading = f"{len(matches)} {'match' if len(matches) == 1 else 'matches'}. {QUOTED_NOTICE}"
    blocks = []
    for number, match in enumerate(matches, start=1):
        solution = match.get("solution")
        followed = f"What followed:\n{quote(solution)}" if solution else "Nothing followed it."
        blocks.append(f"[{number}] {attribution(match)}\n{quote(match['error_context'])}\n{followed}")
    return "\n\n".join([heading, *blocks, "To read the whole story, call get_context with a uuid."])


def _get_context(arguments: Arguments, author: Author) -> Operation[str]:
    uuid = str(arguments["uuid"])
    query = {"context": arguments["context"], "workspace_id": _workspace(arguments, author)}
    found = yield from ask.get_message(uuid, query)
    if found is None:
        raise ToolRefusal(
            f"There is no message with the uuid {identifier(uuid)} here. "
            "Take a uuid from search_memory or get_recent."
        )
    return format_context(found)


def format_context(found: StoredMessage) -> str:
    before, after = found.get("before", []), found.get("after", [])
    share = min(NEIGHBOUR_CHARS_TOTAL // max(1, len(before) + len(after)), NEIGHBOUR_CHARS_MAX)
    where = {"session_id": found["session_id"], "project": found.get("project")}

    def block(heading: str, message: Mapping[str, object], chars_max: int) -> str:
        return f"{heading}: {attribution(message)}\n{quote_cut(str(message['content']), chars_max)}"

    return "\n\n".join(
        [
            QUOTED_NOTICE,
            *(block("Before", {**message, **where}, share) for message in before),
            block("The message", found, length(found["content"])),
            *(block("After", {**message, **where}, share) for message in after),
        ]
    )


def _get_recent(arguments: Arguments, author: Author) -> Operation[str]:
    messages = yield from ask.recent(
        {
            "hours": arguments["hours"],
            "limit": arguments["limit"],
            "workspace_id": _workspace(arguments, author),
        }
    )
    return format_recent(messages)


def format_recent(messages: Sequence[RecentMessage]) -> str:
    if not messages:
        return "Nothing was recorded in that time. Raise hours, or use search_memory."
    share = min(RECENT_CHARS_TOTAL // max(1, len(messages)), RECENT_CHARS_MAX)
    count = f"{len(messages)} {'message' if len(messages) == 1 else 'messages, newest first'}"
    blocks = [
        f"[{number}] {attribution(message)}\n{quote_cut(message['content'], share)}"
        for number, message in enumerate(messages, start=1)
    ]
    return "\n\n".join([f"{count}. {QUOTED_NOTICE}", *blocks])


def _remember(arguments: Arguments, author: Author) -> Operation[str]:
    note = memory_note(
        author,
        content=str(arguments["content"]),
        topic=str(arguments["topic"]),
        project=str(arguments["project"]),
        workspace=cast("str | None", arguments.get("workspace")),
    )
    written = cast("Written", (yield Write(note)))
    ids = f"uuid {identifier(str(note['uuid']))} | session {identifier(str(note['session_id']))}"
    if not written.is_acknowledged:
        return f"Kept, and written to memory as soon as it can be reached.\n{ids}"
    cut = " It was longer than 50,000 characters, and was stored cut." if written.is_cut else ""
    return f"Remembered.{cut}\n{ids}"


def _workspace(arguments: Arguments, author: Author) -> object:
    return arguments.get("workspace") or author.workspace


_RUNS: dict[str, Callable[[Arguments, Author], Operation[str]]] = {
    "search_memory": _search_memory,
    "find_error": _find_error,
    "get_context": _get_context,
    "get_recent": _get_recent,
    "remember": _remember,
}
