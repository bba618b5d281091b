"""What is announced for a day stands ready and takes effect on that day, unless the pricing page says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pricing_pipeline.facts import Announcement, Cause, Lever, Observation, Origin, Outcome, State, Term, TermKind
from pricing_pipeline.results import Change, Promise
from tests.warehouse.house import (
    APRIL,
    DAY,
    MAY,
    PAGE,
    House,
    april,
    fee,
    nothing_included,
    page,
    plan,
    quoted,
    rate,
    source,
    term,
)
from warehouse import published
from warehouse.changes import list_changes
from warehouse.connection import Connection, open_reports
from warehouse.dump import canonical_dump, differences
from warehouse.reports import report, write_reports
from warehouse.verify import invariant_problems

NEWS = "dagster/dagster-plus/announcement"
THE_DAY = date(2026, 5, 1)
FROM_THEN = datetime(2026, 5, 1, tzinfo=UTC)
# What a sentence such as "From 1 May, Solo costs $12" says: no period, no commitment.
TWELVE = Term(
    plan="solo", term=TermKind.RECURRING_FEE, amount=Decimal(12), currency="USD", effective_from=THE_DAY,
    evidence=quoted("From 1 May 2026, Solo costs $12"),
)  # fmt: skip


def announced(*terms: Term, former: tuple[Term, ...] = (), on: date = THE_DAY) -> Announcement:
    said = tuple(Term(**{**_columns(term), "effective_from": on}) for term in terms)
    return Announcement(effective_from=on, evidence=quoted(f"From {on}"), terms=said, former=former)


def _columns(term: Term) -> dict[str, object]:
    return {name: getattr(term, name) for name in Term.__slots__}


def solo(amount: str, *more: Announcement | Term) -> Observation:
    return page(plan("solo"), fee("solo", amount), *more)


def news(*more: Announcement) -> Observation:
    return page(*more)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, sources=(source(), source(NEWS)))


@pytest.fixture
def con(house: House) -> Iterator[Connection]:
    with house.open() as opened:
        yield opened


def asked(con: Connection, valid: datetime, known: datetime = MAY + 365 * DAY) -> list[Decimal]:
    """The fees that held at a moment."""
    query = "SELECT amount FROM as_of(?::TIMESTAMPTZ, ?::TIMESTAMPTZ) WHERE term = 'recurring_fee' ORDER BY amount"
    return [row[0] for row in con.execute(query, [valid, known]).fetchall()]


def told(con: Connection) -> list[tuple[str, str | None, str | None]]:
    return [(one.kind, one.before, one.after) for one in list_changes(con) if one.lever is not Lever.COST]


def promise(con: Connection) -> Change:
    (found,) = [one for one in list_changes(con) if one.promise is not None and one.lever is not Lever.COST]
    return found


def see_news(house: House, con: Connection, *said: Announcement, at: datetime) -> tuple[Change, ...]:
    return house.see(con, news(*said), at, source_id=NEWS).changes


def test_what_a_page_announces_stands_ready_and_is_told_at_once(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    changes = house.see(con, solo("10", announced(TWELVE)), APRIL + DAY).changes

    assert [Decimal(10)] == asked(con, FROM_THEN - timedelta(seconds=1))
    assert [Decimal(12)] == asked(con, FROM_THEN)
    assert [Decimal(10)] == asked(con, FROM_THEN, known=APRIL)
    raised = next(change for change in changes if change.kind == "price_increased")
    assert (APRIL + DAY, APRIL + DAY, THE_DAY) == (raised.observed_at, raised.announced_at, raised.effective_at)
    assert (Promise.STANDING, Cause.VENDOR) == (raised.promise, raised.cause)
    assert raised.verdict.endswith("; announced for 1 May 2026")
    assert ("10", "12") == (raised.before, raised.after)


def test_what_a_page_of_news_announces_is_a_term_of_the_pricing_page(house: House, con: Connection) -> None:
    """One row for a term, whoever says it, with the words that said so."""
    house.see(con, solo("10"), APRIL)
    (raised,) = [one for one in see_news(house, con, announced(TWELVE), at=APRIL + DAY) if one.lever is Lever.HEADLINE]

    assert ([Decimal(10)], [Decimal(12)]) == (asked(con, MAY - DAY), asked(con, MAY))
    rows = con.execute(
        "SELECT source_id, amount, billing_period, quote FROM term WHERE superseded_at IS NULL ORDER BY valid_from"
    ).fetchall()
    assert [
        (PAGE, Decimal(10), "month", "$10"),
        (PAGE, Decimal(12), "month", "From 1 May 2026, Solo costs $12"),
    ] == rows
    assert THE_DAY == raised.effective_at


def test_an_announcement_is_told_once_however_often_and_wherever_it_is_read(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)

    again = see_news(
        house, con, announced(TWELVE), announced(fee("solo", "20"), on=date(2027, 1, 1)), at=APRIL + 2 * DAY
    )
    also = house.see(con, solo("10", announced(TWELVE)), APRIL + 3 * DAY).changes

    assert ["2027-01-01"] == [str(one.effective_at) for one in again if one.lever is Lever.HEADLINE]
    assert () == also


def test_on_its_day_it_holds_though_no_page_was_read_since(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)
    house.captured(None, MAY + DAY, outcome=Outcome.SERVER_ERROR)
    house.refresh(con)

    assert [Decimal(12)] == asked(con, MAY + DAY)
    assert Promise.STANDING == promise(con).promise


def test_a_page_that_confirms_it_brings_no_second_change(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, solo("10", announced(TWELVE)), APRIL + DAY)
    assert () == house.see(con, solo("12"), MAY + DAY).changes

    assert [("price_increased", "10", "12")] == told(con)
    assert (Promise.CONFIRMED, MAY + DAY) == (promise(con).promise, promise(con).settled_at)
    assert [(Decimal(10), APRIL, FROM_THEN), (Decimal(12), FROM_THEN, None)] == [row[:3] for row in believed(con)]


def test_a_page_that_still_says_the_old_price_is_right(house: House, con: Connection) -> None:
    """It is early: somewhere the day is not over yet. When it is, the announcement has come to nothing."""
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)

    early = house.see(con, solo("10"), MAY, bytes_="another nonce").changes
    assert ((), [Decimal(10)]) == (early, asked(con, MAY))

    house.captured(None, MAY + 2 * DAY, outcome=Outcome.NOT_MODIFIED)
    (late,) = house.refresh(con)[0].changes
    assert "announcement_not_kept" == late.kind
    assert late.verdict.endswith("announced for 1 May 2026, has not taken effect on the pricing page")
    assert Promise.NOT_KEPT == promise(con).promise
    assert [(Decimal(10), APRIL, None)] == [row[:3] for row in believed(con)]


def test_a_page_that_turns_late_still_keeps_what_was_announced(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)
    house.captured(None, MAY, outcome=Outcome.NOT_MODIFIED)
    house.refresh(con)

    assert [Decimal(10)] == asked(con, MAY)
    assert () == house.see(con, solo("12"), MAY + DAY).changes
    assert Promise.CONFIRMED == promise(con).promise
    assert ([Decimal(10)], [Decimal(12)]) == (asked(con, MAY), asked(con, MAY + DAY))


def test_a_page_that_says_something_else_is_a_surprise(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)
    house.see(con, solo("11"), MAY + 2 * DAY)

    assert [
        ("price_increased", "10", "12"),
        ("announcement_not_kept", "12", "10"),
        ("price_increased", "10", "11"),
    ] == sorted(told(con), key=lambda row: (row[0] != "price_increased" or row[2] != "12", row[0]))
    assert [(Decimal(10), APRIL, FROM_THEN), (Decimal(11), FROM_THEN, None)] == [row[:3] for row in believed(con)]


@pytest.mark.parametrize("by", [PAGE, NEWS])
def test_what_is_announced_no_longer_is_told_and_will_not_happen(house: House, con: Connection, by: str) -> None:
    def shown(*said: Announcement) -> Observation:
        return solo("10", *said) if by == PAGE else news(*said)

    house.see(con, solo("10"), APRIL)
    house.see(con, shown(announced(TWELVE)), APRIL + DAY, source_id=by)
    (gone,) = house.see(con, shown(), APRIL + 2 * DAY, source_id=by).changes

    assert ("announcement_withdrawn", "12", "10") == (gone.kind, gone.before, gone.after)
    assert gone.verdict.endswith("announced for 1 May 2026, is announced no longer")
    assert (Promise.WITHDRAWN, APRIL + 2 * DAY) == (promise(con).promise, promise(con).settled_at)
    assert [(Decimal(10), APRIL, None)] == [row[:3] for row in believed(con)]


def test_news_that_scroll_away_after_the_day_take_nothing_back(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)

    assert () == see_news(house, con, at=MAY + DAY)
    assert [Decimal(12)] == asked(con, MAY + DAY)


def test_a_day_that_is_put_off_replaces_the_first(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)
    later = see_news(house, con, announced(TWELVE, on=date(2026, 6, 1)), at=APRIL + 2 * DAY)

    assert ["2026-06-01"] == [str(one.effective_at) for one in later if one.lever is Lever.HEADLINE]
    assert {Promise.REPLACED, Promise.STANDING} == {one.promise for one in list_changes(con)}
    assert [Decimal(10)] == asked(con, MAY)


def test_a_page_that_turns_early_keeps_what_was_announced(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, solo("10", announced(TWELVE)), APRIL + DAY)

    assert () == house.see(con, solo("12", announced(TWELVE)), APRIL + 2 * DAY).changes
    assert Promise.CONFIRMED == promise(con).promise
    assert [Decimal(12)] == asked(con, APRIL + 2 * DAY)


def test_the_pricing_page_is_asked_before_the_news(house: House, con: Connection) -> None:
    house.see(con, solo("10", announced(TWELVE)), APRIL)
    see_news(house, con, announced(fee("solo", "15")), at=APRIL + DAY)

    assert [Decimal(12)] == asked(con, MAY)


@pytest.mark.parametrize(
    ("said", "former", "becomes"),
    [
        pytest.param(fee("solo", "12", ), (), Decimal(12), id="all of it said"),
        pytest.param(TWELVE, (fee("solo", "10"),), Decimal(12), id="the old price is this one's"),
        pytest.param(TWELVE, (fee("solo", "9"),), Decimal(10), id="the old price is another's"),
        pytest.param(fee("pro", "12"), (), Decimal(10), id="another plan"),
        pytest.param(fee("acme-solo", "12"), (), Decimal(12), id="with the vendor's name before it"),
        pytest.param(Term(**{**_columns(TWELVE), "currency": "EUR"}), (), Decimal(10), id="another currency"),
        pytest.param(Term(**{**_columns(TWELVE), "amount": Decimal(120)}), (), Decimal(10), id="perhaps a year's price"),
    ],
)  # fmt: skip
def test_a_sentence_is_about_a_term_that_it_fits(
    house: House, con: Connection, said: Term, former: tuple[Term, ...], becomes: Decimal
) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(said, former=former), at=APRIL + DAY)

    assert [becomes] == asked(con, MAY)


def test_a_price_that_may_be_the_months_or_the_years_is_left_alone(house: House, con: Connection) -> None:
    yearly = Term(
        plan="solo", term=TermKind.RECURRING_FEE, amount=Decimal(8), currency="USD", billing_period="month", commitment="year",
        evidence=quoted("$8"),
    )  # fmt: skip
    house.see(con, solo("10", yearly), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)

    assert [Decimal(8), Decimal(10)] == asked(con, MAY)


def test_credits_that_are_included_no_longer_are_so_in_every_plan_that_had_some(house: House, con: Connection) -> None:
    house.see(con, april(), APRIL)
    gone = Term(
        plan=None, term=TermKind.ALLOWANCE, metric="credit", state=State.NOT_INCLUDED, evidence=quoted("no longer")
    )
    changes = see_news(house, con, announced(gone), at=APRIL + DAY)

    removed = [one for one in changes if one.kind == "allowance_removed"]
    assert [("solo", "7500"), ("starter", "30000")] == sorted((str(one.plan), one.before) for one in removed)
    assert (
        "Solo: included credits 7,500 → 0; headline price unchanged; at 7,500 credits a month $10.00 → $235.00; "
        "announced for 1 May 2026"
    ) == next(one.verdict for one in removed if one.plan == "solo")
    shown = page(
        plan("solo"), fee("solo", "10"), nothing_included("solo"), rate("solo", "0.03"),
        plan("starter"), fee("starter", "100"), nothing_included("starter"), rate("starter", "0.03"),
        rate(None, "0.005", metric="serverless_minute"),
    )  # fmt: skip
    assert () == house.see(con, shown, MAY + DAY).changes


def test_costs_stand_ready_too(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)

    query = "SELECT low FROM costs_as_of(?::TIMESTAMPTZ, ?::TIMESTAMPTZ) WHERE workload = 'idle'"
    assert [(Decimal(10),)] == con.execute(query, [MAY - DAY, MAY]).fetchall()
    assert [(Decimal(12),)] == con.execute(query, [MAY, MAY]).fetchall()


def test_what_must_be_bought_from_a_day_on_stands_ready_on_every_bill(house: House, con: Connection) -> None:
    """Told once when it is announced, although no term of that metric stands; the page that has it brings nothing new."""
    addon = (
        term(None, TermKind.RECURRING_FEE, amount="5", metric="platform_fee", billing_period="month"),
        Term(
            plan=None, term=TermKind.MINIMUM_SPEND, quantity=Decimal(1), metric="platform_fee",
            evidence=quoted("Platform fee required"),
        ),
    )  # fmt: skip
    house.see(con, solo("10", announced(*addon)), APRIL)
    bills = "SELECT low FROM costs_as_of(?::TIMESTAMPTZ, ?::TIMESTAMPTZ) WHERE workload = 'idle'"

    assert [(Decimal(10),)] == con.execute(bills, [MAY - DAY, MAY]).fetchall()
    assert [(Decimal(15),)] == con.execute(bills, [MAY, MAY]).fetchall()
    house.see(con, solo("10", *addon), MAY + DAY)
    assert [("meter_added", None, "5")] == told(con)
    assert Promise.CONFIRMED == promise(con).promise


def test_what_an_old_day_began_is_dated_by_it(house: House, con: Connection) -> None:
    """The page turned between two readings; its banner says when."""
    house.see(con, solo("10"), APRIL)
    (raised,) = (
        one
        for one in house.see(con, solo("12", announced(TWELVE)), MAY + 3 * DAY).changes
        if one.lever is Lever.HEADLINE
    )

    assert (THE_DAY, MAY + 3 * DAY) == (raised.effective_at, raised.observed_at)
    assert FROM_THEN == believed(con)[1][1]


def test_a_plan_whose_price_stands_only_beside_its_day_has_that_price_from_then_on(
    house: House, con: Connection
) -> None:
    priced = Term(**{**_columns(fee("solo", "12")), "effective_from": THE_DAY})
    house.see(con, page(plan("solo"), announced(priced)), APRIL)
    assert ([], [Decimal(12)]) == (asked(con, MAY - DAY), asked(con, MAY))

    house.see(con, page(plan("solo"), announced(priced)), MAY + DAY, bytes_="another nonce")
    assert [Decimal(12)] == asked(con, MAY + DAY)


def test_news_of_a_product_without_a_pricing_page_are_kept_and_change_nothing(tmp_path: Path) -> None:
    house = House(tmp_path, sources=(source(NEWS),))
    with house.open() as con:
        assert () == see_news(house, con, announced(TWELVE), at=APRIL)
        assert [] == con.execute("SELECT * FROM term").fetchall()
        assert [("solo",)] == con.execute("SELECT plan FROM statement").fetchall()


def test_archived_pages_that_come_late_tell_nothing_of_the_future(house: House, con: Connection) -> None:
    house.see(con, solo("10"), MAY)
    for id_, shown in ((PAGE, solo("10", announced(TWELVE))), (NEWS, news(announced(TWELVE)))):
        house.captured(shown, APRIL, source_id=id_, origin=Origin.ARCHIVE, recorded_at=MAY + DAY)
    house.refresh(con)

    assert [Decimal(10)] == asked(con, MAY + DAY)
    assert [] == invariant_problems(con)


def test_the_published_file_says_what_is_to_come_and_asks_todays_price(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    see_news(house, con, announced(TWELVE), at=APRIL + DAY)
    path = house.root / "reports.duckdb"
    write_reports(con, path)

    with open_reports(path) as published_file:
        (row,) = report(published_file, "announced").rows
        (product,) = published.products(published_file)
        periods = published.history(published_file, "dagster-plus.solo")
        (raised,) = [one for one in published.changes(published_file) if one.lever is Lever.HEADLINE]
    assert ("solo", THE_DAY, "standing", "10", "12") == (row[2], row[5], *row[7:10])
    assert [Decimal(10)] == [term.amount for term in product.offer.terms]
    assert [(Decimal(10), False), (Decimal(12), True)] == [(one.term.amount, one.is_ahead) for one in periods]
    assert Promise.STANDING == raised.promise


def believed(con: Connection) -> list[tuple[object, ...]]:
    return con.execute(
        "SELECT amount, valid_from, valid_to FROM term WHERE superseded_at IS NULL AND term = 'recurring_fee' ORDER BY valid_from"
    ).fetchall()


said_of = st.lists(
    st.tuples(st.sampled_from([date(2026, 4, 5), date(2026, 4, 8), date(2026, 4, 12)]), st.sampled_from(["11", "12"])),
    max_size=2,
    unique_by=lambda one: one[0],
)
happenings = st.lists(
    st.tuples(
        st.sampled_from([PAGE, PAGE, NEWS, "unchanged", "nothing"]),
        st.sampled_from(["10", "11", "12"]),
        said_of,
        st.booleans(),
    ),
    min_size=3,
    max_size=10,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=happenings)
def test_whatever_is_announced_one_value_holds_and_the_page_is_right(
    tmp_path_factory: pytest.TempPathFactory, happenings: list[tuple[str, str, list[tuple[date, str]], bool]]
) -> None:
    """Any life of a page and its news: no two rows for a term, the page's word on the day it is read, and the same when
    all of it is rebuilt from the log."""
    house = House(tmp_path_factory.mktemp("house"), sources=(source(), source(NEWS)))
    with house.open() as con:
        for number, (what, amount, said, waits) in enumerate(happenings):
            at = APRIL + number * DAY
            statements = [announced(fee("solo", price), on=day) for day, price in said]
            if what == "unchanged":
                house.captured(None, at, outcome=Outcome.NOT_MODIFIED)
            elif what != "nothing":
                shown = solo(amount, *statements) if what == PAGE else news(*statements)
                house.captured(shown, at, source_id=what, bytes_=f"{shown} {number}")
            if not waits:
                house.refresh(con)
            if what == PAGE and not waits:
                assert [Decimal(amount)] == asked(con, at)
        house.refresh(con)
        assert [] == invariant_problems(con)
        for number in range(20):
            assert len(asked(con, APRIL + number * DAY)) <= 1
        lived = canonical_dump(con)
    with house.open(house.root / "rebuilt.duckdb") as con:
        house.refresh(con)
        rebuilt = canonical_dump(con)

    assert [] == differences(lived, rebuilt)
