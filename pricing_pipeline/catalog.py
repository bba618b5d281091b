"""What stands at one moment, as plain values: what the warehouse hands to publishing, reports and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pricing_pipeline.facts import GateState, Outcome, Plan, Rating, Source, Term
from pricing_pipeline.results import Change, PricedPlan, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """Where one source stands.

    `checked_at` is the last attempt, `verified_at` the last time its accepted facts were confirmed by a page we read, and
    `since` when its present outcome began. `sha256`, `etag` and `last_modified` are those of the last page that was fetched.
    """

    source_id: str
    outcome: Outcome | None = None
    checked_at: datetime | None = None
    verified_at: datetime | None = None
    since: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    held: bool = False
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a standing fact comes from, and since when it holds and is believed."""

    source_id: str
    url: str
    capture_id: str
    sha256: str
    captured_at: datetime
    verified_at: datetime
    valid_from: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPlan:
    """A plan that is offered now. `hosted` is false for editions that one runs oneself; `position` is its place on the page."""

    vendor: str
    product: str
    plan: Plan
    position: int
    hosted: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTerm:
    """A term that holds now, what it was before, and whether a held observation says otherwise (`pending`)."""

    vendor: str
    product: str
    term: Term
    provenance: Provenance
    previous: Term | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRating:
    """A rating that holds now."""

    vendor: str
    product: str
    rating: Rating
    provenance: Provenance
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPeriod:
    """One believed interval of a term's history; `valid_to` None is open."""

    vendor: str
    product: str
    term: Term
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldObservation:
    """An observation that waits for a person or for confirmation."""

    observation_id: str
    source_id: str
    vendor: str
    product: str
    captured_at: datetime
    state: GateState
    reason: str
    confirmations: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One expectation, judged once. `status` is passed, failed, broken (it raised) or empty (nothing was checked)."""

    suite: str
    check: str
    status: str
    severity: str
    checked: int
    unexpected: int
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything an edition is made of. Rows are in a fixed order: vendor, product, page position, key.

    `as_of` is when the newest fact or verification was recorded: the edition's own clock, so that the same warehouse
    always gives the same bytes. `demo` is set where the pages were examples and not the vendors' own.
    """

    as_of: datetime
    sources: tuple[Source, ...] = ()
    states: tuple[SourceState, ...] = ()
    plans: tuple[StandingPlan, ...] = ()
    terms: tuple[StandingTerm, ...] = ()
    ratings: tuple[StandingRating, ...] = ()
    history: tuple[TermPeriod, ...] = ()
    changes: tuple[Change, ...] = ()
    costs: tuple[PricedPlan, ...] = ()
    workloads: tuple[Workload, ...] = ()
    held: tuple[HeldObservation, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    demo: bool = False
