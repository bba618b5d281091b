"""Reading the claims of a text: every statement that the warehouse could confirm or contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from pricing_pipeline.claims.amounts import amounts
from pricing_pipeline.claims.answers import answers
from pricing_pipeline.claims.bases import bases
from pricing_pipeline.claims.capitals import with_capitals
from pricing_pipeline.claims.claim import Charged, Claim, Counted, Dated, Kind
from pricing_pipeline.claims.counts import counts
from pricing_pipeline.claims.crossings import crossings
from pricing_pipeline.claims.dates import Relation
from pricing_pipeline.claims.durations import durations
from pricing_pipeline.claims.elided import elided
from pricing_pipeline.claims.factors import factors
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.inclusions import inclusions
from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.labels import with_cells
from pricing_pipeline.claims.licences import licences
from pricing_pipeline.claims.markdown import markdown_passages
from pricing_pipeline.claims.markup import html_passages
from pricing_pipeline.claims.names import names
from pricing_pipeline.claims.passages import Passage
from pricing_pipeline.claims.plaintext import plain_passages
from pricing_pipeline.claims.plan_numbers import plan_numbers
from pricing_pipeline.claims.rankings import rankings
from pricing_pipeline.claims.ratios import ratios
from pricing_pipeline.claims.reviews import reviews
from pricing_pipeline.claims.scenes import Scene
from pricing_pipeline.claims.shifts import shifts
from pricing_pipeline.claims.states import states
from pricing_pipeline.claims.subjects import Directory
from pricing_pipeline.claims.unit_orders import unit_orders
from pricing_pipeline.claims.views import View

_READERS = (
    amounts,
    counts,
    durations,
    reviews,
    answers,
    states,
    licences,
    rankings,
    crossings,
    ratios,
    unit_orders,
    factors,
    names,
    plan_numbers,
    shifts,
    inclusions,
    bases,
    elided,
)
_HTML = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".mdown"})


def read_passages(text: str, name: str) -> tuple[Passage, ...]:
    """The visible blocks of a text; its form is told by the ending of its file's name, else by how it begins."""
    ending = PurePath(name).suffix.casefold()
    if ending in _HTML or (
        ending not in _MARKDOWN and text.lstrip()[:15].casefold().startswith(("<!doctype html", "<html"))
    ):
        return html_passages(text)
    return plain_passages(text) if ending and ending not in _MARKDOWN else markdown_passages(text)


def read_claims(
    passages: Sequence[Passage], directory: Directory, *, about: Sequence[Key] = (), most: int | None = None
) -> tuple[Claim, ...]:
    """The claims of a text in the order in which they stand. `about` are products that it is known to speak of.

    What was filled from the facts is no claim. Whoever is not recognised is left open: `subjects` is empty then.
    Reading ends with as many claims as `most`.
    """
    spoken = with_cells(with_capitals(passages, directory), directory)
    claims = (
        _claim(view, one)
        for view in Scene(spoken, directory, about).views()
        for one in _with_dates(_apart(found for reader in _READERS for found in reader(view)))
        if not view.passage.is_bound(view.start + one.start, view.start + max(one.end, one.start + 1))
    )
    return tuple(sorted(islice(claims, most), key=lambda claim: (claim.passage, claim.start)))


def _apart(found: Iterable[Found]) -> list[Found]:
    """Each statement once: where two readers see the same words in the same way, the first one keeps them."""
    kept: dict[tuple[object, ...], Found] = {}
    for one in found:
        kept.setdefault((one.kind, one.start, one.subjects), one)
    return list(kept.values())


def _with_dates(found: Iterable[Found]) -> Iterator[Found]:
    """What is said to hold since or until a day is a claim about the figure and another about the day.

    So is what is said to have changed on a day: "rose to $390 in March".
    """
    for one in found:
        yield one
        when = one.when
        if when is None or when.first is None or when.end <= when.start or not isinstance(one.said, Charged | Counted):
            continue
        if one.is_change and when.relation is Relation.AT:
            when = replace(when, relation=Relation.SINCE)
        if when.relation in (Relation.SINCE, Relation.UNTIL):
            yield Found(
                kind=Kind.DATE, said=Dated(one.said), start=when.start, end=when.end, subjects=one.subjects, when=when
            )


def _claim(view: View, one: Found) -> Claim:
    first, last = _as_written(view, one.start, one.end)
    start, end = view.start + first, view.start + last
    return Claim(
        kind=one.kind,
        said=one.said,
        subjects=one.subjects,
        text=view.passage.text[start:end].strip(),
        sentence=view.written.strip(),
        place=view.passage.place(start),
        end=view.passage.place(max(start, end - 1)),
        passage=view.number,
        start=start,
        when=one.when,
        advice=view.advice,
    )


def _as_written(view: View, start: int, end: int) -> tuple[int, int]:
    """The span with the whole of the words that it was read from: "five cents" and not its end alone."""
    for first, last in view.respelled:
        if first < end and start < last:
            start, end = min(start, first), max(end, first + len(view.written[first:last].rstrip()))
    return start, end
