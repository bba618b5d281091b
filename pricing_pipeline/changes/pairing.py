"""Which term of one offer is which term of the next, where keys moved by one column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from pricing_pipeline.changes.values import commitment, is_compared, is_open, value
from pricing_pipeline.facts import Term, TermKind

Key = Callable[[Term], Hashable]
_WORD = re.compile(r"[^\W\d_]{2,}")
_COUNTS = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT})
_HALF = Fraction(1, 2)
_CHARGED = frozenset({TermKind.RECURRING_FEE, TermKind.USAGE_RATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A term before and after, None where it is not there. `moved` is the one column of its key that differs."""

    plan: str | None
    before: Term | None = None
    after: Term | None = None
    moved: str | None = None


def pair_terms(before: Iterable[Term], after: Iterable[Term]) -> tuple[Pair, ...]:
    """Every compared term of both sides, in exactly one pair, in a fixed order.

    First those with the same key; then those whose period or commitment is merely spelled out; then those that moved
    between a plan and the whole product; then those of which one side carries no figure; then those that differ in one
    column.
    """
    old = sorted(filter(is_compared, before), key=value)
    new = sorted(filter(is_compared, after), key=value)
    found: list[Pair] = []
    same: tuple[Key, ...] = (value, _exact, _spelled_out)
    for key in same:
        old, new = _match(old, new, key, None, found)
    old, new = _across_plans(old, new, found)
    for key, may in ((_open, _one_is_open), (_open_fee, _one_is_open)):
        old, new = _match(old, new, key, None, found, may)
    for column, key in _ONE_COLUMN:
        old, new = _match(old, new, key, column, found)
    old, new = _match_metrics(old, new, found)
    found += [Pair(plan=term.plan, before=term) for term in old]
    found += [Pair(plan=term.plan, after=term) for term in new]
    return tuple(sorted(found, key=_order))


def _order(pair: Pair) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (value(pair.before) if pair.before else (), value(pair.after) if pair.after else ())


def _any(_one: Term, _other: Term) -> bool:
    return True


def _match(
    old: list[Term],
    new: list[Term],
    key: Key,
    moved: str | None,
    found: list[Pair],
    may: Callable[[Term, Term], bool] = _any,
) -> tuple[list[Term], list[Term]]:
    """Pairs what has the same key, in order, and gives back what is left."""
    waiting: dict[Hashable, list[Term]] = defaultdict(list)
    for term in new:
        waiting[key(term)].append(term)
    left = []
    for term in old:
        partner = next((other for other in waiting[key(term)] if may(term, other)), None)
        if partner is None:
            left.append(term)
            continue
        waiting[key(term)].remove(partner)
        found.append(Pair(plan=partner.plan, before=term, after=partner, moved=moved))
    return left, sorted((term for terms in waiting.values() for term in terms), key=value)


def _exact(term: Term) -> Hashable:
    return term.key


def _spelled_out(term: Term) -> Hashable:
    return _columns(term)


def _columns(term: Term, *without: str) -> Hashable:
    """The columns of a key, with what a page leaves unsaid filled in."""
    period = (term.billing_period or "month") if term.term in _COUNTS else term.billing_period
    columns = {
        "plan": term.plan,
        "country": term.country,
        "term": term.term,
        "metric": term.metric,
        "billing_period": period,
        "commitment": None if term.term in _COUNTS else commitment(term),
        "currency": term.currency,
        "tier_from": term.tier_from or 0,
    }
    return tuple((name, column) for name, column in columns.items() if name not in without)


def _open(term: Term) -> Hashable:
    return (term.plan, term.country, term.term, term.metric)


def _open_fee(term: Term) -> Hashable:
    return (term.plan, term.country, term.term, None if term.term is TermKind.RECURRING_FEE else term.metric)


def _one_is_open(one: Term, other: Term) -> bool:
    return is_open(one) or is_open(other)


def _without(*columns: str) -> Key:
    return lambda term: _columns(term, *columns)


def _count(term: Term) -> Hashable:
    """A limit and an allowance of the same metric are one promise in two wordings."""
    return (term.plan, term.country, term.metric) if term.term in _COUNTS else ("", value(term), id(term))


_ONE_COLUMN: tuple[tuple[str, Key], ...] = (
    ("currency", _without("currency")),
    ("country", _without("country")),
    ("commitment", _without("commitment")),
    ("billing_period", _without("billing_period", "commitment")),
    ("term", _count),
    ("tier_from", _without("tier_from")),
)


def _across_plans(old: list[Term], new: list[Term], found: list[Pair]) -> tuple[list[Term], list[Term]]:
    """Pairs a product-wide term with the plans' own terms that it replaces, or that replace it."""
    key = _without("plan")
    for wide_side, own_side, flipped in ((old, new, False), (new, old, True)):
        owns: dict[Hashable, list[Term]] = defaultdict(list)
        for term in own_side:
            if term.plan is not None:
                owns[key(term)].append(term)
        for wide in [term for term in wide_side if term.plan is None and owns.get(key(term))]:
            own = owns.pop(key(wide))
            wide_side.remove(wide)
            for term in own:
                own_side.remove(term)
            found += _spread(wide, own, flipped=flipped)
    return old, new


def _spread(wide: Term, own: list[Term], *, flipped: bool) -> list[Pair]:
    same = len({value(replace(term, plan=None)) for term in own}) == 1 and len(own) > 1
    told = own[:1] if same else own
    return [
        Pair(plan=None if same else term.plan, before=term if flipped else wide, after=wide if flipped else term)
        for term in told
    ]


def _match_metrics(old: list[Term], new: list[Term], found: list[Pair]) -> tuple[list[Term], list[Term]]:
    """Pairs what is the same but for its metric, where figure or words show that it is the same thing renamed; those
    whose names have most in common first.

    What is charged for leads: where a price is for seats now and no longer for agents, or a rate for tasks and no
    longer for events, those of the limits and allowances are called so too.
    """
    renamed: dict[str | None, str | None] = {}
    for one, other in _likest(old, new, _kinship):
        _pair_off(old, new, found, one, other, moved="metric")
        if _is_charged_for(one, other):
            renamed[one.metric] = other.metric
    for one, other in _likest(old, new, lambda one, other: int(other.metric == renamed.get(one.metric, ""))):
        _pair_off(old, new, found, one, other, moved=None)
    return old, new


def _likest(
    old: Iterable[Term], new: Iterable[Term], kinship: Callable[[Term, Term], Fraction | int]
) -> list[tuple[Term, Term]]:
    """Terms of both sides that are the same but for their metric, each at most once, the likest first."""
    key = _without("metric")
    rivals: dict[Hashable, list[Term]] = defaultdict(list)
    for term in new:
        rivals[key(term)].append(term)
    scored = [(kinship(one, other), one, other) for one in old for other in rivals[key(one)]]
    scored.sort(key=lambda row: (-row[0], value(row[1]), value(row[2])))
    pairs: list[tuple[Term, Term]] = []
    taken: set[int] = set()
    for score, one, other in scored:
        if score and not {id(one), id(other)} & taken:
            taken |= {id(one), id(other)}
            pairs.append((one, other))
    return pairs


def _pair_off(
    old: list[Term], new: list[Term], found: list[Pair], one: Term, other: Term, *, moved: str | None
) -> None:
    old.remove(one)
    new.remove(other)
    found.append(Pair(plan=other.plan, before=one, after=other, moved=moved))


def _is_charged_for(one: Term, other: Term) -> bool:
    """Whether a fee or a rate of the same figure is charged for something that has another name now."""
    same = (one.amount, one.amount_max, one.currency) == (other.amount, other.amount_max, other.currency)
    return one.term in _CHARGED and None not in (one.metric, other.metric) and same


def _kinship(one: Term, other: Term) -> Fraction | int:
    """How sure it is that two metrics are one, 0 where they are two things.

    A fee is the plan's own price whatever it is charged for; a rate needs the same figure or a common word. A count
    needs the same figure and half of the words: small counts coincide, and one app before and one connector after are
    two things.
    """
    if one.term is TermKind.RECURRING_FEE and (one.metric is None or other.metric is None):
        return 1
    if one.metric is None or other.metric is None:
        return 0
    common = _common_words(one, other)
    figures = (one.state, one.amount, one.quantity) == (other.state, other.amount, other.quantity)
    same = figures and not is_open(one)
    if one.term in _COUNTS:
        return common if same and common >= _HALF else 0
    return common + _HALF * same


def _common_words(one: Term, other: Term) -> Fraction:
    """The share of words that two metrics have in common, in our names or in the page's own.

    "Users" are seats by our name, and "premium users" still are users by the page's.
    """
    ours = _share(_words((one.metric or "").replace("_", " ")), _words((other.metric or "").replace("_", " ")))
    return max(ours, _share(_words(one.unit_as_printed), _words(other.unit_as_printed)))


def _words(text: str | None) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall((text or "").casefold()))


def _share(one: frozenset[str], other: frozenset[str]) -> Fraction:
    return Fraction(len(one & other), max(len(one), len(other), 1))
