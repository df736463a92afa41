from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

# More requests than this at once wait for a free thread, within their own time.
THREADS_MAX = 8
IDLE_SECONDS_MAX = 5.0


class TooSlow(Exception):
    """The time is over, and the work is not done."""


class _Job(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.value: T
        self.error: BaseException | None = None
        self.done = threading.Event()
        self.on_done: Callable[[], None] | None = None
        self.is_given_up = False

    def run(self) -> None:
        if self.is_given_up:
            return
        try:
            self.value = self.work()
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            self.error = error
        self.done.set()
        if self.on_done:
            self.on_done()

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self.value


class Threads:
    """Work that its caller waits for so long and no longer.

    What waits for a name to be resolved can't be interrupted; so it is done by threads that may be left alone, and that
    hold up no end of the program (which rules out concurrent.futures: it waits for its threads).
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Also what a forked process begins with: there, no thread of the parent's runs."""
        self._changed = threading.Condition()
        self._jobs: deque[_Job[object]] = deque()
        self._threads = 0
        self._idle = 0

    def run(self, work: Callable[[], T], seconds: float) -> T:
        job = _Job(work)
        if not self._submit(job):
            # The interpreter is shutting down, and starts no thread any more.
            job.run()
            return job.result()
        if not job.done.wait(seconds):
            job.is_given_up = True
            raise TooSlow
        return job.result()

    def start(self, work: Callable[[], object]) -> None:
        """Nobody waits for it."""
        self._submit(_Job(work))

    async def run_async(self, work: Callable[[], T], seconds: float) -> T:
        job = _Job(work)
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()

        def tell() -> None:
            try:
                loop.call_soon_threadsafe(arrived.set)
            except RuntimeError:
                # The loop has ended, and nobody waits.
                job.is_given_up = True

        job.on_done = tell
        if not self._submit(job):
            raise TooSlow
        try:
            await asyncio.wait_for(arrived.wait(), seconds)
        except asyncio.TimeoutError:
            raise TooSlow from None
        finally:
            job.is_given_up = True
        return job.result()

    def _submit(self, job: _Job[T]) -> bool:
        with self._changed:
            self._jobs.append(job)  # type: ignore[arg-type]
            self._changed.notify()
            if self._idle >= len(self._jobs) or self._threads >= THREADS_MAX:
                return True
            try:
                threading.Thread(target=self._work, name="bmfote-request", daemon=True).start()
            except RuntimeError:
                self._jobs.pop()
                return False
            self._threads += 1
            return True

    def _work(self) -> None:
        changed = self._changed
        while True:
            with changed:
                self._idle += 1
                has_job = changed.wait_for(lambda: len(self._jobs) > 0, IDLE_SECONDS_MAX)
                self._idle -= 1
                if not has_job:
                    self._threads -= 1
                    return
                job = self._jobs.popleft()
            job.run()
