from __future__ import annotations

import uuid

from ._text import as_text

# The same in every client of bmfote, so that two that record the same thing store it once.
NAMESPACE = uuid.UUID("8f5a3c1e-6c1b-5d0e-9b7a-2f4d8c6e1a90")
SEPARATOR = "\x1f"


def random_id() -> str:
    return str(uuid.uuid4())


def derived_id(*parts: str) -> str:
    """The same for the same parts, today and elsewhere."""
    return str(uuid.uuid5(NAMESPACE, as_text(SEPARATOR.join(parts))))
