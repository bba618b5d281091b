"""What the last publish worked out, by what it was worked out from: the same need not be worked out again.

A file beside the editions that may be lost at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = ".worked-out.jsonl"


class Memory:
    """The results of the last publish. `by` names the program that works them out: another one's are not taken."""

    def __init__(self, editions: Path | None, *, by: str) -> None:
        """Read what is known; None is a memory of nothing, which keeps nothing."""
        self._path = None if editions is None else editions / FILE
        self._first = f"{by}\n"
        self._known = {} if self._path is None else _read(self._path, self._first)
        self._asked: dict[str, str] = {}

    def once(self, of: object, make: Callable[[], Any]) -> Any:
        """What a function makes of something that its `repr` tells in full: a value as JSON has them, or None, which is
        not kept."""
        key = hashlib.sha256(repr(of).encode()).hexdigest()
        with contextlib.suppress(KeyError, ValueError):  # not known, or the disk has damaged the line
            made = json.loads(self._known[key])
            self._asked[key] = self._known[key]
            return made
        made = make()
        if made is not None:
            self._asked[key] = json.dumps(made)
        return made

    def keep(self) -> None:
        """Keep what was asked for this time, for the next; what nobody asked for is forgotten."""
        if self._path is None or self._asked == self._known:
            return
        making = self._path.with_name(f"{FILE}.making-{os.getpid()}")
        # the edition is what counts: what is not kept is worked out again
        with contextlib.suppress(OSError):
            with making.open("w", encoding="ascii") as file:
                file.write(self._first)
                file.writelines(f"{key}\t{line}\n" for key, line in self._asked.items())
            making.replace(self._path)


def _read(path: Path, first: str) -> dict[str, str]:
    try:
        with path.open(encoding="ascii") as file:
            if file.readline() != first:
                return {}
            pairs = (line.rstrip("\n").partition("\t") for line in file)
            return {key: line for key, tab, line in pairs if tab}
    except (OSError, UnicodeDecodeError):
        return {}  # none yet, or a damaged one: everything is worked out
