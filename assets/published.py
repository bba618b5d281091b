"""The published layer: comparison tables, and the edition made of them."""

from collections.abc import Iterator

import dagster as dg

from assets import judging, metadata
from assets.core import CHANGES, COSTS, HISTORY
from assets.raw import DAILY, OWNER, POOL
from assets.resources import WorkshopResource
from assets.stages import publishing

TABLES = dg.AssetKey(["marts", "comparison_tables"])
EDITION = dg.AssetKey(["published", "edition"])


@dg.asset(
    key=TABLES,
    deps=[HISTORY, COSTS],
    group_name="marts",
    kinds={"python"},
    owners=[OWNER],
    tags={"layer": "marts"},
    pool=POOL,
    check_specs=judging.specs("comparison_tables", TABLES),
    description="The tables of every comparison: tiers, costs, ratings, each cell with its evidence and its age.",
)
def comparison_tables(workshop: WorkshopResource) -> Iterator[judging.Yielded]:
    """Lay out the comparisons and judge them."""
    done = publishing.judge_tables(workshop.open(), workshop.door)
    yield dg.MaterializeResult(metadata=metadata.of_tables(done))
    yield from judging.evaluations(done.result, TABLES)


@dg.asset(
    key=EDITION,
    deps=[comparison_tables, CHANGES],
    group_name="published",
    kinds={"html", "csv", "json", "duckdb"},
    owners=[OWNER],
    tags={"layer": "published"},
    pool=POOL,
    check_specs=judging.specs("edition", EDITION),
    freshness_policy=DAILY,
    description="One published set: site, tables, feeds and reports.duckdb, switched in at one stroke.",
)
def edition(workshop: WorkshopResource) -> Iterator[judging.Yielded]:
    """Make the edition, and look at what was made."""
    done = publishing.make_edition(workshop.open())
    yield dg.MaterializeResult(metadata=metadata.of_edition(done))
    yield from judging.evaluations(publishing.judge_edition(workshop.open(), workshop.door), EDITION)
    workshop.door.publish_docs()
