"""What the published reports file knows, for judging claims: plans, terms and ratings with the time for which each held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pricing_pipeline.claims.knowledge import Fact, Held, Key, Knowledge, Named, Price
from warehouse.columns import PLAN_COLUMNS, RATING_COLUMNS, TERM_COLUMNS, plan_from, rating_from, term_from
from warehouse.connection import Connection
from warehouse.sql import sql


def known(con: Connection, *, as_of: datetime | None = None, price: Price | None = None) -> Knowledge:
    """Everything that the published file believes, to be judged as of a moment: its own where none is given."""
    hosted = _hosted(con)
    plans = tuple(_held(row, plan_from(row[7:])) for row in _rows(con, "plan", PLAN_COLUMNS))
    return Knowledge(
        as_of=as_of or con.execute("SELECT as_of FROM edition").fetchall()[0][0],
        products=_products(con),
        plans=tuple(replace(held, hosted=hosted.get((*held.key, held.fact.slug), True)) for held in plans),
        terms=tuple(_held(row, term_from(row[7:])) for row in _rows(con, "term", TERM_COLUMNS)),
        ratings=tuple(_ratings(con)),
        verified=_verified(con),
        price=price,
    )


def _rows(con: Connection, kind: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """vendor, product, since, until, address, capture time, publisher of the source, then the kind's own columns."""
    own = ", ".join(f"fact.{name}" for name in columns)
    return con.execute(sql("queries/known").replace("/* kind */", kind).replace("/* columns */", own)).fetchall()


def _held(row: Sequence[Any], fact: Fact) -> Held[Fact]:
    vendor, product, since, until, url, captured_at = row[:6]
    return Held(
        vendor=vendor, product=product, fact=fact, since=since, until=until, url=url, captured_at=captured_at
    )  # fmt: skip


def _ratings(con: Connection) -> Iterator[Held[Any]]:
    for row in _rows(con, "rating", RATING_COLUMNS):
        rating = rating_from(row[7:])
        # a review page's own subject has no publisher on the page; the source says whose page it is
        yield _held(row, replace(rating, publisher=rating.publisher or row[6]))


def _hosted(con: Connection) -> dict[tuple[str, str, str], bool]:
    rows = con.execute("SELECT vendor, product, plan, is_hosted FROM current_plans").fetchall()
    return {(vendor, product, plan): hosted for vendor, product, plan, hosted in rows}


def _products(con: Connection) -> tuple[Named, ...]:
    """Every product that is watched or stands. The file does not know vendors' names, so their slugs serve."""
    rows = con.execute(
        """
        SELECT vendor, product, max(product_name)
        FROM (
            SELECT vendor, product, product_name FROM sources
            UNION ALL
            SELECT vendor, product, product_name FROM current_plans
        )
        GROUP BY vendor, product
        ORDER BY vendor, product
        """
    ).fetchall()
    return tuple(
        Named(vendor=vendor, product=product, vendor_name=_spoken(vendor), product_name=name or _spoken(product))
        for vendor, product, name in rows
    )


def _verified(con: Connection) -> dict[Key, datetime]:
    rows = con.execute("SELECT vendor, product, min(verified_at) FROM current_terms GROUP BY ALL").fetchall()
    return {(vendor, product): at for vendor, product, at in rows}


def _spoken(slug: str) -> str:
    return " ".join(word.capitalize() for word in slug.split("-"))
