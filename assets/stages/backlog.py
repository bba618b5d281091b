"""Working off captures that wait: turn by turn, in the order of the log, without fetching or publishing.

A turn holds no source twice, since a page is judged by the one that was accepted before it. So a backlog of one source is
as many turns as captures. What can be done for many turns at once is: reading, Great Expectations, and history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from assets.stages.applying import judge_changes, take_into_history
from assets.stages.judgement import decide_staged
from assets.stages.passages import find_passages
from assets.stages.reading import read_captures, take_in, versions
from assets.stages.waiting import waiting
from assets.workshop import Workshop
from checks.findings import results
from checks.provisional import Provisional
from pricing_pipeline import progress
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION
from pricing_pipeline.facts import Capture, Observation, SourceKind
from pricing_pipeline.results import Change
from warehouse import check_results, corrections, readings, statements
from warehouse.captures import Batch, pending_batch, sync, upcoming
from warehouse.connection import Connection, open_warehouse
from warehouse.source_states import restated_once

if TYPE_CHECKING:
    from checks.door import Door

# So many captures are read ahead and kept in memory; between two stretches others may have the warehouse.
STRETCH = 500
_IN_ORDER, _LATE = "in order", "late"


@dataclass(frozen=True, kw_only=True)
class WorkedOff:
    """How many captures were worked off, in how many batches, and what changed."""

    captures: int
    batches: int
    changes: tuple[Change, ...]


def work_off(workshop: Workshop, door: Door) -> WorkedOff:
    """Read, judge and apply until nothing waits. Raises WarehouseError where history would become untrue, or nothing moves."""
    total = left = waiting(workshop)
    batches = 0
    changes: list[Change] = []
    read: dict[str, Observation] = {}
    while True:
        # Also with nothing waiting: a killed run may have left something staged, or accepted and not applied.
        stretch = _work_off_stretch(workshop, door, read)
        batches += stretch.turns
        changes += stretch.changes
        read, left = stretch.read, stretch.left
        progress.report("reading captures", total - left, total)
        if not left:
            return WorkedOff(captures=total, batches=batches, changes=tuple(changes))
        if not stretch.taken:
            raise WarehouseError(
                f"{left} captures wait and none can be read; `pricing-pipeline doctor` says what is wrong"
            )


def _work_off_stretch(workshop: Workshop, door: Door, known: Mapping[str, Observation]) -> _Stretch:
    """The next turns: read with the warehouse closed, then worked through in one transaction.

    `known` is what the stretch before has read and not come to.
    """
    special = versions(workshop)
    with open_warehouse(workshop.home.warehouse) as con:
        sync(con, workshop.log)
        first = pending_batch(con, extractor_version=EXTRACTOR_VERSION, versions=special)
        ahead = upcoming(con, first, extractor_version=EXTRACTOR_VERSION, versions=special, limit=STRETCH)
    read = {capture.id: known[capture.id] for capture in ahead if capture.id in known}
    unread = [capture for capture in ahead if capture.id not in read]
    read |= {capture.id: observation for capture, observation in read_captures(workshop, unread)}
    with open_warehouse(workshop.home.warehouse) as con:
        stretch = _Stretch(con=con, workshop=workshop, door=door, special=special, read=read, at=workshop.now())
        with restated_once(con):
            stretch.work()
    return stretch


@dataclass(slots=True, kw_only=True)
class _Stretch:
    """Turns under way. `read` is what captures say that were read ahead, `special` names the version that reads a source
    in a way of its own, `left` is how many captures still wait."""

    con: Connection
    workshop: Workshop
    door: Door
    special: dict[str, str]
    read: dict[str, Observation]
    at: datetime
    checks: Provisional = field(default_factory=Provisional)
    turns: int = 0
    taken: int = 0
    left: int = 0
    changes: list[Change] = field(default_factory=list)
    # How the pages came that history is still to take in, of which a killed run may have left some; None where it has
    # taken in all. Those that come late are not taken in together with others.
    waiting: str | None = _IN_ORDER

    def work(self) -> None:
        """Take turns until enough was taken or nothing waits, then have everything confirmed by Great Expectations."""
        batch = self._next()
        while not self.turns or (batch and (not self.taken or self.taken + len(batch) <= STRETCH)):
            self._turn(batch)
            self.taken += len(batch)
            batch = self._next()
        self._apply()
        self.left = len(batch) + batch.remaining
        judged = self.checks.confirmed(self.door, at=self.at)
        moved = judge_changes(self.con, self.workshop, self.door, self.changes, at=self.at)
        check_results.record(self.con, (one for result in (*judged, moved) for one in results(result, self.at)))

    def _next(self) -> Batch:
        return pending_batch(self.con, extractor_version=EXTRACTOR_VERSION, versions=self.special)

    def _turn(self, batch: Batch) -> None:
        """Stage a batch and decide about it. History follows at once only where a later page must not be known yet."""
        observations = self._observations(batch.read)
        stands_alone = self._stands_alone(batch, observations)
        came = _LATE if self._comes_late(batch) else _IN_ORDER
        if self.waiting is not None and (stands_alone or came != self.waiting):
            self._apply()
        passages = list(find_passages(self.workshop, batch.read, corrections.quoted(self.con)))
        take_in(self.con, batch, observations, passages)
        decide_staged(self.con, self.workshop.thresholds, self.checks, at=self.at)
        self.waiting = came
        if stands_alone:
            self._apply()
        self.turns += 1

    def _observations(self, captures: Sequence[Capture]) -> list[tuple[Capture, Observation]]:
        missing = [capture for capture in captures if capture.id not in self.read]
        self.read |= {capture.id: observation for capture, observation in read_captures(self.workshop, missing)}
        return [(capture, self.read.pop(capture.id)) for capture in captures]

    def _stands_alone(self, batch: Batch, observations: Sequence[tuple[Capture, Observation]]) -> bool:
        """Whether what history makes of this turn, or of the ones before it, depends on what it holds when they come: where
        something is announced, awaited or put right."""
        captures = (*batch.read, *batch.confirm)
        touched = {capture.source_id for capture in captures}
        if touched & (corrections.lasting(self.con).keys() | statements.awaited(self.con).keys()):
            return True
        return bool(self._news() & touched) or any(_looks_ahead(said) for _, said in observations)

    def _comes_late(self, batch: Batch) -> bool:
        """Whether a page of this turn is older than what was read of its source."""
        reached = readings.load(self.con, [capture.source_id for capture in batch.read])
        moments = ((capture.captured_at, reached[capture.source_id].read_at) for capture in batch.read)
        return any(read_at is not None and captured_at <= read_at for captured_at, read_at in moments)

    def _news(self) -> set[str]:
        return {source.id for source in self.workshop.registry.sources() if source.kind is SourceKind.ANNOUNCEMENT}

    def _apply(self) -> None:
        done = take_into_history(self.con, self.workshop, self.checks, at=self.at)
        if done.refused:
            raise WarehouseError(f"history would become untrue, so nothing of this batch was kept: {done.refused}")
        self.changes += done.applied.changes
        self.waiting = None


def _looks_ahead(said: Observation) -> bool:
    """Whether a page speaks of another day than its own."""
    return bool(said.announcements) or any(term.effective_from for term in said.terms)
