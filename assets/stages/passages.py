"""Whether the passages that missed facts are quoted from still stand in the pages that are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assets.workshop import Workshop
from pricing_pipeline.captures.pruned import readable
from pricing_pipeline.errors import CaptureError, ExtractError
from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.facts import Capture, Evidence

# Positions of corrections in the log with the passage that each quotes, by source.
Quoted = Mapping[str, Sequence[tuple[int, Evidence]]]
# The capture, the correction's position, and whether the page holds its passage.
Passage = tuple[str, int, bool]


def find_passages(workshop: Workshop, captures: Iterable[Capture], quoted: Quoted) -> Iterator[Passage]:
    """Whether the pages hold the passages quoted of their sources; a page that cannot be read says nothing."""
    for capture in captures:
        passages = quoted.get(capture.source_id, ())
        if not passages or capture.sha256 is None:
            continue
        try:
            document = _document(workshop, capture)
        except (CaptureError, ExtractError):
            continue  # the reading of the page says why
        for position, passage in passages:
            yield capture.id, position, document.holds(passage.quote, passage.surface)


def _document(workshop: Workshop, capture: Capture) -> Document:
    body = readable(
        workshop.blobs, workshop.log, capture.source_id, capture.sha256 or "", renamed=workshop.registry.renamed()
    )
    return read_document(body, content_type=capture.content_type)
