"""Pages that sell one thing: one price under the page's heading, or a choice of how long to commit to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

from pricing_pipeline import units
from pricing_pipeline.extract.card import Card, Group
from pricing_pipeline.extract.charges import duration, read_charge
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.features import read_features
from pricing_pipeline.extract.fees import read_fees
from pricing_pipeline.extract.kinds import kind_of
from pricing_pipeline.extract.labels import is_lead_in, is_name, is_price_line, standing
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.stories import is_story
from pricing_pipeline.extract.wording import (
    clean_name,
    has_money,
    is_contact,
    is_duration,
    is_free,
    is_once_line,
    is_trial,
    without_page_words,
)
from pricing_pipeline.facts import PriceKind, State, Surface, Term, TermKind
from pricing_pipeline.money import Amount

LONGEST_LINE = 48
REACH = 24
HEAD_REACH = 4
# A page without a price may be anything: what it says instead is held until somebody looks, or the next captures agree.
_UNSURE = Decimal("0.5")
_OF_PRICES = re.compile(r"\b(?:pric\w+|plans?|cost|costs|tarif\w*|preise?|prix|precios?)\b", re.IGNORECASE)
_OUTSIDE = frozenset({"nav", "footer", "select", "blockquote", "dialog"})
_ADDITION_NAME = re.compile(r"(extra|additional|add-?on|optional|overage)\b\s*", re.IGNORECASE)
_ADDITIONS = re.compile(
    r"^(?:(?:optional|available|popular|paid|our|plan)\s+)?(?:add-?ons?|extras|additional (?:services|features|"
    r"options|usage|products)|optional (?:extras|services)|overages?|top-?ups?)\b.{0,30}$",
    re.IGNORECASE,
)
_SERVICES = re.compile(
    r"^(?:our |optional )?(?:professional|consulting|implementation|migration|training|expert) services\b.{0,30}$",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\b(on[- ]demand|pay[- ]as[- ]you[- ]go|usage[- ]based|metered)\s+(?:pricing|plans?|rates?|billing)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:configure|choose|select|order|buy|get|start with|try|about|meet|introducing|our)\s+(?:your |our |the )?",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"^(?:(?:simple|transparent|flexible|affordable|fair|honest|straightforward|clear|easy|predictable|our|your|one|"
    r"great|no|low|cheap|best|the|a|an|for|everyone|all|any|every|team|size|business|needs?|surprises?)\b\W*)+$",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"\s+[|–—:·-]\s+|\s*\|\s*")


def split_options(groups: Sequence[Group]) -> tuple[list[Card], Group | None]:
    """The cards that are plans, and the group whose cards are lengths of commitment to one plan, if that comes first.

    What else such a page prices are additions to that plan, not plans.
    """
    for group in groups:
        lengths = sum(1 for card in group.cards if is_duration(card.name))
        if lengths * 2 > len(group.cards):
            if group is groups[0] or all(is_duration(card.name) for other in groups for card in other.cards):
                return [], group
            continue
    cards = [card for group in groups for card in group.cards if not is_duration(card.name) and not _is_addition(card)]
    # Where a vendor sells nothing else, its services are what it sells.
    return [card for card in cards if not _is_service(card)] or cards, None


def _is_addition(card: Card) -> bool:
    """Whether a card is something to be bought beside a plan, by its name or by the heading that it stands under."""
    return _is_addition_name(card.name) or any(
        _ADDITIONS.match(heading.strip()) for heading in card.name_block.headings[-2:]
    )


def _is_service(card: Card) -> bool:
    return any(_SERVICES.match(heading.strip()) for heading in card.name_block.headings[-2:])


def _is_addition_name(name: str) -> bool:
    found = _ADDITION_NAME.match(name)
    # An "Extra Large" plan is one; "Extra storage" is bought beside one.
    metric = units.metric(name[found.end() :]) if found else None
    return found is not None and (found.group(1).lower() != "extra" or (metric is not None and units.is_known(metric)))


def plan_of_options(page: Page, group: Group) -> Found | None:
    """The plan that may be had for different lengths of commitment."""
    named = _product_name(page, group.start)
    if named is None:
        return None
    name, block = named
    found = Found(slug=slug(name), name=name, state=State.STATED, evidence=evidence([block]))
    for card in group.cards:
        _, drafts = read_fees(page, card, found.slug)
        length = duration(card.name)
        found.drafts.extend(
            replace(draft, term=replace(draft.term, commitment=length)) if draft.term.amount is not None else draft
            for draft in drafts
        )
    return found


def single_plan(page: Page) -> Found | None:
    """The plan of a page that states one price for each period in lines of their own; None where it does not."""
    blocks = page.document.blocks
    lines = [block for block in blocks if _is_bare_price(page, block) and not is_story(blocks, block.index)]
    stated = {(_span(page, block, amount), amount.amount) for block in lines for amount in _asked(page, block)}
    if not stated or len(stated) > len({period for period, _ in stated}):
        return None
    first = lines[0]
    named = _product_name(page, first.index)
    if named is None:
        return None
    name, name_block = named
    end = min(len(blocks), lines[-1].index + REACH)
    card = Card(name=name, name_block=name_block, start=max(0, first.index - 2), end=end, price_index=first.index)
    key = slug(name)
    state, drafts = read_fees(page, card, key)
    if state is State.CONTACT_SALES or not drafts:
        return None
    listed = [draft for draft in drafts if draft.term.price_kind is PriceKind.LIST]
    if len(listed) > 1:  # which of the prices each was the list price of cannot be told
        drafts = [draft for draft in drafts if draft not in listed]
    drafts += read_features(page, blocks[first.index : end], key)
    return Found(slug=key, name=name, state=state, evidence=evidence([name_block]), drafts=drafts)


def unpriced_plan(page: Page) -> Found | None:
    """The plan of a pricing page that states no price at all but, where one would stand, that it is free or on request."""
    blocks = page.document.blocks
    heads = [block.text for block in blocks if block.level == 1]
    if not any(_OF_PRICES.search(text) for text in (page.document.title, urlsplit(page.url).path, *heads)):
        return None
    if any(has_money(block.text) and block.region not in _OUTSIDE for block in blocks):
        return None
    lines = [block for block in blocks if _stands_for_price(blocks, block)]
    if len(lines) != 1:
        return None
    line = lines[0]
    named = _product_name(page, line.index)
    if named is None:
        return None
    name, name_block = named
    key = slug(name)
    state = State.FREE if is_free(line.text) else State.CONTACT_SALES
    term = Term(plan=key, term=TermKind.RECURRING_FEE, state=state, evidence=evidence([line]), confidence=_UNSURE)
    end = min(len(blocks), line.index + REACH)
    drafts = [Draft(term=term, way="card"), *read_features(page, blocks[line.index + 1 : end], key)]
    return Found(slug=key, name=name, state=state, evidence=evidence([name_block]), drafts=drafts)


def _stands_for_price(blocks: Sequence[Block], block: Block) -> bool:
    """Whether a line stands where a price tag would, close below a heading: no link, no button, no heading of its own."""
    if (
        block.region in _OUTSIDE
        or block.region in ("header", "aside")
        or block.surface is not Surface.VISIBLE
        or block.level
    ):
        return False
    if not is_price_line(block) or not (is_free(block.text) or is_contact(block.text)):
        return False
    return any(other.level for other in blocks[max(0, block.index - HEAD_REACH) : block.index])


def metered_plan(drafts: list[Draft]) -> Found | None:
    """The plan of a page that shows none but says in a sentence how its one way of charging works: "For on-demand pricing …".

    What its sentences state for all plans is then this plan's; it is taken out of `drafts`.
    """
    stated = [draft for draft in drafts if draft.way == "prose" and draft.term.plan is None]
    for draft in stated:
        model = _MODEL.search(draft.term.evidence.quote)
        if model is None or draft.term.term is not TermKind.USAGE_RATE:
            continue
        name = model.group(1).capitalize()
        found = Found(slug=slug(name), name=name, state=State.STATED, evidence=draft.term.evidence)
        found.drafts.extend(replace(other, term=replace(other.term, plan=found.slug)) for other in stated)
        drafts[:] = [other for other in drafts if other not in stated]
        return found
    return None


def _is_bare_price(page: Page, block: Block) -> bool:
    """A short line that starts with an amount and gives its period: a price tag, not a sentence about money."""
    if block.region in _OUTSIDE or block.surface is not Surface.VISIBLE or len(block.text) > LONGEST_LINE:
        return False
    if not (has_money(block.text) and is_price_line(block)):
        return False
    amounts = _asked(page, block)
    if not amounts or not is_lead_in(standing(block).partition(amounts[0].text)[0]):
        return False
    if len(amounts) == 1 and amounts[0].period is None:
        return _is_told_beside(page, block, amounts[0])
    if len(amounts) != 1 or amounts[0].period not in ("month", "year"):
        return False
    # "$0.02 per GB per month" is what use costs, not the price of a plan.
    return amounts[0].metric is None or kind_of(amounts[0].metric, None) is not TermKind.ALLOWANCE


def _asked(page: Page, block: Block) -> list[Amount]:
    """The amounts of a line that are not crossed out."""
    struck = [segment for segment in block.segments if segment.struck]
    return [
        amount
        for amount in page.amounts_in(block)
        if not any(segment.start <= amount.start < segment.end for segment in struck)
    ]


def _span(page: Page, block: Block, amount: Amount) -> str | None:
    """The period of an amount, by its own words or by the label right above it."""
    above = page.document.blocks[block.index - 1].text if block.index else ""
    return amount.period or (read_charge(above).period if is_duration(above) else None)


def _is_told_beside(page: Page, block: Block, amount: Amount) -> bool:
    """Whether the words beside an amount say how it is paid: "$199 one-time payment", "Yearly" over "$79"."""
    blocks = page.document.blocks
    after = [block.text[amount.end :], *(other.text for other in blocks[block.index + 1 : block.index + 2])]
    before = blocks[block.index - 1].text if block.index else ""
    return any(is_once_line(text) for text in after) or (
        is_duration(before) and read_charge(before).period in ("month", "year")
    )


def _product_name(page: Page, before: int) -> tuple[str, Block] | None:
    """What a page sells: by its headings above the price, else its title, else its address. With the block that shows it."""
    blocks = page.document.blocks
    near = [block for block in blocks[max(0, before - 2) : before] if block.level and len(block.text.split()) <= 3]
    if (
        near
        and not is_trial(clean_name(near[-1].text))
        and is_name(without_page_words(near[-1].text))
        and not _PRAISE.match(without_page_words(near[-1].text))
    ):
        return clean_name(near[-1].text), near[-1]
    headings = [
        block
        for block in blocks[:before]
        if block.level
        and block.region not in _OUTSIDE
        and block.surface is Surface.VISIBLE
        and not is_trial(clean_name(block.text))
    ]
    for block in sorted(headings, key=lambda block: (block.level, -block.index)):
        name = _VERB.sub("", without_page_words(block.text))
        if is_name(name) and not _PRAISE.match(name) and len(name.split()) <= 4:
            return name, block
    anchor = headings[-1] if headings else blocks[min(before, len(blocks) - 1)]
    for part in _TITLE_PARTS.split(page.document.title):
        name = without_page_words(part)
        if is_name(name) and len(name.split()) <= 4:
            return name, anchor
    return _address_name(page.url, anchor)


def _address_name(url: str, anchor: Block) -> tuple[str, Block] | None:
    address = urlsplit(url)
    steps = [
        without_page_words(step.replace("-", " ").replace("_", " "))
        for step in address.path.split("/")
        if "." not in step
    ]
    names = [step for step in steps if is_name(step)]
    if names:
        return names[-1].capitalize(), anchor
    labels = (address.hostname or "").removeprefix("www.").split(".")
    return (labels[0].capitalize(), anchor) if len(labels) > 1 and is_name(labels[0]) else None
