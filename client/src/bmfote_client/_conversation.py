"""What a session records, as messages: the same for sync and async sessions, which differ in how they send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from . import _ids
from ._content import Part, ToolNames, field, parts_of, text_field
from ._records import Author, Clock, Timestamp, message_of, timestamp_of
from ._spool import Message
from ._text import as_text

# Of one session, in one program: enough for the longest conversation, and not without end.
TEXTS_KNOWN_MAX = 50_000


class Conversation:
    def __init__(self, project: str, session_id: str | None, author: Author) -> None:
        self.project = as_text(project)
        self.session_id = as_text(session_id) if session_id else _ids.random_id()
        self._author = author
        self._clock = Clock()
        self._names = ToolNames()
        # Ids of what was recorded, by what was said: histories repeat what came before.
        self._recorded: dict[str, set[str]] = {}

    def turn(
        self,
        role: str,
        content: object,
        *,
        timestamp: Timestamp | None,
        uuid: str | None,
        model: str | None = None,
        usage: object = None,
    ) -> list[Message]:
        """What one side said. The id that is given is that of the first message."""
        parts = self._parts(content, role)
        return [
            self.message(
                part,
                uuid=self._part_id(uuid, index),
                timestamp=timestamp,
                model=model,
                usage=usage if index == len(parts) - 1 else None,
            )
            for index, part in enumerate(parts)
        ]

    def _part_id(self, uuid: str | None, index: int) -> str:
        if uuid is None:
            return _ids.random_id()
        uuid = as_text(uuid)
        return uuid if index == 0 else _ids.derived_id("part", self.session_id, uuid, str(index))

    def exchange(self, user_message: object, response: object) -> list[Message]:
        """What was asked and what was answered; of a history, what this session has not recorded yet."""
        answer = _answer_of(response)
        model, usage = text_field(response, "model") or None, field(response, "usage")
        if _is_history(user_message) or _is_history(answer):
            # The answer is the next turn of the history: so it stands in the one that is given next.
            turns = [*_history_of(user_message, "user"), *_history_of(answer, "assistant")]
            return self._new_in_history(turns, model=model, usage=usage)
        role, content = _turn_of(user_message)
        asked, answered = self._parts(content, role), self._parts(answer, "assistant")
        response_id = text_field(response, "id")
        last = max((index for index, part in enumerate(answered) if part.type == "assistant"), default=-1)
        return [
            *(
                self.message(part, uuid=self._exchange_id(response_id, "user", index, part))
                for index, part in enumerate(asked)
            ),
            *(
                self.message(
                    part,
                    uuid=self._exchange_id(response_id, "assistant", index, part),
                    model=model,
                    usage=usage if index == last else None,
                )
                for index, part in enumerate(answered)
            ),
        ]

    def _parts(self, content: object, role: str) -> list[Part]:
        return list(parts_of(content, role, self._names))

    def _new_in_history(self, turns: list[object], *, model: str | None, usage: object) -> list[Message]:
        """A conversation is given whole each time: what is there for the n-th time is new if it was recorded less often.

        Model and usage are those of the last turn.
        """
        seen: Counter[tuple[str, str]] = Counter()
        messages = []
        for number, turn in enumerate(turns, start=1):
            parts = self._parts(field(turn, "content"), text_field(turn, "role"))
            for index, part in enumerate(parts, start=1):
                seen[part.role, part.content] += 1
                nth = seen[part.role, part.content]
                if nth <= len(self._recorded.get(_digest(part), ())):
                    continue
                uuid = _ids.derived_id("history", self.session_id, part.role, str(nth), part.content)
                is_answer = number == len(turns)
                messages.append(
                    self.message(
                        part,
                        uuid=uuid,
                        model=model if is_answer else None,
                        usage=usage if is_answer and index == len(parts) else None,
                    )
                )
        return messages

    def _exchange_id(self, response_id: str, side: str, index: int, part: Part) -> str:
        """The response's id tells exchanges apart; and its words, for stand-ins of the API give all the same id."""
        if not response_id:
            return _ids.random_id()
        return _ids.derived_id("exchange", self.session_id, response_id, side, str(index), part.content)

    def now(self) -> str:
        return self._clock.now()

    def message(
        self,
        part: Part,
        *,
        uuid: str,
        timestamp: Timestamp | None = None,
        model: str | None = None,
        usage: object = None,
        session_id: str | None = None,
    ) -> Message:
        self._note(part, uuid)
        return message_of(
            part,
            author=self._author,
            session_id=session_id or self.session_id,
            project=self.project,
            uuid=uuid,
            timestamp=timestamp_of(timestamp, self._clock),
            model=model if part.type == "assistant" else None,
            usage=usage if part.type == "assistant" else None,
        )

    def _note(self, part: Part, uuid: str) -> None:
        self._recorded.setdefault(_digest(part), set()).add(uuid)
        if len(self._recorded) > TEXTS_KNOWN_MAX:
            del self._recorded[next(iter(self._recorded))]


def _digest(part: Part) -> str:
    return _ids.derived_id("content", part.role, part.content)


def _is_history(message: object) -> bool:
    """A list of message params, rather than a text, a list of blocks, or one message param."""
    return (
        isinstance(message, Sequence)
        and not isinstance(message, str)
        and len(message) > 0
        and all(text_field(item, "role") for item in message)
    )


def _history_of(side: object, role: str) -> list[object]:
    if _is_history(side) and isinstance(side, Sequence):
        return list(side)
    return [{"role": role, "content": field(side, "content") if text_field(side, "role") else side}]


def _turn_of(message: object) -> tuple[str, object]:
    """A message param says whose it is; a text, or blocks, are the user's."""
    role = text_field(message, "role")
    return (role, field(message, "content")) if role else ("user", message)


def _answer_of(response: object) -> object:
    """The content of a response, or what was given in its place: text, or blocks."""
    if isinstance(response, (str, list, tuple)):
        return response
    return field(response, "content")
