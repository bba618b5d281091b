"""Tables as CSV and Markdown: numbers stay numbers, and no text becomes a formula or markup."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.publish import exports
from pricing_pipeline.publish.cells import Cell, Column, Row, Table
from pricing_pipeline.publish.evidence import entries
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.tiers import pricing_tiers
from tests.pricing_pipeline.publish.example import CATALOG, DAGSTER, REGISTRY

SHELF = Shelf(CATALOG, REGISTRY)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1",
     "'=1", '"=1', "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_run_is_text(text):
    (row,) = csv.reader(io.StringIO(exports.csv_text([text], []), newline=""))

    assert f"'{text}" == row[0]


def test_a_negative_number_is_a_number_still():
    assert "-5,7500.5\r\n" == exports.csv_text([], [(Decimal(-5), Decimal("7500.500"))]).split("\r\n", 1)[1]


def test_nothing_known_is_an_empty_field_and_never_zero():
    assert ",0,false\r\n" == exports.csv_text([], [(None, Decimal(0), False)]).split("\r\n", 1)[1]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_whatever_a_cell_holds_the_reader_gets_it_back(values):
    (row,) = csv.reader(io.StringIO(exports.csv_text(values, []), newline=""))

    assert [exports.guard(value) for value in values] == row


def test_each_cell_has_a_line_with_its_value_and_its_evidence():
    lines = csv.DictReader(
        io.StringIO(exports.figures_as_csv([pricing_tiers(SHELF, DAGSTER)], entries(SHELF, [DAGSTER])), newline="")
    )
    (solo,) = [line for line in lines if line["row"] == "Each credit" and line["column"] == "Solo"]

    assert ("0.04", "USD", "$0.040 per credit") == (solo["value"], solo["currency"], solo["quote"])
    assert ("https://dagster.io/pricing", "2026-05-01T06:00:00Z") == (solo["url"], solo["captured_at"])


def test_a_markdown_table_survives_what_a_page_may_hold():
    """Pipes, back ticks, comments, tags and line breaks stand as letters in their cell."""
    nasty = "a|b `c` <!-- d -->\n<script>e</script> [x](javascript:f)"
    table = Table(
        slug="t", caption="c", corner="", columns=(Column(label="one"),),
        rows=(Row(label="row", cells=(Cell(text=nasty, state="amount"),)),),
    )  # fmt: skip
    (line,) = [line for line in exports.table_as_markdown(table).splitlines() if line.startswith("| row")]

    assert 3 == line.replace("\\|", "").count("|")
    assert [] == [mark for mark in ("<", "](") if mark in line]


def test_markdown_says_where_its_figures_come_from():
    text = exports.table_as_markdown(pricing_tiers(SHELF, DAGSTER))

    assert "Source: https://dagster.io/pricing, read 1 May 2026." in text
    assert "| Price a month | Free | $10.00 a month | $100.00 a month | Contact sales |" in text
