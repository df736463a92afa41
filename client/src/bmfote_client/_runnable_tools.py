"""The memory's tools for the tool runner of Anthropic's SDK (`client.beta.messages.tool_runner`)."""

from __future__ import annotations

from typing import Any

from ._arguments import ToolRefusal
from ._async_client import AsyncClient
from ._client import Client
from ._errors import BmfoteError
from ._handle_tool_use import refusal_text
from ._tool_data import SPECS, ToolSpec
from ._tools import call_tool


def runnable_tools(client: Client | AsyncClient) -> list[Any]:
    """For `tools=` of `tool_runner`, beside functions made with `@beta_tool`: it then calls the memory by itself.

    With a Client for `Anthropic`, with an AsyncClient for `AsyncAnthropic`. Needs the package `anthropic`, which nothing
    else here does: the runner takes instances of its own classes alone.
    """
    if isinstance(client, AsyncClient):
        return [_async_tool(spec, client) for spec in SPECS]
    return [_tool(spec, client) for spec in SPECS]


def _tool(spec: ToolSpec, client: Client) -> object:
    from anthropic.lib.tools import BetaBuiltinFunctionTool, ToolError  # noqa: PLC0415

    class MemoryTool(BetaBuiltinFunctionTool):
        def to_dict(self) -> Any:  # noqa: ANN401
            return dict(spec)

        def call(self, input: object) -> str:
            try:
                return client._engine.run(call_tool(spec["name"], input, client._author))
            except (ToolRefusal, BmfoteError) as error:
                raise ToolError(refusal_text(error, client)) from error

    return MemoryTool()


def _async_tool(spec: ToolSpec, client: AsyncClient) -> object:
    from anthropic.lib.tools import BetaAsyncBuiltinFunctionTool, ToolError  # noqa: PLC0415

    class MemoryTool(BetaAsyncBuiltinFunctionTool):
        def to_dict(self) -> Any:  # noqa: ANN401
            return dict(spec)

        async def call(self, input: object) -> str:
            try:
                return await client._engine.run_async(call_tool(spec["name"], input, client._author))
            except (ToolRefusal, BmfoteError) as error:
                raise ToolError(refusal_text(error, client)) from error

    return MemoryTool()
