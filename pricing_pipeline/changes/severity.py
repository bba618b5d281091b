"""How much a change matters to somebody who pays."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_pipeline.changes.binding import takes_a_choice
from pricing_pipeline.changes.moves import FAVOURABLE, Move
from pricing_pipeline.changes.reviews import fall
from pricing_pipeline.facts import Cause, Severity, TermKind
from pricing_pipeline.results import Cost, CostEffect, Thresholds

_CRITICAL = frozenset(
    {"allowance_removed", "unit_changed", "meter_added", "meter_removed", "free_tier_removed", "price_withdrawn"}
)
_NOTICE = frozenset(
    {
        "price_increased",
        "allowance_decreased",
        "rate_added",
        "rate_removed",
        "rate_increased",
        "plan_removed",
        "currency_changed",
        "review_count_dropped",
        "cheapest_plan_changed",
    }
)
INFINITE = Decimal("Infinity")
_ORDER = (Severity.INFO, Severity.NOTICE, Severity.CRITICAL)


def severity(move: Move, effects: Sequence[CostEffect], *, cause: Cause, thresholds: Thresholds) -> Severity:
    """The severity of a move with these effects on bills.

    Whatever lever moved: a bill that rises by more than the threshold at any workload is critical, unless the move by
    itself is in the customer's favour. So are an allowance, a free tier or a price that is gone, and a unit or a meter
    that changed. A price's own rise counts like a bill's. What is not the vendor's doing is information, and so is
    another unit of a known size.
    """
    if cause in (Cause.EXTRACTOR, Cause.VIEW) or move.is_view or move.is_other_scale:
        return Severity.INFO
    own = _own(move, thresholds)
    if move.kind in FAVOURABLE:
        return own
    return max(own, by_ratio(_rise(move, effects), thresholds), key=_ORDER.index)


def by_ratio(rise: Decimal | None, thresholds: Thresholds) -> Severity:
    """The severity of a bill that is this many times what it was."""
    if rise is None or rise <= thresholds.notice_cost_ratio:
        return Severity.INFO
    return Severity.CRITICAL if rise > thresholds.critical_cost_ratio else Severity.NOTICE


def cost_ratio(before: Cost, after: Cost) -> Decimal | None:
    """How many times a bill is what it was, by its upper bounds; infinite where it was nothing. None where it is not
    known."""
    if before.high is None or after.high is None:
        return None
    if not before.high:
        return INFINITE if after.high else Decimal(1)
    return after.high / before.high if before.currency == after.currency or not after.high else None


def _own(move: Move, thresholds: Thresholds) -> Severity:
    if move.kind in _CRITICAL:
        return _lesser(move)
    if move.kind == "rating_changed":
        return (
            Severity.NOTICE if fall(move.before_rating, move.after_rating) >= thresholds.rating_move else Severity.INFO
        )
    return Severity.NOTICE if move.kind in _NOTICE or takes_a_choice(move) else Severity.INFO


def _lesser(move: Move) -> Severity:
    """A limit that is no longer printed may have been lifted, one of the same figure under another name is seldom
    another, and a definition printed for the first time changes nothing."""
    term = move.before_term or move.after_term
    if move.kind in ("allowance_removed", "unit_changed") and term is not None and term.term is TermKind.LIMIT:
        return Severity.NOTICE
    if term is not None and term.term is TermKind.UNIT_DEFINITION and not (move.before_term and move.after_term):
        return Severity.INFO
    return Severity.CRITICAL


def _rise(move: Move, effects: Sequence[CostEffect]) -> Decimal | None:
    """The greatest rise of a bill; a price or a rate also counts by itself, for whoever uses more than any workload."""
    rises = [rise for effect in effects if (rise := cost_ratio(effect.before, effect.after)) is not None]
    if move.kind == "rate_increased" and move.ratio is None and not rises:
        return INFINITE
    if move.kind in ("price_increased", "rate_increased") and move.ratio is not None:
        rises.append(move.ratio)
    return max(rises, default=None)
