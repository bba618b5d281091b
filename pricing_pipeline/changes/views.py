"""Telling a page that was served for another country or currency from a vendor that changed its prices."""

from __future__ import annotations

from collections.abc import Sequence

from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.pairing import Pair
from pricing_pipeline.facts import Lever, Term
from pricing_pipeline.results import Offer

_VIEWS = ("currency", "country")


def view_move(before: Offer, after: Offer, pairs: Sequence[Pair]) -> Move | None:
    """The one move that says that the same offer was served in another currency or for another country; None where it
    was not.

    It is a view where the plans are the same and every priced term stands on both sides, all in one other currency (or
    country), whatever the figures: a vendor's own change of currency comes with other changes, or is confirmed by a
    person.
    """
    priced = [pair for pair in pairs if _is_priced(pair.before) or _is_priced(pair.after)]
    if not priced or {plan.slug for plan in before.plans} != {plan.slug for plan in after.plans}:
        return None
    if any(pair.moved not in _VIEWS for pair in priced):
        return None
    one = {_place(pair.before) for pair in priced}
    other = {_place(pair.after) for pair in priced}
    if len(one) != 1 or len(other) != 1:
        return None
    (was,), (now,) = one, other
    return Move(
        lever=Lever.STRUCTURE,
        kind="currency_changed",
        before=was,
        after=now,
        is_view=True,
        currency=priced[0].after.currency if priced[0].after else None,
        phrase=f"served with prices in {now} instead of {was}: another view of the same offer, no change of price",
    )


def _is_priced(term: Term | None) -> bool:
    return term is not None and bool(term.amount)


def _place(term: Term | None) -> str | None:
    if term is None:
        return None
    return " for ".join(part for part in (term.currency, term.country) if part)
