"""What stands around a statement: the products spoken of, and the figures from which another one may be reckoned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.passages import Passage
from pricing_pipeline.claims.plain import in_digits, numbers_in
from pricing_pipeline.claims.subjects import Directory
from pricing_pipeline.money import read_amounts
from pricing_pipeline.units import read_quantities

# Paragraphs, items or cells before and behind that a reader still has in mind.
_BEFORE, _BEHIND = 6, 2
# A longer block is no story that is told around one figure.
_LONGEST = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The figures and products around one passage.

    `keys` are the products that the passage, its headers or headings name, and the ones around;
    `uses` are counts by their unit, `numbers` all that is counted, whatever it is; those that are `own`, and the money,
    stand in the passage itself, `heading_numbers` in the headers of a cell.
    """

    keys: frozenset[Key]
    uses: Mapping[str, frozenset[Decimal]]
    numbers: frozenset[Decimal]
    own_uses: Mapping[str, frozenset[Decimal]]
    own_numbers: frozenset[Decimal]
    heading_numbers: frozenset[Decimal]
    own_amounts: frozenset[Decimal]
    amounts: frozenset[Decimal]

    @property
    def own(self) -> Scope:
        """The same with the figures of the passage alone."""
        return replace(self, uses=self.own_uses, numbers=self.own_numbers)


class Scopes:
    """The scope of each passage of a text, made when it is asked for."""

    def __init__(self, passages: Sequence[Passage], directory: Directory) -> None:
        """`passages` are all that were read."""
        self._passages = passages
        self._directory = directory
        self._made: dict[int, Scope] = {}
        names = (*directory.product_names, *directory.plan_names)
        self._words = frozenset(word for name in names for word in name.split())

    def is_name(self, word: str) -> bool:
        """Whether a word is a part of a name that is known."""
        return word in self._words

    def named_in(self, text: str) -> frozenset[Key]:
        """The products that a text names."""
        return self._named((text,))

    def named_around(self, number: int, sentence: str) -> str:
        """A sentence with the headers and the heading that say of whom it speaks."""
        passage = self._passages[number]
        heads = (passage.lead, *passage.headings[-1:], passage.row, passage.column)
        return " ".join((sentence, *(text for text in heads if text)))

    def at(self, number: int) -> Scope:
        """The scope of one passage."""
        if number not in self._made:
            self._made[number] = self._make(number)
        return self._made[number]

    def _make(self, number: int) -> Scope:
        passage = self._passages[number]
        first = max(0, number - _BEFORE)
        near = [one for one in self._passages[first : number + _BEHIND + 1] if one.headings[:1] == passage.headings[:1]]
        heads = (passage.lead, passage.row, passage.column, *passage.headings)
        texts = dict.fromkeys(text[:_LONGEST] for text in (*(one.text for one in near), *heads) if text)
        own = [_figures(text[:_LONGEST]) for text in (passage.text, passage.lead, passage.row, passage.column)]
        return Scope(
            keys=self._named(texts),
            uses=_by_unit(count for text in texts for count in _figures(text).counts),
            numbers=frozenset(number for text in texts for number in _figures(text).numbers),
            own_uses=_by_unit(count for one in own for count in one.counts),
            own_numbers=frozenset(number for one in own for number in one.numbers),
            heading_numbers=frozenset(number for one in own[2:] for number in one.numbers),
            own_amounts=frozenset(amount for one in own for amount in one.amounts),
            amounts=frozenset(amount for text in texts for amount in _figures(text).amounts),
        )

    def _named(self, texts: Sequence[str] | Mapping[str, None]) -> frozenset[Key]:
        return frozenset(key for text in texts for one in self._directory.products_in(text) for key in one.keys)


@dataclass(frozen=True, slots=True)
class _Figures:
    numbers: tuple[Decimal, ...]
    counts: tuple[tuple[str, Decimal], ...]
    amounts: tuple[Decimal, ...]


def by_unit(text: str) -> dict[str, frozenset[Decimal]]:
    """The counts of a text by their unit."""
    return _by_unit(_figures(text).counts)


def _by_unit(counts: Iterable[tuple[str, Decimal]]) -> dict[str, frozenset[Decimal]]:
    found: dict[str, set[Decimal]] = defaultdict(set)
    for metric, quantity in counts:
        found[metric].add(quantity)
    return {metric: frozenset(sizes) for metric, sizes in found.items()}


@lru_cache(maxsize=500)
def _figures(text: str) -> _Figures:
    plain = in_digits(text)
    counts = tuple((one.metric, one.quantity) for one in read_quantities(plain) if one.quantity is not None)
    amounts = tuple(
        amount for one in read_amounts(plain) for amount in (one.amount, one.amount_max) if amount is not None
    )
    return _Figures(numbers_in(text), counts, amounts)
