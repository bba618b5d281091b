"""Workbooks: typed cells that other programs read as they were meant, the same bytes for the same sheets."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.publish import data, sheets
from pricing_pipeline.publish.evidence import entries
from pricing_pipeline.publish.pages import compare
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.tiers import pricing_tiers
from pricing_pipeline.publish.workbook import Sheet, Shown, Value, shown, xlsx
from tests.pricing_pipeline.publish.example import CATALOG, DAGSTER, REGISTRY

SHELF = Shelf(CATALOG, REGISTRY)
MOMENT = datetime(2026, 5, 1, 6, 30, 59, tzinfo=UTC)
# Workbooks know no time zones: their moments are UTC.
MIDNIGHT = MOMENT.replace(hour=0, minute=0, second=0, tzinfo=None)


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def cell(value: Value) -> object:
    """The cell that another program reads where we wrote a value."""
    return read(xlsx([Sheet(name="one", header=("a",), rows=((value,),))]))["one"]["A2"]


@pytest.mark.parametrize(
    ("value", "expected", "kind"),
    [
        (Decimal("0.035"), 0.035, "n"), (Decimal(-5), -5, "n"), (Decimal(0), 0, "n"), (124, 124, "n"),
        (True, True, "b"), ("=1+1", "=1+1", "s"), ("-5", "-5", "s"), ("free", "free", "s"), (None, None, "n"),
        (date(2026, 5, 1), MIDNIGHT, "d"),
        (MOMENT, MOMENT.replace(tzinfo=None), "d"),
        (Decimal("1234567890123456.7"), "1234567890123456.7", "s"),
        (Shown(Decimal(10), '"$"#,##0.00" a month"'), 10, "n"),
    ],
)  # fmt: skip
def test_a_value_keeps_its_type(value: Value, expected: object, kind: str) -> None:
    """Numbers are numbers, moments are moments, and text is text, whatever it begins with."""
    found = cell(value)

    assert (expected, kind) == (found.value, found.data_type)


def test_nothing_known_is_an_empty_cell_and_zero_is_a_number() -> None:
    assert (None, 0) == (cell(None).value, cell(Decimal(0)).value)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30)
)
def test_whatever_a_text_holds_the_reader_gets_it_back(text: str) -> None:
    found = cell(text)

    assert found.data_type in ("s", "n")
    assert text == openpyxl.utils.escape.unescape(str(found.value))


def test_the_same_sheets_give_the_same_bytes_whatever_the_hour() -> None:
    one, other = (xlsx([Sheet(name="one", header=("a",), rows=((Decimal(1),),))]) for _ in range(2))

    assert one == other
    assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(one)).infolist()}


def test_the_header_stays_in_sight_and_can_be_filtered_by() -> None:
    for sheet in read(sheets.everything(data.documents(SHELF))):
        assert ("B2", sheet.dimensions) == (sheet.freeze_panes, sheet.auto_filter.ref)
        assert all(column.width >= 8 for column in sheet.column_dimensions.values())


def test_a_printed_sheet_is_as_wide_as_its_page_under_its_header() -> None:
    """A table of twenty columns would else be a pile of strips."""
    made = xlsx([Sheet(name="It's prices", header=("Plan", "Price"), rows=(("Solo", Decimal(10)),))])

    (sheet,) = read(made).worksheets
    assert ("landscape", 1, 0) == (
        sheet.page_setup.orientation,
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "$1:$1" == sheet.print_title_rows


def test_names_that_excel_refuses_are_made_names_that_it_takes() -> None:
    names = ["Tiers: a/b", "tiers  a b", "x" * 40, "X" * 41, "'", ""]
    book = read(xlsx([Sheet(name=name, header=("a",), rows=()) for name in names]))

    assert len(names) == len({name.casefold() for name in book.sheetnames})
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


@pytest.mark.parametrize(
    ("text", "value", "rendered", "form"),
    [
        ("$10.00 a month", "10", "$10.00", '"$"#,##0.00" a month"'),
        ("7,500 credits", "7500", "7,500", '#,##0" credits"'),
        ("Solo: $0.035", "0.035", "$0.035", '"Solo: $"#,##0.000'),
        ("4.5 of 5 (124 reviews)", "4.5", "4.5", '#,##0.0" of 5 (124 reviews)"'),
    ],
)
def test_a_number_with_words_around_it_is_a_number(text: str, value: str, rendered: str, form: str) -> None:
    assert Shown(Decimal(value), form) == shown(text, Decimal(value), rendered)


@pytest.mark.parametrize(
    ("text", "value", "rendered"),
    [("$0.03–$0.04", "0.03", "$0.03"), ("-$5.00", "-5", "-$5.00"), ('$1 "x"', "1", "$1"), ("none", "1", "$1")],
)
def test_what_is_more_than_a_number_stays_text(text: str, value: str, rendered: str) -> None:
    """A range is not its lower end."""
    assert text == shown(text, Decimal(value), rendered)


def test_every_table_has_its_evidence_in_the_last_column() -> None:
    book = read(sheets.comparison("t", [pricing_tiers(SHELF, DAGSTER)], entries(SHELF, [DAGSTER])))
    header, *lines = book["Tiers dagster plus"].iter_rows(values_only=True)
    (credit,) = [line for line in lines if line[0] == "Each credit"]

    assert "Evidence" == header[-1]
    assert "Solo: “$0.040 per credit”, https://dagster.io/pricing, 1 May 2026; " in credit[-1]
    assert ["About", "Tiers dagster plus", "Figures"] == book.sheetnames


def test_what_has_no_price_says_which_kind_of_none_it_is() -> None:
    """Zero, free, on request, not included, not stated and not applicable do not look alike."""
    book = read(sheets.comparison("t", [pricing_tiers(SHELF, DAGSTER)], entries(SHELF, [DAGSTER])))
    words = {value for line in book["Tiers dagster plus"].iter_rows(values_only=True) for value in line}

    assert {"Free", "Contact sales", "Not included", "Not stated", "Not applicable"} <= words


def test_compare_is_what_the_workbook_is_made_of() -> None:
    """The sheets of a comparison are its tables: none is left out."""
    from pricing_pipeline import costs
    from pricing_pipeline.claims.placeholders import Filler
    from pricing_pipeline.publish.prose import Editorial
    from tests.pricing_pipeline.publish.example import comparison

    file = comparison()
    comparing = compare(SHELF, file, Editorial(file, SHELF, Filler(CATALOG, costs.price).fill))
    tables = [table for table in comparing.tables if table.rows]
    book = read(sheets.comparison("t", tables, entries(SHELF, file.content.products)))

    assert len(tables) + 2 == len(book.sheetnames)
