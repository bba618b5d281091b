"""Reading the claims of a text: every statement that the warehouse could confirm or contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from pricing_pipeline.claims.amounts import amounts
from pricing_pipeline.claims.claim import Charged, Claim, Counted, Dated, Kind
from pricing_pipeline.claims.counts import counts
from pricing_pipeline.claims.dates import Relation
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.markdown import markdown_passages
from pricing_pipeline.claims.markup import html_passages
from pricing_pipeline.claims.names import names
from pricing_pipeline.claims.passages import Passage, plain_passages
from pricing_pipeline.claims.rankings import rankings
from pricing_pipeline.claims.reviews import reviews
from pricing_pipeline.claims.states import states
from pricing_pipeline.claims.subjects import Directory
from pricing_pipeline.claims.views import Scene, View

_READERS = (amounts, counts, reviews, states, rankings, names)
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


def read_claims(passages: Sequence[Passage], directory: Directory, *, about: Sequence[Key] = ()) -> tuple[Claim, ...]:
    """The claims of a text in the order in which they stand. `about` are products that it is known to speak of.

    What was filled from the facts is no claim. Whoever is not recognised is left open: `subjects` is empty then.
    """
    claims = [
        _claim(view, one)
        for view in Scene(passages, directory, about).views()
        for one in _with_dates(_apart(found for reader in _READERS for found in reader(view)))
        if not view.passage.is_bound(view.start + one.start, view.start + max(one.end, one.start + 1))
    ]
    return tuple(sorted(claims, key=lambda claim: (claim.passage, claim.start)))


def _apart(found: Iterable[Found]) -> list[Found]:
    """Each statement once: where two readers see the same words in the same way, the first one keeps them."""
    kept: dict[tuple[object, ...], Found] = {}
    for one in found:
        kept.setdefault((one.kind, one.start, one.subjects), one)
    return list(kept.values())


def _with_dates(found: Iterable[Found]) -> Iterator[Found]:
    """What is said to hold since or until a day is a claim about the figure and another about the day."""
    for one in found:
        yield one
        when = one.when
        dated = when is not None and when.first is not None and when.relation in (Relation.SINCE, Relation.UNTIL)
        if when is not None and dated and when.end > when.start and isinstance(one.said, Charged | Counted):
            yield Found(
                kind=Kind.DATE, said=Dated(one.said), start=when.start, end=when.end, subjects=one.subjects, when=when
            )


def _claim(view: View, one: Found) -> Claim:
    start, end = view.start + _word_start(view.written, one.start), view.start + one.end
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


def _word_start(written: str, start: int) -> int:
    """Where the word begins that was put into digits at its end."""
    while start and written[start - 1].isalpha() and written[start : start + 1].isalpha():
        start -= 1
    return start
