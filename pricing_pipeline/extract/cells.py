"""What one cell of a table says: an amount or a count, by the words of its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.blocks import Block
from pricing_pipeline.extract.charges import duration, is_once, read_charge, unrolled
from pricing_pipeline.extract.features import before_price, line_terms
from pricing_pipeline.extract.fees import RENTED_BY
from pricing_pipeline.extract.grid import Cell
from pricing_pipeline.extract.kinds import kind_of
from pricing_pipeline.extract.labelled import counted_in, of_measure, of_what, value_term, without_noise
from pricing_pipeline.extract.page import Page, evidence
from pricing_pipeline.extract.required import required_by, required_terms
from pricing_pipeline.extract.wording import clean_name, has_money, is_contact, is_duration, is_free, is_price_header
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.money import Amount
from pricing_pipeline.packs import read_pack_behind

_MILLION = re.compile(r"百万|\b1M\b|\bper million\b|\bmillion\b", re.IGNORECASE)
_THOUSAND = re.compile(r"千|\b1K\b|\bper 1,?000\b|\bthousand\b", re.IGNORECASE)
_EXTRA_LABEL = re.compile(r"(?:additional|extra|overage|each|per|price per|cost per)\b", re.IGNORECASE)
# What rows cap each time rather than count: "Max upload size", "Timeout".
_CAPS = re.compile(
    r"\b(?:(?<!database )(?<!disk )(?<!storage )size|timeout|resolution|duration|upload|speed|latency|uptime|sla|response)\b",
    re.IGNORECASE,
)
_KEEPS = re.compile(r"\b(?:retention|history|lookback)\b", re.IGNORECASE)
_COMMITTED = re.compile(
    r"^(?=\d+[- ](?:month|year))|\b(?:reserved|commit\w*|contract|term)\b.*?(?=\d+[- ]?(?:month|year|mo|yr)s?\b)",
    re.IGNORECASE,
)
_BILLED_HEAD = re.compile(
    r"(?:when |if )?(?:billed|paid|charged|invoiced) (?:monthly|annually|yearly|quarterly|per month|per year|by the year)\W*$",
    re.IGNORECASE,
)
_PER_SEAT = re.compile(r"(?:/|\bper)\s*(?:user|seat|member|editor)\b", re.IGNORECASE)
_PRICE_OF = re.compile(r"^(?:price|cost|rate|fee|charge)s? (?:per|for (?:each|every))\s+", re.IGNORECASE)
# "Minimum seats", "Minimum number of users": how many must be bought.
_LEAST_OF = re.compile(r"^(?:minimum|min\.?|least)(?: (?:number|no\.?|count) of)?\s+(?=\w)", re.IGNORECASE)
_SPANS = frozenset({"hour", "day", "week", "month", "year"})
_HEADER_PER = re.compile(r"(?:\(\s*(?:[$€£]|usd|eur)?\s*(?:/|per\b)?|/|\bper\b)\s*", re.IGNORECASE)
# "$/mo", "€ / month"
_SIGNED_HEADER = re.compile(r"\(?\s*(?:[$€£]|usd|eur|gbp)\s*/", re.IGNORECASE)
_NOT_METERED = frozenset({"seat", "month", "year", "day", "week"})
_WORDS = re.compile(r"[^\w]+")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def stateful_fee(page: Page, cell: Cell, plan: str) -> Term | None:
    """The fee of a price cell that says free or on request; None where it states an amount, or nothing."""
    amounts = [amount for block in cell.blocks for amount in page.amounts_in(block)]
    is_zero = len(amounts) == 1 and amounts[0].amount == 0 and amounts[0].amount_max is None
    if is_contact(cell.text):
        state = State.CONTACT_SALES
    elif is_zero or is_free(cell.text):
        state = State.FREE
    else:
        return None
    return Term(
        plan=plan,
        term=TermKind.RECURRING_FEE,
        state=state,
        currency=amounts[0].currency if is_zero else None,
        evidence=evidence(cell.blocks),
    )


def is_fee_row(head: str) -> bool:
    """Whether a row, by its label, holds what plans cost rather than what they hold."""
    return not head or is_price_header(head) or is_duration(head) or _BILLED_HEAD.match(head) is not None


def cell_counts(page: Page, cell: Cell, head: str, plan: str) -> Iterator[Term]:
    """The allowances and limits in a cell of a row, or of a column, that is labelled `head`."""
    least = _LEAST_OF.match(head)
    label, span = counted_in(without_noise(head[least.end() :] if least else head))
    metric = units.metric(label) if label and len(label.split()) <= 4 else None
    if metric is not None and units.is_known(metric):
        value, told = counted_in(cell.text)
        span = told or span
        term = value_term(page, value, plan, metric, label, cell.blocks)
        if least is not None:
            if term is not None and term.quantity is not None:
                yield replace(term, term=TermKind.MINIMUM_SPEND, billing_period=None)
            return
        if term is not None:
            yield replace(term, billing_period=span, term=TermKind.ALLOWANCE) if span else term
            return
    kept = _kept(page, cell, label, plan)
    if kept is not None:
        yield kept
    elif len(cell.blocks) == 1 and not _CAPS.search(head):
        yield from (of_what(term, label) for term in line_terms(page, cell.blocks[0], plan))


def count_before_price(page: Page, cell: Cell, head: str, plan: str) -> Term | None:
    """The bare count that a cell goes on from to what more costs: "50K, then $0.0003 / error" in a row of errors."""
    label, span = counted_in(without_noise(head))
    lead = before_price(cell.text)
    metric = units.metric(label) if label and len(label.split()) <= 4 and lead != cell.text else None
    if metric is None or not units.is_known(metric):
        return None
    value, told = counted_in(lead.rstrip(" ,;(").removesuffix("included").strip())
    term = value_term(page, value, plan, metric, label, cell.blocks)
    return replace(term, billing_period=told or span, term=TermKind.ALLOWANCE) if term and (told or span) else term


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


def cell_amounts(
    page: Page, cell: Cell, head: str, plan: str | None, *, is_fee: bool, header: str = "", base: str | None = None
) -> Iterator[Term]:
    """The amounts in a cell: fees in a row or column of prices, else rates of what the row is labelled with."""
    block = next((block for block in cell.blocks if has_money(block.text)), None)
    amounts = page.amounts_in(block) if block is not None else ()
    if block is None or len(amounts) != 1:
        return
    amount = amounts[0] if is_fee else _packed(page, block, amounts[0], head)
    bought = list(_bought(block, amount, head, plan)) if plan and not is_fee else []
    if bought:
        yield from bought
        return
    if plan and (is_once(head, "") or is_once(header, "")):
        if amount.amount:
            yield _amount_term(TermKind.ONE_TIME_FEE, amount, plan, cell, metric=None, period=None, commitment=None)
        return
    follow = " ".join(other.text for other in cell.blocks if other.index > block.index and not has_money(other.text))
    charge = read_charge(f"{block.text[amount.end :]} {follow}")
    period = amount.period or charge.period or read_charge(head).period or header_period(header) or base
    commitment = amount.commitment or charge.commitment or read_charge(head).commitment or _header_commitment(header)
    if plan and (period == "one_time" or is_once("", f"{block.text[amount.end :]} {follow}")):
        yield _amount_term(TermKind.ONE_TIME_FEE, amount, plan, cell, metric=None, period=None, commitment=None)
        return
    metric, period = unrolled(amount.metric, period)
    if metric is None and is_fee and _PER_SEAT.search(f"{head} {header}"):
        metric = "seat"
    rate = _column_rate(page, header, head) if metric is None else None
    metric = rate.metric if rate else metric
    if is_fee and period in ("month", "year", "quarter"):
        yield _amount_term(
            TermKind.RECURRING_FEE, amount, plan, cell, metric=metric, period=period, commitment=commitment or period
        )
        return
    metric = (
        of_measure(metric, head)
        or _qualified(metric, head)
        or (_step_metric(head) if amount.per_quantity else None)
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


def _packed(page: Page, block: Block, amount: Amount, head: str) -> Amount:
    """An amount with how many it buys of what its row is labelled with: "Extra credits | $25 for 10,000"."""
    lead = f"extra {head}: " if head else ""
    pack = (
        read_pack_behind(block.text, amount.end, lead, locale=page.locale, is_beside=True)
        if amount.per is None
        else None
    )
    return amount if pack is None else replace(amount, per=pack.per, metric=pack.metric, per_quantity=pack.per_quantity)


def _bought(block: Block, amount: Amount, head: str, plan: str) -> Iterator[Term]:
    """What must be bought besides, by a row that is labelled as that: "Platform fee | $500/mo"."""
    lead = f"{head}: "
    behind = replace(amount, start=amount.start + len(lead), end=amount.end + len(lead))
    required = required_by(lead + block.text, [behind], 0)
    if required is not None:
        yield from required_terms(block, amount, required, plan)


def _header_commitment(header: str) -> str | None:
    """The length of commitment that a column is for: "1 year", "Reserved (3 years)"."""
    found = _COMMITTED.search(header)
    return duration(header[found.end() :]) if found else duration(header) if is_duration(header) else None


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
    metric = of_measure(rate.metric, head) if head else rate.metric
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


def _qualified(metric: str | None, head: str) -> str | None:
    """The metric of a rate for bare time, qualified by what the row is about: minutes of serverless compute."""
    if metric in ("minute", "hour", "second") and head:
        return units.metric(f"{clean_name(head)} {metric}") or metric
    return metric


def _step_metric(head: str) -> str | None:
    """What a row that is labelled with a metered noun prices by the thousand or million: "Invocations | $0.20 per million"."""
    metric = units.metric(head) if len(head.split()) <= 3 else None
    return metric if metric and units.is_known(metric) else None


def _label_metric(head: str, *, is_plans: bool) -> str | None:
    """The metric that a row is labelled with: "Additional users", or in a plan's column any noun that vendors meter."""
    if not is_plans and not _EXTRA_LABEL.match(head):
        return None
    label = _PRICE_OF.sub("", re.sub(r"\([^)]*\)", "", head).strip())
    name = units.metric(label) if 0 < len(label) <= 40 and len(label.split()) <= 5 else None
    if name is None or not (units.is_known(name) or (is_plans and not name.isascii())):
        return None
    return _WORDS.sub("_", head.casefold()).strip("_")[:60] if not name.isascii() else name


def _step(text: str) -> Decimal | None:
    return Decimal(1_000_000) if _MILLION.search(text) else Decimal(1000) if _THOUSAND.search(text) else None


def header_period(header: str) -> str | None:
    """The period that the header of a column of prices names."""
    is_priced = is_price_header(header) or is_duration(header) or _SIGNED_HEADER.match(header) is not None
    return read_charge(header).period if header and is_priced else None
