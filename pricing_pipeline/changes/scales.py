"""The same thing measured on another scale: a terabyte where it was a thousand gigabytes is no other thing, nor are ten
credits that go by the name of one unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.changes.replaced import in_former_unit, replacement
from pricing_pipeline.changes.values import is_compared
from pricing_pipeline.facts import Term, TermKind
from pricing_pipeline.results import Offer

_SIZES = {
    "kb": Decimal("0.001"),
    "mb": Decimal(1),
    "gb": Decimal(1_000),
    "tb": Decimal(1_000_000),
    "pb": Decimal(1_000_000_000),
}
_COUNTS = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT})
# What of a plan is measured, its scale left out.
_Measured = tuple[str | None, str, tuple[str, ...]]


def in_former_scale(before: Offer, after: Offer) -> Offer:
    """The later offer with what each plan measured on one other scale before on that scale: 1 TB as 1,000 GB; and in the
    former unit where another took its place at a known size.

    What is measured on several scales on either side stays as it is: nobody can tell which has become which.
    """
    replaced = replacement(before, after)
    if replaced is not None:
        after = in_former_unit(replaced, after)
    was, now = _metrics(before.terms), _metrics(after.terms)
    return replace(after, terms=tuple(_rescaled(term, was, now) for term in after.terms))


def _metrics(terms: Iterable[Term]) -> dict[_Measured, set[str]]:
    found: dict[_Measured, set[str]] = {}
    for term in terms:
        if term.metric and _scale(term.metric) and is_compared(term):
            found.setdefault(_measured(term, term.metric), set()).add(term.metric)
    return found


def _measured(term: Term, metric: str) -> _Measured:
    kind = "count" if term.term in _COUNTS else str(term.term)
    return term.plan, kind, tuple("" if part in _SIZES else part for part in metric.split("_"))


def _scale(metric: str) -> str | None:
    """The one measure of size in a metric's name; None where there is none, or more than one."""
    scales = [part for part in metric.split("_") if part in _SIZES]
    return scales[0] if len(scales) == 1 else None


def _rescaled(term: Term, was: Mapping[_Measured, set[str]], now: Mapping[_Measured, set[str]]) -> Term:
    scale = _scale(term.metric) if term.metric else None
    if term.metric is None or scale is None or not is_compared(term):
        return term
    key = _measured(term, term.metric)
    former = was.get(key, set())
    if len(former) != 1 or len(now[key]) != 1 or former == now[key]:
        return term
    (metric,) = former
    factor = _SIZES[scale] / _SIZES[_scale(metric) or scale]
    is_charged = term.amount is not None
    return replace(
        term,
        metric=metric,
        quantity=None if term.quantity is None else term.quantity * factor,
        per_quantity=(term.per_quantity or Decimal(1)) * factor if is_charged else term.per_quantity,
        tier_from=None if term.tier_from is None else term.tier_from * factor,
        tier_to=None if term.tier_to is None else term.tier_to * factor,
    )
