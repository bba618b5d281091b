"""A warehouse with a log, driven as a refresh drives it, by observations that a test writes itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pricing_pipeline.captures.identity import capture_id
from pricing_pipeline.captures.log import CaptureEntry, CaptureLog, DecisionEntry
from pricing_pipeline.facts import (
    Announcement,
    Capture,
    Evidence,
    GateState,
    Observation,
    Origin,
    Outcome,
    Plan,
    Rating,
    RatingState,
    Severity,
    Source,
    SourceKind,
    State,
    Term,
    TermKind,
)
from pricing_pipeline.results import Decision, Finding, Thresholds, Workload
from warehouse import captures, observations, refresh
from warehouse.connection import Connection, open_warehouse

DAY = timedelta(days=1)
APRIL = datetime(2026, 4, 1, 6, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 6, tzinfo=UTC)
PAGE = "dagster/dagster-plus/pricing"

Judge = Callable[[str, Observation], GateState]


@dataclass(frozen=True)
class Sold:
    """A product as the registry would give it."""

    vendor: str = "dagster"
    slug: str = "dagster-plus"
    name: str = "Dagster+"
    self_hosted: tuple[str, ...] = ()
    retired: date | None = None
    merged_into: tuple[str, str] | None = None


def quoted(text: str, locator: str = "p") -> Evidence:
    return Evidence(quote=text, locator=locator)


def plan(slug: str, state: State = State.STATED) -> Plan:
    return Plan(slug=slug, name=slug.title(), state=state, evidence=quoted(slug.title()))


def fee(of: str, amount: str, **more: object) -> Term:
    return term(of, TermKind.RECURRING_FEE, amount=amount, billing_period="month", commitment="month", **more)


def rate(of: str | None, amount: str, metric: str = "credit", **more: object) -> Term:
    return term(of, TermKind.USAGE_RATE, amount=amount, metric=metric, **more)


def allowance(of: str, quantity: str, metric: str = "credit", **more: object) -> Term:
    return Term(
        plan=of, term=TermKind.ALLOWANCE, metric=metric, quantity=Decimal(quantity), billing_period="month",
        evidence=quoted(f"{quantity} {metric}s included"), **more,
    )  # fmt: skip


def nothing_included(of: str, metric: str = "credit") -> Term:
    return Term(
        plan=of, term=TermKind.ALLOWANCE, metric=metric, state=State.NOT_INCLUDED, billing_period="month",
        evidence=quoted(f"no {metric}s included"),
    )  # fmt: skip


def term(of: str | None, kind: TermKind, *, amount: str, quote: str | None = None, **more: object) -> Term:
    return Term(
        plan=of, term=kind, amount=Decimal(amount), currency="USD", evidence=quoted(quote or f"${amount}"), **more
    )


def rated(rating: str, reviews: int) -> Observation:
    given = Rating(
        state=RatingState.STATED, publisher="g2", rating=Decimal(rating), scale=Decimal(5), review_count=reviews,
        evidence=quoted(f"{rating} out of 5 ({reviews} reviews)"),
    )  # fmt: skip
    return Observation(extractor_version="1", ratings=(given,))


def page(*facts: Plan | Term | Announcement, version: str = "1", outcome: Outcome = Outcome.FETCHED) -> Observation:
    """An observation of these facts."""
    return Observation(
        extractor_version=version, outcome=outcome,
        plans=tuple(fact for fact in facts if isinstance(fact, Plan)),
        terms=tuple(fact for fact in facts if isinstance(fact, Term)),
        announcements=tuple(fact for fact in facts if isinstance(fact, Announcement)),
    )  # fmt: skip


def april(version: str = "1") -> Observation:
    """The vendor's terms until the end of April 2026."""
    return page(
        plan("solo"), fee("solo", "10"), allowance("solo", "7500"), rate("solo", "0.03"),
        plan("starter"), fee("starter", "100"), allowance("starter", "30000"), rate("starter", "0.03"),
        rate(None, "0.005", metric="serverless_minute"), version=version,
    )  # fmt: skip


def may(version: str = "1") -> Observation:
    """The same page from 1 May 2026: no headline moved, nothing is included any more, rates rose."""
    return page(
        plan("solo"), fee("solo", "10"), nothing_included("solo"), rate("solo", "0.040"),
        plan("starter"), fee("starter", "100"), nothing_included("starter"), rate("starter", "0.035"),
        rate(None, "0.010", metric="serverless_minute"), version=version,
    )  # fmt: skip


WORKLOADS = (
    Workload(
        slug="one-seat-15000-credits",
        name="One seat with 15,000 credits",
        usage={"seat": Decimal(1), "credit": Decimal(15000)},
    ),
    Workload(slug="idle", name="One idle seat", usage={"seat": Decimal(1)}),
)


def accept(_: str, observation: Observation) -> GateState:
    """Accepts every page that is the page."""
    return GateState.ACCEPTED if observation.outcome is Outcome.FETCHED else GateState.REJECTED


def hold(_: str, observation: Observation) -> GateState:
    """Holds every page that is the page."""
    return GateState.HELD if observation.outcome is Outcome.FETCHED else GateState.REJECTED


@dataclass
class House:
    """A home folder with a log and a warehouse, and the pages that its captures hold."""

    root: Path
    sources: tuple[Source, ...] = ()
    products: tuple[Sold, ...] = (Sold(),)
    workloads: tuple[Workload, ...] = WORKLOADS
    thresholds: Thresholds = field(default_factory=Thresholds)
    judge: Judge = accept
    doubted: str = ""  # what the checks find on every page that is held
    check: str = "doubtful"  # which check finds it
    version: str = "1"
    renamed: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    pages: dict[str, Observation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sources = self.sources or (source(),)
        self.log = CaptureLog(self.root / "log.jsonl")
        self.path = self.root / "warehouse.duckdb"

    def open(self, path: Path | None = None) -> AbstractContextManager[Connection]:
        return open_warehouse(path or self.path, wait_seconds=5)

    def captured(
        self, observation: Observation | None, at: datetime, *, source_id: str = PAGE, origin: Origin = Origin.LIVE,
        recorded_at: datetime | None = None, outcome: Outcome = Outcome.FETCHED, bytes_: str | None = None,
    ) -> Capture:  # fmt: skip
        """Log a capture whose page holds this observation; equal observations are equal bytes unless said otherwise."""
        sha = None if observation is None else hashlib.sha256((bytes_ or repr(observation)).encode()).hexdigest()
        capture = Capture(
            id=capture_id(source_id, at, outcome, sha), source_id=source_id, url=f"https://vendor.test/{source_id}",
            outcome=outcome,
            captured_at=at, recorded_at=recorded_at or at, origin=origin, sha256=sha, status=200,
        )  # fmt: skip
        if observation is not None:
            self.pages[capture.id] = observation
        self.log.append([CaptureEntry(capture=capture)])
        return capture

    def decided(self, action: str, observation_id: str, at: datetime) -> None:
        self.log.append(
            [
                DecisionEntry(
                    action=action, by="Ada", at=at, why="checked with the vendor", observation_id=observation_id
                )
            ]
        )

    def refresh(self, con: Connection) -> list[refresh.Applied]:
        """What a refresh does until nothing is pending."""
        captures.register(con, self.sources, renamed=self.renamed)
        captures.sync(con, self.log)
        done = []
        batch = captures.pending_batch(con, extractor_version=self.version)
        while batch or not done:
            self.turn(con, batch)
            done.append(
                refresh.apply(con, products=self.products, workloads=self.workloads, thresholds=self.thresholds)
            )
            batch = captures.pending_batch(con, extractor_version=self.version)
        return done

    def turn(self, con: Connection, batch: captures.Batch) -> None:
        read = {capture.id: self.read(capture) for capture in batch.read}
        observations.stage(con, [(capture, read[capture.id]) for capture in batch.read])
        observations.confirm(con, batch.confirm)
        decisions = [
            Decision(
                observation_id=staged.observation_id,
                state=state,
                reason="as the test says",
                by="gate",
                at=staged.recorded_at,
            )
            for staged in observations.undecided(con)
            for state in [self.judge(staged.source_id, self.pages[staged.capture_id])]
        ]
        doubts = [one.observation_id for one in decisions if self.doubted and one.state is GateState.HELD]
        found = [
            Finding(check=self.check, observation_id=id_, severity=Severity.NOTICE, message=f"{self.doubted} {place}")
            for place, id_ in enumerate(doubts)
        ]
        observations.decide(con, decisions, findings=found)
        observations.decide_confirmed(con, self.thresholds)

    def read(self, capture: Capture) -> Observation:
        """What the present extractor makes of a page."""
        found = self.pages[capture.id]
        return Observation(
            extractor_version=self.version, outcome=found.outcome, plans=found.plans, terms=found.terms,
            ratings=found.ratings,
            announcements=found.announcements, cohorts=found.cohorts, conflicts=found.conflicts, diagnostics=found.diagnostics,
        )  # fmt: skip

    def see(self, con: Connection, observation: Observation, at: datetime, **more: object) -> refresh.Applied:
        """Capture one page and refresh; gives what that brought."""
        self.captured(observation, at, **more)
        return self.refresh(con)[0]


def source(id_: str = PAGE) -> Source:
    vendor, product, kind, *publisher = id_.split("/")
    return Source(
        id=id_, vendor=vendor, product=product, kind=SourceKind(kind), url=f"https://vendor.test/{id_}", currency="USD",
        publisher=publisher[0] if publisher else None,
    )  # fmt: skip
