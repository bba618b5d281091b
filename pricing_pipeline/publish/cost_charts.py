"""How the monthly cost at a workload moved: a chart for each workload at which a plan's bill did, from believed costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline.catalog import CostPeriod
from pricing_pipeline.facts import Cause, GateState
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.drawing import Chart, Stretch, draw
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.told import plan_name
from pricing_pipeline.registry.workloads import OWN
from pricing_pipeline.results import CostState, Workload
from pricing_pipeline.wording import money

# So many charts say where the money went; the workloads beyond are named below them.
MOST = 3
# The factor of a bill that was known for a while, or is so since, and is the same whenever it is known.
_BARELY = Decimal("1.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCharts:
    """The charts of the workloads at which costs moved most; `more` are others at which they moved, `steady` those at
    which none did. `former` tells how bills moved at what plans included once, which nobody prices any more."""

    moved: tuple[Chart, ...]
    more: tuple[str, ...]
    steady: tuple[str, ...]
    former: tuple[str, ...] = ()


def cost_charts(
    shelf: Shelf, products: Sequence[str], workloads: Iterable[Workload], *, most: int = MOST
) -> CostCharts:
    """What the plans of some products cost over time: first the workloads at which another plan came to be the cheapest,
    then those at which a bill moved most."""
    known = [one for workload in workloads for one in _of_workload(shelf, products, workload)]
    moved = sorted((one for one in known if one.factor != 1), key=lambda one: (not one.is_overturned, -one.factor))
    shown = _first(moved, most)
    return CostCharts(
        moved=tuple(_chart(shelf, products, one) for one in shown),
        more=tuple(dict.fromkeys(one.title for one in moved if one not in shown)),
        steady=tuple(dict.fromkeys(one.title for one in known if one.factor == 1)),
        former=_former(shelf, products[0]) if len(products) == 1 else (),
    )


def _former(shelf: Shelf, product: str) -> tuple[str, ...]:
    """How the bill moved at each allowance of a product's plans that is gone, as it was told when it went, newest first:
    where that was all that moved, every workload that is left says that nothing did."""
    found: dict[str, str] = {}
    for change in shelf.told([product]):
        if change.state is not GateState.ACCEPTED or change.cause is not Cause.VENDOR:
            continue
        for effect in change.costs if change.kind in ("cost_increased", "cost_decreased") else ():
            is_gone = effect.workload.startswith(OWN) and effect.workload not in shelf.workloads
            if is_gone and effect.plan is not None and effect.workload not in found:
                amount = phrases.line(effect.workload_name.split(" (")[0], 120)
                bills = f"{phrases.cost(effect.before)} → {phrases.cost(effect.after)}"
                whose = f"{plan_name(shelf, product, effect.plan)} at {amount}"
                found[effect.workload] = f"{whose}: {bills} on {phrases.day(change.observed_at)}"
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The bills of one workload in one currency, by product and plan."""

    workload: str
    title: str
    currency: str | None
    lines: Mapping[tuple[str, str], Sequence[CostPeriod]]

    @property
    def products(self) -> int:
        """Of how many products it tells something."""
        return len({product for product, _ in self.lines})

    @property
    def factor(self) -> Decimal:
        """By how much the bill that moved most did; 1 where none moved."""
        return max(_moved(periods) for periods in self.lines.values())

    @property
    def is_overturned(self) -> bool:
        """Whether the plan that was the cheapest is so no longer."""
        return _cheapest(self.lines, 0) != _cheapest(self.lines, -1)


def _first(moved: Sequence[_Group], most: int) -> list[_Group]:
    """The largest moves; the last place is for one that more products share, if none of the others does."""
    shown = list(moved[:most])
    widest = max((one.products for one in moved), default=0)
    if shown and all(one.products < widest for one in shown):
        shown[-1] = next(one for one in moved if one.products == widest)
    return shown


def _of_workload(shelf: Shelf, products: Sequence[str], workload: Workload) -> list[_Group]:
    """The costs over time of each hosted plan that ever had a figure at a workload: a group for each currency."""
    lines: dict[tuple[str, str], list[CostPeriod]] = {}
    for product in products:
        hosted = [plan.plan.slug for plan in shelf.plans.get(product, ()) if plan.hosted]
        lines |= {(product, plan): [] for plan in hosted}
        for period in shelf.once(_by_workload, product).get(workload.slug, ()):
            if period.plan in hosted:
                lines[product, period.plan].append(period)
    found: dict[str | None, dict[tuple[str, str], Sequence[CostPeriod]]] = {}
    currencies = {key: _currency(periods) for key, periods in lines.items()}
    named = sorted({one for one in currencies.values() if one is not None})
    for key, periods in lines.items():
        if any(one.cost.high is not None for one in periods):
            # A bill of nothing is one in the only currency that the others have.
            own = currencies[key] or (named[0] if len(named) == 1 else None)
            found.setdefault(own, {})[key] = periods
    title = phrases.line(workload.name, 120)
    return [
        _Group(
            workload=workload.slug,
            title=title if len(found) == 1 or currency is None else f"{title} ({currency})",
            currency=currency,
            lines=group,
        )
        for currency, group in found.items()
    ]


def _by_workload(shelf: Shelf, product: str) -> Mapping[str, Sequence[CostPeriod]]:
    found: dict[str, list[CostPeriod]] = {}
    for period in shelf.cost_history.get(product, ()):
        found.setdefault(period.workload, []).append(period)
    return found


def _currency(periods: Sequence[CostPeriod]) -> str | None:
    """The currency of a plan's newest bill that names one."""
    return next((one.cost.currency for one in reversed(periods) if one.cost.currency is not None), None)


def _moved(periods: Sequence[CostPeriod]) -> Decimal:
    if len({(one.cost.state, one.cost.low, one.cost.high) for one in periods}) < 2:
        return Decimal(1)
    figures = [one.cost.high for one in periods if one.cost.high is not None]
    least, largest = min(figures), max(figures)
    if least == largest:
        return _BARELY
    return largest / least if least else Decimal("Infinity")


def _cheapest(lines: Mapping[tuple[str, str], Sequence[CostPeriod]], place: int) -> set[tuple[str, str]]:
    """The plans with the least of the first (0) or of the last bills (-1)."""
    bills = {key: bill for key, periods in lines.items() if (bill := periods[place].cost.high) is not None}
    return {key for key, bill in bills.items() if bill == min(bills.values())}


def _chart(shelf: Shelf, products: Sequence[str], group: _Group) -> Chart:
    lines: dict[str, tuple[Stretch, ...]] = {}
    for (product, slug), periods in group.lines.items():
        plan = next(one.plan.name for one in shelf.plans[product] if one.plan.slug == slug)
        name = (
            phrases.line(plan, 60) if len(products) == 1 else f"{shelf.names.product(product)} {phrases.line(plan, 60)}"
        )
        lines[f"{name} ({slug})" if name in lines else name] = _stretches(shelf, periods, group.currency)
    return draw(
        f"cost-{'-'.join(products)}-{group.workload}-{group.currency or 'free'}".lower(),
        f"A month’s cost: {group.title[:1].lower()}{group.title[1:]}",
        lines,
        end=shelf.catalog.as_of,
        figure=lambda value: money(value, group.currency),
    )


def _stretches(shelf: Shelf, periods: Sequence[CostPeriod], currency: str | None) -> tuple[Stretch, ...]:
    """The bill from one day to the next; a range is drawn at its upper bound, and told in full."""
    found: list[Stretch] = []
    for period in periods:
        until = min(period.valid_to or shelf.catalog.as_of, shelf.catalog.as_of)
        cost = period.cost if period.cost.currency is not None else replace(period.cost, currency=currency)
        short, since = phrases.cost(cost), period.valid_from
        is_unknown = period.cost.state is CostState.UNKNOWN and period.cost.reason
        text = f"{short}: {phrases.line(period.cost.reason, 120)}" if is_unknown else short
        # A bill in a currency that was left since cannot stand on the scale of the one that followed.
        value = period.cost.high if period.cost.currency in (currency, None) else None
        if found and (found[-1].text, found[-1].until) == (text, since):
            since = found.pop().since
        if since <= until:
            found.append(Stretch(since, until, value, text, short, period.valid_to is None))
    return tuple(found)
