"""The shipped comparisons as texts: placeholders filled, and each of their figures made false in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline import costs
from pricing_pipeline.claims.placeholders import Filler, Segment
from pricing_pipeline.facts import TermKind
from pricing_pipeline.home import Content, Home
from pricing_pipeline.publish.prose import Editorial, Prose, words
from pricing_pipeline.publish.shelf import Shelf, settled
from pricing_pipeline.registry.comparisons import ComparisonFile, read_comparisons, registered
from pricing_pipeline.registry.vendors import read_registry
from pricing_pipeline.registry.workloads import read_workloads
from warehouse.catalog import read_catalog
from warehouse.connection import open_warehouse

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def shipped(home: Home) -> Iterator[tuple[str, str]]:
    """Each comparison as one Markdown text with marks."""
    content = Content.locate()
    registry = read_registry(content.vendors)
    named = read_workloads(content.beside("workloads.yaml"))
    with open_warehouse(home.warehouse, read_only=True) as con:
        catalog = settled(read_catalog(con, sources=registry.sources(), workloads=named))
    shelf, filler = Shelf(catalog, registry), Filler(catalog, costs.price)
    files, _ = read_comparisons(content.beside("comparisons"))
    for file in registered(files, registry):
        if all(shelf.holds(product) for product in file.content.products):
            yield f"{file.slug}.md", "\n\n".join(_blocks(file, shelf, filler))


def _blocks(file: ComparisonFile, shelf: Shelf, filler: Filler) -> Iterator[str]:
    """The texts of a comparison under the product or question that they belong to."""
    editorial = Editorial(file, shelf, filler.fill)
    yield f"# {file.content.title}"
    above = ""
    for place, text in file.content.texts():
        if place in (("title",), ("summary",)) or place[-1] in ("name", "who", "label", "question", "title"):
            continue
        keyed = next((str(step) for step in place if step in file.content.products), "")
        heading = shelf.names.product(keyed) if keyed else str(place[0]).replace("_", " ").capitalize()
        if heading != above:
            yield f"## {heading}"
            above = heading
        yield _marked(filler.fill(text), editorial.filled[tuple(place)])


def _marked(segments: tuple[Segment, ...], pieces: Prose) -> str:
    if len(segments) != len(pieces):
        return words(pieces)
    return "".join(_mark(segment, piece.text) for segment, piece in zip(segments, pieces, strict=True))


def _mark(segment: Segment, text: str) -> str:
    kind = _kind(segment)
    wrong = _wrong(text) if kind else None
    return f"⟦{kind}|{text}|{wrong}⟧" if wrong else text


def _kind(segment: Segment) -> str:
    if segment.term is not None:
        term = segment.term.term.term
        kinds = {TermKind.RECURRING_FEE: "amount", TermKind.USAGE_RATE: "rate", TermKind.ALLOWANCE: "allowance"}
        return kinds.get(term, "count")
    if segment.verb == "cost":
        return "amount"
    return ""


def _wrong(text: str) -> str | None:
    if text == "no":
        return "9,000"
    found = _NUMBER.search(text)
    if found is None:
        return None
    value = Decimal(found.group().replace(",", ""))
    changed = value + 1 if 1 <= value < 10 else value * 2 if value >= 1 else value + Decimal("0.02")
    return text[: found.start()] + f"{changed:,f}" + text[found.end() :]
