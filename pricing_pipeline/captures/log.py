"""The append-only log beside the captures: what was captured when, what people decided, which version began to read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from pricing_pipeline.captures.disk import sync_folder
from pricing_pipeline.captures.entries import (
    CaptureEntry,
    DecisionEntry,
    Entry,
    PrunedEntry,
    ReadingEntry,
    from_line,
    to_line,
)
from pricing_pipeline.errors import CaptureError

__all__ = ["CaptureEntry", "CaptureLog", "DecisionEntry", "Entry", "PrunedEntry", "ReadingEntry"]

_BLOCK = 65_536


class CaptureLog:
    """One file of JSON lines. A line counts once its end is written; what a killed process left half-written, not."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entries: Iterable[Entry]) -> None:
        """Add entries, all in one write, and return when they are on the disk. Waits for other processes that append.

        Raises CaptureError where that fails; then none of them is added.
        """
        lines = b"".join(to_line(entry) for entry in entries)
        if not lines:
            return
        try:
            with self._locked() as file:
                end = _cut_torn_end(file)
                _write(file, lines, end)
        except OSError as error:
            raise CaptureError(f"{self.path}: cannot be written: {error}; free or repair the disk") from error

    def read(self, from_offset: int = 0) -> Iterator[tuple[Entry, int]]:
        """Each entry from this byte offset on, with the offset after it, where a later read may go on.

        A last line without its end is not read. Raises CaptureError for a damaged line, and for an offset within one.
        """
        if not self.path.is_file():
            if from_offset:
                raise CaptureError(f"{self.path} is gone, though it was read up to byte {from_offset}: restore it")
            return
        with self.path.open("rb") as file:
            self._require_line_start(file, from_offset)
            offset = from_offset
            for line in file:
                if not line.endswith(b"\n"):
                    return
                start, offset = offset, offset + len(line)
                yield self._entry(line, start), offset

    def end(self) -> int:
        """The offset after the last entry."""
        if not self.path.is_file():
            return 0
        with self.path.open("rb") as file:
            return _end_of_lines(file)

    def torn_end(self) -> int:
        """How many bytes stand after the last entry, of a line that was never finished."""
        return self.path.stat().st_size - self.end() if self.path.is_file() else 0

    def _entry(self, line: bytes, start: int) -> Entry:
        try:
            return from_line(line)
        except (ValueError, RecursionError) as error:
            number = self._line_number(start)
            raise CaptureError(f"{self.path}:{number}: {error}; restore the file from a backup") from error

    def _line_number(self, offset: int) -> int:
        with self.path.open("rb") as file:
            return file.read(offset).count(b"\n") + 1

    def _require_line_start(self, file: BinaryIO, offset: int) -> None:
        if offset == 0:
            return
        file.seek(offset - 1)
        if file.read(1) != b"\n":
            raise CaptureError(f"{self.path}: no entry starts at byte {offset}; the file was cut or replaced: rebuild")

    @contextmanager
    def _locked(self) -> Iterator[FileIO]:
        is_new = not self.path.exists()
        if is_new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: a buffer that could not be written would be written again at close, after the cut.
        with FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
            yield file
        if is_new:
            sync_folder(self.path.parent)


def _write(file: FileIO, lines: bytes, end: int) -> None:
    file.seek(end)
    try:
        written = 0
        while written < len(lines):
            written += file.write(lines[written:])
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise


def _cut_torn_end(file: FileIO) -> int:
    end = _end_of_lines(file)
    file.truncate(end)
    return end


def _end_of_lines(file: BinaryIO | FileIO) -> int:
    """The offset after the last line that has its end."""
    position = file.seek(0, os.SEEK_END)
    while position > 0:
        start = max(0, position - _BLOCK)
        file.seek(start)
        found = file.read(position - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0
