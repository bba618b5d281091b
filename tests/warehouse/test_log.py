"""The warehouse is a function of the log: rebuilt from it, it says the same; killed anywhere, it goes on where it was."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pricing_pipeline.facts import GateState, Observation, Origin, Outcome
from pricing_pipeline.results import Thresholds
from tests.warehouse.house import APRIL, DAY, MAY, PAGE, House, fee, page, plan, rate, rated, source
from warehouse import captures, frames, observations, refresh
from warehouse.dump import canonical_dump, differences
from warehouse.verify import invariant_problems

CLOUD = "prefect/prefect-cloud/pricing"
REVIEWS = "dagster/dagster-plus/reviews/g2"
LARGE = 100  # the judge of these tests holds what costs more


def judged(_: str, observation: Observation) -> GateState:
    """Holds pages with a large fee, as the gate would a suspicious one; refuses walls."""
    if observation.outcome is not Outcome.FETCHED:
        return GateState.REJECTED
    large = any(term.amount is not None and term.amount > LARGE for term in observation.terms)
    return GateState.HELD if large else GateState.ACCEPTED


def offered(amount: str) -> Observation:
    return page(plan("solo"), fee("solo", amount), rate("solo", "0.03"))


def lively(root: Path) -> House:
    """A house of three sources that holds, confirms and refuses."""
    return House(
        root,
        sources=(source(), source(CLOUD), source(REVIEWS)),
        judge=judged,
        thresholds=Thresholds(confirm_captures=2, confirm_hours=24),
    )


def live(house: House, *, days: int, seed: int) -> None:
    """Some days in the life of a house: pages that move, walls, confirmations, people, an archive; a refresh each day."""
    chance = random.Random(seed)
    for number in range(days):
        at = APRIL + number * DAY
        for source_id in (PAGE, CLOUD):
            kind = chance.choice(["same", "same", "moved", "large", "wall", "unmodified", "down"])
            amount = {"moved": str(chance.randint(5, 20)), "large": "120"}.get(kind, "10")
            if kind in ("unmodified", "down"):
                outcome = Outcome.NOT_MODIFIED if kind == "unmodified" else Outcome.SERVER_ERROR
                house.captured(None, at, source_id=source_id, outcome=outcome)
            else:
                shown = page(outcome=Outcome.BLOCKED) if kind == "wall" else offered(amount)
                house.captured(shown, at, source_id=source_id, bytes_=f"{shown} {chance.randint(0, 3)}")
        house.captured(rated(f"4.{chance.randint(0, 9)}", 100 + number), at, source_id=REVIEWS)
        if number % 4 == 3:
            old = APRIL - (number + 1) * DAY
            house.captured(offered("7"), old, origin=Origin.ARCHIVE, recorded_at=at)
        with house.open() as con:
            house.refresh(con)
            waiting = observations.held(con)
        if waiting and chance.random() < 0.5:
            house.decided(chance.choice(["approve", "reject"]), waiting[0].observation_id, at + DAY / 2)


@pytest.mark.parametrize("seed", [2, 3])
def test_a_rebuilt_warehouse_says_what_the_one_that_lived_says(tmp_path: Path, seed: int) -> None:
    """Day by day or all of the log at once: captures, people's decisions and recorded times come out the same."""
    house = lively(tmp_path)
    live(house, days=6, seed=seed)

    with house.open() as con:
        house.refresh(con)
        lived = canonical_dump(con)
        assert [] == invariant_problems(con)
    with house.open(tmp_path / "rebuilt.duckdb") as con:
        house.refresh(con)
        rebuilt = canonical_dump(con)

    assert [] == differences(lived, rebuilt)


def test_a_refresh_with_nothing_new_changes_nothing(tmp_path: Path) -> None:
    house = lively(tmp_path)
    live(house, days=3, seed=4)
    with house.open() as con:
        house.refresh(con)
        before = canonical_dump(con)

        house.refresh(con)

        assert before == canonical_dump(con)


@pytest.mark.parametrize("killed_after", ["sync", "stage", "decide"])
def test_a_run_killed_between_stages_goes_on_where_it_was(tmp_path: Path, killed_after: str) -> None:
    """Each stage takes up whatever is pending, so the next run ends where an undisturbed one would have."""
    house = lively(tmp_path)
    house.captured(offered("10"), APRIL)
    house.captured(offered("12"), MAY)
    with house.open() as con:
        captures.register(con, house.sources)
        captures.sync(con, house.log)
        if killed_after != "sync":
            batch = captures.pending_batch(con, extractor_version="1")
            if killed_after == "stage":
                observations.stage(con, [(capture, house.read(capture)) for capture in batch.read])
            else:
                house.turn(con, batch)
    with house.open() as con:
        house.refresh(con)
        resumed = canonical_dump(con)
    with house.open(tmp_path / "undisturbed.duckdb") as con:
        house.refresh(con)

        assert [] == differences(resumed, canonical_dump(con))


def test_a_log_read_twice_counts_once(tmp_path: Path) -> None:
    """A run killed after it appended to the log appends the same capture again."""
    house = lively(tmp_path)
    house.captured(offered("10"), APRIL)
    house.captured(offered("10"), APRIL)
    with house.open() as con:
        captures.register(con, house.sources)

        assert 2 == captures.sync(con, house.log)
        assert 0 == captures.sync(con, house.log)
        assert [(1,)] == con.execute("SELECT count(*) FROM capture").fetchall()


def test_captures_come_in_the_order_of_the_log_and_no_source_twice(tmp_path: Path) -> None:
    house = lively(tmp_path)
    for at, source_id in ((APRIL, PAGE), (APRIL, CLOUD), (MAY, PAGE), (MAY, REVIEWS)):
        house.captured(offered("10"), at, source_id=source_id, bytes_=f"{at}")
    with house.open() as con:
        captures.register(con, house.sources)
        captures.sync(con, house.log)

        batch = captures.pending_batch(con, extractor_version="1")

        assert [(PAGE, APRIL), (CLOUD, APRIL)] == [(capture.source_id, capture.captured_at) for capture in batch.read]
        assert 2 == batch.remaining


def test_captures_of_a_source_that_nobody_registers_wait_and_stop_nobody(tmp_path: Path) -> None:
    house = lively(tmp_path)
    house.captured(offered("10"), APRIL, source_id="gone/gone/pricing")
    house.captured(offered("10"), APRIL)
    with house.open() as con:
        house.refresh(con)

        assert 0 == captures.pending_count(con)
        assert [(PAGE,)] == con.execute("SELECT DISTINCT source_id FROM term").fetchall()


def test_other_workloads_price_the_same_offer_anew(tmp_path: Path) -> None:
    house = lively(tmp_path)
    with house.open() as con:
        house.see(con, offered("10"), APRIL)
        house.workloads = house.workloads[1:]
        told = refresh.apply(con, products=house.products, workloads=house.workloads, thresholds=house.thresholds)

        standing = con.execute(
            "SELECT DISTINCT workload FROM cost WHERE superseded_at IS NULL AND valid_to IS NULL"
        ).fetchall()
        assert [("idle",)] == standing
        assert () == told.changes
        assert [] == invariant_problems(con)


def test_a_source_with_a_new_recipe_is_read_again(tmp_path: Path) -> None:
    """Its version differs from the others', so what it showed last is read anew before anything else."""
    house = lively(tmp_path)
    house.captured(offered("10"), APRIL)
    house.captured(offered("11"), APRIL, source_id=CLOUD)
    with house.open() as con:
        house.refresh(con)

        batch = captures.pending_batch(con, extractor_version="1", versions={PAGE: "1+recipe"})

        assert [PAGE] == [capture.source_id for capture in batch.read]
        assert not captures.pending_batch(con, extractor_version="1")


def test_a_decision_about_what_is_not_held_changes_nothing(tmp_path: Path) -> None:
    house = lively(tmp_path)
    house.captured(offered("10"), APRIL)
    with house.open() as con:
        house.refresh(con)
        before = con.execute("SELECT * FROM term").fetchall()
        house.decided("reject", "nobody", MAY)
        house.refresh(con)

        assert before == con.execute("SELECT * FROM term").fetchall()
        assert [(True,)] == con.execute("SELECT is_done FROM decision").fetchall()


def test_quotes_that_are_not_in_the_page_are_counted_for_the_gate(tmp_path: Path) -> None:
    house = lively(tmp_path)
    house.captured(offered("10"), APRIL)
    with house.open() as con:
        captures.register(con, house.sources)
        captures.sync(con, house.log)
        (capture,) = captures.pending_batch(con, extractor_version="1").read
        observations.stage(con, [(capture, house.read(capture))], missing_evidence={capture.id: 2})

        frame = frames.observations(con)

    assert 2 == frame.rows[0][frame.columns.index("without_evidence")]
