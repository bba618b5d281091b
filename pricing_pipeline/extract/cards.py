"""Finding plan cards by their repeated structure: siblings that each hold a name and a price. Never by class names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice

from pricing_pipeline.extract.blocks import Element
from pricing_pipeline.extract.card import Card, Group, look, named_alike, read_card, same_look, similar
from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.labels import (
    find_name,
    inline_name,
    is_defined_rate,
    is_name,
    is_price_line,
    is_rate_line,
)
from pricing_pipeline.extract.nameless import nameless_groups
from pricing_pipeline.extract.stories import is_story
from pricing_pipeline.extract.visibility import classes
from pricing_pipeline.extract.wording import clean_name, has_money, invites_contact

FLAT_REACH = 14
MOST_LOOKS = 100
_ASK = re.compile(
    r"\b(?:contact|talk to|speak (?:to|with)|call|email|ask)\b[^.]{0,30}\b(?:pric\w+|quotes?)\b|\bcustom (?:pric\w+|quote)",
    re.IGNORECASE,
)
_NOT_CARDS = frozenset({"table", "tbody", "thead"})


def find_groups(document: Document) -> tuple[Group, ...]:
    """The groups of cards of a page, in page order. Inner groups yield to an outer one whose members hold them."""
    return _Finder(document).groups()


class _Finder:
    """The state of one search."""

    def __init__(self, document: Document) -> None:
        self.like_cards: list[Element] | None = None
        self.blocks = document.blocks
        self.elements = document.elements
        self.prices = [
            block.index
            for block in self.blocks
            if is_price_line(block) and not (has_money(block.text) and is_story(self.blocks, block.index))
        ]

    @cached_property
    def children(self) -> list[list[int]]:
        """The children of each element, by their indexes."""
        found: list[list[int]] = [[] for _ in self.elements]
        for index, element in enumerate(self.elements):
            if element.parent >= 0:
                found[element.parent].append(index)
        return found

    def groups(self) -> tuple[Group, ...]:
        found: list[Group] = []
        if not any(has_money(self.blocks[index].text) for index in self.prices):
            return ()
        for index in range(len(self.elements) - 1, -1, -1):
            element = self.elements[index]
            if (
                len(self.children[index]) < 2
                or element.node.name in _NOT_CARDS
                or bisect_left(self.prices, element.end) - bisect_left(self.prices, element.start) < 2
            ):
                continue
            inner = [group for group in found if element.start <= group.start and group.end <= element.end]
            group = self._group(index, inner)
            if group is not None:
                found = [other for other in found if other not in inner or not _covers(group, other)]
                found.append(group)
        if not found:
            found = [*nameless_groups(self.blocks, self.elements, self.children, self.prices)]
        return tuple(sorted(self._with_orphans(found), key=lambda group: (group.start, group.end)))

    def _prices_in(self, start: int, end: int) -> list[int]:
        return self.prices[bisect_left(self.prices, start) : bisect_left(self.prices, end)]

    def _group(self, index: int, inner: Sequence[Group]) -> Group | None:
        """The group that an element's children make, where at least two of them are cards outside of inner groups."""
        children = self.children[index]
        if len(children) < 2:
            return None
        cards = self._with_what_follows(self._cards_of(children, inner), self.elements[index].end)
        if len({card.name.casefold() for card in cards}) < 2:
            cards = self._flat_cards(self.elements[index], children, inner)
        if len({card.name.casefold() for card in cards}) < 2 or self._are_rates(cards):
            return None
        return Group(cards=tuple(cards), element=index)

    def _are_rates(self, cards: Sequence[Card]) -> bool:
        """Whether what looks like cards are lines that say what use costs: "Input: $0.15 / 1M tokens", a term and its rate."""
        return all(card.end - card.start == 1 and is_rate_line(self.blocks[card.start]) for card in cards) or all(
            card.end - card.start == 2 and is_defined_rate(*self.blocks[card.start : card.end]) for card in cards
        )

    def _cards_of(self, children: Sequence[int], inner: Sequence[Group]) -> list[Card]:
        found: list[tuple[int, Card]] = []
        for child in children:
            element = self.elements[child]
            card = self._card(element.start, element.end, inner)
            if card is not None:
                found.append((child, card))
        alike = self._alike(found)
        if len(alike) < 2 or not any(self._has_amount(card) for _, card in alike):
            return []
        members = {child for child, _ in alike}
        pattern = self.elements[alike[0][0]]
        cards = named_alike(self.blocks, [card for _, card in alike])
        for child in children:
            if child not in members and similar(self.elements[child], pattern):
                cards.extend(self._unpriced(self.elements[child], like=cards[0].name_block))
        return sorted(cards, key=lambda card: card.start)

    def _alike(self, found: list[tuple[int, Card]]) -> list[tuple[int, Card]]:
        best: list[tuple[int, Card]] = []
        looks: dict[tuple[str, str], int] = {}
        for child, _ in found:
            looks.setdefault(look(self.elements[child]), child)
        for child in islice(looks.values(), MOST_LOOKS):
            same = [pair for pair in found if similar(self.elements[pair[0]], self.elements[child])]
            if len(same) > len(best):
                best = same
        return best if len(best) > 1 else self._each_of_its_own_class(found)

    def _each_of_its_own_class(self, found: list[tuple[int, Card]]) -> list[tuple[int, Card]]:
        """Cards that no class name makes alike ("plan-free", "plan-pro"), but their tag and the headings that name them do."""
        looks = {(self.elements[child].node.name, card.name_block.tag, card.name_block.level) for child, card in found}
        return found if len(looks) == 1 and all(card.name_block.level for _, card in found) else []

    def _has_amount(self, card: Card) -> bool:
        return card.price_index is not None and has_money(self.blocks[card.price_index].text)

    def _card(self, start: int, end: int, inner: Sequence[Group]) -> Card | None:
        prices = [
            index
            for index in self._prices_in(start, end)
            if not any(
                group.start <= index < group.end and group.start >= start and group.end <= end for group in inner
            )
        ]
        if not prices:
            return None
        return read_card(self.blocks, start, end, prices)

    def _with_what_follows(self, cards: list[Card], end: int) -> list[Card]:
        """Cards that are no more than headings with name and price, each with the lines below it."""
        heads = [self.blocks[card.start] for card in cards if card.end - card.start == 1]
        if not heads or len(heads) < len(cards) or not all(head.level for head in heads):
            return cards
        level = heads[0].level
        grown = []
        for card, after in zip(cards, [*(card.start for card in cards[1:]), end], strict=True):
            stop = next((block.index for block in self.blocks[card.end : after] if 0 < block.level <= level), after)
            grown.append(replace(card, end=min(stop, card.end + FLAT_REACH * 2)))
        return grown

    def _unpriced(self, element: Element, *, like: Block) -> list[Card]:
        """A member of a group that shows no price of its own but invites to ask for it."""
        blocks = self.blocks[element.start : element.end]
        if not any(invites_contact(block.text) for block in blocks):
            return []
        named = find_name(blocks)
        if named is None or not same_look(named[1], like):
            return []
        return [Card(name=named[0], name_block=named[1], start=element.start, end=element.end, price_index=None)]

    def _flat_cards(self, element: Element, children: Sequence[int], inner: Sequence[Group]) -> list[Card]:
        """Cards that no element wraps: headings of one level, or lines "Name - $10", each followed by what belongs to it."""
        for starts in (self._heading_starts(children), self._inline_starts(children)):
            if len(starts) < 2:
                continue
            ends = [*starts[1:], element.end]
            cards = [self._card(start, end, inner) for start, end in zip(starts, ends, strict=True)]
            found = [
                card
                for card in cards
                if card is not None and card.price_index is not None and card.price_index - card.start <= FLAT_REACH
            ]
            if found and starts[-1] > found[-1].start and cards[-1] is None:
                asked = self._asked(starts[-1], ends[-1])
                if asked is not None and starts[-2] == found[-1].start:
                    found.append(asked)
            if len(found) >= 2 and len(found) * 2 >= len(starts) and any(self._has_amount(card) for card in found):
                return found
        return []

    def _asked(self, start: int, end: int) -> Card | None:
        """A heading whose text at once says to ask for the price: "Contact us for pricing"."""
        head = self.blocks[start]
        if end - start < 2 or not head.level or not _ASK.search(self.blocks[start + 1].text[:80]):
            return None
        stop = min(end, start + FLAT_REACH)
        return Card(name=clean_name(head.text), name_block=head, start=start, end=stop, price_index=None)

    def _heading_starts(self, children: Sequence[int]) -> list[int]:
        heads = [
            self.blocks[self.elements[c].start] for c in children if self.elements[c].end - self.elements[c].start == 1
        ]
        heads = [
            block
            for block in heads
            if (block.level or block.tag == "dt") and is_name(clean_name(block.text)) and not has_money(block.text)
        ]
        if not heads:
            return []
        levels = [block.level for block in heads]
        level = max(set(levels), key=lambda value: (levels.count(value), value))
        return [block.index for block in heads if block.level == level]

    def _inline_starts(self, children: Sequence[int]) -> list[int]:
        singles = [
            self.blocks[self.elements[c].start] for c in children if self.elements[c].end - self.elements[c].start == 1
        ]
        return [block.index for block in singles if inline_name(block) is not None]

    def _with_orphans(self, groups: list[Group]) -> list[Group]:
        """Groups, and cards like theirs that stand alone in a row of their own."""
        lone: list[Group] = []
        for index in self.prices:
            if any(group.start <= index < group.end for group in chain(groups, lone)):
                continue
            card = self._orphan(index, groups)
            if card is not None:
                lone.append(Group(cards=(card,), element=0))
        return [*groups, *lone]

    def _orphan(self, index: int, groups: Sequence[Group]) -> Card | None:
        if self.like_cards is None:
            self.like_cards = self._like_cards(groups)
        for element in self.like_cards:
            if element.start <= index < element.end:
                if any(element.start <= group.start and group.end <= element.end for group in groups):
                    return None
                return self._card(element.start, element.end, ())
        return None

    def _like_cards(self, groups: Sequence[Group]) -> list[Element]:
        """The elements with class names that look like a card of these groups, innermost and last first."""
        patterns: dict[tuple[str, str], Element] = {}
        for group in groups:
            ranges = {(card.start, card.end) for card in group.cards}
            for element in (self.elements[child] for child in self.children[group.element]):
                if (element.start, element.end) in ranges:
                    patterns.setdefault(look(element), element)
        return [
            element
            for element in reversed(self.elements)
            if classes(element.node.attrs) and any(similar(element, pattern) for pattern in patterns.values())
        ]


def _covers(outer: Group, inner: Group) -> bool:
    return any(card.start <= inner.start and inner.end <= card.end for card in outer.cards)
