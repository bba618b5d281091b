"""A unit that takes the place of another at a known size: ten credits are one unit now, which by itself changes no bill."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.values import is_compared, is_open, unit_price
from pricing_pipeline.facts import Lever, Term, TermKind
from pricing_pipeline.results import Offer
from pricing_pipeline.wording import noun, number, text

_COUNTS = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT})
_USED = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT, TermKind.USAGE_RATE})
# What a definition says, as the reading of it writes it: `10 credits`, `0.5 credits`.
_SAID = re.compile(r"(?P<count>[\d,]+(?:\.\d+)?) (?P<unit>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One `metric` of now is `factor` of the `former` one; `definition` is where the page says so, None where only all
    of its figures do."""

    metric: str
    former: str
    factor: Decimal
    definition: Term | None = None


def replacement(before: Offer, after: Offer) -> Replacement | None:
    """The unit that took another's place from one offer to the next; None where none did, or at no known size.

    The former one is used nowhere any more and the new one was nowhere before. The size is the one that the page states
    ("one unit replaces ten credits"), else the one by which every included count fell and every rate rose: a count
    alone may as well have been cut.
    """
    was, now = _metrics(before.terms), _metrics(after.terms)
    gone, new = was - now, now - was
    for term in after.terms:
        if term.term is TermKind.UNIT_DEFINITION and term.metric in new:
            for former, factor in _defined(term):
                if former in gone:
                    return Replacement(metric=term.metric, former=former, factor=factor, definition=term)
    if len(gone) != 1 or len(new) != 1:
        return None
    (former,), (metric,) = gone, new
    shown = _shown(before.terms, former, after.terms, metric)
    return None if shown is None else Replacement(metric=metric, former=former, factor=shown)


def in_former_unit(replaced: Replacement, after: Offer) -> Offer:
    """The later offer as it would be in the former unit, without the sentence that says how much of it the new one is."""
    kept = (term for term in after.terms if term is not replaced.definition)
    return replace(after, terms=tuple(_converted(term, replaced) for term in kept))


def replacement_move(replaced: Replacement) -> Move:
    """What is told of it, once for the whole product; what became dearer with it is told by its own levers."""
    size = f"{number(replaced.factor)} {noun(replaced.former, replaced.factor)}"
    why = f"“{replaced.definition.evidence.quote}”" if replaced.definition else "every included count and rate moved so"
    return Move(
        lever=Lever.UNIT,
        kind="unit_changed",
        metric=replaced.metric,
        before=replaced.former,
        after=f"{replaced.metric} of {text(replaced.factor)} {replaced.former}",
        after_term=replaced.definition,
        phrase=f"{noun(replaced.former)} are now {noun(replaced.metric)}, each for {size} ({why})",
        is_other_scale=True,
    )


def _metrics(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(term.metric for term in terms if term.metric and term.term in _USED and is_compared(term))


def _defined(term: Term) -> list[tuple[str, Decimal]]:
    """How much of which other units a definition says that one is."""
    parts = re.split(r"[;,] ", term.unit_as_printed or "")
    said = [found for part in parts if (found := _SAID.fullmatch(part))]
    sizes = [(units.metric(found["unit"]), Decimal(found["count"].replace(",", ""))) for found in said]
    return [(metric, size) for metric, size in sizes if metric and size]


def _shown(before: Iterable[Term], former: str, after: Iterable[Term], metric: str) -> Decimal | None:
    """By how much every count of a unit fell and every rate rose, where all agree on one whole factor; None elsewhere."""
    was, now = _figures(before, former), _figures(after, metric)
    if was is None or now is None or was.keys() != now.keys() or {kind for _, kind in was} != {"count", "rate"}:
        return None
    factors = {now[key] / figure if key[1] == "rate" else figure / now[key] for key, figure in was.items()}
    if len(factors) != 1:
        return None
    (factor,) = factors
    is_whole = factor == factor.to_integral_value() or 1 / factor == (1 / factor).to_integral_value()
    return factor if is_whole and factor != 1 else None


def _figures(terms: Iterable[Term], metric: str) -> dict[tuple[str | None, str], Decimal] | None:
    """What each plan includes of a unit and charges for it; None where a plan has several figures, or one of no size."""
    found: dict[tuple[str | None, str], Decimal] = {}
    for term in terms:
        if term.metric != metric or term.term not in _USED or not is_compared(term):
            continue
        prices = unit_price(term)
        figure = term.quantity if term.term in _COUNTS else prices[0] if prices and prices[0] == prices[1] else None
        key = (term.plan, "count" if term.term in _COUNTS else "rate")
        if is_open(term) or not figure or key in found:
            return None
        found[key] = figure
    return found


def _converted(term: Term, replaced: Replacement) -> Term:
    if term.metric != replaced.metric or term.term not in _USED:
        return term
    factor, is_charged = replaced.factor, term.amount is not None
    return replace(
        term,
        metric=replaced.former,
        quantity=None if term.quantity is None else term.quantity * factor,
        per_quantity=(term.per_quantity or Decimal(1)) * factor if is_charged else term.per_quantity,
        tier_from=None if term.tier_from is None else term.tier_from * factor,
        tier_to=None if term.tier_to is None else term.tier_to * factor,
    )
