"""Which term of one offer is which term of the next, where keys moved by one column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from pricing_pipeline.changes.values import commitment, is_compared, is_open, value
from pricing_pipeline.facts import Term, TermKind

Key = Callable[[Term], Hashable]
_WORD = re.compile(r"[^\W\d_]{3,}")
_COUNTS = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT})
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
    """Pairs what is the same but for its metric, where figure or words show that it is the same thing renamed.

    What is charged for leads: where a price is for seats now and no longer for agents, or a rate for tasks and no
    longer for events, those of the limits and allowances are called so too.
    """
    key = _without("metric")
    renamed: dict[str | None, str | None] = {}
    for term in sorted(old, key=lambda term: term.term not in _CHARGED):
        rivals = [other for other in new if key(other) == key(term)]
        partner = next((other for other in rivals if _is_renamed(term, other)), None)
        moved: str | None = "metric"
        if partner is None:
            partner = next((other for other in rivals if other.metric == renamed.get(term.metric, "")), None)
            moved = None
        elif _is_charged_for(term, partner):
            renamed[term.metric] = partner.metric
        if partner is None:
            continue
        old.remove(term)
        new.remove(partner)
        found.append(Pair(plan=partner.plan, before=term, after=partner, moved=moved))
    return old, new


def _is_charged_for(one: Term, other: Term) -> bool:
    """Whether a fee or a rate of the same figure is charged for something that has another name now."""
    same = (one.amount, one.amount_max, one.currency) == (other.amount, other.amount_max, other.currency)
    return one.term in _CHARGED and None not in (one.metric, other.metric) and same


def _is_renamed(one: Term, other: Term) -> bool:
    """A fee is the plan's own price whatever it is charged for; a rate needs the same figure or a common word, a count
    both.

    Small counts coincide: one app before and one connector after are two things.
    """
    if one.term is TermKind.RECURRING_FEE and (one.metric is None or other.metric is None):
        return True
    if one.metric is None or other.metric is None:
        return False
    shared = _words(one) & _words(other)
    figures = (one.state, one.amount, one.quantity) == (other.state, other.amount, other.quantity)
    same = figures and not is_open(one)
    return bool(shared) and same if one.term in _COUNTS else bool(shared) or same


def _words(term: Term) -> set[str]:
    """The words that name a metric: ours, and the page's own. "Users" are seats, and "premium users" still are users."""
    printed = _WORD.findall((term.unit_as_printed or "").casefold())
    return {*(term.metric or "").split("_"), *(word.removesuffix("s") for word in printed)}
