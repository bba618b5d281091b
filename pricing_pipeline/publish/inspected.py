"""What was found when the files of an edition were looked at: a file that stands untouched needs no second look."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pricing_pipeline.publish.days import TO_THE_SECOND

FILE = ".inspected.json"
# What figures a database holds, as one short text; None for any other file.
Told = Callable[[Path], str | None]
# broken links, errors against the schema, figures that differ
Faults = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of files: their faults, and by what one sees that they are still the same.

    `pages` names what all pages and data of the edition said then (the manifest's word for it); files lead to one another
    and are compared with one another, so that nothing is known any more once that is another. `figures` tells of a
    database what figures it held, which stay the same when it is written anew with other times.
    """

    pages: str = ""
    files: Mapping[str, tuple[int, int, Faults]] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)

    def faults(self, edition: Path, name: str, told: Told | None = None) -> Faults | None:
        """What was found in a file of that edition; None where it was not looked at, or touched since and not known to
        hold the same figures."""
        known = self.files.get(name)
        if known is None or known[:2] == _stamp(edition / name):
            return None if known is None else known[2]
        is_same = told is not None and name in self.figures and told(edition / name) == self.figures[name]
        return known[2] if is_same else None


def recall(editions: Path, manifest: Mapping[str, Any]) -> Inspected:
    """What is known of the files of an edition; nothing where its pages say something else than those looked at."""
    try:
        kept = json.loads((editions / FILE).read_bytes())
        files = {name: (size, at, (one, two, three)) for name, (size, at, one, two, three) in kept["files"].items()}
        return (
            Inspected(kept["pages"], files, dict(kept["figures"]))
            if kept["pages"] == manifest.get("pages")
            else Inspected()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Inspected()  # no file, or one of another version: everything is looked at again


def remember(
    editions: Path,
    edition: Path,
    manifest: Mapping[str, Any],
    found: Iterable[tuple[str, Faults]],
    told: Told | None = None,
) -> None:
    """Keep what was found in the files of an edition, and what figures its databases held."""
    files = {name: (*_stamp(edition / name), *faults) for name, faults in found}
    said = {} if told is None else {name: told(edition / name) for name in TO_THE_SECOND & files.keys()}
    figures = {name: figure for name, figure in said.items() if figure is not None}
    making = editions / f"{FILE}.making-{os.getpid()}"
    making.write_text(json.dumps({"pages": manifest.get("pages"), "files": files, "figures": figures}), "ascii")
    making.replace(editions / FILE)


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file: a file that was touched is not taken for the one that was looked at."""
    try:
        seen = path.stat()
    except OSError:
        return 0, 0
    return seen.st_size, seen.st_mtime_ns
