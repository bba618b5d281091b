"""The published tables as Parquet files: for pandas, Polars, Spark and whatever reads no DuckDB file."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pricing_pipeline.errors import WarehouseError
from warehouse.connection import Connection
from warehouse.edition_layout import layout
from warehouse.sql import literal

# Each file, and the published table that it holds. When facts were verified moves daily and is left to `sources` of the
# database and to `v1/freshness.json`: a file moves only when a fact does.
FILES = {
    "announced": "announced_terms",
    "change_costs": "change_costs",
    "changes": "changes",
    "cheapest": "cheapest_by_use",
    "cost_history": "cost_history",
    "costs": "costs",
    "history": "term_history",
    "plan_history": "plan_history",
    "plans": "current_plans",
    "rating_history": "rating_history",
    "ratings": "ratings",
    "terms": "current_terms",
    "workloads": "workloads",
}
_VERIFIED = "verified_at"


def write_parquet(con: Connection, reports: Path, folder: Path) -> None:
    """Write the tables of a published file into a folder, DECIMAL and moments as they are, rows in their order: the same
    rows give the same bytes. Raises WarehouseError where the disk does not take them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _published(con, reports):
            for name, table in FILES.items():
                _copy(con, table, folder / f"{name}.parquet")
    except (duckdb.IOException, OSError) as error:
        raise WarehouseError(
            f"{folder}: cannot be written ({str(error).splitlines()[0]}); free or repair the disk"
        ) from error


def written_by() -> str:
    """Names the version of what writes the published files: DuckDB's own, and that of their SQL."""
    return hashlib.sha256(f"{duckdb.__version__}\n{layout()}".encode()).hexdigest()[:12]


def _copy(con: Connection, table: str, path: Path) -> None:
    columns = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'published' AND table_name = ? "
        "AND column_name <> ? ORDER BY column_index",
        [table, _VERIFIED],
    ).fetchall()
    chosen = ", ".join(f'"{column}"' for (column,) in columns)
    con.execute(
        f"COPY (SELECT {chosen} FROM published.{table}) "  # noqa: S608  # own names
        f"TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
    )


@contextlib.contextmanager
def _published(con: Connection, reports: Path) -> Iterator[None]:
    """The published file beside the warehouse, read by one thread: where row groups end must not depend on which of two
    was faster."""
    threads = con.execute("SELECT current_setting('threads')").fetchall()[0][0]
    con.execute(f"ATTACH {literal(str(reports))} AS published (READ_ONLY)")
    try:
        con.execute("SET threads = 1")
        yield
    finally:
        con.execute(f"SET threads = {int(threads)}")
        con.execute("DETACH published")
