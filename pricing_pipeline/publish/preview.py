"""A folder for an edition that is only looked at: made whole beside, and put in the place of an earlier preview."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pricing_pipeline.errors import PublishError
from pricing_pipeline.publish import folder


@contextmanager
def beside(into: Path, editions: Path) -> Iterator[Path]:
    """A fresh folder to write in, which takes its place at `into` when all is written; what is there is refused unless
    it is empty or an earlier preview."""
    _refuse_what_is_not_ours(into, editions)
    into.parent.mkdir(parents=True, exist_ok=True)
    making = into.with_name(f".{into.name}.preview-making")
    old = into.with_name(f".{into.name}.preview-old")
    for remains in (making, old):
        shutil.rmtree(remains, ignore_errors=False) if remains.exists() else None
    making.mkdir()
    try:
        yield making
        if into.exists():
            into.rename(old)
        making.rename(into)
    finally:
        for remains in (making, old):
            if remains.exists():
                shutil.rmtree(remains)


def _refuse_what_is_not_ours(into: Path, editions: Path) -> None:
    place = into.resolve()
    if (
        place == editions.resolve()
        or place.is_relative_to(editions.resolve())
        or editions.resolve().is_relative_to(place)
    ):
        raise PublishError(f"{into}: is where editions stand: name a folder apart from {editions}")
    if into.is_symlink() or (into.exists() and not into.is_dir()):
        raise PublishError(f"{into}: is not a folder: name one that is not there yet")
    if into.is_dir() and any(into.iterdir()) and folder.manifest_of(into) is None:
        raise PublishError(f"{into}: holds something else than an earlier preview: name an empty or a new folder")
