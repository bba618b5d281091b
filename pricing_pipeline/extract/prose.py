"""Reading sentences outside of cards and tables: rates in FAQ answers, and allowances that they withdraw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pricing_pipeline import units
from pricing_pipeline.extract.charges import is_extra
from pricing_pipeline.extract.denied import not_included
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.fees import RENTED_BY
from pricing_pipeline.extract.kinds import units_known
from pricing_pipeline.extract.labelled import of_measure
from pricing_pipeline.extract.page import Draft, Page, evidence, storable
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.required import binds_every_plan, required_by, required_terms
from pricing_pipeline.extract.stairs import stairs
from pricing_pipeline.extract.wording import has_money, is_for_others
from pricing_pipeline.facts import State, Surface, Term, TermKind
from pricing_pipeline.money import Amount

LONGEST_BLOCK = 2_000
_LEAST = re.compile(
    r"^\W*(?:minimum|min\.) (?:of )?\d|^[^.,;]{0,60}\bminimum(?: (?:of|purchase of))? \d"
    r"|\b(?:plans?|requires?|billed for|charged for)\b[^.,;]{0,30}\bat least \d"
    r"|\b\d+[- ](?:seat|user|licen[sc]e|member)s? minimum\b",
    re.IGNORECASE,
)
_NOT_OF_BILLS = re.compile(r"\b(?:trial|discounts?|eligib\w+|qualif\w+|refer\w*|savings?|off|volume)\b", re.IGNORECASE)
_OUTSIDE = frozenset({"nav", "select", "blockquote", "table"})
_SUPPOSED = re.compile(
    r"\b(?:for example|for instance|e\.g\.|suppose|imagine|if you|used to|previously|until)\b|\?$", re.IGNORECASE
)
_FIRST_FREE = re.compile(r"\bfirst\s+\d[^.]{0,60}\b(?:are|is)\s+(?:always\s+)?free\b", re.IGNORECASE)
# What a text without an amount may yet say of what is included, or of how many must be bought.
_OF_COUNTS = ("includ", "first", "minimum", "min.", "at least")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"'(])")
_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.g\.|example|suppose|imagine|let['’]s say|if you|if your|would (?:be|"
    r"cost|pay)|equals?|total|comes to|amounts? to|estimated|typical|average|around|approximately|"
    r"save[ds]?|saving|savings|saved|used to|previously|formerly|until|before|was|were|had been|instead of|"
    r"compared|versus|vs\.?|competitors?|raised|funding|revenue|discount|coupon|refund|credit card|"
    r"no longer|will be|will cost|starting|effective|as of|from (?:january|february|march|april|may|june|july|"
    r"august|september|october|november|december))\b|[×=*]\s*\$?\d|\?$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:vs\.?|versus|alternatives?|compared? (?:to|with)|competitors?|different from|switch(?:ing)? from|instead of)(?=\W|$)",
    re.IGNORECASE,
)
_STRANGER = re.compile(r"([A-Z][\w.]+(?: [A-Z][\w.]+)?) (?:charges|bills|asks|sells)\b")
_UNIT_BEFORE = re.compile(
    r"\b(?:each|every|an?|one|1|per|additional|extra)\s+((?:additional |extra )?(?:[a-z][\w-]*)(?: "
    r"[a-z][\w-]*)?)\s+(?:costs?|is|are|at|for|(?:is|are) (?:billed|charged|priced) at|can be (?:bought|"
    r"purchased) (?:for|at))\s*(?:only |just )?$",
    re.IGNORECASE,
)
# An item of a list of extras: "Extra seat: $5/month", "Additional workspaces – $20 each".
_UNIT_LISTED = re.compile(
    r"^\W*(?:additional|extra|add-on)\s+((?:[a-z][\w-]*)(?: [a-z][\w-]*)?)\s*[:–—-]\s*(?:only |just )?[+]?$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"^\s*(?:for|per) (?:each |every |an? )?(?:additional|extra) ((?:[a-z][\w-]*\s?){1,3})", re.IGNORECASE
)


def read_prose(page: Page, plans: Sequence[Found], taken: Sequence[tuple[int, int]]) -> list[Draft]:
    """The rates and withdrawn allowances that sentences outside of `taken` block ranges state."""
    drafts: list[Draft] = []
    blocks = page.document.blocks
    for block in blocks:
        if not is_prose(block) or any(start <= block.index < end for start, end in taken):
            continue
        if _is_of_others(page, block, plans) if has_money(block.text) else not _may_count(block.text):
            continue
        for start, sentence in sentences(block.text):
            flight = stairs(page, block, None, sentence=sentence, start=start)
            bought = _required(page, block, start, sentence, plans)
            if flight or bought:
                drafts.extend(Draft(term=term, way="prose") for term in (*flight, *bought))
            elif has_money(sentence) and not _EXAMPLE.search(sentence):
                question = (
                    blocks[block.index - 1].text if block.index and blocks[block.index - 1].text.endswith("?") else ""
                )
                drafts.extend(_rates(page, block, start, sentence, plans, question))
            elif not _EXAMPLE.search(sentence):
                drafts.extend(_withdrawn(block, sentence, plans))
            if not has_money(sentence) and not _SUPPOSED.search(sentence):
                drafts.extend(_free_at_first(page, block, sentence, plans))
                drafts.extend(_least(page, block, sentence, plans))
    return drafts


def _may_count(text: str) -> bool:
    """Whether a text may say such a thing. Told by parts of words, for every line of a page is asked."""
    plain = text.lower()
    return any(words in plain for words in _OF_COUNTS)


def _is_of_others(page: Page, block: Block, plans: Sequence[Found]) -> bool:
    """Whether a text tells what others charge: it answers a question that compares, or begins with a stranger's name."""
    above = block.headings[-1] if block.headings else ""
    before = page.document.blocks[block.index - 1].text if block.index else ""
    if _COMPARES.search(above) or (before.endswith("?") and _COMPARES.search(before)):
        return True
    stranger = _STRANGER.match(block.text)
    if stranger is None:
        return False
    own = f"{page.document.title} {page.url} {' '.join(plan.name for plan in plans)}".casefold()
    name = stranger.group(1).casefold()
    return name.split()[0] not in own and not units_known(units.metric(name) or name)


def is_prose(block: Block) -> bool:
    """Whether a block is visible text that may be read as sentences."""
    return (
        block.surface is Surface.VISIBLE
        and block.region not in _OUTSIDE
        and len(block.text) <= LONGEST_BLOCK
        and not block.is_struck
    )


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text, each with where it starts."""
    start = 0
    for end in [*(match.end() for match in _SENTENCE.finditer(text)), len(text)]:
        yield start, text[start:end].strip()
        start = end


def _required(page: Page, block: Block, offset: int, sentence: str, plans: Sequence[Found]) -> list[Term]:
    """What a sentence says must be bought with a plan: the plans that it names, all that are paid for, or every one."""
    amounts = page.amounts(sentence) if has_money(sentence) and not _EXAMPLE.search(sentence) else ()
    found: list[Term] = []
    for place, amount in enumerate(amounts):
        required = required_by(sentence, amounts, place, subjects=[plan.name for plan in plans], is_card=False)
        if required is not None:
            here = replace(amount, start=offset + amount.start, end=offset + amount.end)
            for plan in _bound(sentence, plans):
                found.extend(required_terms(block, here, required, plan))
    return found


def _bound(sentence: str, plans: Sequence[Found]) -> list[str | None]:
    """The plans that a sentence binds to buy something: None for every plan of the product."""
    named = [plan.slug for plan in plans if re.search(rf"(?<!\w){re.escape(plan.name)}(?!\w)", sentence)]
    if named:
        return [*named]
    paid = [plan.slug for plan in plans if plan.state is State.STATED]
    return [None] if binds_every_plan(sentence) or len(paid) == len(plans) else [*paid]


def _rates(
    page: Page, block: Block, offset: int, sentence: str, plans: Sequence[Found], question: str
) -> Iterator[Draft]:
    amounts = page.amounts(sentence)
    for index, amount in enumerate(amounts):
        before = sentence[amounts[index - 1].end if index else 0 : amount.start]
        after = sentence[amount.end : amounts[index + 1].start if index + 1 < len(amounts) else None]
        metric, unit = _metric(amount, before, after, f"{' '.join(block.headings[-1:])} {question} {sentence}")
        is_more = (
            is_extra(before, f"{amount.text} {after}".split(" ", 1)[-1]) or _UNIT_LISTED.search(before) is not None
        )
        is_fee = metric == "seat"
        metric = _defined(page, block, metric) if metric else None
        if metric is None or amount.amount == 0 or (is_fee and not is_more):
            continue
        named = _plans_of(before, after, plans) or (_holders(plans, metric) if is_more else [])
        if (is_fee and amount.period and not named) or is_for_others(before):
            continue  # "$300/month per 10 additional users" of a plan that the page does not show
        targets: list[str | None] = [*named] or [None]
        for plan in targets:
            term = Term(
                plan=plan,
                term=TermKind.USAGE_RATE,
                metric=metric,
                amount=amount.amount,
                amount_max=amount.amount_max,
                currency=amount.currency,
                per_quantity=amount.per_quantity,
                billing_period=None if amount.period in RENTED_BY else amount.period,
                unit_as_printed=unit,
                evidence=evidence([block], around=(offset + amount.start, offset + amount.end)),
            )
            yield Draft(term=term, way="prose")


def _metric(amount: Amount, before: str, after: str, context: str) -> tuple[str | None, str | None]:
    """What a sentence charges an amount for: the unit beside it, else the noun that it says costs so much."""
    metric, unit = amount.metric, amount.per
    if metric in ("minute", "hour", "second"):
        return (units.metric(f"serverless {metric}") if "serverless" in context.lower() else metric), unit
    if metric is not None:  # any noun may follow "per" in a sentence; only what vendors meter has a rate
        return (metric, unit) if units_known(metric) else (None, None)
    found = _UNIT_AFTER.match(after) or _UNIT_BEFORE.search(before) or _UNIT_LISTED.search(before)
    if found is None:
        return None, None
    unit = found.group(1).strip()
    named = units.metric(unit)
    return (named, unit) if named and units.is_known(named) else (None, None)


def _defined(page: Page, block: Block, metric: str) -> str:
    """A bare measure's metric by the term that its definition stands under: GB of storage under "Storage"."""
    term = page.document.blocks[block.index - 1] if block.index else None
    if block.tag != "dd" or term is None or term.tag != "dt":
        return metric
    return of_measure(metric, term.text) or metric


def _plans_of(before: str, after: str, plans: Sequence[Found]) -> list[str]:
    """The plan that an amount is said to hold for: "$0.040 per credit on Solo", "On Solo, credits cost $0.040"."""
    behind = [
        plan.slug
        for plan in plans
        if re.match(rf"\s*(?:\w+\s+)?(?:on|for|in|with|under)\s+(?:the\s+|our\s+)?{re.escape(plan.name)}(?!\w)", after)
    ]
    if behind:
        return behind
    return [plan.slug for plan in plans if re.search(rf"(?<!\w){re.escape(plan.name)}(?!\w)", before)]


def _holders(plans: Sequence[Found], metric: str) -> list[str]:
    """The paid plans that hold so many of a metric: an "additional" one is additional to these."""
    held = (TermKind.LIMIT, TermKind.ALLOWANCE)
    return [
        plan.slug
        for plan in plans
        if plan.state is State.STATED
        and any(d.term.term in held and d.term.metric == metric and d.term.quantity is not None for d in plan.drafts)
    ]


def _free_at_first(page: Page, block: Block, sentence: str, plans: Sequence[Found]) -> Iterator[Draft]:
    """The allowance in "Your first 5 GB each month are free"."""
    if not _FIRST_FREE.search(sentence):
        return
    named = [plan.slug for plan in plans if re.search(rf"(?<!\w){re.escape(plan.name)}(?!\w)", sentence)]
    targets: list[str | None] = [*named] or [None]
    for quantity in page.quantities(sentence)[:1]:
        if quantity.quantity is None or not storable(quantity.quantity) or not units_known(quantity.metric):
            continue
        for plan in targets:
            term = Term(
                plan=plan,
                term=TermKind.ALLOWANCE,
                metric=quantity.metric,
                quantity=quantity.quantity,
                billing_period=quantity.period,
                unit_as_printed=quantity.unit_as_printed,
                evidence=evidence([block]),
            )
            yield Draft(term=term, way="prose")


def _least(page: Page, block: Block, sentence: str, plans: Sequence[Found]) -> Iterator[Draft]:
    """How many are billed at least of what plans charge for: "All plans require a minimum of 3 seats"."""
    if not _LEAST.search(sentence) or _NOT_OF_BILLS.search(sentence):
        return
    for quantity in page.quantities(sentence)[:1]:
        charged = [plan for plan in plans if any(_is_fee_for(draft.term, quantity.metric) for draft in plan.drafts)]
        named = [plan for plan in charged if re.search(rf"(?<!\w){re.escape(plan.name)}(?!\w)", sentence)]
        if quantity.quantity is None or not storable(quantity.quantity):
            continue
        for plan in named or charged:
            term = Term(
                plan=plan.slug,
                term=TermKind.MINIMUM_SPEND,
                metric=quantity.metric,
                quantity=quantity.quantity,
                unit_as_printed=quantity.unit_as_printed,
                evidence=evidence([block]),
            )
            yield Draft(term=term, way="prose")


def _is_fee_for(term: Term, metric: str) -> bool:
    return term.term is TermKind.RECURRING_FEE and term.metric == metric and term.amount is not None


def _withdrawn(block: Block, sentence: str, plans: Sequence[Found]) -> Iterator[Draft]:
    metric = not_included(sentence)
    if metric is None:
        return
    for plan in plans:
        if re.search(rf"(?<!\w){re.escape(plan.name)}(?!\w)", sentence):
            yield Draft(
                term=Term(
                    plan=plan.slug,
                    term=TermKind.ALLOWANCE,
                    metric=metric,
                    state=State.NOT_INCLUDED,
                    evidence=evidence([block]),
                ),
                way="prose",
            )
