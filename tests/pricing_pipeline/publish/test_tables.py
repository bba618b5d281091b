"""Comparison tables: every plan with all its terms, and no empty place that could be read as zero."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pricing_pipeline.catalog import StandingPlan
from pricing_pipeline.facts import GateState, State, TermKind
from pricing_pipeline.publish.cells import term_id
from pricing_pipeline.publish.cost_tables import cost_table, named_workloads, own_cost_table, picks
from pricing_pipeline.publish.exports import table_as_markdown
from pricing_pipeline.publish.shelf import Shelf, settled
from pricing_pipeline.publish.tables import at_a_glance, ratings_table
from pricing_pipeline.publish.tiers import pricing_tiers
from pricing_pipeline.results import Cost, CostState
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


def test_what_a_plan_no_longer_includes_stands_in_the_row_of_what_the_others_include():
    """ "No credits included" names no month, and needs none: beside 1,000 a month it means none a month."""
    given = [
        example.term(DAGSTER, plan, TermKind.ALLOWANCE, "as printed", metric="event", **said)
        for plan, said in (
            ("solo", {"quantity": Decimal(1000), "billing_period": "month"}),
            ("starter", {"state": State.NOT_INCLUDED}),
        )
    ]
    found = texts(pricing_tiers(Shelf(replace(CATALOG, terms=(*CATALOG.terms, *given)), REGISTRY), DAGSTER))

    assert ["Not applicable", "1,000 events a month", "Not included", "Not stated"] == found["Events included a month"]
    assert "Events included" not in found


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

    assert set() == {term_id(term) for term in shelf.catalog.terms} - shown - prefect


def test_a_cost_is_cited_from_the_page_that_says_all_that_it_rests_on():
    """The fee was read in April and stands since; the $610 could not be read before the rate of May."""
    fee, rate = example.TERMS[0], example.TERMS[3]
    since_april = replace(fee, provenance=example.provenance(DAGSTER, captured=example.APRIL))
    terms = tuple(since_april if one is fee else one for one in CATALOG.terms)
    cell = cost_table(Shelf(replace(CATALOG, terms=terms), REGISTRY), [DAGSTER], [example.ONE_SEAT]).rows[0].cells[0]

    assert ("$610.00", [example.MAY]) == (cell.text, [source.captured_at for source in cell.sources])
    assert rate.provenance == cell.provenance


def test_a_cost_that_rests_on_two_pages_is_cited_from_both():
    elsewhere = replace(example.provenance(DAGSTER, captured=example.APRIL), url="https://dagster.io/fees")
    terms = tuple(replace(one, provenance=elsewhere) if one is example.TERMS[0] else one for one in CATALOG.terms)
    table = cost_table(Shelf(replace(CATALOG, terms=terms), REGISTRY), [DAGSTER], [example.ONE_SEAT])

    urls = {source.url for source in table.rows[0].cells[0].sources}
    assert {"https://dagster.io/fees", "https://dagster.io/pricing"} == urls
    assert "Source: https://dagster.io/fees, read 30 April 2026." in table_as_markdown(table)


def test_a_month_of_a_years_contract_says_so():
    """Solo for $10 a month is to be had by the year alone: $610.00 are no price for one month."""
    fee = example.TERMS[0]
    yearly = replace(fee, term=replace(fee.term, commitment="year"))
    terms = tuple(yearly if one is fee else one for one in CATALOG.terms)
    costs = tuple(replace(one, cost=replace(one.cost, steps=tuple(
        replace(step, term_key=yearly.term.key) if step.term_key == fee.term.key else step for step in one.cost.steps
    ))) for one in CATALOG.costs)  # fmt: skip
    shelf = Shelf(replace(CATALOG, terms=terms, costs=costs), REGISTRY)

    (row,) = cost_table(shelf, [DAGSTER], [example.ONE_SEAT]).rows
    assert ["$610.00, billed annually", "$625.00"] == [cell.text for cell in row.cells]
    assert "$610.00, billed annually" == picks(shelf, [DAGSTER], [example.ONE_SEAT]).rows[0].cells[0].text


def test_a_rate_does_not_apply_where_use_is_unlimited():
    unlimited = example.term(DAGSTER, "pro", TermKind.ALLOWANCE, "Unlimited", metric="credit", state=State.UNLIMITED)
    shelf = Shelf(replace(CATALOG, terms=(*CATALOG.terms, unlimited)), REGISTRY)

    assert "Not applicable" == texts(pricing_tiers(shelf, DAGSTER))["Each credit"][3]


def test_a_plan_that_is_priced_per_seat_stands_in_the_same_row_as_the_others():
    """Else Team's price would be `not stated` in one row and the others' in another."""
    prices = texts(pricing_tiers(SHELF, PREFECT))["Price a month"]

    assert ["Free", "$100.00 a month", "$100.00 per seat a month", "Contact sales"] == prices


def test_free_and_on_request_stand_in_the_row_of_the_prices():
    """Pages say `Free` and `Contact sales` without a month; a row of their own would split the prices in two."""
    words = [
        example.term(PREFECT, plan, TermKind.RECURRING_FEE, state.value, state=state)
        for plan, state in (("hobby", State.FREE), ("pro", State.CONTACT_SALES))
    ]
    table = pricing_tiers(Shelf(replace(CATALOG, terms=(*words, *CATALOG.terms)), REGISTRY), PREFECT)

    assert "Price" not in texts(table)
    prices = table.rows[0].cells
    assert ["Free", "$100.00 a month", "$100.00 per seat a month", "Contact sales"] == [cell.text for cell in prices]
    assert [] == [cell for cell in prices if cell.figure is None]


def test_a_product_without_a_single_fee_still_says_what_its_plans_cost():
    catalog = replace(CATALOG, terms=(), plans=(CATALOG.plans[0], CATALOG.plans[3]))

    assert {"Price": ["Free", "Contact sales"]} == texts(pricing_tiers(Shelf(catalog, REGISTRY), DAGSTER))


def test_terms_of_a_product_whose_plans_have_no_names_stand_in_one_column():
    """Pages that sell by use alone: a rate, and no plan."""
    rate = example.rate(None, "credit", "0.040", "0.03", "$0.040 per credit")
    table = pricing_tiers(Shelf(replace(CATALOG, plans=(), terms=(rate,)), REGISTRY), DAGSTER)

    assert (["Every plan"], {"Each credit": ["$0.04 per credit"]}) == ([c.label for c in table.columns], texts(table))


def test_a_figure_that_was_read_carries_its_evidence():
    cells = [cell for row in pricing_tiers(SHELF, DAGSTER).rows for cell in row.cells]

    assert [] == [c for c in cells if (c.figure is None) != (c.state in ("not_stated", "not_applicable"))]
    assert [] == [c for c in cells if c.figure is not None and c.provenance is None]


def test_costs_stand_under_their_products_with_the_cheapest_marked():
    costs = cost_table(SHELF, [PREFECT, DAGSTER], [example.ONE_SEAT])

    assert ["$0.00", "$100.00", "$400.00", "$610.00", "$625.00"] == [cell.text for cell in costs.rows[0].cells]
    best = [column.label for column, cell in zip(costs.columns, costs.rows[0].cells, strict=True) if cell.best]
    assert ["Hobby", "Solo"] == best
    assert "Cheapest: Prefect Cloud Hobby at $0.00" == costs.rows[0].note


def test_a_plan_without_a_cost_is_left_out_of_the_costs_and_the_reason_is_said():
    """Columns that say `Contact sales` at every workload push the figures off a phone."""
    costs = cost_table(SHELF, [PREFECT, DAGSTER], [example.ONE_SEAT])

    assert (
        "Not in this table: Prefect Cloud Pro and Dagster+ Pro (sold by contact) and "
        "Dagster+ Open source (you run it yourself)."
    ) == costs.note


def test_a_plan_whose_cost_is_unknown_or_that_does_not_fit_stays_in_the_costs():
    """That a plan is too small, or says too little, is an answer."""
    states = {"solo": CostState.INFEASIBLE, "starter": CostState.UNKNOWN}
    costs = tuple(replace(row, rank=None, cost=Cost(state=states[row.plan], reason="why")) for row in example.COSTS[:2])
    table = cost_table(Shelf(replace(CATALOG, costs=costs), REGISTRY), [DAGSTER], [example.ONE_SEAT])

    assert [("Does not fit", "why"), ("Unknown", "why")] == [(cell.text, cell.note) for cell in table.rows[0].cells]


def test_nothing_is_said_in_the_currency_of_what_is_sold_beside_it():
    """A free plan states no currency; `0.00` beside `$100.00` would be a riddle."""
    free = replace(example.COSTS[3], cost=replace(example.COSTS[3].cost, currency=None))
    catalog = settled(replace(CATALOG, costs=(free, example.COSTS[4])))

    assert ["USD", "USD"] == [row.cost.currency for row in catalog.costs]


def test_no_currency_is_made_up_where_two_are_known_or_something_is_charged():
    free, charged = (
        replace(row, cost=replace(row.cost, currency=None)) for row in (example.COSTS[3], example.COSTS[4])
    )
    euro = replace(example.COSTS[5], cost=replace(example.COSTS[5].cost, currency="EUR"))

    assert [None, "EUR", "USD"] == [
        row.cost.currency for row in settled(replace(CATALOG, costs=(free, euro, example.COSTS[4]))).costs
    ]
    assert [None, "EUR"] == [row.cost.currency for row in settled(replace(CATALOG, costs=(charged, euro))).costs]


def test_nobody_is_called_the_cheapest_across_two_currencies():
    euros = [
        replace(row, cost=replace(row.cost, currency="EUR")) if row.product == PREFECT else row for row in CATALOG.costs
    ]
    shelf = Shelf(replace(CATALOG, costs=tuple(euros)), REGISTRY)

    assert "" == cost_table(shelf, [PREFECT, DAGSTER], [example.ONE_SEAT]).rows[0].note


def test_the_allowances_of_a_plan_have_a_table_of_their_own():
    assert [example.ONE_SEAT] == named_workloads(SHELF, [PREFECT, DAGSTER])
    assert {"7,500 credits (Solo's allowance)": ["$310.00", "$362.50"]} == texts(own_cost_table(SHELF, DAGSTER))
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


@pytest.mark.parametrize(("state", "expected"), [(GateState.HELD, "None seen"), (GateState.REJECTED, "None seen")])
def test_a_change_that_nobody_confirmed_is_not_the_last_change(state, expected):
    catalog = replace(CATALOG, changes=(replace(example.CHANGE, state=state),))

    assert expected == texts(at_a_glance(Shelf(catalog, REGISTRY), [DAGSTER]))["Last change of terms"][0]


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


def test_a_review_page_that_was_never_read_states_nothing_not_even_that():
    """`Not stated` is what a page says by its silence; nobody has read this one."""
    unread = tuple(
        replace(one, verified_at=None) if one.source_id.startswith("prefect") else one for one in CATALOG.states
    )
    catalog = replace(CATALOG, ratings=(), states=unread)

    assert {"G2": ["Not stated", "Not read yet"]} == texts(ratings_table(Shelf(catalog, REGISTRY), [DAGSTER, PREFECT]))
