"""The one row per source that says what was read, accepted, held and applied last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from warehouse.columns import insert
from warehouse.connection import Connection


@dataclass(slots=True)
class SourceReading:
    """Where reading one source has got to. It changes as a batch is worked through and is saved with it.

    `accepted_rows_id` is the observation whose stored rows hold the accepted facts: one that says the same keeps none
    of its own; `accepted_origin` is that of the last capture that said so. `verified_at` is the last accepted or
    confirming capture's time, `applied_*` what history has taken in.
    """

    source_id: str
    read_observation_id: str | None = None
    read_capture_id: str | None = None
    read_sha256: str | None = None
    read_version: str | None = None
    read_at: datetime | None = None
    accepted_observation_id: str | None = None
    accepted_capture_id: str | None = None
    accepted_rows_id: str | None = None
    accepted_digest: str | None = None
    accepted_version: str | None = None
    verified_at: datetime | None = None
    held_observation_id: str | None = None
    held_digest: str | None = None
    refused_digest: str | None = None
    applied_at: datetime | None = None
    applied_recorded_at: datetime | None = None
    accepted_origin: str | None = None


COLUMNS = tuple(declared.name for declared in fields(SourceReading))
_values = attrgetter(*COLUMNS)


def load(con: Connection, source_ids: Iterable[str]) -> dict[str, SourceReading]:
    """The row of each of these sources; a fresh one for a source that was never read."""
    ids = sorted(set(source_ids))
    query = f"SELECT {', '.join(COLUMNS)} FROM source_reading WHERE source_id IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608  # own constants
    found = {row[0]: SourceReading(*row) for row in con.execute(query, [ids]).fetchall()}
    return {source_id: found.get(source_id) or SourceReading(source_id) for source_id in ids}


def save(con: Connection, readings: Iterable[SourceReading]) -> None:
    """Put these rows in the place of the former ones."""
    rows = [_values(reading) for reading in readings]
    con.execute(
        "DELETE FROM source_reading WHERE source_id IN (SELECT unnest(?::VARCHAR[]))", [[row[0] for row in rows]]
    )
    insert(con, "source_reading", COLUMNS, rows)
