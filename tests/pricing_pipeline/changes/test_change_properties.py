"""Laws that hold for every offer, tried on offers that hypothesis makes up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pricing_pipeline import changes, costs
from pricing_pipeline.facts import Evidence, Lever, Plan, Severity, State, TermKind
from pricing_pipeline.results import Offer
from tests.pricing_pipeline.changes.steps import kinds, step, whole_step
from tests.pricing_pipeline.offers import allowance, fee, limit, offer, plan, rate, rating, workload

SLUGS = ("hobby", "solo", "starter", "team")
METRICS = ("seat", "credit", "gb")
AMOUNTS = some.decimals("0.01", "5000", places=2).map(str)
COUNTS = some.integers(1, 10**6)
LOADS = (workload("some", credit=500, gb=20), workload("more", credit=90000, seat=4))


@some.composite
def terms_of(draw, slug: str):
    made = [
        draw(
            some.sampled_from([fee(slug, state=State.FREE), fee(slug, state=State.CONTACT_SALES)])
            | AMOUNTS.map(lambda amount: fee(slug, amount))
        )
    ]
    for metric in METRICS:
        made += draw(some.lists(COUNTS.map(lambda count, metric=metric: allowance(slug, metric, count)), max_size=1))
        made += draw(some.lists(AMOUNTS.map(lambda amount, metric=metric: rate(slug, metric, amount)), max_size=1))
    made += draw(some.lists(COUNTS.map(lambda count: limit(slug, "deployment", count)), max_size=1))
    return made


@some.composite
def offers(draw) -> Offer:
    slugs = draw(some.lists(some.sampled_from(SLUGS), min_size=1, unique=True))
    terms = [term for slug in slugs for term in draw(terms_of(slug))]
    return offer(slugs, *terms, ratings=draw(some.lists(COUNTS.map(lambda count: rating(count=count)), max_size=1)))


def shuffled(draw, given_offer: Offer) -> Offer:
    return replace(
        given_offer,
        plans=tuple(draw(some.permutations(given_offer.plans))),
        terms=tuple(draw(some.permutations(given_offer.terms))),
    )


def restyled(given_offer: Offer) -> Offer:
    """The same facts with other quotes from other places of the page."""
    other = Evidence(quote="quoted elsewhere", locator="footer > p:nth-child(3)")
    return replace(
        given_offer,
        plans=tuple(Plan(slug=one.slug, name=one.name, state=one.state, evidence=other) for one in given_offer.plans),
        terms=tuple(replace(term, evidence=other, confidence=Decimal("0.7")) for term in given_offer.terms),
        ratings=tuple(replace(one, evidence=other) for one in given_offer.ratings),
    )


@given(offers())
@settings(max_examples=30, deadline=None)
def test_an_offer_does_not_differ_from_itself(one):
    assert () == whole_step(one, one, workloads=LOADS)


@given(some.data())
@settings(max_examples=30, deadline=None)
def test_another_order_or_another_style_changes_nothing(data):
    one = data.draw(offers())
    other = restyled(shuffled(data.draw, one))

    assert () == whole_step(one, other, workloads=LOADS)
    assert changes.facts_digest(one) == changes.facts_digest(other)


@given(some.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_a_page_does_not_change_what_changed(data):
    before, after = data.draw(offers()), data.draw(offers())
    again = whole_step(shuffled(data.draw, before), shuffled(data.draw, after), workloads=LOADS)

    assert [change.verdict for change in whole_step(before, after, workloads=LOADS)] == [
        change.verdict for change in again
    ]


@given(offers(), offers())
@settings(max_examples=30, deadline=None)
def test_offers_with_other_facts_have_changes_and_other_digests(before, after):
    if changes.facts_digest(before) == changes.facts_digest(after):
        return

    found = whole_step(before, after, workloads=LOADS)
    assert len(found) == len({change.id for change in found})
    assert all(change.verdict for change in found)


@given(some.data())
@settings(max_examples=60, deadline=None)
def test_a_bill_that_rises_by_more_than_the_threshold_is_a_critical_change_whatever_moved(data):
    """The headline may stand still: what counts is what somebody pays, at a named use or at a plan's own allowance."""
    before = data.draw(offers())
    after = replace(before, terms=tuple(data.draw(some.lists(some.sampled_from(before.terms), unique_by=id))))
    after = replace(after, terms=tuple(_nudged(data.draw, term) for term in after.terms))
    found = whole_step(before, after, workloads=LOADS)

    risen = {plan.slug for plan in before.plans if _rises(before, after, plan, Decimal("1.25"))}
    alarmed = {change.plan for change in found if change.severity is Severity.CRITICAL and change.lever is Lever.COST}
    assert risen <= alarmed
    if before == after:
        assert () == found


def _nudged(draw, term):
    factor = draw(some.sampled_from([Decimal(1), Decimal("0.2"), Decimal("1.3"), Decimal(5)]))
    if term.amount is not None:
        return replace(term, amount=term.amount * factor)
    return replace(term, quantity=term.quantity * factor) if term.quantity is not None else term


def _rises(before, after, plan, threshold):
    """Worked out by itself, from the bills alone."""
    own = [
        workload("own", **{"seat": 1, term.metric: str(term.quantity)})
        for side in (before, after)
        for term in side.terms
        if term.term is TermKind.ALLOWANCE and term.plan == plan.slug
    ]
    known = frozenset(term.metric for side in (before, after) for term in side.terms if term.metric)

    def bill(side, load):
        return costs.price(plan.slug, side.terms, load, product_metrics=known, plan_state=plan.state).high

    bills = [(bill(before, load), bill(after, load)) for load in (*LOADS, *own)]
    return any(one is not None and other is not None and other > one * threshold for one, other in bills)


def _with(given_offer: Offer, old, new) -> Offer:
    return replace(given_offer, terms=tuple(new if term is old else term for term in given_offer.terms))


MUTATIONS = {
    "dearer": (TermKind.RECURRING_FEE, lambda term: replace(term, amount=term.amount + 1), "price_increased"),
    "cheaper": (TermKind.RECURRING_FEE, lambda term: replace(term, amount=term.amount / 2), "price_decreased"),
    "hidden": (TermKind.RECURRING_FEE, lambda term: fee(term.plan, state=State.CONTACT_SALES), "price_withdrawn"),
    "annual": (TermKind.RECURRING_FEE, lambda term: replace(term, billing_period="year"), "billing_period_changed"),
    "more": (TermKind.ALLOWANCE, lambda term: replace(term, quantity=term.quantity + 1), "allowance_increased"),
    "fewer": (TermKind.ALLOWANCE, lambda term: replace(term, quantity=term.quantity / 2), "allowance_decreased"),
    "none": (
        TermKind.ALLOWANCE,
        lambda term: replace(term, quantity=None, state=State.NOT_INCLUDED),
        "allowance_removed",
    ),
    "lower": (TermKind.LIMIT, lambda term: replace(term, quantity=term.quantity / 2), "allowance_decreased"),
    "rate up": (TermKind.USAGE_RATE, lambda term: replace(term, amount=term.amount * 2), "rate_increased"),
    "rate down": (TermKind.USAGE_RATE, lambda term: replace(term, amount=term.amount / 2), "rate_decreased"),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@given(data=some.data())
@settings(max_examples=12, deadline=None)
def test_one_fact_that_moves_is_one_change_of_its_kind(mutation, data):
    kind, mutate, expected = MUTATIONS[mutation]
    before = data.draw(offers().map(lambda one: replace(one, terms=(*one.terms, *_sure(one.plans[0].slug)))))
    old = data.draw(
        some.sampled_from([term for term in before.terms if term.term is kind and (term.amount or term.quantity)])
    )

    assert [expected] == kinds(step(before, _with(before, old, mutate(old))))


def _sure(slug: str):
    """One term of each kind, so that there is always one to move."""
    return (
        fee(slug, "33", metric="workspace"),
        allowance(slug, "row", 64),
        rate(slug, "row", "0.25"),
        limit(slug, "workspace", 8),
    )


def test_a_plan_whose_name_is_spelled_otherwise_is_the_same_plan():
    assert () == step(offer([plan("solo", "Solo")], fee("solo", "1")), offer([plan("solo", "SOLO")], fee("solo", "1")))
