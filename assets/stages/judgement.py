"""Judging captures and observations: frames from the warehouse, expectations from the suites, decisions from the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.workshop import Workshop
from checks.findings import findings, results
from checks.results import SuiteResult
from pricing_pipeline import gate
from pricing_pipeline.catalog import HeldObservation
from pricing_pipeline.results import Decision, Finding
from warehouse import check_results, frames
from warehouse.connection import Connection, open_warehouse
from warehouse.observations import decide, decide_confirmed, digests, held, undecided

if TYPE_CHECKING:
    from checks.door import Door


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The suites' results, what the gate decided from them, and all that waits for a person or for confirmation."""

    results: tuple[SuiteResult, ...]
    decisions: tuple[Decision, ...]
    held: tuple[HeldObservation, ...] = ()


def judge_captures(workshop: Workshop, door: Door) -> SuiteResult:
    """How the sources stand: known outcomes, verified within their cadence, few of them blocked."""
    at = workshop.now()
    with open_warehouse(workshop.home.warehouse) as con:
        result = door.run("captures", frames.captures(con, at=at), at=at)
        check_results.record(con, results(result, at))
    return result


def judge_observations(workshop: Workshop, door: Door) -> Judged:
    """Judge what is staged, decide about it, and accept what enough captures confirm."""
    at = workshop.now()
    with open_warehouse(workshop.home.warehouse) as con:
        seen = door.run("observations", frames.observations(con, workshop.thresholds), at=at)
        step = door.run("step", frames.step(con, workshop.thresholds), at=at)
        found = (*findings(seen), *findings(step))
        decisions = tuple(_decisions(con, found))
        decide(con, decisions, findings=found)
        confirmed = decide_confirmed(con, workshop.thresholds)
        check_results.record(con, (*results(seen, at), *results(step, at)))
        waiting = tuple(held(con))
    return Judged(results=(seen, step), decisions=(*decisions, *confirmed), held=waiting)


def _decisions(con: Connection, found: tuple[Finding, ...]) -> list[Decision]:
    decisions = []
    for waiting in undecided(con):
        before = digests(con, waiting.source_id)
        decisions.append(
            gate.decide(
                waiting.observation_id,
                found,
                at=waiting.recorded_at,
                first=not before,
                standing=waiting.standing,
                late=waiting.is_late,
                flapping=gate.flapping((*before, waiting.digest)),
            )
        )
    return decisions
