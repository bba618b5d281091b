from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pricing_pipeline import changes
from pricing_pipeline.facts import Cause, GateState, RatingState, Severity, State
from pricing_pipeline.results import Cost, CostState, PricedPlan
from tests.pricing_pipeline.changes.steps import kinds, one, step
from tests.pricing_pipeline.offers import APRIL, AT, MAY, allowance, fee, limit, offer, plan, rating, workload

SOLO = (fee("solo", "10"), allowance("solo", "credit", 7500), limit("solo", "seat", 1))


def test_a_new_plan_is_told_with_its_price():
    change = one(step(offer(["solo"], *SOLO), offer(["solo", "team"], *SOLO, fee("team", "50"))))

    assert ("plan_added", "team", "Team", Severity.INFO) == (change.kind, change.plan, change.after, change.severity)
    assert "Team: new plan ($50.00 a month)" == change.verdict


def test_a_plan_that_is_gone_is_told_with_what_it_cost():
    change = one(step(offer(["solo", "team"], *SOLO, fee("team", "50")), offer(["solo"], *SOLO)))

    assert ("plan_removed", "team", Severity.NOTICE) == (change.kind, change.plan, change.severity)
    assert "Team: plan no longer offered (was $50.00 a month)" == change.verdict


def test_a_plan_under_a_new_name_keeps_its_history():
    """Solo became Personal; nothing else moved, so nothing else is told."""
    after = offer(["personal"], *(replace(term, plan="personal") for term in SOLO))
    change = one(step(offer(["solo"], *SOLO), after))

    assert ("plan_renamed", "personal", "Solo", "Personal") == (change.kind, change.plan, change.before, change.after)
    assert "all of its terms are the same" in change.verdict


def test_what_changed_with_the_new_name_is_told_too():
    terms = (fee("personal", "10"), allowance("personal", "credit", 7500), limit("personal", "seat", 3))

    assert ["allowance_increased", "plan_renamed"] == sorted(
        kinds(step(offer(["solo"], *SOLO), offer(["personal"], *terms)))
    )


def test_a_similar_name_at_the_same_price_needs_less_to_agree():
    before = offer(["business"], fee("business", "20"), limit("business", "check", 50), limit("business", "seat", 3))
    after = offer(
        [plan("business-plus", "Business Plus")],
        fee("business-plus", "20"),
        limit("business-plus", "check", 100),
        limit("business-plus", "seat", 10),
    )

    assert {"business": "business-plus"} == changes.renamed_plans(before, after)


def test_another_plan_at_another_price_is_no_rename():
    after = offer(["max"], fee("max", "500"), allowance("max", "credit", 10**6))

    assert ["plan_added", "plan_removed"] == sorted(kinds(step(offer(["solo"], *SOLO), after)))


def test_the_last_free_plan_takes_the_free_tier_with_it():
    free, paid = fee("hobby", state=State.FREE), fee("solo", "10")
    found = step(offer(["hobby", "solo"], free, paid), offer(["solo"], paid))

    assert {("plan_removed", Severity.NOTICE), ("free_tier_removed", Severity.CRITICAL)} == {
        (c.kind, c.severity) for c in found
    }


def test_a_free_plan_that_goes_while_another_stays_takes_no_free_tier():
    terms = (fee("hobby", state=State.FREE), fee("free", state=State.FREE), limit("free", "seat", 2))

    assert ["plan_removed"] == kinds(step(offer(["hobby", "free"], *terms), offer(["free"], *terms[1:])))


def test_an_edition_that_one_runs_oneself_is_no_free_tier():
    free, paid = fee("oss", state=State.FREE), fee("solo", "10")
    found = step(offer(["oss", "solo"], free, paid), offer(["solo"], paid), hosted={"oss": False})

    assert ["plan_removed"] == kinds(found)


def test_a_first_observation_changes_nothing():
    assert () == step(offer([]), APRIL)


@pytest.mark.parametrize("cause", [Cause.EXTRACTOR, Cause.VIEW])
def test_what_is_not_the_vendors_doing_is_information(cause):
    found = step(APRIL, MAY, cause=cause)

    assert {(Severity.INFO, cause)} == {(change.severity, change.cause) for change in found}


def test_a_change_keeps_its_id_when_it_is_accepted():
    held = step(APRIL, MAY, state=GateState.HELD)
    accepted = step(APRIL, MAY)

    assert {GateState.HELD} == {change.state for change in held}
    assert [change.id for change in held] == [change.id for change in accepted]
    assert len(accepted) == len({change.id for change in accepted})
    assert all(len(change.id) == 16 for change in accepted)


def test_an_old_announcement_does_not_explain_a_later_change():
    stands = offer(["solo"], fee("solo", "10"), dates=[date(2025, 11, 1)])
    later = offer(["solo"], fee("solo", "12"), dates=[date(2025, 11, 1)])

    assert None is one(step(stands, later, last_observed_at=AT - timedelta(days=1))).effective_at


def test_an_announcement_dates_the_change_that_it_foretold():
    seen = datetime(2026, 4, 10, tzinfo=UTC)
    stands = offer(["solo"], fee("solo", "10"), dates=[date(2026, 5, 1)])
    later = offer(["solo"], fee("solo", "12"), dates=[date(2026, 5, 1)])
    change = one(step(stands, later, last_observed_at=AT - timedelta(days=1), announced={date(2026, 5, 1): seen}))

    assert (date(2026, 5, 1), seen) == (change.effective_at, change.announced_at)


def test_an_announcement_alone_changes_no_price():
    """Old terms still displayed hold until the page itself says otherwise."""
    assert () == step(offer(["solo"], fee("solo", "10")), offer(["solo"], fee("solo", "10"), dates=[date(2026, 7, 1)]))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(rating("4.5"), rating("4.3"), [("rating_changed", Severity.NOTICE)], id="fell"),
        pytest.param(rating("4.5"), rating("4.6"), [("rating_changed", Severity.INFO)], id="rose"),
        pytest.param(rating("4.5"), rating("9", scale="10"), [], id="other-scale"),
        pytest.param(
            rating(count=100), rating(count=101), [("review_count_changed", Severity.INFO)], id="more-reviews"
        ),
        pytest.param(
            rating(count=100), rating(count=80), [("review_count_changed", Severity.INFO)], id="a-fifth-fewer"
        ),
        pytest.param(rating(count=100), rating(count=60), [("review_count_dropped", Severity.NOTICE)], id="dropped"),
        pytest.param(rating(count=100), rating(count=None), [], id="count-missing-is-not-zero"),
        pytest.param(
            rating(),
            rating(None, None, state=RatingState.NO_RATINGS_YET),
            [("rating_changed", Severity.INFO)],
            id="no-ratings-yet",
        ),
    ],
)
def test_ratings_are_watched(before, after, expected):
    found = step(offer([], ratings=[before]), offer([], ratings=[after]))

    assert expected == [(change.kind, change.severity) for change in found]


def test_a_rating_that_fell_is_told_with_its_scale_and_publisher():
    found = step(offer([], ratings=[rating("4.5")]), offer([], ratings=[rating("4.3")]))

    assert "Thing: rating at G2 4.5 of 5 → 4.3 of 5" == one(found).verdict


def priced(product, plan_slug, amount, rank, load="load", currency="USD"):
    known = None if amount is None else Decimal(amount)
    cost = Cost(state=CostState.UNKNOWN if known is None else CostState.EXACT, low=known, high=known, currency=currency)
    return PricedPlan(vendor=product, product=product, plan=plan_slug, workload=load, cost=cost, rank=rank)


def turned(before, after, *, across=False):
    return changes.cheapest_changes(
        before,
        after,
        workloads=[workload("load", "Load")],
        product_names={("a", "a"): "Alpha", ("b", "b"): "Beta"},
        plan_names={("a", "a", "solo"): "Solo", ("a", "a", "team"): "Team", ("b", "b", "one"): "One"},
        observed_at=AT,
        across=across,
    )


def test_another_cheapest_plan_of_all_products_is_told_by_product():
    """And filed under the product whose price moved: the other did nothing."""
    before = [priced("a", "solo", "10", 1), priced("b", "one", "12", 2)]
    after = [priced("a", "solo", "15", 2), priced("b", "one", "12", 1)]
    change = one(turned(before, after, across=True))

    assert "Load: cheapest plan Alpha Solo ($10.00) → Beta One ($12.00)" == change.verdict
    assert ("a", "solo", "a.solo", "b.one") == (change.product, change.plan, change.before, change.after)
    assert Severity.NOTICE == change.severity


def test_plans_that_tie_are_told_together():
    before = [priced("a", "solo", "10", 1), priced("a", "team", "12", 2)]
    after = [priced("a", "solo", "12", 1), priced("a", "team", "12", 1)]

    assert "Load: cheapest Alpha plan Solo ($10.00) → Solo and Team (each $12.00)" == one(turned(before, after)).verdict


@pytest.mark.parametrize(
    ("before", "after", "across"),
    [
        pytest.param([priced("a", "solo", "10", 1)], [priced("a", "solo", "99", 1)], False, id="the-same-plan-dearer"),
        pytest.param([priced("a", "solo", None, None)], [priced("a", "solo", "9", 1)], False, id="a-first-figure"),
        pytest.param(
            [priced("a", "solo", "10", 1)],
            [priced("a", "solo", "10", 2), priced("b", "one", "5", 1)],
            True,
            id="a-new-product",
        ),
        pytest.param([], [priced("a", "solo", "10", 1)], False, id="a-first-pricing"),
    ],
)
def test_what_turns_no_cheapest_plan(before, after, across):
    assert () == turned(before, after, across=across)


def test_of_many_plans_that_tie_a_few_are_named():
    """A dozen vendors have a free plan; the sentence names two of them, and the bill once."""
    crowd = [priced(name, "free", "0", 1) for name in "cdefg"]
    change = one(turned([priced("a", "solo", "0", 1), *crowd], [priced("a", "solo", "5", 6), *crowd], across=True))

    assert (
        "Load: Alpha Solo ($0.00) no longer among the cheapest plans; still c free, d free and 3 more (each $0.00)"
    ) == change.verdict


def test_a_plan_that_joins_the_cheapest_is_told_by_its_own_name():
    before = [priced("a", "solo", "5", 2), priced("b", "one", "0", 1)]
    after = [priced("a", "solo", "0", 1), priced("b", "one", "0", 1)]
    change = one(turned(before, after, across=True))

    assert "Load: Alpha Solo ($0.00) now among the cheapest plans, beside Beta One ($0.00)" == change.verdict


def test_a_plan_that_leaves_those_that_tie_is_the_one_that_the_change_is_about():
    """Those that stay the cheapest did nothing, and their vendors' pages must not say so."""
    change = one(
        turned(
            [priced("a", "solo", "0", 1), priced("b", "one", "0", 1)],
            [priced("a", "solo", "5", 2), priced("b", "one", "0", 1)],
            across=True,
        )
    )

    assert ("a", "a", "solo") == (change.vendor, change.product, change.plan)


def test_a_plan_that_leaves_those_that_tie_downwards_is_the_one_that_the_change_is_about():
    """Two others stood beside it and stand where they stood: neither of their vendors changed anything."""
    crowd = [priced("a", "solo", "10", 1), priced("c", "free", "10", 1)]
    ranked = [priced("a", "solo", "10", 2), priced("c", "free", "10", 2)]
    change = one(turned([*crowd, priced("b", "one", "10", 1)], [*ranked, priced("b", "one", "8", 1)], across=True))

    assert ("b", "b", "one") == (change.vendor, change.product, change.plan)
    assert (
        "Load: Beta One ($8.00) now the cheapest plan by itself, no longer beside Alpha Solo and c free (each $10.00)"
    ) == change.verdict


def test_a_price_in_another_currency_is_no_rival():
    """Nobody can tell whether 9 euros are less than 10 dollars: a turn among the dollars names dollars alone."""
    euros = priced("c", "free", "9", 1, currency="EUR")
    before = [priced("a", "solo", "10", 1), priced("b", "one", "12", 2), euros]
    after = [priced("a", "solo", "15", 2), priced("b", "one", "12", 1), euros]

    assert (
        "Load: cheapest plan Alpha Solo ($10.00) → Beta One ($12.00)" == one(turned(before, after, across=True)).verdict
    )


def test_what_turns_among_free_plans_is_told_once_whatever_currencies_stand_beside_them():
    beside = [priced("c", "free", "9", 2, currency="EUR"), priced("c", "paid", "9", 2)]
    before = [priced("a", "solo", "0", 1), priced("b", "one", "0", 1), *beside]
    after = [priced("a", "solo", "5", 3), priced("b", "one", "0", 1), *beside]

    change = one(turned(before, after, across=True))
    assert "Load: Alpha Solo ($0.00) no longer among the cheapest plans; still Beta One ($0.00)" == change.verdict


def test_a_cheapest_plan_whose_cost_is_no_longer_known_is_told():
    change = one(turned([priced("a", "solo", "10", 1)], [priced("a", "solo", None, None)]))

    assert "Load: cheapest Alpha plan Solo ($10.00) → none with a known cost" == change.verdict


def test_plans_that_only_share_a_price_on_request_are_not_the_same():
    before = offer(["solo", "scale"], *SOLO, fee("scale", state=State.CONTACT_SALES))
    after = offer(["solo", "global"], *SOLO, fee("global", state=State.CONTACT_SALES))

    assert {} == changes.renamed_plans(before, after)


def test_a_turn_within_one_product_is_not_told_again_over_all_products():
    before = [priced("a", "solo", "12", 2), priced("a", "team", "10", 1), priced("b", "one", "99", 3)]
    after = [priced("a", "solo", "12", 1), priced("a", "team", "20", 2), priced("b", "one", "99", 3)]

    assert () == turned(before, after, across=True)


def test_a_plan_on_request_that_takes_anothers_place_among_the_rest_is_renamed():
    """What says nothing but "contact sales" can be known only by where it stands."""

    def with_last(*slugs: str):
        asked = [fee(slug, state=State.CONTACT_SALES) for slug in slugs[2:]]
        return offer(list(slugs), fee("solo", "10"), fee("team", "100"), *asked)

    renamed = one(step(with_last("solo", "team", "enterprise"), with_last("solo", "team", "custom")))

    assert ("plan_renamed", "Enterprise", "Custom") == (renamed.kind, renamed.before, renamed.after)
    assert renamed.verdict.endswith("Enterprise → Custom (it stands in the same place and says the same)")


def test_a_plan_on_request_that_stands_elsewhere_is_another():
    before = offer(
        ["pro", "solo", "team"], fee("pro", state=State.CONTACT_SALES), fee("solo", "10"), fee("team", "100")
    )
    after = offer(["solo", "team", "max"], fee("max", state=State.CONTACT_SALES), fee("solo", "10"), fee("team", "100"))

    assert {"plan_added", "plan_removed"} == set(kinds(step(before, after)))


def test_what_people_said_of_two_names_goes_before_what_it_looks_like():
    """A denied name is two plans; one that was confirmed needs no likeness."""
    before = offer(["solo"], *SOLO)
    alike = offer(["personal"], *(replace(term, plan="personal") for term in SOLO))
    apart = changes.Said(apart=frozenset({("solo", "personal")}))
    unlike = offer(["personal"], fee("personal", "49"))
    same = changes.Said(same={"solo": "personal"})

    assert {} == changes.renamed_plans(before, alike, apart)
    assert {} == changes.renamed_plans(before, unlike)
    assert {"solo": "personal"} == changes.renamed_plans(before, unlike, same)


def test_a_free_plan_is_known_under_another_name_though_it_now_writes_out_its_zero():
    """What it holds is the same, and "Free" and "$0" are one price."""
    holds = limit("hobby", "check", 20)
    before = offer(["hobby", "pro"], fee("hobby", state=State.FREE), holds, fee("pro", "9"))
    zero = replace(fee("basic", state=State.FREE), currency="USD")
    after = offer(["basic", "pro"], zero, replace(holds, plan="basic"), fee("pro", "9"))

    assert ["plan_renamed"] == kinds(step(before, after))
