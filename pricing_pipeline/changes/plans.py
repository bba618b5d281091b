"""Plans that came, went, or go under another name, and what that does to the free tier and to what is metered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pricing_pipeline.addons import is_addon
from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.pairing import Pair
from pricing_pipeline.changes.phrases import ARROW, figure, unit
from pricing_pipeline.changes.renames import Said, likeness
from pricing_pipeline.changes.values import as_text, commitment, is_compared, is_open
from pricing_pipeline.facts import Lever, Plan, State, Term, TermKind
from pricing_pipeline.results import Offer
from pricing_pipeline.wording import noun


def plan_moves(
    before: Offer, after: Offer, renamed: Mapping[str, str], hosted: Mapping[str, bool], said: Said
) -> list[Move]:
    """Plans added, removed and renamed, and a free tier that came or went with its plan.

    `before` still has its plans under their old slugs. `hosted` is by slug, true where it is silent: an edition that
    one runs oneself is no free tier.
    """
    old = {plan.slug: plan for plan in before.plans}
    new = {plan.slug: plan for plan in after.plans}
    came = [new[slug] for slug in sorted(new) if slug not in old and slug not in renamed.values()]
    went = [old[slug] for slug in sorted(old) if slug not in new and slug not in renamed]
    moves = [_renamed(before, old[one], after, new[other], said) for one, other in sorted(renamed.items())]
    moves += [_came(plan, after.terms) for plan in came] + [_went(plan, before.terms) for plan in went]
    if not _free(before, before.plans, hosted):
        moves += [_free_came(plan) for plan in _free(after, came, hosted)[:1]]
    if not _free(after, after.plans, hosted):
        moves += [_free_went(plan) for plan in _free(before, went, hosted)]
    return moves


def meter_moves(before: Offer, after: Offer, pairs: Iterable[Pair], staying: frozenset[str]) -> list[Move]:
    """What is charged by use now and was not even mentioned before, and the reverse; of the plans that stand on both
    sides."""
    renamed = {term.metric for pair in pairs if pair.moved == "metric" for term in (pair.before, pair.after) if term}
    was, now = _charged(before.terms, staying), _charged(after.terms, staying)
    added = sorted(set(now) - _mentioned(before.terms) - renamed)
    removed = sorted(set(was) - _mentioned(after.terms) - renamed)
    return [_meter("meter_added", now[metric]) for metric in added] + [
        _meter("meter_removed", was[metric]) for metric in removed
    ]


def price_of(plan: Plan, terms: Iterable[Term]) -> Term | None:
    """The fee that a plan is known by: month by month where there is one, and never that of a mandatory add-on."""
    known = tuple(terms)
    own = [
        term for term in known if term.plan == plan.slug and term.term is TermKind.RECURRING_FEE and is_compared(term)
    ]
    return min((fee for fee in own if not is_addon(fee, known)), key=_preference, default=None)


def _preference(term: Term) -> tuple[bool, bool, bool, str, str]:
    return (
        term.metric is not None,
        term.billing_period != "month",
        commitment(term) != "month",
        term.metric or "",
        as_text(term) or "",
    )


def _is_free(plan: Plan, terms: Iterable[Term]) -> bool:
    fee = price_of(plan, terms)
    return (
        plan.state is State.FREE
        if fee is None
        else (fee.state is State.FREE or (fee.state is State.STATED and is_open(fee)))
    )


def _free(offer: Offer, plans: Sequence[Plan], hosted: Mapping[str, bool]) -> list[Plan]:
    return [plan for plan in plans if hosted.get(plan.slug, True) and _is_free(plan, offer.terms)]


def _priced(plan: Plan, terms: Iterable[Term]) -> str:
    fee = price_of(plan, terms)
    if fee is not None and fee.state is not State.NOT_STATED:
        return figure(fee)
    return {State.FREE: "free", State.CONTACT_SALES: "contact sales"}.get(plan.state, "price not stated")


def _came(plan: Plan, terms: Sequence[Term]) -> Move:
    fee = price_of(plan, terms)
    return Move(
        lever=Lever.STRUCTURE,
        kind="plan_added",
        plan=plan.slug,
        after=plan.name,
        phrase=f"new plan ({_priced(plan, terms)})",
        after_term=fee,
        currency=fee.currency if fee else None,
    )


def _went(plan: Plan, terms: Sequence[Term]) -> Move:
    fee = price_of(plan, terms)
    return Move(
        lever=Lever.STRUCTURE,
        kind="plan_removed",
        plan=plan.slug,
        before=plan.name,
        phrase=f"plan no longer offered (was {_priced(plan, terms)})",
        before_term=fee,
        currency=fee.currency if fee else None,
    )


def _renamed(before: Offer, old: Plan, after: Offer, new: Plan, said: Said) -> Move:
    share = likeness(before, old, after, new)
    if share is None:
        agree = "it stands in the same place and says the same"
    else:
        agree = "all of its terms are the same" if share == 1 else f"{round(share * 100)} % of its terms are the same"
    is_sure = said.same.get(old.slug) == new.slug
    return Move(
        lever=Lever.STRUCTURE,
        kind="plan_renamed",
        plan=new.slug,
        before=old.name,
        after=new.name,
        phrase=f"new name: {old.name}{ARROW}{new.name}"
        if is_sure
        else f"seems to be a new name: {old.name}{ARROW}{new.name} ({agree})",
    )


def _free_came(plan: Plan) -> Move:
    return Move(
        lever=Lever.HEADLINE,
        kind="free_tier_added",
        plan=plan.slug,
        after="free",
        phrase="a free plan where there was none",
    )


def _free_went(plan: Plan) -> Move:
    return Move(
        lever=Lever.HEADLINE,
        kind="free_tier_removed",
        plan=plan.slug,
        before="free",
        phrase="the free plan is gone, none is left",
    )


def _charged(terms: Iterable[Term], staying: frozenset[str]) -> dict[str, Term]:
    ours = (term for term in terms if term.plan is None or term.plan in staying)
    rates = [
        term
        for term in ours
        if term.term is TermKind.USAGE_RATE and term.metric and not is_open(term) and is_compared(term)
    ]
    return {
        term.metric: term
        for term in sorted(rates, key=lambda term: (term.amount or 0, str(term.key)), reverse=True)
        if term.metric
    }


def _mentioned(terms: Iterable[Term]) -> set[str | None]:
    return {term.metric for term in terms if is_compared(term)}


def _meter(kind: str, term: Term) -> Move:
    added = kind == "meter_added"
    words = (
        f"{noun(term.metric or 'unit')} are {'now' if added else 'no longer'} metered ({figure(term)} per {unit(term)})"
    )
    return Move(
        lever=Lever.METER,
        kind=kind,
        metric=term.metric,
        phrase=words,
        currency=term.currency,
        before=None if added else as_text(term),
        after=as_text(term) if added else None,
        before_term=None if added else term,
        after_term=term if added else None,
    )
