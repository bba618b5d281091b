"""For how long a price binds whoever pays it, before and after."""

from __future__ import annotations

from decimal import Decimal

from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.values import commitment
from pricing_pipeline.facts import TermKind
from pricing_pipeline.periods import months
from pricing_pipeline.results import Cost, CostEffect

_KINDS = frozenset({"billing_period_changed", "commitment_changed"})
_KIND, _PERIOD, _COMMITMENT = 2, 4, 5  # their places in a term's key


def takes_a_choice(move: Move) -> bool:
    """Whether a way to pay is gone, or what is left binds for longer."""
    if move.kind not in _KINDS or move.before_term is None or move.before_term.term is not TermKind.RECURRING_FEE:
        return False
    if move.after_term is None:
        return True
    return _is_longer(months(commitment(move.before_term)), months(commitment(move.after_term)))


def is_bound_longer(effect: CostEffect) -> bool:
    """Whether the later of two bills is that of a longer commitment: if it is lower, nothing has become cheaper by that."""
    return _is_longer(_bound(effect.before), _bound(effect.after))


def _bound(cost: Cost) -> Decimal | None:
    keys = [step.term_key for step in cost.steps if step.term_key and step.term_key[_KIND] == TermKind.RECURRING_FEE]
    known = [length for key in keys if (length := months(key[_COMMITMENT] or key[_PERIOD])) is not None]
    return max(known, default=None)


def _is_longer(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and other > one
