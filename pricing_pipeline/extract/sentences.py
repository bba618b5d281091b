"""Plans that a page tells of in sentences alone: "The Pro plan costs $20 per user per month and includes 10,000 credits"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline.extract.charges import is_extra, is_no_charge, is_once, is_promo, read_charge
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.features import LONGEST_LINE, line_terms
from pricing_pipeline.extract.labels import is_name
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.prose import is_prose, sentences
from pricing_pipeline.extract.stories import is_story
from pricing_pipeline.extract.wording import clean_name, has_money, is_for_others
from pricing_pipeline.facts import PriceKind, State, Surface, Term, TermKind
from pricing_pipeline.money import Amount

_KIND = r"(?:plan|tier|edition|package|subscription)"
_PROPER = r"[A-Z][\w+]*(?:[ -][A-Z][\w+]*){0,2}"
_NAME = rf"(?P<name>{_PROPER})"
_ASKS = (
    r"(?:costs?|is|are|starts? (?:at|from)|(?:is )?priced (?:at|from)|is (?:available|offered|billed|sold) (?:at|for)|"
    r"comes (?:in )?at|runs?|goes for|at|for|:|–|—|-)"
)
_FROM = r"(?:currently |now )?(?P<from>from |starting at |as low as )?(?:only |just )?"
_LEAD = rf"(?:,\s*(?:which )?)?\s*(?P<asks>{_ASKS})\s+{_FROM}"
_NAMED = re.compile(
    rf"^(?:(?:[Tt]he|[Oo]ur|[Aa]n?|And|And the|Finally, (?:the|our)) )?{_NAME}(?P<kind> {_KIND})?{_LEAD}"
)
_BRACKETED = re.compile(rf"^(?:(?:[Tt]he|[Oo]ur) )?{_NAME}(?P<kind> {_KIND})? \((?P<asks>)(?P<from>from )?")
_HEADED = re.compile(
    rf"^(?:(?:it|this {_KIND}|the {_KIND}|access|everything)\b)?(?:\s*(?P<asks>{_ASKS})\s+)?{_FROM}", re.IGNORECASE
)
_FREE = re.compile(
    r"(?:completely |always |100% )?free(?: forever| of charge| to use| for (?!\d)\w+)?\b(?! trial)", re.IGNORECASE
)
_ON_REQUEST = re.compile(
    r"(?:priced |available |sold )?(?:on request|individually|by quote|custom[- ]priced|custom\b)|"
    r"(?:please )?contact (?:us|sales)|"
    r"(?:you )?(?:can )?(?:contact|talk to|ask) (?:us|sales|our sales team) for (?:a quote|pricing|a price)",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:contact|talk to|ask|email|call)\b[^.]{0,30}\b(?:pric\w+|quotes?)\b|\b(?:custom|individual) (?:pric\w+|quotes?)\b|"
    r"\bpric\w+ (?:is |are )?(?:available )?on request\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:vs\.?|versus|alternatives?|compared?|comparison|review|best|top \d+|switch(?:ing)?)\b", re.IGNORECASE
)
_SUPPOSED = re.compile(
    r"\b(?:for example|for instance|e\.g\.|suppose|imagine|used to|previously|until|would|competitors?|unlike|instead of|than|"
    r"will (?:be|cost))\b",
    re.IGNORECASE,
)
# "Solo and Team cost $12 and $25 per month respectively."
_LISTED = re.compile(
    rf"^(?:(?:[Tt]he|[Oo]ur) )?(?P<names>{_PROPER}(?:, {_PROPER})*,? and {_PROPER})(?: {_KIND}s)? "
    r"(?:are (?:priced at |available (?:at|for) )?|cost |come at )"
)
_SECTIONS = frozenset({"month", "year", "quarter", "week"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A sentence that says what a plan costs. `rest` is where in it the price begins, `is_sure` whether it says "plan"."""

    name: str
    named_by: Block
    block: Block
    start: int
    text: str
    rest: int
    is_from: bool
    is_sure: bool


def told_plans(page: Page) -> list[Found]:
    """The plans that a page without cards, tables and price tags describes in sentences; [] where it speaks of others' too."""
    if _OTHERS.search(page.document.title) or any(
        block.level == 1 and _OTHERS.search(block.text) for block in page.document.blocks
    ):
        return []
    found: dict[str, Found] = {plan.slug: plan for plan in _shared_out(page)}
    is_sure = bool(found)
    for told in _told(page):
        key = slug(told.name)
        plan = _plan(page, told, key)
        if plan is None:
            continue
        is_sure = is_sure or told.is_sure
        if key in found:
            found[key].drafts.extend(plan.drafts)  # what two sentences say differently is a conflict
        else:
            found[key] = plan
    priced = [plan for plan in found.values() if any(draft.term.amount is not None for draft in plan.drafts)]
    are_plans = bool(priced) and (is_sure or len(found) > 1)
    return list(found.values()) if are_plans and not _of_another(page, found) else []


def _shared_out(page: Page) -> Iterator[Found]:
    """The plans of sentences that list names and then as many prices: "Solo and Team cost $12 and $25 respectively"."""
    for block in page.document.blocks:
        if "respectively" not in block.text or not is_prose(block) or is_story(page.document.blocks, block.index):
            continue
        for start, sentence in sentences(block.text):
            listed = _LISTED.match(sentence)
            amounts = page.amounts(sentence)
            if listed is None or "respectively" not in sentence or _SUPPOSED.search(sentence):
                continue
            names = [name.strip() for name in re.split(r",? and |, ", listed["names"])]
            if len(names) == len(amounts) and all(map(is_name, names)):
                for name, amount in zip(names, amounts, strict=True):
                    yield from _priced_alike(block, start, sentence, name, amount, amounts[-1])


def _priced_alike(block: Block, start: int, sentence: str, name: str, amount: Amount, last: Amount) -> Iterator[Found]:
    """The plan of one name and one price of a list, charged as the last price of the list says."""
    told = _Told(
        name=name, named_by=block, block=block, start=start, text=sentence, rest=0, is_from=False, is_sure=True
    )
    alike = replace(amount, period=amount.period or last.period, metric=last.metric, per=last.per)
    charge = sentence[last.end :] if last.period is None else ""
    fee = _fee(told, alike, "", charge, slug(name), is_first=True)
    if fee is not None:
        drafts = [Draft(term=fee, way="prose")]
        yield Found(slug=slug(name), name=name, state=State.STATED, evidence=evidence([block]), drafts=drafts)


def _told(page: Page) -> Iterator[_Told]:
    blocks = page.document.blocks
    head: Block | None = None
    headed = False
    for block in blocks:
        if block.level or block.tag == "dt":
            head, headed = (block if is_name(clean_name(block.text)) else None), False
            continue
        if not is_prose(block):
            continue
        for start, sentence in sentences(block.text):
            found = None if _SUPPOSED.search(sentence) else _said(block, start, sentence, head, headed=headed)
            if found is None:
                continue
            if is_story(blocks, block.index):
                break
            headed = headed or found.named_by is head
            yield found


def _said(block: Block, start: int, sentence: str, head: Block | None, *, headed: bool) -> _Told | None:
    """What a sentence says a plan costs: one that it names, or the one that the heading above it names."""
    own = _NAMED.match(sentence) or _BRACKETED.match(sentence)
    name = clean_name(head.text) if head is not None else ""
    if own is not None and not _begins_with_price(sentence[own.end() :]):
        own = None  # "Free for open source" under the heading "Free" names no plan once more
    if own is not None and (own["name"].casefold() == name.casefold() or own["kind"]):
        by = head if head is not None and own["name"].casefold() == name.casefold() else block
        return _at(own, own["name"], by, block, start, sentence, is_sure=True) if is_name(own["name"]) else None
    if head is not None and not headed:
        asked = _HEADED.match(sentence)
        if asked is not None and _begins_with_price(sentence[asked.end() :]):
            return _at(asked, name, head, block, start, sentence, is_sure=False)
        if _ASKED_FOR.search(sentence) and not has_money(sentence):
            place = _ASKED_FOR.search(sentence)
            return _Told(
                name=name, named_by=head, block=block, start=start, text=sentence,
                rest=place.start() if place else 0, is_from=False, is_sure=False,
            )  # fmt: skip
    return None


def _at(
    match: re.Match[str], name: str, by: Block, block: Block, start: int, sentence: str, *, is_sure: bool
) -> _Told | None:
    if not _begins_with_price(sentence[match.end() :]):
        return None
    starts_at = match["from"] is not None or "from" in (match["asks"] or "") or "start" in (match["asks"] or "")
    return _Told(
        name=name,
        named_by=by,
        block=block,
        start=start,
        text=sentence,
        rest=match.end(),
        is_from=starts_at,
        is_sure=is_sure,
    )


def _begins_with_price(text: str) -> bool:
    return has_money(text[:12]) or _FREE.match(text) is not None or _ON_REQUEST.match(text) is not None


def _plan(page: Page, told: _Told, key: str) -> Found | None:
    """The plan of a sentence, with what the sentences after it say that the plan holds."""
    rest = told.text[told.rest :]
    state, drafts = _price(page, told, key)
    if not drafts:
        return None
    piece = replace(told.block, text=told.text)
    drafts += [Draft(term=term, way="prose") for term in line_terms(page, piece, key)]
    for _, sentence in _following(told):
        drafts += [Draft(term=term, way="prose") for term in line_terms(page, replace(told.block, text=sentence), key)]
    return Found(
        slug=key, name=told.name, state=state, evidence=evidence([told.named_by if rest else told.block]), drafts=drafts
    )


def _following(told: _Told) -> Iterator[tuple[int, str]]:
    """The sentences of the same paragraph that go on about the plan."""
    for start, sentence in sentences(told.block.text):
        if start <= told.start:
            continue
        if not re.match(r"(?:It|This|The plan|You (?:also )?get|Includes|Comes with|With)\b", sentence) or has_money(
            sentence
        ):
            return
        if len(sentence) <= LONGEST_LINE:
            yield start, sentence


def _price(page: Page, told: _Told, key: str) -> tuple[State, list[Draft]]:
    rest = told.text[told.rest :]
    around = (told.start + told.rest, told.start + told.rest + 1)
    for state, words in ((State.FREE, _FREE), (State.CONTACT_SALES, _ON_REQUEST)):
        if words.match(rest) or (state is State.CONTACT_SALES and _ASKED_FOR.match(rest)):
            term = Term(
                plan=key, term=TermKind.RECURRING_FEE, state=state, evidence=evidence([told.block], around=around)
            )
            return state, [Draft(term=term, way="prose")]
    amounts = [amount for amount in page.amounts(told.text) if amount.end > told.rest]
    drafts = []
    for place, amount in enumerate(amounts):
        before = told.text[(amounts[place - 1].end if place else told.rest) : amount.start]
        after = told.text[amount.end : amounts[place + 1].start if place + 1 < len(amounts) else None]
        asked = _fee(told, amount, before, after, key, is_first=not place)
        if not place and asked is None:
            return State.STATED, []
        drafts.extend([Draft(term=asked, way="prose")] if asked is not None else [])
    return State.STATED, drafts


def _fee(told: _Told, amount: Amount, before: str, after: str, key: str, *, is_first: bool) -> Term | None:
    """The fee, or the rate of what is extra, that one amount of a sentence states; None where it is neither for certain."""
    if (
        (amount.amount == 0 and amount.amount_max is None)
        or is_promo(before, after)
        or is_once(before, after)
        or is_for_others(before)
    ):
        return None
    if not is_first and is_no_charge(before, after):
        return None
    charge = read_charge(f"{amount.text} {after[:60].split('.')[0]}")
    period = amount.period or charge.period
    extra = not is_first and is_extra(before, f"{amount.text} {after}".split(" ", 1)[-1])
    if extra or (amount.metric not in (None, "seat") and not is_first):
        kind = TermKind.USAGE_RATE
        if amount.metric is None:
            return None
    elif period in _SECTIONS and amount.metric in (None, "seat"):
        kind = TermKind.RECURRING_FEE
    else:
        return None
    commitment = amount.commitment or charge.commitment or period
    return Term(
        plan=key,
        term=kind,
        metric=amount.metric,
        amount=amount.amount,
        amount_max=amount.amount_max,
        currency=amount.currency,
        per_quantity=amount.per_quantity,
        billing_period=period,
        commitment=commitment if kind is TermKind.RECURRING_FEE else None,
        unit_as_printed=amount.per,
        price_kind=PriceKind.FROM if (is_first and told.is_from) or amount.qualifier == "from" else PriceKind.STANDARD,
        evidence=evidence([told.block], around=(told.start + amount.start, told.start + amount.end)),
        confidence=Decimal("0.8"),
    )


def _of_another(page: Page, found: dict[str, Found]) -> bool:
    """Whether the plans bear a name in front that is none of this page's: "Globex Pro", "Globex Team"."""
    firsts = {plan.name.split()[0].casefold() for plan in found.values() if len(plan.name.split()) > 1}
    own = f"{page.document.title} {page.url} " + " ".join(
        block.text for block in page.document.blocks if block.level == 1 and block.surface is Surface.VISIBLE
    )
    return (
        len(firsts) == 1
        and len(found) == sum(len(plan.name.split()) > 1 for plan in found.values())
        and firsts.pop() not in own.casefold()
    )


__all__ = ["told_plans"]
