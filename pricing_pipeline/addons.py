"""What has to be bought with a plan: the least of each metric that is billed, and the fees that this makes mandatory add-ons."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pricing_pipeline.facts import Term, TermKind

# Everybody needs a seat, so a fee for seats is the plan's own price, however many are billed at least.
SEAT = "seat"


def least_billed(terms: Iterable[Term], metric: str | None) -> Decimal:
    """How many of a metric are billed at least, by a plan's own terms, else those of every plan; 0 where none say."""
    stated = [
        term
        for term in terms
        if term.term is TermKind.MINIMUM_SPEND and term.metric == metric and term.quantity is not None
    ]
    own = [term for term in stated if term.plan is not None] or stated
    return max((term.quantity for term in own if term.quantity is not None), default=Decimal(0))


def is_addon(fee: Term, terms: Iterable[Term]) -> bool:
    """Whether a recurring fee is for something that must be bought beside the plan's own price.

    It is one where so many of its metric are billed at least, and the plan asks another fee or it holds for every plan.
    `terms` are all of the product.
    """
    if fee.term is not TermKind.RECURRING_FEE or fee.metric in (None, SEAT):
        return False
    ours = [term for term in terms if fee.plan is None or term.plan in (fee.plan, None)]
    beside = fee.plan is None or any(
        term.term is TermKind.RECURRING_FEE and term.plan == fee.plan and term.metric != fee.metric for term in ours
    )
    return beside and least_billed(ours, fee.metric) > 0
