from __future__ import annotations

import logging
import threading
import time

from ._errors import BmfoteError

logger = logging.getLogger("bmfote_client")

PROBE_EVERY_SECONDS = 5.0

# Less than this is not worth a request.
WAIT_SECONDS_MIN = 0.01


class Outage:
    """What a server that fails may cost: the timeout, in all, until it answers again; and one warning."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self.reset()

    def reset(self) -> None:
        self._lock = threading.Lock()
        self._spent = 0.0
        self._is_told = False
        self._probed_at = float("-inf")

    def seconds_left(self) -> float:
        """How long the next request may be waited for; 0 when all patience is gone."""
        left = self._timeout - self._spent
        return left if left > WAIT_SECONDS_MIN else 0.0

    def spend(self, seconds: float) -> None:
        with self._lock:
            self._spent += max(0.0, seconds)

    def answered(self, seconds: float) -> None:
        """The server works again, unless it took longer than anybody waits."""
        if seconds > self._timeout:
            return
        with self._lock:
            self._spent = 0.0
            self._is_told = False

    def warn(self, error: BmfoteError, consequence: str) -> None:
        """Once for an outage; each time for a question that was refused."""
        with self._lock:
            is_told = self._is_told and error.is_outage
            self._is_told = self._is_told or error.is_outage
        if not is_told:
            logger.warning("%s %s", error, consequence)

    def is_probe_due(self) -> bool:
        """True at most once in so many seconds."""
        now = time.monotonic()
        with self._lock:
            is_due = now - self._probed_at >= PROBE_EVERY_SECONDS
            if is_due:
                self._probed_at = now
            return is_due
