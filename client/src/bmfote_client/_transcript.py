"""Claude Code's transcript of a session: where the ids are under which its own hooks record."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ._content import blocks_of, field, text_field

# Of a transcript that is there already, its end: what happens now is written there.
TAIL_BYTES_MAX = 1_000_000
LINES_MAX = 2_000


@dataclass(frozen=True)
class FoundLine:
    uuid: str
    block: object = None
    """The result that was looked for, as it stands there."""
    model: str | None = None


Wanted = tuple[str, str]
"""What a line is about: `prompt` and its prompt_id, `call` or `result` and the tool_use_id, `answer` and its text."""


class Transcript:
    """One file, read on from where it was left."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset: int | None = None
        self._found: dict[Wanted, FoundLine] = {}

    def find(self, wanted: Wanted) -> FoundLine | None:
        return self._found.get(wanted)

    def exists(self) -> bool:
        return self.path.is_file()

    def read_on(self) -> None:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(descriptor, "rb") as file:
                size = os.fstat(descriptor).st_size
                start = max(0, size - TAIL_BYTES_MAX) if self._offset is None else self._offset
                file.seek(start)
                text = file.read(max(0, size - start))
        except (OSError, ValueError):
            # Not there, not ours to read, or no path at all.
            return
        whole = text[: text.rfind(b"\n") + 1]
        is_cut = self._offset is None and start > 0
        self._offset = start + len(whole)
        for line in whole.split(b"\n")[1 if is_cut else 0 :]:
            self._take(line)

    def _take(self, text: bytes) -> None:
        # Most lines are the harness's own records.
        if b'"uuid"' not in text:
            return
        for wanted, found in _read_line(text):
            # Of two lines of a prompt, the first is what was typed; of two equal answers, the last is meant.
            if wanted in self._found and wanted[0] == "prompt":
                continue
            self._found.pop(wanted, None)
            self._found[wanted] = found
        while len(self._found) > LINES_MAX:
            del self._found[next(iter(self._found))]


def _read_line(text: bytes) -> Iterator[tuple[Wanted, FoundLine]]:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return
    uuid = text_field(line, "uuid")
    if not uuid:
        return
    message = field(line, "message")
    content = field(message, "content")
    blocks = blocks_of(content) if isinstance(content, list) else []
    if field(line, "type") == "assistant":
        model = text_field(message, "model") or None
        for block in blocks:
            yield from _read_answer(block, FoundLine(uuid, block, model))
    elif field(line, "type") == "user" and field(line, "isMeta") is not True:
        yield from _read_user(blocks, uuid, text_field(line, "promptId"))


def _read_user(blocks: list[object], uuid: str, prompt_id: str) -> Iterator[tuple[Wanted, FoundLine]]:
    results = [block for block in blocks if text_field(block, "type") == "tool_result"]
    for block in results:
        yield ("result", text_field(block, "tool_use_id")), FoundLine(uuid, block)
    if not results and prompt_id:
        yield ("prompt", prompt_id), FoundLine(uuid)


def _read_answer(block: object, found: FoundLine) -> Iterator[tuple[Wanted, FoundLine]]:
    kind = text_field(block, "type")
    if kind == "tool_use":
        yield ("call", text_field(block, "id")), found
    elif kind == "text":
        yield ("answer", text_field(block, "text").strip()), found
