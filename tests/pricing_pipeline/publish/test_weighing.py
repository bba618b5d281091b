"""Which plan is the cheapest from how much use on: computed, so that the recommendation turns with the figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pricing_pipeline import costs
from pricing_pipeline.catalog import StandingTerm
from pricing_pipeline.facts import State, TermKind
from pricing_pipeline.publish.cells import term_id
from pricing_pipeline.publish.prose import Prose
from pricing_pipeline.publish.scales import Scales, Weigh
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.site import Site
from pricing_pipeline.publish.weighing import WeighedRow, Weighing
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.results import Workload
from tests.pricing_pipeline.publish import example

WEIGH = Weigh(along=costs.along, lowest=costs.lowest)
CREDITS = Workload(slug="credits", name="Credits", usage={"seat": Decimal(1), "credit": Decimal(15000)})
SEATS = Workload(slug="seats", name="Seats", usage={"seat": Decimal(3), "credit": Decimal(30000)})
BOTH = (example.PREFECT, example.DAGSTER)


def weighing(*products: str, terms: tuple[StandingTerm, ...] = example.CATALOG.terms) -> Weighing:
    shelf = Shelf(replace(example.CATALOG, terms=terms, workloads=(CREDITS, SEATS)), example.REGISTRY)
    return Weighing(Scales(shelf, WEIGH), products)


def text(prose: Prose) -> str:
    return "".join(piece.text for piece in prose)


def row(of: Weighing, label: str, besides: str) -> WeighedRow:
    return next(one for one in of.rows if (one.label, one.besides) == (label, besides))


def cell(of: Weighing, label: str, besides: str, place: int = 0) -> list[str]:
    verdict = row(of, label, besides).cells[place]
    return [] if verdict is None else [f"{piece.text}: {who}" for piece, who in verdict.lines]


def as_before(standing: StandingTerm) -> StandingTerm:
    """A term as it was before the shift of May 2026."""
    return standing if standing.previous is None else replace(standing, term=standing.previous, previous=None)


def test_a_recommendation_turns_with_the_figures() -> None:
    """In May the place where Starter becomes the cheaper plan moved from 10,500 to 18,000 credits."""
    before = weighing(example.DAGSTER, terms=tuple(map(as_before, example.CATALOG.terms)))

    assert ["up to 18,000: Solo", "above 18,000: Starter"] == cell(weighing(example.DAGSTER), "Credits", "one seat")
    assert ["up to 10,500: Solo", "above 10,500: Starter"] == cell(before, "Credits", "one seat")
    assert (
        "On one seat, Dagster+ Solo is the cheapest up to 18,000 credits a month, Dagster+ Starter from there on"
        in [text(one) for one in weighing(*BOTH).sentences]
    )


def test_what_is_used_besides_decides_too() -> None:
    """Three people do not fit into Solo, however few credits they use."""
    assert ["any number: Starter"] == cell(weighing(example.DAGSTER), "Credits", "3 seats")


def test_plans_of_several_products_are_weighed_at_what_both_know() -> None:
    of = weighing(*BOTH)
    seats, credits = row(of, "Seats", "nothing"), row(of, "Credits", "one seat")

    assert seats.every is not None
    assert ("up to 2", "Prefect Cloud Hobby") == (seats.every.lines[0][0].text, seats.every.lines[0][1])
    assert credits.cells[0] is None, "Prefect Cloud knows no credits"
    assert credits.every is None


def test_beyond_every_limit_no_plan_is_recommended() -> None:
    assert "above 3: no plan with a stated price" == cell(weighing(example.DAGSTER), "Seats", "nothing")[-1]


def test_a_product_is_chosen_for_where_its_plans_are_the_cheapest_of_all() -> None:
    won = weighing(*BOTH).choices(example.DAGSTER)[0]

    assert "With nothing else used, Dagster+ Starter costs as little as any at 3 seats" == text(won)


def test_a_price_that_is_not_stated_leaves_its_plan_out_and_says_so() -> None:
    """Unknown is not dear: Starter without a stated rate is named, and not counted as beaten."""
    terms = tuple(
        replace(one, term=replace(one.term, amount=None, state=State.NOT_STATED))
        if (one.product, one.term.plan, one.term.term) == (example.DAGSTER, "starter", TermKind.USAGE_RATE)
        else one
        for one in example.CATALOG.terms
    )
    of = weighing(example.DAGSTER, terms=terms)
    (verdict,) = row(of, "Credits", "one seat").cells

    assert ["any number: Solo, of those known"] == cell(of, "Credits", "one seat")
    assert verdict is not None
    assert text(verdict.sentence).endswith("; what Starter would cost is not stated throughout")


def test_a_quantity_leads_to_the_terms_that_it_was_worked_out_from() -> None:
    of = weighing(example.DAGSTER)
    credits = row(of, "Credits", "one seat")
    (verdict,) = credits.cells

    assert verdict is not None
    assert {credits.computed.id} == {piece.figure for piece, _ in verdict.lines}
    assert set(verdict.basis) == set(credits.computed.basis)
    stated = {term_id(one): one.term for one in example.CATALOG.terms}
    kinds = {(stated[figure].plan, stated[figure].term.value) for figure in verdict.basis}
    assert {("solo", "recurring_fee"), ("solo", "usage_rate"), ("starter", "recurring_fee")} <= kinds


def test_pairs_that_fit_the_same_use_and_trade_places_are_told() -> None:
    """Solo and Starter do at 18,000 credits; that Starter alone takes three people is no trade."""
    assert ["On one seat, Solo is the cheapest up to 18,000 credits a month, Starter from there on"] == [
        text(one.sentence) for one in weighing(example.DAGSTER).pairs
    ]


def test_every_quantity_leads_to_something_on_the_page() -> None:
    """To a term that the page must show, or to what it was computed from: of rows and of pairs, each with an id of its
    own."""
    of = weighing(*BOTH)
    told = [one for row in of.rows for cell in (*row.cells, row.every) if cell for one in cell.sentence]
    told += [one for pair in of.pairs for one in pair.sentence]
    computed = [one.id for one in of.computed]

    assert {piece.figure for piece in told if piece.figure} <= {*computed, *of.figures}
    assert len(set(computed)) == len(computed)


def test_what_is_sold_no_longer_is_recommended_to_nobody() -> None:
    seller = example.REGISTRY.vendors[0]
    gone = tuple(
        replace(one, retired=example.APRIL.date()) if one.slug == example.DAGSTER else one for one in seller.products
    )
    registry = Registry((replace(seller, products=gone), *example.REGISTRY.vendors[1:]))
    shelf = Shelf(replace(example.CATALOG, workloads=(CREDITS,)), registry)

    assert () == Weighing(Scales(shelf, WEIGH), [example.DAGSTER]).rows


def test_a_vendors_page_says_which_plan_is_the_cheapest() -> None:
    catalog = replace(example.CATALOG, workloads=(CREDITS,))
    shelf = Shelf(catalog, example.REGISTRY)
    with_it, without = (
        b"".join(content for _, content in site.vendor("dagster"))
        for site in (Site(shelf, title="Prices", weigh=WEIGH), Site(shelf, title="Prices"))
    )

    assert b"Which plan is the cheapest, from how much use on" in with_it
    assert b">up to 18,000</a>: Solo; " in with_it
    assert b"Which plan is the cheapest" not in without
