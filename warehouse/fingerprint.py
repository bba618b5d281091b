"""What rests in the warehouse as one short text, without reading it out: the same rows, the same text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from warehouse.connection import Connection


def fingerprint(con: Connection, *, but: Collection[str] = ()) -> str:
    """A SHA-256 that moves when a row of any table does, but for those named. It counts for one version of DuckDB.

    250 products with five years of history take 0.2 s; reading out what stands of them takes ten times as long.
    """
    tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name").fetchall()
    sha = hashlib.sha256(con.execute("SELECT version()").fetchall()[0][0].encode())
    for (table,) in tables:
        if table not in but:
            # a sum does not depend on the order in which the rows lie, and of two equal rows it takes both
            query = f'SELECT count(*), sum(hash(stored)::HUGEINT) FROM "{table}" AS stored'  # noqa: S608  # our own tables
            sha.update(f"{table} {con.execute(query).fetchall()[0]}\n".encode())
    return sha.hexdigest()
