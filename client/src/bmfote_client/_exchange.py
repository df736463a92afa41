from __future__ import annotations

from collections.abc import Awaitable
from typing import overload

from ._async_client import AsyncSession
from ._client import Session


@overload
def record_exchange(session: Session, user_message: object, response: object) -> str: ...
@overload
def record_exchange(session: AsyncSession, user_message: object, response: object) -> Awaitable[str]: ...
def record_exchange(
    session: Session | AsyncSession, user_message: object, response: object
) -> str | Awaitable[str]:
    """Records what was asked and what was answered; with an AsyncSession, await it.

    user_message: a text, content blocks, a message param, or a list of message params: a whole history may be given
    each time, and is stored once.
    response: a `Message` of the SDK, the same as a dictionary, or its text. Streams: see `record_stream`.

    Tool calls and results are messages of their own; thinking is left out; images are named. Gives the uuid of the first
    message that is new.
    """
    return session._record_exchange(user_message, response)
