from __future__ import annotations

import re

from . import _operations as ask
from ._content import RECALL_TAG
from ._engine import Operation
from ._records import Author
from ._text import as_text
from ._tools import format_hits

NOTHING_KNOWN = "Nothing about this is in memory yet."


def recall(query: str, limit: int, *, project: str, author: Author) -> Operation[str]:
    """A block for a system prompt; a sentence when nothing is known."""
    query = as_text(query)
    now = ask.now_here()
    scope = {"limit": limit, "now": now, "workspace_id": author.workspace}
    question = {"q": query} if query.strip() else {"project": project}
    text = yield from ask.recall({**question, **scope})
    if text is None:
        # Releases up to 0.11.7 have a search alone.
        hits = yield from ask.search({"q": query.strip() or project, **scope})
        text = _framed(format_hits(hits)) if hits else ""
    return text or NOTHING_KNOWN


def _framed(text: str) -> str:
    """In the element that all recalled text stands in, which is never recorded; nothing inside can end it."""
    inside = re.sub(RECALL_TAG, RECALL_TAG.replace("-", " "), text, flags=re.IGNORECASE)
    return f"<{RECALL_TAG}>\n{inside}\n</{RECALL_TAG}>"
