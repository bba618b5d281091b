"""Reading what must be bought with a plan: "Platform fee of $500/month required", "a mandatory $99/month support package"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.charges import is_from, is_once, read_charge
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.page import evidence
from pricing_pipeline.facts import PriceKind, Surface, Term, TermKind
from pricing_pipeline.money import Amount

LONGEST_LINE = 300
_PERIODS = frozenset({"month", "quarter", "half_year", "year"})
_BOUND = r"(?:mandatory|required|compulsory|obligatory)"
_NUMBER = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBER)})"
# What vendors make people buy besides; any other noun in such a sentence may be a plan, a card or a contract.
_HEAD = (
    r"(?:fees?|charges?|packages?|platform|add-?ons?|modules?|nodes?|appliances?|servers?|gateways?|instances?|clusters?|"
    r"support|maintenance|hosting|bundles?|connectors?|workers?|agents?|hosts?|databases?|environments?|workspaces?)"
)
_THING = rf"(?P<thing>(?:[^\W\d_][\w&-]*\s){{0,3}}?{_HEAD}(?:\s{_HEAD})*)(?![\w-])"
_AHEAD = re.compile(
    rf"(?:^|[\W\d])(?:{_THING})(?:\s+(?:is |are )?{_BOUND})?"
    r"[\s,(:–—-]*(?:which |that )?(?:(?:of|at|is|are|costs?|priced at|from|starting (?:at|from))\s*)*[\s,(:–—+-]*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"^[\s,)]*(?:(?:for|per)\s+)?(?:(?:an?|the|each|every)\s+)?{_THING}", re.IGNORECASE)
_NAMED = re.compile(rf"\b{_BOUND}\s+{_THING}", re.IGNORECASE)
_LEADING = re.compile(
    rf"^.*\b(?:plus|and|with|also|requires?|needs?|least|of|minimum|min|each|every|per|an?|the|our|one|{_BOUND}|additional|"
    r"monthly|annual|yearly|for|must|buy|add|purchase|which|is|are|costs?)\s+",
    re.IGNORECASE,
)
# Fees that are the plan's own price, are charged once, or only for some uses.
_OWN_PRICE = re.compile(
    r"^(?:(?:base|flat|fixed|subscription|plan|set-?up|onboarding|implementation|activation|transaction|processing|"
    r"overage|late|cancellation|license|licence|usage|minimum|total|one-time|payment|service)\s+)*(?:fees?|charges?|packages?|"
    r"modules?|bundles?|add-?ons?)$",
    re.IGNORECASE,
)
_MUST = re.compile(
    rf"\b{_BOUND}\b(?!\s+(?:for|to|if|when|only|in order)\b(?!\s+(?:all|every|each)\b))"
    r"|\bmust (?:also )?(?:be (?:added|purchased|bought|taken|licensed|included)|buy|purchase|add|take)\b"
    r"|(?:^\W*(?:also )?|\b(?:plans?|tiers?|editions?|subscriptions?) (?:also )?)requires?\b"
    rf"|\bfees?\b[^.;]{{0,40}}\bappl(?:y|ies)\b|\b(?:minimum(?: of)?|at least) {_COUNT} ",
    re.IGNORECASE,
)
# A fee that is called after what everybody needs is asked of everybody.
_STANDING = re.compile(r"^(?:platform|access|infrastructure|hosting|maintenance)\s+(?:fee|charge)$", re.IGNORECASE)
_EVERY_PLAN = re.compile(r"\b(?:all|every|each|any) (?:of our )?plans?\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:optional(?:ly)?|if|unless|waived|when|not (?:required|mandatory)|no longer|without|used to|instead|up to|no)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """What an amount is asked for: `count` of a metric at least, as `printed`, charged each `period`."""

    metric: str
    printed: str
    count: Decimal
    period: str
    is_from: bool


def required_by(
    text: str, amounts: Sequence[Amount], place: int, *, subjects: Sequence[str] = (), is_card: bool = True
) -> Required | None:
    """What must be bought for one of the amounts of a line; None for an amount that nobody has to pay besides.

    `subjects` are names of plans, which may be what "requires" it. Outside of a card only a sentence that says so counts.
    """
    amount = amounts[place]
    if len(text) > LONGEST_LINE or not amount.amount:
        return None
    before = text[amounts[place - 1].end if place else 0 : amount.start]
    after = text[amount.end : amounts[place + 1].start if place + 1 < len(amounts) else None]
    period = amount.period or read_charge(after).period
    if period not in _PERIODS or is_once(before, after) or _CONDITION.search(before + after):
        return None
    printed = _thing(before, f"{amount.per or ''} {after}" if amount.per else after)
    metric = _metric(printed) if printed else None
    if (
        printed is None
        or metric is None
        or not (_is_demanded(text, subjects) or (is_card and _STANDING.match(printed)))
    ):
        return None
    return Required(
        metric=metric,
        printed=printed,
        count=_count(before + " " + after, printed),
        period=period,
        is_from=amount.qualifier == "from" or is_from(before),
    )


def required_terms(block: Block, amount: Amount, required: Required, plan: str | None) -> Iterator[Term]:
    """The fee for what must be bought, and how many of it."""
    if block.surface is not Surface.VISIBLE or block.is_struck:
        return
    quoted = evidence([block], around=(amount.start, amount.end))
    yield Term(
        plan=plan,
        term=TermKind.RECURRING_FEE,
        metric=required.metric,
        amount=amount.amount,
        amount_max=amount.amount_max,
        currency=amount.currency,
        billing_period=required.period,
        commitment=amount.commitment or required.period,
        unit_as_printed=required.printed,
        price_kind=PriceKind.FROM if required.is_from else PriceKind.STANDARD,
        evidence=quoted,
    )
    yield Term(
        plan=plan,
        term=TermKind.MINIMUM_SPEND,
        metric=required.metric,
        quantity=required.count,
        unit_as_printed=required.printed,
        evidence=quoted,
    )


def binds_every_plan(sentence: str) -> bool:
    """Whether a sentence speaks of every plan, a free one too."""
    return _EVERY_PLAN.search(sentence) is not None


def _is_demanded(text: str, subjects: Sequence[str]) -> bool:
    named = "|".join(re.escape(name) for name in subjects)
    return _MUST.search(text) is not None or (
        bool(named) and re.search(rf"(?<!\w)(?:{named}) (?:also )?requires?\b", text, re.IGNORECASE) is not None
    )


def _thing(before: str, after: str) -> str | None:
    """What an amount between these texts is asked for, in the page's words."""
    for found in (_BEHIND.match(after), _NAMED.search(after), _AHEAD.search(before), _NAMED.search(before)):
        if found is not None:
            thing = _LEADING.sub("", f"{found['thing']} ").strip()
            if thing and not _OWN_PRICE.match(thing):
                return thing
    return None


def _metric(printed: str) -> str | None:
    words = re.sub(r"(?i)\b(?:fees|charges?)$", "fee", printed)
    return units.metric(re.sub(r"(?i)\badd-?ons?$", "addon", words))


def _count(text: str, printed: str) -> Decimal:
    found = re.search(rf"(?<![\w.,])({_COUNT})\s+(?:{_BOUND}\s+)?{re.escape(printed)}", text, re.IGNORECASE)
    if found is None:
        return Decimal(1)
    word = found.group(1).lower()
    return Decimal(_NUMBER.get(word) or int(word) or 1)
