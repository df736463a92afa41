"""The five tools as data, of one source with the MCP server's."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    # Where the SDK is installed, its own type; where it is not, any.
    from anthropic.types import ToolParam


class ToolSpec(TypedDict):
    name: str
    description: str
    input_schema: dict[str, object]


class _Tool(ToolSpec):
    title: str
    read_only: bool


def _load() -> list[_Tool]:
    text = resources.files(__package__).joinpath("_tools.generated.json").read_text("utf-8")
    return cast("list[_Tool]", json.loads(text))


_TOOLS = _load()

SPECS: list[ToolSpec] = [
    {"name": tool["name"], "description": tool["description"], "input_schema": tool["input_schema"]}
    for tool in _TOOLS
]

TOOL_SPECS: list[ToolParam] = cast("list[ToolParam]", SPECS)
"""`search_memory`, `find_error`, `get_context`, `get_recent` and `remember`, for `tools=` of the Messages API."""

READING_TOOLS = frozenset(tool["name"] for tool in _TOOLS if tool["read_only"])
