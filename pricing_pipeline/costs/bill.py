"""A plan's monthly bill at a workload."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache

from pricing_pipeline.addons import SEAT
from pricing_pipeline.bill_lines import Charges
from pricing_pipeline.costs.charges import Charge, as_cost, failed, together
from pricing_pipeline.costs.fees import fees, floor
from pricing_pipeline.costs.selection import terms_of
from pricing_pipeline.costs.usage import least_used, use
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.results import Cost, CostState, Workload
from pricing_pipeline.wording import noun


def price(
    plan: str,
    terms: Iterable[Term],
    workload: Workload,
    *,
    product_metrics: frozenset[str],
    plan_state: State = State.STATED,
    commitment: str | None = None,
) -> Cost:
    """What `plan` charges a month at `workload`, each step of the sum shown.

    `terms` are the plan's own and the product-wide ones (others are passed over). `product_metrics` are all metrics
    that any plan of the product mentions, now or before: use of another one is not applicable. `plan_state` is the
    plan's own state, which speaks where no fee is stated. `commitment` (`year`) takes the prices of whoever binds
    themselves for so long where there are such; else month by month comes first. A metric that the workload leaves out
    is not used; at least one seat is.

    Anything unknown that the bill needs makes the whole unknown: nothing is taken to be zero because it is not stated.
    """
    return charges_of(plan, terms, product_metrics=product_metrics, plan_state=plan_state, commitment=commitment)(
        workload.usage
    )


def charges_of(
    plan: str,
    terms: Iterable[Term],
    *,
    product_metrics: frozenset[str],
    plan_state: State = State.STATED,
    commitment: str | None = None,
) -> Charges:
    """What `plan` charges at whatever use is asked for: `price`, for many uses of one plan. Its terms are looked at
    once."""
    chosen = terms_of(plan, terms, commitment)
    least = {metric: least_used(chosen, metric) for metric in {term.metric for term in chosen} if metric is not None}
    currency = currency_of(chosen)
    fee_metrics = sorted({term.metric for term in chosen if term.term is TermKind.RECURRING_FEE and term.metric})

    # Along one metric everything else is charged again and again as it was.
    @cache
    def fees_at(*used: Decimal | None) -> Charge:
        pairs = zip(fee_metrics, used, strict=True)
        return fees(chosen, {metric: one for metric, one in pairs if one is not None}, plan_state)

    @cache
    def use_of(metric: str, used: Decimal, seats: Decimal) -> Charge:
        return use(chosen, metric, used, seats=seats)

    def charges(asked: Mapping[str, Decimal]) -> Cost:
        usage = with_a_seat(asked)
        stranger = next((metric for metric in _used(usage) if metric not in product_metrics), None)
        if stranger:
            return as_cost(failed(CostState.NOT_APPLICABLE, f"it has no {noun(stranger)}"), None)
        billed = fees_at(*(usage.get(metric) for metric in fee_metrics))
        total = together([billed, *_uses(usage, least, use_of)])
        return as_cost(together([total, floor(chosen, total)]), currency)

    return charges


def with_a_seat(usage: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """A workload's use with one seat where it says nothing of seats."""
    return {SEAT: Decimal(1), **usage}


def _used(usage: Mapping[str, Decimal]) -> list[str]:
    """The metrics that are used; the one seat that everybody needs is not a use."""
    return sorted(metric for metric, quantity in usage.items() if quantity > (1 if metric == SEAT else 0))


def _uses(
    usage: Mapping[str, Decimal], least: Mapping[str, Decimal], use_of: Callable[[str, Decimal, Decimal], Charge]
) -> list[Charge]:
    """The charges for use; `least` is how many units of each metric that the terms mention are billed in any case."""
    used = _used(usage)
    asked = {metric for metric in usage if usage[metric] > 0 and (metric in least or metric in used)}
    required = {metric for metric, billed in least.items() if billed > usage.get(metric, Decimal(0))}
    charges = {
        metric: use_of(metric, usage.get(metric, Decimal(0)), usage[SEAT]) for metric in sorted(asked | required)
    }
    # The one seat that everybody needs is worth a line only where it costs something or is not to be had.
    return [part for metric, part in charges.items() if metric in used or part.failure or part.high]


def currency_of(terms: Iterable[Term]) -> str | None:
    """The currency of a bill of nothing: the one that its terms name, where they name one."""
    named = sorted({term.currency for term in terms if term.currency is not None})
    return named[0] if len(named) == 1 else None
