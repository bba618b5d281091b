"""The same figure is the same in every format of an edition: all of them are read back and compared."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from bs4 import BeautifulSoup

from pricing_pipeline import costs
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.inspect import edition_rows
from pricing_pipeline.publish.scales import Weigh
from pricing_pipeline.registry.comparisons import Comparison, ComparisonFile
from pricing_pipeline.registry.vendors import Product, Registry, Vendor
from tests.warehouse.house import APRIL, MAY, PAGE, House, april, may, rated, source
from warehouse.catalog import read_catalog
from warehouse.connection import open_reports
from warehouse.parquet import write_parquet, written_by
from warehouse.readback import published_rows
from warehouse.reports import report, write_reports

REVIEWS = "dagster/dagster-plus/reviews/g2"
RIVAL = "acme/flows/pricing"
# The number of a figure, by the name that a format has for it.
NUMBERS = ("value", "amount", "quantity", "rating", "low")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of a real warehouse: two vendors, from April to May 2026."""
    house = House(tmp_path_factory.mktemp("house"), sources=(source(), source(REVIEWS), source(RIVAL)))
    with house.open() as con:
        for observation, when, where in (
            (april(), APRIL, PAGE), (rated("4.5", 124), APRIL, REVIEWS), (april(), APRIL, RIVAL), (may(), MAY, PAGE),
        ):  # fmt: skip
            house.see(con, observation, when, source_id=where)
        catalog = read_catalog(con, sources=house.sources, workloads=house.workloads)
        made = publish(
            catalog, (comparison(),), registry=registry(house), editions=house.root / "editions", price=costs.price,
            weigh=Weigh(along=costs.along, lowest=costs.lowest),
            write_reports=lambda path, cheapest: write_reports(con, path, cheapest),
            write_parquet=lambda reports, folder: write_parquet(con, reports, folder), written_by=written_by(),
        )  # fmt: skip
    assert () == made.problems
    return made.path


def registry(house: House) -> Registry:
    vendors = []
    for vendor, product, name in (("acme", "flows", "Flows"), ("dagster", "dagster-plus", "Dagster+")):
        sold = Product(
            vendor=vendor, slug=product, name=name, sources=tuple(one for one in house.sources if one.vendor == vendor)
        )
        vendors.append(Vendor(slug=vendor, name=vendor.title(), homepage=f"https://{vendor}.example",
                              categories=("workflow-automation",), products=(sold,)))  # fmt: skip
    return Registry(tuple(vendors))


def comparison() -> ComparisonFile:
    both = {"flows": "Flows.", "dagster-plus": "Assets."}
    lists = {"flows": ("One.",), "dagster-plus": ("Two.",)}
    content = {
        "title": "Flows vs Dagster", "summary": "What both cost.", "products": ("flows", "dagster-plus"),
        "reviewed_on": "2026-05-01", "short_answer": "It depends.", "at_a_glance": ({"label": "Model", "values": both},),
        "choose": ({"product": "flows", "reasons": ("you like it",)},), "strengths": lists, "weaknesses": lists,
        "head_to_head": ({"name": "Model", "winner": "tie", "why": "It depends.", "values": both},),
        "bottom_line": "Try both.",
    }  # fmt: skip
    model = Comparison.model_validate(content, strict=False)
    return ComparisonFile(
        slug="flows-vs-dagster", path=Path("comparisons/flows-vs-dagster.yaml"), content=model, lines={}
    )


def number(row: Mapping[str, object]) -> Decimal | None:
    return next((Decimal(str(row[name])) for name in NUMBERS if row.get(name) not in (None, "")), None)


@pytest.fixture(scope="module")
def data(edition: Path) -> dict[str, dict[str, object]]:
    """Every figure of the JSON documents by its id: the others are compared with these."""
    names = ("terms", "plans", "ratings", "costs", "cheapest")
    rows = [row for name in names for row in json.loads((edition / f"v1/{name}.json").read_bytes())[name]]
    assert 30 < len(rows)
    return {row["id"]: row for row in rows}


def test_the_edition_passes_its_own_inspection(edition: Path) -> None:
    _, rows = edition_rows(edition, published_rows)

    assert [] == [row for row in rows if row[2:] != (True, 0, 0, 0)]


def test_workbooks_say_the_same(edition: Path, data: dict[str, dict[str, object]]) -> None:
    seen = set()
    for path in edition.rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            lines = list(sheet.iter_rows(values_only=True))
            for row in (dict(zip(lines[0], line, strict=True)) for line in lines[1:]):
                figure = row.get("figure") or row.get("id")
                if figure in data:
                    assert (data[figure]["text"], number(data[figure])) == (row["text"], number(row))
                    seen.add(figure)
    assert set(data) == seen


def test_csv_lines_say_the_same(edition: Path, data: dict[str, dict[str, object]]) -> None:
    text = (edition / "tables/flows-vs-dagster/figures.csv").read_text("utf-8")
    lines = [line for line in csv.DictReader(io.StringIO(text, newline="")) if line["figure"] in data]

    assert 20 < len(lines)
    assert [] == [
        line for line in lines
        if (data[line["figure"]]["text"], number(data[line["figure"]])) != (line["text"], number(line))
    ]  # fmt: skip


def test_markdown_tables_say_the_same_as_the_csv_tables(edition: Path) -> None:
    """Each cell of each table, once escaped for Markdown and once for CSV."""
    from markdown_it import MarkdownIt

    folder = edition / "tables/flows-vs-dagster"
    html = MarkdownIt("commonmark").enable("table").render((folder / "tables.md").read_text("utf-8"))
    shown = [
        [[cell.get_text(strip=True) for cell in line.select("td")] for line in table.select("tbody tr")]
        for table in BeautifulSoup(html, "lxml").select("table")
    ]
    stored = [
        list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))[1:]
        for path in folder.glob("*.csv") if path.name != "figures.csv"
    ]  # fmt: skip

    assert sorted(stored) == sorted(shown)


def test_pages_say_the_same(edition: Path, data: dict[str, dict[str, object]]) -> None:
    page = BeautifulSoup((edition / "compare/flows-vs-dagster.html").read_bytes(), "lxml")
    (structured,) = page.select("script[type='application/ld+json']")
    offers = [offer for product in json.loads(structured.string)["@graph"] for offer in product["offers"]]
    charges = [charge for offer in offers for charge in offer["priceSpecification"]]
    figures = {a["href"][1:]: a.get_text() for a in page.select("table td a.figure[href]") if a["href"][1:] in data}

    verdicts = {td["id"]: td.select_one("[data-figure]").get_text() for td in page.select("td[id^=w-]")}

    assert 20 < len(figures)
    assert {figure: data[figure]["text"] for figure in figures} == figures
    assert 2 < len(verdicts)
    assert {figure: data[figure]["text"] for figure in verdicts} == verdicts
    assert 8 < len(charges)
    assert [] == [one for one in charges if Decimal(one["price"]) != number(data[one["identifier"]])]


@pytest.mark.parametrize(
    ("table", "numbers"),
    [("terms", ("amount", "amount_max", "quantity")), ("costs", ("low", "high")), ("ratings", ("rating", "scale"))],
)
def test_database_and_parquet_say_the_same(
    edition: Path, data: dict[str, dict[str, object]], table: str, numbers: tuple[str, ...]
) -> None:
    """Every row of the documents, no more and no fewer, to the last digit."""
    published = {"terms": "current_terms"}.get(table, table)
    documents = json.loads((edition / f"v1/{table}.json").read_bytes())[table]
    expected = sorted(
        (
            [row["vendor"], row["state"], *(None if row[one] is None else Decimal(row[one]) for one in numbers)]
            for row in documents
        ),
        key=repr,
    )
    with duckdb.connect(str(edition / "reports.duckdb"), read_only=True) as con:
        for place in (published, f"'{edition}/parquet/{table}.parquet'"):
            rows = con.execute(f"SELECT vendor, state, {', '.join(numbers)} FROM {place}").fetchall()

            assert len(expected) == len(rows)
            normal = [[v if not isinstance(v, Decimal) else v.normalize() for v in row] for row in rows]
            wanted = [[v if not isinstance(v, Decimal) else v.normalize() for v in row] for row in expected]
            assert sorted(wanted, key=repr) == sorted(normal, key=repr), place


def test_which_plan_is_the_cheapest_reads_alike_in_every_format(edition: Path) -> None:
    """From no use on, Solo; above 18,000 credits, Starter: on a page, in a sheet, in the database, in its report."""
    (told,) = [
        row for row in json.loads((edition / "v1/cheapest.json").read_bytes())["cheapest"]
        if (row["metric"], row["products"]) == ("credit", [{"vendor": "dagster", "product": "dagster-plus"}])
        and row["besides"] == {"seat": "1"}
    ]  # fmt: skip
    ranges = [(one["above"], one["up_to"], *(plan["plan"] for plan in one["cheapest"])) for one in told["ranges"]]
    sheet = openpyxl.load_workbook(edition / "pricing.xlsx")["Cheapest"].iter_rows(values_only=True)
    header, *lines = sheet
    listed = [dict(zip(header, line, strict=True)) for line in lines]
    with open_reports(edition / "reports.duckdb") as con:
        asked = report(con, "cheapest_by_use", {"product": "dagster-plus", "metric": "credit"})
    own = [dict(zip(asked.columns, row, strict=True)) for row in asked.rows if row[0] == "dagster/dagster-plus"]

    assert [(None, "18000", "solo"), ("18000", None, "starter")] == ranges
    assert "up to 18,000: Solo; above 18,000: Starter" == told["text"]
    assert [(None, 18000, "dagster/dagster-plus/solo"), (18000, None, "dagster/dagster-plus/starter")] == [
        (one["above"], one["up_to"], one["cheapest"]) for one in listed if one["id"] == told["id"]
    ]
    assert [(None, 18000, "Solo", "cheapest"), (18000, None, "Starter", "cheapest")] == [
        (one["above"], one["up_to"], one["plan"], one["verdict"]) for one in own if "3" not in one["besides"]
    ]
    assert "up to 18,000: Solo; above 18,000: Starter" in (edition / "tables/flows-vs-dagster/tables.md").read_text()


@pytest.mark.parametrize("name", ["reports.duckdb", "parquet/cheapest.parquet"])
def test_a_recommendation_that_turns_elsewhere_is_found(edition: Path, tmp_path: Path, name: str) -> None:
    copy = falsified(edition, tmp_path)
    with duckdb.connect(str(copy / "reports.duckdb")) as con:
        con.execute("UPDATE cheapest_by_use SET up_to = 17999 WHERE up_to = 18000")
        if name != "reports.duckdb":
            con.execute(f"COPY cheapest_by_use TO '{copy / name}' (FORMAT parquet)")
    if name != "reports.duckdb":
        shutil.copy(edition / "reports.duckdb", copy / "reports.duckdb")

    assert {name} == differing(copy)


def falsified(edition: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "edition"
    shutil.copytree(edition, copy)
    return copy


def differing(edition: Path) -> set[str]:
    return {str(row[0]) for row in edition_rows(edition, published_rows)[1] if row[5]}


@pytest.mark.parametrize("name", ["terms", "costs", "plans", "ratings"])
def test_a_figure_that_is_another_in_a_parquet_file_is_found(edition: Path, tmp_path: Path, name: str) -> None:
    copy = falsified(edition, tmp_path)
    column = {"terms": "amount", "costs": "low", "plans": "state", "ratings": "rating"}[name]
    value = "'free'" if name == "plans" else f"{column} + 1"
    with duckdb.connect() as con:
        path = copy / f"parquet/{name}.parquet"
        con.execute(f"CREATE TABLE t AS SELECT * REPLACE ({value} AS {column}) FROM '{path}'")
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")

    assert {f"parquet/{name}.parquet"} == differing(copy)


def test_a_figure_that_is_another_in_the_database_is_found(edition: Path, tmp_path: Path) -> None:
    copy = falsified(edition, tmp_path)
    with duckdb.connect(str(copy / "reports.duckdb")) as con:
        con.execute("UPDATE current_terms SET amount = 11 WHERE plan = 'solo' AND term = 'recurring_fee'")

    assert {"reports.duckdb"} == differing(copy)


def test_a_figure_that_is_another_in_a_workbook_or_in_structured_data_is_found(edition: Path, tmp_path: Path) -> None:
    copy = falsified(edition, tmp_path)
    book = openpyxl.load_workbook(edition / "pricing.xlsx")
    book["Terms"]["H2"].value = 987
    inline_of(book, copy / "pricing.xlsx")
    page = copy / "vendors/dagster.html"
    page.write_text(page.read_text("utf-8").replace('"price":"10"', '"price":"11"'), "utf-8")

    assert {"pricing.xlsx", "vendors/dagster.html"} == differing(copy)


def inline_of(book: openpyxl.Workbook, path: Path) -> None:
    """Write the workbook as an edition does, from what another program changed."""
    from pricing_pipeline.publish.workbook import Sheet, xlsx

    sheets = []
    for sheet in book:
        header, *lines = sheet.iter_rows(values_only=True)
        rows = tuple(tuple(Decimal(str(v)) if isinstance(v, float) else v for v in line) for line in lines)
        sheets.append(Sheet(name=sheet.title, header=tuple(map(str, header)), rows=rows))
    path.write_bytes(xlsx(sheets))
