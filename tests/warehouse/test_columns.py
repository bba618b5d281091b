"""Rows rest as they are given, whatever their texts hold."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from warehouse.columns import CHUNK, FOREVER, as_text, insert
from warehouse.connection import Connection, open_files, open_warehouse

AWKWARD = ["null", "", "[1]", "a\x00b", "\u2028", "quote \" and ' and \\", "\U0001f600", "NaN"]


def laid(con: Connection, rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """These rows of a text, a figure and a moment, as they come back."""
    con.execute("CREATE OR REPLACE TABLE laid (said VARCHAR, figure DECIMAL(20, 10), moment TIMESTAMPTZ)")
    insert(con, "laid", ("said", "figure", "moment"), rows)
    return con.execute("SELECT said, figure, NULLIF(moment, 'infinity') FROM laid").fetchall()


def test_texts_figures_and_moments_come_back_exactly() -> None:
    at = datetime(2026, 5, 1, 6, tzinfo=UTC)
    rows: list[tuple[object, ...]] = [(text, Decimal("12345678.1234567891"), at) for text in AWKWARD]
    rows += [(None, None, None), ("lasts", Decimal("-0.0000000001"), FOREVER)]
    with open_files() as con:
        found = laid(con, rows)

    assert [*rows[:-1], ("lasts", Decimal("-0.0000000001"), None)] == found


def test_many_rows_keep_their_order(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(str(place), Decimal(place), None) for place in range(2 * CHUNK + 1)]
    with open_warehouse(tmp_path / "w.duckdb") as con:
        assert len(rows) == insert_and_count(con, rows)
        assert [row[0] for row in rows] == [row[0] for row in con.execute("SELECT said FROM laid").fetchall()]


def insert_and_count(con: Connection, rows: list[tuple[object, ...]]) -> int:
    con.execute("CREATE TABLE laid (said VARCHAR, figure DECIMAL(20, 10), moment TIMESTAMPTZ)")
    return insert(con, "laid", ("said", "figure", "moment"), iter(rows))


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_that_a_file_can_hold_stays_as_it_is(text: str) -> None:
    assert text == as_text(text)


def test_half_a_character_becomes_a_question_mark() -> None:
    """A page may spell one in JSON; DuckDB stores none."""
    assert "a?" == as_text("a\ud83d")
