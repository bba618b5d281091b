"""Verdicts kept from run to run: the same frame under the same declaration is judged the same, so it is judged once.

Most refreshes change nothing. Importing Great Expectations to be told so again took 3 of their 9 seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from checks.declarations import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What Great Expectations said of one check: the places of the rows that failed it, how many rows it looked at, and,
    where the expectation itself raised, what."""

    success: bool = False
    checked: int = 0
    places: tuple[int, ...] = ()
    raised: str | None = None


Verdicts = Mapping[str, Verdict]


class Memory:
    """The last verdicts on each suite, in a folder; without one nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def recall(self, suite: Suite, rows: Sequence[Mapping[str, object]]) -> Verdicts | None:
        """The verdicts by check name, if what the suite was asked of last was just this."""
        if self._folder is None:
            return None
        try:
            kept = json.loads(self._path(self._folder, suite).read_bytes())
            if kept["of"] != _digest(suite, rows):
                return None
            found = {name: Verdict(**{**told, "places": tuple(told["places"])}) for name, told in kept["said"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None  # none yet, or a torn one: it is judged, and kept anew
        return found if found.keys() == {check.name for check in suite.checks} else None

    def keep(self, suite: Suite, rows: Sequence[Mapping[str, object]], verdicts: Verdicts) -> None:
        """Keep these; a check that raised may do better the next time."""
        if self._folder is None or any(verdict.raised for verdict in verdicts.values()):
            return
        said = {name: asdict(verdict) for name, verdict in verdicts.items()}
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(self._folder, suite)
        making = path.with_suffix(".making")
        making.write_text(json.dumps({"of": _digest(suite, rows), "said": said}), "ascii")
        making.replace(path)

    @staticmethod
    def _path(folder: Path, suite: Suite) -> Path:
        return folder / f"{suite.name}.json"


def _digest(suite: Suite, rows: Sequence[Mapping[str, object]]) -> str:
    """The declaration, the version of the library, and what the checks read of each row, as one SHA-256."""
    names = dict.fromkeys((*suite.identity, *(name for check in suite.checks for name in check.columns)))
    sha = hashlib.sha256(repr((version("great_expectations"), suite, tuple(names))).encode())
    for row in rows:
        sha.update(repr([row[name] for name in names]).encode())
    return sha.hexdigest()
