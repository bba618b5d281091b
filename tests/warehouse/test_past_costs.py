"""What plans cost in the past that archived pages tell of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.facts import Lever, Observation, Origin, Outcome
from tests.warehouse.house import APRIL, DAY, MAY, House, allowance, april, fee, may, page, plan, rate
from warehouse.changes import list_changes
from warehouse.connection import Connection, open_reports
from warehouse.dump import canonical_dump
from warehouse.reports import report, write_reports
from warehouse.verify import invariant_problems

OLD = APRIL - 365 * DAY
CREDITS = "one-seat-15000-credits"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def con(house: House) -> Iterator[Connection]:
    with house.open() as opened:
        yield opened
        assert [] == invariant_problems(opened)


def solo(amount: str) -> Observation:
    return page(plan("solo"), fee("solo", amount))


def bills(
    con: Connection, workload: str = "idle", of: str = "solo"
) -> list[tuple[Decimal | None, datetime, datetime | None]]:
    """What a plan is believed to have cost, oldest first: (bill, from, to)."""
    query = """
        SELECT low, valid_from, valid_to FROM cost
        WHERE superseded_at IS NULL AND workload = ? AND plan = ? ORDER BY valid_from
    """
    return con.execute(query, [workload, of]).fetchall()


def archived(house: House, con: Connection, observation: Observation, at: datetime) -> None:
    house.see(con, observation, at, origin=Origin.ARCHIVE, recorded_at=MAY + DAY)


def test_an_archived_page_says_what_its_plans_cost_until_the_next_known_one(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)

    archived(house, con, solo("8"), OLD)

    assert [(Decimal(8), OLD, APRIL), (Decimal(10), APRIL, None)] == bills(con)


@pytest.mark.parametrize("order", [(6, 8), (8, 6)])
def test_the_past_comes_out_the_same_in_whatever_order_it_arrives(
    house: House, con: Connection, order: tuple[int, int]
) -> None:
    older = OLD - 365 * DAY
    house.see(con, solo("10"), APRIL)
    for amount in order:
        archived(house, con, solo(str(amount)), {6: older, 8: OLD}[amount])

    assert [(Decimal(6), older, OLD), (Decimal(8), OLD, APRIL), (Decimal(10), APRIL, None)] == bills(con)


def test_between_two_known_pages_the_bill_is_that_of_the_page_between(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.captured(None, MAY, outcome=Outcome.NOT_MODIFIED)
    house.refresh(con)
    between = APRIL + 10 * DAY

    archived(house, con, solo("11"), between)

    assert [(Decimal(10), APRIL, between), (Decimal(11), between, MAY), (Decimal(10), MAY, None)] == bills(con)


def test_a_plan_of_the_past_has_bills_of_the_past_alone(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)

    archived(house, con, page(plan("solo"), fee("solo", "8"), plan("team"), fee("team", "30")), OLD)

    assert [(Decimal(30), OLD, APRIL)] == bills(con, of="team")


def test_what_was_metered_only_in_the_past_is_no_metric_of_today(house: House, con: Connection) -> None:
    """Priced anew after the backfill, a plan without credits still has none to price."""
    house.see(con, solo("10"), APRIL)

    archived(house, con, page(plan("solo"), fee("solo", "8"), rate("solo", "0.01")), OLD)
    house.see(con, solo("12"), MAY + 2 * DAY)

    assert (Decimal(158), OLD, APRIL) == bills(con, CREDITS)[0]
    states = con.execute(
        "SELECT DISTINCT state FROM cost WHERE workload = ? AND superseded_at IS NULL AND valid_from >= ?",
        [CREDITS, APRIL],
    )
    assert [("not_applicable",)] == states.fetchall()


def test_the_past_makes_no_plan_the_cheapest_of_today(house: House, con: Connection) -> None:
    """At 15,000 credits Starter is the cheapest until Solo is; an archived page with a cheaper Starter moves neither."""
    house.see(con, april(), APRIL)
    archived(house, con, page(plan("starter"), fee("starter", "1"), rate("starter", "0.001")), OLD)

    told = house.see(con, may(), MAY + 2 * DAY).changes

    flips = [change for change in told if change.kind == "cheapest_plan_changed" and CREDITS in str(change.costs)]
    assert [("starter", "solo")] == [(change.before, change.after) for change in flips if change.lever is Lever.COST]


def test_a_bill_that_is_put_together_otherwise_and_comes_to_the_same_is_told_once(
    house: House, con: Connection
) -> None:
    """More is included, and 15,000 credits cost what they cost; an archived price before it is a row of its own."""
    for included, when in (("20000", APRIL), ("30000", MAY)):
        house.see(con, page(plan("solo"), fee("solo", "10"), allowance("solo", included)), when)
    archived(house, con, solo("8"), OLD)
    write_reports(con, house.root / "reports.duckdb")
    with open_reports(house.root / "reports.duckdb") as reports:
        told = report(reports, "cost_over_time", {"workload": CREDITS, "plan": "solo"})
        found = [dict(zip(told.columns, row, strict=True)) for row in told.rows]

    assert 3 == len(bills(con, CREDITS))
    assert [(OLD, APRIL, "unknown"), (APRIL, None, "exact")] == [
        (row["valid_from"], row["valid_to"], row["state"]) for row in found
    ]


def test_a_rebuilt_warehouse_knows_the_same_bills_of_the_past(house: House, tmp_path: Path) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        archived(house, con, solo("8"), OLD)
        house.see(con, may(), MAY + 2 * DAY)
        archived(house, con, solo("9"), APRIL + 3 * DAY)
        lived, told = canonical_dump(con), list_changes(con)
    with house.open(tmp_path / "rebuilt.duckdb") as con:
        house.refresh(con)

        assert lived == canonical_dump(con)
        assert told == list_changes(con)
