"""Judging counts: allowances, limits and least quantities of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.claims.claim import Claim, Counted, Subject
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import BEGINNING, Held, Knowledge, Window
from pricing_pipeline.claims.rounding import agrees
from pricing_pipeline.claims.times import is_past, is_still_open
from pricing_pipeline.claims.words import terms_words
from pricing_pipeline.facts import State, Surface, Term, TermKind

_KINDS = (TermKind.ALLOWANCE, TermKind.LIMIT, TermKind.MINIMUM_SPEND)
_PER_MONTH = {"day": Decimal(30), "month": Decimal(1), "quarter": Decimal(1) / 3, "year": Decimal(1) / 12}
Terms = Sequence[Held[Term]]


def judge_count(claim: Claim, said: Counted, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on how many of something a plan holds; of a product, on whether any of its plans does."""
    if subject.plan is None:
        return _of_product(claim, said, subject, knowledge, window)
    metric = said.metric
    if metric is None:
        return _of_any(said, subject, knowledge)
    held_terms = knowledge.terms_of(subject.key, subject.plan, window)
    terms = relevant(held_terms, metric)
    if not terms and metric == "hour" and said.quantity is not None:
        said = replace(said, metric="minute", quantity=said.quantity * 60)
        terms = relevant(held_terms, "minute")
    if not terms:
        return unknown(f"nothing is known of its {metric.replace('_', ' ')}s for that time")
    least = [held for held in terms if held.fact.term is TermKind.MINIMUM_SPEND] if said.bound == "min" else []
    terms = least or terms
    matching = [held for held in terms if _holds(said, held.fact, is_least=bool(least))]
    if matching or _is_range(said, terms):
        return finding(Verdict.SUPPORTED, terms_words(held.fact for held in matching or terms), matching or terms)
    if said.is_loose or not any(_settles(said, held.fact) for held in terms):
        return unknown("nothing says that it is what the plan holds")
    if is_past(claim) and not any(held.until is not None for held in terms):
        return unknown("what it was before is not known")
    ordered = sorted(terms, key=is_still_open, reverse=True)
    return finding(Verdict.CONTRADICTED, terms_words(held.fact for held in ordered), ordered)


def _of_any(said: Counted, subject: Subject, knowledge: Knowledge) -> Finding:
    """The finding on a figure without a unit: it must be one of those that the plan has or had."""
    terms = knowledge.terms_of(subject.key, subject.plan, Window(BEGINNING, knowledge.as_of))
    counting = [
        held for held in terms if held.fact.term in _KINDS and held.fact.plan and held.fact.quantity is not None
    ]
    if not counting or said.quantity is None:
        return unknown("nothing is known of how much it holds")
    figures = [held for held in terms if said.quantity in (held.fact.quantity, held.fact.amount)]
    figures += [held for held in counting if (held.fact.quantity or 0) == said.quantity * 60]
    if figures:
        return finding(Verdict.SUPPORTED, terms_words(held.fact for held in figures), figures)
    ordered = sorted(counting, key=is_still_open, reverse=True)
    right = terms_words(held.fact for held in ordered)
    return finding(Verdict.CONTRADICTED, f"none of its figures; they are {right}", ordered)


def relevant(terms: Terms, metric: str) -> list[Held[Term]]:
    """The terms that say how many of a metric there are: those of that very name, else the only ones that go by it."""
    counting = [
        held
        for held in terms
        if held.fact.term in _KINDS and held.fact.metric and held.fact.evidence.surface is not Surface.INACTIVE_PANE
    ]
    exact = [held for held in counting if held.fact.metric == metric]
    near = [held for held in counting if set(metric.split("_")) < set(str(held.fact.metric).split("_"))]
    return exact or (near if len({held.fact.metric for held in near}) == 1 else [])


def _holds(said: Counted, term: Term, *, is_least: bool = False) -> bool:
    if said.unlimited or (said.qualifier == "from" and term.state is State.UNLIMITED):
        return term.state is State.UNLIMITED
    if said.quantity == 0:
        return term.term is not TermKind.MINIMUM_SPEND and (term.state is State.NOT_INCLUDED or term.quantity == 0)
    if term.quantity is None or said.quantity is None or said.quantity_max is not None:
        return False
    qualifier = None if is_least else said.qualifier
    return any(agrees(said.quantity, value, qualifier) for value in (term.quantity, _scaled(term, said)))


def _scaled(term: Term, said: Counted) -> Decimal:
    """The quantity for the period that is said, where the page counts by another."""
    own, asked = _PER_MONTH.get(term.billing_period or ""), _PER_MONTH.get(said.period or "")
    quantity = term.quantity or Decimal(0)
    return quantity if own is None or asked is None or own == asked else quantity * own / asked


def _is_range(said: Counted, terms: Terms) -> bool:
    """Whether "4 to 8 users" names the least and the most."""
    if said.quantity is None or said.quantity_max is None:
        return False
    least = {held.fact.quantity for held in terms if held.fact.term is TermKind.MINIMUM_SPEND}
    most = {held.fact.quantity for held in terms if held.fact.term is not TermKind.MINIMUM_SPEND}
    return said.quantity_max in most and (said.quantity in least or (not least and said.quantity == 1))


def _settles(said: Counted, term: Term) -> bool:
    if said.quantity == 0:
        return term.term is TermKind.ALLOWANCE and (term.quantity is not None or term.state is State.UNLIMITED)
    return term.quantity is not None or term.state in (State.UNLIMITED, State.NOT_INCLUDED)


def _of_product(claim: Claim, said: Counted, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    plans = knowledge.plans_of(subject.key, window)
    found = [judge_count(claim, said, Subject(*subject.key, held.fact.slug), knowledge, window) for held in plans]
    supported = next((one for one in found if one.verdict is Verdict.SUPPORTED), None)
    if supported is not None:
        return supported
    against = [one for one in found if one.verdict is Verdict.CONTRADICTED]
    if not against or said.is_loose:
        return unknown("no plan is named, and none holds so many")
    rights = "; ".join(
        f"{held.fact.name} {one.right}"
        for held, one in zip(plans, found, strict=True)
        if one.verdict is Verdict.CONTRADICTED
    )
    first = against[0]
    return Finding(
        verdict=Verdict.CONTRADICTED, right=rights, url=first.url, captured_at=first.captured_at, quote=first.quote
    )
