"""The shipped comparison reads well over the example pages of either day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

import pytest

from pricing_pipeline.catalog import Catalog, Provenance, StandingPlan, StandingRating, StandingTerm
from pricing_pipeline.claims.placeholders import Filler
from pricing_pipeline.costs import price, price_offer, rank
from pricing_pipeline.demo import Page, pages
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, Outcome, Source
from pricing_pipeline.home import shipped
from pricing_pipeline.registry import read_registry
from pricing_pipeline.registry.comparisons import ComparisonFile, read_comparisons
from pricing_pipeline.registry.workloads import read_workloads
from pricing_pipeline.results import Offer, PricedPlan

APRIL, MAY = date(2026, 4, 30), date(2026, 5, 1)


def comparison() -> ComparisonFile:
    files, _ = read_comparisons(shipped("comparisons"))
    return next(file for file in files if file.slug == "prefect-vs-dagster")


def standing(day: date) -> Catalog:
    """What the pages up to a day leave standing; a wall takes nothing away."""
    sources = {source.url: source for source in read_registry(shipped("vendors")).sources()}
    read: dict[str, tuple[Source, Observation]] = {}
    for page in pages():
        observation = _read(page, sources[page.url])
        if page.day <= day and observation.outcome is Outcome.FETCHED:
            read[page.url] = (sources[page.url], observation)
    at = datetime.combine(day, time(6), UTC)
    return Catalog(
        as_of=at,
        plans=tuple(plan for one in read.values() for plan in _plans(*one, at)),
        terms=tuple(term for one in read.values() for term in _terms(*one, at)),
        ratings=tuple(rating for one in read.values() for rating in _ratings(*one, at)),
        workloads=read_workloads(shipped("workloads.yaml")),
        costs=tuple(cost for one in read.values() for cost in _costs(*one)),
    )


def _read(page: Page, source: Source) -> Observation:
    return read_page(
        page.body,
        url=page.url,
        kind=source.kind,
        currency=source.currency,
        expect=source.expect,
        publisher=source.publisher,
    )


def _seen(source: Source, at: datetime) -> Provenance:
    return Provenance(
        source_id=source.id,
        url=source.url,
        capture_id="0" * 16,
        sha256="0" * 64,
        captured_at=at,
        verified_at=at,
        valid_from=at,
        recorded_at=at,
    )


def _plans(source: Source, observation: Observation, at: datetime) -> Iterable[StandingPlan]:
    for position, plan in enumerate(observation.plans):
        hosted = plan.slug != "open-source"
        yield StandingPlan(
            vendor=source.vendor,
            product=source.product,
            plan=plan,
            position=position,
            hosted=hosted,
            provenance=_seen(source, at),
        )


def _terms(source: Source, observation: Observation, at: datetime) -> Iterable[StandingTerm]:
    for term in observation.terms:
        yield StandingTerm(vendor=source.vendor, product=source.product, term=term, provenance=_seen(source, at))


def _ratings(source: Source, observation: Observation, at: datetime) -> Iterable[StandingRating]:
    for rating in observation.ratings[:1]:
        yield StandingRating(vendor=source.vendor, product=source.product, rating=rating, provenance=_seen(source, at))


def _costs(source: Source, observation: Observation) -> tuple[PricedPlan, ...]:
    offer = Offer(plans=observation.plans, terms=observation.terms)
    workloads = read_workloads(shipped("workloads.yaml"))
    priced = price_offer(offer, workloads, vendor=source.vendor, product=source.product)
    return rank(
        priced, {(source.vendor, source.product, plan.slug): plan.slug != "open-source" for plan in offer.plans}
    )


@pytest.mark.parametrize("day", [APRIL, MAY])
def test_every_placeholder_of_the_comparison_is_filled(day: date) -> None:
    """One that is not keeps the whole page from being published."""
    file, filler = comparison(), Filler(standing(day), price)

    for place, text in file.content.texts():
        assert filler.fill(text, file=file.path.name, line=file.line(place))


@pytest.mark.parametrize(("day", "plan", "quantity"), [(APRIL, "starter", 10_500), (MAY, "solo", 18_000)])
def test_the_cheaper_plan_and_the_point_where_it_turns_move_with_the_pages(day: date, plan: str, quantity: int) -> None:
    filler = Filler(standing(day), price)
    (cheapest,) = filler.fill("{{ cheapest dagster-plus one-seat-15000-credits }}")
    (even,) = filler.fill("{{ break_even dagster-plus.solo dagster-plus.starter credit }}")

    assert plan == (cheapest.priced and cheapest.priced.plan)
    assert quantity == even.quantity
