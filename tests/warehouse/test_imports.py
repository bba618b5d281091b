"""Imported facts in history: since when, until when, beside a page, and where the page speaks for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.captures.log import DecisionEntry
from pricing_pipeline.elsewhere import ImportedFact
from pricing_pipeline.facts import Cause, Rating, RatingState, State, Term
from tests.warehouse.house import (
    APRIL,
    DAY,
    MAY,
    WORKLOADS,
    House,
    Sold,
    april,
    fee,
    may,
    page,
    plan,
    quoted,
    rate,
    rated,
    source,
)
from warehouse import imports
from warehouse.catalog import read_catalog
from warehouse.connection import Connection
from warehouse.dump import canonical_dump, differences

G2 = "dagster/dagster-plus/reviews/g2"
LAST = date(2026, 6, 30)


def imported(fact: Term | Rating, *, observed: datetime = APRIL, until: date = LAST, **more: object) -> ImportedFact:
    """A fact of Dagster+ out of a contract that Ada vouches for."""
    of = None if isinstance(fact, Rating) or fact.plan is None else replace(plan(fact.plan), evidence=fact.evidence)
    return ImportedFact(
        vendor="dagster", product="dagster-plus", fact=fact, document="Contract 17, page 3", who="Ada",
        observed=observed.date(), until=until, plan=of, **more,
    )  # fmt: skip


def bring(house: House, con: Connection, at: datetime, *facts: ImportedFact, file: str = "contract") -> list[object]:
    """Import a file, refresh, and give the changes that this brought."""
    house.log.append([DecisionEntry(action="import", by="Ada", at=at, details=imports.details(file, facts))])
    return [change for done in house.refresh(con) for change in done.changes]


def enterprise(amount: str = "500") -> Term:
    return fee("enterprise", amount, quote=f"USD {amount} a month")


def on_request() -> tuple[object, ...]:
    """The page of April with a plan whose price is on request."""
    asked = replace(fee("enterprise", "1"), amount=None, currency=None, billing_period=None, commitment=None)
    return (
        *april().plans, *april().terms, plan("enterprise", State.CONTACT_SALES),
        replace(asked, state=State.CONTACT_SALES, evidence=quoted("Contact sales")),
    )  # fmt: skip


def believed(con: Connection, *, of: str = "enterprise") -> list[tuple[object, ...]]:
    """Every interval that is believed of an imported fee: its amount, from when and until when."""
    return con.execute(
        """
        SELECT amount::INTEGER::VARCHAR, valid_from, valid_to
        FROM term
        WHERE plan = ? AND term = 'recurring_fee' AND superseded_at IS NULL AND source_id LIKE '%/import/%'
        ORDER BY valid_from
        """,
        [of],
    ).fetchall()


def cost(con: Connection, of: str, at: datetime) -> str | None:
    """What a plan costs an idle seat at a moment, by what is believed."""
    row = con.execute(
        """
        SELECT low::INTEGER::VARCHAR FROM cost
        WHERE plan = ? AND workload = 'idle' AND superseded_at IS NULL
            AND valid_from <= ? AND coalesce(valid_to, 'infinity') > ?
        """,
        [of, at, at],
    ).fetchone()
    return None if row is None else row[0]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_an_imported_price_holds_from_its_day_to_its_last(house: House) -> None:
    """Observed in April and imported in May: that it held in April is known since May."""
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        told = bring(house, con, MAY, imported(enterprise()))

        assert [("500", APRIL.replace(hour=0), datetime.fromisoformat("2026-07-01T00:00:00+00:00"))] == believed(con)
        assert [(MAY,)] == con.execute(
            "SELECT DISTINCT recorded_at FROM term WHERE plan = 'enterprise' AND amount = 500"
        ).fetchall()
        assert {Cause.CORRECTION} == {one.cause for one in told}
        assert "price_published" in {one.kind for one in told}


def test_costs_follow_an_imported_price_and_leave_it_on_its_last_day(house: House) -> None:
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, MAY, imported(enterprise()))

        assert "500" == cost(con, "enterprise", MAY)
        assert None is cost(con, "enterprise", MAY + 90 * DAY)
        assert "10" == cost(con, "solo", MAY + 90 * DAY)
        house.see(con, page(*on_request()[:-3], plan("enterprise", State.CONTACT_SALES)), MAY + DAY)
        assert "500" == cost(con, "enterprise", MAY + 2 * DAY)


def test_importing_the_same_again_moves_nothing(house: House) -> None:
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, MAY, imported(enterprise()))
        before = con.execute("SELECT * FROM term ORDER BY ALL").fetchall()
        told = bring(house, con, MAY + DAY, imported(enterprise()))

        assert [] == told
        assert before == con.execute("SELECT * FROM term ORDER BY ALL").fetchall()


def test_an_edited_file_supersedes_what_it_said_and_forgets_nothing(house: House) -> None:
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, MAY, imported(enterprise("500")))
        told = bring(house, con, MAY + DAY, imported(enterprise("550")))

        assert ["550"] == [row[0] for row in believed(con)]
        known = con.execute(
            "SELECT amount::INTEGER FROM as_of(?, ?) WHERE plan = 'enterprise' AND amount IS NOT NULL",
            [MAY, MAY + DAY / 2],
        ).fetchall()
        assert [(500,)] == known
        (raised,) = [one for one in told if one.kind == "price_increased"]
        assert ("500", "550", Cause.CORRECTION) == (raised.before, raised.after, raised.cause)


def test_only_the_quote_of_an_edited_fact_can_change(house: House) -> None:
    """It is the same price, so nothing is told; what is published is the new quote."""
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, MAY, imported(enterprise()))
        told = bring(house, con, MAY + DAY, imported(replace(enterprise(), evidence=quoted("five hundred dollars"))))

        assert [] == told
        standing = "SELECT quote FROM term_standing WHERE plan = 'enterprise' AND amount = 500"
        assert [("five hundred dollars",)] == con.execute(standing).fetchall()


def test_a_fact_that_is_taken_out_of_its_file_ends_that_day(house: House) -> None:
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, MAY, imported(enterprise()), imported(rate("enterprise", "0.02")))
        bring(house, con, MAY + DAY, imported(rate("enterprise", "0.02")))

        assert [("500", APRIL.replace(hour=0), MAY + DAY)] == believed(con)
        assert None is cost(con, "enterprise", MAY + 2 * DAY)


def test_an_imported_fact_yields_when_the_page_states_it(house: House) -> None:
    """The page's own words are the better evidence; the difference is no price rise of the vendor's."""
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, APRIL + DAY, imported(enterprise("500")))
        told = house.see(con, page(*april().plans, *april().terms, plan("enterprise"), enterprise("600")), MAY).changes

        assert [("500", APRIL.replace(hour=0), MAY)] == believed(con)
        (moved,) = [one for one in told if one.kind == "price_increased"]
        assert ("500", "600", Cause.CORRECTION) == (moved.before, moved.after, moved.cause)
        assert "600" == cost(con, "enterprise", MAY)


def test_what_the_page_states_already_is_not_imported_over_it(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        said = imports.spoken_for(con, imported(fee("solo", "9")), file="contract", at=APRIL + DAY)
        told = bring(house, con, APRIL + DAY, imported(fee("solo", "9"), observed=APRIL + DAY))

        assert said is not None
        assert "use `pricing-pipeline correct`" in said
        assert [] == told
        assert [] == believed(con, of="solo")


def test_two_files_cannot_speak_of_the_same_days(house: House) -> None:
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, MAY, imported(enterprise()))
        said = imports.spoken_for(con, imported(enterprise("1")), file="other", at=MAY)

        assert said is not None
        assert "contract says the same of these days" in said
        assert None is imports.spoken_for(con, imported(enterprise("1")), file="contract", at=MAY)


def test_a_product_can_be_priced_by_what_is_imported_alone(house: House) -> None:
    """Its page was never read; the plan's name and price are the document's."""
    with house.open() as con:
        told = bring(house, con, MAY, imported(enterprise()))
        catalog = read_catalog(con, sources=house.sources, workloads=WORKLOADS)

        assert [] == told
        assert [("enterprise", "contract")] == [
            (one.plan.slug, one.provenance.imported.file) for one in catalog.plans if one.provenance.imported
        ]
        assert "500" == cost(con, "enterprise", MAY)
        assert [("enterprise", 1)] == [(one.plan, one.rank) for one in catalog.costs if one.workload == "idle"]
        house.see(con, april(), MAY + DAY)
        assert ("10", "500") == (cost(con, "solo", MAY + DAY), cost(con, "enterprise", MAY + DAY))


def test_an_imported_rating_stands_until_its_last_day_and_is_named_after_it(tmp_path: Path) -> None:
    """The review site blocks; the clock is that of what is recorded, so a later page makes it pass."""
    house = House(tmp_path, sources=(source(), source(G2)))
    given = Rating(
        state=RatingState.STATED, publisher="g2", rating=Decimal("4.5"), scale=Decimal(5), review_count=124,
        evidence=quoted("4.5 out of 5"),
    )  # fmt: skip
    with house.open() as con:
        house.see(con, april(), APRIL)
        bring(house, con, MAY, imported(given, until=date(2026, 5, 2)))
        now = read_catalog(con, sources=house.sources, workloads=WORKLOADS)
        house.see(con, may(), MAY + 3 * DAY)
        later = read_catalog(con, sources=house.sources, workloads=WORKLOADS)

        assert [("g2", Decimal("4.5"), date(2026, 5, 2))] == [
            (one.rating.publisher, one.rating.rating, one.provenance.imported.until) for one in now.ratings
        ]
        assert ((), ()) == (later.ratings, now.lapsed)
        assert [("g2", "Contract 17, page 3", datetime.fromisoformat("2026-05-03T00:00:00+00:00"))] == [
            (one.fact.publisher, one.document, one.since) for one in later.lapsed
        ]


def test_a_review_site_that_opens_again_speaks_for_itself(tmp_path: Path) -> None:
    house = House(tmp_path, sources=(source(), source(G2)))
    given = replace(rated("4.5", 124).ratings[0])
    with house.open() as con:
        bring(house, con, APRIL, imported(given))
        house.see(con, rated("4.4", 150), MAY, source_id=G2)
        catalog = read_catalog(con, sources=house.sources, workloads=WORKLOADS)

        assert [(Decimal("4.4"), None)] == [(one.rating.rating, one.provenance.imported) for one in catalog.ratings]
        assert () == catalog.lapsed


def test_a_rebuilt_warehouse_holds_the_imports_too(house: House) -> None:
    """Imports, edits and a page that takes over, in the order of the log."""
    house = replace(house, products=(Sold(),))
    with house.open() as con:
        house.see(con, page(*on_request()), APRIL)
        bring(house, con, APRIL + DAY, imported(enterprise("500")), imported(rate("enterprise", "0.02")))
        bring(house, con, APRIL + 2 * DAY, imported(enterprise("550")))
        house.see(con, page(*may().plans, *may().terms, plan("enterprise"), enterprise("600")), MAY)
        lived = canonical_dump(con)
    with house.open(house.root / "again.duckdb") as con:
        house.refresh(con)

        assert [] == differences(lived, canonical_dump(con))
