from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ._errors import BmfoteError
from ._spool import Message
from ._transport import Request

# Nobody waits for these requests.
REQUEST_SECONDS_MAX = 10.0

# The message is wrong, and would be wrong the next time.
HOPELESS_STATUSES = frozenset({400, 413, 422})
MISSING = 404

Send = Callable[[Request, float], object]


@dataclass(frozen=True)
class Outcome:
    """What became of a message: it is stored, or will never be."""

    refusal: BmfoteError | None = None
    is_cut: bool = False
    """It was longer than the server keeps."""


Settle = Callable[[Message, Outcome], None]


class Delivery:
    """Takes messages to the server, in one request where it can: releases up to 0.11.7 take them one by one."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_old_server = False
        self._known_sessions: set[tuple[object, object]] = set()

    def deliver(self, messages: Sequence[Message], settle: Settle) -> None:
        """Settles each message that the server has taken, or has refused for good. Raises what may pass."""
        if self._is_old_server:
            return self._one_by_one(messages, settle)
        try:
            answer = self._post("/api/messages/batch", messages)
        except BmfoteError as error:
            if error.status == MISSING:
                self._is_old_server = True
                return self._one_by_one(messages, settle)
            if error.status not in HOPELESS_STATUSES:
                raise
            return self._refused(messages, settle, error)
        for message, outcome in zip(messages, read_outcomes(answer, messages), strict=True):
            settle(message, outcome)
        return None

    def _refused(self, messages: Sequence[Message], settle: Settle, error: BmfoteError) -> None:
        """One of them is to blame."""
        if len(messages) == 1:
            settle(messages[0], Outcome(refusal=error))
            return
        for message in messages:
            self.deliver([message], settle)

    def _one_by_one(self, messages: Sequence[Message], settle: Settle) -> None:
        for message in messages:
            self._name_session(message)
            try:
                answer = self._post("/api/messages", message)
                outcome = Outcome(is_cut=_field(answer, "truncated") is True)
            except BmfoteError as error:
                if error.status == MISSING:
                    # It was another server's day: whatever answers now is asked anew the next time.
                    self._is_old_server = False
                if error.status not in HOPELESS_STATUSES:
                    raise
                outcome = Outcome(refusal=error)
            settle(message, outcome)

    def _name_session(self, message: Message) -> None:
        """An old server learns the project from the session alone."""
        session = (message.get("workspace_id"), message.get("session_id"))
        if session in self._known_sessions or not message.get("project"):
            return
        try:
            fields = ("session_id", "project", "workspace_id")
            self._post("/api/sessions", {name: message[name] for name in fields if message.get(name)})
        except BmfoteError as error:
            if error.status not in HOPELESS_STATUSES:
                raise
        self._known_sessions.add(session)

    def _post(self, path: str, body: object) -> object:
        return self._send(Request("POST", path, body=body), REQUEST_SECONDS_MAX)


def read_outcomes(answer: object, messages: Sequence[Message]) -> list[Outcome]:
    """One for each message, in order."""
    results = answer.get("results") if isinstance(answer, dict) else None
    uuids = [message["uuid"] for message in messages]
    if not isinstance(results, list) or [_field(result, "uuid") for result in results] != uuids:
        raise BmfoteError(
            "unavailable",
            "What answered is not a bmfote server: it does not say what became of the messages.",
            next="Check the address; a proxy or another program may be in between.",
        )
    return [_outcome(result) for result in results]


def _outcome(result: object) -> Outcome:
    # "deleted": somebody has deleted it, and it stays away.
    if _field(result, "status") != "error":
        return Outcome(is_cut=_field(result, "truncated") is True)
    sentence = _field(result, "error")
    error = BmfoteError(
        "invalid_input", sentence if isinstance(sentence, str) else "It was refused.", status=400
    )
    return Outcome(refusal=error)


def _field(result: object, name: str) -> object:
    return result.get(name) if isinstance(result, dict) else None
