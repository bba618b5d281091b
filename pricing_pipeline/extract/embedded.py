"""Plans in the state that a page embeds as JSON (__NEXT_DATA__ and its kin), for pages whose scripts draw them from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from pricing_pipeline import units
from pricing_pipeline.extract.kinds import kind_of
from pricing_pipeline.extract.labels import is_name
from pricing_pipeline.extract.page import Draft, Page, slug, storable
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.states import Json, embedded_states
from pricing_pipeline.extract.states import State as Embedded
from pricing_pipeline.extract.wording import clean_name, is_contact, is_free
from pricing_pipeline.facts import State, Term, TermKind

MOST_NODES = 60_000
MOST_PLANS = 40
MOST_LISTS = 50
LEAST_YEARS_WORTH = 5
_NAMES = ("name", "title", "planName", "displayName", "label")
_NAMES_SET = frozenset(_NAMES)
# What a price field is called, and the period that its name gives.
_PRICES = {
    "price": None,
    "amount": None,
    "monthlyPrice": "month",
    "priceMonthly": "month",
    "monthly_price": "month",
    "price_monthly": "month",
    "yearlyPrice": "year",
    "annualPrice": "year",
    "priceYearly": "year",
    "priceAnnual": "year",
    "yearly_price": "year",
    "annual_price": "year",
    "price_yearly": "year",
    "price_annual": "year",
    "monthly": "month",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
    "display": None,
    "displayPrice": None,
    "cost": None,
    "pricing": None,
}
_NESTED = {"monthly": "month", "month": "month", "yearly": "year", "annual": "year", "annually": "year", "year": "year"}
_PLAIN = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,2})?")
_INTERVALS = ("interval", "period", "billingPeriod", "billing_period", "billingInterval", "per")
_FEATURES = ("features", "items", "bullets", "limits", "included", "highlights")


def read_embedded(page: Page) -> list[Found]:
    """The plans in a page's embedded state: the longest list of objects that each hold a name, of which some hold a price."""
    best: list[Found] = []
    for state in embedded_states(page.document):
        for rows in islice((rows for rows in _lists(state.said) if _are_priced(rows)), MOST_LISTS):
            found = _plans(page, rows, state)
            if len(found) > len(best):
                best = found
    return best


def _are_priced(rows: list[dict[str, Json]]) -> bool:
    return all(not _PRICES.keys().isdisjoint(row) and not _NAMES_SET.isdisjoint(row) for row in rows[:MOST_PLANS])


def _lists(said: Json) -> Iterator[list[dict[str, Json]]]:
    """Every list of at least two objects, breadth first, up to a bound."""
    queue: list[Json] = [said]
    for count, node in enumerate(queue):
        if count > MOST_NODES:
            return
        if isinstance(node, dict):
            queue.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            rows = [row for row in node if isinstance(row, dict)]
            if len(rows) >= 2 and len(rows) == len(node):
                yield rows
            queue.extend(value for value in node if isinstance(value, dict | list))


def _plans(page: Page, rows: list[dict[str, Json]], state: Embedded) -> list[Found]:
    found: dict[str, Found] = {}
    for row in rows[:MOST_PLANS]:
        printed = next((row[key] for key in _NAMES if isinstance(row.get(key), str)), "")
        if not is_name(clean_name(printed)) or not any(key in row for key in _PRICES):
            return []
        plan = _plan(page, row, printed, state)
        if plan is not None:
            found.setdefault(plan.slug, plan)
    amounts = any(draft.term.amount is not None for plan in found.values() for draft in plan.drafts)
    return list(found.values()) if amounts else []


def _plan(page: Page, row: dict[str, Json], printed: str, state: Embedded) -> Found | None:
    evidence = state.quote(printed)
    if evidence is None:
        return None
    name = clean_name(printed)
    plan = Found(slug=slug(name), name=name, state=State.STATED, evidence=evidence)
    terms = [term for field in _fields(row) if (term := _fee(page, field, plan, printed, state)) is not None]
    terms = _settled(plan, terms)
    for key in _FEATURES:
        lines = row.get(key)
        for line in lines if isinstance(lines, list) else ():
            if isinstance(line, str) and len(line) < 160:
                terms.extend(_counts(page, line, plan.slug, state))
    plan.drafts.extend(Draft(term=term, way="embedded") for term in terms)
    return plan


def _fields(row: dict[str, Json]) -> Iterator[tuple[str, str | None, Json, dict[str, Json]]]:
    """An object's price fields: key, the period that it names, value, and what stands around the value."""
    for key, period in _PRICES.items():
        value = row.get(key)
        if not isinstance(value, dict):
            yield key, period, value, row
            continue
        around = {**row, **value}
        yield from ((inner, span, value[inner], around) for inner, span in _NESTED.items() if inner in value)
        yield from ((inner, period, value[inner], around) for inner in ("amount", "value", "price") if inner in value)


def _fee(
    page: Page,
    field: tuple[str, str | None, Json, dict[str, Json]],
    plan: Found,
    printed: str,
    state: Embedded,
) -> Term | None:
    """The fee in a price field: a number with its currency and period, or a printed price."""
    key, named, value, around = field
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return _numeric((key, named, Decimal(value), around), plan, printed, state)
    if isinstance(value, Decimal):
        return _numeric(field, plan, printed, state)
    if not isinstance(value, str) or len(value) > 60:
        return None
    evidence = state.quote_field(printed, key, value)
    if evidence is None:
        return None
    amounts = page.amounts(value)
    is_zero = len(amounts) == 1 and amounts[0].amount == 0 and amounts[0].amount_max is None
    if is_contact(value) or is_free(value) or is_zero:
        told = State.CONTACT_SALES if is_contact(value) else State.FREE
        return Term(plan=plan.slug, term=TermKind.RECURRING_FEE, state=told, evidence=evidence)
    period = (amounts[0].period if amounts else None) or _interval(around) or named
    if len(amounts) != 1 or period not in ("month", "year", "quarter"):
        return None
    return Term(
        plan=plan.slug,
        term=TermKind.RECURRING_FEE,
        metric=amounts[0].metric,
        amount=amounts[0].amount,
        currency=amounts[0].currency,
        billing_period=period,
        commitment=period,
        evidence=evidence,
    )


def _numeric(
    field: tuple[str, str | None, Json, dict[str, Json]], plan: Found, printed: str, state: Embedded
) -> Term | None:
    key, named, value, around = field
    evidence = state.quote_field(printed, key, str(value)) if storable(value) else None
    if evidence is None:
        return None
    if value == 0:
        return Term(plan=plan.slug, term=TermKind.RECURRING_FEE, state=State.FREE, evidence=evidence)
    currency, period = around.get("currency"), _interval(around) or named
    if not isinstance(currency, str) or not currency.isupper() or len(currency) != 3 or period is None:
        return None  # a bare number may be cents, as it is beside "usd"; a number without a currency anything
    unit = around.get("unit")
    return Term(
        plan=plan.slug,
        term=TermKind.RECURRING_FEE,
        metric=units.metric(unit) if isinstance(unit, str) else None,
        amount=value,
        currency=currency,
        billing_period=period,
        commitment=period,
        evidence=evidence,
    )


def _settled(plan: Found, terms: list[Term]) -> list[Term]:
    """A plan's fees, of which a year's may be what a month costs in a year; sets the plan's state."""
    amounts = [term for term in terms if term.amount is not None]
    if not amounts:
        plan.state = terms[0].state if terms else State.STATED
        return terms[:1]
    monthly = next((term.amount for term in amounts if term.billing_period == "month"), None)
    return [
        term
        for term in {term.key: term for term in reversed(amounts)}.values()
        if term.billing_period != "year" or monthly is None or (term.amount or 0) >= monthly * LEAST_YEARS_WORTH
    ][::-1]


def _interval(row: dict[str, Json]) -> str | None:
    return next(
        (
            period
            for key in _INTERVALS
            if isinstance(row.get(key), str) and (period := units.period(row[key])) is not None
        ),
        None,
    )


def _counts(page: Page, line: str, plan: str, state: Embedded) -> Iterator[Term]:
    evidence = state.quote(line)
    for quantity in page.quantities(line) if evidence else ():
        if not units.is_known(quantity.metric) or evidence is None or not storable(quantity.quantity):
            continue
        yield Term(
            plan=plan,
            term=kind_of(quantity.metric, quantity.period),
            metric=quantity.metric,
            state=State.UNLIMITED if quantity.unlimited else State.STATED,
            quantity=quantity.quantity_max or quantity.quantity,
            billing_period=quantity.period,
            unit_as_printed=quantity.unit_as_printed,
            evidence=evidence,
        )
