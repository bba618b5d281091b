"""What one cell of a table says: an amount or a count, by the words of its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.charges import duration, read_charge
from pricing_pipeline.extract.features import kind_of, line_terms, value_term
from pricing_pipeline.extract.fees import RENTED_BY
from pricing_pipeline.extract.grid import Cell
from pricing_pipeline.extract.page import Page, evidence
from pricing_pipeline.extract.wording import clean_name, has_money, is_contact, is_duration, is_free, is_price_header
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.money import Amount

_MILLION = re.compile(r"百万|\b1M\b|\bper million\b|\bmillion\b", re.IGNORECASE)
_THOUSAND = re.compile(r"千|\b1K\b|\bper 1,?000\b|\bthousand\b", re.IGNORECASE)
_EXTRA_LABEL = re.compile(r"(?:additional|extra|overage|each|per|price per|cost per)\b", re.IGNORECASE)
_COUNTED_IN = re.compile(
    r"\s*(?:/|\bper\b|\ba\b|\beach\b)\s*(month|mo|year|day|hour|week)$|^(monthly|daily|yearly|annual|weekly)\s+",
    re.IGNORECASE,
)
# What rows cap each time rather than count: "Max upload size", "Timeout".
_CAPS = re.compile(r"\b(?:size|timeout|resolution|duration|upload|speed|latency|uptime|sla|response)\b", re.IGNORECASE)
_KEEPS = re.compile(r"\b(?:retention|history|lookback)\b", re.IGNORECASE)
_SPANS = frozenset({"hour", "day", "week", "month", "year"})
_HEADER_PER = re.compile(r"(?:\(\s*(?:[$€£]|usd|eur)?\s*(?:/|per\b)?|/|\bper\b)\s*", re.IGNORECASE)
_NOT_METERED = frozenset({"seat", "month", "year", "day", "week"})
_MEASURES = frozenset({"mb", "gb", "tb"})
_WORDED = re.compile(r"[^\W\d_][^\W_ -]*(?:[ -][^\W\d_]+)*$")
_WORDS = re.compile(r"[^\w]+")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def price_state(page: Page, cell: Cell) -> State | None:
    """Free or on request, where a price cell says so; None where it states an amount, or nothing."""
    text = cell.text
    if is_contact(text):
        return State.CONTACT_SALES
    amounts = [amount.amount for block in cell.blocks for amount in page.amounts_in(block)]
    return State.FREE if is_free(text) or amounts == [0] else None


def is_fee_row(head: str) -> bool:
    """Whether a row, by its label, holds what plans cost rather than what they hold."""
    return not head or is_price_header(head) or is_duration(head)


def cell_counts(page: Page, cell: Cell, head: str, plan: str) -> Iterator[Term]:
    """The allowances and limits in a cell of a row, or of a column, that is labelled `head`."""
    label, span = counted_label(head)
    metric = units.metric(label) if label and len(label.split()) <= 4 else None
    if metric is not None and units.is_known(metric):
        value, told = counted_label(cell.text)
        span = told or span
        term = value_term(page, value, plan, metric, label, cell.blocks)
        if term is not None:
            yield replace(term, billing_period=span, term=TermKind.ALLOWANCE) if span else term
            return
    kept = _kept(page, cell, label, plan)
    if kept is not None:
        yield kept
    elif len(cell.blocks) == 1 and not _CAPS.search(head):
        yield from (of_what(term, label) for term in line_terms(page, cell.blocks[0], plan))


def of_what(term: Term, label: str) -> Term:
    """A bare measure with what its row measures: GB of storage in "Storage | 10 GB"."""
    metric = _of_measure(term.metric, label)
    return replace(term, metric=metric) if metric else term


def _of_measure(metric: str | None, label: str) -> str | None:
    """A bare measure's metric by what a label says is measured; None where it is no bare measure, or the label is no noun."""
    plain = clean_name(label)
    if metric not in _MEASURES or not plain or len(plain.split()) > 3 or not _WORDED.match(plain):
        return None
    return units.metric(f"{plain} {metric}")


def _kept(page: Page, cell: Cell, label: str, plan: str) -> Term | None:
    """How long something is kept: "Log retention | 30 days"."""
    if not _KEEPS.search(label) or len(cell.blocks) != 1 or len(label) > 40:
        return None
    spans = page.quantities(cell.text)
    if len(spans) != 1 or spans[0].quantity is None or spans[0].metric not in _SPANS or spans[0].quantity_max:
        return None
    metric = units.metric(f"{spans[0].unit_as_printed} {clean_name(label)}")
    if metric is None or kind_of(metric, None) is not TermKind.LIMIT:
        return None
    return Term(
        plan=plan,
        term=TermKind.LIMIT,
        metric=metric,
        quantity=spans[0].quantity,
        unit_as_printed=spans[0].unit_as_printed,
        evidence=evidence(cell.blocks),
    )


def counted_label(head: str) -> tuple[str, str | None]:
    """A row's label without the period that it counts in: "API calls per month", "Monthly events"."""
    found = _COUNTED_IN.search(head)
    if found is None:
        return head, None
    return _COUNTED_IN.sub("", head).strip(), units.period(found.group(1) or found.group(2))


def cell_amounts(
    page: Page, cell: Cell, head: str, plan: str | None, *, is_fee: bool, header: str = "", base: str | None = None
) -> Iterator[Term]:
    """The amounts in a cell: fees in a row or column of prices, else rates of what the row is labelled with."""
    block = next((block for block in cell.blocks if has_money(block.text)), None)
    amounts = page.amounts_in(block) if block is not None else ()
    if block is None or len(amounts) != 1:
        return
    amount = amounts[0]
    follow = " ".join(other.text for other in cell.blocks if other.index > block.index and not has_money(other.text))
    charge = read_charge(f"{block.text[amount.end :]} {follow}")
    period = amount.period or charge.period or read_charge(head).period or header_period(header) or base
    commitment = (
        amount.commitment
        or charge.commitment
        or (
            duration(header)
            if is_duration(header) or re.match(r"\d+[- ](?:month|year)", header, re.IGNORECASE)
            else None
        )
    )
    metric, period = _unrolled(amount.metric, period)
    rate = _column_rate(page, header, head) if metric is None else None
    metric = rate.metric if rate else metric
    if is_fee and period in ("month", "year", "quarter"):
        yield _amount_term(
            TermKind.RECURRING_FEE, amount, plan, cell, metric=metric, period=period, commitment=commitment or period
        )
        return
    metric = (
        _qualified(metric, head)
        or _label_metric(head, is_plans=plan is not None and not is_fee)
        or (period if period in RENTED_BY else None)
    )
    if metric is None:
        if is_fee and plan:
            yield _amount_term(
                TermKind.RECURRING_FEE, amount, plan, cell, metric=None, period=period, commitment=commitment
            )
        return
    yield _amount_term(
        TermKind.USAGE_RATE,
        amount,
        plan,
        cell,
        metric=metric if head else _sided(metric, rate.lead if rate else header),
        period=None if period in RENTED_BY else period,
        commitment=commitment,
        step=amount.per_quantity or (rate.per_quantity if rate else _step(f"{head} {header}")),
    )


def _sided(metric: str, header: str) -> str:
    """A metric by the one word that heads its column: tokens put in, tokens put out."""
    is_side = len(header.split()) == 1 and _LETTERS.search(header) is not None
    if not is_side or is_price_header(header) or is_duration(header):
        return metric
    return units.metric(f"{header} {metric}") or metric


@dataclass(frozen=True, slots=True)
class _ColumnRate:
    """What a column's header says its amounts are for; `lead` is what the header says before that."""

    metric: str
    per_quantity: Decimal | None
    lead: str


def _column_rate(page: Page, header: str, head: str) -> _ColumnRate | None:
    """The unit in a header such as "Input (1M tokens)", "Price per GB", "Output / 1M tokens".

    Under one header many rows price many things: a row with a label must name what is measured ("Storage" under "per GB").
    """
    found = _HEADER_PER.search(header)
    rate = units.read_per(f" per {header[found.end() :]}", 0, locale=page.locale) if found else None
    if found is None or rate is None or rate.metric is None:
        return None
    metric = _of_measure(rate.metric, head) if head else rate.metric
    if metric is None or not units.is_known(metric) or metric in _NOT_METERED:
        return None
    return _ColumnRate(metric, rate.per_quantity, header[: found.start()].strip(" ($€£/:–-"))


def _amount_term(
    kind: TermKind,
    amount: Amount,
    plan: str | None,
    cell: Cell,
    *,
    metric: str | None,
    period: str | None,
    commitment: str | None,
    step: Decimal | None = None,
) -> Term:
    return Term(
        plan=plan,
        term=kind,
        metric=metric,
        amount=amount.amount,
        amount_max=amount.amount_max,
        currency=amount.currency,
        per_quantity=step or amount.per_quantity,
        billing_period=period,
        commitment=commitment,
        unit_as_printed=amount.per,
        evidence=evidence(cell.blocks),
    )


def _unrolled(metric: str | None, period: str | None) -> tuple[str | None, str | None]:
    """A "GB-month" is a GB each month."""
    if metric and period is None:
        stem, _, last = metric.rpartition("_")
        if stem and last in ("month", "hour", "year"):
            return stem, last
    return metric, period


def _qualified(metric: str | None, head: str) -> str | None:
    """The metric of a rate for bare time, qualified by what the row is about: minutes of serverless compute."""
    if metric in ("minute", "hour", "second") and head:
        return units.metric(f"{clean_name(head)} {metric}") or metric
    return metric


def _label_metric(head: str, *, is_plans: bool) -> str | None:
    """The metric that a row is labelled with: "Additional users", or in a plan's column any noun that vendors meter."""
    if not is_plans and not _EXTRA_LABEL.match(head):
        return None
    label = re.sub(r"\([^)]*\)", "", head).strip()
    name = units.metric(label) if 0 < len(label) <= 40 and len(label.split()) <= 5 else None
    if name is None or not (units.is_known(name) or (is_plans and not name.isascii())):
        return None
    return _WORDS.sub("_", head.casefold()).strip("_")[:60] if not name.isascii() else name


def _step(text: str) -> Decimal | None:
    return Decimal(1_000_000) if _MILLION.search(text) else Decimal(1000) if _THOUSAND.search(text) else None


def header_period(header: str) -> str | None:
    """The period that the header of a column of prices names."""
    return read_charge(header).period if header and (is_price_header(header) or is_duration(header)) else None
