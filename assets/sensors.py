"""What happens by itself between schedules: new or edited vendor files are refreshed, changes and failed runs are told.

They ship stopped; the UI starts them. A refresh from the command line tells by itself, and nothing is told twice.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from assets.automation import refresh_job
from assets.published import EDITION
from assets.stages import notifying
from assets.workshop import open_workshop
from pricing_pipeline.home import Content
from pricing_pipeline.notify.news import failed_run


@dg.sensor(
    job=refresh_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Refreshes a vendor as soon as its file is new or has been edited.",
)
def edited_vendor_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for one run that fetches the vendors whose files have changed since the last look."""
    now = _marks(Content.locate().vendors)
    before = json.loads(context.cursor) if context.cursor else None
    cursor = json.dumps(now, sort_keys=True)
    edited = sorted(slug for slug, mark in now.items() if before is not None and before.get(slug) != mark)
    if not edited:
        context.update_cursor(cursor)
        return dg.SkipReason("no vendor file is new or edited")
    return dg.SensorResult(run_requests=[_request(edited, cursor)], cursor=cursor)


@dg.asset_sensor(
    asset_key=EDITION,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Sends the digests of settings.yaml after each edition: changes, held observations, broken sources.",
)
def tell_changes(context: dg.SensorEvaluationContext, asset_event: dg.EventLogEntry) -> dg.SkipReason:
    """Tell what is new; an edition that holds no news sends nothing."""
    told = notifying.tell(open_workshop())
    for problem in told.problems:
        context.log.warning(problem)
    return dg.SkipReason(f"after run {asset_event.run_id}: {told.sent} digests sent")


@dg.run_failure_sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Tells the targets of settings.yaml of a run that failed.",
)
def tell_failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Tell of one failed run, with what its steps said."""
    workshop = open_workshop()
    failed = [event.step_failure_data for event in context.get_step_failure_events()]
    lines = tuple(
        data.error.message.strip().splitlines()[0] for data in failed if data.error and data.error.message.strip()
    )
    told = notifying.tell(workshop, also=[failed_run(context.dagster_run.run_id, lines, at=workshop.now())])
    for problem in told.problems:
        context.log.warning(problem)


def _marks(folder: Path) -> Mapping[str, str]:
    """What stands in each vendor file, as a hash: a touched file is no edited one."""
    files = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _request(vendors: list[str], cursor: str) -> dg.RunRequest:
    config = {"vendors": vendors, "force": True}
    return dg.RunRequest(
        run_key=hashlib.sha256(cursor.encode()).hexdigest(), run_config={"ops": {"raw__captures": {"config": config}}}
    )
