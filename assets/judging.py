"""Expectations shown as Dagster asset checks: declared from the suites, answered from their results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dagster as dg

from assets import metadata
from checks.results import Status, SuiteResult
from checks.suites import SUITES
from pricing_pipeline.catalog import HeldObservation

# What an asset that judges its own result yields.
Yielded = dg.MaterializeResult[None] | dg.AssetCheckResult


def specs(suite: str, asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """The asset checks of a suite; those that gate everything downstream are blocking."""
    return [
        dg.AssetCheckSpec(name=check.name, asset=asset, description=check.description, blocking=check.blocking)
        for check in SUITES[suite].checks
    ]


def evaluations(result: SuiteResult, asset: dg.AssetKey) -> Iterator[dg.AssetCheckResult]:
    """One answer for each check. A check that raised is broken, which is red; one over nothing is not green either."""
    for outcome in result.results:
        grave = outcome in result.blocked or outcome.status is Status.BROKEN
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=outcome.check.name,
            passed=outcome.status is Status.PASSED,
            severity=dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN,
            description=outcome.message,
            metadata={
                "status": outcome.status.value,
                "checked": outcome.checked,
                "unexpected": len(outcome.unexpected),
                "which": dg.MetadataValue.text(", ".join(map(str, outcome.unexpected[:20]))),
            },
        )


NOTHING_WAITS = "nothing_waits_for_a_decision"


def nothing_waits(asset: dg.AssetKey) -> dg.AssetCheckSpec:
    """The check that stays amber for as long as an observation is held, whichever run held it."""
    return dg.AssetCheckSpec(
        name=NOTHING_WAITS,
        asset=asset,
        description="No observation is held back, waiting for confirmation or a person.",
    )


def waits(held: Sequence[HeldObservation], asset: dg.AssetKey) -> dg.AssetCheckResult:
    """Its answer, with the list of what is held."""
    said = f"{len(held)} held: `pricing-pipeline held` shows what they would change" if held else "nothing is held"
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=NOTHING_WAITS,
        passed=not held,
        severity=dg.AssetCheckSeverity.WARN,
        description=said,
        metadata={"held": metadata.table(metadata.waiting(held), empty="nothing is held")},
    )
