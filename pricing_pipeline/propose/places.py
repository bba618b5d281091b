"""Where a page still holds what is known: the elements that say a plan's name, and those around them that say its price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bs4 import Tag

from pricing_pipeline.extract.document import Block, Document, squash
from pricing_pipeline.extract.labels import is_price_line
from pricing_pipeline.extract.page import Page
from pricing_pipeline.extract.wording import clean_name, has_money, is_contact, is_free
from pricing_pipeline.facts import Plan, Surface, Term, TermKind

MOST_PLACES = 8
_OUTSIDE = frozenset({"nav", "footer", "select"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place that says a plan's name: the element that says nothing else, and those around it that speak of no other
    plan and hold a price, the innermost first."""

    plan: Plan
    node: Tag
    around: tuple[Tag, ...]


def find_places(page: Page, plans: Sequence[Plan]) -> dict[str, tuple[Place, ...]]:
    """By each plan's slug where a page's visible text says its name beside a price, in page order."""
    named = {plan.slug: _named(page.document, plan.name) for plan in plans}
    every = [(slug, node) for slug, nodes in named.items() for node in nodes]
    return {
        plan.slug: tuple(
            place for node in named[plan.slug][:MOST_PLACES] if (place := _place(page, plan, node, every)).around
        )
        for plan in plans
    }


def says(document: Document, name: str) -> bool:
    """Whether a page's visible text says a name at all."""
    return bool(_named(document, name))


def holding_amount(page: Page, container: Tag, known: Sequence[Term]) -> Tag | None:
    """The innermost element within a container whose lines state one of the fees that are known."""
    amounts = {term.amount for term in known if term.term is TermKind.RECURRING_FEE and term.amount is not None}
    for block in _blocks(page.document, container):
        if _amounts(page, block) & amounts:
            return block.node if block.node is not container else None
    return None


def _named(document: Document, name: str) -> list[Tag]:
    """The innermost visible elements whose whole text is this name."""
    wanted = squash(name).casefold()
    found: list[Tag] = []
    for block in document.blocks:
        if block.surface is not Surface.VISIBLE or block.region in _OUTSIDE:
            continue
        if _folded(block.text) == wanted:
            found.append(_innermost(document, block, wanted))
            continue
        found.extend(
            segment.node
            for segment in block.segments
            if _folded(block.text[segment.start : segment.end]) == wanted and _folded(segment.node.get_text()) == wanted
        )
    return found


def _innermost(document: Document, block: Block, wanted: str) -> Tag:
    """The deepest element of a block that says all of it and is known to the document."""
    node = block.segments[0].node
    while id(node) not in document.element_of or _folded(node.get_text(" ")) != wanted:
        if node is block.node or node.parent is None:
            return block.node
        node = node.parent
    return node


def _folded(text: str) -> str:
    return squash(clean_name(" ".join(text.split()))).casefold()


def _place(page: Page, plan: Plan, node: Tag, every: Sequence[tuple[str, Tag]]) -> Place:
    strangers = {id(parent) for slug, other in every if slug != plan.slug for parent in [other, *other.parents]}
    around: list[Tag] = []
    for parent in node.parents:
        if id(parent) in strangers or parent.name in ("body", "html", "[document]"):
            break
        if id(parent) in page.document.element_of and _is_priced(page.document, parent):
            around.append(parent)
    return Place(plan=plan, node=node, around=tuple(around))


def _is_priced(document: Document, node: Tag) -> bool:
    """Whether an element says a price, or that there is none to pay or none to be told."""
    return any(
        is_price_line(block) or has_money(block.text) or is_free(block.text) or is_contact(block.text)
        for block in _blocks(document, node)
    )


def _blocks(document: Document, node: Tag) -> Iterator[Block]:
    index = document.element_of.get(id(node))
    if index is not None:
        yield from document.inside(index)


def _amounts(page: Page, block: Block) -> set[Decimal]:
    return {amount.amount for amount in page.amounts(block.text)}
