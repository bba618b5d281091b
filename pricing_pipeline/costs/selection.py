"""Which of a product's terms a plan's bill is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pricing_pipeline.facts import PriceKind, Surface, Term, TermKind
from pricing_pipeline.periods import preference

_ASKED = (PriceKind.STANDARD, PriceKind.PROMO, PriceKind.FROM)


def terms_of(plan: str, terms: Iterable[Term], commitment: str | None = None) -> tuple[Term, ...]:
    """The plan's own and the product-wide terms that a bill can rest on, in a fixed order.

    Left out are struck-through list prices, and what stands in the inactive pane of a toggle: its allowances are not
    part of the visible offer, and its fees count only where the plan has no other, or where they are those of the
    `commitment` asked for. With one, a price for that commitment stands in place of those for others.
    """
    ours = [term for term in terms if term.plan in (plan, None) and term.price_kind is not PriceKind.LIST]
    active = [term for term in ours if term.evidence.surface is not Surface.INACTIVE_PANE]
    hidden = [term for term in ours if term.term is TermKind.RECURRING_FEE and term not in active]
    if not any(term.term is TermKind.RECURRING_FEE for term in active):
        active += hidden
    if commitment is not None:
        active += [term for term in hidden if term not in active and _binds_for(term) == commitment]
        active = _under(active, commitment)
    return tuple(sorted(active, key=order))


def _under(terms: Sequence[Term], commitment: str) -> list[Term]:
    """Of prices for the same thing, those for one commitment where there are any."""
    bound = {_thing(term) for term in terms if term.amount is not None and _binds_for(term) == commitment}
    return [term for term in terms if _thing(term) not in bound or _binds_for(term) == commitment]


def _binds_for(term: Term) -> str | None:
    return term.commitment or term.billing_period


def _thing(term: Term) -> tuple[str | None, TermKind, str | None] | None:
    counted = term.term in (TermKind.ALLOWANCE, TermKind.LIMIT)
    return None if counted else (term.plan, term.term, term.metric)


def order(term: Term) -> tuple[str, ...]:
    """A fixed order of terms that does not depend on where they stand on a page."""
    values = (term.state, term.amount, term.amount_max, term.quantity, term.per_quantity, term.tier_to, term.price_kind)
    return (*(part or "" for part in term.key), *(str(value) for value in values))


def about(terms: Iterable[Term], kind: TermKind, metric: str | None) -> tuple[Term, ...]:
    """The terms of one kind on one metric: the plan's own where it has any, else those of every plan."""
    found = [term for term in terms if term.term is kind and term.metric == metric]
    own = tuple(term for term in found if term.plan is not None)
    return own or tuple(found)


def best_offer(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Of terms that stand side by side for different periods and commitments, those of the first offer in order of
    preference."""
    found = tuple(terms)
    if not found:
        return ()
    first = min(preference(term.billing_period, term.commitment) for term in found)
    offer = [term for term in found if preference(term.billing_period, term.commitment) == first]
    asked = min(_ASKED.index(term.price_kind) for term in offer)
    return tuple(term for term in offer if _ASKED.index(term.price_kind) == asked)
