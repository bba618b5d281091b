"""What is known, for judging: plans, terms and ratings with the time for which each held, and where each was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from pricing_pipeline.catalog import Catalog, StandingPlan, StandingRating, StandingTerm
from pricing_pipeline.facts import Plan, Rating, SourceKind, State, Surface, Term
from pricing_pipeline.results import Cost, Workload

Fact = TypeVar("Fact", Plan, Term, Rating)
Key = tuple[str, str]
"""Vendor and product: product slugs alone may be shared."""

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Price(Protocol):
    """What a plan charges a month at a workload: the arithmetic of the costs stage, handed in by who calls."""

    def __call__(
        self,
        plan: str,
        terms: Iterable[Term],
        workload: Workload,
        *,
        product_metrics: frozenset[str],
        plan_state: State = ...,
    ) -> Cost:
        """The cost of one plan."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, both ends included."""

    start: datetime
    end: datetime

    def holds(self, since: datetime, until: datetime | None) -> bool:
        """Whether something that held from `since` until just before `until` held at any moment of it."""
        return since <= self.end and (until is None or until > self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Generic[Fact]):
    """A fact, the time for which it held (`until` None: still), and the capture that it was read from."""

    vendor: str
    product: str
    fact: Fact
    since: datetime
    until: datetime | None
    url: str
    captured_at: datetime
    hosted: bool = True

    @property
    def key(self) -> Key:
        """Whose it is."""
        return (self.vendor, self.product)


AnyHeld = Held[Plan] | Held[Term] | Held[Rating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How a product and its vendor are called; `aliases` are other names of it, `plan_aliases` of its plans, by slug."""

    vendor: str
    product: str
    vendor_name: str
    product_name: str
    aliases: tuple[str, ...] = ()
    plan_aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def key(self) -> Key:
        """Vendor and product."""
        return (self.vendor, self.product)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """An editorial fact of the registry, with the page that says so."""

    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """Everything that claims are judged against, as of a moment. `licences` are editorial facts by vendor."""

    as_of: datetime
    products: tuple[Named, ...] = ()
    plans: tuple[Held[Plan], ...] = ()
    terms: tuple[Held[Term], ...] = ()
    ratings: tuple[Held[Rating], ...] = ()
    verified: Mapping[Key, datetime] = field(default_factory=dict)
    licences: Mapping[str, Sourced] = field(default_factory=dict)
    price: Price | None = None

    @cached_property
    def now(self) -> Window:
        """The moment as of which is judged."""
        return Window(self.as_of, self.as_of)

    @cached_property
    def _plans(self) -> dict[Key, list[Held[Plan]]]:
        return _by_product(self.plans)

    @cached_property
    def _terms(self) -> dict[tuple[Key, str | None], list[Held[Term]]]:
        grouped: dict[tuple[Key, str | None], list[Held[Term]]] = defaultdict(list)
        for held in self.terms:
            grouped[held.key, held.fact.plan].append(held)
        return grouped

    @cached_property
    def _ratings(self) -> dict[Key, list[Held[Rating]]]:
        return _by_product(self.ratings)

    @cached_property
    def names(self) -> Mapping[Key, Named]:
        """How each product is called."""
        return {named.key: named for named in self.products}

    def plans_of(self, key: Key, window: Window | None = None) -> list[Held[Plan]]:
        """The plans of a product that were offered in a window (now where none is given)."""
        return _within(self._plans.get(key, ()), window or self.now)

    def plans_ever(self, key: Key) -> Sequence[Held[Plan]]:
        """Every plan that a product ever had, as far as it is known."""
        return self._plans.get(key, ())

    def terms_of(self, key: Key, plan: str | None, window: Window | None = None) -> list[Held[Term]]:
        """The terms of a plan in a window, with those that hold for every plan; all of the product's without a plan."""
        window = window or self.now
        own = _within(self._terms.get((key, None), ()), window)
        slugs = [plan] if plan is not None else dict.fromkeys(held.fact.slug for held in self.plans_ever(key))
        return [held for slug in slugs for held in _within(self._terms.get((key, slug), ()), window)] + own

    def ratings_of(self, key: Key, window: Window | None = None) -> list[Held[Rating]]:
        """The ratings of a product in a window."""
        return _within(self._ratings.get(key, ()), window or self.now)

    def metrics_of(self, key: Key) -> frozenset[str]:
        """Every metric that a product ever mentioned in its visible offer."""
        return self._metrics.get(key, frozenset())

    @cached_property
    def _metrics(self) -> dict[Key, frozenset[str]]:
        found: dict[Key, set[str]] = defaultdict(set)
        for held in self.terms:
            if held.fact.metric and held.fact.evidence.surface is not Surface.INACTIVE_PANE:
                found[held.key].add(held.fact.metric)
        return {key: frozenset(metrics) for key, metrics in found.items()}

    def cost(self, key: Key, plan: str, usage: Workload, window: Window | None = None) -> Cost | None:
        """What a plan charged a month at a use; None where nobody handed in the arithmetic or the plan is not known."""
        state = next((held.fact.state for held in self.plans_of(key, window) if held.fact.slug == plan), None)
        if self.price is None or state is None:
            return None
        terms = [held.fact for held in self.terms_of(key, plan, window)]
        return self.price(plan, terms, usage, product_metrics=self.metrics_of(key), plan_state=state)


def known_of(
    catalog: Catalog,
    products: Iterable[Named],
    *,
    licences: Mapping[str, Sourced] | None = None,
    price: Price | None = None,
) -> Knowledge:
    """What a catalog knows: standing plans and ratings, and the whole history of terms."""
    return Knowledge(
        as_of=catalog.as_of,
        products=tuple(products),
        plans=tuple(_standing(row, row.plan, hosted=row.hosted) for row in catalog.plans),
        terms=_terms(catalog),
        ratings=tuple(_standing(row, row.rating) for row in catalog.ratings),
        verified=_verified(catalog),
        licences=dict(licences or {}),
        price=price,
    )


def _terms(catalog: Catalog) -> tuple[Held[Term], ...]:
    """What stands, and what stood before it; of the latter the capture is no longer known, only when it was read."""
    pages = {(one.vendor, one.product): one.url for one in catalog.sources if one.kind is SourceKind.PRICING}
    standing = [_standing(row, row.term) for row in catalog.terms]
    ended = [
        Held(
            vendor=row.vendor, product=row.product, fact=row.term, since=row.valid_from, until=row.valid_to,
            url=pages.get((row.vendor, row.product), ""), captured_at=row.recorded_at,
        )
        for row in catalog.history
        if row.valid_to is not None
    ]  # fmt: skip
    return (*standing, *ended)


def _standing(row: StandingPlan | StandingTerm | StandingRating, fact: Fact, *, hosted: bool = True) -> Held[Fact]:
    where = row.provenance
    return Held(
        vendor=row.vendor, product=row.product, fact=fact, since=where.valid_from, until=None, url=where.url,
        captured_at=where.captured_at, hosted=hosted,
    )  # fmt: skip


def _verified(catalog: Catalog) -> dict[Key, datetime]:
    """When the oldest fact of each product was last confirmed."""
    found: dict[Key, datetime] = {}
    rows: tuple[StandingPlan | StandingTerm, ...] = (*catalog.plans, *catalog.terms)
    for row in rows:
        key, at = (row.vendor, row.product), row.provenance.verified_at
        found[key] = min(found.get(key, at), at)
    return found


def _by_product(rows: Iterable[Held[Fact]]) -> dict[Key, list[Held[Fact]]]:
    grouped: dict[Key, list[Held[Fact]]] = defaultdict(list)
    for held in rows:
        grouped[held.key].append(held)
    return grouped


def _within(rows: Iterable[Held[Fact]], window: Window) -> list[Held[Fact]]:
    return [held for held in rows if window.holds(held.since, held.until)]
