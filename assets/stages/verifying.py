"""Looking whether what is kept is still what it was: blobs, quotes, and the shape of history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assets.workshop import Workshop
from pricing_pipeline.errors import CaptureError, ExtractError
from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.facts import Evidence
from warehouse.connection import open_warehouse
from warehouse.verify import evidence_problems, invariant_problems


def verify(workshop: Workshop) -> tuple[str, list[str]]:
    """What was looked at, in words, and a line for each thing that is wrong."""
    problems = [*_log_problems(workshop), *(str(problem) for problem in workshop.blobs.verify())]
    with open_warehouse(workshop.home.warehouse, read_only=True) as con:
        problems += invariant_problems(con)
        problems += evidence_problems(con, blob=workshop.blobs.get, holds=_holds)
    blobs = sum(1 for _ in workshop.blobs.all())
    return (
        f"the log, {blobs} captured pages, every published quote, and the intervals of history were checked",
        problems,
    )


def _log_problems(workshop: Workshop) -> list[str]:
    """What is wrong with the log, from which alone the warehouse could be made again."""
    try:
        for _ in workshop.log.read():
            pass
    except CaptureError as error:
        return [str(error)]
    return []


def _holds(body: bytes, evidences: Sequence[Evidence]) -> list[bool]:
    """Whether each quote stands on its surface of the page."""
    try:
        document = _document(body)
    except ExtractError:
        return [False] * len(evidences)
    return [document.holds(evidence.quote, evidence.surface) for evidence in evidences]


@lru_cache(maxsize=1)
def _document(body: bytes) -> Document:
    return read_document(body)
