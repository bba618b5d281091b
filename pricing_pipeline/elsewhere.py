"""Facts from elsewhere: imported by a person with a quote, a document and a last day, and how they stand beside a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from pricing_pipeline.facts import Plan, Rating, RatingState, State, Term, TermKind
from pricing_pipeline.results import Offer

# States in which a page leaves open what an imported fact may say.
_OPEN = frozenset({State.CONTACT_SALES, State.NOT_STATED})
Claim = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFact:
    """One term or rating that no page was read for.

    `document` names where the quote stands, an address or a document's name; `who` vouches for it. It holds from the
    day it was `observed`, and is shown `until` its last day, that day included.
    """

    vendor: str
    product: str
    fact: Term | Rating
    document: str
    who: str
    observed: date
    until: date
    plan: Plan | None = None

    @property
    def start(self) -> datetime:
        """When it began to hold: the start of the day, UTC."""
        return datetime.combine(self.observed, time.min, UTC)

    @property
    def end(self) -> datetime:
        """From when it is confirmed no longer: the start of the day after its last."""
        return datetime.combine(self.until + timedelta(days=1), time.min, UTC)


def claim(fact: Term | Rating, *, publisher: str | None = None) -> Claim:
    """What a fact is about, so that a page and a document that speak of the same thing have the same one.

    A fee that names no commitment binds for the period that it is charged for; a review page's own rating is its
    publisher's.
    """
    if isinstance(fact, Rating):
        return ("rating", fact.publisher or publisher)
    plan, country, term, metric, period, commitment, *rest = fact.key
    return (plan, country, term, metric, period, commitment or period, *rest)


def is_open(fact: Term | Rating) -> bool:
    """Whether a fact of a page leaves open what somebody else may state: "contact sales", or nothing stated."""
    if isinstance(fact, Rating):
        return fact.state is RatingState.NOT_STATED
    return fact.state in _OPEN


def beside(page: Offer, imported: Offer) -> Offer:
    """What a product offers by its page and by imported facts together; where both state the same, the page speaks.

    An imported fee takes the place of a page's "contact sales" for the same plan: that is what the plan costs.
    """
    if not (imported.terms or imported.ratings or imported.plans):
        return page
    stated = {claim(term) for term in page.terms if not is_open(term)}
    news = tuple(term for term in imported.terms if claim(term) not in stated)
    priced = {term.plan for term in news if _is_price(term)}
    kept = tuple(term for term in page.terms if not (_is_fee(term) and is_open(term) and term.plan in priced))
    listed = {plan.slug for plan in page.plans}
    rated = {rating.publisher for rating in page.ratings}
    return replace(
        page,
        plans=(*(_opened(plan, priced) for plan in page.plans), *_others(imported.plans, listed)),
        terms=(*kept, *news),
        ratings=(*page.ratings, *(one for one in imported.ratings if one.publisher not in rated)),
    )


def plan_state(terms: Iterable[Term]) -> State:
    """What the fees of a plan say of it: stated, free or contact sales."""
    fees = {term.state for term in terms if _is_fee(term)}
    if len(fees) == 1 and (only := next(iter(fees))) in (State.FREE, State.CONTACT_SALES):
        return only
    return State.STATED


def _opened(plan: Plan, priced: set[str | None]) -> Plan:
    if plan.slug in priced and plan.state is State.CONTACT_SALES:
        return replace(plan, state=State.STATED)
    return plan


def _others(plans: Iterable[Plan], listed: set[str]) -> tuple[Plan, ...]:
    """Plans that are not listed yet, each once: two documents may speak of one plan."""
    return tuple({plan.slug: plan for plan in plans if plan.slug not in listed}.values())


def _is_fee(term: Term) -> bool:
    return term.term is TermKind.RECURRING_FEE


def _is_price(term: Term) -> bool:
    return _is_fee(term) and term.state is State.STATED
