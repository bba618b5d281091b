"""How often sources have changed, and what they announced: what decides when each is looked at again."""

from __future__ import annotations

from pricing_pipeline.catalog import Rhythm
from warehouse.connection import Connection
from warehouse.sql import sql


def rhythms(con: Connection) -> dict[str, Rhythm]:
    """The rhythm of every source on record, by its id."""
    return {
        source_id: Rhythm(quiet_since=quiet_since, announced=tuple(days))
        for source_id, quiet_since, days in con.execute(sql("queries/rhythms")).fetchall()
    }


def last_diagnostics(con: Connection) -> dict[str, tuple[str, ...]]:
    """The codes of what the last reading of each source had to say, in its order; sources of which nothing was said
    are left out."""
    query = (
        "SELECT reading.source_id, list(diagnostic.code ORDER BY diagnostic.position) "
        "FROM source_reading AS reading "
        "JOIN diagnostic ON diagnostic.observation_id = reading.read_observation_id GROUP BY reading.source_id"
    )
    return {source_id: tuple(codes) for source_id, codes in con.execute(query).fetchall()}
