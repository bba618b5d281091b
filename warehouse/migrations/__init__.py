"""The schema: plain numbered SQL beside this module, applied forward only, each in a transaction of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pricing_pipeline.errors import WarehouseError

if TYPE_CHECKING:
    from warehouse.connection import Connection

HERE = Path(__file__).resolve().parent
VIEWS = HERE.parent / "views"


def files() -> list[tuple[int, Path]]:
    """Every migration with its number, in order."""
    named = ((re.match(r"(\d{4})_\w+\.sql", path.name), path) for path in HERE.iterdir())
    return sorted((int(match[1]), path) for match, path in named if match)


def latest() -> int:
    """The schema version that this program writes."""
    return files()[-1][0]


def version(con: Connection) -> int:
    """The schema version of the opened file; 0 where it is new."""
    there = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'migration'").fetchall()
    if not there[0][0]:
        return 0
    found = con.execute("SELECT coalesce(max(number), 0) FROM migration").fetchall()
    return int(found[0][0])


def require_current(con: Connection, path: Path) -> None:
    """Raises WarehouseError unless the file has exactly this program's schema."""
    found = version(con)
    _refuse_newer(found, path)
    if found < latest():
        raise WarehouseError(
            f"{path}: schema {found} is older than {latest()}; `pricing-pipeline refresh` brings it up to date"
        )


def migrate(con: Connection, path: Path) -> None:
    """Bring the file to this program's schema. Raises WarehouseError if the file is newer than the program."""
    found = version(con)
    _refuse_newer(found, path)
    if found == latest():
        return
    for number, file in files():
        if number > found:
            _apply(con, number, file)
    for file in sorted(VIEWS.glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    # DuckDB has failed to replay logs that hold schema changes, so they never stay in one.
    con.execute("CHECKPOINT")


def _refuse_newer(found: int, path: Path) -> None:
    if found > latest():
        raise WarehouseError(
            f"{path}: written by a newer program (schema {found}, this one knows {latest()}); update pricing-pipeline"
        )


def _apply(con: Connection, number: int, file: Path) -> None:
    con.execute("BEGIN TRANSACTION")
    con.execute(file.read_text(encoding="utf-8"))
    con.execute("INSERT INTO migration VALUES (?, ?)", [number, file.stem])
    con.execute("COMMIT")
