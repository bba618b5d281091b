"""Which of an editor's own files have managed blocks, as the settings name them."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path


def find_files(patterns: Iterable[str], folder: Path) -> tuple[list[Path], list[str]]:
    """The files that paths and globs name, seen from a folder; and a line for each that names nothing."""
    found: dict[Path, None] = {}
    problems = []
    for pattern in patterns:
        whole = str(folder / Path(pattern).expanduser())
        # Path.glob takes no absolute pattern.
        paths = sorted(Path(one) for one in glob.glob(whole, recursive=True) if Path(one).is_file())  # noqa: PTH207
        if not paths:
            problems.append(f"settings.yaml: managed: {pattern} names no file below {folder}: mend it or take it out")
        found.update(dict.fromkeys(paths))
    return list(found), problems
