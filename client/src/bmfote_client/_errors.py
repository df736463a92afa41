from __future__ import annotations

# The server works, and will not have what it was asked.
REFUSED_STATUSES = frozenset({400, 404, 413, 422})


class BmfoteError(Exception):
    """What went wrong: a `code` for programs, a sentence for people, and in `next` what to do about it.

    Raised with `strict=True` alone. Codes are those of the server, and `unavailable` when there is none that answers.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        next: str | None = None,
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.next = next
        self.status = status
        """Of the HTTP answer; 0 when none came."""
        self.retry_after = retry_after
        """Seconds after which the server wants to be asked again."""

    def __str__(self) -> str:
        return f"{self.message} {self.next}" if self.next else self.message

    @property
    def is_outage(self) -> bool:
        """Whether it lies with the server, and may pass, rather than with what it was asked."""
        return self.status not in REFUSED_STATUSES


CODES_BY_STATUS = {
    400: "invalid_input",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    413: "too_large",
    422: "invalid_input",
    429: "rate_limited",
    503: "unavailable",
}


def code_of_status(status: int) -> str:
    return CODES_BY_STATUS.get(status, "internal")
