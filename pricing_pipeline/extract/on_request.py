"""The plan for large customers apart from the cards: a section called Enterprise that invites to ask for its price."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pricing_pipeline.extract.card import Group
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.labels import name_of
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.wording import has_money, invites_contact, is_contact
from pricing_pipeline.facts import State, Surface, Term, TermKind

REACH = 10
_NAME = re.compile(r"(?:enterprise|custom)(?: (?:plan|edition|tier|package))?", re.IGNORECASE)
_OUTSIDE = frozenset({"nav", "footer", "select", "header", "table", "dialog"})


def plan_on_request(page: Page, groups: Sequence[Group], plans: Sequence[Found]) -> Found | None:
    """The plan of the one such section after the first cards; None where a card shows it, or there are several."""
    if not groups or not any(plan.state is State.STATED for plan in plans):
        return None
    if any(re.search(r"\b(?:enterprise|custom)\b", plan.name, re.IGNORECASE) for plan in plans):
        return None
    first = groups[0].start
    heads = [
        block
        for block in page.document.blocks[first:]
        if block.level
        and block.surface is Surface.VISIBLE
        and block.region not in _OUTSIDE
        and _NAME.fullmatch(name_of(block))
        and not any(group.start <= block.index < group.end for group in groups)
    ]
    asked = _asking(page.document.blocks, heads[0]) if len(heads) == 1 else None
    if asked is None:
        return None
    name = name_of(heads[0])
    key = slug(name)
    term = Term(plan=key, term=TermKind.RECURRING_FEE, state=State.CONTACT_SALES, evidence=evidence([asked]))
    return Found(
        slug=key,
        name=name,
        state=State.CONTACT_SALES,
        evidence=evidence([heads[0]]),
        drafts=[Draft(term=term, way="card")],
    )


def _asking(blocks: Sequence[Block], head: Block) -> Block | None:
    """The line of a section that invites to ask for the price; None where the section states a sum."""
    asking = None
    for block in blocks[head.index + 1 : head.index + 1 + REACH]:
        if 0 < block.level <= head.level or block.region in _OUTSIDE:
            break
        if has_money(block.text):
            return None
        if asking is None and (is_contact(block.text) or invites_contact(block.text)):
            asking = block
    return asking
