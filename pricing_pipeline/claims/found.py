"""A statement as a reader finds it in a sentence: what is said, where, and about whom."""

from __future__ import annotations

from dataclasses import dataclass

from pricing_pipeline.claims.claim import Kind, Said, Subject
from pricing_pipeline.claims.dates import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A statement from `start` to `end` of a sentence; `subjects` are alternatives, and empty where nobody is named.

    `is_change` marks what something is said to have gone from or to.
    """

    kind: Kind
    said: Said
    start: int
    end: int
    subjects: tuple[Subject, ...]
    when: When | None = None
    is_change: bool = False
