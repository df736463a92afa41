"""What was said, out of the shapes that the Messages API gives it: text, tool calls and their results.

Blocks are dictionaries or objects of any SDK, read by their fields. Unknown ones are expected: they are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from ._text import BLANKS, cut_middle, to_json, well_formed
from ._tool_data import READING_TOOLS

RECALL_TAG = "bmfote-recall"

# The server redacts what it is given and then keeps 50,000 characters; so it gets more, and not without end.
CONTENT_CHARS_MAX = 1_000_000
TOOL_CALL_CHARS_MAX = 8_000
TOOL_RESULT_CHARS_MAX = 8_000
TOOL_RESULT_HEAD_SHARE = 0.4
ARGUMENT_CHARS_MAX = 2_000

PARAGRAPH = "\n\n"


@dataclass(frozen=True)
class Part:
    """One message of the memory."""

    type: Literal["user", "assistant"]
    role: Literal["user", "assistant", "tool"]
    content: str
    tool: str | None = None
    status: Literal["ok", "error"] | None = None


class ToolNames:
    """Which tool a call was of: results say its id alone."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def note(self, call_id: str, name: str) -> None:
        if call_id:
            self._names[call_id] = name

    def of(self, call_id: str) -> str | None:
        return self._names.get(call_id)


def parts_of(content: object, role: str, names: ToolNames) -> Iterator[Part]:
    """The messages that one turn of a conversation is stored as. None of them is empty."""
    side: Literal["user", "assistant"] = "assistant" if role == "assistant" else "user"
    spoken: list[str] = []

    def said() -> Iterator[Part]:
        text = clean(PARAGRAPH.join(spoken)).strip(BLANKS)
        spoken.clear()
        if text:
            yield Part(side, side, text)

    for block in blocks_of(content):
        kind = text_field(block, "type")
        if kind == "text":
            spoken.append(text_field(block, "text"))
        elif kind.endswith("thinking"):
            continue
        elif kind.endswith("tool_use"):
            yield from said()
            yield _call(block, kind, names)
        elif kind.endswith("tool_result"):
            yield from said()
            yield from _result(block, names)
        else:
            spoken.append(_placeholder(block, kind))
    yield from said()


def blocks_of(content: object) -> list[object]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if text_field(content, "type"):
        # Objects of SDKs may be iterable: their fields are.
        return [content]
    if isinstance(content, Mapping) or not isinstance(content, Iterable):
        return []
    return [{"type": "text", "text": block} if isinstance(block, str) else block for block in content]


def field(of: object, name: str) -> object:
    if isinstance(of, Mapping):
        return of.get(name)
    return getattr(of, name, None)


def text_field(of: object, name: str) -> str:
    value = field(of, name)
    return value if isinstance(value, str) else ""


def clean(text: str) -> str:
    """What can be sent, without what the memory itself has put there; empty when nothing is left."""
    stripped = strip_recall(text)
    return well_formed(stripped[:CONTENT_CHARS_MAX]) if stripped.strip(BLANKS) else ""


_OPENING = re.compile(rf"<{RECALL_TAG}[\s>]")
_CLOSING = f"</{RECALL_TAG}>"


def strip_recall(text: str) -> str:
    """Without what was recalled: it is in the memory already, which would fill up with its own echo."""
    kept, start = [], 0
    while opening := _OPENING.search(text, start):
        end = text.find(_CLOSING, opening.start())
        if end < 0:
            break
        kept.append(text[start : opening.start()])
        start = end + len(_CLOSING)
    return "".join([*kept, text[start:]]).strip(BLANKS) if kept else text


def _call(block: object, kind: str, names: ToolNames) -> Part:
    name = text_field(block, "name") or kind
    names.note(text_field(block, "id"), name)
    return call_part(name, field(block, "input"))


def call_part(name: str, arguments: object) -> Part:
    return Part("assistant", "assistant", clean(describe_call(name, arguments)) or name, tool=name)


def _result(block: object, names: ToolNames) -> Iterator[Part]:
    name = names.of(text_field(block, "tool_use_id"))
    yield from result_part(name, result_text(field(block, "content")), field(block, "is_error") is True)


def result_part(name: str | None, text: str, is_error: bool) -> Iterator[Part]:
    """None of the memory's own, nor of nothing; that something failed is worth knowing without a word, too."""
    if name is not None and is_own_reading_tool(name) and not is_error:
        return
    content = clean(describe_result(strip_recall(text))).strip(BLANKS)
    if content or is_error:
        yield Part("user", "tool", content, tool=name, status="error" if is_error else "ok")


_OWN_PREFIX = re.compile(r"^mcp__(?:plugin_)?bmfote[\w-]*?__")


def is_own_reading_tool(name: str) -> bool:
    """Its results came out of the memory, and would go round in it for ever."""
    return _OWN_PREFIX.sub("", name) in READING_TOOLS


def result_text(content: object) -> str:
    if content is None:
        return ""
    texts = []
    for block in blocks_of(content):
        kind = text_field(block, "type")
        texts.append(text_field(block, "text") if kind == "text" else _placeholder(block, kind))
    return "\n".join(text for text in texts if text)


def _placeholder(block: object, kind: str) -> str:
    """Images and the like are named, not stored."""
    if not kind:
        return ""
    source = field(block, "source")
    details = (
        text_field(block, "title") if kind == "document" else "",
        text_field(source, "media_type"),
        text_field(block, "tool_name"),
        text_field(block, "title"),
        text_field(block, "url"),
        text_field(block, "text"),
    )
    detail = next((detail for detail in details if detail), "")
    return f"[{kind}: {detail}]" if detail else f"[{kind}]"


# Arguments whose value says what it is: they stand without their name, in this order.
_PLAIN_ARGUMENTS = (
    "command",
    "file_path",
    "notebook_path",
    "pattern",
    "query",
    "url",
    "path",
    "skill",
    "subject",
    "description",
    "prompt",
    "content",
)


def describe_call(name: str, arguments: object) -> str:
    """`Bash: npm test`, then the other arguments, a line each."""
    described = list(_describe_arguments(arguments))
    first = f"{name}: {described[0]}" if described and described[0] else name
    return cut_middle("\n".join([first, *described[1:]]), TOOL_CALL_CHARS_MAX)


def _describe_arguments(arguments: object) -> Iterator[str]:
    if arguments is None:
        return
    if not isinstance(arguments, Mapping):
        yield _argument("", arguments)
        return
    given = cast("Mapping[str, object]", arguments)
    plain = [name for name in _PLAIN_ARGUMENTS if isinstance(given.get(name), str) and given[name]]
    for name in plain:
        yield _argument("", given[name])
    for name in given:
        if name not in plain:
            yield from _describe(name, given[name])


def _describe(name: str, value: object) -> Iterator[str]:
    if value is None or value is False or value == "":
        return
    if name == "edits" and isinstance(value, Sequence) and not isinstance(value, str):
        for edit in value:
            yield from _describe("old_string", field(edit, "old_string"))
            yield from _describe("new_string", field(edit, "new_string"))
    elif name in ("old_string", "new_string"):
        yield _argument("- " if name == "old_string" else "+ ", value)
    else:
        yield _argument(f"{name}: ", value)


def _argument(label: str, value: object) -> str:
    text = strip_recall(value if isinstance(value, str) else describe_json(value))
    return label + cut_middle(text, ARGUMENT_CHARS_MAX)


def describe_json(value: object) -> str:
    try:
        return to_json(value)
    except (RecursionError, ValueError):
        return "[nested too deep]"


_TERMINAL_CODES = re.compile("\u001b\\[[0-9;?]{0,40}[ -/]?[@-~]")


def describe_result(text: str) -> str:
    """Without colours, whose codes stick to words. Of a long one the end gets more room: a log's error stands there."""
    plain = _TERMINAL_CODES.sub("", text.strip(BLANKS))
    return cut_middle(plain, TOOL_RESULT_CHARS_MAX, TOOL_RESULT_HEAD_SHARE)
