"""What a new edition takes over from the standing one: files made of the same facts and texts by the same program."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pricing_pipeline.publish import folder, render
from pricing_pipeline.publish.order import Order, text
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.registry.comparisons import ComparisonFile

Put = Callable[[Path, Path, Iterable[str]], None]
Written = Mapping[str, str | None]
"""Files of an edition with their SHA-256; None for a database, whose bytes may differ for the same rows."""


class TakenOver:
    """The files of the standing edition that would be made again as they are. None of them are, where a file is not what
    the manifest says."""

    def __init__(
        self, order: Order, current: Path, standing: Mapping[str, Any] | None, *, put: Put = folder.link
    ) -> None:
        """See whether the `standing` edition tells the same facts; `put` is how its files get into the new one."""
        self.standing = standing
        self._current = current
        self._put = put
        self._facts: Mapping[str, Any] = {}
        if standing is not None and standing.get("facts") == order.facts and not folder.damage(current, standing):
            self._facts = standing

    def comparison(self, shelf: Shelf, file: ComparisonFile) -> render.Outcome | None:
        """What became of a comparison whose text is the same, too; None where it is to be made."""
        had = self._facts["comparisons"].get(file.slug) if self._facts else None
        if had is None or had["of"] != text(file):
            return None
        return render.Outcome(
            slug=file.slug,
            title=had["title"],
            summary=had["summary"],
            verified=shelf.verified(file.content.products),
            files=tuple(had["files"]),
            products=file.content.products,
            is_taken_over=True,
        )

    def fixed(self, making: Path, compared: Sequence[Sequence[str]]) -> Written | None:
        """The files that every edition has, put into the new one; None where they are to be made."""
        if not self._facts or self._facts["compared"] != compared_by(compared):
            return None
        return self.put(making, self._facts["fixed"])

    def put(self, making: Path, names: Sequence[str]) -> Written:
        """Files of the standing edition, put into the new one."""
        self._put(making, self._current, names)
        return {name: self._facts["files"][name] for name in names}

    def read(self, name: str) -> bytes:
        """A file of the standing edition, whatever facts it tells."""
        return (self._current / name).read_bytes()


def compared_by(compared: Sequence[Sequence[str]]) -> str:
    """Which products are compared with which, as a SHA-256."""
    return hashlib.sha256(repr([tuple(products) for products in compared]).encode()).hexdigest()
