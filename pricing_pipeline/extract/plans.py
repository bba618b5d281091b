"""From the cards of a page to its plans: one plan for each name, with the terms of every pane that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pricing_pipeline.extract.blocks import Block
from pricing_pipeline.extract.card import Card, Group
from pricing_pipeline.extract.charges import read_charge
from pricing_pipeline.extract.features import read_features
from pricing_pipeline.extract.fees import read_fees
from pricing_pipeline.extract.labels import is_name
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.stairs import stairs
from pricing_pipeline.extract.wording import has_money, is_trial, without_page_words
from pricing_pipeline.facts import Evidence, Plan, State, Surface, Term, TermKind


@dataclass(slots=True)
class Found:
    """A plan while its terms are being gathered. `surface` is the most visible one that shows it."""

    slug: str
    name: str
    state: State
    evidence: Evidence
    drafts: list[Draft] = field(default_factory=list)

    def plan(self) -> Plan:
        """The plan as a fact."""
        state = self.state if self.state in (State.FREE, State.CONTACT_SALES) else State.STATED
        return Plan(slug=self.slug, name=self.name, state=state, evidence=self.evidence)


def plans_of_cards(page: Page, cards: Sequence[Card]) -> list[Found]:
    """The plans that these cards show, the visible ones first asked for their state."""
    found: dict[str, Found] = {}
    blocks = page.document.blocks
    for card in sorted(cards, key=lambda card: card.name_block.surface is not Surface.VISIBLE):
        key = slug(card.name)
        known = found.get(key)
        state, drafts = read_fees(page, card, key, monthly=_monthly(known) if known else None)
        if state is State.FREE and is_trial(card.name):
            continue
        lines = [b for b in blocks[card.start : card.end] if b.index != card.name_block.index]
        drafts += read_features(page, [*_beside_name(page, card), *lines], key)
        drafts = _with_flights(drafts, [term for line in lines for term in stairs(page, line, key)])
        if known is None:
            found[key] = Found(
                slug=key, name=card.name, state=state, evidence=evidence([card.name_block]), drafts=drafts
            )
            continue
        known.drafts.extend(_compatible(known, state, drafts))
    return list(found.values())


def _with_flights(drafts: list[Draft], flights: Sequence[Term]) -> list[Draft]:
    """The drafts with graduated rates in place of what else was read from the lines that tell of them.

    Every sum of such a line is that of a step, whatever it looks like by itself.
    """
    told = {(term.metric, term.evidence.quote) for term in flights}
    lines = {quote for _, quote in told}
    kept = [
        draft
        for draft in drafts
        if (draft.term.metric, draft.term.evidence.quote) not in told
        and (draft.term.amount is None or draft.term.evidence.quote not in lines)
    ]
    return [*kept, *(Draft(term=term, way="card") for term in flights)]


def _beside_name(page: Page, card: Card) -> list[Block]:
    """What a line that holds name and price says besides, as lines: "Small | 1 vCPU, 2 GB RAM | $6/mo | 3 sites"."""
    block = card.name_block
    if card.price_index != block.index or block.surface is not Surface.VISIBLE:
        return []
    amounts = page.amounts_in(block)
    texts = [block.text[segment.start : segment.end] for segment in block.segments[1:]]
    if amounts and not any(segment.start >= amounts[-1].end for segment in block.segments):
        texts.append(block.text[amounts[-1].end :].lstrip(" ,;:–—-()"))
    return [replace(block, text=text, segments=(block.segments[0],)) for text in texts if text and not has_money(text)]


def told_apart(groups: Sequence[Group]) -> list[Group]:
    """Groups of two products whose plans are called the same, with the heading of each put before the names.

    The panes of a toggle show one product twice: their headings, if they have any, name a period.
    """
    shown = [group for group in groups if all(card.name_block.surface is Surface.VISIBLE for card in group.cards)]
    sections = {id(group): _section(group) for group in shown}
    told: list[Group] = []
    for group in groups:
        section = sections.get(id(group))
        rivals = [other for other in shown if other is not group and sections[id(other)] not in (None, section)]
        names = {slug(card.name) for card in group.cards}
        if section is not None and any(names & {slug(card.name) for card in other.cards} for other in rivals):
            group = replace(group, cards=tuple(replace(card, name=f"{section} {card.name}") for card in group.cards))
        told.append(group)
    return told


def _section(group: Group) -> str | None:
    """The heading right above all cards of a group; None where they have none in common, or it names a period."""
    paths = {card.name_block.headings[-1:] for card in group.cards}
    path = paths.pop() if len(paths) == 1 else ()
    if not path or read_charge(path[0]).period is not None:
        return None
    name = without_page_words(path[0])
    return name if is_name(name) and len(name.split()) <= 3 else None


def merged(plans: Sequence[Found]) -> list[Found]:
    """Plans with those of one slug made one: the first says how it is called."""
    found: dict[str, Found] = {}
    for plan in plans:
        known = found.setdefault(plan.slug, plan)
        if known is not plan:
            known.drafts.extend(plan.drafts)
    return list(found.values())


def _monthly(plan: Found) -> Decimal | None:
    """What a plan's visible card asks for a month."""
    fees = (
        draft.term
        for draft in plan.drafts
        if draft.term.term is TermKind.RECURRING_FEE and draft.term.billing_period == "month"
    )
    return next((fee.amount for fee in fees if fee.evidence.surface is Surface.VISIBLE), None)


def _compatible(known: Found, state: State, drafts: Sequence[Draft]) -> list[Draft]:
    """What a second card of a plan adds: not that it is free or on request where the first states a price."""
    if known.state is State.STATED and state is not State.STATED:
        return [draft for draft in drafts if draft.term.state not in (State.FREE, State.CONTACT_SALES)]
    if (
        state is State.STATED
        and known.state is not State.STATED
        and any(draft.term.evidence.surface is Surface.VISIBLE for draft in drafts)
    ):
        return [draft for draft in drafts if draft.term.amount is None]
    return list(drafts)
