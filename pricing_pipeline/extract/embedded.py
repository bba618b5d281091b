"""Reading the state that frameworks embed as JSON (__NEXT_DATA__ and its kin), for pages whose scripts draw the plans from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pricing_pipeline import units
from pricing_pipeline.extract.features import kind_of
from pricing_pipeline.extract.labels import is_name
from pricing_pipeline.extract.page import Draft, Page, slug, storable
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.wording import clean_name, is_contact, is_free
from pricing_pipeline.facts import Evidence, State, Surface, Term, TermKind

LARGEST = 4_000_000
MOST_NODES = 60_000
_NAMES = ("name", "title", "planName", "displayName", "label")
_PRICES = (
    "price",
    "amount",
    "monthlyPrice",
    "priceMonthly",
    "yearlyPrice",
    "annualPrice",
    "priceYearly",
    "priceAnnual",
    "display",
    "displayPrice",
    "cost",
    "pricing",
)
_PERIOD_KEY = {
    "monthlyPrice": "month",
    "priceMonthly": "month",
    "yearlyPrice": "year",
    "annualPrice": "year",
    "priceYearly": "year",
    "priceAnnual": "year",
}
_INTERVALS = ("interval", "period", "billingPeriod", "billing_period", "billingInterval", "per")
_FEATURES = ("features", "items", "bullets", "limits", "included", "highlights")
_INLINE = re.compile(r"^\s*(?:window\.|var |let |const |self\.)?[\w.$\[\]'\"]{1,60}\s*=\s*(?=[{\[])")

Json = Any  # what json.loads gives; narrowed where it is read


def read_embedded(page: Page) -> list[Found]:
    """The plans in a page's embedded state: the longest list of objects that each hold a name, of which some hold a price."""
    best: list[Found] = []
    for kind, _, text in page.document.scripts:
        if len(text) > LARGEST or "ld+json" in kind:
            continue
        state = _parsed(kind, text)
        if state is None:
            continue
        for rows in _lists(state):
            found = _plans(page, rows, text)
            if len(found) > len(best):
                best = found
    return best


def _parsed(kind: str, text: str) -> Json:
    body = text.strip()
    if "json" not in kind:
        start = _INLINE.match(body)
        if start is None:
            return None
        body = body[start.end() :].rstrip().rstrip(";")
    try:
        return json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda _: None)
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _lists(state: Json) -> Iterator[list[dict[str, Json]]]:
    """Every list of at least two objects, breadth first, up to a bound."""
    queue: list[Json] = [state]
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


def _plans(page: Page, rows: list[dict[str, Json]], text: str) -> list[Found]:
    found: dict[str, Found] = {}
    for row in rows[:40]:
        name = clean_name(next((row[key] for key in _NAMES if isinstance(row.get(key), str)), ""))
        if not is_name(name) or not any(key in row for key in _PRICES):
            return []
        plan = _plan(page, row, name, text)
        if plan is not None:
            found.setdefault(plan.slug, plan)
    amounts = any(draft.term.amount is not None for plan in found.values() for draft in plan.drafts)
    return list(found.values()) if amounts else []


def _plan(page: Page, row: dict[str, Json], name: str, text: str) -> Found | None:
    evidence = _quote(text, f'"{name}"')
    if evidence is None:
        return None
    plan = Found(slug=slug(name), name=name, state=State.STATED, evidence=evidence)
    for key in _PRICES:
        term = _fee(page, row, key, row.get(key), plan, text)
        if term is not None:
            plan.drafts.append(Draft(term=term, way="embedded"))
            break
    for key in _FEATURES:
        lines = row.get(key)
        for line in lines if isinstance(lines, list) else ():
            if isinstance(line, str) and len(line) < 160:
                plan.drafts.extend(Draft(term=term, way="embedded") for term in _counts(page, line, plan.slug, text))
    return plan


def _fee(page: Page, row: dict[str, Json], key: str, value: Json, plan: Found, text: str) -> Term | None:
    """The fee in a price field: an object with amount and currency, a number with its period, or a printed price."""
    if isinstance(value, dict):
        inner = next((value[k] for k in ("amount", "value", "price", "monthly") if k in value), None)
        return _numeric(inner, {**row, **value}, key, plan, text)
    if isinstance(value, Decimal):
        return _numeric(value, row, key, plan, text)
    if not isinstance(value, str) or len(value) > 60:
        return None
    evidence = _quote(text, f'"{value}"')
    if evidence is None:
        return None
    if is_free(value) or is_contact(value):
        plan.state = State.FREE if is_free(value) else State.CONTACT_SALES
        return Term(plan=plan.slug, term=TermKind.RECURRING_FEE, state=plan.state, evidence=evidence)
    amounts = page.amounts(value)
    period = (amounts[0].period if amounts else None) or _interval(row) or _PERIOD_KEY.get(key)
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


def _numeric(value: Json, row: dict[str, Json], key: str, plan: Found, text: str) -> Term | None:
    currency = row.get("currency")
    period = _interval(row) or _PERIOD_KEY.get(key)
    if not isinstance(value, Decimal) or not isinstance(currency, str) or period is None or not storable(value):
        return None  # a bare number may be cents, and a number without a currency anything
    evidence = _quote(text, f'"{plan.name}"', str(value))
    if evidence is None:
        return None
    if value == 0:
        plan.state = State.FREE
        return Term(plan=plan.slug, term=TermKind.RECURRING_FEE, state=State.FREE, evidence=evidence)
    unit = row.get("unit")
    metric = units.metric(unit) if isinstance(unit, str) else None
    return Term(
        plan=plan.slug,
        term=TermKind.RECURRING_FEE,
        metric=metric,
        amount=value,
        currency=currency.upper()[:3],
        billing_period=period,
        commitment=period,
        evidence=evidence,
    )


def _interval(row: dict[str, Json]) -> str | None:
    return next(
        (
            period
            for key in _INTERVALS
            if isinstance(row.get(key), str) and (period := units.period(row[key])) is not None
        ),
        None,
    )


def _counts(page: Page, line: str, plan: str, text: str) -> Iterator[Term]:
    evidence = _quote(text, line)
    for quantity in page.quantities(line) if evidence else ():
        if not units.is_known(quantity.metric) or evidence is None or not storable(quantity.quantity):
            continue
        state = State.UNLIMITED if quantity.unlimited else State.STATED
        yield Term(
            plan=plan,
            term=kind_of(quantity.metric, quantity.period),
            metric=quantity.metric,
            state=state,
            quantity=quantity.quantity_max or quantity.quantity,
            billing_period=quantity.period,
            unit_as_printed=quantity.unit_as_printed,
            evidence=evidence,
        )


def _quote(text: str, *parts: str) -> Evidence | None:
    """The stretch of the script that holds these parts in order, as evidence."""
    start = text.find(parts[0])
    end = start + len(parts[0])
    for part in parts[1:]:
        end = text.find(part, end) + len(part) if text.find(part, end) >= 0 else -1
    if start < 0 or end < start or end - start > 400:
        return None
    return Evidence(quote=" ".join(text[start:end].split()), locator="script", surface=Surface.STRUCTURED)
