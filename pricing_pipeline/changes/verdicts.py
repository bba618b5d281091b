"""The sentence of a change, as an editor could print it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_pipeline.changes.binding import is_bound_longer
from pricing_pipeline.changes.moves import FAVOURABLE, Move
from pricing_pipeline.changes.phrases import ARROW
from pricing_pipeline.changes.severity import INFINITE, cost_ratio
from pricing_pipeline.facts import Lever
from pricing_pipeline.results import Cost, CostEffect, CostState
from pricing_pipeline.wording import money_range, number, to_the_cent

OWN = "own-"
_STATES = {
    CostState.UNKNOWN: "unknown",
    CostState.CONTACT_SALES: "contact sales",
    CostState.INFEASIBLE: "does not fit",
    CostState.NOT_APPLICABLE: "not applicable",
}
# What the headline does not say, a minimum and a one-time fee among them: they go by the lever of the price.
_SILENT_LEVERS = (Lever.ALLOWANCE, Lever.UNIT_PRICE, Lever.UNIT, Lever.METER, Lever.HEADLINE)


def verdict(
    subject: str, move: Move, effects: Sequence[CostEffect], *, headline: bool | None, plan_names: dict[str, str]
) -> str:
    """`Solo: included credits 7,500 → 0; headline price unchanged; at 7,500 credits a month $10.00 → $310.00`.

    `headline` tells whether the plan's price moved too; None where it has none. `plan_names` are needed where the
    change is of the whole product and the bill that it shows is one plan's.
    """
    parts = [f"{subject}: {move.phrase}"]
    if headline is False and move.lever in _SILENT_LEVERS:
        parts.append("headline price unchanged" if move.plan else "headline prices unchanged")
    # A unit under another name makes the old one unknown, which says nothing about the bill.
    told = move.kind != "unit_changed"
    known = [one for one in effects if one.before.low is not None and (told or one.after.low is not None)]
    known = [one for one in known if _rises(one) or not is_bound_longer(one)]
    shown = telling(known, falling=move.kind in FAVOURABLE)
    if shown is not None and not _is_said(move, shown):
        whose = f"{plan_names.get(shown.plan, shown.plan)} " if move.plan is None and shown.plan else ""
        parts.append(f"{place(shown)} {whose}{bill(shown.before)}{ARROW}{bill(shown.after)}")
    return "; ".join(parts)


def telling(effects: Sequence[CostEffect], *, falling: bool) -> CostEffect | None:
    """The effect that says most: the greatest rise (or fall), at the plan's own allowance rather than elsewhere."""
    if not effects:
        return None

    def weight(effect: CostEffect) -> tuple[bool, Decimal, bool, Decimal, str]:
        ratio = cost_ratio(effect.before, effect.after)
        known = ratio is not None
        size = ratio if ratio is not None else Decimal(1)
        step = abs((effect.after.high or Decimal(0)) - (effect.before.high or Decimal(0)))
        return (not known, size if falling else -size, not effect.workload.startswith(OWN), -step, effect.workload)

    return min(effects, key=weight)


def place(effect: CostEffect) -> str:
    """Where on the grid a bill is: `at 7,500 credits a month`, `for one seat with 15,000 credits`."""
    if effect.workload.startswith(OWN):
        return f"at {effect.workload_name.split(' (')[0]} a month"
    name = effect.workload_name
    plain = name[:1].lower() + name[1:] if name[1:2].islower() else name
    return f"for {plain}"


def bill(cost: Cost) -> str:
    """A monthly cost in a sentence."""
    if cost.low == cost.high == 0 and cost.currency is None:
        return "free"
    if cost.low is None:
        return _STATES.get(cost.state, "unknown")
    return money_range(to_the_cent(cost.low), None if cost.high is None else to_the_cent(cost.high), cost.currency)


def _rises(effect: CostEffect) -> bool:
    ratio = cost_ratio(effect.before, effect.after)
    return ratio is None or ratio > 1


def _is_said(move: Move, effect: CostEffect) -> bool:
    """Whether a bill repeats what the phrase says already, as that of a plan without usage does."""
    before, after = move.before_term, move.after_term
    if move.kind == "price_withdrawn" and effect.after.low is None:
        return True
    if before is None or after is None or effect.after.low is None:
        return False
    return (before.amount, after.amount) == (effect.before.low, effect.after.low)


def times(ratio: Decimal | None) -> str:
    """How many times a bill is what it was, in brackets: ` (31x)`; nothing where that cannot be said."""
    if ratio is None or ratio == INFINITE or round(ratio, 2) == 1:
        return ""
    return f" ({number(round(ratio, 1 if ratio >= 2 else 2))}x)"
