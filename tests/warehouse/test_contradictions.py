"""Pages whose surfaces disagree: nobody picks, and what nobody picked is not gone."""

from __future__ import annotations

from dataclasses import replace

from pricing_pipeline.facts import Conflict, GateState, Observation, TermKind
from tests.warehouse.house import APRIL, DAY, MAY, House, allowance, april, fee, hold, may
from warehouse.changes import list_changes


def disputed(of: Observation, *readings) -> Observation:
    """The same page with its readings of one term in conflict, and that term therefore not stated."""
    one = readings[0]
    about = (one.plan, one.term, one.metric)
    rest = tuple(term for term in of.terms if (term.plan, term.term, term.metric) != about)
    conflict = Conflict(plan=one.plan, term=one.term, metric=one.metric, readings=readings)
    return replace(of, terms=rest, conflicts=(conflict,))


TORN = disputed(april(), allowance("solo", "7500"), allowance("solo", "5000"))


def credits_of_solo(con) -> list[tuple[str, str]]:
    return con.execute(
        "SELECT state, quantity::INTEGER::VARCHAR FROM term WHERE plan = 'solo' AND term = 'allowance'"
    ).fetchall()


def test_a_page_that_contradicts_itself_takes_nothing_away(tmp_path):
    """A card says 7,500 credits and a table 5,000: the 7,500 that stood stay, and no allowance is called removed."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)

        assert () == house.see(con, TORN, APRIL + DAY).changes
        assert [("stated", "7500")] == credits_of_solo(con)


def test_a_held_page_that_contradicts_itself_would_take_nothing_away(tmp_path):
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.judge = hold
        house.see(con, TORN, APRIL + DAY)

        assert [] == [change.kind for change in list_changes(con) if change.state is GateState.HELD]


def test_what_else_moved_on_a_page_that_contradicts_itself_is_told(tmp_path):
    house = House(tmp_path)
    dearer = replace(TORN, terms=tuple(fee("solo", "12") if _is_fee_of_solo(term) else term for term in TORN.terms))
    with house.open() as con:
        house.see(con, april(), APRIL)
        told = house.see(con, dearer, APRIL + DAY).changes

        assert {("solo", "price_increased")} == {
            (one.plan, one.kind) for one in told if one.lever != "cost" and one.plan
        }


def test_a_page_that_agrees_with_itself_again_is_compared_with_what_stood(tmp_path):
    """After a week of contradiction the page says what May says: that is the change, told once."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, TORN, APRIL + DAY)
        told = house.see(con, may(), MAY).changes

        (removed,) = [one for one in told if one.plan == "solo" and one.kind == "allowance_removed"]
        assert "7500" == removed.before


def _is_fee_of_solo(term) -> bool:
    return term.plan == "solo" and term.term is TermKind.RECURRING_FEE
