"""How a change is told on pages."""

from __future__ import annotations

from html import escape
from typing import Any

from pricing_pipeline.facts import GateState
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import change_anchor
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import Change, CostEffect

View = dict[str, Any]


def change_view(shelf: Shelf, change: Change) -> View:
    """One change, as the change log tells it."""
    return shelf.kept(("change", change.id, change.state), lambda: _change_view(shelf, change))


def _change_view(shelf: Shelf, change: Change) -> View:
    return {
        "id": change_anchor(change),
        "product": shelf.names.product(change.product),
        "vendor": change.vendor,
        "verdict": phrases.line(change.verdict, 1000).removesuffix("."),
        "observed_at": change.observed_at,
        "effective_at": change.effective_at,
        "promise": phrases.promise(change),
        "severity": change.severity.value,
        "lever": change.lever.value.replace("_", " "),
        "kind": change.kind.replace("_", " "),
        "held": change.state is GateState.HELD,
        "quotes": [
            (when, phrases.line(term.evidence.quote, 240))
            for when, term in (("before", change.before_term), ("after", change.after_term))
            if term is not None
        ],
        "costs": [
            (_effect_label(shelf, change, effect), phrases.cost(effect.before), phrases.cost(effect.after))
            for effect in change.costs
            if (effect.before.low, effect.before.state) != (effect.after.low, effect.after.state)
        ],
    }


def change_weight(view: View) -> int:
    """About how many bytes a change takes on a page."""
    quoted = sum(len(escape(quote)) + 50 for _, quote in view["quotes"])
    return 380 + len(escape(view["verdict"])) + quoted + sum(35 + sum(map(len, one)) for one in view["costs"])


def _effect_label(shelf: Shelf, change: Change, effect: CostEffect) -> str:
    """Where on the grid a bill moved, and whose, where the change is of all plans."""
    workload = phrases.line(effect.workload_name, 120)
    if change.plan is not None or effect.plan is None:
        return workload
    return f"{plan_name(shelf, change.product, effect.plan)}, {workload[:1].lower()}{workload[1:]}"


def plan_name(shelf: Shelf, product: str, slug: str) -> str:
    """A plan's name; its slug where it is offered no longer."""
    names = (one.plan.name for one in shelf.plans.get(product, ()) if one.plan.slug == slug)
    return phrases.line(next(names, slug), 60)
