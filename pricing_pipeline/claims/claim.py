"""What a claim is: a statement about somebody, with the words that make it and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pricing_pipeline.claims.dates import When
from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.passages import Place


class Kind(StrEnum):
    """What a claim is about."""

    AMOUNT = "amount"
    RATE = "rate"
    COUNT = "count"
    RATING = "rating"
    REVIEW_COUNT = "review_count"
    FREE_TIER = "free_tier"
    ON_REQUEST = "on_request"
    OPEN_SOURCE = "open_source"
    COMPARISON = "comparison"
    SUPERLATIVE = "superlative"
    PLAN_NAME = "plan_name"
    PLAN_COUNT = "plan_count"
    DATE = "date"
    RATIO = "ratio"
    MULTIPLE = "multiple"
    CHANGE = "change"
    BASIS = "basis"


class Order(StrEnum):
    """What a comparison or superlative orders by, and which end of it is meant."""

    CHEAPER = "cheaper"
    DEARER = "dearer"
    SAME_PRICE = "same_price"
    RATED_HIGHER = "rated_higher"
    RATED_LOWER = "rated_lower"
    MORE_REVIEWS = "more_reviews"
    FEWER_REVIEWS = "fewer_reviews"


class PlanSort(StrEnum):
    """What plans that are counted have in common."""

    ANY = "any"
    ASKED = "asked"
    PRICED = "priced"
    FREE = "free"


class Way(StrEnum):
    """Which way something went."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a claim speaks of: a product, or one of its plans. `vendor_only` where just the vendor was named."""

    vendor: str
    product: str
    plan: str | None = None
    vendor_only: bool = False

    @property
    def key(self) -> Key:
        """Vendor and product."""
        return (self.vendor, self.product)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """An amount of money, as the text rounds it (`about`, `over`, `under`, `from`, `up_to`).

    `usage` is the use at which it is said to arise, by metric; then it is a monthly cost and no fee; where the use
    only heads the text (`is_headed`), it may be a fee. `is_loose` marks one that no word calls a price, `is_change` one
    that something went from or to.
    """

    amount: Decimal
    amount_max: Decimal | None = None
    currency: str | None = None
    period: str | None = None
    commitment: str | None = None
    metric: str | None = None
    per_quantity: Decimal | None = None
    qualifier: str | None = None
    usage: Mapping[str, Decimal] = field(default_factory=dict)
    is_headed: bool = False
    is_loose: bool = False
    is_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many of a metric, `unlimited`, or none at all (`quantity` 0); of any metric where the text names none."""

    metric: str | None
    quantity: Decimal | None = None
    quantity_max: Decimal | None = None
    unlimited: bool = False
    period: str | None = None
    bound: str | None = None
    qualifier: str | None = None
    is_loose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A rating on a scale at a publisher; `rating` None says that there are no ratings."""

    rating: Decimal | None = None
    scale: Decimal | None = None
    publisher: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """So many reviews at a publisher."""

    count: Decimal
    publisher: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """That something is free, or that nothing is. `hosted_only` where a plan or tier is meant and not a program."""

    is_offered: bool
    hosted_only: bool = True


@dataclass(frozen=True, slots=True)
class OnRequest:
    """That a plan has no published price, or has one."""

    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class OpenSource:
    """That a product is open source, or is not."""

    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """That the subject comes before `others` in an order, at a use where one is named.

    `bound` says whether it holds `below` or `above` that use. `is_conditional` marks words that limit it in a way that
    is not understood ("for heavy use").
    """

    order: Order
    others: tuple[Subject, ...]
    usage: Mapping[str, Decimal] = field(default_factory=dict)
    bound: str | None = None
    publisher: str | None = None
    is_conditional: bool = False
    is_negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Foremost:
    """That the subject is the first of all in an order: of its product's plans, or of `rivals` (products)."""

    order: Order
    rivals: tuple[Key, ...] = ()
    is_paid_only: bool = False
    usage: Mapping[str, Decimal] = field(default_factory=dict)
    publisher: str | None = None
    is_conditional: bool = False
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class PlanNamed:
    """That the subject has a plan of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class PlanCounted:
    """That the subject has so many plans of a sort. `is_paid_only` leaves free ones out; `products` are counted together."""

    count: Decimal
    is_paid_only: bool = False
    sort: PlanSort = PlanSort.ANY
    products: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """That what `said` says began, ended or was confirmed at the claim's time."""

    said: Charged | Counted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """That the subject costs `factor` times what `others` do, by the unit `metric` where one is named.

    `own` are two figures of the text itself of which it is said instead.
    """

    factor: Decimal
    others: tuple[Subject, ...] = ()
    own: tuple[Decimal, Decimal] | None = None
    usage: Mapping[str, Decimal] = field(default_factory=dict)
    metric: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """That the subject costs so much less, or more, a month than `others`."""

    amount: Decimal
    others: tuple[Subject, ...]
    is_less: bool
    qualifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """That who pays by the year saves a share (0.2 is 20 %) of what paying by the month costs."""

    share: Decimal
    qualifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """That a price or a number of the subject became `factor` times what it was; of one unit where `metric` names it."""

    factor: Decimal
    metric: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """That something is `factor` times something else, of which the words do not say what: `of` is money or a unit."""

    factor: Decimal
    of: str | None = None
    is_rounded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdone:
    """That the subject charges, or holds, more or less of one unit than `others`."""

    metric: str
    is_rate: bool
    is_more: bool
    others: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """That two plans, the subjects or any of theirs, cost the same a month at so much use; of any unit where none is named."""

    quantity: Decimal
    metric: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifted:
    """That what is charged or held rose, fell or stayed: `what` is fee, rate, allowance, cost or anything."""

    what: str
    way: Way
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Licensed:
    """That a vendor's program is under a licence: its short name in small letters."""

    name: str


@dataclass(frozen=True, slots=True)
class Based:
    """That a plan's fee is for each of a unit, or for all there are (None)."""

    metric: str | None


@dataclass(frozen=True, slots=True)
class Denied:
    """That what `said` says is not so."""

    said: Charged | Counted


Said = (
    Charged
    | Counted
    | Scored
    | Reviewed
    | Free
    | OnRequest
    | OpenSource
    | Compared
    | Foremost
    | PlanNamed
    | PlanCounted
    | Dated
    | Times
    | Apart
    | Saved
    | Moved
    | Multiple
    | Crossed
    | Outdone
    | Shifted
    | Based
    | Licensed
    | Denied
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement. `subjects` are those who may be meant: one where it is certain, none where nobody is recognised.

    `text` is what stands there from `place` to `end`, `sentence` the sentence around it; `passage` and `start` say
    where it stands among the passages that were read.
    """

    kind: Kind
    said: Said
    subjects: tuple[Subject, ...]
    text: str
    sentence: str
    place: Place
    end: Place
    passage: int
    start: int
    when: When | None = None
    advice: Subject | None = None
