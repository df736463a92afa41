from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from ._text import well_formed
from ._tool_data import ToolSpec


class ToolRefusal(Exception):
    """In words that the calling agent can act on."""


def read_arguments(spec: ToolSpec, given: object) -> dict[str, object]:
    """Checks what an agent sent and fills in the defaults.

    A null means left out, unknown arguments are let be, and ranges are the memory's to clamp; a wrong type is refused
    with a sentence that names it.
    """
    values = {} if given is None else given
    if not isinstance(values, Mapping):
        raise ToolRefusal("Give the arguments as an object.")
    schema = spec["input_schema"]
    properties = cast("dict[str, dict[str, object]]", schema["properties"])
    required = cast("list[str]", schema.get("required", []))
    arguments: dict[str, object] = {}
    for name, argument in properties.items():
        value = values.get(name)
        if value is not None:
            arguments[name] = _read(name, argument, value)
        elif argument.get("default") is not None:
            arguments[name] = argument["default"]
        elif name in required:
            raise ToolRefusal(f'The argument "{name}" is missing.')
    return arguments


def _read(name: str, schema: Mapping[str, object], value: object) -> object:
    if schema.get("type") == "integer":
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return math.trunc(value)
        raise ToolRefusal(f'The argument "{name}" must be a number.')
    if not isinstance(value, str):
        raise ToolRefusal(f'The argument "{name}" must be a string.')
    choices = cast("list[str] | None", schema.get("enum"))
    if choices and value not in choices:
        raise ToolRefusal(f'The argument "{name}" must be one of: {", ".join(choices)}.')
    return well_formed(value)
