"""What rests in the warehouse, as one short text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.connection import open_warehouse
from warehouse.fingerprint import fingerprint, settled_fingerprint

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


NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def settled(folder: Path, *statements: str, at: Sequence[datetime] = (NOON,)) -> list[str | None]:
    """What is settled at some moments, after these statements."""
    with open_warehouse(folder / "warehouse.duckdb") as con:
        con.execute("CREATE TABLE IF NOT EXISTS thing (name VARCHAR, ends TIMESTAMPTZ)")
        for statement in statements:
            con.execute(statement)
        return [settled_fingerprint(con, at=moment) for moment in at]


def test_another_check_moves_nothing_that_is_settled(tmp_path: Path) -> None:
    """Its captures, its results, and the times at which a source was read; a row of anything else does."""
    before = settled(tmp_path)
    checked = settled(
        tmp_path,
        "INSERT INTO capture (position, capture_id, source_id, url, outcome, captured_at, recorded_at, origin) "
        "VALUES (1, 'c', 'a/b/pricing', 'https://a.example', 'not_modified', now(), now(), 'live')",
        "UPDATE log_position SET position = 9",
    )

    assert before == checked
    assert before != settled(tmp_path, "INSERT INTO thing VALUES ('a', NULL)")


def test_what_ends_in_between_is_not_settled(tmp_path: Path) -> None:
    """A price that holds until noon is another offer a minute later, though no row was touched."""
    told = settled(
        tmp_path,
        "INSERT INTO thing VALUES ('a', '2026-05-01 12:00:30+00')",
        at=(NOON, NOON + MINUTE / 4, NOON + MINUTE),
    )

    assert told[0] == told[1]
    assert told[0] != told[2]


def test_nothing_is_settled_while_a_page_is_held(tmp_path: Path) -> None:
    """The next check may be the one that confirms it."""
    held = (
        "INSERT INTO observation BY NAME SELECT 1 AS ordinal, 'o' AS observation_id, 'c' AS capture_id, 's' AS source_id, "
        "1 AS position, now() AS captured_at, now() AS recorded_at, 'live' AS origin, '1' AS extractor_version, "
        "'fetched' AS outcome, 'd' AS digest, false AS is_late, false AS is_applied, 0 AS missing_evidence, 'held' AS state"
    )

    assert [None] == settled(tmp_path, held)
