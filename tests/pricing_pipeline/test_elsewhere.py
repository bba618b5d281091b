"""How facts from elsewhere stand beside a page: whatever both state, the page speaks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.elsewhere import beside, claim, is_open
from pricing_pipeline.facts import Evidence, Plan, Rating, RatingState, State, Term, TermKind
from pricing_pipeline.results import Offer

QUOTE = Evidence(quote="as it stands there", locator="p")


def fee(plan: str | None, amount: str | None, **more: object) -> Term:
    """A monthly fee; without an amount, a price on request."""
    stated = {"state": State.CONTACT_SALES, "currency": None, "billing_period": None}
    if amount:
        stated = {"state": State.STATED, "amount": Decimal(amount), "currency": "USD", "billing_period": "month"}
    return Term(plan=plan, term=TermKind.RECURRING_FEE, evidence=QUOTE, **(stated | more))


def offer(*facts: Plan | Term | Rating) -> Offer:
    return Offer(
        plans=tuple(one for one in facts if isinstance(one, Plan)),
        terms=tuple(one for one in facts if isinstance(one, Term)),
        ratings=tuple(one for one in facts if isinstance(one, Rating)),
    )


def plan(slug: str, state: State = State.STATED) -> Plan:
    return Plan(slug=slug, name=slug, state=state, evidence=QUOTE)


TERMS = st.builds(
    fee,
    st.sampled_from(["solo", "team", None]),
    st.sampled_from(["1", "2", None]),
    commitment=st.sampled_from([None, "month", "year"]),
)
OFFERS = st.lists(TERMS, max_size=5, unique_by=claim).map(lambda terms: offer(plan("solo"), plan("team"), *terms))


@given(page=OFFERS, imported=OFFERS)
def test_what_a_page_states_stays_as_it_states_it(page: Offer, imported: Offer) -> None:
    whole = beside(page, imported)

    assert {term for term in page.terms if not is_open(term)} <= set(whole.terms)
    assert len(whole.plans) == len({one.slug for one in whole.plans})


@given(page=OFFERS, imported=OFFERS)
def test_nothing_is_said_twice(page: Offer, imported: Offer) -> None:
    """One value for each thing: costs and pages need no choice."""
    stated = [claim(term) for term in beside(page, imported).terms if not is_open(term)]

    assert len(stated) == len(set(stated))


@given(page=OFFERS)
def test_nothing_imported_changes_nothing(page: Offer) -> None:
    assert page == beside(page, Offer())


def test_an_imported_price_takes_the_place_of_one_on_request() -> None:
    page = offer(plan("enterprise", State.CONTACT_SALES), fee("enterprise", None))
    whole = beside(page, offer(plan("enterprise"), fee("enterprise", "500")))

    assert [Decimal(500)] == [term.amount for term in whole.terms]
    assert [State.STATED] == [one.state for one in whole.plans]


def test_an_imported_rate_leaves_a_price_on_request_as_it_is() -> None:
    page = offer(plan("enterprise", State.CONTACT_SALES), fee("enterprise", None))
    rate = Term(
        plan="enterprise", term=TermKind.USAGE_RATE, metric="credit", amount=Decimal(1), currency="USD", evidence=QUOTE
    )
    whole = beside(page, offer(plan("enterprise"), rate))

    assert (State.CONTACT_SALES, 2) == (whole.plans[0].state, len(whole.terms))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param(fee("solo", "1"), fee("solo", "2", commitment="month"), True, id="no-commitment-is-the-period"),
        pytest.param(fee("solo", "1"), fee("solo", "1", commitment="year"), False, id="another-commitment"),
        pytest.param(fee("solo", "1"), fee("solo", "1", currency="EUR"), False, id="another-currency"),
        pytest.param(fee("solo", "1"), fee("team", "1"), False, id="another-plan"),
    ],
)  # fmt: skip
def test_two_fees_speak_of_the_same_when_one_pays_one_or_the_other(one: Term, other: Term, *, is_same: bool) -> None:
    assert is_same is (claim(one) == claim(other))


def test_a_review_pages_own_rating_is_its_publishers() -> None:
    own = Rating(state=RatingState.STATED, evidence=QUOTE)

    assert claim(replace(own, publisher="g2")) == claim(own, publisher="g2")
