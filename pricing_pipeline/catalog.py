"""What stands at one moment, as plain values: what the warehouse hands to publishing, reports and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pricing_pipeline.facts import Cohort, Conflict, GateState, Outcome, Plan, Rating, Source, Term
from pricing_pipeline.results import Alternation, Change, Cost, PricedPlan, Workload


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
class Rhythm:
    """How one source moves: since when it has said the same, and the days for which its product announced something."""

    quiet_since: datetime | None = None
    announced: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """That a fact was read on no page: the file it was imported from, who vouches for it, and its last day."""

    file: str
    who: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a standing fact comes from, and since when it holds and is believed.

    An imported fact has no captured page: `url` names its document (an address, or a name), `captured_at` is the day on
    which it was observed there.
    """

    source_id: str
    url: str
    capture_id: str
    sha256: str
    captured_at: datetime
    verified_at: datetime
    valid_from: datetime
    recorded_at: datetime
    imported: Imported | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """An imported fact whose last day is over, and since when it is no longer confirmed."""

    vendor: str
    product: str
    fact: Term | Rating
    document: str
    imported: Imported
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPlan:
    """A plan that is offered now.

    `hosted` is false for editions that one runs oneself; `position` is its place on the page; `formerly` are the names
    that it had before, as people confirmed.
    """

    vendor: str
    product: str
    plan: Plan
    position: int
    hosted: bool
    provenance: Provenance
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPlan:
    """A name that a plan had before, as a person confirmed: `former` and `plan` are slugs."""

    vendor: str
    product: str
    former: str
    former_name: str
    plan: str


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
class AnnouncedTerm:
    """A term as it is announced to be from its `effective_from` on, a day that has not come.

    `provenance.captured_at` is when that was read first; `before` is what holds until then, None where nothing does.
    """

    vendor: str
    product: str
    term: Term
    provenance: Provenance
    before: Term | None = None


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
    """One believed interval of a term's history; `valid_to` None is open. `is_ahead` says that it has not begun: it is
    announced; `is_of_merged` that it is the past of a product that was merged into the one in question."""

    vendor: str
    product: str
    term: Term
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime
    is_ahead: bool = False
    is_of_merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPeriod:
    """One believed interval of what a plan cost a month at a workload, without its steps; `valid_to` None is open."""

    vendor: str
    product: str
    plan: str
    workload: str
    cost: Cost
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPeriod:
    """For how long a page promised something to some customers only; `valid_to` None is still."""

    vendor: str
    product: str
    cohort: Cohort
    valid_from: datetime
    valid_to: datetime | None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldObservation:
    """An observation that waits for a person or for confirmation.

    `confirmations` captures have said so, the last at `confirmed_at`; `confirms_itself` is false where no number of
    them is enough, so that a person must decide. `conflicts` are what its page contradicts itself about. `alternation`
    is set where its page goes back and forth, so that it must stay for longer.
    """

    observation_id: str
    source_id: str
    vendor: str
    product: str
    captured_at: datetime
    state: GateState
    reason: str
    confirmations: int
    changes: tuple[Change, ...] = ()
    url: str = ""
    confirmed_at: datetime | None = None
    confirms_itself: bool = True
    conflicts: tuple[Conflict, ...] = ()
    alternation: Alternation | None = None


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
    announced: tuple[AnnouncedTerm, ...] = ()
    ratings: tuple[StandingRating, ...] = ()
    history: tuple[TermPeriod, ...] = ()
    cohorts: tuple[CohortPeriod, ...] = ()
    changes: tuple[Change, ...] = ()
    costs: tuple[PricedPlan, ...] = ()
    lapsed: tuple[Lapsed, ...] = ()
    former_plans: tuple[FormerPlan, ...] = ()
    workloads: tuple[Workload, ...] = ()
    held: tuple[HeldObservation, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    cost_history: tuple[CostPeriod, ...] = ()
    demo: bool = False
