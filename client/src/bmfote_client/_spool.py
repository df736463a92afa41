from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from ._outage import logger
from ._text import well_formed

Message = dict[str, object]

FILES_MAX = 10_000
FILE_BYTES_MAX = 8 * 1024 * 1024
# Whoever wrote half of a file an hour ago is not coming back to it.
PART_SECONDS_MAX = 3_600
# Files are counted when the spool is opened, and then again after so many writes.
COUNT_EVERY_WRITES = 100


@dataclass(frozen=True)
class SpoolFile:
    path: Path
    message: Message


class Spool:
    """A folder in which messages wait for the server, one file each: they outlive the program.

    Any number of programs may use one. Two that send the same file do no harm, for a message is one by its uuid.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        self._writes = 0

    def write(self, message: Message) -> Path:
        """Gives the file. Raises OSError when there is no room or no right to write, ValueError when that is no path."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._writes % COUNT_EVERY_WRITES == 0:
            self._drop_over_limit()
        self._writes += 1
        # Names sort by the time of writing, within one millisecond too.
        name = f"{time.time_ns() // 1_000_000:013d}-{time.monotonic_ns() % 10**12:012d}{secrets.token_hex(4)}"
        part = self._folder / f"{name}.part"
        entry = {"version": 1, "url": self._url, "message": message}
        text = json.dumps(entry, ensure_ascii=False).encode()
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
        return part.rename(self._folder / f"{name}.json")

    def read(self, limit: int, skip: Container[Path] = ()) -> Iterator[SpoolFile]:
        """The oldest messages for this server."""
        found = 0
        for path in self._files():
            if found >= limit:
                return
            if path in skip:
                continue
            message = self._read(path)
            if message is not None:
                found += 1
                yield SpoolFile(path, message)

    def count(self) -> int:
        return sum(1 for _ in self.read(FILES_MAX))

    def remove(self, path: Path) -> bool:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("A message can't be taken out of the spool: %s", error)
            return False
        return True

    def _files(self) -> list[Path]:
        try:
            names = sorted(os.listdir(self._folder))  # noqa: PTH208 - one call for ten thousand files
        except (OSError, ValueError):
            return []
        return [self._folder / name for name in names if name.endswith(".json") and not name.startswith(".")]

    def _read(self, path: Path) -> Message | None:
        """None when it is gone, of another server, or no message; in the last case it is put aside."""
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(descriptor, "rb") as file:
                entry = json.loads(file.read(FILE_BYTES_MAX + 1))
        except OSError:
            return None
        except (ValueError, RecursionError):
            self._put_aside(path)
            return None
        message = entry.get("message") if isinstance(entry, dict) else None
        if not isinstance(message, dict) or not isinstance(message.get("uuid"), str):
            self._put_aside(path)
            return None
        if entry.get("url") != self._url:
            return None
        # JSON can hold halves of characters, which can't be sent.
        return {name: well_formed(text) if isinstance(text, str) else text for name, text in message.items()}

    def _put_aside(self, path: Path) -> None:
        logger.warning("%s is no message, and was renamed: its name ends in .bad now.", path)
        with contextlib.suppress(OSError):
            path.rename(path.with_suffix(".bad"))

    def _drop_over_limit(self) -> None:
        self._remove_old_parts()
        files = self._files()
        surplus = (
            files[: max(0, len(files) - FILES_MAX + COUNT_EVERY_WRITES)] if len(files) >= FILES_MAX else []
        )
        for path in surplus:
            self.remove(path)
        if surplus:
            logger.warning("The spool is full: its %d oldest messages were dropped.", len(surplus))

    def _remove_old_parts(self) -> None:
        for part in self._folder.glob("*.part"):
            try:
                if time.time() - part.lstat().st_mtime > PART_SECONDS_MAX:
                    part.unlink()
            except OSError:
                continue
