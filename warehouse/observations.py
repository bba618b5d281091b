"""Observations on their way into history: staged, confirmed, decided, held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pricing_pipeline import gate
from pricing_pipeline.alternation import Sighting
from pricing_pipeline.catalog import HeldObservation
from pricing_pipeline.facts import Capture, GateState, Observation, Origin, Outcome
from pricing_pipeline.recognition import ANCHORS_MISSING, recognised
from pricing_pipeline.results import Alternation, Decision, Finding, Thresholds
from warehouse import changes, gating, observed, readings
from warehouse.columns import insert
from warehouse.connection import Connection, transaction
from warehouse.digest import observation_digest, observation_id
from warehouse.readings import SourceReading
from warehouse.source_states import restate
from warehouse.sql import sql

COLUMNS = (
    "ordinal", "observation_id", "capture_id", "source_id", "position", "captured_at", "recorded_at", "origin",
    "sha256",
    "extractor_version", "outcome", "digest", "same_as", "state", "reason", "decided_by", "decided_at", "previous_at",
    "previous_version", "previous_origin", "is_late", "is_applied", "missing_evidence",
)  # fmt: skip
CONFIRMATION_COLUMNS = ("capture_id", "source_id", "observation_id", "position", "captured_at", "recorded_at", "origin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A staged observation that the gate has to decide about.

    `standing` names the checks that failed on the last accepted observation of its source too, `is_first` says that
    there is none; `digest` says in short what it says, comparable with `sightings`.
    """

    observation_id: str
    source_id: str
    capture_id: str
    sha256: str | None
    captured_at: datetime
    recorded_at: datetime
    outcome: Outcome
    digest: str
    origin: Origin
    is_late: bool
    is_first: bool
    standing: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The last page of a source, and why what was read of it did not enter history."""

    source_id: str
    captured_at: datetime
    reason: str
    decided_by: str


def stage(
    con: Connection, pairs: Iterable[tuple[Capture, Observation]], *, missing_evidence: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """Take in what was read out of captures, no source twice, and give the ids of those that the gate has to decide
    about.

    An observation that says the same as what is accepted, held or refused of its source needs no gate: it is accepted
    too, confirms what is held, or is refused again. A capture that this version has read before is left out.
    `missing_evidence` says for a capture's id how many of its facts have a quote that is not in the page; none where
    it is silent.
    """
    with transaction(con):
        given = _recognised(con, list(pairs))
        staged = _staged(con, given, missing_evidence or {})
        insert(con, "observation", COLUMNS, [row for row, _ in staged])
        observed.write(con, [(str(row[1]), observation) for row, observation in staged if row[12] is None])
        _dequeue(con, [capture.id for capture, _ in given])
        restate(con, [capture.source_id for capture, _ in given])
    return tuple(str(row[1]) for row, _ in staged if row[13] is None)


def confirm(con: Connection, captures: Sequence[Capture], *, thresholds: Thresholds | None = None) -> int:
    """Take in captures that show what their source showed last, and say how many confirm something.

    They move `verified_at` if that was accepted, and count for it if it is held; with `thresholds`, what is held and
    confirmed often enough is accepted at once.
    """
    with transaction(con):
        state_of = readings.load(con, [capture.source_id for capture in captures])
        positions = _positions(con, [capture.id for capture in captures])
        rows = [
            (
                capture.id, capture.source_id, state_of[capture.source_id].read_observation_id, positions[capture.id],
                capture.captured_at, capture.recorded_at, capture.origin,
            )
            for capture in captures
            if state_of[capture.source_id].read_observation_id is not None
        ]  # fmt: skip
        insert(con, "confirmation", CONFIRMATION_COLUMNS, rows)
        _verify(con, captures, state_of)
        _dequeue(con, [capture.id for capture in captures])
        restate(con, list(state_of))
    if thresholds is not None:
        decide_confirmed(con, thresholds)
    return len(rows)


def decide(con: Connection, decisions: Iterable[Decision], *, findings: Iterable[Finding] = ()) -> None:
    """Carry out the gate's decisions about staged observations, and keep the findings that led to them."""
    given = list(decisions)
    with transaction(con):
        ids = [decision.observation_id for decision in given]
        con.execute("DELETE FROM finding WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))", [ids])
        columns = ("observation_id", "check_name", "severity", "suspicion", "message")
        insert(
            con,
            "finding",
            columns,
            [(it.observation_id, it.check, it.severity, it.suspicion, it.message) for it in findings],
        )
        gating.conclude(con, given)
        restate(con, _sources_of(con, ids))


def decide_confirmed(con: Connection, thresholds: Thresholds) -> tuple[Decision, ...]:
    """Accept what enough different captures over enough hours have said alike, and give the decisions made.

    A page that says nothing at all confirms nothing, however often it is served, nor does one in another currency: that is
    for a person.
    """
    rows = _confirmations(con)
    decisions = tuple(
        Decision(
            observation_id=id_,
            state=GateState.ACCEPTED,
            reason=f"{count} captures over {int((last - first).total_seconds() // 3600)} hours agree",
            by=gating.CONFIRMATION,
            at=recorded_at,
        )
        for id_, count, first, last, recorded_at, _, confirms_itself, alternates in rows
        if confirms_itself and gate.confirmed(count, last - first, thresholds, alternates=alternates)
    )
    if decisions:
        ids = [decision.observation_id for decision in decisions]
        with transaction(con):
            gating.conclude(con, decisions, settled={row[0]: row[5] for row in rows})
            restate(con, _sources_of(con, ids))
    return decisions


def _confirmations(con: Connection) -> list[tuple[Any, ...]]:
    return con.execute(sql("queries/confirmations"), {"for_people": list(gate.FOR_PEOPLE)}).fetchall()


def undecided(con: Connection) -> tuple[Undecided, ...]:
    """Staged observations that nobody has decided about yet, in the order in which they were staged."""
    rows = con.execute(sql("queries/undecided")).fetchall()
    return tuple(
        Undecided(
            observation_id=row[0], source_id=row[1], capture_id=row[2], sha256=row[3], captured_at=row[4],
            recorded_at=row[5], outcome=Outcome(row[6]), digest=row[7], origin=Origin(row[8]), is_late=row[9],
            is_first=row[10], standing=frozenset(row[11]),
        )
        for row in rows
    )  # fmt: skip


def held(con: Connection) -> list[HeldObservation]:
    """What waits for a person or for confirmation, oldest first, each with the changes it would make and with what its
    page contradicts itself about."""
    by_observation = changes.held_changes(con)
    confirmations = {row[0]: row for row in _confirmations(con)}
    rows = con.execute(sql("queries/held")).fetchall()
    conflicts = observed.conflicts(con, [row[0] for row in rows])
    return [
        HeldObservation(
            observation_id=row[0], source_id=row[1], vendor=row[2], product=row[3], captured_at=row[4],
            state=GateState.HELD, reason=row[5], url=row[6],
            confirmations=confirmations[row[0]][1] if row[0] in confirmations else 1,
            confirmed_at=confirmations[row[0]][3] if row[0] in confirmations else row[4],
            confirms_itself=row[0] in confirmations and confirmations[row[0]][6],
            conflicts=conflicts.get(row[0], ()),
            changes=by_observation.get(row[0], ()),
            alternation=None if row[7] is None else Alternation(since=row[7], times=row[8]),
        )
        for row in rows
    ]  # fmt: skip


def refused(con: Connection) -> tuple[Refused, ...]:
    """The sources of which the page read last was rejected, with the reason, in the order of their ids."""
    rows = con.execute(sql("queries/refused")).fetchall()
    return tuple(Refused(source_id=row[0], captured_at=row[1], reason=row[2], decided_by=row[3]) for row in rows)


def sightings(con: Connection, source_ids: Iterable[str]) -> dict[str, list[Sighting]]:
    """What the pages of sources said when they were captured live, in order: a page that goes back and forth shows a
    pattern."""
    found: dict[str, list[Sighting]] = {}
    rows = con.execute(sql("queries/sightings"), {"sources": sorted(set(source_ids))}).fetchall()
    for source_id, digest, first_at, last_at, is_accepted in rows:
        one = Sighting(digest=digest, first_at=first_at, last_at=last_at, is_accepted=is_accepted)
        found.setdefault(source_id, []).append(one)
    return found


def alternating(con: Connection, thresholds: Thresholds) -> dict[str, Alternation]:
    """The sources whose page goes back and forth and shows what is published at the moment, so that nothing is held."""
    rows = con.execute(sql("queries/alternating"), {"days": thresholds.alternation_days}).fetchall()
    return {row[0]: Alternation(since=row[1], times=row[2]) for row in rows}


def _staged(
    con: Connection, pairs: Sequence[tuple[Capture, Observation]], missing: Mapping[str, int]
) -> list[tuple[tuple[object, ...], Observation]]:
    state_of = readings.load(con, [capture.source_id for capture, _ in pairs])
    positions = _positions(con, [capture.id for capture, _ in pairs])
    ids = [observation_id(capture.id, observation.extractor_version) for capture, observation in pairs]
    known = {
        row[0]
        for row in con.execute(
            "SELECT observation_id FROM observation WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        ).fetchall()
    }
    ordinals = iter(con.execute("SELECT nextval('observation_ordinal') FROM range(?)", [len(pairs)]).fetchall())
    order = sorted(range(len(pairs)), key=lambda place: positions[pairs[place][0].id])
    rows, decisions = [], []
    for place in order:
        capture, observation = pairs[place]
        if ids[place] in known:
            continue
        reading = state_of[capture.source_id]
        row, ended = _row(next(ordinals)[0], ids[place], capture, positions[capture.id], observation, reading)
        rows.append(((*row, missing.get(capture.id, 0)), observation))
        decisions += ended
    gating.write_decisions(con, decisions)
    readings.save(con, state_of.values())
    return rows


def _recognised(con: Connection, pairs: Sequence[tuple[Capture, Observation]]) -> list[tuple[Capture, Observation]]:
    """The same pairs, those without the words that their page should hold as what they are beside what was accepted last."""
    doubted = {
        capture.source_id for capture, said in pairs if any(one.code == ANCHORS_MISSING for one in said.diagnostics)
    }
    rows = con.execute(
        "SELECT source_reading.source_id, observed_plan.plan FROM source_reading "
        "JOIN observed_plan ON observed_plan.observation_id = source_reading.accepted_rows_id "
        "WHERE source_reading.source_id IN (SELECT unnest(?::VARCHAR[]))",
        [sorted(doubted)],
    ).fetchall()
    known: dict[str, set[str]] = {}
    for source_id, plan in rows:
        known.setdefault(source_id, set()).add(plan)
    return [(capture, recognised(said, known.get(capture.source_id, ()))) for capture, said in pairs]


def _row(
    ordinal: int, id_: str, capture: Capture, position: int, observation: Observation, reading: SourceReading
) -> tuple[tuple[object, ...], list[Decision]]:
    digest = observation_digest(observation)
    version = observation.extractor_version
    late = _is_late(capture, reading)
    previous = (reading.verified_at, reading.accepted_version, reading.accepted_origin)
    same_as, own, ended = (None, None, []) if late else _foregone(id_, capture, digest, version, reading)
    # Reading an older page again must not make it the last one read, or the newer one would never be read again.
    if not late and (reading.read_at is None or capture.captured_at >= reading.read_at):
        reading.read_observation_id, reading.read_capture_id, reading.read_at = id_, capture.id, capture.captured_at
        reading.read_sha256, reading.read_version = capture.sha256, version
    decided = (None,) * 4 if own is None else (own.state, own.reason, own.by, own.at)
    row = (
        ordinal, id_, capture.id, capture.source_id, position, capture.captured_at, capture.recorded_at, capture.origin,
        capture.sha256, version, observation.outcome, digest, same_as, *decided, *previous, late, same_as is not None,
    )  # fmt: skip
    return row, ended


def _is_late(capture: Capture, reading: SourceReading) -> bool:
    """Whether a capture is older than what was read of its source: out of an archive, or of a clock that went back."""
    is_reread = capture.id in (reading.accepted_capture_id, reading.read_capture_id)
    return reading.read_at is not None and capture.captured_at < reading.read_at and not is_reread


def _foregone(
    id_: str, capture: Capture, digest: str, version: str, reading: SourceReading
) -> tuple[str | None, Decision | None, list[Decision]]:
    """What is already settled about an observation that repeats what its source said before."""
    if digest == reading.accepted_digest:
        rows_id = reading.accepted_rows_id or id_
        why = "the page went back to what was accepted"
        ended = gating.overtaken_by(reading, id_, why, capture.recorded_at)
        accepted = gating.Accepted(
            observation_id=id_, capture_id=capture.id, rows_id=rows_id, digest=digest, extractor_version=version,
            captured_at=capture.captured_at, origin=capture.origin,
        )  # fmt: skip
        gating.accept(reading, accepted)
        return rows_id, _repeated(id_, GateState.ACCEPTED, f"says the same as {rows_id}", capture), ended
    if digest == reading.held_digest:
        held = reading.held_observation_id
        return held, _repeated(id_, GateState.HELD, f"agrees with {held}", capture), []
    if digest == reading.refused_digest:
        return None, _repeated(id_, GateState.REJECTED, "says what a person has refused before", capture), []
    return None, None, []


def _repeated(id_: str, state: GateState, reason: str, capture: Capture) -> Decision:
    return Decision(observation_id=id_, state=state, reason=reason, by=gating.GATE, at=capture.recorded_at)


def _verify(con: Connection, captures: Sequence[Capture], state_of: dict[str, SourceReading]) -> None:
    for capture in captures:
        reading = state_of[capture.source_id]
        if reading.read_at is not None:
            reading.read_at = max(reading.read_at, capture.captured_at)
        if reading.verified_at is not None and reading.read_observation_id == reading.accepted_observation_id:
            reading.verified_at = max(reading.verified_at, capture.captured_at)
            reading.accepted_origin = capture.origin
    readings.save(con, state_of.values())


def _positions(con: Connection, capture_ids: Sequence[str]) -> dict[str, int]:
    rows = con.execute(
        "SELECT capture_id, min(position) FROM capture WHERE capture_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL",
        [list(capture_ids)],
    ).fetchall()
    return dict(rows)


def _dequeue(con: Connection, capture_ids: Sequence[str]) -> None:
    con.execute("DELETE FROM pending WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))", [list(capture_ids)])


def _sources_of(con: Connection, observation_ids: Sequence[str]) -> list[str]:
    rows = con.execute(
        "SELECT DISTINCT source_id FROM observation WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(observation_ids)],
    ).fetchall()
    return [row[0] for row in rows]
