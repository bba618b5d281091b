"""Comparison tables: every plan with all its terms, and no empty place that could be read as zero."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.catalog import StandingPlan
from pricing_pipeline.facts import State, TermKind
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.tables import (
    at_a_glance,
    cost_table,
    named_workloads,
    own_cost_table,
    pricing_tiers,
    ratings_table,
)
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.example import CATALOG, DAGSTER, PREFECT, REGISTRY

SHELF = Shelf(CATALOG, REGISTRY)


def texts(table) -> dict[str, list[str]]:
    """What the rows of a table say."""
    return {row.label: [cell.text for cell in row.cells] for row in table.rows}


def test_the_tiers_of_dagster_show_every_plan_with_all_its_terms():
    tiers = pricing_tiers(SHELF, DAGSTER)

    assert ["Open source", "Solo", "Starter", "Pro"] == [column.label for column in tiers.columns]
    assert {
        "Price a month": ["Free", "$10.00 a month", "$100.00 a month", "Contact sales"],
        "Price a year": ["Free", "$120.00 a year", "Not stated", "Contact sales"],
        "Credits included a month": ["Not applicable", "Not included", "Not included", "Not stated"],
        "Each credit": ["Not applicable", "$0.04 per credit", "$0.035 per credit", "Not stated"],
        "Each serverless minute": ["Not applicable", *["$0.01 per serverless minute"] * 3],
        "Seats, at most": ["Not applicable", "1 seat", "3 seats", "Not stated"],
    } == texts(tiers)


def test_every_term_that_stands_is_in_the_tiers():
    """Also where two terms of one plan would stand under one heading."""
    bands = [
        example.term(DAGSTER, "solo", TermKind.USAGE_RATE, f"${amount}", metric="event", amount=Decimal(amount),
                     currency=currency, tier_from=Decimal(0), tier_to=Decimal(10))
        for amount, currency in (("1", "USD"), ("2", "EUR"), ("3", "GBP"))
    ]  # fmt: skip
    shelf = Shelf(replace(CATALOG, terms=(*CATALOG.terms, *bands)), REGISTRY)

    shown = {cell.figure for row in pricing_tiers(shelf, DAGSTER).rows for cell in row.cells}
    prefect = {cell.figure for row in pricing_tiers(shelf, PREFECT).rows for cell in row.cells}

    from pricing_pipeline.publish.cells import term_id

    assert set() == {term_id(term) for term in shelf.catalog.terms} - shown - prefect


def test_a_rate_does_not_apply_where_use_is_unlimited():
    unlimited = example.term(DAGSTER, "pro", TermKind.ALLOWANCE, "Unlimited", metric="credit", state=State.UNLIMITED)
    shelf = Shelf(replace(CATALOG, terms=(*CATALOG.terms, unlimited)), REGISTRY)

    assert "Not applicable" == texts(pricing_tiers(shelf, DAGSTER))["Each credit"][3]


def test_a_plan_that_is_priced_per_seat_stands_in_the_same_row_as_the_others():
    """Else Team's price would be `not stated` in one row and the others' in another."""
    prices = texts(pricing_tiers(SHELF, PREFECT))["Price a month"]

    assert ["Free", "$100.00 a month", "$100.00 per seat a month", "Contact sales"] == prices


def test_a_product_without_a_single_fee_still_says_what_its_plans_cost():
    catalog = replace(CATALOG, terms=(), plans=(CATALOG.plans[0], CATALOG.plans[3]))

    assert {"Price": ["Free", "Contact sales"]} == texts(pricing_tiers(Shelf(catalog, REGISTRY), DAGSTER))


def test_a_figure_that_was_read_carries_its_evidence():
    cells = [cell for row in pricing_tiers(SHELF, DAGSTER).rows for cell in row.cells]

    assert [] == [c for c in cells if (c.figure is None) != (c.state in ("not_stated", "not_applicable"))]
    assert [] == [c for c in cells if c.figure is not None and c.provenance is None]


def test_costs_stand_under_their_products_with_the_cheapest_marked():
    costs = cost_table(SHELF, [PREFECT, DAGSTER], [example.ONE_SEAT])

    assert [
        "$0.00",
        "$100.00",
        "$400.00",
        "Contact sales",
        "Not applicable",
        "$610.00",
        "$625.00",
        "Contact sales",
    ] == [cell.text for cell in costs.rows[0].cells]
    best = [column.label for column, cell in zip(costs.columns, costs.rows[0].cells, strict=True) if cell.best]
    assert ["Hobby", "Solo"] == best
    assert "Cheapest: Prefect Cloud Hobby at $0.00" == costs.rows[0].note


def test_nobody_is_called_the_cheapest_across_two_currencies():
    euros = [
        replace(row, cost=replace(row.cost, currency="EUR")) if row.product == PREFECT else row for row in CATALOG.costs
    ]
    shelf = Shelf(replace(CATALOG, costs=tuple(euros)), REGISTRY)

    assert "" == cost_table(shelf, [PREFECT, DAGSTER], [example.ONE_SEAT]).rows[0].note


def test_the_allowances_of_a_plan_have_a_table_of_their_own():
    assert [example.ONE_SEAT] == named_workloads(SHELF, [PREFECT, DAGSTER])
    assert {"7,500 credits (Solo's allowance)": ["Not applicable", "$310.00", "$362.50", "Not applicable"]} == texts(
        own_cost_table(SHELF, DAGSTER)
    )
    assert () == own_cost_table(SHELF, PREFECT).rows


def test_ratings_stand_side_by_side_and_none_is_not_zero():
    ratings = ratings_table(SHELF, [PREFECT, DAGSTER])

    assert {"G2": ["4.5 of 5 (124 reviews)", "No ratings yet"]} == texts(ratings)
    assert "read 30 April 2026" == ratings.rows[0].cells[0].note


def test_a_publisher_that_was_never_read_is_not_stated_and_one_not_watched_not_applicable():
    catalog = replace(CATALOG, ratings=(), sources=CATALOG.sources[:2])

    assert {"G2": ["Not applicable", "Not stated"]} == texts(
        ratings_table(Shelf(catalog, REGISTRY), [PREFECT, DAGSTER])
    )


def test_products_at_a_glance_are_computed_from_what_stands():
    glance = texts(at_a_glance(SHELF, [PREFECT, DAGSTER]))

    assert ["$100.00 a month", "$10.00 a month"] == glance["Cheapest paid plan"]
    assert ["None seen", "1 May 2026"] == glance["Last change of terms"]


def test_a_product_without_a_free_plan_says_none():
    """Where no plan was read at all it says that nothing is stated."""
    paid = tuple(row for row in CATALOG.plans if row.plan.state is not State.FREE)

    assert "None" == texts(at_a_glance(Shelf(replace(CATALOG, plans=paid), REGISTRY), [DAGSTER]))["Free plan"][0]
    assert "Not stated" == texts(at_a_glance(Shelf(replace(CATALOG, plans=()), REGISTRY), [DAGSTER]))["Free plan"][0]


def test_a_pending_change_is_marked_and_the_standing_value_stays():
    held = tuple(replace(row, pending=True) if row is CATALOG.terms[0] else row for row in CATALOG.terms)
    cell = pricing_tiers(Shelf(replace(CATALOG, terms=held), REGISTRY), DAGSTER).rows[0].cells[1]

    assert ("$10.00 a month", True) == (cell.text, cell.pending)


def test_plan_names_are_cut_to_one_short_line():
    long = replace(CATALOG.plans[1], plan=replace(CATALOG.plans[1].plan, name="Solo\n" + "x" * 200))
    plans: tuple[StandingPlan, ...] = (long,)
    label = pricing_tiers(Shelf(replace(CATALOG, plans=plans), REGISTRY), DAGSTER).columns[0].label

    assert (60, False) == (len(label), "\n" in label)
