"""What was read, in short words that a test can be checked by eye against its page."""

from __future__ import annotations

from decimal import Decimal

from pricing_pipeline.facts import Observation, PriceKind, State, Surface, Term, TermKind
from tests.pricing_pipeline.extract.pages import read

ALL = "all plans"


def facts(body: str, *, currency: str | None = "USD") -> dict[str, list[str]]:
    """The facts of each plan of a page by its name, and those of all plans; nothing in it may be a conflict."""
    return noted(read(body, currency=currency))


def noted(observation: Observation) -> dict[str, list[str]]:
    """An observation's facts in short words."""
    assert () == observation.conflicts
    told = {
        plan.name: [note(term) for term in observation.terms if term.plan == plan.slug] for plan in observation.plans
    }
    shared = [note(term) for term in observation.terms if term.plan is None]
    return told | ({ALL: shared} if shared else {})


def note(term: Term) -> str:
    """One term: "10 USD/month per seat", "10 USD/month for a year", "0.15 USD per 1000000 input_token", "unlimited seat"."""
    said = _asked(term) if term.term in (TermKind.RECURRING_FEE, TermKind.ONE_TIME_FEE) else _metered(term)
    if term.price_kind is not PriceKind.STANDARD:
        said = f"{term.price_kind} {said}"
    return said if term.evidence.surface is Surface.VISIBLE else f"{said} ({term.evidence.surface})"


def _asked(term: Term) -> str:
    if term.amount is None:
        return str(term.state)
    once = "once" if term.term is TermKind.ONE_TIME_FEE else term.billing_period
    said = f"{_money(term)}/{once}" + (f" per {term.metric}" if term.metric else "")
    return said + (f" for a {term.commitment}" if term.commitment not in (None, term.billing_period) else "")


def _metered(term: Term) -> str:
    if term.term is TermKind.USAGE_RATE:
        step = "" if term.per_quantity in (None, Decimal(1)) else f"{term.per_quantity:f} "
        said = f"{_money(term)} per {step}{term.metric}" + (f"/{term.billing_period}" if term.billing_period else "")
        band = "" if term.tier_from is None else f" above {term.tier_from:f}"
        return said + band + (f" for a {term.commitment}" if term.commitment not in (None, term.billing_period) else "")
    least = "at least " if term.term is TermKind.MINIMUM_SPEND else ""
    many = f"{term.quantity:f}" if term.state is State.STATED and term.quantity is not None else str(term.state)
    return f"{least}{many} {term.metric}" + (f"/{term.billing_period}" if term.billing_period else "")


def _money(term: Term) -> str:
    high = "" if term.amount_max is None else f"-{term.amount_max:f}"
    return str(term.state) if term.amount is None else f"{term.amount:f}{high} {term.currency}"
