"""Judging proportions: how many times as much, how much less, how much is saved by the year, and what doubled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pricing_pipeline.claims.claim import Apart, Moved, Order, Outdone, Saved, Subject, Times
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import BEGINNING, Held, Knowledge, Window
from pricing_pipeline.claims.orders import Measure, measures_of
from pricing_pipeline.claims.rounding import agrees
from pricing_pipeline.claims.words import fee_words, term_words
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.wording import number

# "Twice" of 1.97 is said by everybody; 1.8 is not.
_LOOSELY = Decimal("0.05")
# Shares are told in whole points.
_POINT = Decimal("0.0075")
_MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "half_year": Decimal(6), "year": Decimal(12)}


def judge_times(said: Times, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on something being so many times something else."""
    if said.own is not None:
        return _of_own(said, *said.own)
    pairs = [pair for other in said.others for pair in _pairs(said, subject, other, knowledge, window)]
    factors = [(mine, its, mine.value / its.value) for mine, its in pairs if its.value]
    if not factors:
        return unknown("no price of both is published that can be compared")
    right = "; ".join(dict.fromkeys(f"{mine.words} against {its.words}: {_times(one)}" for mine, its, one in factors))
    sources = [source for mine, its, _ in factors for source in (*mine.sources, *its.sources)]
    is_so = any(_is_factor(said, one) for _, _, one in factors)
    return finding(Verdict.SUPPORTED if is_so else Verdict.CONTRADICTED, right, sources)


def _of_own(said: Times, first: Decimal, second: Decimal) -> Finding:
    if not first or not second:
        return unknown("nothing is so many times zero")
    is_so = any(_is_factor(said, one) for one in (second / first, first / second))
    right = f"from {number(first)} to {number(second)} is {_times(second / first)}"
    return Finding(verdict=Verdict.SUPPORTED if is_so else Verdict.CONTRADICTED, right=right)


def _times(factor: Decimal) -> str:
    return f"{number(round(factor, 2).normalize())} times"


def _is_factor(said: Times, known: Decimal) -> bool:
    if said.qualifier is not None:
        return agrees(said.factor, known, said.qualifier)
    return abs(said.factor - known) <= _LOOSELY * max(said.factor, known)


def _pairs(
    said: Times, subject: Subject, other: Subject, knowledge: Knowledge, window: Window
) -> Iterator[tuple[Measure, Measure]]:
    if said.metric is not None:
        ours, theirs = (_rates(said.metric, one, knowledge, window) for one in (subject, other))
    else:
        ours, theirs = (measures_of(Order.CHEAPER, one, knowledge, window, said.usage) for one in (subject, other))
    yield from ((mine, its) for mine in ours for its in theirs if mine.currency == its.currency)


def _rates(metric: str, subject: Subject, knowledge: Knowledge, window: Window) -> list[Measure]:
    return [
        Measure(value=held.fact.amount, words=term_words(held.fact), sources=(held,), currency=held.fact.currency)
        for held in knowledge.terms_of(subject.key, subject.plan, window)
        if held.fact.term is TermKind.USAGE_RATE and held.fact.amount is not None and held.fact.metric == metric
    ]


def judge_apart(said: Apart, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on something costing so much less or more a month than something else."""
    ours = measures_of(Order.CHEAPER, subject, knowledge, window)
    pairs = [
        (mine, its, its.value - mine.value if said.is_less else mine.value - its.value)
        for other in said.others
        for mine in ours
        for its in measures_of(Order.CHEAPER, other, knowledge, window)
        if mine.currency == its.currency
    ]
    if not pairs:
        return unknown("no price of both is published that can be compared")
    right = "; ".join(dict.fromkeys(f"{mine.words} against {its.words}" for mine, its, _ in pairs))
    sources = [source for mine, its, _ in pairs for source in (*mine.sources, *its.sources)]
    is_so = any(agrees(said.amount, apart, said.qualifier) for _, _, apart in pairs)
    return finding(Verdict.SUPPORTED if is_so else Verdict.CONTRADICTED, right, sources)


def judge_outdone(said: Outdone, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on one charging, or holding, more or less of a unit than another."""
    ours = _sizes(said, subject, knowledge, window)
    theirs = [one for other in said.others for one in _sizes(said, other, knowledge, window)]
    found = {(mine.value > its.value) is said.is_more and mine.value != its.value for mine in ours for its in theirs}
    if len(found) != 1:
        return unknown(f"no {said.metric.replace('_', ' ')}s of both are known that can be compared")
    right = "; ".join(dict.fromkeys(one.words for one in (*ours, *theirs)))
    verdict = Verdict.SUPPORTED if found == {True} else Verdict.CONTRADICTED
    return finding(verdict, right, [source for one in (*ours, *theirs) for source in one.sources])


def _sizes(said: Outdone, subject: Subject, knowledge: Knowledge, window: Window) -> list[Measure]:
    kinds = (TermKind.USAGE_RATE,) if said.is_rate else (TermKind.ALLOWANCE, TermKind.LIMIT)
    rows = [
        held
        for held in knowledge.terms_of(subject.key, subject.plan, window)
        if held.fact.term in kinds
        and held.fact.metric
        and set(said.metric.split("_")) <= set(held.fact.metric.split("_"))
    ]
    return [
        Measure(value=size, words=term_words(held.fact), sources=(held,), currency=held.fact.currency)
        for held in rows
        if (size := _size(held.fact)) is not None
    ]


def _size(term: Term) -> Decimal | None:
    """How much a term charges for one, or how many it holds; what is unlimited outdoes all."""
    if term.state is State.UNLIMITED:
        return Decimal("Infinity")
    if term.state is State.NOT_INCLUDED:
        return Decimal(0)
    return term.amount / (term.per_quantity or Decimal(1)) if term.amount is not None else term.quantity


def judge_saved(said: Saved, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on how much who pays by the year saves."""
    slugs = [
        held.fact.slug for held in knowledge.plans_of(subject.key, window) if subject.plan in (None, held.fact.slug)
    ]
    saved = [one for slug in slugs for one in _savings(knowledge.terms_of(subject.key, slug, window), slug)]
    if not saved:
        return unknown("no price by the month and by the year are both published")
    right = "; ".join(
        f"{fee_words(month.fact)} against {fee_words(year.fact)}: {_share(one)}" for month, year, one in saved
    )
    shares = [max(one for _, _, one in saved)] if said.qualifier == "up_to" else [one for _, _, one in saved]
    is_so = any(_is_share(said, one) for one in shares)
    sources = [held for month, year, _ in saved for held in (month, year)]
    return finding(Verdict.SUPPORTED if is_so else Verdict.CONTRADICTED, right, sources)


def _is_share(said: Saved, known: Decimal) -> bool:
    if said.qualifier == "over":
        return known > said.share
    if abs(said.share - known) <= _POINT:
        return True
    qualifier = None if said.qualifier == "up_to" else said.qualifier
    return qualifier is not None and agrees(said.share, known, qualifier)


def _share(share: Decimal) -> str:
    return f"{number(round(share * 100, 1).normalize())}% less"


def _savings(terms: Sequence[Held[Term]], plan: str) -> Iterator[tuple[Held[Term], Held[Term], Decimal]]:
    """Each pair of a fee by the month and one for who commits to a year, and the share that is saved."""
    fees = [
        held
        for held in terms
        if held.fact.term is TermKind.RECURRING_FEE and held.fact.plan == plan and held.fact.amount
    ]
    monthly = [held for held in fees if held.fact.billing_period == "month" and held.fact.commitment in (None, "month")]
    yearly = [held for held in fees if "year" in (held.fact.commitment, held.fact.billing_period)]
    for month in monthly:
        for year in yearly:
            if month.fact.metric == year.fact.metric and month.fact.currency == year.fact.currency:
                by_month = (year.fact.amount or Decimal(0)) / _MONTHS.get(
                    year.fact.billing_period or "month", Decimal(1)
                )
                yield month, year, 1 - by_month / (month.fact.amount or Decimal(1))


def judge_moved(said: Moved, subject: Subject, knowledge: Knowledge) -> Finding:
    """The finding on something having doubled, tripled or halved, at whatever time."""
    rows = knowledge.terms_of(subject.key, subject.plan, Window(BEGINNING, knowledge.as_of))
    steps = [pair for held in rows for pair in _steps(held, rows) if _is_meant(said, held.fact)]
    if not steps:
        return unknown("no such change is known")
    right = "; ".join(dict.fromkeys(f"{term_words(old.fact)} → {term_words(new.fact)}" for old, new, _ in steps))
    is_so = any(abs(said.factor - one) <= _LOOSELY * said.factor for _, _, one in steps)
    return finding(
        Verdict.SUPPORTED if is_so else Verdict.CONTRADICTED if said.metric else Verdict.UNKNOWN, right, [steps[0][1]]
    )


def _is_meant(said: Moved, term: Term) -> bool:
    return said.metric is None or (
        term.metric is not None
        and (term.metric == said.metric or set(said.metric.split("_")) <= set(term.metric.split("_")))
    )


def _steps(new: Held[Term], rows: Sequence[Held[Term]]) -> Iterator[tuple[Held[Term], Held[Term], Decimal]]:
    """What a term was before, and by which factor it moved."""
    for old in rows:
        same = (old.fact.plan, old.fact.term, old.fact.metric) == (new.fact.plan, new.fact.term, new.fact.metric)
        if not same or old.until is None or abs((old.until - new.since).days) > 1 or old.fact.state is not State.STATED:
            continue
        before, after = (old.fact.amount or old.fact.quantity), (new.fact.amount or new.fact.quantity)
        if before and after:
            yield old, new, after / before
