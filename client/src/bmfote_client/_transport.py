from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from ._errors import BmfoteError, code_of_status
from ._text import as_text

# The largest honest answer is a page of long messages.
ANSWER_BYTES_MAX = 32 * 1024 * 1024
LOOPBACK = re.compile(r"^(localhost|127(\.\d+){3}|::1)$")
CHECK_ADDRESS = "Check the address and that the server runs: curl its /health."


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, object] = field(default_factory=dict)
    """None values are left out."""
    body: object = None
    read: Callable[[object], object] | None = None
    """Gives the answer in its shape, or raises BmfoteError: what has another shape is no answer of ours."""


class Transport:
    """Requests to one server, each within a time. Any number of threads may call it at once."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url
        self._token = token
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None

    def send(self, request: Request, seconds: float) -> object:
        """The JSON that the server answers. Raises BmfoteError, and nothing else."""
        deadline = time.monotonic() + seconds
        try:
            return self._send(request, deadline, seconds)
        except httpx.TimeoutException as error:
            raise self.too_slow(seconds) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RuntimeError) as error:
            raise BmfoteError(
                "unavailable", f"The bmfote server at {self._shown_url} can't be reached.", next=CHECK_ADDRESS
            ) from error

    def close(self) -> None:
        with self._lock:
            http, self._http = self._http, None
        if http is not None:
            http.close()

    def forget_connections(self) -> None:
        """In a forked process: the sockets are the parent's."""
        self._lock = threading.Lock()
        self._http = None

    def _send(self, request: Request, deadline: float, seconds: float) -> object:
        headers = {"accept": "application/json"}
        content: bytes | None = None
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        if request.body is not None:
            headers["content-type"] = "application/json"
            content = _encoded(request.body)
        query = {name: _text(value) for name, value in request.query.items() if value is not None}
        with self._open().stream(
            request.method,
            self._url + request.path,
            params=query,
            headers=headers,
            content=content,
            timeout=seconds,
        ) as response:
            return self._read(request, response, deadline, seconds)

    def _read(self, request: Request, response: httpx.Response, deadline: float, seconds: float) -> object:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > ANSWER_BYTES_MAX:
                raise self._not_bmfote(response)
            # httpx limits each wait for bytes, not their sum.
            if time.monotonic() > deadline:
                raise self.too_slow(seconds)
        try:
            answer: object = json.loads(body)
        except (ValueError, RecursionError):
            raise self._not_bmfote(response) from None
        if response.is_success:
            return answer if request.read is None else request.read(answer)
        raise self._refusal(response, answer)

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                parts = urlsplit(self._url)
                # Loading certificates takes longer than asking a server on this machine, which no proxy leads to.
                self._http = httpx.Client(
                    verify=parts.scheme != "http",
                    trust_env=not LOOPBACK.match(parts.hostname or ""),
                    headers={"user-agent": "bmfote-client-python"},
                )
            return self._http

    @property
    def _shown_url(self) -> str:
        """Without a password that may stand in it."""
        return re.sub(r"//[^/@]*@", "//", self._url)

    def too_slow(self, seconds: float) -> BmfoteError:
        return BmfoteError(
            "unavailable",
            f"The bmfote server at {self._shown_url} did not answer within {seconds:.3g} seconds.",
            next=CHECK_ADDRESS,
        )

    def _not_bmfote(self, response: httpx.Response) -> BmfoteError:
        moved = response.headers.get("location") if response.is_redirect else None
        return BmfoteError(
            "unavailable",
            f"What answers at {self._shown_url} is not a bmfote server.",
            next=f"It points to {moved[:200]}: give that address."
            if moved
            else "Check the address; a proxy or another program may be in between.",
            status=response.status_code,
            retry_after=_retry_after(response),
        )

    def _refusal(self, response: httpx.Response, answer: object) -> BmfoteError:
        body = answer if isinstance(answer, dict) else {}
        sentence, code, next_step = body.get("error"), body.get("code"), body.get("next")
        if not isinstance(sentence, str):
            return self._not_bmfote(response)
        return BmfoteError(
            code if isinstance(code, str) else code_of_status(response.status_code),
            sentence,
            next=next_step if isinstance(next_step, str) else None,
            status=response.status_code,
            retry_after=_retry_after(response),
        )


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else as_text(value)


def _encoded(body: object) -> bytes:
    """What can't be sent is no outage: it would wait for ever, and whatever comes after it."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise BmfoteError(
            "invalid_input",
            f"It can't be written as JSON: {error}.",
            next="Give texts, numbers, and lists or mappings of them.",
            status=400,
        ) from error


def _retry_after(response: httpx.Response) -> float | None:
    """In seconds or as a date, as HTTP has it."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        seconds = parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
    return seconds if seconds > 0 else None
