"""A vendor makes its buyers take something besides: from the page to the change with its costs, and to the bills that stand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pricing_pipeline.facts import GateState, Severity
from tests.assets.street import DAY, Street, pricing, street
from warehouse.connection import open_warehouse

if TYPE_CHECKING:
    from checks.door import Door

NOTE = "<p>All plans require a platform fee of $25 per month.</p>"


def bills(town: Street) -> list[tuple[str, Decimal]]:
    """What the plans cost a month with ten thousand credits, as it stands."""
    query = "SELECT plan, low FROM cost WHERE workload = 'ten-thousand-credits' AND valid_to IS NULL AND superseded_at IS NULL"
    with open_warehouse(town.home.warehouse, read_only=True) as con:
        return con.execute(f"{query} ORDER BY plan").fetchall()


def test_a_mandatory_addon_that_appears_is_critical_with_its_costs(tmp_path: Path, door: Door) -> None:
    """Not one price of the page moved; a note below the plans did."""
    with street(tmp_path, ["alder"]) as town:
        town.serve("alder", pricing())
        town.run_stages(door)
        before = bills(town)
        town.serve("alder", pricing(more=NOTE))
        town.day += DAY
        told = town.run_stages(door)
        after = bills(town)

    assert [("solo", Decimal(160)), ("team", Decimal(40))] == before
    assert [("solo", Decimal(185)), ("team", Decimal(65))] == after
    addon, *rises = told
    assert (None, "meter_added", "platform_fee", Severity.CRITICAL, GateState.ACCEPTED) == (
        addon.plan,
        addon.kind,
        addon.metric,
        addon.severity,
        addon.state,
    )
    assert (
        "Alder Cloud: platform fee of $25.00 a month is now mandatory; headline prices unchanged; at 5,000 credits a month "
        "Solo $10.00 → $35.00" == addon.verdict
    )
    assert ("ten-thousand-credits", "solo", Decimal(160), Decimal(185)) in {
        (cost.workload, cost.plan, cost.before.low, cost.after.low) for cost in addon.costs
    }
    assert {("solo", "cost_increased"), ("team", "cost_increased")} <= {(rise.plan, rise.kind) for rise in rises}
