"""The core layer: what the gate decided, and history, changes and costs, which move together or not at all."""

from collections.abc import Iterator

import dagster as dg

from assets import columns, judging, metadata
from assets.raw import OWNER, POOL, observations
from assets.resources import WorkshopResource
from assets.stages import applying, judgement

GATED = dg.AssetKey(["core", "gated_observations"])
HISTORY = dg.AssetKey(["core", "history"])
CHANGES = dg.AssetKey(["core", "changes"])
COSTS = dg.AssetKey(["marts", "costs"])


@dg.asset(
    key=GATED,
    deps=[observations],
    group_name="core",
    kinds={"python", "greatexpectations"},
    owners=[OWNER],
    tags={"layer": "core"},
    metadata=columns.schema("core/gated_observations"),
    pool=POOL,
    check_specs=[*judging.specs("observations", GATED), *judging.specs("step", GATED), judging.nothing_waits(GATED)],
    description="Each observation accepted, held or rejected, with the reason. Held ones wait for confirmation or a person.",
)
def gated_observations(workshop: WorkshopResource) -> Iterator[judging.Yielded]:
    """Judge what was read, and decide."""
    done = judgement.judge_observations(workshop.open(), workshop.door)
    yield dg.MaterializeResult(metadata={**metadata.of_decisions(done), **columns.lineage("core/gated_observations")})
    for result in done.results:
        yield from judging.evaluations(result, GATED)
    yield judging.waits(done.held, GATED)


def _spec(key: dg.AssetKey, upstream: dg.AssetKey, description: str) -> dg.AssetSpec:
    layer = key.path[0]
    return dg.AssetSpec(
        key,
        deps=[upstream],
        group_name=layer,
        kinds={"duckdb"},
        owners=[OWNER],
        tags={"layer": layer},
        metadata=columns.schema(key.to_user_string()),
        description=description,
    )


@dg.multi_asset(
    specs=[
        _spec(
            HISTORY, gated_observations.key, "Every accepted fact on two clocks: when it held, and when we believed it."
        ),
        _spec(
            CHANGES, HISTORY, "What moved, by which lever, with its cost effect, severity and a one-sentence verdict."
        ),
        _spec(COSTS, HISTORY, "What every plan charges a month at every workload, with each step of the sum."),
    ],
    check_specs=[*judging.specs("history", HISTORY), *judging.specs("changes", CHANGES)],
    pool=POOL,
)
def history_changes_costs(workshop: WorkshopResource) -> Iterator[judging.Yielded]:
    """Take the accepted observations into history in one transaction."""
    done = applying.apply_accepted(workshop.open(), workshop.door)
    for key, told in (
        (HISTORY, {"dagster/row_count": done.history_rows}),
        (CHANGES, metadata.of_changes(done.changes)),
        (COSTS, {"dagster/row_count": done.cost_rows}),
    ):
        yield dg.MaterializeResult(asset_key=key, metadata={**told, **columns.lineage(key.to_user_string())})
    yield from judging.evaluations(done.history_result, HISTORY)
    yield from judging.evaluations(done.changes_result, CHANGES)
    if done.refused:
        raise dg.Failure(description=done.refused, allow_retries=False)
