"""What history keeps of a page that changes, on both clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.facts import (
    Announcement,
    Cause,
    Conflict,
    Diagnostic,
    GateState,
    Lever,
    Observation,
    Origin,
    Outcome,
    Plan,
    Severity,
    State,
    TermKind,
)
from pricing_pipeline.results import Thresholds
from tests.warehouse.house import (
    APRIL,
    DAY,
    MAY,
    PAGE,
    House,
    accept,
    allowance,
    april,
    fee,
    hold,
    may,
    page,
    plan,
    quoted,
    rate,
    rated,
    source,
)
from warehouse import captures, observations
from warehouse.changes import list_changes
from warehouse.connection import Connection
from warehouse.verify import invariant_problems


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def con(house: House) -> Iterator[Connection]:
    with house.open() as opened:
        yield opened
        assert [] == invariant_problems(opened)


def believed(con: Connection, where: str = "true") -> list[tuple[object, ...]]:
    """The believed rows as (amount or quantity, valid_from, valid_to, recorded_at)."""
    figures = "SELECT coalesce(amount, quantity), valid_from, valid_to, recorded_at FROM term"
    return con.execute(f"{figures} WHERE superseded_at IS NULL AND {where} ORDER BY valid_from").fetchall()


def solo(amount: str, **more: object) -> Observation:
    return page(plan("solo"), fee("solo", amount), **more)


def test_the_shift_of_may_2026_is_told_in_full(house: House, con: Connection) -> None:
    """Credits gone, rates up, no headline moved: the step that a price diff does not see."""
    house.see(con, april(), APRIL)

    told = house.see(con, may(), MAY).changes

    assert {
        ("solo", "allowance_removed"), ("starter", "allowance_removed"), ("solo", "rate_increased"),
        ("starter", "rate_increased"),
        (None, "rate_increased"), ("solo", "cost_increased"), ("starter", "cost_increased"),
        ("solo", "cheapest_plan_changed"),
    } == {(change.plan, change.kind) for change in told}  # fmt: skip
    assert {Severity.CRITICAL} == {change.severity for change in told}
    removed = next(change for change in told if change.kind == "allowance_removed" and change.plan == "solo")
    assert (
        "Solo: included credits 7,500 → 0; headline price unchanged; at 7,500 credits a month $10.00 → $310.00"
        == removed.verdict
    )
    assert (Lever.ALLOWANCE, "7500", None) == (removed.lever, removed.before, removed.after)
    own = next(effect for effect in removed.costs if effect.workload.startswith("own-"))
    assert (Decimal(10), Decimal(310)) == (own.before.high, own.after.high)


def test_changes_are_read_back_as_they_were_made(house: House, con: Connection) -> None:
    house.see(con, april(), APRIL)
    told = house.see(con, may(), MAY).changes

    assert sorted(told, key=lambda it: it.id) == sorted(list_changes(con), key=lambda it: it.id)
    assert () == list_changes(con, since=MAY + DAY)
    assert () == list_changes(con, vendor="another")
    assert len(told) == len(list_changes(con, severity=Severity.CRITICAL))


def test_a_new_value_closes_the_old_one_and_keeps_what_was_believed(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, solo("12"), MAY)

    assert [(Decimal(10), APRIL, MAY, MAY), (Decimal(12), MAY, None, MAY)] == believed(con)
    old = con.execute(
        "SELECT amount, valid_from, valid_to, superseded_at FROM term WHERE superseded_at IS NOT NULL"
    ).fetchall()
    assert [(Decimal(10), APRIL, None, MAY)] == old


def test_what_held_on_a_day_can_be_asked_as_it_was_known_on_another(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, solo("12"), MAY)

    def fee_as_of(valid: datetime, known: datetime) -> list[Decimal]:
        return [
            row[0]
            for row in con.execute(
                "SELECT amount FROM as_of(?::TIMESTAMPTZ, ?::TIMESTAMPTZ)", [valid, known]
            ).fetchall()
        ]

    assert [Decimal(10)] == fee_as_of(APRIL + DAY, APRIL + DAY)
    assert [Decimal(10)] == fee_as_of(MAY + DAY, MAY - DAY)
    assert [Decimal(12)] == fee_as_of(MAY + DAY, MAY + DAY)
    assert [Decimal(10)] == fee_as_of(APRIL + DAY, MAY + DAY)
    assert [] == fee_as_of(APRIL - DAY, MAY + DAY)


def test_a_vanished_term_is_closed(house: House, con: Connection) -> None:
    house.see(con, page(plan("solo"), fee("solo", "10"), allowance("solo", "7500")), APRIL)
    house.see(con, solo("10"), MAY)

    assert [(Decimal(7500), APRIL, MAY, MAY)] == believed(con, "term = 'allowance'")


def test_the_same_facts_in_other_words_move_nothing_but_the_verified_date(house: House, con: Connection) -> None:
    """Another quote, another place on the page, another order: the first reading's evidence stays."""
    house.see(con, page(plan("solo"), fee("solo", "10", quote="$10")), APRIL)
    before = con.execute("SELECT * FROM term").fetchall()

    told = house.see(con, page(plan("solo"), fee("solo", "10", quote="Only $10!")), MAY)

    assert (0, ()) == (told.history_rows, told.changes)
    assert before == con.execute("SELECT * FROM term").fetchall()
    assert MAY == captures.states(con)[PAGE].verified_at


def test_a_page_that_was_not_modified_confirms_its_facts(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)

    house.captured(None, MAY, outcome=Outcome.NOT_MODIFIED)
    house.refresh(con)

    assert MAY == captures.states(con)[PAGE].verified_at
    assert [(Decimal(10), APRIL, None, APRIL)] == believed(con)


def test_equal_bytes_are_not_read_again(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.captured(solo("10"), MAY)
    captures.sync(con, house.log)

    batch = captures.pending_batch(con, extractor_version="1")

    assert ((), 1) == (batch.read, len(batch.confirm))


def test_a_stated_effective_date_is_when_it_holds(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, page(plan("solo"), fee("solo", "12", effective_from=date(2026, 4, 20))), MAY)

    turned = datetime(2026, 4, 20, tzinfo=UTC)
    assert [(Decimal(10), APRIL, turned, MAY), (Decimal(12), turned, None, MAY)] == believed(con)


def test_an_announced_date_is_when_it_holds_if_it_lies_between_the_two_pages(house: House, con: Connection) -> None:
    banner = Announcement(effective_from=date(2026, 5, 1), evidence=quoted("From May 1, 2026"), plans=("solo",))
    house.see(con, page(plan("solo"), fee("solo", "10"), plan("starter"), fee("starter", "100"), banner), APRIL)

    told = house.see(
        con, page(plan("solo"), fee("solo", "12"), plan("starter"), fee("starter", "120"), banner), MAY + DAY
    ).changes

    announced = datetime(2026, 5, 1, tzinfo=UTC)
    assert announced == believed(con, "plan = 'solo'")[1][1]
    assert MAY + DAY == believed(con, "plan = 'starter'")[1][1]
    raised = next(change for change in told if change.plan == "solo" and change.kind == "price_increased")
    assert (date(2026, 5, 1), APRIL) == (raised.effective_at, raised.announced_at)


def test_a_stale_effective_date_does_not_reach_behind_a_page_that_showed_the_old_value(
    house: House, con: Connection
) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, page(plan("solo"), fee("solo", "12", effective_from=date(2025, 1, 1))), MAY)

    assert MAY == believed(con)[1][1]


def test_a_term_announced_for_later_does_not_hold_before(house: House, con: Connection) -> None:
    """The old terms are still displayed beside the banner: no early flip."""
    house.see(con, solo("10"), APRIL)
    ahead = datetime(2026, 5, 1, tzinfo=UTC)

    house.see(
        con, page(plan("solo"), fee("solo", "10"), fee("solo", "12", effective_from=date(2026, 5, 1))), APRIL + DAY
    )

    assert [(Decimal(10), APRIL, ahead), (Decimal(12), ahead, None)] == [row[:3] for row in believed(con)]
    house.see(con, page(plan("solo"), fee("solo", "12", effective_from=date(2026, 5, 1))), MAY)
    assert [(Decimal(10), APRIL, ahead), (Decimal(12), ahead, None)] == [row[:3] for row in believed(con)]


def test_a_withdrawn_announcement_leaves_the_old_value_standing(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(
        con, page(plan("solo"), fee("solo", "10"), fee("solo", "12", effective_from=date(2026, 5, 1))), APRIL + DAY
    )

    house.see(con, solo("10"), APRIL + 2 * DAY)

    assert [(Decimal(10), APRIL, None)] == [row[:3] for row in believed(con)]


def headlines(con: Connection) -> list[tuple[str | None, str | None, datetime, Cause]]:
    """What is told of prices, oldest first: before, after, when, and whose doing it is."""
    told = [change for change in list_changes(con) if change.lever is Lever.HEADLINE]
    return [(one.before, one.after, one.observed_at, one.cause) for one in told]


def test_an_archived_page_goes_into_the_past_and_touches_nothing_present(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    old = APRIL - 365 * DAY

    house.see(con, solo("8"), old, origin=Origin.ARCHIVE, recorded_at=MAY)

    assert [(Decimal(8), old, APRIL, MAY), (Decimal(10), APRIL, None, APRIL)] == believed(con)
    assert APRIL == captures.states(con)[PAGE].verified_at
    assert [("8", "10", APRIL, Cause.BACKFILL)] == headlines(con)


@pytest.mark.parametrize("order", [(6, 8), (8, 6)])
def test_archived_pages_are_told_up_to_the_first_live_one_in_whatever_order_they_come(
    house: House, con: Connection, order: tuple[int, ...]
) -> None:
    """No hole, and nothing twice: what lay between two pages is told anew when a third one comes between."""
    house.see(con, solo("10"), APRIL)
    days = {6: APRIL - 3 * 365 * DAY, 8: APRIL - 2 * 365 * DAY}
    for amount in order:
        house.see(con, solo(str(amount)), days[amount], origin=Origin.ARCHIVE, recorded_at=MAY)

    assert [("6", "8", days[8], Cause.BACKFILL), ("8", "10", APRIL, Cause.BACKFILL)] == headlines(con)
    assert [Decimal(6), Decimal(8), Decimal(10)] == [row[0] for row in believed(con)]


def test_what_was_seen_live_stays_told_when_an_archived_page_comes_between(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, solo("12"), MAY)
    between = APRIL + 10 * DAY
    house.see(con, solo("11"), between, origin=Origin.ARCHIVE, recorded_at=MAY + DAY)

    assert [
        ("10", "11", between, Cause.BACKFILL),
        ("10", "12", MAY, Cause.VENDOR),
        ("11", "12", MAY, Cause.BACKFILL),
    ] == sorted(headlines(con), key=lambda told: (told[2], told[0]))


def test_the_first_live_page_after_archived_ones_is_told_as_a_backfill(house: House, con: Connection) -> None:
    """Years may lie between the two: it is no news. From then on changes are."""
    house.see(con, solo("8"), APRIL - 365 * DAY, origin=Origin.ARCHIVE, recorded_at=APRIL)
    house.see(con, solo("10"), APRIL)
    house.see(con, solo("12"), MAY)

    assert [("8", "10", APRIL, Cause.BACKFILL), ("10", "12", MAY, Cause.VENDOR)] == headlines(con)


def test_an_archived_page_between_two_known_ones_holds_until_the_next_known(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.captured(None, MAY, outcome=Outcome.NOT_MODIFIED)
    house.refresh(con)
    between = APRIL + 10 * DAY

    house.see(con, solo("11"), between, origin=Origin.ARCHIVE, recorded_at=MAY + DAY)

    assert [(Decimal(10), APRIL, between), (Decimal(11), between, MAY), (Decimal(10), MAY, None)] == [
        row[:3] for row in believed(con)
    ]


def test_a_clock_that_went_back_moves_nothing_that_stands(house: House, con: Connection) -> None:
    house.see(con, solo("10"), MAY)

    told = house.see(con, solo("12"), MAY - timedelta(hours=1))

    assert [Decimal(10)] == [
        row[0] for row in con.execute("SELECT amount FROM as_of(?::TIMESTAMPTZ, ?::TIMESTAMPTZ)", [MAY, MAY]).fetchall()
    ]
    assert not [change for change in told.changes if change.cause is Cause.VENDOR]


def test_our_own_new_extractor_is_not_the_vendors_doing(house: House, con: Connection) -> None:
    """The page did not change; we misread it before. What is read now held all along."""
    house.see(con, solo("120"), APRIL)
    house.captured(None, APRIL + DAY, outcome=Outcome.NOT_MODIFIED)
    house.refresh(con)
    for id_ in house.pages:
        house.pages[id_] = solo("10")
    house.version = "2"

    told = [change for applied in house.refresh(con) for change in applied.changes]

    assert {Cause.EXTRACTOR} == {change.cause for change in told}
    assert [(Decimal(10), APRIL, None, APRIL)] == believed(con)


def test_a_better_reading_is_tried_on_a_page_that_was_refused_too(house: House, con: Connection) -> None:
    """A redesigned page was not understood; once it is, it counts, although its bytes have not changed since."""
    house.see(con, solo("10"), APRIL)
    refused = house.captured(page(outcome=Outcome.WRONG_PAGE), MAY)
    house.refresh(con)
    house.pages[refused.id] = solo("12")
    house.version = "2"

    house.refresh(con)

    assert [(Decimal(10), APRIL, MAY, MAY), (Decimal(12), MAY, None, MAY)] == believed(con)


def test_a_new_extractor_that_reads_the_same_changes_nothing(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.version = "2"
    house.refresh(con)

    told = house.see(con, solo("12"), MAY).changes

    assert {Cause.VENDOR} == {change.cause for change in told}


def test_ratings_have_a_history_too(tmp_path: Path) -> None:
    reviews = "dagster/dagster-plus/reviews/g2"
    house = House(tmp_path, sources=(source(reviews),))
    with house.open() as con:
        house.see(con, rated("4.5", 100), APRIL, source_id=reviews)
        told = house.see(con, rated("4.4", 60), MAY, source_id=reviews).changes

        rows = con.execute(
            "SELECT rating, review_count, valid_from, valid_to FROM rating WHERE superseded_at IS NULL "
            "ORDER BY valid_from"
        )
        assert [(Decimal("4.5"), 100, APRIL, MAY), (Decimal("4.4"), 60, MAY, None)] == rows.fetchall()
        assert {"rating_changed", "review_count_dropped"} == {change.kind for change in told}


def test_amounts_stay_exact_to_the_tenth_place(house: House, con: Connection) -> None:
    house.see(con, page(plan("solo"), rate("solo", "0.0000025")), APRIL)

    assert [(Decimal("0.0000025"),)] == con.execute("SELECT amount FROM term").fetchall()
    assert [("DECIMAL(20,10)",)] == con.execute("SELECT DISTINCT typeof(amount) FROM term").fetchall()


def test_what_a_held_page_would_change_is_shown_and_changes_nothing(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.judge = hold
    house.see(con, solo("120"), MAY)

    (waiting,) = observations.held(con)
    assert {GateState.HELD} == {change.state for change in waiting.changes}
    assert "price_increased" in {change.kind for change in waiting.changes}
    assert [(Decimal(10), APRIL, None, APRIL)] == believed(con)
    assert captures.states(con)[PAGE].held


def test_an_approved_page_enters_history_when_it_was_approved(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.judge = hold
    house.see(con, solo("120"), MAY)
    (waiting,) = observations.held(con)

    house.decided("approve", waiting.observation_id, MAY + DAY)
    told = [change for applied in house.refresh(con) for change in applied.changes]

    assert [(Decimal(10), APRIL, MAY, MAY + DAY), (Decimal(120), MAY, None, MAY + DAY)] == believed(con)
    assert [] == observations.held(con)
    assert {GateState.ACCEPTED} == {change.state for change in told}
    assert [] == con.execute("SELECT * FROM change WHERE state = 'held'").fetchall()


def test_a_rejected_page_changes_nothing_and_its_like_is_not_asked_about_again(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.judge = hold
    house.see(con, solo("120"), MAY)
    house.decided("reject", observations.held(con)[0].observation_id, MAY + DAY)

    house.see(con, page(plan("solo"), fee("solo", "120", quote="$120 a month")), MAY + 2 * DAY)

    assert [] == observations.held(con)
    assert [(Decimal(10), APRIL, None, APRIL)] == believed(con)


def test_enough_captures_over_enough_hours_confirm_a_held_page(house: House, con: Connection) -> None:
    house.thresholds = Thresholds(confirm_captures=3, confirm_hours=48)
    house.see(con, solo("10"), APRIL)
    house.judge = hold
    for days in range(2):
        house.see(con, solo("120"), MAY + days * DAY, bytes_=f"nonce {days}")
        assert days + 1 == observations.held(con)[0].confirmations

    house.captured(None, MAY + 2 * DAY, outcome=Outcome.NOT_MODIFIED)
    house.refresh(con)

    assert [] == observations.held(con)
    assert [(Decimal(10), APRIL, MAY, MAY + 2 * DAY), (Decimal(120), MAY, None, MAY + 2 * DAY)] == believed(con)
    assert MAY + 2 * DAY == captures.states(con)[PAGE].verified_at


def test_a_page_that_says_nothing_is_never_confirmed_by_its_like(house: House, con: Connection) -> None:
    """Only a person can say that a vendor offers nothing any more; until then what is known stands, unquestioned."""
    house.see(con, solo("10"), APRIL)
    house.judge = hold
    for day in range(6):
        house.captured(page(), MAY + day * DAY)
    told = [change for applied in house.refresh(con) for change in (*applied.changes, *applied.held_changes)]
    (waiting,) = observations.held(con)

    assert ([], [Decimal(10)]) == (told, [row[0] for row in believed(con)])
    assert (False, 6, MAY + 5 * DAY) == (waiting.confirms_itself, waiting.confirmations, waiting.confirmed_at)

    house.decided("approve", waiting.observation_id, MAY + 7 * DAY)
    told = [change.kind for applied in house.refresh(con) for change in applied.changes]

    assert "plan_removed" in told
    assert [] == [row for row in believed(con) if row[2] is None]


def test_a_held_page_shows_what_it_contradicts_itself_about(house: House, con: Connection) -> None:
    """With the words of every reading, and where to look."""
    house.see(con, solo("10"), APRIL)
    readings = (fee("solo", "10", quote="$10 a month"), fee("solo", "12", quote="twelve dollars, $12"))
    conflict = Conflict(plan="solo", term=TermKind.RECURRING_FEE, metric=None, readings=readings)
    house.judge = hold
    house.see(con, replace(page(plan("solo")), conflicts=(conflict,)), MAY)
    (waiting,) = observations.held(con)

    assert ((conflict,), f"https://vendor.test/{PAGE}") == (waiting.conflicts, waiting.url)
    assert (True, 1) == (waiting.confirms_itself, waiting.confirmations)


def test_a_refused_page_says_why(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    house.see(con, page(outcome=Outcome.WRONG_PAGE), MAY)

    assert [(PAGE, "as the test says", "gate")] == [
        (one.source_id, one.reason, one.decided_by) for one in observations.refused(con)
    ]

    house.see(con, solo("10"), MAY + DAY)

    assert () == observations.refused(con)


def test_a_new_name_makes_no_plan_the_cheapest(house: House, con: Connection) -> None:
    """Solo is Personal from now on; who paid least before pays least still."""
    before = april()
    house.see(con, before, APRIL)
    personal = Plan(slug="personal", name="Personal", state=State.STATED, evidence=quoted("Personal"))
    renamed = replace(
        before,
        plans=(personal, *before.plans[1:]),
        terms=tuple(replace(one, plan="personal") if one.plan == "solo" else one for one in before.terms),
    )
    told = house.see(con, renamed, MAY).changes

    assert [("plan_renamed", "personal")] == [(change.kind, change.plan) for change in told]


def test_a_held_page_that_goes_back_is_forgotten(house: House, con: Connection) -> None:
    """Confirmation starts anew: a page under test that flips never becomes history by patience."""
    house.see(con, solo("10"), APRIL)
    for days in range(6):
        flipped = days % 2 == 0
        house.judge = hold if flipped else accept
        house.see(con, solo("120" if flipped else "10"), MAY + days * DAY, bytes_=f"nonce {days}")

    assert [] == observations.held(con)
    assert [(Decimal(10), APRIL, None, APRIL)] == believed(con)


def test_a_wall_keeps_what_is_known_and_says_so(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    for days in range(2):
        wall = replace(page(outcome=Outcome.BLOCKED), diagnostics=(Diagnostic(code="blocked", message="a challenge"),))
        house.see(con, wall, MAY + days * DAY, bytes_=f"wall {days}")

    state = captures.states(con)[PAGE]
    assert "a challenge" == state.message
    assert (Outcome.BLOCKED, 2, MAY, APRIL) == (state.outcome, state.failures, state.since, state.verified_at)
    assert [(Decimal(10), APRIL, None, APRIL)] == believed(con)


def test_failures_are_counted_until_the_page_is_served_again(house: House, con: Connection) -> None:
    house.see(con, solo("10"), APRIL)
    for days in range(3):
        house.captured(None, MAY + days * DAY, outcome=Outcome.SERVER_ERROR)
    house.refresh(con)
    assert (3, MAY) == (captures.states(con)[PAGE].failures, captures.states(con)[PAGE].since)

    house.see(con, solo("10"), MAY + 3 * DAY)

    assert (0, MAY + 3 * DAY) == (captures.states(con)[PAGE].failures, captures.states(con)[PAGE].since)


def test_one_vendors_pages_touch_no_other_vendors_rows(tmp_path: Path) -> None:
    other = "prefect/prefect-cloud/pricing"
    house = House(tmp_path, sources=(source(), source(other)))
    with house.open() as con:
        house.captured(april(), APRIL)
        house.captured(solo("5"), APRIL, source_id=other)
        house.refresh(con)
        before = con.execute("SELECT * FROM term WHERE vendor = 'prefect'").fetchall()

        house.see(con, may(), MAY)

        assert before == con.execute("SELECT * FROM term WHERE vendor = 'prefect'").fetchall()


def test_if_the_inspection_fails_nothing_of_the_refresh_stays(house: House, con: Connection) -> None:
    from warehouse import refresh
    from warehouse.dump import canonical_dump

    house.see(con, april(), APRIL)
    house.captured(may(), MAY)
    captures.sync(con, house.log)
    house.turn(con, captures.pending_batch(con, extractor_version="1"))
    before = canonical_dump(con)

    def refuse(inside: Connection) -> None:
        assert (
            2
            == inside.execute(
                "SELECT count(*) FROM term WHERE term = 'allowance' AND plan = 'solo' AND superseded_at IS NULL"
            ).fetchall()[0][0]
        )
        raise ValueError("history would be untrue")

    with pytest.raises(ValueError, match="untrue"):
        refresh.apply(
            con, products=house.products, workloads=house.workloads, thresholds=house.thresholds, inspect=refuse
        )

    assert before == canonical_dump(con)
