from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ._agent_recorder import AgentRecorder, Event, HookOutput
from ._async_client import AsyncClient
from ._client import Client
from ._outage import logger
from ._settings import SOURCE_AGENT_SDK

MessageT = TypeVar("MessageT")

HookCallback = Callable[[Any, "str | None", Any], Awaitable[Any]]

# The SDK gives up on a callback after this; ours take no longer than the client's timeout.
CALLBACK_SECONDS_MAX = 10.0


@dataclass
class HookMatcher:
    """What the Agent SDK reads of its own class of this name."""

    hooks: list[HookCallback]
    matcher: str | None = None
    timeout: float | None = field(default=CALLBACK_SECONDS_MAX)


class AgentSdkHooks(dict[Any, list[Any]]):
    """For `hooks=` of ClaudeAgentOptions."""

    def __init__(self, client: Client | AsyncClient, recorder: AgentRecorder | None) -> None:
        super().__init__()
        self._client = client
        if recorder is None:
            return
        for name, take in (
            ("UserPromptSubmit", recorder.prompt),
            ("PostToolUse", recorder.tool_use),
            ("PostToolUseFailure", recorder.tool_use),
            ("Stop", recorder.answer),
            ("StopFailure", recorder.answer),
            ("SubagentStop", recorder.subagent_answer),
            ("SessionStart", recorder.session_start),
        ):
            self[name] = [HookMatcher(hooks=[_callback(take)])]

    async def close(self) -> None:
        """Waits until what was recorded is stored, at most the client's timeout."""
        await self._client._engine.flush_async()


def agent_sdk_hooks(
    project: str, client: Client | AsyncClient | None = None, *, recall: bool = True
) -> AgentSdkHooks:
    """Hooks for the Claude Agent SDK: prompts, tool calls, results and answers are recorded, and recalled at the start.

    recall: put before the model, at the first prompt, what the memory knows.

    Each is recorded under the id that Claude Code gives it: where the person's own hooks record too, it is stored once.
    What is left to send when the program ends is sent then; `close_when_done` does so at the end of a run.
    """
    own = client or Client(source=SOURCE_AGENT_SDK)
    if os.environ.get("BMFOTE_DISABLE") == "1":
        return AgentSdkHooks(own, None)
    return AgentSdkHooks(own, AgentRecorder(own._engine, own._author, project, recalls=recall))


async def close_when_done(run: AsyncIterable[MessageT], hooks: AgentSdkHooks) -> AsyncIterator[MessageT]:
    """The run, which waits at its end until what the hooks have recorded is stored: the SDK calls none of them then.

    >>> async for message in close_when_done(query(prompt=prompt, options=options), hooks): ...
    """
    try:
        async for message in run:
            yield message
    finally:
        await hooks.close()


def _callback(take: Callable[[Event], Awaitable[HookOutput]]) -> HookCallback:
    async def callback(event: Any, _tool_use_id: str | None, _context: Any) -> HookOutput:  # noqa: ANN401
        try:
            return await take(event)
        except Exception as error:  # noqa: BLE001 - the agent's run goes on whatever happens here
            logger.warning("A hook of the memory failed: %r", error)
            return {}

    return callback
