"""The raw layer: what was fetched, and what was read out of it."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
from pydantic import Field

from assets import columns, judging, metadata
from assets.resources import WorkshopResource
from assets.stages import capturing, judgement, reading
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION

CAPTURES = dg.AssetKey(["raw", "captures"])
OBSERVATIONS = dg.AssetKey(["raw", "observations"])
POOL = "warehouse_writer"
OWNER = "team:pricing"
# A day between two runs, and half a day until somebody should look.
DAILY = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=26), fail_window=timedelta(hours=36))

registry = dg.AssetSpec(
    ["registry", "vendors"],
    group_name="registry",
    kinds={"yaml"},
    owners=[OWNER],
    description="The vendor files: which pages are watched, how often, and what they must hold. Edited by people.",
)


class RefreshConfig(dg.Config):
    """What a run refreshes."""

    vendors: list[str] = Field(default=[], description="Only these vendors; empty means all.")
    sources: list[str] = Field(default=[], description="Only these sources, by id; empty means all.")
    force: bool = Field(default=False, description="Also what is not due yet.")
    fetch: bool = Field(default=True, description="Whether to fetch at all, or only to read what was captured.")


@dg.asset(
    key=CAPTURES,
    deps=[registry],
    group_name="raw",
    kinds={"python", "requests"},
    owners=[OWNER],
    tags={"layer": "raw"},
    metadata=columns.schema("raw/captures"),
    pool=POOL,
    check_specs=judging.specs("captures", CAPTURES),
    freshness_policy=DAILY,
    description="One row for each attempt to fetch a source, with its outcome. The bytes are kept by their SHA-256.",
)
def captures(config: RefreshConfig, workshop: WorkshopResource) -> Iterator[judging.Yielded]:
    """Fetch what is due."""
    done = capturing.capture_due(
        workshop.open(), vendors=config.vendors, sources=config.sources, force=config.force, fetch=config.fetch
    )
    yield dg.MaterializeResult(metadata=metadata.of_captures(done))
    yield from judging.evaluations(judgement.judge_captures(workshop.open(), workshop.door), CAPTURES)


@dg.asset(
    key=OBSERVATIONS,
    deps=[captures],
    group_name="raw",
    kinds={"python", "beautifulsoup"},
    owners=[OWNER],
    tags={"layer": "raw"},
    metadata=columns.schema("raw/observations"),
    pool=POOL,
    code_version=EXTRACTOR_VERSION,
    description="The facts that this extractor version read out of captures, with the quote behind each.",
)
def observations(workshop: WorkshopResource) -> dg.MaterializeResult[None]:
    """Read what was captured and not read yet."""
    done = reading.read_pending(workshop.open())
    return dg.MaterializeResult(
        metadata={**metadata.of_observations(done, EXTRACTOR_VERSION), **columns.lineage("raw/observations")}
    )
