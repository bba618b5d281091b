"""One vendor that is out to do harm, through every format of an edition: whatever it says stays text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from bs4 import BeautifulSoup

from pricing_pipeline import costs
from pricing_pipeline.catalog import AnnouncedTerm, StandingTerm
from pricing_pipeline.errors import PublishError
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.exports import markdown
from pricing_pipeline.publish.inspect import edition_rows
from pricing_pipeline.registry.vendors import Registry
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.test_weighing import CREDITS, SEATS, WEIGH

# Mark-up, ends of scripts, comments and sections, links that run, escapes of terminals, marks that turn the direction of
# reading or hide text, half a character, what cuts tables and what Excel reads as an escape.
HARM = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> &amp; & <!-- --> --> | `x` \\| "
    "[a](javascript:alert(1)) ![b](data:c) \x1b[31mred\x1b[0m\x07 \u202egnp.exe\u202c \u2066y\u2069 \u061c\u200b\U000e0041 "
    "one\ntwo\r\nthree\ttab \x00 \ud800 _x0041_ \ufffe {{ 7*7 }} {% x %} ${y} '; DROP TABLE term; --"
)
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "'=1", '"=1', "\uff1d1", "\uff0b1", "\uff0d1",
    "\uff201", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example","x")',
)  # fmt: skip
# A metric is part of an id, and ids are whole characters.
METRIC = HARM.replace("\ud800", "")
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\U000e0000-\U000e007f]"
)
SAYINGS = [*FORMULAS, HARM]


def said(place: int) -> str:
    """Each formula once in turn, each followed by all the harm there is."""
    return SAYINGS[place % len(SAYINGS)] + (" " + HARM if place % 2 else "")


def hostile_terms() -> Iterator[StandingTerm]:
    """The example's terms in the vendor's words, and one for each formula that is nothing but words."""
    source = replace(example.provenance(example.DAGSTER), url="javascript:alert(1)")
    for place, row in enumerate(example.TERMS):
        yield replace(
            row, provenance=source, pending=bool(place % 3),
            term=replace(row.term, evidence=example.evidence(said(place)), unit_as_printed=said(place)),
        )  # fmt: skip
    for place, words in enumerate(FORMULAS):
        yield replace(
            example.TERMS[0],
            term=Term(
                plan="solo", term=TermKind.UNIT_DEFINITION, metric=f"unit_{place}{METRIC}", unit_as_printed=words,
                evidence=example.evidence(words),
            ),
        )  # fmt: skip


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of a market in which everything that a page or a person may write is out to do harm."""
    terms = tuple(hostile_terms())
    plans = tuple(
        replace(row, plan=replace(row.plan, name=said(place), evidence=example.evidence(said(place))))
        for place, row in enumerate(example.PLANS)
    )
    effect = replace(example.CHANGE.costs[0], workload_name=HARM)
    first = terms[0]
    catalog = replace(
        example.CATALOG,
        plans=plans,
        terms=terms,
        announced=(AnnouncedTerm(
            vendor=first.vendor, product=first.product, provenance=first.provenance, before=first.term,
            term=replace(first.term, effective_from=date(2026, 9, 21)),
        ),),
        ratings=tuple(
            replace(row, rating=replace(row.rating, evidence=example.evidence(HARM))) for row in example.RATINGS
        ),
        changes=(replace(example.CHANGE, verdict=HARM, id="c0ffee" + HARM, before=HARM, costs=(effect,)),),
        costs=tuple(replace(row, cost=replace(row.cost, reason=HARM)) for row in example.COSTS),
        workloads=tuple(replace(row, name=HARM) for row in (*example.CATALOG.workloads, CREDITS, SEATS)),
        states=tuple(replace(state, message=HARM) for state in example.STATES),
        checks=(replace(example.CATALOG.checks[0], message=HARM),),
    )  # fmt: skip
    vendors = tuple(
        replace(
            vendor, name=f"=1{HARM}", homepage="javascript:alert(1)",
            products=tuple(replace(product, name=f"@x{HARM}") for product in vendor.products),
        )
        for vendor in example.REGISTRY.vendors
    )  # fmt: skip
    editions = tmp_path_factory.mktemp("editions")
    made = publish(
        catalog, (example.comparison(),), registry=Registry(vendors), price=costs.price, editions=editions, title=HARM,
        site_url="https://prices.example/here", tariffs=costs.tariffs, weigh=WEIGH,
    )  # fmt: skip
    assert () == made.problems
    return made.path


def files(edition: Path, ending: str) -> list[Path]:
    found = sorted(edition.rglob(f"*{ending}"))
    assert found
    return found


def test_every_file_is_text_without_anything_unseen(edition: Path) -> None:
    """No escape of a terminal, no mark that turns or hides text: a file can be printed and read."""
    for path in edition.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            assert [] == UNSEEN.findall(path.read_text("utf-8")), path.name


def test_pages_run_nothing(edition: Path) -> None:
    for path in files(edition, ".html"):
        page = BeautifulSoup(path.read_bytes(), "lxml")
        scripts = [tag for tag in page.select("script") if not tag.get("src")]

        assert [] == [tag for tag in scripts if tag.get("type") not in ("application/ld+json", "application/json")]
        assert [] == page.select("img, iframe, object, embed, form[action]")
        assert [] == [tag.name for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
        for tag in page.find_all(True):
            for name in ("href", "src"):
                assert not re.match(r"\s*(javascript|data|vbscript):", str(tag.get(name, "")), re.I), path.name


def test_structured_data_is_one_whole_document(edition: Path) -> None:
    pages = [path for path in files(edition, ".html") if b"application/ld+json" in path.read_bytes()]
    assert {"dagster.html", "prefect.html"} <= {path.name for path in pages}
    for path in pages:
        (script,) = BeautifulSoup(path.read_bytes(), "lxml").select("script[type='application/ld+json']")

        graph = json.loads(script.string)["@graph"]
        assert all("</script>" in product["name"] for product in graph)
        assert "<" not in script.string
        assert "javascript:" not in [offer.get("url", "")[:11] for product in graph for offer in product["offers"]]


def test_workbooks_hold_no_formula_no_link_and_no_macro(edition: Path) -> None:
    found: set[str] = set()
    for path in files(edition, ".xlsx"):
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]

        assert [] == [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink is not None]
        texts = [str(cell.value) for cell in cells]
        assert [] == [text for text in texts if UNSEEN.search(text)]
        found.update(texts)
    assert any("_x0041_" in text for text in found), "what looks like an escape is not read as one"
    assert {"=1+1", "@SUM(A1)", "\uff1d1"} <= found


def test_text_that_begins_like_a_formula_stays_text_when_it_is_edited(edition: Path) -> None:
    """Excel keeps the apostrophe that its quote prefix stands for; the value has none."""
    book = openpyxl.load_workbook(edition / "pricing.xlsx")
    risky = [cell for sheet in book for line in sheet.iter_rows() for cell in line if str(cell.value).startswith("=")]

    assert risky
    assert all(cell.quotePrefix for cell in risky)


def test_csv_fields_begin_no_formula_and_numbers_stay_numbers(edition: Path) -> None:
    for path in files(edition, ".csv"):
        for line in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")):
            for field in line:
                assert not re.match(r"[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]", field), (path.name, field)


def test_markdown_tables_keep_their_cells_and_hold_no_markup(edition: Path) -> None:
    from markdown_it import MarkdownIt

    for path in files(edition, ".md"):
        text = path.read_text("utf-8")
        rendered = BeautifulSoup(MarkdownIt("commonmark", {"html": True}).enable("table").render(text), "lxml")

        assert [] == rendered.select("script, img, a, code, em")
        assert [] == re.findall(r"<[!a-z/]", text)
        for table in rendered.select("table"):
            assert 1 == len({len(line.select("td, th")) for line in table.select("tr")})


def test_feeds_and_sitemap_are_whole(edition: Path) -> None:
    atom = ElementTree.parse(edition / "feed.xml")
    (item,) = json.loads((edition / "feed.json").read_text("ascii"))["items"]
    sitemap = ElementTree.parse(edition / "sitemap.xml")

    summary = atom.findtext(".//{http://www.w3.org/2005/Atom}summary")
    assert summary == item["content_text"]
    assert "]]>" in str(summary)
    assert item["id"] == atom.findtext(".//{*}entry/{*}id")
    links = [str(link.get("href")) for link in atom.iterfind(".//{*}link")]
    links += [str(place.text) for place in sitemap.iterfind(".//{*}loc")]
    assert [] == [link for link in links if not re.fullmatch(r"https://prices\.example/here/[\w./#%-]+", link)]


def test_the_edition_passes_its_own_inspection(edition: Path) -> None:
    """Every link leads somewhere, every document follows its schema, every format says the same."""
    _, rows = edition_rows(edition)

    assert [] == [row for row in rows if row[2:] != (True, 0, 0, 0)]


@pytest.mark.parametrize("slug", ["../../up", "a/../../../up"])
def test_a_slug_that_leads_out_of_the_edition_writes_nothing(tmp_path: Path, slug: str) -> None:
    sources = (replace(example.SOURCES[0], vendor=slug),)
    catalog = replace(example.CATALOG, sources=sources, plans=(), terms=(), ratings=())

    with pytest.raises(PublishError, match="leads out of the edition") as caught:
        publish(catalog, (), registry=example.REGISTRY, editions=tmp_path / "in" / "editions")
    assert "\n" not in str(caught.value)
    assert ["in"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("text", SAYINGS)
def test_a_line_has_nothing_unseen_and_markdown_nothing_that_acts(text: str) -> None:
    assert not UNSEEN.search(phrases.line(text))
    phrases.line(text).encode()
    assert not re.search(r"(?<!\\)[|`<\[]", markdown(text))


def test_a_price_of_nothing_stays_apart_from_the_other_states() -> None:
    """All eight ways of not having a price have words of their own."""
    words = {phrases.STATES[state] for state in State if state is not State.STATED} | {phrases.NOT_APPLICABLE, "$0.00"}

    assert 7 == len(words)
