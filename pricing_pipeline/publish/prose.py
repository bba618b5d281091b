"""Editorial text with its placeholders filled: pieces of words, and figures that link to their evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pricing_pipeline.claims.placeholders import Segment
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import cost_id, identify, plan_id, rating_id, term_id
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.results import PricedPlan
from pricing_pipeline.wording import noun, number

Fill = Callable[[str, str, int], Sequence[Segment]]
"""Cuts a text (with its file and line) into words and facts; raises ClaimError where a placeholder cannot be filled."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a figure (`figure` is the id of its evidence)."""

    text: str
    figure: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that was computed for a text from standing terms."""

    id: str
    label: str
    text: str
    basis: tuple[str, ...]


Prose = tuple[Piece, ...]


class Pieces:
    """Words made of filled segments: `figures` are the ids that they use, `priced` the costs and `computed` the numbers
    among them.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Begin with none."""
        self._shelf = shelf
        self.figures: dict[str, None] = {}
        self.priced: dict[str, PricedPlan] = {}
        self.computed: dict[str, Computed] = {}

    def prose(self, segments: Sequence[Segment]) -> Prose:
        """Segments as pieces: words, and figures with the id of their evidence."""
        return tuple(self._piece(segment) for segment in segments)

    def _piece(self, segment: Segment) -> Piece:
        if segment.placeholder is None:
            return Piece(segment.text)
        piece = self._figure(segment)
        self.figures.setdefault(str(piece.figure))
        return piece

    def _figure(self, segment: Segment) -> Piece:
        if segment.term is not None:
            return Piece(phrases.term_in_a_sentence(segment.term.term), term_id(segment.term))
        if segment.plan is not None:
            return Piece(phrases.line(segment.plan.plan.name, 60), plan_id(segment.plan))
        if segment.rating is not None:
            return Piece(_rating(segment), rating_id(segment.rating))
        if segment.priced is not None:
            return self._cost(segment.priced, segment.verb)
        return self._computed(segment)

    def _cost(self, priced: PricedPlan, verb: str | None) -> Piece:
        self.priced[cost_id(priced)] = priced
        if verb != "cheapest":
            return Piece(phrases.cost(priced.cost), cost_id(priced))
        return Piece(self._plan_name(priced.product, priced.plan), cost_id(priced))

    def _computed(self, segment: Segment) -> Piece:
        assert segment.quantity is not None
        figure = identify("n", segment.placeholder)
        text = number(segment.quantity)
        basis = tuple(dict.fromkeys(term_id(term) for term in segment.basis))
        self.figures.update(dict.fromkeys(basis))
        self.computed[figure] = Computed(figure, self._turn(segment, text), text, basis)
        return Piece(text, figure)

    def _turn(self, segment: Segment, quantity: str) -> str:
        """What a break-even says, in a sentence."""
        plans = dict.fromkeys((term.product, term.term.plan) for term in segment.basis if term.term.plan is not None)
        names = [
            f"{self._shelf.names.product(product)} {self._plan_name(product, str(plan))}" for product, plan in plans
        ]
        return f"The cheaper of {' and '.join(names)} changes at {quantity} {noun(segment.metric or 'unit')} a month"

    def _plan_name(self, product: str, slug: str) -> str:
        names = (plan.plan.name for plan in self._shelf.plans.get(product, ()) if plan.plan.slug == slug)
        return phrases.line(next(names, slug), 60)


class Editorial(Pieces):
    """The editorial side of one comparison, filled: `content` mirrors the file, each text a tuple of pieces; `filled` are
    the same texts by their place in the file.
    """

    def __init__(self, file: ComparisonFile, shelf: Shelf, fill: Fill) -> None:
        """Fill every text. Raises what `fill` raises, at the first text that cannot be filled."""
        super().__init__(shelf)
        self.filled: dict[tuple[str | int, ...], Prose] = {
            tuple(place): self.prose(fill(text, named(file), file.line(place))) for place, text in file.content.texts()
        }
        self.content: Any = _mirror(file.content, (), lambda place, text: self.filled.get(place, text))


def named(file: ComparisonFile) -> str:
    """How messages name a comparison's file: the same on every machine."""
    return f"{file.path.parent.name}/{file.path.name}"


def words(prose: Prose | str) -> str:
    """Filled text without its links."""
    return prose if isinstance(prose, str) else "".join(piece.text for piece in prose)


def _rating(segment: Segment) -> str:
    assert segment.rating is not None
    rating = segment.rating.rating
    if segment.verb != "rating_count":
        return phrases.rating_in_a_sentence(rating)
    count = rating.review_count if rating.review_count is not None else rating.rating_count
    return "no" if count is None else f"{count:,}"


def _mirror(value: Any, place: tuple[str | int, ...], put: Callable[[tuple[str | int, ...], str], Prose | str]) -> Any:
    if isinstance(value, str):
        return put(place, value)
    if isinstance(value, BaseModel):
        return {name: _mirror(getattr(value, name), (*place, name), put) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {key: _mirror(one, (*place, key), put) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_mirror(one, (*place, index), put) for index, one in enumerate(value))
    return value
