"""What the tables of the warehouse are made of, as a freshly made one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import duckdb

from warehouse import migrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name, its DuckDB type, and whether every row has it."""

    name: str
    type: str
    required: bool


@cache
def tables() -> Mapping[str, tuple[Column, ...]]:
    """The columns of each table and view, in their order. Made of the migrations, in memory; no file is opened."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        for _, file in migrations.files():
            con.execute(file.read_text(encoding="utf-8"))
        for file in sorted(migrations.VIEWS.glob("*.sql")):
            con.execute(file.read_text(encoding="utf-8"))
        found = con.execute(
            "SELECT table_name, column_name, data_type, NOT is_nullable FROM duckdb_columns() WHERE NOT internal "
            "ORDER BY table_name, column_index"
        ).fetchall()
    columns: dict[str, list[Column]] = {}
    for table, name, kind, required in found:
        columns.setdefault(table, []).append(Column(name=name, type=kind, required=required))
    return MappingProxyType({table: tuple(listed) for table, listed in columns.items()})
