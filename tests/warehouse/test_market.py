"""The cheapest plans of all products side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.facts import Cause, GateState
from pricing_pipeline.results import Cost, CostState, PricedPlan, Thresholds, Workload
from tests.warehouse.house import APRIL, DAY, MAY, House, Sold, fee, page, plan, source
from warehouse import observations
from warehouse.changes import beyond, list_changes, on_record
from warehouse.ledger import Owner
from warehouse.market import Market, _Field

SEAT = Workload(slug="seat", name="One seat", usage={"seat": Decimal(1)})
# A product by its number, and what its cheapest plans cost: a few figures in two currencies, so that many tie.
MOVES = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["USD", "EUR"])), max_size=2)),
    max_size=20,
)


def priced(product: str, amount: int, currency: str = "USD", plan: str = "solo") -> PricedPlan:
    cost = Cost(state=CostState.EXACT, low=Decimal(amount), high=Decimal(amount), currency=currency)
    return PricedPlan(vendor=product, product=product, plan=plan, workload="seat", cost=cost, rank=1)


def owner(number: int) -> Owner:
    return Owner(f"vendor-{number}", f"vendor-{number}")


def looked_through(standing: dict[Owner, Sequence[PricedPlan]], but: Owner) -> list[PricedPlan]:
    """The cheapest of the others in each currency, found by looking at every one of them."""
    rivals = [rival for other, plans in standing.items() if other != but for rival in plans]
    highs = {rival.cost.currency: [] for rival in rivals}  # type: dict[str | None, list[Decimal]]
    for rival in rivals:
        highs[rival.cost.currency].append(rival.cost.high or Decimal(0))
    return [rival for rival in rivals if rival.cost.high == min(highs[rival.cost.currency])]


@given(MOVES)
def test_the_cheapest_of_the_others_are_those_that_a_look_at_all_of_them_finds(
    moves: list[tuple[int, list[tuple[int, str]]]],
) -> None:
    """However often prices moved before, and whatever ties."""
    field, standing = _Field(), dict[Owner, Sequence[PricedPlan]]()
    for number, bills in moves:
        plans = [priced(owner(number).product, amount, currency) for amount, currency in bills]
        field.set(owner(number), plans)
        standing[owner(number)] = plans

    for number in range(5):
        assert looked_through(standing, owner(number)) == field.others(owner(number))


def test_a_product_that_becomes_the_cheapest_of_all_is_told_beside_its_rivals() -> None:
    market = Market([SEAT])
    market.set(owner(1), [priced("vendor-1", 10)])
    market.set(owner(2), [priced("vendor-2", 20)])

    found = market.flips(
        [priced("vendor-2", 20)], [priced("vendor-2", 5)], observed_at=datetime(2026, 5, 1, tzinfo=UTC),
        cause=Cause.VENDOR, state=GateState.ACCEPTED, thresholds=Thresholds(), observation_id="o",
    )  # fmt: skip

    assert ["cheapest_plan_changed"] == [change.kind for change in found]
    assert "vendor-1" in (found[0].before or "")


def test_a_rival_that_was_read_in_the_same_refresh_is_called_by_its_name(tmp_path: Path) -> None:
    """Its first page changes nothing, and yet another vendor's change names its plans as an editor would."""
    pages = ("dagster/dagster-plus/pricing", "quarry/quarry/pricing")
    sold = (Sold(), Sold(vendor="quarry", slug="quarry", name="Quarry"))
    house = House(tmp_path, sources=tuple(map(source, pages)), products=sold)
    house.captured(page(plan("solo"), fee("solo", "10")), APRIL, source_id=pages[0])
    house.captured(page(plan("pebble"), fee("pebble", "12")), APRIL, source_id=pages[1])
    house.captured(page(plan("solo"), fee("solo", "20")), MAY, source_id=pages[0])
    with house.open() as con:
        house.refresh(con)
        verdicts = {one.verdict for one in list_changes(con) if one.kind == "cheapest_plan_changed"}

    assert "One idle seat: cheapest plan Dagster+ Solo ($10.00) → Quarry Pebble ($12.00)" in verdicts


def test_a_held_change_that_is_accepted_is_news_again(tmp_path: Path) -> None:
    """It was told as held before; that the price holds now must be told too."""
    house = House(tmp_path, judge=lambda _, seen: GateState.HELD if seen == dear else GateState.ACCEPTED)
    dear = page(plan("solo"), fee("solo", "290"))
    with house.open() as con:
        house.see(con, page(plan("solo"), fee("solo", "29")), APRIL)
        house.see(con, dear, MAY)
        held = on_record(con)
        (waiting,) = observations.held(con)
        house.decided("approve", waiting.observation_id, MAY + DAY)
        house.refresh(con)
        news = beyond(con, held)

        assert ("price_increased", GateState.ACCEPTED) in {(one.kind, one.state) for one in news}
        assert () == beyond(con, on_record(con))
