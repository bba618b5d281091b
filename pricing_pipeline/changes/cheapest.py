"""The cheapest plan at a workload, which is watched like a price: when it changes, "who should pick what" is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.phrases import ARROW
from pricing_pipeline.changes.severity import severity
from pricing_pipeline.changes.values import digest
from pricing_pipeline.changes.verdicts import bill
from pricing_pipeline.facts import Cause, GateState, Lever
from pricing_pipeline.results import Change, Cost, CostEffect, CostState, PricedPlan, Thresholds, Workload

_DEFAULTS = Thresholds()
# So many of the plans that tie are named; across products a dozen free plans may.
_NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What workloads, products (by vendor and product) and plans (by vendor, product and plan) are called."""

    workloads: Mapping[str, str]
    products: Mapping[tuple[str, str], str]
    plans: Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """All plans that compete at one workload, before and after."""

    before: Sequence[PricedPlan]
    after: Sequence[PricedPlan]

    @property
    def was(self) -> tuple[PricedPlan, ...]:
        return tuple(plan for plan in self.before if plan.rank == 1)

    @property
    def now(self) -> tuple[PricedPlan, ...]:
        return tuple(plan for plan in self.after if plan.rank == 1)

    @property
    def turned(self) -> PricedPlan:
        """The plan that made the two sides differ: of those whose bill is another one now, or that came or went, the one
        that came to be the cheapest, else the one that was. Who stands still did nothing, whatever place it has now."""
        before, after = ({_who(plan): bill(plan.cost) for plan in side} for side in (self.before, self.after))
        sides = (*self.now, *self.was, *self.after, *self.before)
        stirred = (plan for plan in sides if before.get(_who(plan)) != after.get(_who(plan)))
        return next(stirred, sides[0])


def cheapest_changes(
    before: Iterable[PricedPlan],
    after: Iterable[PricedPlan],
    *,
    workloads: Iterable[Workload],
    product_names: Mapping[tuple[str, str], str],
    plan_names: Mapping[tuple[str, str, str], str],
    observed_at: datetime,
    across: bool = False,
    cause: Cause = Cause.VENDOR,
    state: GateState = GateState.ACCEPTED,
    thresholds: Thresholds = _DEFAULTS,
    observation_id: str | None = None,
) -> tuple[Change, ...]:
    """A change for each workload at which another plan is the cheapest now, in order of workload, vendor and product.

    Both sides are ranked: by `costs.rank` within each product; or, with `across`, by `costs.rank_across` over all
    products, and then each side holds the plans of all of them. A first pricing changes nothing, and neither does a
    product that was not priced before. Across products a change is filed under the plan whose bill moved, each currency
    has a ranking of its own, and a turn within one product is its own ranking's to tell.
    """
    names = Names(
        workloads={workload.slug: workload.name for workload in workloads}, products=product_names, plans=plan_names
    )
    told = _Telling(
        names=names,
        observed_at=observed_at,
        across=across,
        cause=cause,
        state=state,
        thresholds=thresholds,
        observation_id=observation_id,
    )
    old, new = _grouped(before, across=across), _grouped(after, across=across)
    fields = {group: _Field(before=old[group], after=new.get(group, ())) for group in sorted(old)}
    if across:
        fields = {(*group, code): one for group, field in fields.items() for code, one in _by_currency(field).items()}
    turned = {group: field for group, field in fields.items() if _has_turned(field)}
    found = [_change(group, field, told) for group, field in turned.items() if not (across and _is_inner(field))]
    # plans that are free take part in every currency's ranking: what turned among them is told once
    told_once: dict[tuple[str, str], Change] = {}
    for one in found:
        told_once.setdefault((one.costs[0].workload, one.verdict), one)
    return tuple(told_once.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """What all changes of one call have in common."""

    names: Names
    observed_at: datetime
    across: bool
    cause: Cause
    state: GateState
    thresholds: Thresholds
    observation_id: str | None


def _change(group: tuple[str, ...], field: _Field, told: _Telling) -> Change:
    move, effect = _move(field, told.names, across=told.across)
    winner = field.turned if told.across else (field.now or field.was)[0]
    moment = told.observed_at.isoformat()
    return Change(
        id=digest(winner.vendor, winner.product, move.plan, move.kind, *group, move.before, move.after, moment),
        vendor=winner.vendor,
        product=winner.product,
        plan=move.plan,
        lever=move.lever,
        kind=move.kind,
        observed_at=told.observed_at,
        cause=told.cause,
        severity=severity(move, (effect,), cause=told.cause, thresholds=told.thresholds),
        state=told.state,
        verdict=move.phrase,
        before=move.before,
        after=move.after,
        currency=move.currency,
        costs=(effect,),
        observation_id=told.observation_id,
    )


def _grouped(priced: Iterable[PricedPlan], *, across: bool) -> Mapping[tuple[str, ...], list[PricedPlan]]:
    groups: dict[tuple[str, ...], list[PricedPlan]] = defaultdict(list)
    for plan in priced:
        groups[(plan.workload,) if across else (plan.workload, plan.vendor, plan.product)].append(plan)
    return groups


def _by_currency(field: _Field) -> Mapping[str, _Field]:
    """The plans of a field by the currency of their bills, since nobody can tell whether 27 of one are more than 29 of
    another; what is free takes part in all, and its own currency says nothing where something is charged for."""
    plans = (*field.before, *field.after)
    codes = {plan.cost.currency or "" for plan in plans if plan.cost.high} or {""}

    def among(side: Iterable[PricedPlan], code: str) -> list[PricedPlan]:
        return [plan for plan in side if not plan.cost.high or (plan.cost.currency or "") == code]

    return {code: _Field(before=among(field.before, code), after=among(field.after, code)) for code in sorted(codes)}


def _has_turned(field: _Field) -> bool:
    if not field.was or {_who(plan) for plan in field.was} == {_who(plan) for plan in field.now}:
        return False
    watched = {_who(plan)[:2] for plan in field.before}
    return all(_who(plan)[:2] in watched for plan in field.now)


def _is_inner(field: _Field) -> bool:
    """Whether both sides are plans of one and the same product, whose own ranking tells it already."""
    return len({_who(plan)[:2] for plan in (*field.was, *field.now)}) == 1


def _who(plan: PricedPlan) -> tuple[str, str, str]:
    return (plan.vendor, plan.product, plan.plan)


def _move(field: _Field, names: Names, *, across: bool) -> tuple[Move, CostEffect]:
    first, last = field.was[0], (field.now or field.was)[0]
    workload = names.workloads.get(first.workload, first.workload)
    # The bill of whoever picked the cheapest plan both times; the cheapest bill of each side.
    after = field.now[0].cost if field.now else _cost_of(first, field.after)
    effect = CostEffect(workload=first.workload, workload_name=workload, plan=last.plan, before=first.cost, after=after)
    what = "plan" if across else f"{names.products.get(_who(last)[:2], last.product)} plan"
    was = _listed(field.was, names, across=across)
    now = _listed(field.now, names, across=across) if field.now else "none with a known cost"
    move = Move(
        lever=Lever.COST,
        kind="cheapest_plan_changed",
        plan=(field.turned if across else last).plan if field.now else None,
        currency=after.currency,
        before=_slugs(field.was, across=across),
        after=_slugs(field.now, across=across) if field.now else None,
        phrase=f"{workload}: {_told_tie(field, what, names, across=across) or f'cheapest {what} {was}{ARROW}{now}'}",
    )
    return move, effect


def _told_tie(field: _Field, what: str, names: Names, *, across: bool) -> str | None:
    """What is told where plans only joined or left those that are the cheapest at the same bill, or one of them went below
    it; None elsewhere."""
    was, now = {_who(plan): plan for plan in field.was}, {_who(plan): plan for plan in field.now}
    high, new_high = field.was[0].cost.high, field.now[0].cost.high if field.now else None
    if high is None or new_high is None:
        return None
    if len(now) == 1 and now.keys() < was.keys() and new_high < high:
        alone = _listed(field.now, names, across=across)
        others = _listed([plan for who, plan in was.items() if who not in now], names, across=across)
        return f"{alone} now the cheapest {what} by itself, no longer beside {others}"
    if high != new_high:
        return None
    if was.keys() < now.keys():
        came = _listed([plan for who, plan in now.items() if who not in was], names, across=across)
        stays = _listed([plan for who, plan in now.items() if who in was], names, across=across)
        return f"{came} now among the cheapest {what}s, beside {stays}"
    if now.keys() < was.keys():
        went = _listed([plan for who, plan in was.items() if who not in now], names, across=across)
        return f"{went} no longer among the cheapest {what}s; still {_listed(field.now, names, across=across)}"
    return None


def _cost_of(plan: PricedPlan, among: Iterable[PricedPlan]) -> Cost:
    found = next((other for other in among if _who(other) == _who(plan)), None)
    return found.cost if found else Cost(state=CostState.UNKNOWN, reason="the plan is no longer offered")


def _listed(plans: Sequence[PricedPlan], names: Names, *, across: bool) -> str:
    """Plans that tie: the first few by name, how many more there are, and what each of them costs."""
    called = []
    for plan in plans:
        name = names.plans.get(_who(plan), plan.plan)
        called.append(f"{names.products.get(_who(plan)[:2], plan.product)} {name}" if across else name)
    more = len(called) - _NAMED
    parts = [*called[:_NAMED], *([f"{more} more"] if more > 0 else [])]
    words = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    bills = " or ".join(dict.fromkeys(bill(plan.cost) for plan in plans))
    return f"{words} ({'each ' if len(called) > 1 else ''}{bills})"


def _slugs(plans: Iterable[PricedPlan], *, across: bool) -> str:
    return ",".join(f"{plan.product}.{plan.plan}" if across else plan.plan for plan in plans)
