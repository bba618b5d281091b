"""Judging which way prices, rates and allowances went, by the history of a product's terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pricing_pipeline.claims.claim import Claim, Shifted, Subject, Way
from pricing_pipeline.claims.dates import moment
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import BEGINNING, Held, Knowledge, Window
from pricing_pipeline.claims.words import term_words
from pricing_pipeline.facts import State, Term, TermKind

_KINDS = {
    "fee": (TermKind.RECURRING_FEE,),
    "rate": (TermKind.USAGE_RATE,),
    "allowance": (TermKind.ALLOWANCE,),
    "cost": (TermKind.RECURRING_FEE, TermKind.USAGE_RATE),
    "anything": tuple(TermKind),
}
# An old term ends with the capture that shows the new one.
_NEXT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A term and what followed it; `way` is up for what grew, down for what shrank or went."""

    old: Held[Term]
    new: Held[Term]
    way: Way

    @property
    def words(self) -> str:
        """What it was, and what it became."""
        return f"{term_words(self.old.fact)} → {term_words(self.new.fact)}"


def steps_of(rows: Sequence[Held[Term]]) -> Iterator[Step]:
    """Each term that took the place of another, and which way it went."""
    ended = [held for held in rows if held.until is not None]
    for new in rows:
        for old in ended:
            is_next = old.until is not None and abs(old.until - new.since) <= _NEXT and old is not new
            if is_next and _place(old.fact) == _place(new.fact) and (way := _way(old.fact, new.fact)) is not None:
                yield Step(old=old, new=new, way=way)


def _place(term: Term) -> tuple[object, ...]:
    return (term.plan, term.term, term.metric, term.billing_period if term.term is TermKind.RECURRING_FEE else None)


def _way(old: Term, new: Term) -> Way | None:
    before, after = _size(old), _size(new)
    if before is None or after is None or before == after:
        return None
    return Way.UP if after > before else Way.DOWN


def _size(term: Term) -> Decimal | None:
    if term.state in (State.FREE, State.NOT_INCLUDED):
        return Decimal(0)
    return term.amount if term.amount is not None else term.quantity


def judge_shifted(claim: Claim, said: Shifted, subject: Subject, knowledge: Knowledge) -> Finding:
    """The finding on something having risen, fallen or stayed."""
    rows = knowledge.terms_of(subject.key, subject.plan, Window(BEGINNING, knowledge.as_of))
    meant = [held for held in rows if _is_meant(said, held.fact)]
    if not meant or _is_before(claim, rows):
        return unknown("what it was at that time is not known")
    steps = list(steps_of(meant))
    if said.what == "cost":
        # who pays for what was included before pays more, as who pays a higher rate does
        steps += [_turned(step) for step in steps_of(rows) if step.old.fact.term is TermKind.ALLOWANCE]
    right = "; ".join(dict.fromkeys(step.words for step in steps))
    ways = {step.way for step in steps}
    if said.way in ways:
        return finding(Verdict.SUPPORTED, right, [step.new for step in steps])
    if said.way is Way.SAME:
        verdict = Verdict.CONTRADICTED if steps else Verdict.SUPPORTED
        return finding(verdict, right or f"still {term_words(meant[0].fact)}", [step.new for step in steps] or meant)
    if steps:
        return finding(Verdict.CONTRADICTED, right, [step.new for step in steps])
    if not any(True for _ in steps_of(rows)):
        return unknown("no change of it is known")
    words = "; ".join(dict.fromkeys(term_words(held.fact) for held in meant))
    return finding(Verdict.CONTRADICTED, f"{words}, as before", meant)


def _turned(step: Step) -> Step:
    return Step(old=step.old, new=step.new, way=Way.UP if step.way is Way.DOWN else Way.DOWN)


def _is_meant(said: Shifted, term: Term) -> bool:
    if term.term not in _KINDS[said.what]:
        return False
    if said.metric is None or term.metric is None:
        return said.metric is None
    return set(said.metric.split("_")) <= set(term.metric.split("_"))


def _is_before(claim: Claim, rows: Sequence[Held[Term]]) -> bool:
    """Whether the claim speaks of a day before anything was known."""
    last = claim.when.last if claim.when is not None else None
    return last is not None and moment(last) < min(held.since for held in rows)
