"""Keeping the managed blocks of editors' own files: those that the settings name, after every publish."""

from __future__ import annotations

from dataclasses import dataclass

from assets.workshop import Workshop
from pricing_pipeline.publish.blocks_files import refresh_file
from pricing_pipeline.publish.blocks_shown import Shown
from pricing_pipeline.publish.managed import find_files


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """What became of the managed files: a line for each that was written, and one for each fault."""

    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def keep_managed(workshop: Workshop, shown: Shown) -> Blocks:
    """Bring the blocks of every managed file up to date. Example pages never reach an editor's own files."""
    patterns = workshop.settings.managed
    if not patterns or workshop.home.is_example:
        return Blocks()
    files, problems = find_files(patterns, workshop.content.beside("settings.yaml").parent)
    outcomes = [refresh_file(path, shown) for path in files]
    notes = [f"{one.path}: wrote {', '.join(one.moved)}" for one in outcomes if one.moved]
    return Blocks(notes=tuple(notes), problems=(*problems, *(line for one in outcomes for line in one.problems)))
