"""A second look at money that no single published price settles: it must be something that can be reckoned from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.claims.claim import Apart, Charged, Claim, Multiple, Said, Subject
from pricing_pipeline.claims.dates import Relation
from pricing_pipeline.claims.judgement import Finding, Verdict, finding
from pricing_pipeline.claims.knowledge import BEGINNING, Key, Knowledge, Window
from pricing_pipeline.claims.plain import numbers_in
from pricing_pipeline.claims.prices import is_for_several
from pricing_pipeline.claims.proportionate import groups, pairs, told
from pricing_pipeline.claims.reckoning import Value, is_whole, plan_bills, values_of
from pricing_pipeline.claims.rounding import agrees
from pricing_pipeline.claims.scopes import Scope, Scopes, by_unit
from pricing_pipeline.claims.times import window_of
from pricing_pipeline.claims.words import term_words
from pricing_pipeline.facts import State, TermKind
from pricing_pipeline.wording import money, number

# Money that nobody charges for what the text is about, and prices that are only thought of.
_FOREIGN = re.compile(
    r"\b(?:budget\w*|afford|salar\w+|wages?|engineers?['’]?\s(?:time|hour)|hourly|consult\w+|elsewhere|competitors?|rivals?|"
    r"others?|another\svendor|alternatives?|servers?|aws|gcp|azure|kubernetes|cluster|hardware|imagine|suppose|if\sit\s(?:were|cost)|"
    r"would\shave\sto|discounts?|coupon|voucher|negotiat\w+|quoted?|rumou?r\w*|reportedly|estimat\w+|funding|raised\s[$€£]|valuation|"
    r"invest\w*|market|industry|average\scompany|somewhere\sbetween)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<=[a-z,;:)]\s)[A-Z][a-z]\w+")
# Capitals that are nobody's name.
_ORDINARY = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|USD|EUR|GBP|"
    r"Edit|Update|Note|The|This|That|It|In|On|At|For|With|And|But|So|Our|We|You|If|As|Per|Open|Source|Free|Plan|Tier|Yes|No"
)
_NEAREST = 3
# Characters before an amount in which a number says for how many it is: "eight pay $800".
_NEAR = 25
_MANY = 100
_USED_UP = re.compile(
    r"\b(?:allowance|included|exactly|precisely|used|exercise|position|same|quota|full)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"\b(?:was|were|had|paid|came|used\sto|cost\s(?:us|me|you|them)|went|did|took|until|formerly|before|old|"
    r"(?:in|of|the)\s(?:January|February|March|April|May|June|July|August|September|October|November|December))\b"
)
_LOOSELY, _ABOUT = Decimal("0.02"), Decimal("0.1")


def reconsidered(claim: Claim, scopes: Scopes, knowledge: Knowledge) -> Finding | None:
    """The finding on a figure that was unknown; None where it may be something that nobody published."""
    said = claim.said
    if not _is_open(said) or not _is_theirs(claim, scopes):
        return None
    scope = scopes.at(claim.passage)
    keys = _keys(claim, scope, scopes)
    if not keys or not all(is_whole(key, knowledge) for key in keys) or not _is_covered(claim, keys, knowledge):
        return None
    if any(_is_asked(claim, key, knowledge) for key in keys):
        return None
    match said:
        case Charged():
            if not _is_price(claim, said, scope, knowledge) or not _is_in(said.currency, keys, knowledge):
                return None
            return _reckoned(said, [value for key in sorted(keys) for value in values_of(key, scope, knowledge)])
        case Multiple():
            return _multiplied(said, list(pairs(groups(keys, scope.own, knowledge, said.of))))
        case Apart():
            if len(scope.amounts - {said.amount}) < _BOTH:
                return None
            return _apart(said, list(pairs([*groups(keys, scope.own, knowledge, "money"), told(scope)])))
        case _:
            return None


def acquitted(claim: Claim, scopes: Scopes, knowledge: Knowledge) -> Finding | None:
    """The finding on an amount that is none of the plan's prices, where it may be a bill at the figures around it.

    Where the sentence does not name its plan, it may be any price of the products that it names; where it names none, of
    those around.
    """
    said = claim.said
    if not isinstance(said, Charged) or said.qualifier == "from" or said.commitment is not None:
        return None
    if not _MONEY.search(claim.text):
        return _of_units(said, claim, knowledge)
    ends = [said.amount] if said.amount_max is None else [said.amount, said.amount_max]
    values = list(_possible(claim, said, scopes, knowledge))
    must = {size for size in scopes.at(claim.passage).heading_numbers if size >= _MANY}
    values = [value for value in values if must <= value.uses]
    fitting = [next((value for value in values if agrees(end, value.amount, said.qualifier)), None) for end in ends]
    if not all(value is not None for value in fitting):
        return None
    words = "; ".join(value.words for value in fitting if value is not None)
    return finding(Verdict.SUPPORTED, words, [value.source for value in fitting if value and value.source])


_MONEY = re.compile(r"[$€£¢]|\b(?:USD|EUR|GBP|cents?|dollars?|bucks?|euros?|pounds?|hundred|quid)\b", re.IGNORECASE)


def _of_units(said: Charged, claim: Claim, knowledge: Knowledge) -> Finding | None:
    """The finding on a bare figure that was taken for money, where it is what a plan holds or held."""
    rows = [
        held
        for subject in claim.subjects
        for held in knowledge.terms_of(subject.key, subject.plan, Window(BEGINNING, knowledge.as_of))
        if held.fact.quantity == said.amount
    ]
    return finding(Verdict.SUPPORTED, term_words(rows[0].fact), rows) if rows else None


def _possible(claim: Claim, said: Charged, scopes: Scopes, knowledge: Knowledge) -> Iterator[Value]:
    """What an amount may be: a bill of the plans that are named, else any price of the products around."""
    text = scopes.named_around(claim.passage, claim.sentence)
    scope = replace(scopes.at(claim.passage), numbers=frozenset(numbers_in(text)))
    if said.metric not in (None, "seat") or (len(said.usage) == 1 and _SO_MANY_COST.search(claim.sentence)):
        metric = next(iter(said.usage)) if said.metric in (None, "seat") else said.metric
        yield from _of_so_many(claim, str(metric), scope, knowledge)
        return
    if said.amount_max is not None:
        yield from _prices({subject.key for subject in claim.subjects}, knowledge, (TermKind.RECURRING_FEE,))
    near = frozenset(numbers_in(claim.sentence[: max(0, claim.sentence.find(claim.text))][-_NEAR:]))
    base = {metric: size for metric, size in said.usage.items() if not (metric == "seat" and near and size not in near)}
    if said.is_headed and said.metric is None:
        base = {metric: size for metric, size in base.items() if metric == "seat"}
    is_now = claim.when is None and not said.is_change and not _PAST.search(claim.sentence)
    meant, is_named = _meant(claim, text, scopes, knowledge)
    if is_named and said.period is not None:
        # "Solo, at $15 a month": only a use in the same sentence makes a bill of a price
        scope = replace(scope, uses=by_unit(text))
    scope = replace(scope, numbers=near or scope.numbers)
    is_used_up = _USED_UP.search(claim.sentence) is not None
    for subject in meant:
        yield from plan_bills(subject.key, str(subject.plan), scope, knowledge, base=base, now=is_now, held=is_used_up)
    if not said.usage and not is_named:
        kinds = (TermKind.RECURRING_FEE,) if said.period else tuple(TermKind)
        yield from _prices(_spoken_of(claim, scope, scopes), knowledge, kinds)


def _meant(claim: Claim, text: str, scopes: Scopes, knowledge: Knowledge) -> tuple[Sequence[Subject], bool]:
    """The plans that an amount may be of: those that are named, else all of the products; and whether they are."""
    if all(subject.plan is not None and _is_named(subject, text, knowledge) for subject in claim.subjects):
        return claim.subjects, True
    keys = sorted(_spoken_of(claim, scopes.at(claim.passage), scopes))
    return [Subject(*key, held.fact.slug) for key in keys for held in knowledge.plans_of(key)], False


def _prices(keys: Iterable[Key], knowledge: Knowledge, kinds: Sequence[TermKind]) -> Iterator[Value]:
    """Every price of some kinds that is published now."""
    for key in sorted(keys):
        for held in knowledge.terms_of(key, None):
            if held.fact.amount is not None and held.fact.term in kinds:
                yield Value(amount=held.fact.amount, words=term_words(held.fact), source=held)


_SO_MANY_COST = re.compile(
    r"\b(?:\d[\d,]*|hundred|thousand|million)\s[^\W\d_]+(?:\s[^\W\d_]+)?\scosts?\b", re.IGNORECASE
)


def _of_so_many(claim: Claim, metric: str, scope: Scope, knowledge: Knowledge) -> Iterator[Value]:
    """What so many units come to: "a thousand credits cost $40"."""
    for subject in claim.subjects:
        for held in knowledge.terms_of(subject.key, subject.plan):
            if held.fact.term is TermKind.USAGE_RATE and held.fact.amount is not None and held.fact.metric == metric:
                one = held.fact.amount / (held.fact.per_quantity or Decimal(1))
                sizes = sorted(size for size in scope.numbers if size >= _MANY)
                yield from (
                    Value(amount=one * size, words=f"{number(size)} at {term_words(held.fact)}", source=held)
                    for size in sizes
                )


def _is_named(subject: Subject, text: str, knowledge: Knowledge) -> bool:
    """Whether a text names a plan, or takes it up by a pronoun."""
    if _TAKES_UP.match(text):
        return True
    names = {held.fact.name for held in knowledge.plans_ever(subject.key) if held.fact.slug == subject.plan}
    named = knowledge.names.get(subject.key)
    aliases = dict(named.plan_aliases) if named is not None else {}
    known = (*names, *aliases.get(str(subject.plan), ()))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in known)


_TAKES_UP = re.compile(
    r"\W*(?:it|its|it['’]s|this\s(?:plan|tier|one)|that\s(?:plan|tier|one)|the\s(?:plan|tier|fee|price))\b",
    re.IGNORECASE,
)


_BOTH = 2
"""So many amounts a text tells before what lies between them can be checked."""


def _is_price(claim: Claim, said: Charged, scope: Scope, knowledge: Knowledge) -> bool:
    """Whether more than a product's name nearby says that an amount has to do with its prices."""
    terms = [held for one in claim.subjects for held in knowledge.terms_of(one.key, one.plan) if one.plan is not None]
    if any(is_for_several(said, held.fact, terms) for held in terms if held.fact.term is TermKind.RECURRING_FEE):
        return False  # for some number of seats it is
    is_of_plan = any(subject.plan is not None for subject in claim.subjects)
    return is_of_plan or not said.is_loose or bool(scope.own_uses) or len(scope.own_amounts) > 1


def _is_in(currency: str | None, keys: Iterable[Key], knowledge: Knowledge) -> bool:
    """Whether the products have prices in a currency."""
    known = {held.fact.currency for key in keys for held in knowledge.terms_of(key, None) if held.fact.amount}
    return currency is None or currency in known


def _is_open(said: Said) -> bool:
    """Whether what is said is a figure that may be reckoned."""
    if isinstance(said, Charged):
        return said.amount > 0 and said.amount_max is None and said.qualifier in (None, "about", "almost")
    return isinstance(said, Multiple) or (isinstance(said, Apart) and said.qualifier in (None, "about", "almost"))


def _reckoned(said: Charged, values: Sequence[Value]) -> Finding | None:
    fitting = next((value for value in values if _fits(said, value.amount)), None)
    if fitting is not None:
        return finding(Verdict.SUPPORTED, fitting.words, [fitting.source] if fitting.source else [])
    near = _nearest(said.amount, values)
    right = f"nothing published comes to that; the nearest are {'; '.join(value.words for value in near)}"
    return finding(Verdict.CONTRADICTED, right, [value.source for value in near if value.source])


def _multiplied(said: Multiple, pairs: Sequence[tuple[Value, Value]]) -> Finding | None:
    allowed = (_ABOUT if said.is_rounded else _LOOSELY) * said.factor
    ratios = sorted({one.amount / other.amount for one, other in pairs})
    if not ratios:
        return None
    if any(abs(ratio - said.factor) <= allowed for ratio in ratios):
        return finding(Verdict.SUPPORTED)
    near = sorted(ratios, key=lambda ratio: abs(ratio - said.factor))[:_NEAREST]
    words = ", ".join(f"{number(round(ratio, 2).normalize())}" for ratio in near)
    return finding(Verdict.CONTRADICTED, f"no two figures are that far apart; the nearest are {words} times")


def _apart(said: Apart, pairs: Sequence[tuple[Value, Value]]) -> Finding | None:
    gaps = sorted({abs(one.amount - other.amount) for one, other in pairs})
    if not gaps:
        return None
    if any(agrees(said.amount, gap, said.qualifier) for gap in gaps):
        return finding(Verdict.SUPPORTED)
    near = sorted(gaps, key=lambda gap: abs(gap - said.amount))[:_NEAREST]
    words = ", ".join(money(gap, "USD") for gap in near)
    return finding(Verdict.CONTRADICTED, f"no two amounts are that far apart; the nearest are {words}")


def _is_theirs(claim: Claim, scopes: Scopes) -> bool:
    """Whether nothing in the sentence says that the money is somebody else's."""
    sentence = claim.sentence
    if _FOREIGN.search(sentence):
        return False
    strange = (found.group() for found in _CAPITAL.finditer(sentence))
    return all(scopes.is_name(word) or _ORDINARY.fullmatch(word) for word in strange)


def _keys(claim: Claim, scope: Scope, scopes: Scopes) -> frozenset[Key]:
    """The products whose figures count: an amount may be anybody's around, a proportion is of those it speaks of."""
    meant = frozenset(subject.key for subject in claim.subjects)
    if not isinstance(claim.said, Charged) and meant:
        return meant | scopes.named_in(claim.sentence)
    return scope.keys | meant


def _spoken_of(claim: Claim, scope: Scope, scopes: Scopes) -> frozenset[Key]:
    """The products that a sentence names; all of those around where it names none."""
    return scopes.named_in(claim.sentence) or _keys(claim, scope, scopes)


def _is_covered(claim: Claim, keys: Iterable[Key], knowledge: Knowledge) -> bool:
    """Whether the time of which it speaks is one that is known."""
    window = window_of(claim, knowledge)
    if window is None:
        return False
    rows = [held for key in keys for held in knowledge.terms_of(key, None, Window(BEGINNING, knowledge.as_of))]
    if claim.when is not None and claim.when.relation is Relation.PAST:
        return any(held.until is not None for held in rows)
    return bool(rows) and min(held.since for held in rows) <= window.end


def _is_asked(claim: Claim, key: Key, knowledge: Knowledge) -> bool:
    """Whether somebody is named whose price is on request: what he is paid is not published."""
    asked = [held.fact for held in knowledge.plans_of(key) if held.fact.state is State.CONTACT_SALES]
    meant = {subject.plan for subject in claim.subjects if subject.key == key}
    return any(plan.slug in meant or re.search(rf"\b{re.escape(plan.name)}\b", claim.sentence) for plan in asked)


def _fits(said: Charged, amount: Decimal) -> bool:
    is_to_the_cent = said.amount != said.amount.to_integral_value()
    return agrees(said.amount, amount, said.qualifier, places=is_to_the_cent)


def _nearest(amount: Decimal, values: Iterable[Value]) -> list[Value]:
    """The values nearest to an amount, each once."""
    ordered = sorted(
        {value.amount: value for value in values}.values(), key=lambda value: (abs(value.amount - amount), value.amount)
    )
    return ordered[:_NEAREST]
