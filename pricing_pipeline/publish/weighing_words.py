"""Ranges of use in words: who is the cheapest up to how much, as sentences and as lines of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.prose import Piece, Prose
from pricing_pipeline.results import CheapestRange
from pricing_pipeline.wording import noun, number, to_the_cent

_NONE = "no plan with a stated price"
_UNTOLD = "cannot be told"
# So many plans of unknown cost a sentence names; more it counts.
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeWords:
    """Writes about one metric. `names` are how the plans are called in sentences and `brief` in a table's cells, `figures`
    are the ids of what each quantity rests on, `lead` says what is used besides: `on one seat, `."""

    metric: str
    names: Mapping[str, str]
    brief: Mapping[str, str]
    figures: Mapping[Decimal, str]
    lead: str
    is_monthly: bool

    def lines(self, ranges: Sequence[CheapestRange]) -> Iterator[tuple[Piece, str]]:
        """How much use, and who is the cheapest there."""
        for one in ranges:
            at = one.start if one.end is None else one.end
            yield Piece(self._reach(one, alone=len(ranges) == 1), self.figures.get(at)), self._who(one)

    def sentence(self, ranges: Sequence[CheapestRange]) -> Prose:
        """All of it in one sentence, without its full stop."""
        pieces = [Piece(self.lead)]
        for place, one in enumerate(ranges):
            verb = (" is" if len(one.cheapest) == 1 else " are") + " the cheapest" if not place else ""
            if place:
                pieces.append(Piece(", "))
            pieces += [Piece(f"{self._winners(one)}{verb if one.cheapest else ''} ")]
            pieces += self._up_to(one, is_first=not place, alone=len(ranges) == 1)
        unknown = dict.fromkeys(name for one in ranges for name in one.unknown)
        if unknown:
            several = f"{len(unknown)} plans" if len(unknown) > _NAMED else ""
            listed = several or phrases.listed([self.names[name] for name in unknown])
            pieces.append(Piece(f"; what {listed} would cost is not stated throughout"))
        return tuple(_begun(pieces))

    def won(self, plans: Sequence[str], ranges: Sequence[CheapestRange]) -> Prose:
        """Where one of these plans is the cheapest, as a reason to choose its product."""
        pieces = [Piece(self.lead)]
        for one in ranges:
            own = [name for name in one.cheapest if name in plans]
            if own:
                if len(pieces) > 1:
                    pieces.append(Piece("; "))
                tied = len(one.cheapest) > len(own)
                pieces.append(Piece(f"{self._listed(own)} {'costs as little as any' if tied else 'costs the least'} "))
                pieces += self._between(one, alone=len(ranges) == 1)
        return tuple(_begun(pieces))

    def _up_to(self, one: CheapestRange, *, is_first: bool, alone: bool) -> list[Piece]:
        if alone:
            return [Piece(f"at any number of {noun(self.metric)}")]
        if one.end is None:
            return [Piece("from there on")]
        return [
            Piece("up to "),
            self._linked(one.end),
            *([self._unit(one.end)] if is_first else []),
        ]

    def _between(self, one: CheapestRange, *, alone: bool) -> list[Piece]:
        if alone:
            return [Piece(f"at any number of {noun(self.metric)}")]
        if one.end is not None and one.end - one.start == 1 and one.start:
            return [Piece("at "), self._linked(one.end), self._unit(one.end)]
        above = [Piece("above "), self._linked(one.start)] if one.start else []
        if one.end is None:
            return [*above, self._unit(one.start)]
        joint = " and up to " if above else "up to "
        return [*above, Piece(joint), self._linked(one.end), self._unit(one.end)]

    def _reach(self, one: CheapestRange, *, alone: bool) -> str:
        if alone:
            return "any number"
        return f"above {self._quantity(one.start)}" if one.end is None else f"up to {self._quantity(one.end)}"

    def _who(self, one: CheapestRange) -> str:
        if not one.cheapest:
            return _UNTOLD if one.unknown else _NONE
        told = phrases.listed([self.brief[name] for name in one.cheapest])
        return f"{told}, of those known" if one.unknown else told

    def _winners(self, one: CheapestRange) -> str:
        if one.cheapest:
            return self._listed(one.cheapest)
        return f"it {_UNTOLD}" if one.unknown else _NONE

    def _listed(self, plans: Sequence[str]) -> str:
        return phrases.listed([self.names[name] for name in plans])

    def _linked(self, quantity: Decimal) -> Piece:
        return Piece(self._quantity(quantity), self.figures.get(quantity))

    def _quantity(self, quantity: Decimal) -> str:
        return number(to_the_cent(quantity))

    def _unit(self, quantity: Decimal) -> Piece:
        return Piece(f" {noun(self.metric, quantity)}{' a month' if self.is_monthly else ''}")


def _begun(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The same, with a capital at the beginning and no empty pieces."""
    told = [piece for piece in pieces if piece.text]
    for place, piece in enumerate(told):
        yield piece if place else Piece(piece.text[:1].upper() + piece.text[1:], piece.figure)
