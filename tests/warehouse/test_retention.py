"""Whatever names a capture is asked before its bytes are given up."""

from __future__ import annotations

from pathlib import Path

from warehouse.connection import open_warehouse
from warehouse.retention import rests_on
from warehouse.sql import sql

# The captures themselves; what was read in them, which counts by what became of it; and what repeats bytes that were read.
OF_CAPTURES = {"capture", "observation", "confirmation"}


def test_every_table_that_names_a_capture_is_asked(tmp_path: Path) -> None:
    """One that is added later must not be forgotten: its facts would lose their page."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:
        tables = con.execute(
            """
            SELECT DISTINCT table_name
            FROM information_schema.columns
            JOIN information_schema.tables USING (table_name)
            WHERE column_name LIKE '%capture_id' AND table_type = 'BASE TABLE'
            """
        ).fetchall()
        asked = sql("queries/rests_on").split()

        assert set() == {name for (name,) in tables} - OF_CAPTURES - set(asked)
        assert frozenset() == rests_on(con)
