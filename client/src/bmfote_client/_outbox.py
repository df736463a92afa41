from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ._delivery import Delivery, Outcome, Send
from ._errors import BmfoteError
from ._outage import Outage, logger
from ._spool import Message, Spool

MESSAGES_MAX = 1_000
CHARS_MAX = 8_000_000
BATCH_MESSAGES_MAX = 100
BATCH_CHARS_MAX = 1_000_000

BACK_OFF_SECONDS = 0.5
BACK_OFF_SECONDS_MAX = 60.0
RETRY_AFTER_SECONDS_MAX = 300.0
JITTER = 0.5
IDLE_SECONDS_MAX = 2.0


@dataclass(eq=False)
class Ticket:
    """A message on its way."""

    message: Message
    path: Path | None = None
    """Where it lies in the spool."""
    outcome: Outcome | None = None
    """None as long as it waits."""

    @property
    def chars(self) -> int:
        return len(str(self.message.get("content") or ""))


class Outbox:
    """Messages that wait for the server, and the thread that takes them there: in order, until each is acknowledged."""

    def __init__(self, send: Send, outage: Outage, spool: Spool | None, owner: object) -> None:
        # Whoever flushes this at the program's end lives as long as our thread, be its client forgotten long ago.
        self._owner = owner
        self._send = send
        self._outage = outage
        self._spool = spool
        self.reset()

    def reset(self) -> None:
        """Empty: also what a forked process begins with, for what waits in the parent is the parent's to deliver."""
        self._delivery = Delivery(self._send)
        self._changed = threading.Condition()
        self._waiting: deque[Ticket] = deque()
        self._sending: list[Ticket] = []
        self._chars = 0
        # Messages that are in the spool alone. What earlier programs have left is found at the first look.
        self._may_be_spooled = self._spool is not None
        self._is_reading_spool = False
        self._unremovable: set[Path] = set()
        self._worker: threading.Thread | None = None
        self._is_hurried = False
        self._is_full = False
        self._is_closed = False
        self._begun = 0
        self._last_failed = 0
        self._failures_in_a_row = 0
        self._not_before = 0.0
        self._paused_until = 0.0

    def add(self, message: Message) -> Ticket:
        if self._is_closed:
            logger.warning("The client is closed: what is recorded now is not stored.")
            return Ticket(message)
        ticket = Ticket(message, self._spool_path(message))
        with self._changed:
            self._waiting.append(ticket)
            self._chars += ticket.chars
            self._make_room()
            self._wake()
        return ticket

    def start(self) -> None:
        """Takes up what an earlier program has left in the spool."""
        if self._spool is not None:
            with self._changed:
                self._wake()

    def flush(self, seconds: float) -> int:
        """Until everything is delivered or the time is over, trying again. How many messages still wait."""
        self._wait(lambda: not self._has_work(), seconds)
        return self.count()

    def wait_for(self, ticket: Ticket, seconds: float) -> None:
        """Until it is settled, or the time is over."""
        self._wait(lambda: ticket.outcome is not None, seconds)

    def close(self) -> None:
        """Nothing is sent any more. What is left stays in the spool, where there is one."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        left = self.count()
        if left:
            fate = (
                "They are lost."
                if self._spool is None
                else "They are kept in the spool, for the next client."
            )
            logger.warning("%d messages could not be stored before the end. %s", left, fate)

    def count(self) -> int:
        with self._changed:
            in_memory = [*self._sending, *self._waiting]
            may_be_spooled = self._may_be_spooled or self._is_reading_spool
        if self._spool is None or not may_be_spooled:
            return sum(ticket.outcome is None for ticket in in_memory)
        return self._spool.count() + sum(ticket.path is None for ticket in in_memory)

    def _spool_path(self, message: Message) -> Path | None:
        if self._spool is None:
            return None
        try:
            return self._spool.write(message)
        except (OSError, TypeError, ValueError, RecursionError) as error:
            logger.warning("The spool can't be written, so a message waits in memory alone: %s", error)
            return None

    def _make_room(self) -> None:
        while len(self._waiting) > MESSAGES_MAX or (self._chars > CHARS_MAX and len(self._waiting) > 1):
            oldest = self._waiting.popleft()
            self._chars -= oldest.chars
            if oldest.path is not None:
                self._may_be_spooled = True
                continue
            if not self._is_full:
                logger.warning(
                    "Too many messages wait for the server: the oldest are dropped. A spool keeps more."
                )
            self._is_full = True

    def _wait(self, is_done: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            # Whoever waits does not wait for our own patience to be over; for what the server asked for, they do.
            self._is_hurried = True
            while not is_done() and not self._is_closed:
                left = deadline - time.monotonic()
                next_try = self._paused_until if self._is_hurried else self._not_before
                if left <= 0 or next_try > deadline:
                    return
                failed = self._last_failed
                self._wake()
                self._changed.wait_for(lambda: is_done() or self._last_failed != failed, left)  # noqa: B023

    def _has_work(self) -> bool:
        return bool(self._waiting or self._sending or self._may_be_spooled or self._is_reading_spool)

    # The thread ----------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        self._changed.notify_all()
        if self._worker is not None or self._is_closed or not self._has_work():
            return
        worker = threading.Thread(target=self._work, name="bmfote-outbox", daemon=True)
        try:
            worker.start()
        except RuntimeError:
            logger.warning("The program ends: %d messages can't be delivered any more.", len(self._waiting))
            return
        self._worker = worker

    def _work(self) -> None:
        while self._wait_for_work():
            batch = self._take() or self._take_from_spool()
            if batch:
                self._attempt(batch)

    def _wait_for_work(self) -> bool:
        """False when there has been none for a while: then the thread ends."""
        changed = self._changed
        with changed:
            while True:
                has_work = changed.wait_for(lambda: self._has_work() or self._is_closed, IDLE_SECONDS_MAX)
                if self._is_closed or not has_work:
                    self._worker = None
                    return False
                delay = (self._paused_until if self._is_hurried else self._not_before) - time.monotonic()
                if delay <= 0:
                    self._is_hurried = False
                    return True
                was_hurried = self._is_hurried
                changed.wait_for(lambda: self._is_closed or self._is_hurried != was_hurried, delay)  # noqa: B023

    def _take(self) -> list[Ticket]:
        with self._changed:
            chars = 0
            while self._waiting and len(self._sending) < BATCH_MESSAGES_MAX:
                chars += self._waiting[0].chars
                if self._sending and chars > BATCH_CHARS_MAX:
                    break
                ticket = self._waiting.popleft()
                self._chars -= ticket.chars
                self._sending.append(ticket)
            return list(self._sending)

    def _take_from_spool(self) -> list[Ticket]:
        if self._spool is None:
            return []
        with self._changed:
            self._may_be_spooled = False
            self._is_reading_spool = True
        tickets = [
            Ticket(file.message, file.path)
            for file in self._spool.read(BATCH_MESSAGES_MAX, skip=self._unremovable)
        ]
        with self._changed:
            # What was written since then stands there too, and is in the queue already.
            queued = {ticket.path for ticket in self._waiting}
            found = [ticket for ticket in tickets if ticket.path not in queued]
            self._waiting.extendleft(reversed(found))
            self._chars += sum(ticket.chars for ticket in found)
            self._is_reading_spool = False
            self._may_be_spooled = self._may_be_spooled or len(tickets) == BATCH_MESSAGES_MAX
            self._changed.notify_all()
        return self._take()

    def _attempt(self, batch: list[Ticket]) -> None:
        with self._changed:
            self._begun += 1
        started = time.monotonic()
        failure: BmfoteError | None = None
        try:
            tickets = {id(ticket.message): ticket for ticket in batch}
            self._delivery.deliver(
                [ticket.message for ticket in batch],
                lambda message, outcome: self._settle(tickets[id(message)], outcome),
            )
            self._outage.answered(time.monotonic() - started)
        except BmfoteError as error:
            failure = error
            self._outage.warn(error, "Messages wait, and are sent when it answers.")
        except Exception as error:  # noqa: BLE001 - a thread that dies would keep everything waiting
            failure = BmfoteError("internal", f"A message could not be sent: {error!r}.")
            logger.warning("%s", failure)
        self._finish(batch, failure)

    def _settle(self, ticket: Ticket, outcome: Outcome) -> None:
        if outcome.refusal is not None:
            uuid = ticket.message.get("uuid")
            logger.warning("The server refused message %s, which is dropped: %s", uuid, outcome.refusal)
        if ticket.path is not None and self._spool is not None and not self._spool.remove(ticket.path):
            self._unremovable.add(ticket.path)
        with self._changed:
            ticket.outcome = outcome
            self._changed.notify_all()

    def _finish(self, batch: list[Ticket], failure: BmfoteError | None) -> None:
        with self._changed:
            left = [ticket for ticket in batch if ticket.outcome is None]
            self._waiting.extendleft(reversed(left))
            self._chars += sum(ticket.chars for ticket in left)
            self._make_room()
            self._sending = []
            if failure is None:
                self._failures_in_a_row = 0
                self._not_before = self._paused_until = 0.0
                self._is_full = False
            else:
                self._last_failed = self._begun
                asked = min(failure.retry_after or 0.0, RETRY_AFTER_SECONDS_MAX)
                self._paused_until = time.monotonic() + asked
                self._not_before = time.monotonic() + max(asked, self._back_off())
                self._failures_in_a_row += 1
            self._changed.notify_all()

    def _back_off(self) -> float:
        doubled = BACK_OFF_SECONDS * (1 << min(self._failures_in_a_row, 16))
        return min(BACK_OFF_SECONDS_MAX, doubled) * random.uniform(1 - JITTER, 1)
