"""Judging captures and observations: frames from the warehouse, expectations from the suites, decisions from the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assets.workshop import Workshop
from checks.findings import findings, results
from checks.results import SuiteResult
from pricing_pipeline import gate
from pricing_pipeline.alternation import Return, Sighting, return_to
from pricing_pipeline.catalog import HeldObservation
from pricing_pipeline.facts import Origin
from pricing_pipeline.results import Decision, Finding, Thresholds
from warehouse import check_results, frames
from warehouse.connection import Connection, open_warehouse
from warehouse.observations import Undecided, decide, decide_confirmed, held, sightings, undecided

if TYPE_CHECKING:
    from checks.door import Door
    from checks.provisional import Provisional


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
        done = decide_staged(con, workshop.thresholds, door, at=at)
        check_results.record(con, (one for result in done.results for one in results(result, at)))
        return replace(done, held=tuple(held(con)))


def decide_staged(con: Connection, thresholds: Thresholds, door: Door | Provisional, *, at: datetime) -> Judged:
    """The same in an open warehouse; what is held is not listed, and the results are not kept."""
    seen = door.run("observations", frames.observations(con, thresholds), at=at)
    step = door.run("step", frames.step(con, thresholds), at=at)
    found = (*findings(seen), *findings(step))
    decisions = tuple(_decisions(con, found, thresholds))
    if decisions:
        decide(con, decisions, findings=found)
    confirmed = decide_confirmed(con, thresholds)
    return Judged(results=(seen, step), decisions=(*decisions, *confirmed))


def _decisions(con: Connection, found: tuple[Finding, ...], thresholds: Thresholds) -> list[Decision]:
    waiting = undecided(con)
    seen = sightings(con, [one.source_id for one in waiting])
    return [
        gate.decide(
            one.observation_id,
            found,
            at=one.recorded_at,
            first=one.is_first,
            standing=one.standing,
            late=one.is_late,
            back=_back(one, seen.get(one.source_id, ()), thresholds),
            thresholds=thresholds,
        )
        for one in waiting
    ]


def _back(one: Undecided, seen: Sequence[Sighting], thresholds: Thresholds) -> Return | None:
    """Whether a page returns to what it said not long ago. An archived page says what was so on its own day: no capture
    to come could confirm it, and nobody is told of it."""
    if one.is_late or one.origin is Origin.ARCHIVE:
        return None
    return return_to(one.digest, one.captured_at, seen, window=timedelta(days=thresholds.alternation_days))
