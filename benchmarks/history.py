"""History at size: asking what held, and loading one day's terms, with 100 thousand and with 10 million rows behind.

    python benchmarks/history.py [--rows 10000000] [--folder DIR]

A thousand vendors with ten terms each; the past is filled with the same terms at other prices, day by day.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from pricing_pipeline.captures.log import CaptureEntry, CaptureLog
from pricing_pipeline.facts import (
    Capture,
    Evidence,
    GateState,
    Observation,
    Outcome,
    Plan,
    Source,
    SourceKind,
    State,
    Term,
    TermKind,
)
from pricing_pipeline.results import Decision, Thresholds
from warehouse import captures, observations, refresh
from warehouse.connection import Connection, open_warehouse

VENDORS = 1_000
PLANS = 5
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
TERM_COLUMNS_KEPT = (
    "source_id, vendor, product, position, plan, country, term, metric, state, amount + (day % 97) / 100 AS amount, amount_max,"
    " currency, quantity, per_quantity, billing_period, commitment, tier_from, tier_to, price_kind, tier_mode,"
    " unit_as_printed, confidence, effective_from, quote, locator, surface, capture_id, observation_id, extractor_version"
)


@dataclass(frozen=True)
class Sold:
    vendor: str
    slug: str
    name: str
    self_hosted: tuple[str, ...] = ()
    retired: date | None = None
    merged_into: tuple[str, str] | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        small = measure(Path(folder) / "small", 100_000)
        large = measure(Path(folder) / "large", given.rows)
    ratio = large["load"] / small["load"]
    print(
        f"loading a day's {VENDORS * PLANS * 2:,} terms: {small['load']:.2f} s at 100,000 rows, "
        f"{large['load']:.2f} s at {given.rows:,}"
    )
    print(
        f"at {given.rows:,} rows: as_of of one vendor {large['vendor'] * 1000:.1f} ms (budget 20), of everything current "
        f"{large['current'] * 1000:.1f} ms (budget 200); loading a day {ratio:.2f} times as long as at 100,000 (budget 1.3)"
    )


def measure(folder: Path, rows: int) -> dict[str, float]:
    folder.mkdir()
    log = CaptureLog(folder / "log.jsonl")
    path = folder / "warehouse.duckdb"
    with open_warehouse(path) as con:
        captures.register(con, sources())
        load(con, log, 0)
        began = time.perf_counter()
        fill_past(con, rows)
        print(
            f"{rows:,} rows written in {time.perf_counter() - began:.1f} s, file of {path.stat().st_size / 1e6:.0f} MB"
        )
    with open_warehouse(path) as con:
        days = [load(con, log, number) for number in range(1, 6)]
        last = START + 5 * DAY
        found = {
            "load": median(days),
            "vendor": timed(lambda: ask(con, START - 5 * DAY, last, "WHERE vendor = 'vendor-0412'"), 1),
            "current": timed(lambda: ask(con, last, last, ""), VENDORS * PLANS * 2),
        }
        past = timed(lambda: ask(con, START - 5 * DAY, last, ""), 1)
        print(f"  days {', '.join(f'{day:.2f}' for day in days)} s; everything as of a past day {past * 1000:.0f} ms")
    return found


def ask(con: Connection, valid: datetime, known: datetime, where: str) -> int:
    return len(con.execute(f"SELECT * FROM as_of(?::TIMESTAMPTZ, ?::TIMESTAMPTZ) {where}", [valid, known]).fetchall())


def timed(question: Callable[[], int], at_least: int) -> float:
    seconds = []
    for _ in range(7):
        began = time.perf_counter()
        found = question()
        seconds.append(time.perf_counter() - began)
        if found < at_least:
            raise SystemExit(f"{found} rows where at least {at_least} hold: the benchmark asks nothing")
    return median(seconds)


def fill_past(con: Connection, rows: int) -> None:
    """The standing terms again and again, a day each, as they were believed before the first capture."""
    days = max(rows // (VENDORS * PLANS * 2), 1)
    for oldest in range(days, 0, -100):
        fill_days(con, max(oldest - 100, 0), oldest)


def fill_days(con: Connection, first: int, last: int) -> None:
    con.execute(
        f"""
        INSERT INTO term_past
        SELECT nextval('history_row'), {TERM_COLUMNS_KEPT},
            valid_from - to_days((day + 1)::INTEGER), valid_from - to_days(day::INTEGER),
            recorded_at - to_days((day)::INTEGER), 'infinity'::TIMESTAMPTZ
        FROM term_standing
        CROSS JOIN (SELECT unnest(range(?, ?)) AS day) AS days
        ORDER BY day DESC, source_id, position
        """,
        [first, last],
    )


def load(con: Connection, log: CaptureLog, number: int) -> float:
    """One day's captures of every vendor, every price changed, from the log into history; the seconds it took."""
    at = START + number * DAY
    shown = page(number)
    log.append(CaptureEntry(capture=capture(source, at, number)) for source in sources())
    products = [Sold(vendor=source.vendor, slug=source.product, name=source.product) for source in sources()]
    began = time.perf_counter()
    captures.sync(con, log)
    batch = captures.pending_batch(con, extractor_version="1")
    staged = observations.stage(con, [(one, shown) for one in batch.read])
    accepted = [Decision(observation_id=id_, state=GateState.ACCEPTED, reason="", by="gate", at=at) for id_ in staged]
    observations.decide(con, accepted)
    refresh.apply(con, products=products, workloads=(), thresholds=Thresholds())
    return time.perf_counter() - began


def sources() -> Sequence[Source]:
    return [
        Source(
            id=f"vendor-{number:04}/product-{number:04}/pricing", vendor=f"vendor-{number:04}", product=f"product-{number:04}",
            kind=SourceKind.PRICING, url=f"https://vendor-{number:04}.test/pricing",
        )
        for number in range(VENDORS)
    ]  # fmt: skip


def capture(source: Source, at: datetime, number: int) -> Capture:
    sha256 = hashlib.sha256(f"{source.id} {number}".encode()).hexdigest()
    return Capture(
        id=sha256[:16], source_id=source.id, url=source.url, outcome=Outcome.FETCHED, captured_at=at, recorded_at=at,
        sha256=sha256,
    )  # fmt: skip


def page(number: int) -> Observation:
    plans = tuple(
        Plan(slug=f"plan-{place}", name=f"Plan {place}", state=State.STATED, evidence=quote("Plan"))
        for place in range(PLANS)
    )
    terms = tuple(term for plan in plans for term in terms_of(plan.slug, number))
    return Observation(extractor_version="1", plans=plans, terms=terms)


def terms_of(plan: str, number: int) -> tuple[Term, Term]:
    fee, rate = Decimal(10 + number), Decimal(100 + number) / 10_000
    return (
        Term(
            plan=plan, term=TermKind.RECURRING_FEE, amount=fee, currency="USD", billing_period="month",
            commitment="month", evidence=quote(f"${fee}"),
        ),
        Term(
            plan=plan, term=TermKind.USAGE_RATE, metric="credit", amount=rate, currency="USD",
            evidence=quote(f"${rate} per credit"),
        ),
    )  # fmt: skip


def quote(text: str) -> Evidence:
    return Evidence(quote=text, locator="main > section > p")


if __name__ == "__main__":
    main()
