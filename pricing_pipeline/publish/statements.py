"""The editorial texts of a comparison as passages, so that what they state can be judged before it is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pricing_pipeline.claims.audit import Audit, Auditor
from pricing_pipeline.claims.knowledge import Key, Knowledge, Price, known_of
from pricing_pipeline.claims.passages import Passage
from pricing_pipeline.claims.registered import licences, named
from pricing_pipeline.publish import prose
from pricing_pipeline.publish.prose import Editorial, Prose
from pricing_pipeline.publish.shelf import Names, Shelf
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.documents import Place

Judge = Callable[[ComparisonFile, Editorial], Audit]
"""Audits the filled texts of a comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a comparison says, to be audited: `about` are the products of which anything is known."""

    file: str
    passages: tuple[Passage, ...]
    about: tuple[Key, ...]


def knowledge_of(shelf: Shelf, price: Price | None = None) -> Knowledge:
    """What texts are judged against. `price` reckons costs at uses that no workload names."""
    return known_of(shelf.catalog, named(shelf.registry), licences=licences(shelf.registry), price=price)


def text_of(shelf: Shelf, file: ComparisonFile, editorial: Editorial) -> Text:
    """The filled texts of a comparison."""
    about = tuple((shelf.vendor_of[product], product) for product in file.content.products if shelf.holds(product))
    found = tuple(passages(file, editorial.filled, shelf.names))
    return Text(file=prose.named(file), passages=found, about=about)


def judge_of(shelf: Shelf, price: Price | None = None) -> Judge:
    """A judge of texts against the facts of a shelf, one at a time."""
    auditor = Auditor(knowledge_of(shelf, price))

    def judge(file: ComparisonFile, editorial: Editorial) -> Audit:
        text = text_of(shelf, file, editorial)
        return auditor.audit_passages(text.passages, text.file, about=text.about)

    return judge


def passages(file: ComparisonFile, filled: Mapping[Place, Prose], names: Names) -> Iterator[Passage]:
    """The texts of a comparison; what was filled from the facts is bound. A text is placed at the line where it begins."""
    for place, pieces in filled.items():
        line = file.line(place)
        about = _about(file, place)
        text = prose.words(pieces)
        if text.strip():
            yield Passage(
                text=text,
                marks=((0, line, 1),),
                headings=_headings(file, place),
                lead=_lead(place, about, names),
                bound=tuple(_bound(pieces)),
                about=about,
            )


def _bound(pieces: Prose) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        if piece.figure is not None:
            yield start, end
        start = end


def _about(file: ComparisonFile, place: Place) -> tuple[str, ...]:
    """The product that a place in the file speaks of: the key it stands under, or the product named beside it."""
    keyed = [str(step) for step in place if step in file.content.products]
    if keyed:
        return (keyed[-1],)
    value: object = file.content
    found: tuple[str, ...] = ()
    for step in place:
        product = getattr(value, "product", None)
        found = (product,) if product in file.content.products else found
        value = _step(value, step)
    return found


def _step(value: object, step: str | int) -> object:
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        return value[step]  # type: ignore[index]  # a place leads through what is there
    return getattr(value, str(step))


def _headings(file: ComparisonFile, place: Place) -> tuple[str, ...]:
    """The title of the page, and the question that an answer belongs to."""
    if place[0] == "faq" and place[-1] == "answer":
        return (file.content.title, file.content.faq[int(place[1])].question)
    return (file.content.title,) if place != ("title",) else ()


def _lead(place: Place, about: tuple[str, ...], names: Names) -> str:
    return f"Choose {names.product(about[0])} if:" if place[0] == "choose" and about else ""
