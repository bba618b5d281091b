"""Which plan of each product an amount of use asks for: the least cost, and never one that cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pricing_pipeline import costs
from pricing_pipeline.publish.cells import Table
from pricing_pipeline.publish.cost_tables import picks
from pricing_pipeline.publish.scales import Scales, Weigh
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.weighing import Weighing
from pricing_pipeline.results import Cost, CostState
from tests.pricing_pipeline.publish import odd
from tests.pricing_pipeline.publish.example import CATALOG, DAGSTER, ONE_SEAT, PREFECT, REGISTRY

ODD = Shelf(odd.catalog(), odd.REGISTRY)
ONE, FOUR, NINETY = odd.WORKLOADS


def told(table: Table) -> list[list[tuple[str, str, bool]]]:
    """Each row's cells: plan, cost, and whether it is the least of all."""
    return [[(cell.lead, cell.text, cell.best) for cell in row.cells] for row in table.rows]


def test_the_least_cost_of_each_product_stands_beside_the_others_and_the_least_of_all_is_marked() -> None:
    table = picks(Shelf(CATALOG, REGISTRY), [PREFECT, DAGSTER], [ONE_SEAT])

    assert [[("Hobby", "$0.00", True), ("Solo", "$610.00", False)]] == told(table)
    assert all(cell.figure for cell in table.rows[0].cells), "each leads to its sum"


def test_plans_that_tie_are_named_together() -> None:
    dear = next(one for one in CATALOG.costs if (one.plan, one.workload) == ("solo", ONE_SEAT.slug))
    tied = tuple(
        replace(one, rank=1, cost=dear.cost) if (one.plan, one.workload) == ("starter", ONE_SEAT.slug) else one
        for one in CATALOG.costs
    )
    table = picks(Shelf(replace(CATALOG, costs=tied), REGISTRY), [DAGSTER], [ONE_SEAT])

    assert [[("Solo and Starter", "$610.00", False)]] == told(table)


def test_costs_in_several_currencies_are_shown_and_none_of_them_is_called_the_least() -> None:
    (row,) = told(picks(ODD, odd.FOUR, [FOUR]))

    assert ("Group", "$640.00", False) == row[0]
    assert ("Start", "€856.00–€1,831.00", False) == row[1]


def test_where_no_plan_has_a_figure_those_that_may_be_asked_for_are_named() -> None:
    """What does not fit is no advice; what is sold by contact is."""
    ladder = picks(ODD, [odd.LADDER], [NINETY])

    assert [[("Enterprise", "Contact sales", False)]] == told(ladder)
    assert ladder.rows[0].cells[0].figure is None


def test_a_plan_priced_in_two_currencies_is_not_ranked_by_one_of_them() -> None:
    euro = Cost(state=CostState.EXACT, low=Decimal(9), high=Decimal(9), currency="EUR")
    mixed = tuple(
        replace(one, rank=1, cost=euro) if (one.plan, one.workload) == ("starter", ONE_SEAT.slug) else one
        for one in CATALOG.costs
    )
    table = picks(Shelf(replace(CATALOG, costs=mixed), REGISTRY), [DAGSTER, PREFECT], [ONE_SEAT])

    assert ("", "Priced in several currencies", False) == told(table)[0][0]


def test_what_falls_into_many_ranges_is_left_to_the_table() -> None:
    """Nobody follows a sentence of twelve plans; a few unknown ones are named, more are counted."""
    weigh = Weigh(along=costs.along, lowest=costs.lowest)
    of = Weighing(Scales(ODD, weigh), [odd.LADDER])
    many = [row.cells[0] for row in of.rows if row.cells[0] is not None and len(row.cells[0].ranges) > 5]

    assert many
    assert not {one.sentence for one in many} & set(of.sentences)
    connectors = next(one for one in many if one.metric == "connector")
    assert "".join(piece.text for piece in connectors.sentence).endswith(" plans would cost is not stated throughout")
