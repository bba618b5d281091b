"""Years of real pricings as data, through the warehouse: the history, changes and costs they give.

    python benchmarks/saas_history.py --corpus DIR [--product NAME] [--all]

DIR/price_history/isa_saas_yaml/PRODUCT/YEAR.yml are pricings in Pricing2Yaml: plans with a price, usage limits and
add-ons. Each file is one page of its product, captured on the day that it names; there are no pages to fetch or read, so
this measures everything right of the reader. Printed are the changes of each product year by year (with --all, otherwise
of one product), the cheapest plan of each at one and ten seats, and the figures last.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from pricing_pipeline import gate
from pricing_pipeline.captures.log import CaptureEntry, CaptureLog
from pricing_pipeline.facts import (
    AMOUNT_LIMIT,
    Capture,
    Evidence,
    Lever,
    Observation,
    Outcome,
    Plan,
    Source,
    SourceKind,
    State,
    Surface,
    Term,
    TermKind,
)
from pricing_pipeline.results import Change, Thresholds, Workload
from warehouse import captures, observations, refresh
from warehouse.changes import list_changes
from warehouse.connection import Connection, open_warehouse

VERSION = "pricing2yaml"
WORKLOADS = tuple(
    Workload(slug=f"seats-{seats}", name=f"{seats} seats", usage={"seat": Decimal(seats)}) for seats in (1, 10)
)
_MONTHLY = ("monthly",)
_ANNUAL = ("annual", "annually")
_ASKED = re.compile(r"(?i)contact")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEATS = frozenset({"user", "seat", "license", "member", "host", "editor", "agent"})
_PERIODS = {"month": "month", "year": "year", "day": "day", "hour": "hour", "min": "minute", "minute": "minute"}


@dataclass(frozen=True, kw_only=True)
class Pricing:
    """One product's pricing on a day, as an observation."""

    product: str
    name: str
    day: date
    observation: Observation


@dataclass(frozen=True, kw_only=True)
class Sold:
    """A product as the registry would give it."""

    vendor: str
    slug: str
    name: str
    self_hosted: tuple[str, ...] = ()
    retired: date | None = None
    merged_into: tuple[str, str] | None = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--product", default="zapier", help="whose changes to list")
    parser.add_argument("--all", action="store_true", help="list the changes of all products")
    args = parser.parse_args()
    pricings = [pricing(path) for path in sorted((args.corpus / "price_history" / "isa_saas_yaml").rglob("*.yml"))]
    if not pricings:
        print(f"{args.corpus}: no price_history/isa_saas_yaml/*/*.yml", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, open_warehouse(Path(folder) / "w.duckdb", wait_seconds=5) as con:
        began = time.monotonic()
        load(con, pricings, CaptureLog(Path(folder) / "log.jsonl"))
        seconds = time.monotonic() - began
        changes = list_changes(con)
        _tell(con, changes, None if args.all else args.product)
        _figures(con, pricings, changes, seconds)
    return 0


def load(con: Connection, pricings: list[Pricing], log: CaptureLog) -> None:
    """Every pricing in the order of their days, as a refresh of that day would take it in."""
    by_product = {one.product: one for one in pricings}
    products = [Sold(vendor=one.product, slug=one.product, name=one.name) for one in by_product.values()]
    captures.register(con, [_source(product) for product in by_product])
    for one in sorted(pricings, key=lambda one: (one.day, one.product)):
        capture = _capture(one)
        log.append([CaptureEntry(capture=capture)])
        captures.sync(con, log)
        observations.stage(con, [(capture, one.observation)])
        decisions = [gate.decide(it.observation_id, [], at=it.recorded_at) for it in observations.undecided(con)]
        observations.decide(con, decisions)
        refresh.apply(con, products=products, workloads=WORKLOADS, thresholds=Thresholds())


def pricing(path: Path) -> Pricing:
    """One file as an observation: its plans, what they cost, and what they hold."""
    given = yaml.safe_load(path.read_text("utf-8"))
    currency = given["currency"]
    plans, terms = [], []
    for label, plan in (given.get("plans") or {}).items():
        slug = _slug(label)
        fees = list(_fees(slug, label, plan, given.get("billing") or {}, currency))
        state = next((fee.state for fee in fees if fee.state is not State.STATED), State.STATED)
        plans.append(Plan(slug=slug, name=_name(label), state=state, evidence=_quote(f"{label}:")))
        terms += fees + list(_limits(slug, plan, given.get("usageLimits") or {}))
    observation = Observation(extractor_version=VERSION, plans=tuple(plans), terms=tuple(terms))
    day = date.fromisoformat(str(given["createdAt"])[:10])
    return Pricing(product=_slug(path.parent.name), name=given["saasName"], day=day, observation=observation)


def _fees(slug: str, label: str, plan: Mapping[str, Any], billing: Mapping[str, Any], currency: str) -> Iterator[Term]:
    price, unit = plan.get("price"), str(plan.get("unit") or "")
    quote = _quote(f"{label}: price: {price} {unit}".strip())
    if price is None or (isinstance(price, str) and _ASKED.search(price)):
        yield Term(plan=slug, term=TermKind.RECURRING_FEE, state=State.CONTACT_SALES, evidence=quote)
        return
    amount = Decimal(str(price))
    if not amount:
        yield Term(plan=slug, term=TermKind.RECURRING_FEE, state=State.FREE, evidence=quote)
        return
    counted = unit.split("/")[0].strip().casefold()
    metric = None if counted in ("", "month", "year") else _metric(counted)
    period = "year" if unit.endswith("year") else "month"
    factors = [("month", Decimal(str(billing[key]))) for key in _MONTHLY if key in billing]
    factors += [("year", Decimal(str(billing[key]))) for key in _ANNUAL if key in billing]
    for commitment, factor in factors or [(period, Decimal(1))]:
        yield Term(
            plan=slug, term=TermKind.RECURRING_FEE, metric=metric, amount=round(amount * factor, 4), currency=currency,
            billing_period=period, commitment=commitment, evidence=quote,
        )  # fmt: skip


def _limits(slug: str, plan: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[Term]:
    own = plan.get("usageLimits") or {}
    for label, limit in declared.items():
        value = (own.get(label) or {}).get("value", limit.get("defaultValue"))
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if float(AMOUNT_LIMIT) <= value < float("inf"):
            continue  # more than a figure may be: nobody is limited by it
        counted, _, per = str(limit.get("unit") or "").partition("/")
        period = _PERIODS.get(per.strip()) if limit.get("type") == "RENEWABLE" else None
        is_unlimited = value == float("inf")
        state = State.UNLIMITED if is_unlimited else State.STATED if value else State.NOT_INCLUDED
        yield Term(
            plan=slug, term=TermKind.ALLOWANCE if period else TermKind.LIMIT, metric=_metric_of(label, counted),
            state=state, quantity=None if state is not State.STATED else Decimal(str(value)), billing_period=period,
            evidence=_quote(f"{label}: {value} {limit.get('unit') or ''}".strip()),
        )  # fmt: skip


def _metric_of(label: str, counted: str) -> str:
    """The limit's own name, without the word "limit": `totalAutomationLimit` counts total automations."""
    words = [word.casefold() for word in _CAMEL.split(label) if word.casefold() not in ("limit", "max", "number")]
    if _metric(counted) == "seat" and set(words) <= {"users", "user", "seats", "seat"}:
        return "seat"
    return "_".join(re.sub(r"\W+", "_", word).removesuffix("s") for word in words)


def _metric(word: str) -> str:
    return "seat" if word in _SEATS else _slug(word).replace("-", "_")


def _name(label: str) -> str:
    return label.replace("_", " ").title()


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")


def _quote(text: str) -> Evidence:
    return Evidence(quote=text, locator="yaml", surface=Surface.STRUCTURED)


def _source(product: str) -> Source:
    return Source(
        id=f"{product}/{product}/pricing", vendor=product, product=product, kind=SourceKind.PRICING,
        url=f"https://{product}.example/pricing",
    )  # fmt: skip


def _capture(one: Pricing) -> Capture:
    at = datetime.combine(one.day, clock(12), UTC)
    digest = sha256(repr(one.observation).encode()).hexdigest()
    return Capture(
        id=f"{one.product}-{one.day}", source_id=_source(one.product).id, url=_source(one.product).url,
        outcome=Outcome.FETCHED, captured_at=at, recorded_at=at, sha256=digest, status=200,
    )  # fmt: skip


def _tell(con: Connection, changes: tuple[Change, ...], product: str | None) -> None:
    for change in changes:
        if product in (None, change.vendor) and (product or change.lever is not Lever.COST):
            print(
                f"{change.observed_at:%Y-%m-%d} {change.vendor:12} {change.severity:8} {change.kind:24} {change.verdict}"
            )
    rows = con.execute(
        "SELECT product, workload, plan, low, currency FROM cost_standing "
        "WHERE rank = 1 AND workload LIKE 'seats-%' ORDER BY product, workload"
    ).fetchall()
    print(f"\n{'cheapest plan today':24} workload   plan")
    for name, workload, plan, low, currency in rows:
        print(f"{name:24} {workload:10} {plan:20} {low:.2f} {currency or ''}")


def _figures(con: Connection, pricings: list[Pricing], changes: tuple[Change, ...], seconds: float) -> None:
    terms = sum(len(one.observation.terms) for one in pricings)
    plans = sum(len(one.observation.plans) for one in pricings)
    (rows,) = con.execute("SELECT count(*) FROM term_standing").fetchall()[0]
    (past,) = con.execute("SELECT count(*) FROM term_past").fetchall()[0]
    print("\nchanges by kind")
    for kind, count in sorted(Counter(change.kind for change in changes).items(), key=lambda one: (-one[1], one[0])):
        print(f"{count:6} {kind}")
    print(
        f"\nproducts {len({one.product for one in pricings})}, pricings {len(pricings)}, plans {plans}, terms {terms}, "
        f"history rows {rows} standing and {past} past, changes {len(changes)}, {seconds:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
