"""Values as rows that are printed: the forms that programs read are settled here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

    from pricing_pipeline.results import Change, Cost


def change_row(change: Change) -> dict[str, Any]:
    """A change as `changes --format json` prints it."""
    return {
        "id": change.id,
        "vendor": change.vendor,
        "product": change.product,
        "plan": change.plan,
        "lever": change.lever.value,
        "kind": change.kind,
        "metric": change.metric,
        "before": change.before,
        "after": change.after,
        "currency": change.currency,
        "observed_at": change.observed_at,
        "announced_at": change.announced_at,
        "effective_at": change.effective_at,
        "cause": change.cause.value,
        "severity": change.severity.value,
        "state": change.state.value,
        "verdict": change.verdict,
        "costs": [
            {
                "workload": effect.workload,
                "plan": effect.plan,
                "before": cost_text(effect.before),
                "after": cost_text(effect.after),
            }
            for effect in change.costs
        ],
    }


def cost_text(cost: Cost) -> str | None:
    """A cost as plain digits, `low–high` for a range; None where there is no figure."""
    if cost.low is None:
        return None
    low, high = _cents(cost.low), _cents(cost.high if cost.high is not None else cost.low)
    return low if low == high else f"{low}–{high}"


def _cents(amount: Decimal) -> str:
    """At least two decimals, and all that are needed."""
    plain = f"{amount.normalize():f}"
    whole, _, fraction = plain.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"
