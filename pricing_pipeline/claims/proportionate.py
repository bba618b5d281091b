"""A second look at multiples and differences: they must be those of two figures that are published, reckoned or told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from pricing_pipeline.claims.knowledge import BEGINNING, Held, Key, Knowledge, Window
from pricing_pipeline.claims.reckoning import Value, plan_bills
from pricing_pipeline.claims.scopes import Scope
from pricing_pipeline.claims.words import term_words
from pricing_pipeline.facts import Term, TermKind

_MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "half_year": Decimal(6), "year": Decimal(12)}
_COUNTS = (TermKind.ALLOWANCE, TermKind.LIMIT, TermKind.MINIMUM_SPEND)
_MOST = 40
"""Figures of one kind that are set against each other."""
Group = Sequence[Value]


def groups(keys: Iterable[Key], scope: Scope, knowledge: Knowledge, of: str | None) -> Iterator[Group]:
    """Figures that can be set against each other: fees, rates of a unit, counts of a unit, bills at one use."""
    for key in sorted(keys):
        rows = knowledge.terms_of(key, None, Window(BEGINNING, knowledge.as_of))
        if of in (None, "money"):
            yield from _rates(rows, None)
            yield from _bills(key, scope, knowledge)
        if of not in (None, "money"):
            yield from _rates(rows, of)
        if of != "money":
            yield from _counted(rows, of)
    if of in (None, "money"):
        yield _fees(keys, knowledge)
        yield from _printed(keys, knowledge)
        yield [Value(amount=amount, words="") for amount in sorted(scope.own_amounts)]
    for unit, told in sorted(scope.own_uses.items()):
        if of is None or of in unit.split("_"):
            yield [Value(amount=size, words="") for size in sorted(told)]


def told(scope: Scope) -> Group:
    """The amounts that the text itself tells around."""
    return [Value(amount=amount, words="") for amount in sorted(scope.amounts)]


def pairs(found: Iterable[Group]) -> Iterator[tuple[Value, Value]]:
    """Every two of a group, either way round."""
    for group in found:
        distinct = list({value.amount: value for value in group if value.amount}.values())[:_MOST]
        yield from permutations(distinct, 2)


def _fees(keys: Iterable[Key], knowledge: Knowledge) -> Group:
    """The fees of all plans a month, each alone and for the least number of seats."""
    fees: list[Value] = []
    for key in sorted(keys):
        rows = knowledge.terms_of(key, None, Window(BEGINNING, knowledge.as_of))
        least = {
            row.fact.plan: row.fact.quantity
            for row in rows
            if row.fact.term is TermKind.MINIMUM_SPEND and row.fact.metric == "seat"
        }
        for held in rows:
            if held.fact.term is TermKind.RECURRING_FEE and held.fact.amount:
                by_month = held.fact.amount / _MONTHS.get(held.fact.billing_period or "month", Decimal(1))
                fees.append(Value(amount=by_month, words=term_words(held.fact), source=held))
                seats = least.get(held.fact.plan) if held.fact.metric == "seat" else None
                if seats:
                    fees.append(Value(amount=by_month * seats, words=term_words(held.fact), source=held))
    return fees


def _printed(keys: Iterable[Key], knowledge: Knowledge) -> Iterator[Group]:
    """The fees of each plan as they are printed: a year's may be told as so many times a month's."""
    for key in sorted(keys):
        for plan in dict.fromkeys(held.fact.slug for held in knowledge.plans_ever(key)):
            rows = [held for held in knowledge.terms_of(key, plan) if held.fact.term is TermKind.RECURRING_FEE]
            yield [
                Value(amount=held.fact.amount, words=term_words(held.fact), source=held)
                for held in rows
                if held.fact.amount
            ]


def _rates(rows: Iterable[Held[Term]], of: str | None) -> Iterator[Group]:
    for held in _by_metric(rows, (TermKind.USAGE_RATE,), of):
        yield [
            Value(
                amount=one.fact.amount / (one.fact.per_quantity or Decimal(1)), words=term_words(one.fact), source=one
            )
            for one in held
            if one.fact.amount
        ]


def _counted(rows: Iterable[Held[Term]], of: str | None) -> Iterator[Group]:
    for held in _by_metric(rows, _COUNTS, of):
        yield [
            Value(amount=one.fact.quantity, words=term_words(one.fact), source=one) for one in held if one.fact.quantity
        ]


def _by_metric(rows: Iterable[Held[Term]], kinds: tuple[TermKind, ...], of: str | None) -> Iterator[list[Held[Term]]]:
    chosen: dict[str, list[Held[Term]]] = {}
    for row in rows:
        metric = row.fact.metric
        if metric and row.fact.term in kinds and (of is None or set(of.split("_")) <= set(metric.split("_"))):
            chosen.setdefault(metric, []).append(row)
    yield from chosen.values()


def _bills(key: Key, scope: Scope, knowledge: Knowledge) -> Iterator[Group]:
    """What the plans charge, or charged, at each use around."""
    by_use: dict[str, list[Value]] = {}
    for plan in dict.fromkeys(held.fact.slug for held in knowledge.plans_ever(key)):
        for value in plan_bills(key, plan, scope, knowledge):
            by_use.setdefault(value.words.partition(" at ")[2], []).append(value)
    yield from by_use.values()
