"""Cards that show no name: called by what their attributes or pictures say, else by their place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bs4 import Tag

from pricing_pipeline.extract.blocks import Element, Segment
from pricing_pipeline.extract.card import Card, Group, similar
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.labels import is_name, is_price_line
from pricing_pipeline.extract.wording import clean_name, has_money, is_free
from pricing_pipeline.facts import Surface

_DATED = re.compile(r"(?:/|per |a )\s?(?:mo|month|year|yr|user|seat)\b", re.IGNORECASE)
_NAMING = ("aria-label", "data-plan-name", "data-plan", "data-tier", "data-name", "data-title", "title")
_DECORATION = re.compile(
    r"\b(?:logo|icon|image|illustration|picture|photo|check(?:mark)?|arrow|avatar)\b", re.IGNORECASE
)


def nameless_groups(
    blocks: Sequence[Block], elements: Sequence[Element], children: Sequence[Sequence[int]], prices: Sequence[int]
) -> Iterator[Group]:
    """The first group of cards that are named by attributes, else the first of cards that only their place can name."""
    for reading in (_by_attributes, _by_place):
        for index, inner in enumerate(children):
            # Every member of a group holds a price.
            if len(inner) < 2 or len(_within(prices, elements[index])) < 2:
                continue
            alike = [elements[child] for child in inner if similar(elements[child], elements[inner[0]])]
            cards = reading(blocks, alike, prices) if len(alike) >= 2 else []
            if len(cards) >= 2:
                yield Group(cards=tuple(cards), element=index)
                return


def _within(prices: Sequence[int], element: Element) -> Sequence[int]:
    return prices[bisect_left(prices, element.start) : bisect_left(prices, element.end)]


def _by_attributes(blocks: Sequence[Block], alike: Sequence[Element], prices: Sequence[int]) -> list[Card]:
    """Cards each with one price or more and a name of its own in an attribute."""
    cards = []
    for element in alike:
        inside = _within(prices, element)
        named = _attribute_name(element.node) if inside else None
        if named is None:
            return []
        said, node = named
        price = next((index for index in inside if has_money(blocks[index].text)), inside[0])
        cards.append(
            Card(
                name=clean_name(said),
                name_block=_unseen(said, node, blocks[element.start]),
                start=element.start,
                end=element.end,
                price_index=price,
            )
        )
    differ = len({card.name.casefold() for card in cards}) == len(cards)
    priced = any(has_money(blocks[card.price_index or 0].text) for card in cards)
    return cards if differ and priced else []


def _attribute_name(node: Tag) -> tuple[str, Tag] | None:
    """What an element's own attributes call it, else what its first picture shows; with the element that says so."""
    own = (str(node.get(key) or "") for key in _NAMING)
    pictures = ((str(image.get("alt") or ""), image) for image in node.find_all("img", limit=3))
    for said, holder in (*((text, node) for text in own), *pictures):
        text = " ".join(said.split())
        if is_name(clean_name(text)) and not has_money(text) and not _DECORATION.search(text):
            return text, holder
    return None


def _unseen(text: str, node: Tag, beside: Block) -> Block:
    """An attribute's words as a block, which stands nowhere in the page's text."""
    return Block(
        index=-1,
        text=text,
        tag=node.name,
        node=node,
        surface=Surface.ATTRIBUTE,
        level=0,
        headings=beside.headings,
        pane=beside.pane,
        region=beside.region,
        gap_before=False,
        segments=(Segment(0, len(text), node, False, None),),
    )


def _by_place(blocks: Sequence[Block], alike: Sequence[Element], prices: Sequence[int]) -> list[Card]:
    """Cards that begin with their prices: free, $5 a month …"""
    tops = [_price_on_top(blocks, element, prices) for element in alike]
    if not all(tops) or not any(has_money(top.text) for top in tops if top):
        return []
    return [
        Card(
            name="Free" if is_free(top.text) else f"Plan {place}",
            name_block=top,
            start=element.start,
            end=element.end,
            price_index=top.index,
        )
        for place, (element, top) in enumerate(zip(alike, tops, strict=True), start=1)
        if top is not None
    ]


def _price_on_top(blocks: Sequence[Block], element: Element, prices: Sequence[int]) -> Block | None:
    """The price line that a card without a name begins with, where lines about the plan follow."""
    top = blocks[element.start]
    if element.end - element.start < 3 or len(_within(prices, element)) != 1:
        return None
    if not is_price_line(top) or not (is_free(top.text) or _DATED.search(top.text)):
        return None
    return top
