"""What rests in the warehouse, as one short text."""

from __future__ import annotations

from pathlib import Path

from warehouse.connection import open_warehouse
from warehouse.fingerprint import fingerprint

ROWS = ("('a', 1)", "('b', 2)", "('b', 2)")


def laid(folder: Path, *rows: str, but: frozenset[str] = frozenset()) -> str:
    """The fingerprint of a warehouse in which one more table holds these rows."""
    with open_warehouse(folder / "warehouse.duckdb") as con:
        con.execute("CREATE OR REPLACE TABLE thing (name VARCHAR, count INTEGER)")
        for row in rows:
            con.execute(f"INSERT INTO thing VALUES {row}")
        return fingerprint(con, but=but)


def test_the_same_rows_have_one_fingerprint_and_others_another(tmp_path: Path) -> None:
    """In whatever order they lie; a row more, a row twice, a figure that moved or that is not known are others."""
    standing = laid(tmp_path, *ROWS)
    others = [
        laid(tmp_path, *rows)
        for rows in ((), ROWS[:1], ROWS[:2], (*ROWS, ROWS[2]), (*ROWS[:2], "('b', 3)"), (*ROWS[:2], "('b', NULL)"))
    ]

    assert standing == laid(tmp_path, *reversed(ROWS))
    assert len({standing, *others}) == 1 + len(others)


def test_tables_that_do_not_matter_are_left_out(tmp_path: Path) -> None:
    but = frozenset({"thing"})

    assert laid(tmp_path, *ROWS, but=but) == laid(tmp_path, but=but)
