"""What may be given up: which captures nothing rests on, and what each was read to say."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.connection import Connection
from warehouse.sql import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one extractor version read in the bytes of a source: its digest, and whether facts of it are stored."""

    digest: str
    has_rows: bool


def rests_on(con: Connection) -> frozenset[str]:
    """The ids of the captures that something known, decided, held or still to be done rests on."""
    return frozenset(row[0] for row in con.execute(sql("queries/rests_on")).fetchall() if row[0] is not None)


def said(con: Connection) -> dict[tuple[str, str, str], Said]:
    """What was read, by source, SHA-256 and extractor version; stored facts of any of its observations count."""
    rows = con.execute(
        """
        SELECT source_id, sha256, extractor_version, arg_max(digest, ordinal), bool_or(same_as IS NULL)
        FROM observation
        WHERE sha256 IS NOT NULL
        GROUP BY source_id, sha256, extractor_version
        """
    ).fetchall()
    return {(row[0], row[1], row[2]): Said(digest=row[3], has_rows=row[4]) for row in rows}
