"""Judging what stands of plans and products: ratings, free tiers, licences, names and numbers of plans."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pricing_pipeline.claims.claim import (
    Based,
    Free,
    OnRequest,
    OpenSource,
    PlanCounted,
    PlanNamed,
    PlanSort,
    Reviewed,
    Scored,
    Subject,
)
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import BEGINNING, Held, Knowledge, Window
from pricing_pipeline.claims.rounding import agrees
from pricing_pipeline.claims.words import fee_words, rating_words
from pricing_pipeline.facts import Plan, Rating, RatingState, State, Term, TermKind

_OPEN_NAMES = ("open source", "open-source", "oss")


def judge_score(said: Scored, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on a rating, or on there being none."""
    ratings = _at(knowledge.ratings_of(subject.key, window), said.publisher)
    if not ratings:
        return unknown("no rating of it is known" + (f" at {said.publisher}" if said.publisher else ""))
    right = "; ".join(dict.fromkeys(rating_words(held.fact) for held in ratings))
    if said.rating is None:
        absent = [held for held in ratings if held.fact.state is RatingState.NO_RATINGS_YET]
        stated = [held for held in ratings if held.fact.state is RatingState.STATED]
        if stated:
            return finding(Verdict.CONTRADICTED, right, stated)
        return finding(Verdict.SUPPORTED, right, absent) if absent else unknown("whether it is rated is not stated")
    value = said.rating
    matching = [held for held in ratings if _is_score(said, value, held.fact)]
    if matching:
        return finding(Verdict.SUPPORTED, right, matching)
    settled = [held for held in ratings if held.fact.state is not RatingState.NOT_STATED]
    return finding(Verdict.CONTRADICTED, right, settled) if settled else unknown("its rating is not stated")


def _is_score(said: Scored, value: Decimal, rating: Rating) -> bool:
    if rating.rating is None:
        return False
    scaled = rating.rating
    if said.scale is not None and rating.scale is not None and said.scale != rating.scale:
        scaled = rating.rating * said.scale / rating.scale
    return agrees(value, scaled, said.qualifier, places=True)


def judge_reviews(said: Reviewed, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on a number of reviews."""
    ratings = _at(knowledge.ratings_of(subject.key, window), said.publisher)
    counted = [held for held in ratings if _counts(held.fact)]
    right = "; ".join(dict.fromkeys(rating_words(held.fact) for held in ratings))
    if any(agrees(said.count, count, said.qualifier) for held in counted for count in _counts(held.fact)):
        return finding(Verdict.SUPPORTED, right, counted)
    absent = [held for held in ratings if held.fact.state is RatingState.NO_RATINGS_YET]
    if said.count == 0 and absent:
        return finding(Verdict.SUPPORTED, right, absent)
    if counted or absent:
        return finding(Verdict.CONTRADICTED, right, counted or absent)
    return unknown("how many reviews it has is not known")


def _counts(rating: Rating) -> list[Decimal]:
    return [Decimal(count) for count in (rating.review_count, rating.rating_count) if count is not None]


def _at(ratings: Iterable[Held[Rating]], publisher: str | None) -> list[Held[Rating]]:
    return [held for held in ratings if publisher is None or held.fact.publisher == publisher]


def judge_free(said: Free, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on something being free, or on nothing being."""
    plans = knowledge.plans_of(subject.key, window)
    if subject.plan is not None:
        return _free_plan(said, subject, knowledge, window)
    if not plans:
        return unknown("its plans are not known for that time")
    free = [held for held in plans if _is_free(held, knowledge, window)]
    hosted = [held for held in free if held.hosted]
    names = ", ".join(held.fact.name for held in plans)
    if hosted:
        right = f"{hosted[0].fact.name} is free"
        return finding(Verdict.SUPPORTED if said.is_offered else Verdict.CONTRADICTED, right, hosted)
    if free and (subject.vendor_only or not said.hosted_only):
        return unknown(f"only {free[0].fact.name} is free, which one runs oneself")
    right = f"no free plan; its plans are {names}"
    verdict = Verdict.CONTRADICTED if said.is_offered else Verdict.SUPPORTED
    if any(_price_unknown(held, knowledge, window) for held in plans):
        return unknown("the price of one of its plans is not known")
    return finding(verdict, right, [held for held in plans if held.hosted])


def _free_plan(said: Free, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    plan = _plan(subject, knowledge, window)
    if plan is None:
        return unknown("the plan is not known for that time")
    if _is_free(plan, knowledge, window):
        verdict = Verdict.SUPPORTED if said.is_offered else Verdict.CONTRADICTED
        return finding(verdict, f"{plan.fact.name} is free", [plan])
    fees = _fees(plan, knowledge, window)
    stated = [held for held in fees if held.fact.amount or held.fact.state is State.CONTACT_SALES]
    if not stated:
        return unknown("its price is not known")
    verdict = Verdict.CONTRADICTED if said.is_offered else Verdict.SUPPORTED
    return finding(verdict, f"{plan.fact.name}: {fee_words(stated[0].fact)}", stated)


def _plan(subject: Subject, knowledge: Knowledge, window: Window) -> Held[Plan] | None:
    return next((held for held in knowledge.plans_of(subject.key, window) if held.fact.slug == subject.plan), None)


def _fees(plan: Held[Plan], knowledge: Knowledge, window: Window) -> list[Held[Term]]:
    terms = knowledge.terms_of(plan.key, plan.fact.slug, window)
    return [held for held in terms if held.fact.term is TermKind.RECURRING_FEE and held.fact.plan == plan.fact.slug]


def _is_free(plan: Held[Plan], knowledge: Knowledge, window: Window) -> bool:
    fees = _fees(plan, knowledge, window)
    return plan.fact.state is State.FREE or any(held.fact.state is State.FREE or held.fact.amount == 0 for held in fees)


def _price_unknown(plan: Held[Plan], knowledge: Knowledge, window: Window) -> bool:
    """Whether a plan may be free for all that is known. One whose use alone is billed has no fee and is none."""
    if plan.fact.state is not State.STATED or not plan.hosted:
        return False
    terms = knowledge.terms_of(plan.key, plan.fact.slug, window)
    return not any(held.fact.amount or held.fact.state is State.CONTACT_SALES for held in terms)


def judge_basis(said: Based, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on what a plan's fee is for. A fee of a plan for one user is for each and for all."""
    plan = _plan(subject, knowledge, window)
    fees = [held for held in _fees(plan, knowledge, window) if held.fact.amount] if plan is not None else []
    if plan is None or not fees:
        return unknown("no fee of it is known for that time")
    terms = knowledge.terms_of(subject.key, subject.plan, window)
    seats = [held.fact.quantity for held in terms if held.fact.metric == "seat" and held.fact.term is TermKind.LIMIT]
    is_each = any(held.fact.metric == said.metric for held in fees)
    if is_each or (seats == [Decimal(1)] and said.metric in (None, "seat")):
        return finding(Verdict.SUPPORTED, fee_words(fees[0].fact), fees)
    if said.metric not in (None, "seat") and all(held.fact.metric is None for held in fees):
        return unknown("its fee is for all of it, which may go by that name")
    return finding(Verdict.CONTRADICTED, f"{plan.fact.name}: {fee_words(fees[0].fact)}", fees)


def judge_on_request(said: OnRequest, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on a plan having no published price, or having one."""
    plan = _plan(subject, knowledge, window)
    if plan is None:
        return unknown("the plan is not known for that time")
    fees = _fees(plan, knowledge, window)
    asked = [held for held in fees if held.fact.state is State.CONTACT_SALES]
    if plan.fact.state is State.CONTACT_SALES or asked:
        verdict = Verdict.SUPPORTED if said.is_asked else Verdict.CONTRADICTED
        return finding(verdict, f"{plan.fact.name}: on request", asked or fees)
    stated = [held for held in fees if held.fact.amount is not None or held.fact.state is State.FREE]
    if stated or plan.fact.state is State.FREE:
        right = fee_words(stated[0].fact) if stated else "free"
        verdict = Verdict.CONTRADICTED if said.is_asked else Verdict.SUPPORTED
        return finding(verdict, f"{plan.fact.name}: {right}", stated or [plan])
    return unknown("its price is not known")


def judge_open_source(said: OpenSource, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on being open source. Of a hosted product with a name of its own it is not known."""
    named = knowledge.names.get(subject.key)
    is_whole = subject.vendor_only or (named is not None and named.vendor_name == named.product_name)
    if not is_whole:
        return unknown("the licence of the hosted product is not known")
    editions = [
        held for held in knowledge.plans_of(subject.key, window) if held.fact.name.casefold().startswith(_OPEN_NAMES)
    ]
    licence = knowledge.licences.get(subject.vendor)
    verdict = Verdict.SUPPORTED if said.is_open else Verdict.CONTRADICTED
    if licence is not None and "open source" in licence.text.casefold():
        return Finding(verdict=verdict, right=licence.text, url=licence.url)
    if editions:
        return finding(verdict, f"it has an edition called {editions[0].fact.name}", editions)
    return unknown("its licence is not known")


def judge_plan_name(said: PlanNamed, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on there being a plan of that name."""
    plans = knowledge.plans_of(subject.key, window)
    if not plans:
        return unknown("its plans are not known for that time")
    wanted = _folded(said.name)
    same = [held for held in plans if _folded(held.fact.name) == wanted or _folded(held.fact.slug) == wanted]
    if same:
        return finding(Verdict.SUPPORTED, same[0].fact.name, same)
    once = [held for held in knowledge.plans_ever(subject.key) if _folded(held.fact.name) == wanted]
    if once and window.start == BEGINNING:
        return finding(Verdict.SUPPORTED, once[0].fact.name, once)
    names = ", ".join(dict.fromkeys(held.fact.name for held in plans))
    why = f"there was one until {once[0].until:%d %B %Y}" if once and once[0].until is not None else ""
    return finding(Verdict.CONTRADICTED, f"its plans are {names}", plans, why)


def _folded(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def judge_plan_count(said: PlanCounted, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on a number of plans; editions that one runs oneself, free plans and those on request may be left out."""
    if said.products:
        return _sorted_count(said, knowledge, window)
    plans = knowledge.plans_of(subject.key, window)
    if not plans:
        return unknown("its plans are not known for that time")
    hosted = [held for held in plans if held.hosted]
    paid = [held for held in hosted if not _is_free(held, knowledge, window)]
    priced = [held for held in paid if held.fact.state is not State.CONTACT_SALES]
    shown = [held for held in hosted if held.fact.state is not State.CONTACT_SALES]
    counts = {len(paid), len(priced)} if said.is_paid_only else {len(group) for group in (plans, hosted, shown)}
    names = ", ".join(held.fact.name for held in (paid if said.is_paid_only else plans))
    right = f"{len(paid if said.is_paid_only else plans)}: {names}"
    verdict = Verdict.SUPPORTED if said.count in counts else Verdict.CONTRADICTED
    return finding(verdict, right, plans)


def _sorted_count(said: PlanCounted, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on a number of plans of one sort, of one product or of several together."""
    each = [knowledge.plans_of(key, window) for key in said.products]
    plans = [held for one in each for held in one]
    if not all(each):
        return unknown("its plans are not known for that time")
    hosted = [held for held in plans if held.hosted]
    asked = [held for held in plans if held.fact.state is State.CONTACT_SALES]
    free = [held for held in plans if _is_free(held, knowledge, window)]
    counted = {
        PlanSort.ANY: [plans, hosted],
        PlanSort.ASKED: [asked],
        # a free plan may be said to have a price, or none
        PlanSort.PRICED: [
            [held for held in plans if held not in asked and held not in free],
            [held for held in plans if held not in asked],
            [held for held in hosted if held not in asked],
        ],
        PlanSort.FREE: [free, [held for held in free if held.hosted]],
    }[said.sort]
    right = "; ".join(
        dict.fromkeys(f"{len(group)}: {', '.join(held.fact.name for held in group)}" for group in counted)
    )
    verdict = Verdict.SUPPORTED if any(len(group) == said.count for group in counted) else Verdict.CONTRADICTED
    return finding(verdict, right, counted[0] or plans)
