"""Which plan is the cheapest from how much use on, for programs and spreadsheets: the same as pages say, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pricing_pipeline.catalog import StandingTerm
from pricing_pipeline.publish.calculator import SEAT
from pricing_pipeline.publish.cells import Cell, Column, Row, Table, not_applicable, term_id
from pricing_pipeline.publish.shelf import Shelf, documents
from pricing_pipeline.publish.weighing import Verdict, WeighedRow, Weighing
from pricing_pipeline.results import CheapestRange, PublishedRange
from pricing_pipeline.wording import text as digits

Json = dict[str, Any]
NAME = "cheapest"


def table(shelf: Shelf, weighing: Weighing) -> Table:
    """The rows of a weighing as a table: a column for each product, and one for all together where they are several."""
    columns = [shelf.names.product(product) for product in weighing.products]
    if len(columns) > 1:
        columns.append("Of all together")
    return Table(
        slug=NAME,
        caption="The cheapest plan by use a month",
        corner="How many",
        columns=tuple(Column(label=label) for label in columns),
        rows=tuple(
            Row(label=_label(row), cells=tuple(_cell(shelf, one) for one in (*row.cells, row.every)[: len(columns)]))
            for row in weighing.rows
        ),
    )


def _label(row: WeighedRow) -> str:
    return f"{row.label}, {row.besides} besides"


def _cell(shelf: Shelf, verdict: Verdict | None) -> Cell:
    if verdict is None:
        return not_applicable()
    known = {figure: term for product in verdict.products for figure, term in shelf.once(_terms_by_id, product).items()}
    resting = documents(known[figure] for figure in verdict.basis)
    first = resting[0] if resting else None
    return Cell(text=verdict.text, state="computed", figure=verdict.id, provenance=first, beside=resting[1:])


def _terms_by_id(shelf: Shelf, product: str) -> dict[str, StandingTerm]:
    return {term_id(row): row for row in shelf.terms.get(product, ())}


def rows(shelf: Shelf, weighings: Iterable[Weighing]) -> list[Json]:
    """What some weighings say, each verdict once: products that stand in several comparisons are weighed in each."""
    verdicts = {verdict.id: verdict for weighing in weighings for verdict in weighing.verdicts}
    return [_row(shelf, verdict) for verdict in verdicts.values()]


def _row(shelf: Shelf, verdict: Verdict) -> Json:
    alone = {} if verdict.metric == SEAT else {SEAT: Decimal(1)}
    return {
        "id": verdict.id,
        "products": [{"vendor": shelf.vendor_of[product], "product": product} for product in verdict.products],
        "metric": verdict.metric,
        "besides": {metric: digits(used) for metric, used in {**alone, **dict(verdict.besides)}.items()},
        "text": verdict.text,
        "ranges": [_range(shelf, one) for one in verdict.ranges],
        "terms": list(verdict.basis),
    }


def _range(shelf: Shelf, one: CheapestRange) -> Json:
    return {
        "above": digits(one.start) if one.start else None,
        "up_to": None if one.end is None else digits(one.end),
        "cheapest": [_plan(shelf, name) for name in one.cheapest],
        "unknown": [_plan(shelf, name) for name in one.unknown],
    }


def _plan(shelf: Shelf, name: str) -> Json:
    product, _, plan = name.partition("/")
    return {"vendor": shelf.vendor_of[product], "product": product, "plan": plan}


def published_ranges(document: Mapping[str, Any]) -> Iterator[PublishedRange]:
    """The published ranges on rows of their own, one for each plan that is the cheapest there, or one that names none."""
    for row in document[NAME]:
        for position, one in enumerate(row["ranges"], start=1):
            named: list[Json] = one["cheapest"] or [{}]
            for plan in named:
                yield PublishedRange(
                    verdict=row["id"],
                    position=position,
                    compared=tuple(map(_path, row["products"])),
                    metric=row["metric"],
                    besides={metric: Decimal(used) for metric, used in row["besides"].items()},
                    above=_number(one["above"]),
                    up_to=_number(one["up_to"]),
                    unknown=tuple(map(_path, one["unknown"])),
                    **plan,
                )


def range_lines(rows: Iterable[Json]) -> Iterator[Json]:
    """The same rows for a sheet: a line for each range, plans and products in words, and what the whole verdict says."""
    for row in rows:
        for one in row["ranges"]:
            told = {name: [_path(plan) for plan in one[name]] for name in ("cheapest", "unknown")}
            yield {**row, **one, **told, "products": [_path(product) for product in row["products"]]}


def _path(named: Json) -> str:
    return "/".join(named.values())


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
