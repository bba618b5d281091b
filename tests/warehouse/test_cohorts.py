"""What a page promises some customers only: kept word for word, with its own history, beside the change it goes with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from pricing_pipeline.facts import Cohort, Lever, Observation
from tests.warehouse.house import APRIL, DAY, MAY, WORKLOADS, House, fee, page, plan, quoted
from warehouse import published
from warehouse.catalog import read_catalog
from warehouse.connection import open_reports
from warehouse.dump import canonical_dump, differences
from warehouse.reports import write_reports

KEPT = Cohort(
    plan="solo", until=date(2026, 12, 31), evidence=quoted("Existing customers keep $10 until 31 December 2026.")
)


def team(solo: str, *cohorts: Cohort) -> Observation:
    offer = page(plan("solo"), fee("solo", solo), plan("team"), fee("team", "50"))
    return replace(offer, cohorts=cohorts)


def test_a_promise_to_existing_customers_is_told_with_the_change_and_shown_as_long_as_it_stands(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, team("10"), APRIL)
        told = house.see(con, team("12", KEPT), MAY).changes
        during = read_catalog(con, sources=house.sources, workloads=WORKLOADS).cohorts
        gone = house.see(con, team("12"), MAY + 30 * DAY).changes
        write_reports(con, tmp_path / "reports.duckdb")

    (raised,) = [one for one in told if one.lever is Lever.HEADLINE]
    assert raised.verdict.endswith(f"; for some customers the page says: “{KEPT.evidence.quote}”")
    assert [(KEPT, MAY, None)] == [(one.cohort, one.valid_from, one.valid_to) for one in during]
    assert () == gone
    with open_reports(tmp_path / "reports.duckdb") as con:
        (period,) = published.cohorts(con, "dagster-plus.solo")
        assert (KEPT, MAY, MAY + 30 * DAY) == (period.cohort, period.valid_from, period.valid_to)
        assert () == published.cohorts(con, "dagster-plus.team")


def test_a_promise_alone_is_no_change_and_is_found_again_by_a_rebuild(tmp_path: Path) -> None:
    """Its words are kept although not one price of the page moved."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, team("10"), APRIL)
        assert () == house.see(con, team("10", KEPT), MAY).changes
        lived = canonical_dump(con)
    with house.open(tmp_path / "anew.duckdb") as con:
        house.refresh(con)

        assert [] == differences(lived, canonical_dump(con))
        assert [(KEPT.evidence.quote, MAY)] == con.execute("SELECT quote, valid_from FROM cohort").fetchall()


def test_a_promise_of_one_plan_says_nothing_of_another(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, team("10"), APRIL)
        dearer = page(plan("solo"), fee("solo", "10"), plan("team"), fee("team", "60"))
        told = house.see(con, replace(dearer, cohorts=(KEPT,)), MAY).changes

    assert [False] == ["some customers" in one.verdict for one in told if one.lever is Lever.HEADLINE]
