"""What became of observations: the gate's, a confirmation's or a person's word, carried out on what is staged or
held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pricing_pipeline.facts import GateState
from pricing_pipeline.results import Decision
from warehouse import readings
from warehouse.columns import insert
from warehouse.connection import Connection
from warehouse.readings import SourceReading
from warehouse.sql import sql

GATE = "gate"
CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An accepted observation: what it is, whose stored rows hold its facts, and when its capture was made."""

    observation_id: str
    capture_id: str
    rows_id: str
    digest: str
    extractor_version: str
    captured_at: datetime
    origin: str


@dataclass(frozen=True, slots=True)
class _Judged:
    """What of an observation bears on deciding about it."""

    observation_id: str
    capture_id: str
    source_id: str
    captured_at: datetime
    recorded_at: datetime
    digest: str
    extractor_version: str
    is_late: bool
    origin: str

    @property
    def accepted(self) -> Accepted:
        """Itself as the source's accepted observation, its facts in its own rows."""
        return Accepted(
            observation_id=self.observation_id, capture_id=self.capture_id, rows_id=self.observation_id,
            digest=self.digest,
            extractor_version=self.extractor_version, captured_at=self.captured_at, origin=self.origin,
        )  # fmt: skip


def is_held(con: Connection, observation_id: str | None) -> bool:
    """Whether this observation waits for a person or for confirmation."""
    found = con.execute(
        "SELECT 1 FROM observation WHERE observation_id = ? AND state = 'held'", [observation_id]
    ).fetchall()
    return bool(found)


def conclude(con: Connection, decisions: Iterable[Decision], *, settled: Mapping[str, int] | None = None) -> None:
    """Carry out decisions in the order in which their observations were staged.

    `settled` says where in the log an observation was decided about, if not where its own capture stands.

    One source holds at most one reading: an accepted or a newly held one overtakes what was held before. Late readings
    (older than what is applied) stand beside the present ones and overtake nothing. The gate's and a confirmation's
    word counts from when the capture was recorded, since no stage reads a clock for facts; a person's from when it was
    given.
    """
    given = {decision.observation_id: decision for decision in decisions}
    judged = _judged(con, list(given))
    state_of = readings.load(con, [item.source_id for item in judged])
    concluded: list[Decision] = []
    for item in judged:
        concluded += _conclude_one(item, given[item.observation_id], state_of[item.source_id])
    write_decisions(con, concluded, settled)
    readings.save(con, state_of.values())


def _conclude_one(item: _Judged, decision: Decision, reading: SourceReading) -> list[Decision]:
    own = _timed(decision, item)
    if item.is_late:
        return [own]
    if decision.state is GateState.ACCEPTED:
        overtaken = _overtake(reading, item, own)
        accept(reading, item.accepted)
        return [*overtaken, own]
    if decision.state is GateState.HELD:
        overtaken = _overtake(reading, item, own)
        reading.held_observation_id, reading.held_digest = item.observation_id, item.digest
        return [*overtaken, own]
    if decision.by != GATE:
        reading.refused_digest = item.digest
    if reading.held_observation_id == item.observation_id:
        reading.held_observation_id = reading.held_digest = None
    return [own]


def _timed(decision: Decision, item: _Judged) -> Decision:
    at = item.recorded_at if decision.by == GATE else decision.at
    return replace(decision, at=at)


def accept(reading: SourceReading, accepted: Accepted) -> None:
    """Make this the source's accepted observation. What a person refused was a step from what stood until now: once the page
    has moved on, the same words are another step."""
    if accepted.digest != reading.accepted_digest:
        reading.refused_digest = None
    reading.accepted_observation_id = accepted.observation_id
    reading.accepted_capture_id = accepted.capture_id
    reading.accepted_rows_id = accepted.rows_id
    reading.accepted_digest = accepted.digest
    reading.accepted_version = accepted.extractor_version
    reading.accepted_origin = accepted.origin
    reading.verified_at = max(reading.verified_at or accepted.captured_at, accepted.captured_at)


def overtaken_by(reading: SourceReading, observation_id: str, why: str, at: datetime) -> list[Decision]:
    """The decision that ends what is held of a source, if anything is and it is another observation."""
    held = reading.held_observation_id
    if held is None or held == observation_id:
        reading.held_observation_id = reading.held_digest = None
        return []
    reading.held_observation_id = reading.held_digest = None
    return [Decision(observation_id=held, state=GateState.REJECTED, reason=why, by=GATE, at=at)]


def _overtake(reading: SourceReading, item: _Judged, own: Decision) -> list[Decision]:
    return overtaken_by(reading, item.observation_id, f"overtaken by observation {item.observation_id}", own.at)


def write_decisions(con: Connection, decisions: Sequence[Decision], settled: Mapping[str, int] | None = None) -> None:
    """Record decisions on their observations, and on those that were held because they say the same."""
    if not decisions:
        return
    places = settled or {}
    con.execute(sql("queries/concluded"))
    rows = [
        (
            item.observation_id, item.state, item.reason, item.by, item.at, places.get(item.observation_id),
            item.alternation and item.alternation.since, item.alternation and item.alternation.times,
        )
        for item in decisions
    ]  # fmt: skip
    columns = (
        "observation_id", "state", "reason", "decided_by", "decided_at", "settled_position", "alternates_since",
        "alternations",
    )  # fmt: skip
    insert(con, "concluded", columns, rows)
    for same in ("observation.observation_id", "observation.state = 'held' AND observation.same_as"):
        con.execute(
            f"""
            UPDATE observation
            SET state = concluded.state,
                reason = concluded.reason,
                decided_by = concluded.decided_by,
                decided_at = concluded.decided_at,
                settled_position = concluded.settled_position,
                alternates_since = coalesce(concluded.alternates_since, observation.alternates_since),
                alternations = coalesce(concluded.alternations, observation.alternations)
            FROM concluded
            WHERE {same} = concluded.observation_id
            """  # noqa: S608  # one of the two constants above
        )


def _judged(con: Connection, observation_ids: list[str]) -> list[_Judged]:
    rows = con.execute(
        """
        SELECT observation_id, capture_id, source_id, captured_at, recorded_at, digest, extractor_version, is_late,
            origin
        FROM observation
        WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))
        ORDER BY ordinal
        """,
        [observation_ids],
    ).fetchall()
    return [_Judged(*row) for row in rows]
