"""Many pages before and after, through the warehouse, the checks and the gate that a refresh uses, all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from checks.door import Door
from checks.findings import findings
from pricing_pipeline import gate
from pricing_pipeline.captures.log import CaptureEntry, CaptureLog
from pricing_pipeline.facts import Capture, GateState, Lever, Observation, Outcome, Source, SourceKind
from pricing_pipeline.results import Change, Thresholds
from warehouse import captures, frames, observations, refresh
from warehouse.changes import list_changes
from warehouse.connection import Connection, open_warehouse

BEFORE = datetime(2026, 4, 1, tzinfo=UTC)
_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page before and after. `name` is a slug."""

    name: str
    before: Observation
    after: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one step: its changes but for those of bills, and what the gate decided and why."""

    changes: tuple[Change, ...]
    state: GateState
    reason: str


@dataclass(frozen=True, slots=True)
class _Sold:
    vendor: str
    slug: str = "product"
    name: str = "Product"
    self_hosted: tuple[str, ...] = ()
    retired: date | None = None
    merged_into: tuple[str, str] | None = None


def tell(steps: Sequence[Step], folder: Path) -> list[Told]:
    """What is told of each step, in their order; each is a vendor of its own."""
    log = CaptureLog(folder / "log.jsonl")
    door = Door()
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=5) as con:
        captures.register(con, [_source(step.name) for step in steps])
        for side in ("before", "after"):
            pairs = [(_capture(step, side), getattr(step, side)) for step in steps]
            log.append([CaptureEntry(capture=capture) for capture, _ in pairs])
            captures.sync(con, log)
            observations.stage(con, pairs)
            _judge(con, door)
            products = [_Sold(step.name) for step in steps]
            refresh.apply(con, products=products, workloads=(), thresholds=_THRESHOLDS)
        return _told(con, steps)


def _judge(con: Connection, door: Door) -> None:
    at = BEFORE
    found = [
        *findings(door.run("observations", frames.observations(con, _THRESHOLDS), at=at)),
        *findings(door.run("step", frames.step(con, _THRESHOLDS), at=at)),
    ]
    by_id = defaultdict(list)
    for finding in found:
        by_id[finding.observation_id].append(finding)
    decisions = [
        gate.decide(
            waiting.observation_id,
            by_id[waiting.observation_id],
            at=waiting.recorded_at,
            first=waiting.is_first,
            standing=waiting.standing,
        )
        for waiting in observations.undecided(con)
    ]
    observations.decide(con, decisions, findings=found)


def _told(con: Connection, steps: Sequence[Step]) -> list[Told]:
    by_vendor: dict[str, list[Change]] = defaultdict(list)
    for change in list_changes(con):
        if change.lever is not Lever.COST:
            by_vendor[change.vendor].append(change)
    rows = con.execute("SELECT source_id, state, reason FROM observation WHERE captured_at > ?", [BEFORE]).fetchall()
    decided = {row[0].split("/")[0]: (GateState(row[1]), row[2]) for row in rows}
    told = []
    for step in steps:
        state, reason = decided[step.name]
        told.append(Told(changes=tuple(by_vendor[step.name]), state=state, reason=reason or ""))
    return told


def _source(name: str) -> Source:
    return Source(
        id=f"{name}/product/pricing", vendor=name, product="product", kind=SourceKind.PRICING,
        url=f"https://{name}.example/pricing", currency="USD",
    )  # fmt: skip


def _capture(step: Step, side: str) -> Capture:
    at = BEFORE if side == "before" else BEFORE + timedelta(days=1)
    source = _source(step.name)
    return Capture(
        id=f"{step.name}-{side}", source_id=source.id, url=source.url, outcome=Outcome.FETCHED, captured_at=at,
        recorded_at=at, sha256=sha256(f"{step.name}-{side}".encode()).hexdigest(), status=200,
    )  # fmt: skip
