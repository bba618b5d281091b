"""What `cost` makes of what is published: places, currencies, tax, and where the cheaper plan changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing_pipeline import costs
from pricing_pipeline.cli import pricing
from pricing_pipeline.exchange import Exchange
from pricing_pipeline.facts import Plan, State, Term
from pricing_pipeline.results import Offer, PricedPlan
from tests.pricing_pipeline.offers import MAY, fee, limit, offer, workload
from warehouse.published import PublishedProduct

RATES = Exchange(to="USD", on=date(2026, 5, 1), source="a bank", rates={"EUR": Decimal("1.20")})


def product(name: str, given: Offer, **hosted: bool) -> PublishedProduct:
    return PublishedProduct(
        vendor=name.lower(),
        product=name.lower(),
        name=name,
        offer=given,
        hosted={plan.slug: hosted.get(plan.slug, True) for plan in given.plans},
        metrics=costs.product_metrics(given),
    )


def solo(name: str, *terms: Term, plans: tuple[Plan | str, ...] = ("solo",)) -> PublishedProduct:
    return product(name, offer(plans, *terms))


def places(found: tuple[PricedPlan, ...]) -> list[tuple[str, str, int | None]]:
    return [(one.product, one.plan, one.rank) for one in found]


def test_plans_of_all_products_share_one_order() -> None:
    """The place is that among all plans shown; what does not fit and what is on request has none, and comes last."""
    acme = solo("Acme", fee("solo", "10"), fee("team", "30"), limit("solo", "seat", 5), plans=("solo", "team"))
    beta = solo("Beta", fee("solo", "20"), fee("big", state=State.CONTACT_SALES), plans=("solo", "big"))

    found = pricing.price_all([acme, beta], workload(seat=1))
    assert [("acme", "solo", 1), ("beta", "solo", 2), ("acme", "team", 3), ("beta", "big", None)] == places(found)


def test_an_edition_that_one_runs_oneself_takes_no_place() -> None:
    own = product("Acme", offer(["core", "cloud"], fee("core", state=State.FREE), fee("cloud", "5")), core=False)

    assert [("acme", "core", None), ("acme", "cloud", 1)] == places(pricing.price_all([own], workload()))


def test_bills_in_several_currencies_are_ranked_apart_without_a_rate() -> None:
    acme, beta = solo("Acme", fee("solo", "10")), solo("Beta", fee("solo", "9", currency="EUR"))
    found = pricing.price_all([acme, beta], workload())

    assert [("beta", "solo", 1), ("acme", "solo", 1)] == places(found)
    rows = [{"product": one.product, "tax": None} for one in found]
    assert "bills in EUR, USD are ranked apart" in pricing.notes(rows, {"EUR", "USD"}, None)[0]


def test_bills_in_several_currencies_are_ranked_together_by_a_rate_that_is_shown() -> None:
    """Nine euros at 1.20 are $10.80."""
    acme, beta = solo("Acme", fee("solo", "10")), solo("Beta", fee("solo", "9", currency="EUR"))
    found = pricing.price_all([acme, beta], workload(), exchange=RATES)

    assert [("acme", "solo", 1), ("beta", "solo", 2)] == places(found)
    assert [(Decimal(10), "USD"), (Decimal(9), "EUR")] == [(one.cost.high, one.cost.currency) for one in found]
    rows = [{"product": one.product, "tax": None} for one in found]
    (first, _) = pricing.notes(rows, {"EUR", "USD"}, RATES)
    assert "ranked in USD at rates of 2026-05-01 (a bank): 1 EUR = 1.2 USD" == first


def test_what_is_known_of_tax_is_told() -> None:
    rows = [{"product": "acme", "tax": "excluded"}, {"product": "beta", "tax": "included"}]

    assert ["tax included, as they print it: beta", "tax excluded, as they print it: acme"] == pricing.notes(
        rows, {"EUR"}, None
    )
    (silent,) = pricing.notes([{"product": "acme", "tax": None}], {"EUR"}, None)
    assert "none of these pages says beside its prices whether tax is included" == silent


def test_a_yearly_commitment_is_priced_where_it_is_offered() -> None:
    acme = solo("Acme", fee("solo", "10", commitment="month"), fee("solo", "8", commitment="year"))

    assert [Decimal(8)] == [one.cost.low for one in pricing.price_all([acme], workload(), commitment="year")]


def test_the_cheapest_plan_turns_where_it_is_said_to() -> None:
    """Solo at $0.04 and Starter at $0.035 a credit: $730 either way at 18,000 credits."""
    (turn,) = pricing.turns([product("Dagster", MAY)], "credit", {})

    assert (Decimal(18000), "Solo", "Starter") == (
        turn.point.quantity, turn.point.cheaper_below, turn.point.cheaper_above,
    )  # fmt: skip
    assert (Decimal("730.00"), "USD", True) == (turn.bill, turn.currency, turn.is_cheapest)


def test_where_a_third_plan_is_cheaper_still_is_told() -> None:
    cheap = solo("Cheap", fee("go", "1"), *[one for one in MAY.terms if one.plan is None], plans=("go",))
    cheap = product("Cheap", offer(["go"], *cheap.offer.terms, *[_free_credits()]))
    (turn,) = pricing.turns([product("Dagster", MAY), cheap], "credit", {})

    assert ("Dagster Solo", "Dagster Starter", False) == (
        turn.point.cheaper_below, turn.point.cheaper_above, turn.is_cheapest,
    )  # fmt: skip


def _free_credits() -> Term:
    from tests.pricing_pipeline.offers import allowance

    return allowance("go", "credit", state=State.UNLIMITED)
