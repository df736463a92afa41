"""One memory that all your AI tools share, for any Python agent: recall, record, and the memory's tools.

>>> from bmfote_client import Client, record_exchange
"""

from ._agent_sdk import AgentSdkHooks, agent_sdk_hooks, close_when_done
from ._async_client import AsyncClient, AsyncSession
from ._client import Client, Session
from ._errors import BmfoteError
from ._exchange import record_exchange
from ._handle_tool_use import handle_tool_use
from ._runnable_tools import runnable_tools
from ._stream import AsyncRecordedStream, RecordedStream, record_stream
from ._tool_data import TOOL_SPECS
from ._types import (
    ContextMessage,
    ErrorMatch,
    RecentMessage,
    Remembered,
    SearchHit,
    StoredMessage,
)

__all__ = [
    "TOOL_SPECS",
    "AgentSdkHooks",
    "AsyncClient",
    "AsyncRecordedStream",
    "AsyncSession",
    "BmfoteError",
    "Client",
    "ContextMessage",
    "ErrorMatch",
    "RecentMessage",
    "RecordedStream",
    "Remembered",
    "SearchHit",
    "Session",
    "StoredMessage",
    "agent_sdk_hooks",
    "close_when_done",
    "handle_tool_use",
    "record_exchange",
    "record_stream",
    "runnable_tools",
]
