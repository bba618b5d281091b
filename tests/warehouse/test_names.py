"""Products and plans that go under another name: one history, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.captures.log import DecisionEntry
from pricing_pipeline.facts import Lever, Origin
from tests.warehouse.house import (
    APRIL,
    DAY,
    MAY,
    PAGE,
    WORKLOADS,
    House,
    Sold,
    allowance,
    april,
    fee,
    may,
    page,
    plan,
    rate,
    source,
)
from warehouse import corrections, names, plan_names, published
from warehouse.catalog import read_catalog
from warehouse.changes import list_changes
from warehouse.connection import Connection, open_reports
from warehouse.dump import canonical_dump, differences
from warehouse.reports import write_reports

OLD = "elementl/dagster-cloud/pricing"
RENAMED = {("elementl", "dagster-cloud"): ("dagster", "dagster-plus")}
OLD_SOLD = Sold(vendor="elementl", slug="dagster-cloud")


def called_otherwise(house: House) -> None:
    """The vendor file has the new names, and says which it had before."""
    house.sources, house.products, house.renamed = (source(),), (Sold(),), RENAMED


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A product under its former name."""
    return House(tmp_path, sources=(source(OLD),), products=(OLD_SOLD,))


def personal() -> tuple[object, ...]:
    """The page of April, Solo under the name Personal."""
    return (
        plan("personal"), fee("personal", "10"), allowance("personal", "7500"), rate("personal", "0.03"),
        *april().plans[1:], *(term for term in april().terms if term.plan != "solo"),
    )  # fmt: skip


def say(house: House, at: datetime, *, is_same: bool, former: str = "solo", now: str = "personal") -> None:
    """Log what a person said of two plans."""
    action = next(name for name, same in plan_names.ACTIONS.items() if same is is_same)
    details = plan_names.details(vendor="dagster", product="dagster-plus", former=former, plan=now)
    house.log.append([DecisionEntry(action=action, by="Ada", at=at, why="said in their blog", details=details)])


def kinds(con: Connection) -> list[tuple[str, str]]:
    """Which changes of structure are on record, and their verdicts."""
    return con.execute("SELECT kind, verdict FROM change WHERE lever = 'structure' ORDER BY kind").fetchall()


def test_a_renamed_product_goes_on_under_its_new_name(house: House) -> None:
    """The page of May is the next one after that of April, so its changes are told."""
    with house.open() as con:
        house.see(con, april(), APRIL, source_id=OLD)
        called_otherwise(house)
        told = house.see(con, may(), MAY).changes
        catalog = read_catalog(con, sources=house.sources, workloads=WORKLOADS)

        assert {("dagster", "dagster-plus")} == {(one.vendor, one.product) for one in told}
        assert "allowance_removed" in {one.kind for one in told}
        assert {"dagster-plus"} == {one.product for one in (*catalog.terms, *catalog.history, *catalog.changes)}
        assert Decimal(7500) in {one.term.quantity for one in catalog.history if one.term.plan == "solo"}


def test_a_rebuilt_warehouse_joins_what_was_captured_under_both_names(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL, source_id=OLD)
        called_otherwise(house)
        house.see(con, may(), MAY)
        house.refresh(con)
        lived = canonical_dump(con)
    with house.open(house.root / "again.duckdb") as con:
        house.refresh(con)

        assert [] == differences(lived, canonical_dump(con))


def test_names_that_were_written_too_late_are_joined_by_a_rebuild(house: House) -> None:
    """The new file was refreshed before it said what the product was called before."""
    with house.open() as con:
        house.see(con, april(), APRIL, source_id=OLD)
        house.sources, house.products = (source(),), (Sold(),)
        house.see(con, may(), MAY)
        called_otherwise(house)
        house.refresh(con)

        assert [("elementl", "dagster-plus")] == [(old.vendor, now.product) for old, now in names.unjoined(con)]
    with house.open(house.root / "again.duckdb") as con:
        house.refresh(con)

        assert [] == names.unjoined(con)
        assert {PAGE} == {row[0] for row in con.execute("SELECT DISTINCT source_id FROM capture").fetchall()}


def test_a_correction_made_under_a_former_name_goes_on(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL, source_id=OLD)
        (standing,) = [one for one in corrections.standing(con, "dagster-cloud.solo") if one.term.term == "allowance"]
        details = corrections.details(standing, replace(standing.term, quantity=Decimal(5000)), None)
        house.log.append([DecisionEntry(action="correct", by="Ada", at=APRIL + DAY, details=details)])
        house.refresh(con)
        called_otherwise(house)
        dearer = replace(april(), terms=(*april().terms[:-1], replace(april().terms[-1], amount=Decimal("0.006"))))
        house.see(con, dearer, MAY)

        (kept,) = [one for one in corrections.standing(con, "dagster-plus.solo") if one.term.term == "allowance"]
        assert Decimal(5000) == kept.term.quantity


def test_a_retired_product_is_priced_and_ranked_no_longer(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.products = (Sold(retired=date(2026, 4, 15)),)
        house.refresh(con)
        rows = con.execute(
            """
            SELECT valid_from < '2026-04-15', rank IS NOT NULL, low IS NOT NULL
            FROM cost
            WHERE plan = 'solo' AND workload = 'idle' AND superseded_at IS NULL
            ORDER BY valid_from
            """
        ).fetchall()

        assert [(True, True, True), (False, False, True)] == rows
        assert ["10"] == [
            f"{one.amount:f}"
            for one in (row.term for row in corrections.standing(con, "dagster-plus.solo"))
            if one.billing_period and one.amount
        ]


def test_a_new_name_of_a_plan_is_suggested_until_somebody_says_what_it_is(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, page(*personal()), MAY)
        (suggested,) = plan_names.suggestions(con)
        (seems,) = kinds(con)

        assert ("solo", "personal", MAY) == (suggested.former, suggested.plan, suggested.observed_at)
        assert (
            "plan_renamed",
            "Personal: seems to be a new name: Solo → Personal (all of its terms are the same)",
        ) == seems

        say(house, MAY + DAY, is_same=True)
        house.refresh(con)
        assert [] == plan_names.suggestions(con)
        assert [("plan_renamed", "Personal: new name: Solo → Personal")] == kinds(con)


def test_a_confirmed_name_joins_the_history_of_both(tmp_path: Path) -> None:
    """What a term was before is what it was under the former name."""
    house = House(tmp_path)
    dearer = [replace(one, amount=Decimal("12")) if one == fee("personal", "10") else one for one in personal()]
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, page(*dearer), MAY)
        say(house, MAY + DAY, is_same=True)
        house.refresh(con)
        catalog = read_catalog(con, sources=house.sources, workloads=WORKLOADS)

        (now,) = [
            one for one in catalog.terms if one.term.plan == "personal" and one.term.billing_period and one.term.amount
        ]
        assert now.previous is not None
        assert ("solo", Decimal(10), Decimal(12)) == (now.previous.plan, now.previous.amount, now.term.amount)
        assert [("personal", ("Solo",))] == [(one.plan.slug, one.formerly) for one in catalog.plans if one.formerly]


def test_a_denied_name_is_told_as_one_plan_gone_and_another_come(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, page(*personal()), MAY)
        say(house, MAY + DAY, is_same=False)
        house.refresh(con)

        assert ["plan_added", "plan_removed"] == [kind for kind, _ in kinds(con)]
        assert [] == plan_names.suggestions(con)
        assert [(MAY,)] == con.execute("SELECT DISTINCT observed_at FROM change WHERE lever = 'structure'").fetchall()


def test_a_person_can_name_what_does_not_look_alike(tmp_path: Path) -> None:
    """Every figure changed with the name; nobody could have guessed."""
    house = House(tmp_path)
    others = [
        one
        for one in personal()
        if getattr(one, "plan", None) != "personal" and getattr(one, "slug", None) != "personal"
    ]
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, page(*others, plan("personal"), fee("personal", "49"), rate("personal", "0.07")), MAY)
        before = [kind for kind, _ in kinds(con)]
        say(house, MAY + DAY, is_same=True)
        house.refresh(con)

        assert ["plan_added", "plan_removed"] == before
        assert ["plan_renamed"] == [kind for kind, _ in kinds(con)]
        raised = con.execute("SELECT before, after FROM change WHERE kind = 'price_increased'").fetchall()
        assert [("10", "49")] == raised


@pytest.mark.parametrize("is_same", [True, False], ids=["confirmed", "denied"])
def test_a_rebuilt_warehouse_tells_the_changes_as_they_were_decided(tmp_path: Path, *, is_same: bool) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, page(*personal()), MAY)
        say(house, MAY + DAY, is_same=is_same)
        house.refresh(con)
        lived = canonical_dump(con)
    with house.open(house.root / "again.duckdb") as con:
        house.refresh(con)

        assert [] == differences(lived, canonical_dump(con))


def test_a_new_name_between_archive_and_present_is_told_anew_once_it_is_confirmed(tmp_path: Path) -> None:
    """The archived page came after the one that follows it: what lies between the two is told with the names, too."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, page(plan("personal"), fee("personal", "10"), allowance("personal", "500")), APRIL)
        archived = page(plan("solo"), fee("solo", "10"), allowance("solo", "20"))
        house.see(con, archived, APRIL - 365 * DAY, origin=Origin.ARCHIVE, recorded_at=MAY)
        before = dict(kinds(con))
        say(house, MAY + DAY, is_same=True)
        house.refresh(con)

        told = {(one.kind, one.plan, one.observed_at) for one in list_changes(con) if one.lever is not Lever.COST}
    assert {"plan_added", "plan_removed"} == set(before)
    assert {("plan_renamed", "personal", APRIL), ("allowance_increased", "personal", APRIL)} == told


def test_the_past_of_a_merged_product_is_part_of_that_of_its_successor(tmp_path: Path) -> None:
    """Marked as what it is, and behind the successor's own; the merged one's history stays its own."""
    lite, light = "dagster/dagster-lite/pricing", "dagster/dagster-light/pricing"
    house = House(tmp_path, sources=(source(), source(lite), source(light)))
    plus = ("dagster", "dagster-plus")
    house.products = (
        Sold(),
        Sold(slug="dagster-lite", retired=date(2026, 4, 15), merged_into=plus),
        Sold(slug="dagster-light", retired=date(2025, 4, 15), merged_into=("dagster", "dagster-lite")),
    )
    with house.open() as con:
        for id_, amount in ((PAGE, "10"), (lite, "5"), (light, "3")):
            house.captured(page(plan("solo"), fee("solo", amount)), APRIL, source_id=id_)
        house.refresh(con)
        write_reports(con, tmp_path / "reports.duckdb")

    with open_reports(tmp_path / "reports.duckdb") as con:
        whole = published.history(con, "dagster-plus.solo")
        lite_alone = published.history(con, "dagster-lite.solo")
        none = published.history(con, "dagster-plus.team")
    ends = [datetime(2025, 4, 15, tzinfo=UTC), datetime(2026, 4, 15, tzinfo=UTC)]
    assert [
        ("dagster-plus", 10, False, None), ("dagster-light", 3, True, ends[0]), ("dagster-lite", 5, True, ends[1])
    ] == [(one.product, int(one.term.amount or 0), one.is_of_merged, one.valid_to) for one in whole]  # fmt: skip
    assert [("dagster-lite", False), ("dagster-light", True)] == [(one.product, one.is_of_merged) for one in lite_alone]
    assert () == none
