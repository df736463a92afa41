"""Text as the server's other clients count and cut it: lengths are in UTF-16 code units, blanks are JavaScript's."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence

BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_JS_INTEGRAL_MAX = 1e21


def well_formed(text: str) -> str:
    """Half a surrogate pair is no character, and can't be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        # Two halves that stand together are one character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return _SURROGATE.sub("\ufffd", text)
    return text


def as_text(value: object) -> str:
    """What an id, a name or a label is sent as: programs give UUIDs, numbers, paths and bytes in their place."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    return well_formed(str(value))


def length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def head(text: str, units: int) -> str:
    """The beginning, never through the middle of a character."""
    if len(text) <= units // 2:
        return text
    taken = 0
    for position, character in enumerate(text):
        taken += 2 if character > "\uffff" else 1
        if taken > units:
            return text[:position]
    return text


def tail(text: str, units: int) -> str:
    taken = 0
    for position in range(len(text) - 1, -1, -1):
        taken += 2 if text[position] > "\uffff" else 1
        if taken > units:
            return text[position + 1 :]
    return text


MARK_CHARS_MAX = 60


def cut_middle(text: str, chars_max: int, head_share: float = 0.5) -> str:
    """Keeps the beginning and the end and says in between how much is missing."""
    whole = length(text)
    if whole <= chars_max:
        return text
    room = max(0, chars_max - MARK_CHARS_MAX)
    head_chars = math.floor(room * head_share)
    first = head(text, head_chars)
    last = tail(text, room - head_chars)
    missing = whole - length(first) - length(last)
    return f"{first}\n[… {missing:,} characters left out …]\n{last}"


def to_json(value: object) -> str:
    """As JavaScript writes it: no blanks, whole numbers without a point."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < _JS_INTEGRAL_MAX else value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)
