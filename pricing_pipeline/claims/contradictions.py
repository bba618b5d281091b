"""Where a text contradicts itself: two figures for one thing, a free tier denied and listed, a reason that speaks against."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.claims.claim import (
    Charged,
    Claim,
    Compared,
    Counted,
    Foremost,
    Free,
    OpenSource,
    Order,
    Reviewed,
    Scored,
    Subject,
)
from pricing_pipeline.claims.dates import Relation

_BUDGET = re.compile(
    r"\b(?:budget|cheap\w*|affordab\w+|low\scost|cost\smatters|price\smatters|price[\s-]sensitive|"
    r"save\smoney|saving\smoney|cost[\s-]conscious|spend\sless|pay\sless)\b",
    re.IGNORECASE,
)
_TIMELESS = (None, Relation.SINCE, Relation.VERIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two statements of one text that cannot both be true; `why` says it in a sentence."""

    claim: Claim
    other: Claim
    why: str


def contradictions(claims: Sequence[Claim]) -> tuple[Contradiction, ...]:
    """Every pair that contradicts, each later statement once, against the first that it contradicts."""
    current = [claim for claim in claims if (claim.when.relation if claim.when else None) in _TIMELESS]
    found = [*_figures(current), *_states(current), *_orders(current), *_reasons(current)]
    once: dict[tuple[int, int], Contradiction] = {}
    for one in sorted(
        found, key=lambda each: (each.claim.passage, each.claim.start, each.other.passage, each.other.start)
    ):
        once.setdefault((one.claim.passage, one.claim.start), one)
    return tuple(once.values())


def _sure(claim: Claim) -> Subject | None:
    return claim.subjects[0] if len(claim.subjects) == 1 else None


def _figures(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Different figures for the same thing."""
    groups: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        key = _same_thing(claim)
        if key is not None:
            groups[key].append(claim)
    for group in groups.values():
        yield from _unlike(group)


def _unlike(group: Sequence[Claim]) -> Iterator[Contradiction]:
    """The figures of one thing that differ from the first; a sentence that names several is no contradiction of itself."""
    first = group[0]
    for claim in group[1:]:
        alike = (claim.passage, claim.sentence) == (first.passage, first.sentence)
        if not alike and not _agree(first.said, claim.said):
            yield Contradiction(
                claim=claim, other=first, why=f"{claim.text!r} here, {first.text!r} in line {first.place.line}"
            )


def _same_thing(claim: Claim) -> tuple[object, ...] | None:
    """What a figure is a figure of; None where that is not certain enough to hold two of them against each other."""
    subject, said = _sure(claim), claim.said
    if subject is None:
        return None
    if isinstance(said, Charged):
        exact = said.qualifier in (None, "about") and not said.usage and not said.is_loose and not said.is_change
        stated = said.period or (said.metric and said.metric != "seat")
        if not exact or not stated or subject.plan is None or said.amount_max is not None:
            return None
        return ("price", subject, said.period, said.metric, said.commitment, said.per_quantity, said.currency)
    if isinstance(said, Counted):
        if (
            subject.plan is None
            or said.metric is None
            or said.is_loose
            or said.quantity_max is not None
            or said.qualifier not in (None, "about")
        ):
            return None
        return ("count", subject, said.metric, said.bound if said.bound == "min" else None)
    if isinstance(said, Scored):
        return ("score", subject, said.publisher, said.scale or Decimal(5))
    if isinstance(said, Reviewed):
        return ("reviews", subject, said.publisher)
    return None


def _agree(one: object, other: object) -> bool:
    if isinstance(one, Charged) and isinstance(other, Charged):
        return _close(one.amount, other.amount, {one.qualifier, other.qualifier})
    if isinstance(one, Counted) and isinstance(other, Counted):
        if one.unlimited or other.unlimited or one.quantity is None or other.quantity is None:
            return one.unlimited == other.unlimited
        return _close(one.quantity, other.quantity, {one.qualifier, other.qualifier}) or one.period != other.period
    if isinstance(one, Scored) and isinstance(other, Scored):
        if one.rating is None or other.rating is None:
            return one.rating is other.rating
        return _close(one.rating, other.rating, {one.qualifier, other.qualifier}) or _rounded(one.rating, other.rating)
    if isinstance(one, Reviewed) and isinstance(other, Reviewed):
        qualifiers = {one.qualifier, other.qualifier}
        if qualifiers & {"over", "from"}:
            more, less = (one, other) if one.qualifier in ("over", "from") else (other, one)
            return more.count <= less.count or less.qualifier in ("over", "from")
        return _close(one.count, other.count, qualifiers)
    return True


def _close(one: Decimal, other: Decimal, qualifiers: set[str | None]) -> bool:
    if qualifiers - {None}:
        return abs(one - other) <= max(abs(one), abs(other)) / 10
    return one == other


def _rounded(one: Decimal, other: Decimal) -> bool:
    """Whether one is the other with fewer decimals: 4.5 and 4.46."""
    fewer = max(one.as_tuple().exponent, other.as_tuple().exponent, key=int)
    return isinstance(fewer, int) and round(one, -fewer) == round(other, -fewer)


def _states(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """A free tier denied here and listed there; open source here and proprietary there."""
    free: dict[tuple[str, str], list[tuple[Claim, bool]]] = defaultdict(list)
    opened: dict[tuple[str, str], list[tuple[Claim, bool]]] = defaultdict(list)
    for claim in claims:
        subject = _sure(claim)
        if subject is None:
            continue
        if isinstance(claim.said, Free) and (subject.plan is None or claim.said.is_offered):
            free[subject.key].append((claim, claim.said.is_offered))
        elif isinstance(claim.said, OpenSource):
            opened[subject.key].append((claim, claim.said.is_open))
        elif isinstance(claim.said, Charged) and _is_nothing(claim.said) and subject.plan is not None:
            free[subject.key].append((claim, True))
    for group, yes, no in ((free, "something is free", "nothing is free"), (opened, "open source", "not open source")):
        for said in group.values():
            yield from _opposed(said, yes, no)


def _is_nothing(said: Charged) -> bool:
    return said.amount == 0 and said.amount_max is None and said.metric in (None, "seat") and not said.usage


def _opposed(said: Sequence[tuple[Claim, bool]], yes: str, no: str) -> Iterator[Contradiction]:
    firsts: dict[bool, Claim] = {}
    for claim, is_so in said:
        firsts.setdefault(is_so, claim)
        against = firsts.get(not is_so)
        if against is not None:
            words = (yes, no) if is_so else (no, yes)
            yield Contradiction(
                claim=claim, other=against, why=f"{words[0]} here, {words[1]} in line {against.place.line}"
            )


_OPPOSITE = {
    Order.CHEAPER: Order.DEARER,
    Order.RATED_HIGHER: Order.RATED_LOWER,
    Order.MORE_REVIEWS: Order.FEWER_REVIEWS,
}
_OPPOSITE |= {second: first for first, second in _OPPOSITE.items()}


def _orders(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Two who are both the first, and comparisons that say the opposite of each other or of the text's own prices."""
    firsts: dict[tuple[object, ...], Claim] = {}
    compared: dict[tuple[object, ...], Claim] = {}
    prices = _prices(claims)
    for claim in claims:
        subject, said = _sure(claim), claim.said
        if subject is None:
            continue
        if isinstance(said, Foremost) and not said.is_conditional and not said.usage and not said.is_negated:
            key = (said.order, subject.key if subject.plan else None, said.is_paid_only, said.publisher)
            first = firsts.setdefault(key, claim)
            if _sure(first) != subject:
                yield Contradiction(
                    claim=claim, other=first, why=f"another one is {first.text!r} in line {first.place.line}"
                )
            else:
                yield from _undercut(claim, said, subject, prices)
        elif isinstance(said, Compared) and len(said.others) == 1 and not said.is_conditional and not said.usage:
            yield from _compared(claim, said, subject, compared, prices)


def _undercut(claim: Claim, said: Foremost, subject: Subject, prices: dict[Subject, Claim]) -> Iterator[Contradiction]:
    """A plan that is called the cheapest, or dearest, of its product beside a price that is lower, or higher."""
    mine = prices.get(subject)
    if mine is None or said.order not in (Order.CHEAPER, Order.DEARER):
        return
    assert isinstance(mine.said, Charged)
    for other, its in prices.items():
        assert isinstance(its.said, Charged)
        is_rival = other.key == subject.key and (its.said.amount > 0 or not said.is_paid_only)
        gap = its.said.amount - mine.said.amount if is_rival else 0
        if gap and (gap < 0) is (said.order is Order.CHEAPER):
            lines = f"{mine.text!r} in line {mine.place.line} and {its.text!r} in line {its.place.line}"
            yield Contradiction(claim=claim, other=its, why=f"the text itself says {lines}")
            return


def _compared(
    claim: Claim, said: Compared, subject: Subject, known: dict[tuple[object, ...], Claim], prices: dict[Subject, Claim]
) -> Iterator[Contradiction]:
    order = _OPPOSITE.get(said.order, said.order) if said.is_negated else said.order
    other = said.others[0]
    known.setdefault((order, subject, other), claim)
    against = known.get((order, other, subject)) or known.get((_OPPOSITE.get(order), subject, other))
    if against is not None and order in _OPPOSITE and not said.is_negated:
        yield Contradiction(claim=claim, other=against, why=f"the opposite is said in line {against.place.line}")
    mine, its = prices.get(subject), prices.get(other)
    if mine is None or its is None or order not in (Order.CHEAPER, Order.DEARER):
        return
    assert isinstance(mine.said, Charged)
    assert isinstance(its.said, Charged)
    less = mine.said.amount < its.said.amount
    if mine.said.amount != its.said.amount and less is not (order is Order.CHEAPER):
        lines = f"{mine.text!r} in line {mine.place.line} and {its.text!r} in line {its.place.line}"
        why = f"the text itself says {lines}"
        yield Contradiction(claim=claim, other=mine, why=why)


def _prices(claims: Sequence[Claim]) -> dict[Subject, Claim]:
    """The first monthly price that the text gives of each plan."""
    found: dict[Subject, Claim] = {}
    for claim in claims:
        subject, said = _sure(claim), claim.said
        monthly = isinstance(said, Charged) and said.period == "month" and said.metric is None and not said.usage
        if subject is not None and subject.plan is not None and monthly:
            found.setdefault(subject, claim)
    return found


def _reasons(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """A low price given as the reason to choose the dearer one."""
    sentences: dict[tuple[int, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.advice is not None and _BUDGET.search(claim.sentence):
            sentences[claim.passage, claim.sentence].append(claim)
    for group in sentences.values():
        advised = group[0].advice
        assert advised is not None
        own = [(price, claim) for claim in group if (price := _cost(claim)) is not None and _is_of(claim, advised)]
        others = [
            (price, claim) for claim in group if (price := _cost(claim)) is not None and _is_other(claim, advised)
        ]
        if own and others and min(own, key=_price)[0] > min(others, key=_price)[0]:
            mine, its = min(own, key=_price)[1], min(others, key=_price)[1]
            yield Contradiction(
                claim=mine,
                other=its,
                why=f"a low price is the reason, but {its.text!r} of the other is lower than {mine.text!r}",
            )


def _price(pair: tuple[Decimal, Claim]) -> Decimal:
    return pair[0]


def _cost(claim: Claim) -> Decimal | None:
    if isinstance(claim.said, Charged) and claim.said.metric in (None, "seat"):
        return claim.said.amount
    if isinstance(claim.said, Free) and claim.said.is_offered:
        return Decimal(0)
    return None


def _is_of(claim: Claim, advised: Subject) -> bool:
    return bool(claim.subjects) and all(
        subject.key == advised.key and advised.plan in (None, subject.plan) for subject in claim.subjects
    )


def _is_other(claim: Claim, advised: Subject) -> bool:
    return bool(claim.subjects) and all(
        subject.key != advised.key or (advised.plan is not None and subject.plan not in (None, advised.plan))
        for subject in claim.subjects
    )
