"""Nothing waits for ever: what is held on a page that moves each day, what arrives while something is held, what was refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.facts import GateState, Observation, Origin
from pricing_pipeline.results import Change
from tests.warehouse.house import APRIL, DAY, PAGE, House, accept, fee, hold, page, plan, rated
from warehouse import observations
from warehouse.connection import Connection


def solo(price: str) -> Observation:
    return page(plan("solo"), fee("solo", price))


def standing(con: Connection) -> list[tuple[Decimal]]:
    """What is published as the fee of Solo today."""
    query = "SELECT amount FROM term WHERE plan = 'solo' AND valid_to IS NULL AND superseded_at IS NULL"
    return con.execute(query).fetchall()


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [change.kind for change in changes]


def test_a_number_of_reviews_that_fell_is_told_although_it_ticks_on(tmp_path: Path) -> None:
    """Held as fallen; a review more each day makes each page another one, and still the fall is confirmed in two days."""
    house = House(tmp_path, doubted="reviews fell to")
    with house.open() as con:
        house.see(con, rated("4.5", 400), APRIL)
        house.judge = hold
        told = [house.see(con, rated("4.5", 120 + day), APRIL + day * DAY).changes for day in (1, 2, 3)]

        assert [] == observations.held(con)
    assert [(), (), ("400", "123")] == [(one[0].before, one[0].after) if one else () for one in told]


def test_a_page_in_another_currency_waits_for_a_person_however_often_it_comes(tmp_path: Path) -> None:
    """A site that takes us for somebody from elsewhere does so every day: our dollars are not replaced by its euros."""
    house = House(tmp_path, doubted="from USD to EUR", check="same_currency_view")
    abroad = page(plan("solo"), replace(fee("solo", "9"), currency="EUR"))
    with house.open() as con:
        house.see(con, solo("10"), APRIL)
        house.judge = hold
        for day in range(1, 8):
            house.see(con, abroad, APRIL + day * DAY, bytes_=f"nonce {day}")
        (waiting,) = observations.held(con)

        assert (False, [(Decimal(10),)]) == (waiting.confirms_itself, standing(con))
        house.decided("approve", waiting.observation_id, APRIL + 9 * DAY)
        house.refresh(con)
        assert [(Decimal(9),)] == standing(con)


@pytest.mark.parametrize("between", ["accepted", "held for something else"])
def test_what_lies_between_two_doubtful_pages_parts_them(tmp_path: Path, between: str) -> None:
    """Two days of one doubt, a page that says something else, and one more day are not three days of it."""
    house = House(tmp_path, doubted="reviews fell to")
    with house.open() as con:
        house.see(con, rated("4.5", 400), APRIL)
        house.judge = hold
        house.see(con, rated("4.5", 121), APRIL + DAY)
        house.see(con, rated("4.5", 122), APRIL + 2 * DAY)
        house.judge, house.doubted = (accept, "") if between == "accepted" else (hold, "rating out of its scale")
        house.see(con, rated("4.5", 401), APRIL + 3 * DAY)
        house.judge, house.doubted = hold, "reviews fell to"
        told = house.see(con, rated("4.5", 123), APRIL + 4 * DAY).changes

        assert [1] == [one.confirmations for one in observations.held(con)]
    assert () == told


def test_what_a_person_refused_does_not_count_for_what_comes_after(tmp_path: Path) -> None:
    house = House(tmp_path, doubted="reviews fell to")
    with house.open() as con:
        house.see(con, rated("4.5", 400), APRIL)
        house.judge = hold
        house.see(con, rated("4.5", 121), APRIL + DAY)
        (held,) = observations.held(con)
        house.decided("reject", held.observation_id, APRIL + DAY)
        house.see(con, rated("4.5", 122), APRIL + 2 * DAY)
        told = house.see(con, rated("4.5", 123), APRIL + 3 * DAY).changes

        assert [2] == [one.confirmations for one in observations.held(con)]
    assert () == told


@pytest.mark.parametrize("later", ["held", "another page"])
def test_an_archived_page_between_what_stands_and_what_is_not_believed_ends_where_that_began(
    tmp_path: Path, later: str
) -> None:
    """$10 stands; a later page is held, or is not the page at all. An archived one from before it says $11: it held then,
    and is not what is published today. When the page says $10 again, nothing has changed."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, solo("10"), APRIL)
        house.judge = hold if later == "held" else lambda *_: GateState.REJECTED
        house.see(con, solo("500"), APRIL + 5 * DAY)
        house.judge = accept
        house.see(con, solo("11"), APRIL + 3 * DAY, origin=Origin.ARCHIVE, recorded_at=APRIL + 5 * DAY)
        meanwhile = standing(con)
        back = house.see(con, solo("10"), APRIL + 6 * DAY)
        then = con.execute(
            "SELECT amount, valid_from, valid_to FROM term WHERE superseded_at IS NULL ORDER BY 2"
        ).fetchall()

    assert [(Decimal(10),)] == meanwhile
    assert () == back.changes
    assert [
        (Decimal(10), APRIL, APRIL + 3 * DAY),
        (Decimal(11), APRIL + 3 * DAY, APRIL + 5 * DAY),
        (Decimal(10), APRIL + 5 * DAY, None),
    ] == then


def test_what_was_refused_once_is_judged_anew_after_the_page_has_moved_on(tmp_path: Path) -> None:
    """$11 was refused while $10 stood. A year on $12 stands, and $11 is a price cut like any other."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, solo("10"), APRIL)
        house.judge = hold
        house.see(con, solo("11"), APRIL + DAY)
        (held,) = observations.held(con)
        house.decided("reject", held.observation_id, APRIL + DAY)
        house.judge = accept
        refused = house.see(con, solo("11"), APRIL + 2 * DAY, bytes_="served again").changes
        house.see(con, solo("12"), APRIL + 300 * DAY)
        told = house.see(con, solo("11"), APRIL + 365 * DAY, bytes_="a year on").changes

    assert () == refused
    assert "price_decreased" in kinds(told)


def test_whoever_approves_what_goes_back_and_forth_has_it_published_from_then_on(tmp_path: Path) -> None:
    """$10 and $11 by turns. Approved is $11, and the next page says $10: it is another step, and waits like one."""
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, solo("10"), APRIL)
        house.judge = hold
        house.see(con, solo("11"), APRIL + DAY)
        (held,) = observations.held(con)
        house.decided("approve", held.observation_id, APRIL + DAY)
        told = house.refresh(con)[0].changes
        house.see(con, solo("10"), APRIL + 2 * DAY)

        assert [(Decimal(11),)] == standing(con)
        assert [PAGE] == [one.source_id for one in observations.held(con)]
    assert "price_increased" in kinds(told)
