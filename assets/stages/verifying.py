"""Looking whether what is kept is still what it was: blobs, quotes, and the shape of history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

from assets.workshop import Workshop
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.pruned import StandIns
from pricing_pipeline.errors import CaptureError, ExtractError
from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.facts import Capture, Evidence
from warehouse.connection import open_warehouse
from warehouse.verify import evidence_problems, invariant_problems, log_position


def verify(workshop: Workshop) -> tuple[str, list[str]]:
    """What was looked at, in words, and a line for each thing that is wrong."""
    problems = [str(problem) for problem in workshop.blobs.verify()]
    try:
        stand_ins = StandIns(workshop.log, workshop.registry.renamed())
        problems += _differences(workshop, stand_ins)
    except CaptureError as error:  # a damaged log: from it alone the warehouse could be made again
        return "the log and the captured pages were checked", [str(error), *problems]
    with open_warehouse(workshop.home.warehouse, read_only=True) as con:
        if (lost := log_position(con) - workshop.log.end()) > 0:
            problems.append(
                f"{workshop.log.path}: {lost} bytes shorter than what the warehouse has read of it: entries were lost; "
                "restore it from a backup, or make the warehouse again of what is left with `rebuild`"
            )
        problems += invariant_problems(con)
        problems += evidence_problems(con, blob=partial(_bytes, workshop, stand_ins), holds=_holds)
    blobs = sum(1 for _ in workshop.blobs.all())
    return (
        f"the log, {blobs} captured pages, every published quote, and the intervals of history were checked",
        problems,
    )


def _differences(workshop: Workshop, stand_ins: StandIns) -> Iterator[str]:
    """Where the log and the blobs do not agree, and whether the log was written to its end."""
    log = workshop.log
    if torn := log.torn_end():
        yield f"{log.path}: ends in {torn} bytes of a line that was never finished; the next refresh cuts them off"
    held = set(workshop.blobs.all())
    named: dict[str, Capture] = {}
    for entry, _ in log.read():
        if isinstance(entry, CaptureEntry) and entry.capture.sha256 is not None:
            named.setdefault(entry.capture.sha256, entry.capture)
    for sha256, capture in named.items():
        if sha256 not in held and stand_ins.of(capture.source_id, sha256, is_held=held.__contains__) not in held:
            yield (
                f"blob {sha256} is missing: capture {capture.id} of {capture.source_id} at "
                f"{capture.captured_at:%Y-%m-%d %H:%M} has lost its bytes; "
                f"restore {workshop.blobs.path(sha256)} from a backup"
            )
    for sha256 in sorted(held - named.keys()):
        yield f"{workshop.blobs.path(sha256)}: no capture names it, as after a kill; `pricing-pipeline prune` removes it"


def _bytes(workshop: Workshop, stand_ins: StandIns, sha256: str) -> bytes:
    """The bytes that a quote was read from, or those that stand in for them."""
    if sha256 and not workshop.blobs.has(sha256):
        for source_id in stand_ins.names(sha256):
            sha256 = stand_ins.of(source_id, sha256, is_held=workshop.blobs.has)
    return workshop.blobs.get(sha256)


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
