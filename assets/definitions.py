"""The one Definitions of the code location."""

from __future__ import annotations

import dagster as dg

from assets import core, published, raw, sensors
from assets.automation import catch_up_job, daily_refresh, refresh_job
from assets.resources import WorkshopResource

defs = dg.Definitions(
    assets=[
        raw.registry,
        raw.captures,
        raw.observations,
        core.gated_observations,
        core.history_changes_costs,
        published.comparison_tables,
        published.edition,
    ],
    jobs=[refresh_job, catch_up_job],
    schedules=[daily_refresh],
    sensors=[sensors.edited_vendor_files, sensors.tell_changes, sensors.tell_failed_runs],
    resources={"workshop": WorkshopResource()},
    executor=dg.in_process_executor,
)
