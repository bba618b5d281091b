"""The values that pass between the stages: frozen, typed, with no behaviour but their invariants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

# DECIMAL(20,10) at rest: ten digits before the point and ten behind it.
AMOUNT_LIMIT = Decimal("1e10")
AMOUNT_PLACES = 10


class TermKind(StrEnum):
    """What sort of fact a term is."""

    RECURRING_FEE = "recurring_fee"
    USAGE_RATE = "usage_rate"
    ALLOWANCE = "allowance"
    LIMIT = "limit"
    MINIMUM_SPEND = "minimum_spend"
    ONE_TIME_FEE = "one_time_fee"
    UNIT_DEFINITION = "unit_definition"


class State(StrEnum):
    """How a term is known. Unknown is not zero: these never collapse into one another."""

    STATED = "stated"
    FREE = "free"
    UNLIMITED = "unlimited"
    CONTACT_SALES = "contact_sales"
    NOT_INCLUDED = "not_included"
    NOT_STATED = "not_stated"


class Surface(StrEnum):
    """The part of a capture that a quote stands in."""

    VISIBLE = "visible"
    INACTIVE_PANE = "inactive_pane"
    ATTRIBUTE = "attribute"
    STRUCTURED = "structured"


class PriceKind(StrEnum):
    """Which of a plan's prices an amount is; `list` is a struck-through price beside the one that is asked."""

    STANDARD = "standard"
    FROM = "from"
    LIST = "list"
    PROMO = "promo"


class TierMode(StrEnum):
    """How bands combine: graduated bands add up, a volume band holds for the whole quantity."""

    GRADUATED = "graduated"
    VOLUME = "volume"


class SourceKind(StrEnum):
    """What a source is watched for."""

    PRICING = "pricing"
    REVIEWS = "reviews"
    ANNOUNCEMENT = "announcement"


class Origin(StrEnum):
    """Whether a capture was fetched (or replayed as if fetched) live, or came late out of an archive."""

    LIVE = "live"
    ARCHIVE = "archive"


class Outcome(StrEnum):
    """How one attempt to fetch and recognise a source ended."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    ROBOTS_DENIED = "robots_denied"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"
    WRONG_PAGE = "wrong_page"
    INCOMPLETE = "incomplete"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    NETWORK_ERROR = "network_error"
    TOO_LARGE = "too_large"
    UNSAFE_URL = "unsafe_url"
    NOT_HTML = "not_html"


class Lever(StrEnum):
    """What a vendor can move."""

    HEADLINE = "headline"
    ALLOWANCE = "allowance"
    UNIT_PRICE = "unit_price"
    UNIT = "unit"
    METER = "meter"
    STRUCTURE = "structure"
    REVIEWS = "reviews"
    COST = "cost"


class Cause(StrEnum):
    """Why two observations differ. Only `vendor` is the vendor's doing."""

    VENDOR = "vendor"
    EXTRACTOR = "extractor"
    CORRECTION = "correction"
    BACKFILL = "backfill"
    VIEW = "view"


class Severity(StrEnum):
    """How much a change matters to somebody who pays."""

    INFO = "info"
    NOTICE = "notice"
    CRITICAL = "critical"


class GateState(StrEnum):
    """What the gate, or a person, decided about an observation."""

    ACCEPTED = "accepted"
    HELD = "held"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The verbatim quote that a fact was read from (white space folded), and where in the capture it stands."""

    quote: str
    locator: str
    surface: Surface = Surface.VISIBLE

    def __post_init__(self) -> None:
        if not self.quote.strip():
            raise ValueError("evidence needs a quote: nothing is published without one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One typed fact about a plan, or about every plan of a product where `plan` is None.

    `amount` and `amount_max` are in units of `currency` (ISO 4217) for `per_quantity` of `metric` (1 where None), charged
    each `billing_period`; `quantity` is in units of `metric`. A tier runs from above `tier_from` up to and including `tier_to`.
    """

    plan: str | None
    term: TermKind
    evidence: Evidence
    metric: str | None = None
    state: State = State.STATED
    amount: Decimal | None = None
    amount_max: Decimal | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    per_quantity: Decimal | None = None
    billing_period: str | None = None
    commitment: str | None = None
    tier_from: Decimal | None = None
    tier_to: Decimal | None = None
    price_kind: PriceKind = PriceKind.STANDARD
    tier_mode: TierMode | None = None
    unit_as_printed: str | None = None
    country: str | None = None
    confidence: Decimal = Decimal(1)
    effective_from: date | None = None

    def __post_init__(self) -> None:
        for name in ("amount", "amount_max", "quantity", "per_quantity", "tier_from", "tier_to"):
            _require_storable(name, getattr(self, name))
        if self.amount is not None and self.state is not State.STATED:
            raise ValueError(f"a {self.state} term has no amount, not {self.amount}")

    @property
    def key(self) -> tuple[str | None, ...]:
        """What makes this the same term in two observations of one product.

        A struck-through list price stands beside the price that is asked, so it is a term of its own.
        """
        tier = None if self.tier_from is None else f"{self.tier_from.normalize():f}"
        listed = "list" if self.price_kind is PriceKind.LIST else None
        return (
            self.plan,
            self.country,
            self.term,
            self.metric,
            self.billing_period,
            self.commitment,
            self.currency,
            tier,
            listed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A named tier. `state` is stated, free or contact_sales."""

    slug: str
    name: str
    state: State
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Average, scale and counts of the reviews of a product at one publisher. `state` is stated or one of the two below."""

    state: RatingState
    evidence: Evidence
    publisher: str | None = None
    rating: Decimal | None = None
    scale: Decimal | None = None
    rating_count: int | None = None
    review_count: int | None = None
    window: str | None = None


class RatingState(StrEnum):
    """How a rating is known."""

    STATED = "stated"
    NO_RATINGS_YET = "no_ratings_yet"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A dated statement on a page that terms change, or have changed, on a day. `plans` is empty where it names none.

    `terms` are what it says will hold from that day (each with that `effective_from`), `former` what it says held until
    then. They say no more than the sentence does: which term of the product they are, the later stages find. So they
    are no terms of the page as it stands.
    """

    effective_from: date
    evidence: Evidence
    plans: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    former: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """What a page promises some customers only, mostly those that it has, word for word: no part of the offer to everybody.

    `plan` is None where it names none. `joined_before` is the day before which one must have come, `until` the last day of
    the promise, where the sentence names them.
    """

    evidence: Evidence
    plan: str | None = None
    joined_before: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Surfaces of one page that disagree about one term; nobody picks, both quotes are kept."""

    plan: str | None
    term: TermKind
    metric: str | None
    readings: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Why something was not read. `code` is an outcome, or no_facts, script_only, low_confidence, recipe_failed."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The facts that one extractor version read out of one page. Term.plan refers to Plan.slug."""

    extractor_version: str
    outcome: Outcome = Outcome.FETCHED
    plans: tuple[Plan, ...] = ()
    terms: tuple[Term, ...] = ()
    ratings: tuple[Rating, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def __post_init__(self) -> None:
        known = {plan.slug for plan in self.plans}
        if len(known) != len(self.plans):
            raise ValueError("two plans of one observation share a slug")
        strangers = {term.plan for term in self.terms if term.plan is not None} - known
        if strangers:
            raise ValueError(f"terms of plans that the observation does not hold: {sorted(strangers)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One page to watch, as the registry declares it.

    `id` is `vendor/product/kind` or `vendor/product/kind/publisher` and stays the same when the address moves.
    `locale` is how its numbers are written, empty where the page itself says so; `currency` what a bare dollar sign means there;
    `every_hours` the most often it is asked for; `also` hosts of other sites that its address may redirect to.
    """

    id: str
    vendor: str
    product: str
    kind: SourceKind
    url: str
    publisher: str | None = None
    every_hours: int = 24
    locale: str = ""
    currency: str | None = None
    country: str | None = None
    expect: tuple[str, ...] = ()
    recipe: Recipe | None = None
    render: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """CSS selectors that override the generic reading of one source; those left out are read generically."""

    plan: str | None = None
    name: str | None = None
    price: str | None = None
    period: str | None = None
    terms: str | None = None
    rating: str | None = None
    review_count: str | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One attempt to fetch a source, and its outcome. The bytes lie in the blob store under `sha256`.

    `captured_at` is when the page was served; `recorded_at` when we came to hold it (the same for a live capture).
    `not_before` is when the host asked us to come back.
    """

    id: str
    source_id: str
    url: str
    outcome: Outcome
    captured_at: datetime
    recorded_at: datetime
    origin: Origin = Origin.LIVE
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    sha256: str | None = None
    size: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_before: datetime | None = None
    message: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.captured_at, self.recorded_at, self.not_before):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError("times are UTC and aware")


def _require_storable(name: str, value: Decimal | None) -> None:
    if value is None:
        return
    if not value.is_finite() or abs(value) >= AMOUNT_LIMIT or value != round(value, AMOUNT_PLACES):
        raise ValueError(f"{name} {value} does not fit DECIMAL(20,10) exactly: read it as unparsed instead")
