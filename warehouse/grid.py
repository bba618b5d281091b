"""What a refresh prices against: products, workloads, the metrics that products mention, and the cheapest plans that
stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pricing_pipeline.results import PricedPlan, Workload
from warehouse.columns import as_text, insert
from warehouse.connection import Connection
from warehouse.ledger import Owner
from warehouse.market import Market
from warehouse.pricing import COSTS, Product
from warehouse.sql import sql

_OF_THESE = "vendor || '/' || product IN (SELECT unnest(?::VARCHAR[]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unregistered:
    """A product whose vendor file is gone, while its history is still there."""

    vendor: str
    slug: str
    name: str
    self_hosted: tuple[str, ...] = ()
    retired: date | None = None
    merged_into: tuple[str, str] | None = None


def keep_frame(con: Connection, products: Sequence[Product], workloads: Sequence[Workload]) -> bool:
    """Keep products and workloads as tables; says whether what plans are priced at is another than last time."""
    product_rows = [
        (
            product.vendor,
            product.slug,
            product.name,
            json.dumps(list(product.self_hosted)),
            str(position),
            as_text(product.retired),
            "/".join(product.merged_into) if product.merged_into else None,
        )
        for position, product in enumerate(products)
    ]
    workload_rows = [
        (
            one.slug,
            one.name,
            json.dumps({name: as_text(one.usage[name]) for name in sorted(one.usage)}),
            json.dumps(list(one.products)),
            str(position),
        )
        for position, one in enumerate(workloads)
    ]
    former = con.execute(
        "SELECT slug, name, usage, products, position::VARCHAR FROM workload ORDER BY position"
    ).fetchall()
    hosted = con.execute("SELECT vendor || '/' || product, self_hosted, retired::VARCHAR FROM product").fetchall()
    con.execute("DELETE FROM product")
    con.execute("DELETE FROM workload")
    insert(
        con, "product", ("vendor", "product", "name", "self_hosted", "position", "retired", "merged_into"), product_rows
    )
    insert(con, "workload", ("slug", "name", "usage", "products", "position"), workload_rows)
    ours = {f"{row[0]}/{row[1]}": (row[3], row[5]) for row in product_rows}
    is_sold_anew = any(name in ours and ours[name] != (listed, retired) for name, listed, retired in hosted)
    return bool(former) and (former != workload_rows or is_sold_anew)


def pricing_of(owner: Owner) -> str:
    """The source that a product's costs stand under, whether or not a page of it was ever read."""
    return f"{owner.vendor}/{owner.product}/pricing"


def pricing_sources(con: Connection) -> dict[str, Owner]:
    """Every source of prices, with whose product it speaks of."""
    rows = con.execute(
        "SELECT source_id, vendor, product FROM source WHERE kind = 'pricing' ORDER BY source_id"
    ).fetchall()
    return {row[0]: Owner(row[1], row[2]) for row in rows}


def pages_of(con: Connection, owners: Iterable[Owner]) -> dict[str, Owner]:
    """Every page of these products, with whose it is."""
    query = f"SELECT source_id, vendor, product FROM source WHERE kind <> 'import' AND {_OF_THESE} ORDER BY source_id"  # noqa: S608  # own constant
    return {row[0]: Owner(row[1], row[2]) for row in con.execute(query, [_names(owners)]).fetchall()}


def owners_of(con: Connection, source_ids: Sequence[str]) -> dict[str, Owner]:
    """Whose product each of these sources speaks of."""
    query = "SELECT source_id, vendor, product FROM source WHERE source_id IN (SELECT unnest(?::VARCHAR[]))"
    return {row[0]: Owner(row[1], row[2]) for row in con.execute(query, [list(source_ids)]).fetchall()}


def market_of(con: Connection, workloads: Sequence[Workload], products: dict[Owner, Product]) -> Market:
    """The cheapest plans that stand now, and how plans and products are called."""
    market = Market(workloads)
    market.names = {(product.vendor, product.slug): product.name for product in products.values()}
    names = con.execute("SELECT vendor, product, plan, name FROM plan_standing ORDER BY valid_from").fetchall()
    market.plan_names = {(row[0], row[1], row[2]): row[3] for row in names}
    by_product: dict[Owner, list[PricedPlan]] = {}
    for vendor, product, *row in con.execute(sql("queries/cheapest"), [[one.slug for one in workloads]]).fetchall():
        priced_plan = replace(COSTS.build(row), vendor=vendor, product=product)
        by_product.setdefault(Owner(vendor, product), []).append(priced_plan)
    for owner, prices in by_product.items():
        market.set(owner, prices)
    return market


def metrics_of(con: Connection, owners: Iterable[Owner]) -> dict[Owner, set[str]]:
    """The metrics that these products ever mentioned."""
    found: dict[Owner, set[str]] = {}
    query = f"SELECT vendor, product, metric FROM product_metric WHERE {_OF_THESE}"  # noqa: S608  # own constant
    for vendor, product, metric in con.execute(query, [_names(owners)]).fetchall():
        found.setdefault(Owner(vendor, product), set()).add(metric)
    return found


def keep_metrics(con: Connection, metrics: dict[Owner, set[str]]) -> None:
    """Put these in the place of the metrics kept of their products."""
    con.execute(f"DELETE FROM product_metric WHERE {_OF_THESE}", [_names(metrics)])  # noqa: S608  # own constant
    rows = [
        (owner.vendor, owner.product, metric)
        for owner in sorted(metrics, key=lambda owner: (owner.vendor, owner.product))
        for metric in sorted(metrics[owner])
    ]
    insert(con, "product_metric", ("vendor", "product", "metric"), rows)


def _names(owners: Iterable[Owner]) -> list[str]:
    return sorted({f"{owner.vendor}/{owner.product}" for owner in owners})
