"""The catalog by product, vendor and source, so that a page costs what it shows and not what the catalog holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Protocol, TypeVar, cast

from pricing_pipeline.catalog import (
    Catalog,
    CostPeriod,
    HeldObservation,
    Provenance,
    SourceState,
    StandingPlan,
    StandingRating,
    StandingTerm,
    TermPeriod,
)
from pricing_pipeline.facts import Cause, GateState, Lever, Outcome, Severity, Source
from pricing_pipeline.publish.days import stale_sources
from pricing_pipeline.publish.phrases import line
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.registry.workloads import OWN
from pricing_pipeline.results import Change, PricedPlan, Workload

_Row = TypeVar("_Row", bound="_OfProduct")
_Made = TypeVar("_Made")
_SEVERITIES = (Severity.CRITICAL, Severity.NOTICE, Severity.INFO)
_LEVERS = tuple(Lever)
_READ = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED})


class Names:
    """How vendors and products are called; spoken slugs serve where the registry does not hold them."""

    def __init__(self, registry: Registry) -> None:
        """Read the names once."""
        self._vendors = {vendor.slug: line(vendor.name, 120) for vendor in registry.vendors}
        self._products = {product.slug: line(product.name, 120) for product in registry.products}

    def vendor(self, slug: str) -> str:
        """A vendor's name."""
        return self._vendors.get(slug) or _spoken(slug)

    def product(self, slug: str) -> str:
        """A product's name."""
        return self._products.get(slug) or _spoken(slug)


class Shelf:
    """One catalog, sorted for reading. Rows keep the catalog's order."""

    def __init__(self, catalog: Catalog, registry: Registry, *, stale: frozenset[str] | None = None) -> None:
        """Group every kind of row once. `stale` are the sources not confirmed for too long, where the times of the
        catalog are too coarse to tell."""
        self.stale = stale_sources(catalog) if stale is None else stale
        self.catalog = catalog
        self.registry = registry
        self.names = Names(registry)
        self.plans: Mapping[str, list[StandingPlan]] = _by(catalog.plans)
        self.terms: Mapping[str, list[StandingTerm]] = _by(catalog.terms)
        self.ratings: Mapping[str, list[StandingRating]] = _by(catalog.ratings)
        self.history: Mapping[str, list[TermPeriod]] = _by(catalog.history)
        self.held: Mapping[str, list[HeldObservation]] = _by(catalog.held)
        self.costs: Mapping[str, list[PricedPlan]] = _by(catalog.costs)
        self.cost_history: Mapping[str, list[CostPeriod]] = _by(catalog.cost_history)
        self.sources: Mapping[str, list[Source]] = _by(catalog.sources)
        self.changes: Mapping[str, list[Change]] = _by(sorted(catalog.changes, key=_newest_first))
        self.workloads: Mapping[str, Workload] = {workload.slug: workload for workload in catalog.workloads}
        self._places = {workload.slug: place for place, workload in enumerate(catalog.workloads)}
        self._kept: dict[tuple[object, ...], object] = {}
        self.states: Mapping[str, SourceState] = {state.source_id: state for state in catalog.states}
        self.source: Mapping[str, Source] = {source.id: source for source in catalog.sources}

    def once(self, make: Callable[[Shelf, str], _Made], product: str) -> _Made:
        """What a function makes of a product, made once: many pages show the same products."""
        key = (make, product)
        if key not in self._kept:
            self._kept[key] = make(self, product)
        return cast(_Made, self._kept[key])

    def kept(self, key: tuple[object, ...], make: Callable[[], _Made]) -> _Made:
        """What a function makes, made once under a key."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast(_Made, self._kept[key])

    @cached_property
    def workloads_named(self) -> list[Workload]:
        """The workloads that have names of their own."""
        return [workload for workload in self.catalog.workloads if not workload.slug.startswith(OWN)]

    @cached_property
    def workloads_own(self) -> Mapping[str, list[Workload]]:
        """The allowance points of each product's own plans."""
        points: dict[str, list[Workload]] = defaultdict(list)
        for workload in self.catalog.workloads:
            if workload.slug.startswith(OWN):
                for product in workload.products:
                    points[product].append(workload)
        return points

    @cached_property
    def vendor_of(self) -> Mapping[str, str]:
        """The vendor of each product that is registered or stands."""
        rows: Iterable[Source | StandingPlan | StandingTerm | StandingRating] = (
            *self.catalog.sources,
            *self.catalog.plans,
            *self.catalog.terms,
            *self.catalog.ratings,
        )
        return {row.product: row.vendor for row in rows}

    @cached_property
    def products_of(self) -> Mapping[str, list[str]]:
        """The products of each vendor."""
        products: dict[str, list[str]] = defaultdict(list)
        for product, vendor in self.vendor_of.items():
            products[vendor].append(product)
        return products

    @cached_property
    def terms_by_key(self) -> Mapping[tuple[str, tuple[str | None, ...]], StandingTerm]:
        """Standing terms by product and key: where the steps of a sum point."""
        return {(standing.product, standing.term.key): standing for standing in self.catalog.terms}

    def place_of(self, workload: str) -> int:
        """Where a workload stands among the others; one that is not known comes last."""
        return self._places.get(workload, len(self._places))

    def holds(self, product: str) -> bool:
        """Whether anything stands about a product."""
        return bool(self.plans.get(product) or self.terms.get(product) or self.ratings.get(product))

    def provenances(self, product: str) -> list[Provenance]:
        """Where the standing facts of a product come from."""
        rows = (*self.plans.get(product, ()), *self.terms.get(product, ()), *self.ratings.get(product, ()))
        return [row.provenance for row in rows]

    def verified(self, products: Iterable[str]) -> datetime | None:
        """When the oldest fact about some products was last confirmed: a page is as old as its oldest cell.

        An imported fact is vouched for until its last day, which stands beside it; it says nothing of how old pages are.
        """
        read = (p for product in products for p in self.provenances(product) if p.imported is None)
        return min((p.verified_at for p in read), default=None)

    def troubles(self, product: str) -> list[tuple[Source, SourceState]]:
        """The sources of a product that were not read at the last attempt."""
        pairs = [(source, self.states.get(source.id)) for source in self.sources.get(product, ())]
        return [(source, state) for source, state in pairs if state is not None and is_broken(state)]

    def told(self, products: Iterable[str]) -> list[Change]:
        """What the vendors changed, newest first; what is held is among it, what was rejected is not."""
        found = [
            change
            for product in products
            for change in self.changes.get(product, ())
            if change.cause is Cause.VENDOR and change.state is not GateState.REJECTED
        ]
        return sorted(found, key=_newest_first)

    def taken_in(self, products: Iterable[str]) -> list[str]:
        """The products that were merged into these, at once or by way of others; none of these themselves."""
        given = tuple(products)
        merged = (one.slug for product in given for one in self.registry.taken_in(product))
        return [slug for slug in dict.fromkeys(merged) if slug not in given]

    def basis(self, priced: PricedPlan) -> list[StandingTerm]:
        """The standing terms that a sum was made of."""
        keys = [step.term_key for step in priced.cost.steps if step.term_key is not None]
        found = (self.terms_by_key.get((priced.product, key)) for key in keys)
        return [standing for standing in found if standing is not None]


def settled(catalog: Catalog) -> Catalog:
    """The catalog with every cost of nothing in the currency of its product: a free plan states none, and `0.00` of
    nothing in particular cannot be set beside `$100.00`.
    """
    currencies: dict[str, set[str]] = defaultdict(set)
    for row in catalog.costs:
        if row.cost.currency is not None:
            currencies[row.product].add(row.cost.currency)

    def settle(row: PricedPlan) -> PricedPlan:
        known = currencies[row.product]
        if row.cost.currency is not None or row.cost.low is None or row.cost.low != 0 or len(known) != 1:
            return row
        return replace(row, cost=replace(row.cost, currency=min(known)))

    return replace(catalog, costs=tuple(settle(row) for row in catalog.costs))


def is_broken(state: SourceState) -> bool:
    """Whether the last attempt at a source ended in anything but a page that was read."""
    return state.outcome is not None and state.outcome not in _READ


def oldest(standing: Iterable[StandingTerm]) -> Provenance | None:
    """The provenance that was confirmed longest ago; of those confirmed at once, that of the newest capture, which said
    all of them: the capture of a fee that stayed knows nothing of the rate that came later."""
    return min(
        (row.provenance for row in standing),
        key=lambda one: (one.verified_at, -one.captured_at.timestamp(), one.capture_id),
        default=None,
    )


def documents(standing: Iterable[StandingTerm]) -> tuple[Provenance, ...]:
    """All that a sum rests on: the newest capture of each page, and the document of each imported fact, in the order in
    which they were confirmed."""
    found: dict[tuple[str, bool], list[StandingTerm]] = {}
    for row in standing:
        found.setdefault((row.provenance.url, row.provenance.imported is None), []).append(row)
    newest = [one for rows in found.values() if (one := oldest(rows)) is not None]
    return tuple(sorted(newest, key=lambda one: (one.verified_at, one.url, one.capture_id)))


def _newest_first(change: Change) -> tuple[object, ...]:
    """The newest first; of one moment what matters most, and what a vendor did before what follows from it."""
    rank = (_SEVERITIES.index(change.severity), _LEVERS.index(change.lever))
    return (-change.observed_at.timestamp(), *rank, change.product, change.plan or "", change.id)


class _OfProduct(Protocol):
    @property
    def product(self) -> str: ...


def _by(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    grouped: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.product].append(row)
    return grouped


def _spoken(slug: str) -> str:
    return " ".join(word.capitalize() for word in slug.split("-"))
