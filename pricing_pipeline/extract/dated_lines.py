"""The lines of a page that say what holds from a stated day on, each with its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pricing_pipeline.extract.dates import heading_day, written_on
from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.running import is_running_text
from pricing_pipeline.extract.statements import (
    Sentence,
    carries_on,
    effective_days,
    is_dated_heading,
    looks_dated,
    looks_past,
    names_day,
    sentences,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedLine:
    """A sentence and the day from which what it says holds; `names_it` where the day stands in the sentence itself."""

    block: Block
    sentence: Sentence
    day: date
    names_it: bool


def dated_lines(document: Document, *, is_news: bool = False) -> Iterator[DatedLine]:
    """The sentences of a page that say what holds from a day on, in order.

    The day is the sentence's own, that of the sentence before it or above its list, or that of the heading above.
    """
    if not names_day(document.text):
        return
    written = written_on(document) if any(looks_dated(block.text) for block in document.blocks) else None
    carried: date | None = None
    blocks = document.blocks
    # The last line of a page that was cut off may end in half a figure.
    for block in blocks if document.is_complete else blocks[:-1]:
        if not is_running_text(block) or block.region == "table":
            carried = None
            continue
        above = _day_above(block, written, is_news=is_news)
        last: date | None = carried if carried and _is_item(block) else None
        for sentence in sentences(block.text):
            when = _written(block, written, is_news=is_news) if looks_dated(sentence.text) else None
            days = {one.day for one in effective_days(sentence.text, written=when)}
            if len(days) == 1:
                (last,) = days
                yield DatedLine(block=block, sentence=sentence, day=last, names_it=True)
            elif not days:
                day = last if last is not None and (carried or carries_on(sentence.text)) else above
                if day is not None and not block.level and not looks_past(sentence.text):
                    yield DatedLine(block=block, sentence=sentence, day=day, names_it=False)
        carried = last if block.text.rstrip().endswith(":") or (carried and _is_item(block)) else None


def _is_item(block: Block) -> bool:
    return block.tag == "li" or block.node.find_parent("li") is not None


def _written(block: Block, written: date | None, *, is_news: bool) -> date | None:
    """The day of writing, for days without a year: that of the entry of a changelog, or of the whole page."""
    for heading in reversed(block.headings if is_news else ()):
        day = heading_day(heading)
        if day is not None:
            return day
    return written


def _day_above(block: Block, written: date | None, *, is_news: bool) -> date | None:
    """The day that a heading names for what stands below it: "New prices from 1 October 2026"."""
    for heading in reversed(block.headings):
        if looks_dated(heading):
            day = is_dated_heading(heading, written=written)
            if day is not None and (is_news or carries_on(block.text)):
                return day
    return None
