from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, overload

from ._arguments import ToolRefusal
from ._async_client import AsyncClient
from ._client import Client
from ._content import field, text_field
from ._engine import Operation
from ._errors import BmfoteError
from ._text import well_formed
from ._tools import call_tool

if TYPE_CHECKING:
    # Where the SDK is installed, its own type; where it is not, any.
    from anthropic.types import ToolResultBlockParam

OUT_OF_REACH = "The memory can't be reached right now. Go on without it."


@overload
def handle_tool_use(block: object, client: Client) -> ToolResultBlockParam: ...
@overload
def handle_tool_use(block: object, client: AsyncClient) -> Awaitable[ToolResultBlockParam]: ...
def handle_tool_use(
    block: object, client: Client | AsyncClient
) -> ToolResultBlockParam | Awaitable[ToolResultBlockParam]:
    """Does what a `tool_use` block of one of TOOL_SPECS asks, and gives the `tool_result` block for the next message.

    With an AsyncClient, await it. Wrong arguments, and a memory that is away, are said in the result.
    """
    if isinstance(client, AsyncClient):
        return _handle_async(block, client)
    operation = _call(block, client)
    try:
        return _result(block, client._engine.run(operation))
    except (ToolRefusal, BmfoteError) as error:
        return _result(block, refusal_text(error, client), is_error=True)


async def _handle_async(block: object, client: AsyncClient) -> ToolResultBlockParam:
    operation = _call(block, client)
    try:
        return _result(block, await client._engine.run_async(operation))
    except (ToolRefusal, BmfoteError) as error:
        return _result(block, refusal_text(error, client), is_error=True)


def _call(block: object, client: Client | AsyncClient) -> Operation[str]:
    return call_tool(text_field(block, "name"), field(block, "input"), client._author)


def refusal_text(error: ToolRefusal | BmfoteError, client: Client | AsyncClient) -> str:
    """What an agent can do something about is said to it; the rest is said to the log. Raises when that is asked for."""
    if isinstance(error, ToolRefusal):
        return str(error)
    if not error.is_outage:
        return str(error)
    return client._instead(error, OUT_OF_REACH)


def _result(block: object, text: str, *, is_error: bool = False) -> ToolResultBlockParam:
    result: ToolResultBlockParam = {
        "type": "tool_result",
        "tool_use_id": text_field(block, "id"),
        "content": well_formed(text),
    }
    return {**result, "is_error": True} if is_error else result
