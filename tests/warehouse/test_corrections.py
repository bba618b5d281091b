"""A misread fact that a person put right: what is believed then, what was believed before, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.captures.log import DecisionEntry
from pricing_pipeline.facts import Cause, Observation, Severity, State, Term, TermKind
from pricing_pipeline.results import Change
from tests.warehouse.house import APRIL, DAY, MAY, House, april, fee, may, page, quoted
from warehouse import captures, corrections
from warehouse.connection import Connection
from warehouse.dump import canonical_dump


def correct(
    house: House, con: Connection, at: datetime, *, until: date | None = None, kind: str = "allowance", **right: object
) -> None:
    """Log that a person corrected a term of Solo."""
    (standing,) = [one for one in corrections.standing(con, "dagster-plus.solo") if one.term.term == TermKind(kind)]
    house.log.append(
        [
            DecisionEntry(
                action="correct", by="Ada", at=at, why="it says 5,000 in the picture",
                details=corrections.details(standing, replace(standing.term, **right), until),
            )
        ]
    )  # fmt: skip


def credits(con: Connection, *, valid: datetime | None = None, known: datetime | None = None) -> list[str]:
    """The credits that Solo includes, as it was known on a day."""
    return [
        row[0]
        for row in con.execute(
            """
            SELECT quantity::INTEGER::VARCHAR FROM term
            WHERE plan = 'solo' AND term = 'allowance'
                AND ($valid IS NULL OR valid_from <= $valid)
                AND coalesce(valid_to, 'infinity') > coalesce($valid, '9999-01-01'::TIMESTAMPTZ)
                AND recorded_at <= coalesce($known, '9999-01-01'::TIMESTAMPTZ)
                AND coalesce(superseded_at, 'infinity') > coalesce($known, '9999-01-01'::TIMESTAMPTZ)
            """,
            {"valid": valid, "known": known},
        ).fetchall()
    ]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_correction_holds_from_when_the_fact_was_misread(house: House) -> None:
    """What was published until then can still be asked for: believed on 2 April, put right on 3 April."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + 2 * DAY, quantity=Decimal(5000))
        house.refresh(con)

        assert ["5000"] == credits(con)
        assert ["5000"] == credits(con, valid=APRIL)
        assert ["7500"] == credits(con, valid=APRIL, known=APRIL + DAY)


def test_a_correction_is_told_as_one_and_not_as_the_vendors_doing(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + 2 * DAY, quantity=Decimal(5000))
        (applied,) = house.refresh(con)

    (change,) = [one for one in applied.changes if one.kind == "allowance_decreased"]
    assert {Cause.CORRECTION} == {one.cause for one in applied.changes}
    assert ("7500", "5000", APRIL + 2 * DAY) == (change.before, change.after, change.observed_at)


def test_a_correction_lasts_while_the_page_is_misread_in_the_same_way(house: House) -> None:
    """Another price moves; the credits are read as before, and stay corrected."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + DAY, quantity=Decimal(5000))
        house.refresh(con)
        dearer = replace(april(), terms=(*april().terms[:-1], replace(april().terms[-1], amount=Decimal("0.006"))))
        told = house.see(con, dearer, APRIL + 2 * DAY).changes

        assert ["5000"] == credits(con)
        assert {"rate_increased"} == {one.kind for one in told if one.lever != "cost"}


def test_a_correction_ends_when_the_page_moves_on(house: House) -> None:
    """In May the page states no credits: that is compared with what was right, and told as the vendor's doing."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + DAY, quantity=Decimal(5000))
        house.refresh(con)
        told = house.see(con, may(), MAY).changes
        (ended,) = con.execute("SELECT ended_why FROM correction").fetchall()
        back = house.see(con, april(), MAY + DAY).changes

        (removed,) = [one for one in told if one.plan == "solo" and one.kind == "allowance_removed"]
        assert ("5000", Cause.VENDOR) == (removed.before, removed.cause)
        assert ("the page is read otherwise",) == ended
        assert ["7500"] == [one.after for one in back if one.plan == "solo" and one.kind == "allowance_added"]


def test_a_correction_with_a_last_day_ends_on_it(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + DAY, quantity=Decimal(5000), until=(APRIL + 3 * DAY).date())
        house.refresh(con)
        for days, expected in ((2, "5000"), (3, "7500")):
            house.see(con, replace(april(), terms=april().terms[: -1 - days % 2]), APRIL + days * DAY)

            assert [expected] == credits(con)


def test_a_correction_can_say_that_a_figure_is_none(house: House) -> None:
    """The 7,500 belonged to another plan: nothing is included."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + DAY, quantity=None, state=State.NOT_INCLUDED)
        (applied,) = house.refresh(con)

        assert [None] == credits(con)
        assert Severity.CRITICAL in {one.severity for one in applied.changes}


def test_a_correction_of_what_stands_otherwise_by_now_changes_nothing(house: House) -> None:
    """Written while April stood; before it is carried out, May has been read."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.captured(may(), MAY)
        correct(house, con, MAY + DAY, quantity=Decimal(5000))
        applied = house.refresh(con)

        assert [] == [one for step in applied for one in step.changes if one.cause is Cause.CORRECTION]
        assert ("what stands is not misread so any more",) == con.execute("SELECT ended_why FROM correction").fetchone()


def test_a_rebuilt_warehouse_holds_the_corrections_too(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        correct(house, con, APRIL + DAY, quantity=Decimal(5000))
        house.refresh(con)
        house.see(con, page(*april().plans, *april().terms[:-1]), APRIL + 2 * DAY)
        lived = canonical_dump(con)
    with house.open(house.root / "again.duckdb") as con:
        house.refresh(con)

        assert lived == canonical_dump(con)


def missed(house: House, con: Connection, at: datetime, term: Term, *, plan_name: str | None = None) -> None:
    """Log that a person added a term that the page states and that was not read."""
    (of_page,) = corrections.pages(con, "dagster-plus.solo")
    details = corrections.details_of_missed(of_page, term, None, plan_name)
    house.log.append([DecisionEntry(action="correct", by="Ada", at=at, why="in a caption", details=details)])


def seen(house: House, con: Connection, observation: Observation, at: datetime, *, holds: bool) -> list[Change]:
    """Refresh over a page in which the passages of missed terms stand, or do not stand; gives the changes."""
    capture = house.captured(observation, at)
    captures.sync(con, house.log)
    quoted = corrections.quoted(con).get(capture.source_id, [])
    corrections.keep_passages(con, [(capture.id, position, holds) for position, _ in quoted])
    return [change for done in house.refresh(con) for change in done.changes]


def limits(con: Connection) -> list[str]:
    """The seats of Solo that stand."""
    query = "SELECT quantity::INTEGER::VARCHAR FROM term_standing WHERE plan = 'solo' AND term = 'limit'"
    return [row[0] for row in con.execute(query).fetchall()]


SEATS = Term(
    plan="solo", term=TermKind.LIMIT, metric="seat", quantity=Decimal(1), evidence=quoted("one seat, as pictured")
)  # fmt: skip


def test_a_fact_that_the_reader_missed_is_added_until_its_passage_is_gone(house: House) -> None:
    """It is read as before on the next page; then the words that it was quoted from are gone."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        missed(house, con, APRIL + DAY, SEATS)
        (done,) = house.refresh(con)
        dearer = replace(april(), terms=(*april().terms[:-1], replace(april().terms[-1], amount=Decimal("0.006"))))

        assert {Cause.CORRECTION} == {one.cause for one in done.changes}
        assert ["1"] == limits(con)
        assert [(APRIL,)] == con.execute("SELECT valid_from FROM term_standing WHERE term = 'limit'").fetchall()

        told = seen(house, con, dearer, APRIL + 2 * DAY, holds=True)
        assert (["1"], {"rate_increased"}) == (limits(con), {one.kind for one in told if one.lever != "cost"})

        seen(house, con, may(), MAY, holds=False)
        assert [] == limits(con)
        assert [("its passage is gone from the page",)] == con.execute("SELECT ended_why FROM correction").fetchall()


def test_an_added_fact_yields_once_it_is_read(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        missed(house, con, APRIL + DAY, SEATS)
        house.refresh(con)
        better = replace(april(), terms=(*april().terms, replace(SEATS, quantity=Decimal(2))))
        house.see(con, better, MAY)

        assert ["2"] == limits(con)
        assert [("the page is read otherwise",)] == con.execute("SELECT ended_why FROM correction").fetchall()


def test_a_plan_that_was_missed_comes_with_its_fact(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        missed(house, con, APRIL + DAY, fee("team", "40"), plan_name="Team of five")
        house.refresh(con)

        standing = "SELECT name, state FROM plan_standing WHERE plan = 'team'"
        assert [("Team of five", "stated")] == con.execute(standing).fetchall()


def test_a_fact_that_the_reader_made_up_is_taken_away_for_good(house: House) -> None:
    """It never held, so history says so too; it stays away while the page is misread in the same way."""
    with house.open() as con:
        house.see(con, april(), APRIL)
        (made_up,) = [one for one in corrections.standing(con, "dagster-plus.solo") if one.term.term == "allowance"]
        details = corrections.details(made_up, None, None)
        house.log.append([DecisionEntry(action="correct", by="Ada", at=APRIL + DAY, details=details)])
        house.refresh(con)
        dearer = replace(april(), terms=(*april().terms[:-1], replace(april().terms[-1], amount=Decimal("0.006"))))
        house.see(con, dearer, APRIL + 2 * DAY)

        assert ([], []) == (credits(con), credits(con, valid=APRIL))
        assert ["7500"] == credits(con, valid=APRIL, known=APRIL + DAY / 2)


def test_a_rebuilt_warehouse_adds_and_takes_away_too(house: House) -> None:
    with house.open() as con:
        house.see(con, april(), APRIL)
        missed(house, con, APRIL + DAY, SEATS)
        house.refresh(con)
        house.see(con, may(), MAY)
        lived = canonical_dump(con)
    with house.open(house.root / "again.duckdb") as con:
        house.refresh(con)

        assert lived == canonical_dump(con)
