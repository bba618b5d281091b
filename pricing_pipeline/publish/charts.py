"""How prices, allowances and rates moved: a chart for each kind of term with a line for each plan, drawn from history.

Pixels are floats; amounts stay decimals to the labels. A state without a figure leaves a gap, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from pricing_pipeline.catalog import TermPeriod
from pricing_pipeline.facts import PriceKind, State, Surface, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import money, number

WIDTH, HEIGHT = 760, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 560, 16, 212
_LABEL = 17
# More lines than there are colours and dashes cannot be told apart.
STYLES = 8
_DRAWN = frozenset({TermKind.RECURRING_FEE, TermKind.USAGE_RATE, TermKind.ALLOWANCE, TermKind.LIMIT})
_ZERO = frozenset({State.FREE, State.NOT_INCLUDED})


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a term was from one day to the next; `value` is None where there is no figure."""

    since: datetime
    until: datetime
    value: Decimal | None
    text: str
    short: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One plan's line: the path of its steps, and its label at the end (`None` where it ends before the chart does)."""

    plan: str
    style: int
    path: str
    dots: tuple[tuple[float, float], ...]
    label: str
    label_y: float
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart. `grid` are heights with their figures, `days` places with their dates."""

    id: str
    title: str
    summary: str
    lines: tuple[Line, ...]
    grid: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str, str], ...]


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
    for period in shelf.history.get(product, ()):
        if _is_drawn(period):
            group = groups.setdefault(_title(period.term), {})
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


def _is_drawn(period: TermPeriod) -> bool:
    term = period.term
    shown = term.evidence.surface is not Surface.INACTIVE_PANE and term.price_kind is not PriceKind.LIST
    return shown and not period.is_ahead and term.term in _DRAWN


def _title(term: Term) -> str:
    where = "" if term.currency in (None, "USD") else f" ({term.currency})"
    return f"{phrases.term_label(term)}{where}"


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
    found = {
        names.get(plan or "", plan or "Every plan"): _stretches(periods, end)
        for plan, periods in list(plans.items())[:STYLES]
    }
    every = [stretch for stretches in found.values() for stretch in stretches]
    start = min(stretch.since for stretch in every)
    top = max((stretch.value for stretch in every if stretch.value is not None), default=Decimal(0)) or Decimal(1)
    term = next(iter(plans.values()))[0].term
    heights = _spread([_label_height(stretches, top) for stretches in found.values()])
    lines = tuple(
        _line(plan, style, stretches, start, end, top, heights[style])
        for style, (plan, stretches) in enumerate(found.items())
    )
    return Chart(
        id=f"chart-{product}-{place}",
        title=f"{shelf.names.product(product)}: {title[:1].lower()}{title[1:]}" if title[1:2].islower() else title,
        summary="; ".join(_said(line) for line in lines),
        lines=lines,
        grid=tuple(
            (_y(part * top, top), _figure(part * top, term)) for part in (Decimal(0), Decimal("0.5"), Decimal(1))
        ),
        days=_days(every, start, end),
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


def _line(
    plan: str, style: int, stretches: tuple[Stretch, ...], start: datetime, end: datetime, top: Decimal, label_y: float
) -> Line:
    path, dots, before = "", [], None
    for stretch in stretches:
        if stretch.value is None:
            before = None
            continue
        x, y, until = _x(stretch.since, start, end), _y(stretch.value, top), _x(stretch.until, start, end)
        joins = before == stretch.since
        path += f"{'L' if joins else 'M'}{x:.1f} {y:.1f}L{until:.1f} {y:.1f}"
        dots.append((x, y))
        before = stretch.until
    last = stretches[-1]
    ended = "" if last.is_open else f", until {phrases.day(last.until)}"
    return Line(
        plan=plan,
        style=style,
        path=path,
        dots=tuple((round(x, 1), round(y, 1)) for x, y in dots),
        label=f"{plan}: {_short(last.short)}{ended}",
        label_y=label_y,
        stretches=stretches,
    )


def _said(line: Line) -> str:
    steps = ", ".join(f"{stretch.text} from {phrases.day(stretch.since)}" for stretch in line.stretches)
    return f"{line.plan}: {steps}"


def _short(text: str) -> str:
    """A label fits beside its line."""
    return text if len(text) <= 22 else f"{text[:21].rstrip()}…"


def _label_height(stretches: Sequence[Stretch], top: Decimal) -> float:
    known = [stretch.value for stretch in stretches if stretch.value is not None]
    return _y(known[-1], top) if known else float(_BOTTOM)


def _spread(heights: Sequence[float]) -> list[float]:
    """The heights of labels, moved apart so that none lies on another."""
    placed = list(heights)
    order = sorted(range(len(heights)), key=lambda place: (heights[place], place))
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + _LABEL)
    over = max(placed, default=0.0) - (HEIGHT - 12)
    if over > 0:
        placed = [height - over for height in placed]
        for after, before in pairwise(reversed(order)):
            placed[before] = min(placed[before], placed[after] - _LABEL)
    return [round(height, 1) for height in placed]


def _x(moment: datetime, start: datetime, end: datetime) -> float:
    share = (moment - start) / (end - start) if end > start else 1.0
    return _LEFT + (_RIGHT - _LEFT) * share


def _y(value: Decimal, top: Decimal) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * float(value / top), 1)


def _figure(value: Decimal, term: Term) -> str:
    return money(value, term.currency) if term.currency is not None else number(value)


def _days(stretches: Sequence[Stretch], start: datetime, end: datetime) -> tuple[tuple[float, str, str], ...]:
    """The first day, the last one, and each day on which something moved that has room between them."""
    moments = [start, *sorted({stretch.since for stretch in stretches} - {start}), end]
    kept: list[tuple[float, str, str]] = []
    for moment in moments:
        x = round(_x(moment, start, end), 1)
        is_last = moment == end
        if kept and kept[-1][1] == phrases.day(moment):
            continue
        while is_last and len(kept) > 1 and x - kept[-1][0] < 95:
            kept.pop()
        if not kept or x - kept[-1][0] >= 95:
            kept.append((x, phrases.day(moment), "start" if not kept else "end" if is_last else "middle"))
    return tuple(kept)
