"""Figures read back out of the published database and its Parquet files, to be compared with the other formats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from warehouse.connection import Connection, open_files, open_reports
from warehouse.parquet import FILES
from warehouse.sql import literal

_COMPARED = ("terms", "plans", "ratings", "costs", "cheapest")


def published_rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The rows of terms, plans, ratings, costs and recommendations that a published file holds, each with its table's
    name: those of all for the database, of one for a Parquet file, of none for another file."""
    if path.suffix == ".duckdb":
        with open_reports(path) as con:
            for name in _COMPARED:
                yield from _rows(con, name, FILES[name])
    elif path.suffix == ".parquet" and path.stem in _COMPARED:
        with open_files() as con:
            yield from _rows(con, path.stem, f"read_parquet({literal(str(path))})")


def _rows(con: Connection, name: str, table: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    done = con.execute(f"SELECT * FROM {table}")  # noqa: S608  # own names, and a quoted path
    columns = [column[0] for column in done.description or ()]
    while rows := done.fetchmany(10_000):
        yield from ((name, dict(zip(columns, row, strict=True))) for row in rows)


def published_figures(path: Path) -> str | None:
    """What a published database says in the tables that are compared, but for times, as a SHA-256; None for any other
    file. It counts for one version of DuckDB."""
    if path.suffix != ".duckdb":
        return None
    with open_reports(path) as con:
        sha = hashlib.sha256(con.execute("SELECT version()").fetchall()[0][0].encode())
        for name in _COMPARED:
            said = f"SELECT {_without_times(con, FILES[name])} FROM {FILES[name]}"  # noqa: S608  # own names
            query = f"SELECT count(*), sum(hash(said)::HUGEINT) FROM ({said}) AS said"  # noqa: S608  # own names
            sha.update(f"{name} {con.execute(query).fetchall()[0]}\n".encode())
    return sha.hexdigest()


def _without_times(con: Connection, table: str) -> str:
    """The columns of a table that a check of unchanged pages does not move."""
    described = con.execute(f"DESCRIBE {table}").fetchall()
    return ", ".join(f'"{row[0]}"' for row in described if not str(row[1]).startswith("TIMESTAMP"))
