"""What is said of a price beside its figure: that it is only the least of several."""

from __future__ import annotations

from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.pairing import Pair
from pricing_pipeline.changes.phrases import moved, subject
from pricing_pipeline.changes.values import as_text
from pricing_pipeline.facts import Lever, PriceKind, State, Term

_KINDS = frozenset({PriceKind.STANDARD, PriceKind.FROM})


def qualifier_move(pair: Pair) -> Move | None:
    """A price whose figure stands, and that is now the least one pays (`$25 a month` → `from $25 a month`), or no longer.

    Whether anybody pays more cannot be told from the page, so no bill moves with it.
    """
    before, after = pair.before, pair.after
    if before is None or after is None or before.price_kind == after.price_kind:
        return None
    if not {before.price_kind, after.price_kind} <= _KINDS or State.STATED not in (before.state, after.state):
        return None
    return Move(
        lever=Lever.STRUCTURE,
        kind="price_kind_changed",
        phrase=f"{subject(after)} {moved(before, after)}",
        plan=pair.plan,
        metric=after.metric,
        before=_told(before),
        after=_told(after),
        currency=after.currency,
        before_term=before,
        after_term=after,
    )


def _told(term: Term) -> str | None:
    figure = as_text(term)
    return f"from {figure}" if figure and term.price_kind is PriceKind.FROM else figure
