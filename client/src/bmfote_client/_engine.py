from __future__ import annotations

import atexit
import os
import time
import weakref
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from ._delivery import Delivery, Outcome
from ._errors import BmfoteError
from ._outage import Outage
from ._outbox import Outbox, Ticket
from ._settings import Settings
from ._spool import Message, Spool
from ._threads import Threads, TooSlow
from ._transport import Request, Transport

T = TypeVar("T")

# Beyond this a thread that nobody waits for any more gives up by itself.
ABANDONED_SECONDS = 1.0


@dataclass(frozen=True)
class Write:
    """A message that is to be acknowledged before the operation goes on. The answer is a Written."""

    message: Message


@dataclass(frozen=True)
class Written:
    is_acknowledged: bool
    """If not, it waits, and is sent when the server answers."""
    is_cut: bool = False


Step: TypeAlias = Request | Write
Operation: TypeAlias = Generator[Step, object, T]
"""What to ask the server, one request after the other; it is told the answers, or thrown a BmfoteError."""


class Engine:
    """What a client is made of, sync or async: requests within the timeout, and messages that wait for the server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._transport = Transport(settings.url, settings.token)
        self._outage = Outage(settings.timeout)
        self._threads = Threads()
        spool = Spool(settings.spool, settings.url) if settings.spool else None
        self._outbox = Outbox(self._transport.send, self._outage, spool, owner=self)
        self._before_flush: list[weakref.WeakMethod[Callable[[float], None]]] = []
        _engines.add(self)
        self._outbox.start()

    def run(self, operation: Operation[T]) -> T:
        """Raises BmfoteError."""
        return _drive(operation, self.perform)

    async def run_async(self, operation: Operation[T]) -> T:
        return await _drive_async(operation, self.perform_async)

    def record(self, message: Message) -> None:
        """Returns at once; with `strict` when the server has it, and raises BmfoteError when it has not."""
        if self.settings.strict:
            self.run(_writing(message))
        else:
            self._outbox.add(message)

    async def record_async(self, message: Message) -> None:
        if self.settings.strict:
            await self.run_async(_writing(message))
        else:
            self._outbox.add(message)

    def record_soon(self, message: Message) -> None:
        """Returns at once, strict or not."""
        self._outbox.add(message)

    def warn(self, error: BmfoteError, consequence: str) -> None:
        self._outage.warn(error, consequence)

    def before_flush(self, settle: Callable[[float], None]) -> None:
        """Called with the seconds that there are, before what waits is sent."""
        self._before_flush.append(weakref.WeakMethod(settle))

    def flush(self, seconds: float | None = None) -> int:
        allowed = self.seconds_left() if seconds is None else seconds
        started = time.monotonic()
        self._settle(allowed)
        left = self._outbox.flush(max(0.0, allowed - (time.monotonic() - started)))
        if left:
            self._outage.spend(time.monotonic() - started)
        return left

    def _settle(self, seconds: float) -> None:
        for reference in self._before_flush:
            settle = reference()
            if settle is not None:
                settle(seconds)

    async def flush_async(self, seconds: float | None = None) -> int:
        allowed = self.seconds_left() if seconds is None else seconds
        try:
            return await self._threads.run_async(lambda: self.flush(allowed), allowed + ABANDONED_SECONDS)
        except TooSlow:
            # All threads may be held up: then none of them has come to this.
            self._settle(0)
            return self._outbox.count()

    def close(self) -> int:
        return self._closed(self.flush())

    async def close_async(self) -> int:
        return self._closed(await self.flush_async())

    def end(self, seconds: float) -> None:
        """The program ends."""
        self.flush(seconds)
        self._outbox.close()

    def _closed(self, left: int) -> int:
        self._outbox.close()
        self._transport.close()
        return left

    def after_fork(self) -> None:
        self._transport.forget_connections()
        self._outage.reset()
        self._threads.reset()
        self._outbox.reset()

    # One step ------------------------------------------------------------------------------------------------------

    def perform(self, step: Step) -> object:
        if isinstance(step, Write) and not self.settings.strict:
            return self._queue(step.message)
        work, allowed = self._work_of(step), self._allowance()
        started = time.monotonic()
        try:
            answer = self._threads.run(lambda: work(allowed), allowed)
        except (BmfoteError, TooSlow) as error:
            raise self._failed(error, started) from error
        self._outage.answered(time.monotonic() - started)
        return answer

    async def perform_async(self, step: Step) -> object:
        if isinstance(step, Write) and not self.settings.strict:
            return await self._queue_async(step.message)
        work, allowed = self._work_of(step), self._allowance()
        started = time.monotonic()
        try:
            answer = await self._threads.run_async(lambda: work(allowed), allowed)
        except (BmfoteError, TooSlow) as error:
            raise self._failed(error, started) from error
        self._outage.answered(time.monotonic() - started)
        return answer

    def _work_of(self, step: Step) -> Callable[[float], object]:
        if isinstance(step, Write):
            message = step.message
            return lambda seconds: self._deliver_now(message, seconds)
        request = step
        return lambda seconds: self._transport.send(request, seconds)

    def _deliver_now(self, message: Message, seconds: float) -> Written:
        outcomes: list[Outcome] = []

        def send(request: Request, _: float) -> object:
            return self._transport.send(request, seconds)

        Delivery(send).deliver([message], lambda _, outcome: outcomes.append(outcome))
        return _written(outcomes[0])

    def _queue(self, message: Message) -> Written:
        """Waits as long as there is patience. It is delivered in any case."""
        return self._await(self._outbox.add(message))

    async def _queue_async(self, message: Message) -> Written:
        # Not by a thread, for all of them may be held up: then the note would never come into the queue.
        ticket = self._outbox.add(message)
        allowed, started = self.seconds_left(), time.monotonic()
        if allowed <= 0:
            return self._await(ticket)
        try:
            return await self._threads.run_async(lambda: self._await(ticket), allowed)
        except TooSlow:
            self._outage.spend(time.monotonic() - started)
            return Written(is_acknowledged=False)

    def _await(self, ticket: Ticket) -> Written:
        started = time.monotonic()
        self._outbox.wait_for(ticket, self.seconds_left())
        if ticket.outcome is None:
            self._outage.spend(time.monotonic() - started)
            return Written(is_acknowledged=False)
        return _written(ticket.outcome)

    def seconds_left(self) -> float:
        return self.settings.timeout if self.settings.strict else self._outage.seconds_left()

    def _allowance(self) -> float:
        allowed = self.seconds_left()
        if allowed > 0:
            return allowed
        if self._outage.is_probe_due():
            self._threads.start(self._probe)
        raise BmfoteError(
            "unavailable", "The bmfote server has not answered, and is not waited for until it does."
        )

    def _probe(self) -> None:
        started = time.monotonic()
        try:
            self._transport.send(Request("GET", "/health"), self.settings.timeout)
        except BmfoteError:
            return
        self._outage.answered(time.monotonic() - started)

    def _failed(self, error: BmfoteError | TooSlow, started: float) -> BmfoteError:
        if isinstance(error, TooSlow):
            error = self._transport.too_slow(self.settings.timeout)
        if error.is_outage:
            self._outage.spend(time.monotonic() - started)
        return error


def _written(outcome: Outcome) -> Written:
    if outcome.refusal:
        raise outcome.refusal
    return Written(is_acknowledged=True, is_cut=outcome.is_cut)


def _writing(message: Message) -> Operation[None]:
    yield Write(message)


def _drive(operation: Operation[T], perform: Callable[[Step], object]) -> T:
    try:
        step = next(operation)
        while True:
            try:
                answer = perform(step)
            except BmfoteError as error:
                step = operation.throw(error)
            else:
                step = operation.send(answer)
    except StopIteration as end:
        value: T = end.value
        return value


async def _drive_async(operation: Operation[T], perform: Callable[[Step], Awaitable[object]]) -> T:
    try:
        step = next(operation)
        while True:
            try:
                answer = await perform(step)
            except BmfoteError as error:
                step = operation.throw(error)
            else:
                step = operation.send(answer)
    except StopIteration as end:
        value: T = end.value
        return value


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _flush_all() -> None:
    """At the program's end, for whoever forgot to close: within what is left of the timeout, the longest of all."""
    engines = list(_engines)
    deadline = time.monotonic() + max((engine.settings.timeout for engine in engines), default=0.0)
    for engine in engines:
        engine.end(max(0.0, min(engine.seconds_left(), deadline - time.monotonic())))


def _forget_parent() -> None:
    for engine in list(_engines):
        engine.after_fork()


atexit.register(_flush_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)
