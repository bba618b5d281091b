"""Everything that money around a statement may amount to: what is published, and what follows at the figures around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product

from pricing_pipeline.claims.knowledge import BEGINNING, INSTANT, Held, Key, Knowledge, Window
from pricing_pipeline.claims.scopes import Scope
from pricing_pipeline.claims.words import fee_words, term_words
from pricing_pipeline.facts import PriceKind, State, Term, TermKind
from pricing_pipeline.results import Workload
from pricing_pipeline.wording import counted, money, number

_MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "half_year": Decimal(6), "year": Decimal(12)}
# A text that names more uses, or more people, than this is no reckoning any more.
_MOST_USES = 400
_MOST_NUMBERS = 24
_MOST_PEOPLE = 500
# So many of something are a use, whatever they are called; fewer are steps, places or people.
_MANY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An amount with the words for what it is, a fact on which it rests, and the uses at which it arises."""

    amount: Decimal
    words: str
    source: Held[Term] | None = None
    uses: frozenset[Decimal] = frozenset()


def values_of(key: Key, scope: Scope, knowledge: Knowledge) -> Iterator[Value]:
    """What money said of a product may be, now or formerly: a fee, a rate, a multiple of them, a bill."""
    rows = knowledge.terms_of(key, None, Window(BEGINNING, knowledge.as_of))
    for held in rows:
        if held.fact.amount is not None:
            yield from _of_term(held, rows, scope)
    yield from bills_of(key, scope, knowledge)


def _of_term(held: Held[Term], rows: Sequence[Held[Term]], scope: Scope) -> Iterator[Value]:
    term, words = held.fact, term_words(held.fact)
    for amount in (term.amount, term.amount_max):
        if amount is None:
            continue
        yield Value(amount=amount, words=words, source=held)
        if term.term is TermKind.RECURRING_FEE:
            own = (row.fact for row in rows if row.fact.plan == term.plan and row.fact.metric == "seat")
            yield from _of_fee(amount, held, scope, [one.quantity for one in own if one.quantity is not None])
        elif term.term is TermKind.USAGE_RATE:
            yield from _of_rate(amount, held, rows, scope)


def _people(scope: Scope) -> list[Decimal]:
    """The numbers around that may be people."""
    return sorted(size for size in scope.numbers if 1 < size <= _MOST_PEOPLE and size == int(size))[:_MOST_NUMBERS]


def _of_fee(amount: Decimal, held: Held[Term], scope: Scope, seats: Iterable[Decimal]) -> Iterator[Value]:
    """A fee by the month and by the year, for each of so many people, and shared among them."""
    own = _MONTHS.get(held.fact.billing_period or "month", Decimal(1))
    people_around = sorted({*_people(scope), *seats})
    for months in (Decimal(1), Decimal(12)):
        by = amount / own * months
        yield Value(amount=by, words=fee_words(held.fact), source=held)
        for people in people_around:
            if held.fact.metric is not None:
                yield Value(amount=by * people, words=f"{fee_words(held.fact)} for {number(people)}", source=held)
            else:
                yield Value(amount=by / people, words=f"{fee_words(held.fact)} among {number(people)}", source=held)


def _of_rate(amount: Decimal, held: Held[Term], rows: Iterable[Held[Term]], scope: Scope) -> Iterator[Value]:
    """What so many units come to, all of them or those beyond an allowance; and what an allowance would be worth."""
    one = amount / (held.fact.per_quantity or Decimal(1))
    metric = str(held.fact.metric)
    held_sizes = {
        row.fact.quantity
        for row in rows
        if row.fact.term is TermKind.ALLOWANCE and row.fact.metric == metric and row.fact.quantity
    }
    sizes = said_of(metric, scope) | {size for size in scope.numbers if size >= _MANY}
    beyond = {size - allowed for size in sizes for allowed in held_sizes if size > allowed}
    for size in sorted(sizes | held_sizes | beyond):
        yield Value(amount=one * size, words=f"{counted(size, metric)} at {term_words(held.fact)}", source=held)


def bills_of(key: Key, scope: Scope, knowledge: Knowledge) -> Iterator[Value]:
    """What each plan charges, or charged, a month at the uses around."""
    for plan in dict.fromkeys(held.fact.slug for held in knowledge.plans_ever(key)):
        yield from plan_bills(key, plan, scope, knowledge)


def plan_bills(
    key: Key,
    plan: str,
    scope: Scope,
    knowledge: Knowledge,
    *,
    base: Mapping[str, Decimal] | None = None,
    now: bool = False,
    held: bool = True,
) -> Iterator[Value]:
    """What one plan charges a month at the uses around, now and before each change; with `now` only now.

    `base` is a use that is certain, to which others may come; with `held` an allowance may be used up in full.
    """
    rows = knowledge.terms_of(key, plan, Window(BEGINNING, knowledge.as_of))
    for usage in uses_of(scope, rows, base or {}, held=held):
        workload = Workload(slug="around", name="around", usage=usage)
        use = ", ".join(counted(quantity, metric) for metric, quantity in usage.items())
        for moment in [knowledge.now] if now else moments(rows, knowledge):
            cost = knowledge.cost(key, plan, workload, moment)
            for amount in () if cost is None else dict.fromkeys((cost.low, cost.high)):
                if amount is not None and cost is not None:
                    words = f"{money(amount, cost.currency)} at {use}"
                    uses = frozenset(usage.values())
                    yield Value(amount=amount, words=words, source=next(iter(rows), None), uses=uses)


def uses_of(
    scope: Scope, rows: Iterable[Held[Term]], base: Mapping[str, Decimal], *, held: bool
) -> Iterator[Mapping[str, Decimal]]:
    """The uses that the figures around may mean, of each metric one or none."""
    rows = list(rows)
    sizes: dict[str, list[Decimal]] = {}
    for metric in sorted(
        {row.fact.metric for row in rows if row.fact.metric and row.fact.amount is not None} - set(base)
    ):
        said = said_of(metric, scope) | {
            row.fact.quantity
            for row in rows
            if held and row.fact.term is TermKind.ALLOWANCE and row.fact.metric == metric and row.fact.quantity
        }
        if said:
            sizes[metric] = sorted(said)
    options = ([None, *said] for said in sizes.values())
    for chosen in islice(product(*options), _MOST_USES):
        usage = {metric: size for metric, size in zip(sizes, chosen, strict=True) if size is not None} | dict(base)
        if usage:
            yield usage


def said_of(metric: str, scope: Scope) -> set[Decimal]:
    """How many of a metric the figures around may mean."""
    said = {size for unit, found in scope.uses.items() if unit_is(unit, metric) for size in found}
    if metric == "seat":
        return said | set(_people(scope))
    if metric.endswith("minute"):
        said |= {size * 60 for size in scope.uses.get("hour", ())}
    counted_otherwise = {size for found in scope.uses.values() for size in found}
    return said | {size for size in scope.own_numbers if size >= _MANY and size not in counted_otherwise}


def unit_is(said: str, metric: str) -> bool:
    """Whether a unit may stand for a metric: "minute" for "serverless minute"."""
    return said == metric or set(said.split("_")) <= set(metric.split("_"))


def moments(rows: Iterable[Held[Term]], knowledge: Knowledge) -> list[Window]:
    """Now, and the last moment before each change."""
    ends = sorted({held.until - INSTANT for held in rows if held.until is not None}, reverse=True)
    return [knowledge.now, *(Window(end, end) for end in ends)]


def is_whole(key: Key, knowledge: Knowledge) -> bool:
    """Whether all prices of a product are known, or known to be on request: then what fits none is none."""
    plans = [held for held in knowledge.plans_of(key) if held.hosted]
    return bool(plans) and all(_is_priced(key, held.fact.slug, held.fact.state, knowledge) for held in plans)


def _is_priced(key: Key, plan: str, state: State, knowledge: Knowledge) -> bool:
    if state in (State.FREE, State.CONTACT_SALES):
        return True
    terms = [held.fact for held in knowledge.terms_of(key, plan) if held.fact.price_kind is not PriceKind.LIST]
    return any(term.amount is not None or term.state in (State.FREE, State.CONTACT_SALES) for term in terms)
