"""How prices, allowances and rates moved: a chart for each kind of term with a line for each plan, drawn from history.

A state without a figure leaves a gap, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal

from pricing_pipeline.catalog import TermPeriod
from pricing_pipeline.facts import PriceKind, State, Surface, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.drawing import Chart, Stretch, draw
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import money, number

_DRAWN = frozenset({TermKind.RECURRING_FEE, TermKind.USAGE_RATE, TermKind.ALLOWANCE, TermKind.LIMIT})
_ZERO = frozenset({State.FREE, State.NOT_INCLUDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """The charts of a product: one for each kind of term that moved; `steady` are those that never did."""

    moved: tuple[Chart, ...]
    steady: tuple[str, ...]
    since: datetime | None


def charts(shelf: Shelf, product: str) -> Charts:
    """Draw the history of a product."""
    names = {row.plan.slug: phrases.line(row.plan.name, 60) for row in shelf.plans.get(product, ())}
    groups: dict[str, dict[str | None, list[TermPeriod]]] = {}
    drawn = [period for period in shelf.history.get(product, ()) if _is_drawn(period)]
    drawn += _of_merged(shelf, product, names)
    timed = _timed(period.term for period in drawn)
    for period in drawn:
        title = timed.get((period.term.term, period.term.metric)) if _is_of_any_time(period.term) else None
        group = groups.setdefault(title or _title(period.term), {})
        group.setdefault(period.term.plan, []).append(period)
    moved: list[Chart] = []
    steady: list[str] = []
    for title, plans in groups.items():
        if any(_moves(periods) for periods in plans.values()):
            moved.append(_chart(shelf, product, len(moved), title, plans, names))
        else:
            steady.append(title)
    periods = [one for plans in groups.values() for found in plans.values() for one in found]
    since = min((one.valid_from for one in periods), default=None)
    return Charts(moved=tuple(moved), steady=tuple(dict.fromkeys(steady)), since=since)


def _of_merged(shelf: Shelf, product: str, names: dict[str, str]) -> list[TermPeriod]:
    """The past of the products that were merged into this one, each plan as a line of its own that says whose it was."""
    found: list[TermPeriod] = []
    for one in shelf.registry.taken_in(product):
        called = {row.plan.slug: row.plan.name for row in shelf.plans.get(one.slug, ())}
        for period in filter(_is_drawn, shelf.history.get(one.slug, ())):
            plan = period.term.plan
            line = f"{one.slug}/{plan or ''}"
            name = called.get(plan or "", plan or "Every plan")
            names[line] = f"{phrases.line(name, 60)} ({shelf.names.product(one.slug)})"
            ended = None if one.retired is None else datetime.combine(one.retired, time.min, UTC)
            until = min((moment for moment in (period.valid_to, ended) if moment), default=None)
            found.append(replace(period, term=replace(period.term, plan=line), valid_to=until))
    return found


def _is_drawn(period: TermPeriod) -> bool:
    term = period.term
    shown = term.evidence.surface is not Surface.INACTIVE_PANE and term.price_kind is not PriceKind.LIST
    return shown and not period.is_ahead and term.term in _DRAWN


def _title(term: Term) -> str:
    where = "" if term.currency in (None, "USD") else f" ({term.currency})"
    return f"{phrases.term_label(term)}{where}"


def _is_of_any_time(term: Term) -> bool:
    """Whether a term holds for every period: it names none, and is of nothing or without a figure."""
    return term.billing_period is None and not _value(term)


def _timed(terms: Iterable[Term]) -> dict[tuple[TermKind, str | None], str]:
    """The title of each kind of term that is told for one period alone: where what holds for any period belongs."""
    titles: dict[tuple[TermKind, str | None], set[str]] = {}
    for term in terms:
        if not _is_of_any_time(term):
            titles.setdefault((term.term, term.metric), set()).add(_title(term))
    return {key: min(found) for key, found in titles.items() if len(found) == 1}


def _moves(periods: Sequence[TermPeriod]) -> bool:
    return len({(_value(one.term), one.term.state) for one in periods}) > 1


def _value(term: Term) -> Decimal | None:
    if term.state in _ZERO:
        return Decimal(0)
    return term.amount if term.amount is not None else term.quantity


def _chart(
    shelf: Shelf,
    product: str,
    place: int,
    title: str,
    plans: dict[str | None, list[TermPeriod]],
    names: dict[str, str],
) -> Chart:
    end = shelf.catalog.as_of
    term = next(iter(plans.values()))[0].term
    return draw(
        f"chart-{product}-{place}",
        f"{shelf.names.product(product)}: {title[:1].lower()}{title[1:]}" if title[1:2].islower() else title,
        {names.get(plan or "", plan or "Every plan"): _stretches(periods, end) for plan, periods in plans.items()},
        end=end,
        figure=lambda value: _figure(value, term),
    )


def _stretches(periods: Iterable[TermPeriod], end: datetime) -> tuple[Stretch, ...]:
    ordered = sorted(periods, key=lambda one: one.valid_from)
    found: list[Stretch] = []
    for period, following in zip(ordered, [*ordered[1:], None], strict=True):
        ends = (period.valid_to, following.valid_from if following else None, end)
        last = min(moment for moment in ends if moment is not None)
        text, value = phrases.term(period.term), _value(period.term)
        short = phrases.term_in_a_sentence(period.term) if period.term.state is State.STATED else text
        is_open = period.valid_to is None and following is None
        if found and (found[-1].value, found[-1].text, found[-1].until) == (value, text, period.valid_from):
            found[-1] = Stretch(found[-1].since, last, value, text, short, is_open)
        elif last >= period.valid_from:
            found.append(Stretch(period.valid_from, last, value, text, short, is_open))
    return tuple(found)


def _figure(value: Decimal, term: Term) -> str:
    return money(value, term.currency) if term.currency is not None else number(value)
