"""Mandatory add-ons that came or went: their fee, and how many must be bought, are one thing that a vendor did."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_pipeline.addons import is_addon, least_billed
from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.pairing import Pair
from pricing_pipeline.changes.phrases import figure
from pricing_pipeline.changes.values import as_text
from pricing_pipeline.facts import Lever, Term, TermKind
from pricing_pipeline.results import Offer
from pricing_pipeline.wording import counted, noun


def addon_moves(pairs: Sequence[Pair], earlier: Offer, after: Offer) -> tuple[list[Move], tuple[Pair, ...]]:
    """The moves of add-ons that came or went, and the pairs that are left to be told otherwise."""
    moves: list[Move] = []
    told: set[int] = set()
    for pair in pairs:
        term = pair.after if pair.before is None else pair.before if pair.after is None else None
        if term is None or not is_addon(term, (after if pair.after else earlier).terms):
            continue
        least = [other for other in pairs if _is_least_of(other, pair, term)]
        moves.append(_move(pair, term, _count(term, after if pair.after else earlier)))
        told |= {id(pair), *map(id, least)}
    return moves, tuple(pair for pair in pairs if id(pair) not in told)


def _is_least_of(other: Pair, pair: Pair, fee: Term) -> bool:
    """Whether the least number of an add-on came or went together with its fee."""
    term = other.after if pair.after else other.before
    is_alone = (other.before if pair.after else other.after) is None
    return (
        is_alone
        and term is not None
        and (term.term, term.plan, term.metric) == (TermKind.MINIMUM_SPEND, fee.plan, fee.metric)
    )


def _count(fee: Term, offer: Offer) -> Decimal:
    return least_billed((term for term in offer.terms if term.plan in (fee.plan, None)), fee.metric)


def _move(pair: Pair, fee: Term, count: Decimal) -> Move:
    came = pair.after is not None
    name = noun(fee.metric or "", Decimal(1))
    words = f"{name} of {figure(fee)}" if count == 1 else f"{counted(count, fee.metric or '')} at {figure(fee)} each"
    verb = "is" if count == 1 else "are"
    return Move(
        lever=Lever.METER,
        kind="meter_added" if came else "meter_removed",
        plan=pair.plan,
        metric=fee.metric,
        before=None if came else as_text(fee),
        after=as_text(fee) if came else None,
        currency=fee.currency,
        before_term=pair.before,
        after_term=pair.after,
        phrase=f"{words} {verb} {'now' if came else 'no longer'} mandatory",
    )
