"""The pricing tiers of a product: every plan with all its terms, and no empty place that could be read as zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pricing_pipeline.catalog import StandingPlan, StandingTerm
from pricing_pipeline.facts import State, Surface, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import (
    Cell,
    Column,
    Row,
    Table,
    absent,
    not_applicable,
    plan_column,
    price_of_plan,
    term_cell,
)
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import noun

_KIND_ORDER = (
    TermKind.RECURRING_FEE,
    TermKind.MINIMUM_SPEND,
    TermKind.ALLOWANCE,
    TermKind.USAGE_RATE,
    TermKind.LIMIT,
    TermKind.ONE_TIME_FEE,
    TermKind.UNIT_DEFINITION,
)
_OF_HOSTING = frozenset({TermKind.ALLOWANCE, TermKind.USAGE_RATE, TermKind.LIMIT, TermKind.MINIMUM_SPEND})
_Line = dict[str | None, StandingTerm]


def pricing_tiers(shelf: Shelf, product: str) -> Table:
    """Every plan of a product with all its terms: a column for each plan, a row for each kind of term."""
    plans = shelf.plans.get(product, [])
    name = shelf.names.product(product)
    lines = _lines(shelf.terms.get(product, []))
    rows = [_tier_row(label, kind, line, plans, shelf) for (kind, label), line in lines.items()]
    prices = tuple(price_of_plan(plan) for plan in plans)
    if not any(kind is TermKind.RECURRING_FEE for kind, _ in lines) and any(cell.figure for cell in prices):
        rows.insert(0, Row(label="Price", cells=prices))
    if not plans:
        rows = [Row(label=label, cells=tuple(map(term_cell, line.values()))) for (_, label), line in lines.items()]
    columns = tuple(plan_column(plan) for plan in plans) or ((Column(label="Every plan"),) if rows else ())
    return Table(
        slug=f"tiers-{product}",
        caption=f"{name}: every plan and its terms",
        corner="Term",
        columns=columns,
        rows=tuple(rows),
    )


def _lines(terms: Sequence[StandingTerm]) -> dict[tuple[TermKind, str], _Line]:
    """Terms by kind and row heading; two of one plan under one heading get headings that tell them apart."""
    lines: dict[tuple[TermKind, str], _Line] = {}
    priced = {row.term.plan for row in terms if _is_fee(row.term) and row.term.billing_period is not None}
    for standing in sorted(terms, key=lambda row: _KIND_ORDER.index(row.term.term)):
        if priced and standing.term.plan not in priced and _is_free_or_on_request(standing.term):
            continue  # it stands in the rows of the others' prices
        for label in _headings(_with_period(standing.term, terms)):
            line = lines.setdefault((standing.term.term, label), {})
            if line.setdefault(standing.term.plan, standing) is standing:
                break
    return lines


def _with_period(term: Term, terms: Sequence[StandingTerm]) -> Term:
    """What is not included, or without limit, is so in the period of what the other plans include, if they agree on one:
    a row of its own would say "not stated" of both beside it."""
    if term.term is not TermKind.ALLOWANCE or term.state is State.STATED or term.billing_period is not None:
        return term
    like = (row.term for row in terms if (row.term.term, row.term.metric) == (term.term, term.metric))
    periods = {other.billing_period for other in like if other.state is State.STATED}
    return replace(term, billing_period=periods.pop()) if len(periods) == 1 else term


def _headings(term: Term) -> list[str]:
    """Headings for a term, each more particular than the one before it; the last is its own alone."""
    heading, found = phrases.term_label(term), []
    found.append(heading)
    particulars = (noun(term.metric) if term.metric else None, term.currency, term.country, term.unit_as_printed)
    for particular in (*particulars, phrases.line(term.evidence.quote, 80), "-".join(str(part) for part in term.key)):
        if particular:
            heading = f"{heading} ({phrases.line(particular, 60)})"
            found.append(heading)
    return found


def _tier_row(label: str, kind: TermKind, line: _Line, plans: Sequence[StandingPlan], shelf: Shelf) -> Row:
    hidden = all(standing.term.evidence.surface is Surface.INACTIVE_PANE for standing in line.values())
    note = "shown on the page after a switch of the billing period" if hidden else ""
    return Row(label=label, cells=tuple(_tier_cell(kind, line, plan, shelf) for plan in plans), note=note)


def _tier_cell(kind: TermKind, line: _Line, plan: StandingPlan, shelf: Shelf) -> Cell:
    of_hosting = not plan.hosted and kind in _OF_HOSTING
    standing = line.get(plan.plan.slug) or (None if of_hosting else line.get(None))
    if standing is not None:
        return term_cell(standing)
    own = [row.term for row in shelf.terms.get(plan.product, ()) if row.term.plan == plan.plan.slug]
    if kind is TermKind.RECURRING_FEE:
        return _price(plan, shelf)
    metric = next(iter(line.values())).term.metric
    if kind is TermKind.USAGE_RATE and any(_unlimited(term, metric) for term in own):
        return not_applicable("use is unlimited")
    if of_hosting:
        return not_applicable()
    return absent(State.NOT_STATED)


def _price(plan: StandingPlan, shelf: Shelf) -> Cell:
    """What stands in a row of prices for a plan that has none of that sort."""
    fees = [row for row in shelf.terms.get(plan.product, ()) if row.term.plan == plan.plan.slug and _is_fee(row.term)]
    for fee in fees:
        if len(fees) == 1 and _is_free_or_on_request(fee.term):
            return term_cell(fee)
    return absent(State.NOT_STATED) if fees else price_of_plan(plan)


def _is_fee(term: Term) -> bool:
    return term.term is TermKind.RECURRING_FEE


def _is_free_or_on_request(term: Term) -> bool:
    """Whether a fee is said in a word that holds for every period."""
    return _is_fee(term) and term.state is not State.STATED and term.billing_period is None


def _unlimited(term: Term, metric: str | None) -> bool:
    return term.metric == metric and term.term is TermKind.ALLOWANCE and term.state is State.UNLIMITED
