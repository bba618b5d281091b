"""Captures and decisions as they stand in the log, which of them are still to be read, and where each source stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pricing_pipeline.captures.entries import CaptureEntry, DecisionEntry, Entry, ReadingEntry
from pricing_pipeline.facts import Capture, Origin, Outcome, Source
from warehouse import names, people
from warehouse.columns import insert
from warehouse.connection import Connection, transaction
from warehouse.source_states import restate, states
from warehouse.sql import sql

__all__ = ["Batch", "Log", "pending_batch", "pending_count", "register", "states", "sync", "upcoming"]

CAPTURE_COLUMNS = (
    "capture_id", "source_id", "url", "outcome", "captured_at", "recorded_at", "origin", "final_url", "status",
    "content_type", "sha256", "size", "etag", "last_modified", "not_before", "message",
)  # fmt: skip
SOURCE_COLUMNS = (
    "source_id", "vendor", "product", "kind", "publisher", "url", "every_hours", "locale", "currency", "country",
    "position", "is_registered",
)  # fmt: skip


class Log(Protocol):
    """What is read of the log: each entry from a byte offset on, with the offset after it."""

    def read(self, from_offset: int = 0) -> Iterator[tuple[Entry, int]]:
        """The entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Captures whose turn it is, in the order of the log, no source twice.

    `read` are to be parsed; `confirm` hold the bytes that their source served last time (or said "not modified"),
    already read by the present extractor: parsing them would say the same. `remaining` more wait behind them.
    """

    read: tuple[Capture, ...] = ()
    confirm: tuple[Capture, ...] = ()
    remaining: int = 0

    def __len__(self) -> int:
        return len(self.read) + len(self.confirm)


def register(
    con: Connection, sources: Iterable[Source], *, renamed: Mapping[tuple[str, str], tuple[str, str]] | None = None
) -> None:
    """Make the registered sources those given, in this order. A source that is no longer registered keeps its
    history.

    `renamed` leads from the former vendor and slug of a product to those of today: its history goes on under them. What
    is known of that stays where it is None.
    """
    rows = [
        (
            source.id, source.vendor, source.product, source.kind, source.publisher, source.url, source.every_hours,
            source.locale, source.currency, source.country, position, True,
        )
        for position, source in enumerate(sources)
    ]  # fmt: skip
    if _is_registered(con, rows) and (renamed is None or names.are_kept(con, renamed)):
        return
    with transaction(con):
        con.execute("UPDATE source SET is_registered = false WHERE is_registered")
        con.execute("DELETE FROM source WHERE source_id IN (SELECT unnest(?::VARCHAR[]))", [[row[0] for row in rows]])
        insert(con, "source", SOURCE_COLUMNS, rows)
        if renamed is not None:
            names.keep(con, renamed)
        restate(con, [str(row[0]) for row in rows])


def _is_registered(con: Connection, rows: Sequence[tuple[object, ...]]) -> bool:
    """Whether these and no others are registered: they mostly are, and many stages ask."""
    query = f"SELECT {', '.join(SOURCE_COLUMNS)} FROM source WHERE is_registered ORDER BY position"  # noqa: S608  # own constants
    return con.execute(query).fetchall() == rows


def sync(con: Connection, log: Log) -> int:
    """Copy what the log holds beyond the warehouse's position into it, in one transaction, and say how many entries."""
    position = int(con.execute("SELECT position FROM log_position").fetchall()[0][0])
    entries = list(log.read(position))
    if not entries:
        return 0
    with transaction(con):
        captures = [(entry.capture, after) for entry, after in entries if isinstance(entry, CaptureEntry)]
        _keep_captures(con, _as_named_today(con, captures))
        _keep_decisions(con, [(entry, after) for entry, after in entries if isinstance(entry, DecisionEntry)])
        readings = [
            (after, entry.extractor_version, entry.at) for entry, after in entries if isinstance(entry, ReadingEntry)
        ]
        insert(con, "reading", ("position", "extractor_version", "began_at"), readings)
        con.execute("UPDATE log_position SET position = ?", [entries[-1][1]])
    return len(entries)


def pending_batch(
    con: Connection, *, extractor_version: str, versions: Mapping[str, str] | None = None, limit: int = 5_000
) -> Batch:
    """The captures to read next. Decisions of people that stand before them in the log are carried out first.

    `versions` name the version that would read a source where it differs from `extractor_version` (a recipe of its
    own). Where it has changed since a source was read, what was read last is read again before anything new. Otherwise
    captures come in the order of the log, cut before a source would come twice or a decision stands between.
    """
    people.settle(con)
    if _has_undecided(con):
        return Batch(remaining=pending_count(con))
    values = _wanted(extractor_version, versions, limit)
    again = con.execute(sql("queries/read_again"), values).fetchall()
    if again:
        captures = _first_per_source([_capture(row) for row in again])
        return Batch(read=captures, remaining=pending_count(con) + len(again) - len(captures))
    rows = con.execute(sql("queries/pending"), values).fetchall()
    turn = _first_per_source([_capture(row[1:]) for row in rows])
    confirm = frozenset(capture.id for capture, row in zip(turn, rows, strict=False) if row[0])
    return Batch(
        read=tuple(capture for capture in turn if capture.id not in confirm),
        confirm=tuple(capture for capture in turn if capture.id in confirm),
        remaining=pending_count(con) - len(turn),
    )


def upcoming(
    con: Connection, first: Batch, *, extractor_version: str, versions: Mapping[str, str] | None = None, limit: int
) -> tuple[Capture, ...]:
    """The captures of this batch and of those after it that will have to be parsed, as far as can be told before.

    The bytes that a source served twice running are parsed once. More than `limit` captures are looked at only where
    the first batch holds more.
    """
    taken = {capture.id: capture for capture in first.read}
    served = {capture.source_id: capture.sha256 for capture in (*first.read, *first.confirm)}
    rows = con.execute(sql("queries/pending"), _wanted(extractor_version, versions, limit)).fetchall()
    for confirms, capture in ((row[0], _capture(row[1:])) for row in rows):
        if capture.sha256 is None or (confirms and capture.source_id not in served):
            continue
        if served.get(capture.source_id) != capture.sha256:
            taken[capture.id] = capture
        served[capture.source_id] = capture.sha256
    return tuple(taken.values())


def _wanted(extractor_version: str, versions: Mapping[str, str] | None, limit: int) -> dict[str, object]:
    special = versions or {}
    return {"version": extractor_version, "ids": list(special), "versions": list(special.values()), "limit": limit}


def _has_undecided(con: Connection) -> bool:
    return bool(con.execute("SELECT 1 FROM observation WHERE state IS NULL LIMIT 1").fetchall())


def content_types(con: Connection, capture_ids: Iterable[str]) -> dict[str, str | None]:
    """As what the bytes of some captures were sent, None where that was not said; those that are not known are left
    out."""
    found = con.execute(
        "SELECT capture_id, content_type FROM capture WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(capture_ids)],
    )
    return dict(found.fetchall())


def pending_count(con: Connection) -> int:
    """How many captures of registered sources are neither read nor confirmed yet."""
    query = "SELECT count(*) FROM pending WHERE source_id IN (SELECT source_id FROM source WHERE is_registered)"
    return int(con.execute(query).fetchall()[0][0])


def _as_named_today(con: Connection, captures: Sequence[tuple[Capture, int]]) -> Sequence[tuple[Capture, int]]:
    """The captures under their sources' names of today, if any was renamed."""
    known = names.former(con)
    if not known:
        return captures
    return [
        (replace(capture, source_id=names.source_today(capture.source_id, known)), after) for capture, after in captures
    ]


def _keep_captures(con: Connection, captures: Sequence[tuple[Capture, int]]) -> None:
    """A capture that the log holds twice (appended again after a kill) counts once, where it stood first."""
    if not captures:
        return
    ids = [capture.id for capture, _ in captures]
    found = con.execute(
        "SELECT capture_id FROM capture WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
    ).fetchall()
    known = {row[0] for row in found}
    rows = []
    for capture, after in captures:
        if capture.id not in known:
            known.add(capture.id)
            rows.append((after, *_capture_values(capture)))
    insert(con, "capture", ("position", *CAPTURE_COLUMNS), rows)
    con.execute(sql("queries/enqueue"), {"ids": [row[1] for row in rows]})
    restate(con, [capture.source_id for capture, _ in captures])


def _keep_decisions(con: Connection, decisions: Sequence[tuple[DecisionEntry, int]]) -> None:
    columns = ("position", "action", "observation_id", "made_by", "why", "made_at", "fields", "is_done")
    rows = [
        (after, entry.action, entry.observation_id, entry.by, entry.why, entry.at, _details(entry), False)
        for entry, after in decisions
    ]
    insert(con, "decision", columns, rows)


def _details(entry: DecisionEntry) -> str:
    return json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True)


def _first_per_source(captures: Sequence[Capture]) -> tuple[Capture, ...]:
    """The captures up to the first whose source came before."""
    seen: set[str] = set()
    taken = []
    for capture in captures:
        if capture.source_id in seen:
            break
        seen.add(capture.source_id)
        taken.append(capture)
    return tuple(taken)


def _capture_values(capture: Capture) -> tuple[object, ...]:
    return (
        capture.id, capture.source_id, capture.url, capture.outcome, capture.captured_at, capture.recorded_at,
        capture.origin, capture.final_url, capture.status, capture.content_type, capture.sha256, capture.size,
        capture.etag, capture.last_modified, capture.not_before, capture.message,
    )  # fmt: skip


def _capture(row: Sequence[Any]) -> Capture:
    return Capture(
        id=row[0], source_id=row[1], url=row[2], outcome=Outcome(row[3]), captured_at=row[4], recorded_at=row[5],
        origin=Origin(row[6]), final_url=row[7], status=row[8], content_type=row[9], sha256=row[10], size=row[11],
        etag=row[12], last_modified=row[13], not_before=row[14], message=row[15],
    )  # fmt: skip
