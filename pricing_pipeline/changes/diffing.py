"""The difference between two offers, as changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pricing_pipeline.addons import is_addon
from pricing_pipeline.changes.addons import addon_moves
from pricing_pipeline.changes.derived import cost_moves
from pricing_pipeline.changes.fees import fee_moves, is_fee, state_move
from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.pairing import Pair, pair_terms
from pricing_pipeline.changes.plans import meter_moves, plan_moves
from pricing_pipeline.changes.renames import NOTHING_SAID, Said, renamed_plans, with_plans
from pricing_pipeline.changes.replaced import replacement, replacement_move
from pricing_pipeline.changes.reviews import rating_moves
from pricing_pipeline.changes.scales import in_former_scale
from pricing_pipeline.changes.severity import severity
from pricing_pipeline.changes.usage import count_move, definition_move, minimum_move, rate_move
from pricing_pipeline.changes.values import digest, facts_digest, is_compared, value
from pricing_pipeline.changes.verdicts import verdict
from pricing_pipeline.changes.views import view_move
from pricing_pipeline.costs import effects as cost_effects
from pricing_pipeline.facts import Cause, GateState, Lever, Term, TermKind
from pricing_pipeline.results import Change, Cost, CostEffect, CostStep, Offer, Thresholds, Workload

# An announcement that stood already explains a change only if it took effect since we last looked, or about now.
_ABOUT_NOW = timedelta(days=7)
_NO_PLANS: Mapping[str, bool] = {}
_NO_DATES: Mapping[date, datetime] = {}
_DEFAULTS = Thresholds()


def diff(
    before: Offer,
    after: Offer,
    *,
    vendor: str,
    product: str,
    product_name: str,
    observed_at: datetime,
    workloads: Iterable[Workload] = (),
    effects: Iterable[CostEffect] | None = None,
    cause: Cause = Cause.VENDOR,
    state: GateState = GateState.ACCEPTED,
    thresholds: Thresholds = _DEFAULTS,
    hosted: Mapping[str, bool] = _NO_PLANS,
    last_observed_at: datetime | None = None,
    announced: Mapping[date, datetime] = _NO_DATES,
    observation_id: str | None = None,
    said: Said = NOTHING_SAID,
) -> tuple[Change, ...]:
    """What changed from one offer of a source to the next, in a fixed order; nothing where the values are the same.

    Bills before and after, at the named `workloads` and at each plan's own allowances, give each change its cost, its
    severity and its verdict, and become the derived changes of cost; `effects` are those of `costs.effects`, where they
    are worked out already. `hosted` is by plan slug, true where it is silent. `last_observed_at` is when `before` was
    last seen; `announced` tells when the announcement for a day was first seen; `said` is what people said of plans
    that seem to go under another name. A first observation, with nothing before it, changes nothing.
    """
    if not (before.plans or before.terms or before.ratings) or facts_digest(before) == facts_digest(after):
        return ()
    renamed = renamed_plans(before, after, said)
    earlier = with_plans(before, renamed)
    replaced = replacement(earlier, after)
    after = in_former_scale(earlier, after)
    context = Context(
        vendor=vendor,
        product=product,
        product_name=product_name,
        observed_at=observed_at,
        cause=cause,
        state=state,
        thresholds=thresholds,
        before=before,
        after=after,
        last_observed_at=last_observed_at,
        announced=announced,
        observation_id=observation_id,
        renamed=renamed,
    )
    moves = _moves(before, after, renamed, thresholds, hosted, said)
    moves += [replacement_move(replaced)] if replaced else []
    known = tuple(
        cost_effects(before, after, product=product, workloads=workloads, renamed=renamed)
        if effects is None
        else effects
    )
    # An edition that one runs oneself has no bill; in another view no bill moved.
    known = tuple(effect for effect in known if hosted.get(effect.plan or "", True))
    if any(move.is_view for move in moves):
        known = ()
    moved = frozenset(move.plan for move in moves if _is_headline(move, before, after))
    changes = [_change(context, move, _concerned(move, known), moved) for move in moves]
    changes += [_change(context, move, group, moved, derived=True) for move, group in cost_moves(known)]
    return tuple(sorted({change.id: change for change in changes}.values(), key=_order))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What all changes of one step have in common."""

    vendor: str
    product: str
    product_name: str
    observed_at: datetime
    cause: Cause
    state: GateState
    thresholds: Thresholds
    before: Offer
    after: Offer
    last_observed_at: datetime | None
    announced: Mapping[date, datetime]
    observation_id: str | None
    renamed: Mapping[str, str]

    def subject(self, move: Move) -> str:
        """Whom a move is about, by the newer name; whoever knows the plan by its former one finds it there too."""
        if move.plan is None:
            return self.product_name
        name = self.plan_names.get(move.plan, move.plan)
        former = next((plan.name for plan in self.before.plans if self.renamed.get(plan.slug) == move.plan), name)
        return name if former == name or move.kind == "plan_renamed" else f"{name} (formerly {former})"

    @property
    def plan_names(self) -> dict[str, str]:
        """The names of all plans by slug; the newer name where a plan has two."""
        return {plan.slug: plan.name for plan in (*self.before.plans, *self.after.plans)}


def _moves(
    before: Offer,
    after: Offer,
    renamed: Mapping[str, str],
    thresholds: Thresholds,
    hosted: Mapping[str, bool],
    said: Said,
) -> list[Move]:
    earlier = with_plans(before, renamed)
    staying = frozenset(plan.slug for plan in earlier.plans) & frozenset(plan.slug for plan in after.plans)
    pairs = pair_terms(_staying(earlier.terms, staying), _staying(after.terms, staying))
    moves = [
        *plan_moves(before, after, renamed, hosted, said),
        *rating_moves(before.ratings, after.ratings, thresholds),
    ]
    view = view_move(earlier, after, pairs)
    if view:
        counts = [pair for pair in pairs if _kind(pair) in (TermKind.ALLOWANCE, TermKind.LIMIT)]
        return [*moves, view, *_term_moves(counts, earlier)]
    bought, pairs = addon_moves(pairs, earlier, after)
    moves += bought + _term_moves(pairs, earlier) + meter_moves(earlier, after, pairs, staying)
    return moves + _fee_moves(pairs, earlier, after, staying)


def _staying(terms: Iterable[Term], staying: frozenset[str]) -> list[Term]:
    """The terms of plans on both sides: what comes or goes with its plan is not told again."""
    return [term for term in terms if term.plan is None or term.plan in staying]


def _kind(pair: Pair) -> TermKind:
    term = pair.after or pair.before
    assert term
    return term.term


def _term_moves(pairs: Sequence[Pair], earlier: Offer) -> list[Move]:
    rates = [term for term in earlier.terms if term.term is TermKind.USAGE_RATE and is_compared(term)]
    found: list[Move | None] = []
    for pair in pairs:
        match _kind(pair):
            case TermKind.ALLOWANCE | TermKind.LIMIT:
                found.append(count_move(pair))
            case TermKind.USAGE_RATE:
                found.append(rate_move(pair, rates))
            case TermKind.UNIT_DEFINITION:
                found.append(definition_move(pair))
            case TermKind.MINIMUM_SPEND | TermKind.ONE_TIME_FEE:
                found.append(minimum_move(pair))
    return [move for move in found if move]


def _fee_moves(pairs: Sequence[Pair], earlier: Offer, after: Offer, staying: frozenset[str]) -> list[Move]:
    old = {plan.slug: plan for plan in earlier.plans}
    new = {plan.slug: plan for plan in after.plans}
    moves = fee_moves([pair for pair in pairs if is_fee(pair) and pair.plan is None], None, None)
    for slug in sorted(staying):
        own = [pair for pair in pairs if is_fee(pair) and pair.plan == slug]
        found = fee_moves(own, old[slug], new[slug]) if own else [state_move(old[slug], new[slug])]
        moves += [move for move in found if move]
    return moves


def _is_headline(move: Move, before: Offer, after: Offer) -> bool:
    """Whether a move touches what a plan's price says, so that it cannot be called unchanged: not by what must be
    bought beside it."""
    term = move.before_term or move.after_term
    if term is not None and term.term in (TermKind.MINIMUM_SPEND, TermKind.ONE_TIME_FEE):
        return False
    beside = ((move.before_term, before), (move.after_term, after))
    return _is_on_fees(move) and not any(term and is_addon(term, offer.terms) for term, offer in beside)


def _is_on_fees(move: Move) -> bool:
    """Whether a move is about what a plan costs whatever is used."""
    term = move.before_term or move.after_term
    return move.lever is Lever.HEADLINE or (term is not None and term.term is TermKind.RECURRING_FEE)


def _concerned(move: Move, effects: Sequence[CostEffect]) -> tuple[CostEffect, ...]:
    """The effects on bills in which the metric of a move plays a part; all of its plan where it is about the price
    itself."""
    if (
        move.is_other_scale
        or move.lever is Lever.REVIEWS
        or move.kind in ("plan_added", "plan_removed", "plan_renamed")
    ):
        return ()
    own = [effect for effect in effects if move.plan in (None, effect.plan)]
    if _is_on_fees(move) or not move.metrics:
        return tuple(own)
    return tuple(effect for effect in own if move.metrics & _metrics(effect))


def _explained(move: Move, effects: Sequence[CostEffect]) -> tuple[CostEffect, ...]:
    """Those of the effects that are mainly this move's doing.

    A fee must be on the bill, or the fee for what must be bought so many times at least; a metric must make up at least
    half of the difference.
    """
    if _is_on_fees(move):
        keys = {term.key for term in (move.before_term, move.after_term) if term}
        least = {key[3] for key in keys if key[2] == TermKind.MINIMUM_SPEND} - {None}
        return tuple(
            effect
            for effect in effects
            if not keys or keys & _keys(effect) or least & {key[3] for key in _keys(effect) if key}
        )
    if not move.metrics:
        return tuple(effects)
    return tuple(effect for effect in effects if _share(move.metrics, effect))


def _share(metrics: frozenset[str], effect: CostEffect) -> bool:
    before, after = effect.before, effect.after
    if before.low is None or after.low is None:
        return True
    whole, part = after.low - before.low, _part(metrics, after) - _part(metrics, before)
    return abs(part) * 2 >= abs(whole) and part * whole >= 0


def _part(metrics: frozenset[str], cost: Cost) -> Decimal:
    return sum((step.low for step in cost.steps if step.low and _metric(step) in metrics), Decimal(0))


def _keys(effect: CostEffect) -> frozenset[tuple[str | None, ...] | None]:
    return frozenset(step.term_key for step in (*effect.before.steps, *effect.after.steps))


def _metrics(effect: CostEffect) -> frozenset[str | None]:
    """The metrics whose use the two bills rest on."""
    return frozenset(_metric(step) for step in (*effect.before.steps, *effect.after.steps))


def _metric(step: CostStep) -> str | None:
    """The metric whose use a line of a bill is about, by its term's key; the fees are what a plan costs without use."""
    if step.term_key is None or step.term_key[2] == TermKind.RECURRING_FEE:
        return None
    return step.term_key[3]


def _change(
    context: Context,
    move: Move,
    effects: tuple[CostEffect, ...],
    moved: frozenset[str | None],
    *,
    derived: bool = False,
) -> Change:
    cause = Cause.VIEW if move.is_view and context.cause is Cause.VENDOR else context.cause
    names = context.plan_names
    shown = () if derived else _explained(move, effects)
    effective = _effective_at(context, move)
    return Change(
        id=_identity(context, move),
        vendor=context.vendor,
        product=context.product,
        plan=move.plan,
        lever=move.lever,
        kind=move.kind,
        observed_at=context.observed_at,
        cause=cause,
        state=context.state,
        metric=move.metric,
        before=move.before,
        after=move.after,
        severity=severity(move, effects if derived else shown, cause=cause, thresholds=context.thresholds),
        verdict=verdict(context.subject(move), move, shown, headline=_headline(context, move, moved), plan_names=names),
        currency=move.currency,
        effective_at=effective,
        announced_at=context.announced.get(effective) if effective else None,
        before_term=move.before_term,
        after_term=move.after_term,
        before_rating=move.before_rating,
        after_rating=move.after_rating,
        costs=effects if derived else shown,
        observation_id=context.observation_id,
    )


def _headline(context: Context, move: Move, moved: frozenset[str | None]) -> bool | None:
    """Whether the price of the plan (of any plan, for the whole product) moved; None where none is stated."""
    plans = (move.plan,) if move.plan else tuple(plan.slug for plan in context.after.plans)
    fees = [term for term in context.after.terms if term.term is TermKind.RECURRING_FEE and term.amount is not None]
    if not any(term.plan in plans for term in fees):
        return None
    return bool({*plans, None} & moved)


def _effective_at(context: Context, move: Move) -> date | None:
    """The day that the page names for a change: the term's own, else that of an announcement that can be about it."""
    if move.lever is Lever.REVIEWS or move.is_view:
        return None
    if move.after_term is not None and move.after_term.effective_from is not None:
        return move.after_term.effective_from
    today = context.observed_at.date()
    since = context.last_observed_at.date() if context.last_observed_at else today - _ABOUT_NOW
    stood = {announcement.effective_from for announcement in context.before.announcements}
    days = sorted(
        announcement.effective_from
        for announcement in context.after.announcements
        if not (announcement.plans and move.plan) or move.plan in announcement.plans
        if announcement.effective_from not in stood or announcement.effective_from >= since
    )
    past = [day for day in days if day <= today]
    return past[-1] if past else days[0] if days else None


def _identity(context: Context, move: Move) -> str:
    """The same for the same change, whether it is held or accepted, and however often it is worked out again."""
    terms = ("" if term is None else "\x1f".join(value(term)) for term in (move.before_term, move.after_term))
    ratings = move.before_rating or move.after_rating
    return digest(
        context.vendor,
        context.product,
        move.plan,
        move.kind,
        move.metric,
        *terms,
        move.before,
        move.after,
        ratings.publisher if ratings else None,
        context.observed_at.isoformat(),
    )


def _order(change: Change) -> tuple[str, int, str, str, str]:
    return (change.plan or "", list(Lever).index(change.lever), change.kind, change.metric or "", change.id)
