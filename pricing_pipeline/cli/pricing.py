"""What plans cost at a use, as rows: the arithmetic of `costs` on what is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pricing_pipeline.exchange import Exchange
    from pricing_pipeline.results import BreakEven, PricedPlan, Side, Workload
    from warehouse.published import PublishedProduct


def price_all(
    products: Iterable[PublishedProduct],
    workload: Workload,
    *,
    commitment: str | None = None,
    exchange: Exchange | None = None,
) -> tuple[PricedPlan, ...]:
    """Each plan that sells what the workload uses, the cheapest first, those without a figure last.

    Ranks are over all of these products, within a currency; within all where `exchange` has the rates.
    """
    from pricing_pipeline import costs
    from pricing_pipeline.results import CostState

    hosted: dict[tuple[str, str, str], bool] = {}
    priced: list[PricedPlan] = []
    for one in products:
        is_sold = one.retired is None
        hosted |= {(one.vendor, one.product, plan): is_hosted and is_sold for plan, is_hosted in one.hosted.items()}
        priced += costs.price_offer(
            one.offer,
            [workload],
            vendor=one.vendor,
            product=one.product,
            metrics=one.metrics,
            hosted=one.hosted,
            commitment=commitment,
        )
    fitting = [one for one in priced if one.cost.state is not CostState.NOT_APPLICABLE]
    usable = exchange if exchange and exchange.covers(currencies(fitting)) else None
    ranked = costs.rank_across(fitting, hosted, usable)
    return tuple(sorted(ranked, key=lambda one: _by_cost(one, usable)))


def currencies(priced: Iterable[PricedPlan]) -> set[str | None]:
    """The currencies of the bills that have a figure above nothing."""
    return {one.cost.currency for one in priced if one.cost.high}


def _by_cost(one: PricedPlan, exchange: Exchange | None) -> tuple[bool, str, Decimal, str, str]:
    high = one.cost.high
    if high is None:
        return (True, "", Decimal(0), one.product, one.plan)
    apart = "" if exchange or not high else one.cost.currency or ""
    worth = exchange.worth(high, one.cost.currency) if exchange else high
    return (False, apart, worth if worth is not None else high, one.product, one.plan)


class Shelf:
    """What products and plans are called, and what their prices say of tax."""

    def __init__(self, products: Sequence[PublishedProduct]) -> None:
        from pricing_pipeline.costs import tax_of

        self.products = {(one.vendor, one.product): one.name for one in products}
        self.plans = {(one.vendor, one.product, plan.slug): plan.name for one in products for plan in one.offer.plans}
        self.self_hosted = {
            (one.vendor, one.product, plan)
            for one in products
            for plan, is_hosted in one.hosted.items()
            if not is_hosted
        }
        self.retired = {(one.vendor, one.product): one.retired for one in products if one.retired is not None}
        self.tax = {(one.vendor, one.product): tax_of(one.offer.terms) for one in products}


def cost_row(
    priced: PricedPlan, workload: Workload, shelf: Shelf, exchange: Exchange | None, *, steps: bool
) -> dict[str, Any]:
    """A plan at a workload: the plain values for programs, and the same in words for people."""
    from pricing_pipeline.changes.verdicts import bill
    from pricing_pipeline.cli.rows import cost_text

    said, cost_ = cost_text(priced.cost), priced.cost
    whose = (priced.vendor, priced.product)
    plan = shelf.plans.get((*whose, priced.plan), priced.plan)
    how = cost_.reason or "\n".join(step.text for step in cost_.steps)
    if (*whose, priced.plan) in shelf.self_hosted:
        how += "; one runs it oneself, so it is not ranked"
    if whose in shelf.retired:
        how += f"; retired on {shelf.retired[whose]:%Y-%m-%d}, so it is not ranked"
    worth = exchange.worth(cost_.high, cost_.currency) if exchange and cost_.high is not None else None
    return {
        "workload": workload.name,
        "vendor": priced.vendor,
        "product": priced.product,
        "plan": plan,
        "state": cost_.state.value,
        "cost": f"{said} {cost_.currency or ''}".strip() if said else cost_.state.value.replace("_", " "),
        "low": cost_.low,
        "high": cost_.high,
        "currency": cost_.currency,
        "converted": None if worth is None or exchange is None else f"{worth:.2f} {exchange.to}",
        "tax": shelf.tax.get(whose),
        "rank": priced.rank,
        "how": how if steps else cost_.reason,
        "place": "" if priced.rank is None else f"{priced.rank}.",
        "offer": f"{shelf.products.get(whose, priced.product)} {plan}",
        "a month": bill(cost_) if cost_.high != 0 else "free",
    }


def notes(rows: Sequence[Mapping[str, Any]], used: set[str | None], exchange: Exchange | None) -> list[str]:
    """What a reader must know to compare the bills: how currencies were ranked, and what is known of tax."""
    found = []
    if len(used) > 1:
        if exchange and exchange.covers(used):
            found.append(exchange.sentence(used))
        else:
            named = ", ".join(sorted(one or "an unstated currency" for one in used))
            found.append(f"bills in {named} are ranked apart: rates.yaml beside the vendors folder would compare them")
    told = {tax: sorted({row["product"] for row in rows if row["tax"] == tax}) for tax in ("included", "excluded")}
    found += [f"tax {tax}, as they print it: {', '.join(names)}" for tax, names in told.items() if names]
    if not any(told.values()):
        found.append("none of these pages says beside its prices whether tax is included")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A quantity at which the cheaper of two plans changes, the bill there, and whether no plan is cheaper."""

    point: BreakEven
    bill: Decimal
    currency: str | None
    is_cheapest: bool


def turns(products: Sequence[PublishedProduct], metric: str, usage: Mapping[str, Decimal]) -> list[Turn]:
    """Where the cheaper of two of these products' plans changes along one metric, by quantity; `usage` is used besides.

    Editions that one runs oneself are left out.
    """
    from pricing_pipeline import costs

    sides = sides_of(products, metric)
    found = []
    for one, other in combinations(sides, 2):
        for point in costs.turning_points(one, other, metric, usage=usage):
            use = {**usage, metric: point.quantity}
            bills = [cost.high for side in sides if (cost := costs.bill_of(side, use)).high is not None]
            here = costs.bill_of(one, use)
            if here.high is not None:
                cheapest = here.high <= min(bill for bill in bills if bill is not None) + Decimal("0.005")
                found.append(Turn(point=point, bill=here.high, currency=here.currency, is_cheapest=cheapest))
    return sorted(found, key=lambda turn: (turn.point.quantity, turn.point.cheaper_below, turn.point.cheaper_above))


def sides_of(products: Sequence[PublishedProduct], metric: str) -> list[Side]:
    """The plans of these products that are weighed against one another along a metric: those that know it."""
    return [side for one in products if metric in one.metrics for side in _sides(one, alone=len(products) == 1)]


def _sides(product: PublishedProduct, *, alone: bool) -> list[Side]:
    from pricing_pipeline.results import Side

    return [
        Side(
            name=plan.name if alone else f"{product.name} {plan.name}",
            plan=plan.slug,
            terms=product.offer.terms,
            product_metrics=product.metrics,
            state=plan.state,
        )
        for plan in product.offer.plans
        if product.hosted.get(plan.slug, True)
    ]
