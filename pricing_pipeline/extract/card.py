"""One plan card: its name, where that stands, and its range of blocks; and what makes two elements look alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pricing_pipeline.extract.blocks import Element
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.labels import find_name, inline_name, is_name, name_of
from pricing_pipeline.extract.visibility import classes
from pricing_pipeline.extract.wording import clean_name, has_money, is_free


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One plan as a page shows it: its name, where that stands, and the blocks from `start` to `end` (exclusive)."""

    name: str
    name_block: Block
    start: int
    end: int
    price_index: int | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cards that stand side by side."""

    cards: tuple[Card, ...]
    element: int

    @cached_property
    def start(self) -> int:
        """The first block of the first card."""
        return min(card.start for card in self.cards)

    @cached_property
    def end(self) -> int:
        """One past the last block of the last card."""
        return max(card.end for card in self.cards)


def read_card(blocks: Sequence[Block], start: int, end: int, prices: Sequence[int]) -> Card | None:
    """The card in a range of blocks that holds these price lines; None where nothing in it can be its name."""
    amounts = [index for index in prices if has_money(blocks[index].text)]
    worded = [index for index in prices if not has_money(blocks[index].text)]
    for price in [*amounts[:1], *worded]:
        inline = inline_name(blocks[price])
        named = find_name([block for block in blocks[start:price] if block.index != price])
        if inline is not None and (named is None or not named[1].level):
            return Card(name=inline, name_block=blocks[price], start=start, end=end, price_index=price)
        if named is None and amounts:
            named = _name_after(blocks[price + 1 : end])
        if named is not None:
            return Card(name=named[0], name_block=named[1], start=start, end=end, price_index=price)
    first = blocks[prices[0]]
    if (
        not amounts
        and is_free(first.text)
        and is_name(clean_name(first.text))
        and not find_name(blocks[start : prices[0]])
    ):
        return Card(name=clean_name(first.text), name_block=first, start=start, end=end, price_index=prices[0])
    return None


def named_alike(blocks: Sequence[Block], cards: Sequence[Card]) -> list[Card]:
    """Cards called by lines that look alike, where the names found first do not and every card begins with such a line.

    "Firm" above "Your office", "Enterprise" above "A larger shop": what every card begins with is the name.
    """
    looks = [_look(card.name_block) for card in cards]
    if len(set(looks)) < 2:
        return list(cards)
    for look in sorted(set(looks), key=lambda look: (-looks.count(look), looks.index(look))):
        tops = [blocks[card.start] for card in cards]
        names = [name_of(top) for top in tops if _look(top) == look and is_name(name_of(top))]
        if len(names) == len(cards) == len({name.casefold() for name in names}):
            return [
                replace(card, name=name, name_block=top) for card, name, top in zip(cards, names, tops, strict=True)
            ]
    return list(cards)


def _look(block: Block) -> tuple[str, frozenset[str]]:
    return block.tag, frozenset(classes(block.node.attrs))


def _name_after(blocks: Sequence[Block]) -> tuple[str, Block] | None:
    return find_name([block for block in blocks[:4] if block.level])


def look(element: Element) -> tuple[str, str]:
    """What an element is told by: its tag, and its class names as they are written."""
    return element.node.name, str(element.node.attrs.get("class") or "")


def similar(one: Element, other: Element) -> bool:
    """Whether two elements look alike: the same tag, and mostly the same class names."""
    if one.node.name != other.node.name:
        return False
    if look(one) == look(other):
        return True
    a, b = set(classes(one.node.attrs)), set(classes(other.node.attrs))
    if not a and not b:
        return True
    return len(a & b) * 2 >= min(len(a), len(b)) and bool(a & b)


def same_look(one: Block, other: Block) -> bool:
    """Whether two blocks look alike, as the names of cards of one group do."""
    a, b = set(classes(one.node.attrs)), set(classes(other.node.attrs))
    return one.tag == other.tag and (a == b or bool(a & b))
