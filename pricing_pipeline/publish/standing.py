"""An edition as it stands, for whoever asks what it is and makes none: nothing here reads facts or texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pricing_pipeline.errors import PublishError
from pricing_pipeline.publish import editions as shelved
from pricing_pipeline.publish import folder

# The other suites judge what one run brought, or the last edition: they say nothing new of facts that stay as they are.
OF_WHAT_STANDS = frozenset({"captures", "history", "comparison_tables"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A published edition. `changed` is False where the standing one was left as it is.

    `problems` has a line for each comparison that was held back, `notes` for each that waits for a product to be read;
    `files` are paths under `path`.
    """

    id: str
    path: Path
    changed: bool
    files: tuple[str, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def edition_of(editions: Path, manifest: Mapping[str, Any], *, changed: bool) -> Edition:
    """The edition that a manifest speaks of."""
    return Edition(
        id=manifest["edition"],
        path=editions / manifest["edition"],
        changed=changed,
        files=(*manifest["files"], folder.MANIFEST),
        problems=tuple(manifest["problems"]),
        notes=tuple(manifest["notes"]),
    )


def still_standing(editions: Path, edition: str, at: datetime | None = None) -> Edition | None:
    """The edition of this id, for whoever knows that it would be made again as it is; None where it is not the one that
    stands, or not whole. Raises PublishError where the time of publishing cannot be noted."""
    if folder.current(editions) != edition:
        return None
    try:
        with folder.alone(editions):
            standing = folder.manifest_of(editions / folder.CURRENT)
            if standing is None or standing["edition"] != edition or not folder.is_whole(editions / edition, standing):
                return None
            shelved.note(editions, edition, at)
            return edition_of(editions, standing, changed=False)
    except OSError as error:
        raise unwritable(editions, error) from error


def unwritable(editions: Path, error: OSError) -> PublishError:
    """What to do where an edition cannot be written."""
    return PublishError(
        f"{editions}: the edition could not be written ({error}): make room or give rights there, and publish again"
    )
