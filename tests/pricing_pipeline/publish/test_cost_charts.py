"""What a month cost over time: steps where a bill moved, gaps where it was not known, and the same beneath in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from pricing_pipeline.catalog import CostPeriod
from pricing_pipeline.facts import GateState, Lever
from pricing_pipeline.publish.cost_charts import CostCharts, cost_charts
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import Cost, CostState, Workload
from tests.pricing_pipeline.publish import example

BEGUN, MOVED, NOW = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 5, 9))
VENDORS = example.VENDORS
WORKLOADS = tuple(
    Workload(slug=slug, name=name, usage={"seat": Decimal(1)})
    for slug, name in (("one", "One seat"), ("team", "A team"))
)


def period(
    plan: str, since: datetime, until: datetime | None, low: str | None, *, at: str = "one", product: str = example.DAGSTER,
    high: str | None = None, currency: str | None = "USD", reason: str = "",
) -> CostPeriod:  # fmt: skip
    state = CostState.UNKNOWN if low is None else CostState.RANGE if high else CostState.EXACT
    amounts = {} if low is None else {"low": Decimal(low), "high": Decimal(high or low)}
    cost = Cost(state=state, currency=None if low is None else currency, reason=reason, **amounts)
    return CostPeriod(
        vendor=VENDORS[product], product=product, plan=plan, workload=at, cost=cost, valid_from=since, valid_to=until
    )


def drawn(*periods: CostPeriod, products: tuple[str, ...] = (example.DAGSTER,), most: int = 3) -> CostCharts:
    catalog = replace(example.CATALOG, cost_history=periods, workloads=WORKLOADS, as_of=NOW)
    return cost_charts(Shelf(catalog, example.REGISTRY), products, WORKLOADS, most=most)


def jump(plan: str, before: str, after: str, **more: str) -> tuple[CostPeriod, CostPeriod]:
    return period(plan, BEGUN, MOVED, before, **more), period(plan, MOVED, None, after, **more)


def test_a_bill_that_moved_is_a_step_for_each_plan() -> None:
    (chart,) = drawn(*jump("solo", "10", "310"), *jump("starter", "100", "1150")).moved

    assert "A month’s cost: one seat" == chart.title
    assert [
        ("Solo", ["$10.00", "$310.00"]),
        ("Starter", ["$100.00", "$1,150.00"]),
    ] == [(line.plan, [stretch.text for stretch in line.stretches]) for line in chart.lines]
    assert all(1 == line.path.count("M") for line in chart.lines), "the pen is not lifted"


def test_a_bill_that_rose_only_at_what_is_included_no_longer_is_told_too() -> None:
    """An idle seat costs what it cost; whoever used the 7,500 credits that were included pays $310.00."""
    rise = replace(example.CHANGE, kind="cost_increased", lever=Lever.COST)
    gone = replace(rise, costs=(replace(rise.costs[0], workload="own-dagster-plus-solo-credit-7500"),))
    catalog = replace(example.CATALOG, workloads=WORKLOADS, cost_history=(), changes=(gone,), as_of=NOW)
    found = cost_charts(Shelf(catalog, example.REGISTRY), [example.DAGSTER], WORKLOADS)

    assert ("Solo at 7,500 credits: $10.00 → $310.00 on 1 May 2026",) == found.former
    held = replace(catalog, changes=(replace(gone, state=GateState.HELD),))
    assert () == cost_charts(Shelf(held, example.REGISTRY), [example.DAGSTER], WORKLOADS).former


def test_a_bill_that_is_not_known_is_a_gap_and_says_why() -> None:
    lost = period("solo", MOVED, None, None, reason="no price for credits is stated")
    (chart,) = drawn(period("solo", BEGUN, MOVED, "10"), lost).moved
    (line,) = chart.lines

    assert ["$10.00", "Unknown: no price for credits is stated"] == [stretch.text for stretch in line.stretches]
    assert 1 == len(line.dots), "nothing is drawn where nothing is known"
    assert "Solo: Unknown" == line.label


def test_a_range_is_drawn_where_it_ends_and_told_in_full() -> None:
    (chart,) = drawn(period("solo", BEGUN, MOVED, "10"), period("solo", MOVED, None, "20", high="40")).moved

    assert Decimal(40) == chart.lines[0].stretches[-1].value
    assert "$20.00–$40.00" == chart.lines[0].stretches[-1].text


def test_what_never_moved_is_named_and_not_drawn() -> None:
    found = drawn(period("solo", BEGUN, None, "10"))

    assert () == found.moved
    assert ("One seat",) == found.steady


def test_where_another_plan_came_to_be_the_cheapest_is_drawn_first() -> None:
    """However much another bill moved elsewhere."""
    flip = (*jump("solo", "200", "50"), period("starter", BEGUN, None, "100"))
    found = drawn(*flip, *jump("solo", "1", "500", at="team"), most=1)

    assert ["A month’s cost: one seat"] == [chart.title for chart in found.moved]
    assert ("A team",) == found.more


def test_products_are_drawn_together_where_one_of_them_moved() -> None:
    """The one that did not is a level line, with its product's name."""
    steady = period("hobby", BEGUN, None, "0", product=example.PREFECT, currency=None)
    (chart,) = drawn(*jump("solo", "10", "13"), steady, products=(example.DAGSTER, example.PREFECT)).moved

    assert ["Dagster+ Solo: $13.00", "Prefect Cloud Hobby: $0.00"] == [line.label for line in chart.lines]


def test_bills_in_two_currencies_never_share_a_scale() -> None:
    euros = jump("starter", "9", "12", currency="EUR")
    found = drawn(*jump("solo", "10", "310"), *euros)

    assert {"A month’s cost: one seat (USD)", "A month’s cost: one seat (EUR)"} == {one.title for one in found.moved}
    assert all(1 == len(chart.lines) for chart in found.moved)


def test_an_edition_that_one_runs_oneself_is_not_drawn() -> None:
    assert () == drawn(*jump("open-source", "0", "5")).moved
