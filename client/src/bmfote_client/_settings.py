"""Where the memory is, and as whom a client speaks: arguments, then the environment, then `bmfote.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ._text import as_text, well_formed

DEFAULT_URL = "http://127.0.0.1:8026"
DEFAULT_WORKSPACE = "bmfote-default"
DEFAULT_TIMEOUT = 2.0
SOURCE_MESSAGES_API = "messages-api"
SOURCE_AGENT_SDK = "agent-sdk"

ENV_FILE_BYTES_MAX = 100_000


@dataclass(frozen=True)
class Settings:
    url: str
    token: str | None
    timeout: float
    """Seconds."""
    workspace: str | None
    author: str | None
    source: str
    strict: bool
    spool: Path | None


def load_settings(
    *,
    url: str | None,
    token: str | None,
    timeout: float,
    workspace: str | None,
    author: str | None,
    source: str | None,
    strict: bool,
    spool: str | os.PathLike[str] | None,
    environment: Mapping[str, str],
) -> Settings:
    if not timeout > 0:
        raise ValueError("timeout is in seconds, and more than 0")
    file = read_env_file(env_file_path(environment))

    def setting(name: str) -> str | None:
        # Set but empty is a choice: it hides what stands in the file.
        return (environment[name] if name in environment else file.get(name)) or None

    chosen_url = (url or setting("BMFOTE_URL") or DEFAULT_URL).rstrip("/")
    workspace = workspace or setting("BMFOTE_WORKSPACE")
    author = author or setting("BMFOTE_AUTHOR")
    return Settings(
        url=well_formed(chosen_url),
        token=token or _token(chosen_url, environment, file),
        timeout=float(timeout),
        workspace=as_text(workspace) if workspace else None,
        author=as_text(author) if author else None,
        source=as_text(source or SOURCE_MESSAGES_API),
        strict=strict,
        spool=Path(spool) if spool else None,
    )


def _token(url: str, environment: Mapping[str, str], file: Mapping[str, str]) -> str | None:
    if "BMFOTE_TOKEN" in environment:
        return environment["BMFOTE_TOKEN"] or None
    # The token in the file is for the server in the file. Another server must not see it.
    file_url = file.get("BMFOTE_URL", "").rstrip("/")
    return (file.get("BMFOTE_TOKEN") or None) if file_url in ("", url) else None


def env_file_path(environment: Mapping[str, str]) -> Path:
    claude = environment.get("CLAUDE_CONFIG_DIR")
    return (Path(claude) if claude else _home(environment) / ".claude") / "bmfote.env"


def _home(environment: Mapping[str, str]) -> Path:
    home = environment.get("HOME")
    return Path(home) if home else Path.home()


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file. One that is not there, or can't be read, says nothing."""
    try:
        with path.open("rb") as file:
            text = file.read(ENV_FILE_BYTES_MAX).decode("utf-8", "replace")
    except OSError:
        return {}
    return parse_env(text)


_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[\w.-]+)[ \t]*=[ \t]*
    (?:'(?P<single>(?:\\'|[^'])*)'|"(?P<double>(?:\\"|[^"])*)"|`(?P<back>(?:\\`|[^`])*)`|(?P<plain>[^#\r\n]*))
    [ \t]*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE,
)


def parse_env(text: str) -> dict[str, str]:
    """As the terminal reads it: quotes are optional, `\\n` within double quotes is a line end, `#` begins a comment."""
    values = {}
    for match in _LINE.finditer(text.replace("\r\n", "\n")):
        plain, double = match["plain"], match["double"]
        if plain is not None:
            value = plain.strip()
        elif double is not None:
            value = double.replace("\\n", "\n").replace("\\r", "\r")
        else:
            value = match["single"] if match["single"] is not None else match["back"]
        values[match["name"]] = value
    return values
