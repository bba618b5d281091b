"""Figures read back out of the published database and its Parquet files, to be compared with the other formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from warehouse.connection import Connection, open_files, open_reports
from warehouse.parquet import FILES
from warehouse.sql import literal

_COMPARED = ("terms", "plans", "ratings", "costs")


def published_rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The rows of terms, plans, ratings and costs that a published file holds, each with its table's name: those of all
    four for the database, of one for a Parquet file, of none for another file."""
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
