"""Which shape a published file has: one that another version of the program made is told apart before it is asked."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pricing_pipeline.errors import WarehouseError
from warehouse import migrations
from warehouse.sql import HERE

if TYPE_CHECKING:
    from warehouse.connection import Connection


@cache
def layout() -> str:
    """A digest of everything that makes the tables and views of a published file."""
    files = sorted((HERE / "edition").glob("*.sql"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def require_known(con: Connection, path: Path) -> None:
    """Raises WarehouseError with what to do where a published file was made by another version of the program."""
    columns = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'edition'").fetchall()
    if ("layout",) not in columns:
        raise _other(path, "an older")
    schema, found = con.execute("SELECT schema_version, layout FROM edition").fetchall()[0]
    if schema > migrations.latest():
        raise WarehouseError(f"{path}: this edition was made by a newer version; update pricing-pipeline")
    if found != layout():
        raise _other(path, "an older" if schema < migrations.latest() else "another")


def _other(path: Path, which: str) -> WarehouseError:
    return WarehouseError(
        f"{path}: this edition was made by {which} version of this program; `pricing-pipeline publish` makes it anew"
    )
