"""Where each source stands, worked out from its captures and what was read in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pricing_pipeline.catalog import SourceState
from pricing_pipeline.facts import Outcome
from warehouse.columns import insert
from warehouse.connection import Connection, transaction
from warehouse.sql import sql

STATE_COLUMNS = (
    "source_id", "outcome", "checked_at", "verified_at", "since", "not_before", "failures", "sha256", "etag",
    "last_modified", "is_held", "message",
)  # fmt: skip


def states(con: Connection) -> dict[str, SourceState]:
    """Where each source stands, by its id."""
    query = f"SELECT {', '.join(STATE_COLUMNS)} FROM source_state ORDER BY source_id"  # noqa: S608  # own constants
    return {row[0]: _state(row) for row in con.execute(query).fetchall()}


# The sources to be restated at the end of the work under way, by the identity of its connection.
_PUT_OFF: dict[int, set[str]] = {}


@contextmanager
def restated_once(con: Connection) -> Iterator[None]:
    """One transaction at whose end the sources that its body touched are restated: many turns touch the same one."""
    with transaction(con):
        _PUT_OFF[id(con)] = set()
        try:
            yield
        finally:
            touched = _PUT_OFF.pop(id(con))
        restate(con, list(touched))


def restate(con: Connection, source_ids: Sequence[str]) -> None:
    """Work out anew where these sources stand, inside the caller's transaction."""
    listed = sorted(set(source_ids))
    if not listed:
        return
    if id(con) in _PUT_OFF:
        _PUT_OFF[id(con)].update(listed)
        return
    rows = con.execute(sql("queries/source_state"), {"sources": listed}).fetchall()
    con.execute("DELETE FROM source_state WHERE source_id IN (SELECT unnest(?::VARCHAR[]))", [listed])
    insert(con, "source_state", STATE_COLUMNS, rows)


def _state(row: Sequence[Any]) -> SourceState:
    return SourceState(
        source_id=row[0], outcome=None if row[1] is None else Outcome(row[1]), checked_at=row[2], verified_at=row[3],
        since=row[4], not_before=row[5], failures=row[6], sha256=row[7], etag=row[8], last_modified=row[9],
        held=row[10], message=row[11],
    )  # fmt: skip
