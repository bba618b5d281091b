"""Judging claims against what is known: supported, contradicted or unknown, with the right value and its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from pricing_pipeline.claims.claim import (
    Apart,
    Based,
    Charged,
    Claim,
    Compared,
    Counted,
    Crossed,
    Dated,
    Denied,
    Foremost,
    Free,
    Licensed,
    Moved,
    Multiple,
    OnRequest,
    OpenSource,
    Outdone,
    PlanCounted,
    PlanNamed,
    Reviewed,
    Saved,
    Scored,
    Shifted,
    Subject,
    Times,
)
from pricing_pipeline.claims.crossings import judge_crossed
from pricing_pipeline.claims.dates import Relation, moment
from pricing_pipeline.claims.directions import judge_shifted
from pricing_pipeline.claims.holdings import judge_count
from pricing_pipeline.claims.judgement import Finding, Verdict, any_of, finding, unknown
from pricing_pipeline.claims.knowledge import BEGINNING, INSTANT, Held, Knowledge, Window
from pricing_pipeline.claims.licences import judge_licensed
from pricing_pipeline.claims.orders import judge_compared, judge_foremost
from pricing_pipeline.claims.prices import judge_price
from pricing_pipeline.claims.proportions import judge_apart, judge_moved, judge_outdone, judge_saved, judge_times
from pricing_pipeline.claims.standing import (
    judge_basis,
    judge_free,
    judge_on_request,
    judge_open_source,
    judge_plan_count,
    judge_plan_name,
    judge_reviews,
    judge_score,
)
from pricing_pipeline.claims.times import window_of
from pricing_pipeline.claims.words import term_words
from pricing_pipeline.facts import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim with what became of it."""

    claim: Claim
    finding: Finding

    @property
    def verdict(self) -> Verdict:
        """Supported, contradicted or unknown."""
        return self.finding.verdict


def judge_claims(claims: Iterable[Claim], knowledge: Knowledge) -> tuple[Judged, ...]:
    """Every claim with its finding, in the same order."""
    return tuple(Judged(claim=claim, finding=judge(claim, knowledge)) for claim in claims)


def judge(claim: Claim, knowledge: Knowledge) -> Finding:
    """The finding on one claim. Where it may speak of several, it is contradicted only if it is of each of them."""
    if isinstance(claim.said, Dated):
        return any_of([_dated(claim, claim.said, subject, knowledge) for subject in claim.subjects])
    window = window_of(claim, knowledge)
    if window is None:
        return unknown("it speaks of a time that is still to come")
    if isinstance(claim.said, Crossed):
        return judge_crossed(claim.said, claim.subjects, knowledge, window)
    return any_of([_judge(claim, subject, knowledge, window) for subject in _plausible(claim, knowledge)])


def _plausible(claim: Claim, knowledge: Knowledge) -> tuple[Subject, ...]:
    """Those who may be meant: of several only the ones that count the unit at all, where any does."""
    unit = claim.said.metric if isinstance(claim.said, Counted) else None
    if unit is None or len(claim.subjects) < 2:
        return claim.subjects
    parts = {"minute"} if unit == "hour" else set(unit.split("_"))
    counting = (
        one
        for one in claim.subjects
        if any(parts <= set(metric.split("_")) for metric in knowledge.metrics_of(one.key))
    )
    return tuple(counting) or claim.subjects


def _judge(claim: Claim, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    said = claim.said
    match said:
        case Charged():
            return judge_price(claim, said, subject, knowledge, window)
        case Counted():
            return judge_count(claim, said, subject, knowledge, window)
        case Scored():
            return judge_score(said, subject, knowledge, window)
        case Reviewed():
            return judge_reviews(said, subject, knowledge, window)
        case Free():
            return judge_free(said, subject, knowledge, window)
        case OnRequest():
            return judge_on_request(said, subject, knowledge, window)
        case OpenSource():
            return judge_open_source(said, subject, knowledge, window)
        case Compared():
            return judge_compared(said, subject, knowledge, window)
        case Foremost():
            return judge_foremost(said, subject, knowledge, window)
        case PlanNamed():
            return judge_plan_name(said, subject, knowledge, window)
        case PlanCounted():
            return judge_plan_count(said, subject, knowledge, window)
        case Dated():
            return _dated(claim, said, subject, knowledge)
        case Times():
            return judge_times(said, subject, knowledge, window)
        case Apart():
            return judge_apart(said, subject, knowledge, window)
        case Saved():
            return judge_saved(said, subject, knowledge, window)
        case Moved():
            return judge_moved(said, subject, knowledge)
        case Shifted():
            return judge_shifted(claim, said, subject, knowledge)
        case Outdone():
            return judge_outdone(said, subject, knowledge, window)
        case Multiple() | Crossed():
            return unknown("of what it is a multiple is not said")
        case Licensed():
            return judge_licensed(said, subject, knowledge)
        case Based():
            return judge_basis(said, subject, knowledge, window)
        case Denied():
            return _denied(_judge_said(claim, said, subject, knowledge, window))


def _denied(found: Finding) -> Finding:
    """The finding on the opposite. What is not its price may be another: nothing is known of that."""
    if found.verdict is Verdict.SUPPORTED:
        return replace(found, verdict=Verdict.CONTRADICTED)
    return replace(found, verdict=Verdict.SUPPORTED) if found.verdict is Verdict.CONTRADICTED else found


def _dated(claim: Claim, said: Dated, subject: Subject, knowledge: Knowledge) -> Finding:
    when = claim.when
    if when is None or when.first is None or when.last is None:
        return unknown("no day is named")
    if when.relation is Relation.VERIFIED:
        return _verified(claim, subject, knowledge)
    held = _meant(claim, said, subject, knowledge)
    if moment(when.first) > knowledge.as_of:
        return _settled_before(held, when.relation)
    if not held:
        return unknown("when it began or ended is not known")
    if when.relation is Relation.SINCE:
        return _since(held, claim, knowledge)
    return _until(held, claim)


def _settled_before(held: list[Held[Term]], relation: Relation) -> Finding:
    """The finding on a day that is still to come: what began, or ended, before cannot do so then."""
    began = [one for one in held if one.until is None] if relation is Relation.SINCE else []
    ended = held if relation is Relation.UNTIL and held and all(one.until is not None for one in held) else []
    for one, at in [*((one, one.since) for one in began), *((one, one.until) for one in ended)]:
        return finding(
            Verdict.CONTRADICTED, f"{term_words(one.fact)}: {'since' if began else 'until'} {at:%Y-%m-%d}", [one]
        )
    return unknown("it speaks of a time that is still to come")


def _verified(claim: Claim, subject: Subject, knowledge: Knowledge) -> Finding:
    """A day on which a text was checked cannot lie ahead; what changed since is told."""
    assert claim.when is not None
    assert claim.when.first is not None
    assert claim.when.last is not None
    if moment(claim.when.first) > knowledge.as_of:
        return Finding(verdict=Verdict.CONTRADICTED, right=f"that day is after {knowledge.as_of:%Y-%m-%d}")
    day_after = moment(claim.when.last + timedelta(days=1))
    rows = knowledge.terms_of(subject.key, subject.plan)
    changed = [held for held in rows if held.since >= day_after and _had_another(held, knowledge)]
    if changed:
        words = f"{term_words(changed[0].fact)} since {changed[0].since:%Y-%m-%d}"
        return finding(Verdict.UNKNOWN, words, changed, "facts have changed since that day")
    at = knowledge.verified.get(subject.key)
    return unknown("when the author checked it is not known" if at is None else f"we last verified it on {at:%Y-%m-%d}")


def _had_another(held: Held[Term], knowledge: Knowledge) -> bool:
    return bool(_earlier(held, knowledge))


def _earlier(held: Held[Term], knowledge: Knowledge) -> list[Held[Term]]:
    """What stood in a term's place before it: the same kind and metric of the same plan, ended when it began."""
    rows = knowledge.terms_of(held.key, held.fact.plan, Window(BEGINNING, knowledge.as_of))
    return [
        other
        for other in rows
        if other.until is not None
        and other.until <= held.since + timedelta(days=1)
        and (other.fact.plan, other.fact.term, other.fact.metric) == (held.fact.plan, held.fact.term, held.fact.metric)
    ]


def _meant(claim: Claim, said: Dated, subject: Subject, knowledge: Knowledge) -> list[Held[Term]]:
    """The terms that say what the claim says, at whatever time."""
    if said.said is None:
        return []
    window = Window(BEGINNING, knowledge.as_of)
    found = []
    for held in knowledge.terms_of(subject.key, subject.plan, window):
        alone = Knowledge(
            as_of=knowledge.as_of,
            products=knowledge.products,
            plans=tuple(knowledge.plans_ever(subject.key)),
            terms=(held,),
        )
        if _judge_said(claim, said, subject, alone, window).verdict is Verdict.SUPPORTED:
            found.append(held)
    return found


def _judge_said(claim: Claim, said: Dated | Denied, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    if isinstance(said.said, Charged):
        return judge_price(claim, said.said, subject, knowledge, window)
    assert said.said is not None
    return judge_count(claim, said.said, subject, knowledge, window)


def _since(rows: list[Held[Term]], claim: Claim, knowledge: Knowledge) -> Finding:
    """It held from that day on: no other value stood between, and it had not begun long before."""
    assert claim.when is not None
    assert claim.when.first is not None
    assert claim.when.last is not None
    opens, closes = moment(claim.when.first), moment(claim.when.last + timedelta(days=1)) - INSTANT
    for held in rows:
        earlier = _earlier(held, knowledge)
        began = f"{term_words(held.fact)} since {held.since:%Y-%m-%d}"
        if opens <= held.since <= closes:
            return finding(Verdict.SUPPORTED, began, [held])
        if held.since > closes and earlier:
            return finding(Verdict.CONTRADICTED, f"{began}, before that {term_words(earlier[-1].fact)}", [held])
        if held.since < opens and earlier:
            return finding(Verdict.CONTRADICTED, began, [held])
    return unknown(f"it stands since {rows[0].since:%Y-%m-%d} or earlier")


def _until(rows: list[Held[Term]], claim: Claim) -> Finding:
    """It ended with that day, or with the one before it."""
    assert claim.when is not None
    assert claim.when.first is not None
    assert claim.when.last is not None
    opens, closes = moment(claim.when.first), moment(claim.when.last + timedelta(days=1))
    for held in rows:
        if held.until is not None and opens <= held.until <= closes:
            return finding(Verdict.SUPPORTED, f"{term_words(held.fact)} until {held.until:%Y-%m-%d}", [held])
    ended = [held for held in rows if held.until is not None]
    if ended:
        words = f"{term_words(ended[0].fact)} until {ended[0].until:%Y-%m-%d}"
        return finding(Verdict.CONTRADICTED, words, ended)
    return finding(Verdict.CONTRADICTED, f"{term_words(rows[0].fact)}, still", rows)
