"""The example pages say what the story of April and May 2026 needs, and are as misleading as real pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_pipeline.demo import pages
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, Outcome, RatingState, Source, State, Surface, Term, TermKind
from pricing_pipeline.home import shipped
from pricing_pipeline.registry import read_registry

APRIL, MAY = date(2026, 4, 30), date(2026, 5, 1)
DAGSTER, PREFECT = "https://dagster.io/pricing", "https://www.prefect.io/pricing"
DAGSTER_G2, PREFECT_G2 = "https://www.g2.com/products/dagster/reviews", "https://www.g2.com/products/prefect/reviews"
BODIES = {(page.day, page.url): page.body for page in pages()}
SOURCES: dict[str, Source] = {source.url: source for source in read_registry(shipped("vendors")).sources()}


def observe(day: date, url: str) -> Observation:
    source = SOURCES[url]
    return read_page(
        BODIES[day, url],
        url=url,
        kind=source.kind,
        locale=source.locale,
        currency=source.currency,
        expect=source.expect,
        publisher=source.publisher,
    )


def one(observation: Observation, plan: str | None, kind: TermKind, metric: str | None = None) -> Term:
    visible = [
        term
        for term in observation.terms
        if (term.plan, term.term, term.metric) == (plan, kind, metric)
        and term.evidence.surface is not Surface.INACTIVE_PANE
    ]
    assert 1 == len(visible), [term.evidence.quote for term in visible]
    return visible[0]


def test_every_address_is_one_that_a_shipped_vendor_watches() -> None:
    assert {url for _, url in BODIES} <= set(SOURCES)


def test_every_page_says_that_it_is_an_example() -> None:
    assert [] == [key for key, body in BODIES.items() if b"An example page" not in body]


@pytest.mark.parametrize("day", [APRIL, MAY])
@pytest.mark.parametrize(("plan", "fee"), [("solo", 10), ("starter", 100)])
def test_the_headline_never_moves(day: date, plan: str, fee: int) -> None:
    term = one(observe(day, DAGSTER), plan, TermKind.RECURRING_FEE)

    assert (Decimal(fee), "USD", "month") == (term.amount, term.currency, term.billing_period)


@pytest.mark.parametrize(
    ("day", "plan", "allowance", "rate"),
    [
        (APRIL, "solo", Decimal(7500), Decimal("0.03")),
        (APRIL, "starter", Decimal(30000), Decimal("0.03")),
        (MAY, "solo", None, Decimal("0.040")),
        (MAY, "starter", None, Decimal("0.035")),
    ],
)
def test_credits_are_included_in_april_and_billed_from_the_first_in_may(
    day: date, plan: str, allowance: Decimal | None, rate: Decimal
) -> None:
    observation = observe(day, DAGSTER)
    included = one(observation, plan, TermKind.ALLOWANCE, "credit")

    assert allowance == included.quantity
    assert (State.STATED if allowance else State.NOT_INCLUDED) is included.state
    assert rate == one(observation, plan, TermKind.USAGE_RATE, "credit").amount


@pytest.mark.parametrize(("day", "rate"), [(APRIL, Decimal("0.005")), (MAY, Decimal("0.010"))])
def test_the_price_of_a_minute_doubles_for_every_plan(day: date, rate: Decimal) -> None:
    assert rate == one(observe(day, DAGSTER), None, TermKind.USAGE_RATE, "serverless_minute").amount


@pytest.mark.parametrize("day", [APRIL, MAY])
def test_the_hidden_pane_still_holds_the_totals_of_a_year(day: date) -> None:
    """Read as a month's they are twelve times too much, which several trackers have published."""
    yearly = {
        (term.plan, term.amount, term.billing_period, term.evidence.surface)
        for term in observe(day, DAGSTER).terms
        if term.amount in (Decimal(120), Decimal(1200))
    }

    assert {
        ("solo", Decimal(120), "year", Surface.INACTIVE_PANE),
        ("starter", Decimal(1200), "year", Surface.INACTIVE_PANE),
    } == yearly


def test_the_banner_announces_the_day_from_which_the_change_holds() -> None:
    assert [MAY] == [announcement.effective_from for announcement in observe(MAY, DAGSTER).announcements]
    assert () == observe(APRIL, DAGSTER).announcements


@pytest.mark.parametrize("figure", ["200,000", "30-day", "$49", "$5/month", "$1,000"])
def test_figures_that_are_no_prices_stand_on_the_page_and_are_not_read(figure: str) -> None:
    assert figure.encode() in BODIES[MAY, DAGSTER]
    assert {Decimal(49), Decimal(5), Decimal(200000), Decimal(1000)}.isdisjoint(
        term.amount for term in observe(MAY, DAGSTER).terms
    )


@pytest.mark.parametrize("day", [APRIL, MAY])
def test_prefect_offers_the_same_on_both_days(day: date) -> None:
    observation = observe(day, PREFECT)
    seats = {plan: one(observation, plan, TermKind.LIMIT, "seat").quantity for plan in ("hobby", "starter", "team")}
    minutes = {
        plan: one(observation, plan, TermKind.ALLOWANCE, "serverless_minute").quantity
        for plan in ("hobby", "starter", "team")
    }

    assert ["hobby", "starter", "team", "pro", "enterprise"] == [plan.slug for plan in observation.plans]
    assert {"hobby": 2, "starter": 3, "team": 8} == seats
    assert {"hobby": 500, "starter": 4500, "team": 13500} == minutes
    assert Decimal(100) == one(observation, "team", TermKind.RECURRING_FEE, "seat").amount
    assert Decimal(4) == one(observation, "team", TermKind.MINIMUM_SPEND, "seat").quantity


@pytest.mark.parametrize("url", [PREFECT, DAGSTER_G2])
def test_a_page_that_is_only_built_anew_says_the_same(url: str) -> None:
    """Other class names, other build numbers, not one other fact."""
    before, after = observe(APRIL, url), observe(MAY, url)

    assert BODIES[APRIL, url] != BODIES[MAY, url]
    assert (before.plans, before.ratings, before.announcements) == (after.plans, after.ratings, after.announcements)
    assert before.terms == after.terms


def test_one_product_has_a_rating_and_the_other_none_yet() -> None:
    rated, unrated = observe(APRIL, PREFECT_G2).ratings[0], observe(APRIL, DAGSTER_G2).ratings[0]

    assert (Decimal("4.5"), Decimal(5), 124) == (rated.rating, rated.scale, rated.review_count)
    assert (RatingState.NO_RATINGS_YET, None) == (unrated.state, unrated.rating)


def test_the_second_day_has_a_bot_wall_with_the_status_of_a_page_that_is_fine() -> None:
    wall = observe(MAY, PREFECT_G2)

    assert [200] == [page.status for page in pages() if (page.day, page.url) == (MAY, PREFECT_G2)]
    assert Outcome.BLOCKED is wall.outcome
    assert () == wall.ratings
