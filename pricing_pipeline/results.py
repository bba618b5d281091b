"""What the stages conclude from facts: workloads and costs, changes, findings and decisions. Values only, no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pricing_pipeline.facts import Announcement, Cause, Cohort, GateState, Lever, Plan, Rating, Severity, State, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one source says of one product at one moment: the part of an observation that history keeps."""

    plans: tuple[Plan, ...] = ()
    terms: tuple[Term, ...] = ()
    ratings: tuple[Rating, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    cohorts: tuple[Cohort, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A named amount of use a month: metric to quantity. `products` limits it to some products; empty means all."""

    slug: str
    name: str
    usage: Mapping[str, Decimal]
    products: tuple[str, ...] = ()


class CostState(StrEnum):
    """How a cost is known. Only exact and range carry figures."""

    EXACT = "exact"
    RANGE = "range"
    UNKNOWN = "unknown"
    CONTACT_SALES = "contact_sales"
    INFEASIBLE = "infeasible"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostStep:
    """One line of a sum, such as `15,000 credits over 7,500 included: 7,500 × $0.03` and its money."""

    text: str
    low: Decimal | None
    high: Decimal | None
    term_key: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan charges a month at a workload, in `currency`; `reason` says why where there is no figure."""

    state: CostState
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    steps: tuple[CostStep, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPiece:
    """What a plan charges a month from above `start` up to `end` units of one metric (None: however many): straight lines.

    `low` and `high` are both bounds of the bill where the piece begins, seen from above, and `low_rise` and `high_rise`
    what each unit adds. Without a figure these are zero, and `reason` says why. `keys` are of the terms it rests on.
    """

    start: Decimal
    end: Decimal | None
    state: CostState
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    low_rise: Decimal = Decimal(0)
    high_rise: Decimal = Decimal(0)
    currency: str | None = None
    reason: str = ""
    keys: tuple[tuple[str | None, ...], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is a figure."""
        return self.state in (CostState.EXACT, CostState.RANGE)

    def at(self, quantity: Decimal) -> tuple[Decimal, Decimal]:
        """Both bounds of the bill at a quantity within the piece."""
        more = quantity - self.start
        return self.low + self.low_rise * more, self.high + self.high_rise * more


@dataclass(frozen=True, slots=True, kw_only=True)
class CheapestRange:
    """Which plans are the cheapest from above `start` up to `end` units of a metric: several where they tie, none where
    no bill is known or their ranges overlap. `unknown` are plans whose bill has no figure there and might be less.
    """

    start: Decimal
    end: Decimal | None
    cheapest: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRange:
    """One of the ranges of use of which an edition says who is the cheapest there, for one of the plans that are.

    `verdict` is the published id of all ranges of one question, `position` counts them from 1, and `compared` are the
    products (`vendor/product`) whose plans were weighed along `metric` with `besides` used besides. It holds above `above`
    (None: from nothing on) and up to `up_to` (None: however much). `vendor`, `product` and `plan` are None where no plan
    is known to be the cheapest; `unknown` are plans (`vendor/product/plan`) whose bill has no figure there.
    """

    verdict: str
    position: int
    compared: tuple[str, ...]
    metric: str
    besides: Mapping[str, Decimal]
    above: Decimal | None
    up_to: Decimal | None
    vendor: str | None = None
    product: str | None = None
    plan: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One plan of a comparison: its name in the answer, the terms of its product, and all metrics that this mentions."""

    name: str
    plan: str
    terms: tuple[Term, ...]
    product_metrics: frozenset[str]
    state: State = State.STATED


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """From above `quantity` units a month of `metric` on, `cheaper_above` is the cheaper plan; below it
    `cheaper_below`. `keys` are of the terms that both bills rest on."""

    metric: str
    quantity: Decimal
    cheaper_below: str
    cheaper_above: str
    keys: tuple[tuple[str | None, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlan:
    """One plan at one workload. `rank` 1 is the cheapest hosted self-service plan of its product there; None is unranked."""

    vendor: str
    product: str
    plan: str
    workload: str
    cost: Cost
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEffect:
    """What a change does to the monthly cost at one workload (a named one, or a plan's own allowance point)."""

    workload: str
    workload_name: str
    plan: str | None
    before: Cost
    after: Cost


class Promise(StrEnum):
    """What became of an announced change: it stands ready, or its page confirmed it, took it back, put another in its
    place, or let its day pass."""

    STANDING = "standing"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference between two observations of a source, as an editor would be told of it.

    `before` and `after` are the values as plain text (`7500`, `0.03`, `free` …); the terms or ratings that they
    come from stand beside.
    `costs` hold the bills of the grid that are mainly its doing. `promise` is what became of a change that
    was announced before its day, known since `settled_at`.
    """

    id: str
    vendor: str
    product: str
    plan: str | None
    lever: Lever
    kind: str
    observed_at: datetime
    cause: Cause
    severity: Severity
    state: GateState
    verdict: str
    metric: str | None = None
    before: str | None = None
    after: str | None = None
    currency: str | None = None
    announced_at: datetime | None = None
    effective_at: date | None = None
    before_term: Term | None = None
    after_term: Term | None = None
    before_rating: Rating | None = None
    after_rating: Rating | None = None
    costs: tuple[CostEffect, ...] = ()
    observation_id: str | None = None
    promise: Promise | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an expectation found wrong with one observation. The gate alone decides what follows from it.

    `suspicion` is the named misreading it looks like (`x12`, `div12`, `x10`, `x100`, `x1000` …), where it has one.
    """

    check: str
    observation_id: str
    severity: Severity
    message: str
    suspicion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternation:
    """A page goes back and forth between states that were told of: since when, and how many times it has."""

    since: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of an observation, why, and who said so (`gate`, `confirmation`, or a person's name).

    `alternation` is set where it is held because its page goes back and forth: it then has to stay for longer.
    """

    observation_id: str
    state: GateState
    reason: str
    by: str
    at: datetime
    alternation: Alternation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The figures of thresholds.yaml by which changes are judged and observations are held."""

    critical_cost_ratio: Decimal = Decimal("1.25")
    notice_cost_ratio: Decimal = Decimal("1.05")
    plan_collapse_ratio: Decimal = Decimal("0.5")
    review_count_fall_ratio: Decimal = Decimal("0.8")
    rating_move: Decimal = Decimal("0.1")
    low_confidence: Decimal = Decimal("0.5")
    confirm_captures: int = 3
    confirm_hours: int = 48
    alternation_days: int = 14
    suspicious_ratio_tolerance: Decimal = Decimal("0.005")
    suspicious_leap: Decimal = Decimal(100)
    suspicious_ratios: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "x10": Decimal(10), "x12": Decimal(12), "x100": Decimal(100), "x1000": Decimal(1000),
        }
    )  # fmt: skip
