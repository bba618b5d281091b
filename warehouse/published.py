"""Reading the published reports file back into values: what the command line asks of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pricing_pipeline.catalog import CohortPeriod, TermPeriod
from pricing_pipeline.elsewhere import beside
from pricing_pipeline.facts import Cause, Evidence, GateState, Lever, Plan, Severity, State
from pricing_pipeline.results import Change, Cost, CostEffect, CostState, Offer, Promise, Workload
from warehouse.columns import COHORT_COLUMNS, TERM_COLUMNS, cohort_from, plain, term_from
from warehouse.connection import Connection

_CHANGE = (
    "change_id", "observation_id", "vendor", "product", "plan", "lever", "kind", "metric", "before", "after", "currency",
    "observed_at", "announced_at", "effective_at", "cause", "severity", "state", "verdict", "promise", "settled_at",
)  # fmt: skip
_EFFECT = (
    "change_id", "workload", "workload_name", "plan", "before_state", "before_low", "before_high", "before_currency",
    "after_state", "after_low", "after_high", "after_currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedProduct:
    """A product's offer as published. `hosted` is by plan slug; `metrics` are all that it ever mentioned; `retired` is
    the day since when it is sold no longer."""

    vendor: str
    product: str
    name: str
    offer: Offer
    hosted: dict[str, bool]
    metrics: frozenset[str]
    retired: date | None = None


def changes(
    con: Connection, *, since: datetime | None = None, vendor: str | None = None, severity: Severity | None = None
) -> tuple[Change, ...]:
    """Accepted and held changes, oldest first; those of this severity or a graver one where it is given."""
    order = [str(one) for one in Severity]
    graver = order[order.index(severity) :] if severity else order
    rows = con.execute(
        f"""
        SELECT {", ".join(_CHANGE)}
        FROM changes
        WHERE ($since IS NULL OR observed_at >= $since::TIMESTAMPTZ)
            AND ($vendor IS NULL OR vendor = $vendor)
            AND severity IN (SELECT unnest($severities::VARCHAR[]))
        ORDER BY rowid
        """,  # noqa: S608  # own constants
        {"since": since, "vendor": vendor, "severities": graver},
    ).fetchall()
    effects = _effects(con)
    return tuple(_change(row, effects) for row in rows)


def history(con: Connection, plan: str) -> tuple[TermPeriod, ...]:
    """Every believed interval of a plan's terms, under whatever name. A plan is named `product.plan` or
    `vendor/product/plan`, by its name of today or a former one.

    Behind its own stand those of a plan of the same slug of each product that was merged into its product.
    """
    vendor, product, slug = _today(con, *_name(plan))
    taken_in = _taken_in(con, vendor, product)
    rows = con.execute(
        f"""
        SELECT
            vendor, product, valid_from, valid_to, recorded_at, valid_from > (SELECT as_of FROM edition),
            {", ".join(TERM_COLUMNS)}
        FROM term_history
        WHERE superseded_at IS NULL
            AND (
                (product = $product AND ($vendor IS NULL OR vendor = $vendor))
                OR list_contains($taken_in::VARCHAR[], vendor || '/' || product)
            )
            AND ($plan IS NULL OR plan IN (SELECT unnest($plans::VARCHAR[])))
        ORDER BY
            list_contains($taken_in::VARCHAR[], vendor || '/' || product), vendor, product, plan, term,
            metric, billing_period, commitment, currency, tier_from, valid_from, position
        """,  # noqa: S608  # own constants
        {
            "vendor": vendor,
            "product": product,
            "plan": slug,
            "plans": _names_of(con, vendor, product, slug),
            "taken_in": sorted(taken_in),
        },
    ).fetchall()
    return tuple(
        TermPeriod(
            vendor=row[0],
            product=row[1],
            valid_from=row[2],
            valid_to=_earlier(row[3], taken_in.get(f"{row[0]}/{row[1]}")),
            recorded_at=row[4],
            is_ahead=row[5],
            is_of_merged=f"{row[0]}/{row[1]}" in taken_in,
            term=term_from(row[6:]),
        )
        for row in rows
    )


def cohorts(con: Connection, plan: str) -> tuple[CohortPeriod, ...]:
    """What was promised to some customers only of a plan (named as for `history`), or of all plans of its product."""
    vendor, product, slug = _today(con, *_name(plan))
    rows = con.execute(
        f"""
        SELECT vendor, product, valid_from, valid_to, {", ".join(COHORT_COLUMNS)}
        FROM cohort_history
        WHERE superseded_at IS NULL
            AND product = $product
            AND ($vendor IS NULL OR vendor = $vendor)
            AND ($plan IS NULL OR plan IS NULL OR plan IN (SELECT unnest($plans::VARCHAR[])))
        ORDER BY plan, valid_from, position, quote
        """,  # noqa: S608  # own constants
        {"vendor": vendor, "product": product, "plan": slug, "plans": _names_of(con, vendor, product, slug)},
    ).fetchall()
    return tuple(
        CohortPeriod(vendor=row[0], product=row[1], valid_from=row[2], valid_to=row[3], cohort=cohort_from(row[4:]))
        for row in rows
    )


def products(con: Connection) -> tuple[PublishedProduct, ...]:
    """Every product with a published plan, as the editions order them."""
    columns = ", ".join(f"h.{column}" for column in TERM_COLUMNS)
    standing = con.execute(
        f"""
        SELECT h.product, h.extractor_version = 'import' AS is_imported, {columns}
        FROM term_history AS h
        WHERE h.superseded_at IS NULL
            AND h.valid_from <= (SELECT as_of FROM edition)
            AND (h.valid_to IS NULL OR h.valid_to > (SELECT as_of FROM edition))
        ORDER BY h.product, is_imported, h.position
        """  # noqa: S608  # own constants
    ).fetchall()
    terms: dict[str, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for product, is_imported, *row in standing:
        terms[product][is_imported].append(term_from(row))
    mentioned = con.execute(
        "SELECT product, metric FROM term_history WHERE metric IS NOT NULL AND surface <> 'inactive_pane'"
    )
    metrics: dict[str, set[str]] = defaultdict(set)
    for product, metric in mentioned.fetchall():
        metrics[product].add(metric)
    over = con.execute(
        "SELECT vendor, product, retired FROM retired_products WHERE retired <= (SELECT as_of FROM edition)"
    )
    retired = {(vendor, product): day for vendor, product, day in over.fetchall()}
    grouped: dict[tuple[str, str, str], list[tuple[Plan, bool]]] = {}
    plans = con.execute(
        """
        SELECT vendor, product, product_name, plan, plan_name, state, quote, is_hosted
        FROM current_plans
        ORDER BY vendor, product, position
        """
    )
    for vendor, product, name, slug, plan_name, state, quote, hosted in plans.fetchall():
        plan = Plan(slug=slug, name=plan_name, state=State(state), evidence=Evidence(quote=quote, locator=""))
        grouped.setdefault((vendor, product, name), []).append((plan, hosted))
    return tuple(
        PublishedProduct(
            vendor=vendor,
            product=product,
            name=name,
            offer=beside(
                Offer(plans=tuple(plan for plan, _ in found), terms=tuple(terms[product][0])),
                Offer(terms=tuple(terms[product][1])),
            ),
            hosted={plan.slug: hosted for plan, hosted in found},
            metrics=frozenset(metrics[product]),
            retired=retired.get((vendor, product)),
        )
        for (vendor, product, name), found in grouped.items()
    )


def workloads(con: Connection) -> tuple[Workload, ...]:
    """The named workloads, in the order of their file."""
    rows = con.execute("SELECT workload, name, usage, products FROM workloads ORDER BY position").fetchall()
    return tuple(
        Workload(
            slug=slug,
            name=name,
            usage={metric: Decimal(value) for metric, value in json.loads(usage).items()},
            products=tuple(json.loads(meant)),
        )
        for slug, name, usage, meant in rows
    )


def failed_checks(con: Connection) -> tuple[tuple[str, str, str], ...]:
    """Suite and check, status and message of the grave checks that failed or broke when they were judged last."""
    rows = con.execute(
        """
        SELECT suite || '/' || check_name, status, message
        FROM checks
        WHERE severity = 'critical' AND status IN ('failed', 'broken')
        ORDER BY ALL
        """
    ).fetchall()
    return tuple((row[0], row[1], row[2]) for row in rows)


def _today(con: Connection, vendor: str | None, product: str, plan: str | None) -> tuple[str | None, str, str | None]:
    """The same plan with its product's vendor and slug of today."""
    row = con.execute(
        """
        SELECT vendor, product
        FROM former_products
        WHERE former_product = $product AND ($vendor IS NULL OR former_vendor = $vendor) AND product <> $product
            OR former_product = $product AND former_vendor = $vendor
        LIMIT 1
        """,
        {"vendor": vendor, "product": product},
    ).fetchone()
    return (vendor, product, plan) if row is None else (row[0], row[1], plan)


def _taken_in(con: Connection, vendor: str | None, product: str) -> dict[str, datetime]:
    """The products, as vendor/product, that were merged into one, at once or by way of others, and when each ended."""
    rows = con.execute(
        """
        SELECT vendor || '/' || product, merged_into, retired::TIMESTAMP AT TIME ZONE 'UTC'
        FROM retired_products
        WHERE merged_into IS NOT NULL
        """
    ).fetchall()
    known = {into for _, into, _ in rows if into.split("/")[1] == product and vendor in (None, into.split("/")[0])}
    found: dict[str, datetime] = {}
    for _ in rows:  # each round may lead one step further back
        found |= {one: ended for one, into, ended in rows if into in known or into in found}
    return found


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two ends; None is no end."""
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _names_of(con: Connection, vendor: str | None, product: str, plan: str | None) -> list[str]:
    """Every slug that a plan has or had, as people confirmed."""
    rows = con.execute(
        "SELECT plan, former FROM former_plans WHERE product = $product AND ($vendor IS NULL OR vendor = $vendor)",
        {"vendor": vendor, "product": product},
    ).fetchall()
    known = {plan} if plan else set()
    for _ in rows:  # each round may join one more name to those before it
        known |= {name for pair in rows if known & set(pair) for name in pair}
    return sorted(known)


def _name(plan: str) -> tuple[str | None, str, str | None]:
    if "/" in plan:
        vendor, product, slug = (*plan.split("/"), "", "")[:3]
        return vendor, product, slug or None
    product, _, slug = plan.partition(".")
    return None, product, slug or None


def _effects(con: Connection) -> dict[str, list[CostEffect]]:
    found: dict[str, list[CostEffect]] = defaultdict(list)
    rows = con.execute(f"SELECT {', '.join(_EFFECT)} FROM change_costs ORDER BY rowid").fetchall()  # noqa: S608  # own constants
    for row in rows:
        before, after = _cost(row[4:8]), _cost(row[8:12])
        effect = CostEffect(workload=row[1], workload_name=row[2], plan=row[3], before=before, after=after)
        found[row[0]].append(effect)
    return found


def _cost(row: Sequence[Any]) -> Cost:
    state, low, high, currency = row
    return Cost(state=CostState(state), low=plain(low), high=plain(high), currency=currency)


def _change(row: Sequence[Any], effects: dict[str, list[CostEffect]]) -> Change:
    return Change(
        id=row[0], observation_id=row[1] or None, vendor=row[2], product=row[3], plan=row[4], lever=Lever(row[5]), kind=row[6],
        metric=row[7], before=row[8], after=row[9], currency=row[10], observed_at=row[11], announced_at=row[12],
        effective_at=row[13], cause=Cause(row[14]), severity=Severity(row[15]), state=GateState(row[16]), verdict=row[17],
        costs=tuple(effects.get(row[0], ())), promise=None if row[18] is None else Promise(row[18]), settled_at=row[19],
    )  # fmt: skip
