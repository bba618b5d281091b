"""What each documented report answers, asked of a market that the test can reckon by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pricing_pipeline.facts import Observation, Outcome, State, TermKind
from tests.warehouse.house import (
    APRIL,
    DAY,
    MAY,
    PAGE,
    House,
    allowance,
    april,
    may,
    page,
    plan,
    rated,
    source,
    term,
)
from warehouse.connection import Connection, open_reports
from warehouse.reports import list_reports, report, write_reports

REVIEWS = "dagster/dagster-plus/reviews/g2"
RIVAL = "acme/flows/pricing"


def rival(price: str = "20") -> Observation:
    """Another vendor's page: a free plan, one by the seat, one that only says whom to ask."""
    return page(
        plan("hobby", State.FREE), allowance("hobby", "5000", metric="credit"),
        plan("team"), term("team", TermKind.RECURRING_FEE, amount=price, metric="seat", billing_period="month",
                           commitment="year"),
        term("team", TermKind.USAGE_RATE, amount="9", metric="credit", per_quantity=Decimal(1000)),
        plan("enterprise", State.CONTACT_SALES),
    )  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two vendors from April to May 2026: one takes its allowances away, the other raises its price per seat."""
    house = House(tmp_path_factory.mktemp("market"), sources=(source(), source(REVIEWS), source(RIVAL)))
    path = house.root / "reports.duckdb"
    with house.open() as con:
        for observation, when, where in (
            (april(), APRIL, PAGE), (rival("20"), APRIL, RIVAL), (rated("4.5", 124), APRIL, REVIEWS),
            (may(), MAY, PAGE), (rival("25"), MAY + 9 * DAY, RIVAL),
        ):  # fmt: skip
            house.see(con, observation, when, source_id=where)
        house.captured(None, MAY + 9 * DAY, source_id=REVIEWS, outcome=Outcome.BLOCKED)
        house.refresh(con)
        write_reports(con, path)
    return path


@pytest.fixture
def con(published: Path) -> Iterator[Connection]:
    with open_reports(published) as opened:
        yield opened


def asked(con: Connection, name: str, **params: str) -> list[dict[str, object]]:
    told = report(con, name, params)
    return [dict(zip(told.columns, row, strict=True)) for row in told.rows]


def test_there_is_a_dozen_and_each_says_what_it_answers() -> None:
    assert 12 < len(list_reports())
    assert [] == [one.name for one in list_reports() if not one.answers.endswith(("?", "edition."))]


def test_what_a_seat_costs_by_the_month(con: Connection) -> None:
    (team,) = asked(con, "price_per_seat")

    assert ("team", Decimal(25), "USD", "year") == (
        str(team["plan"]).lower(), team["per_seat_a_month"], team["currency"], team["commitment"],
    )  # fmt: skip


def test_free_plans_with_what_they_include(con: Connection) -> None:
    (hobby,) = asked(con, "free_tiers")

    assert ("Hobby", "allowance", "credit", Decimal(5000)) == tuple(
        hobby[name] for name in ("plan", "term", "metric", "quantity")
    )


def test_plans_that_include_enough(con: Connection) -> None:
    """None included is a state: it is not found by asking for at least nothing."""
    assert ["Hobby"] == [row["plan"] for row in asked(con, "plans_by_allowance", metric="credit", at_least="1000")]
    assert [] == asked(con, "plans_by_allowance", metric="credit", at_least="5001")


def test_what_one_more_unit_costs_whatever_its_step(con: Connection) -> None:
    """$9 per 1,000 credits is $0.009 a credit."""
    told = [(row["plan"], row["unit_price"], row["dearest"]) for row in asked(con, "overage_rates", metric="credit")]

    assert [("Solo", Decimal("0.04"), 1), ("Starter", Decimal("0.035"), 2), ("Team", Decimal("0.009"), 3)] == told


def test_a_day_is_asked_about_as_it_ended(con: Connection) -> None:
    """The page of the first of May was read at some hour of it: who asks about that day means what it brought."""
    day = f"{MAY:%Y-%m-%d}"
    moment = asked(con, "known_on", held=f"{day} 00:00:00+00", product="dagster-plus")
    whole = asked(con, "known_on", held=day, product="dagster-plus")

    assert any(row["term"] == "allowance" and row["quantity"] for row in moment)
    assert not any(row["term"] == "allowance" and row["quantity"] for row in whole)


def test_the_questions_in_the_document_can_be_asked_as_they_stand_there(con: Connection) -> None:
    """Whoever copies a query out of the document gets an answer, not a fault of syntax."""
    text = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    queries = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    queries = [query for query in queries if query.lstrip().startswith("SELECT")]

    assert queries
    for query in queries:
        assert con.execute(query).description


def test_what_was_known_on_a_day(con: Connection) -> None:
    """The seat was 20 until the page of 10 May, and nothing was known before the first page."""
    held = {"held": "2026-05-05", "product": "flows"}

    (then,) = [row for row in asked(con, "known_on", **held) if row["term"] == "recurring_fee"]
    (now,) = [row for row in asked(con, "known_on", product="flows") if row["term"] == "recurring_fee"]
    assert (Decimal(20), Decimal(25)) == (then["amount"], now["amount"])
    assert [] == asked(con, "known_on", held="2026-05-05", known="2026-03-01")


def test_ratings_stand_side_by_side_with_their_scale(con: Connection) -> None:
    (g2,) = asked(con, "ratings_side_by_side")

    assert (Decimal("4.5"), Decimal(5), Decimal("0.9"), 124) == tuple(
        g2[name] for name in ("rating", "scale", "share_of_scale", "counted")
    )


def test_what_a_plan_cost_over_time(con: Connection) -> None:
    told = asked(con, "cost_over_time", workload="one-seat-15000-credits", plan="solo")

    assert [(APRIL, MAY, Decimal(235)), (MAY, None, Decimal(610))] == [
        (row["valid_from"], row["valid_to"], row["monthly_from"]) for row in told
    ]


def test_the_words_behind_a_figure(con: Connection) -> None:
    (solo,) = asked(con, "evidence_of", plan="solo", kind="usage_rate")

    assert ("$0.040", MAY, f"https://vendor.test/{PAGE}") == (
        solo["quote"], solo["holds_since"], solo["source_url"],
    )  # fmt: skip


def test_pages_that_are_overdue_or_cannot_be_read(con: Connection) -> None:
    told = {(row["product"], row["kind"]): row["trouble"] for row in asked(con, "stale_sources")}

    assert {("dagster-plus", "reviews"): "blocked", ("dagster-plus", "pricing"): "overdue"} == told


def test_costs_that_rose_although_no_headline_moved(con: Connection) -> None:
    """The seat's price is a headline: it is no hidden increase."""
    told = asked(con, "hidden_increases")

    assert {"dagster-plus"} == {row["product"] for row in told}
    assert ("solo", Decimal(10), Decimal(310)) in {
        (row["plan"], row["monthly_before"], row["monthly_after"]) for row in told
    }
    assert [] == asked(con, "hidden_increases", since="2026-05-02")


def test_who_moves_by_which_lever_and_in_whose_favour(con: Connection) -> None:
    told = {(row["vendor"], row["lever"]): row for row in asked(con, "moves_by_vendor")}

    assert (1, 1, 0) == tuple(
        told["acme", "headline"][name] for name in ("change_count", "against_customers", "for_customers")
    )
    assert 2 == told["dagster", "allowance"]["against_customers"]


def test_what_is_not_known_is_listed_and_is_not_zero(con: Connection) -> None:
    told = {(row["plan"], row["what"], row["state"]) for row in asked(con, "unknown_figures", product="flows")}

    assert ("enterprise", "plan", "contact_sales") in told


def test_views_answer_whatever_the_file_is_called(published: Path) -> None:
    """Tools attach the file under names of their own."""
    views = ("monthly_fees", "unit_prices", "allowances", "figures")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{published}' AS mine (READ_ONLY)")

        counts = [con.execute(f"SELECT count(*) FROM mine.{view}").fetchall()[0][0] for view in views]
    assert all(counts)


def test_views_say_what_they_hold(con: Connection) -> None:
    assert [] == con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL").fetchall()
