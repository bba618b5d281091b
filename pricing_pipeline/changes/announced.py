"""What is announced: which of a product's terms a dated statement speaks of, and how it is told as a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from pricing_pipeline.addons import SEAT
from pricing_pipeline.changes.values import digest
from pricing_pipeline.facts import GateState, Lever, PriceKind, Severity, State, Surface, Term, TermKind
from pricing_pipeline.results import Change, Offer, Promise
from pricing_pipeline.wording import day

WITHDRAWN = "announcement_withdrawn"
NOT_KEPT = "announcement_not_kept"
# Without a period, a price so many times the old one may well be a year's.
_TOO_FAR = Decimal(8)
_COUNTS = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT})
_SAID = "; announced for "


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A term that a page states for a day (its `effective_from`), as its sentence puts it, and what the figure was until then."""

    term: Term
    former: Decimal | None = None


def bind(statements: Sequence[Statement], offer: Offer) -> list[tuple[Statement, Term]]:
    """The terms of a product that statements speak of, with their new values: oldest day first.

    A sentence says "Team goes from $20 to $25"; that this is the price a month, paid monthly, is known from what stands. A
    statement that may be about several terms, or about none, is left out: it is on record, and changes nothing.
    """
    terms = list(offer.terms)
    slugs = [plan.slug for plan in offer.plans]
    found: list[tuple[Statement, Term]] = []
    for statement in sorted(statements, key=lambda one: one.term.effective_from or date.min):
        for term in _bound(statement, terms, slugs):
            found.append((statement, term))
            terms = [*(other for other in terms if other.key != term.key), replace(term, effective_from=None)]
    return found


def _bound(statement: Statement, terms: Sequence[Term], slugs: Sequence[str]) -> Iterator[Term]:
    said = statement.term
    plan = _plan(said.plan, slugs)
    if said.plan is not None and plan is None:
        return
    if any(term.key == replace(said, plan=plan).key for term in terms):
        yield replace(said, plan=plan)  # it says itself which term it is
        return
    alike = [term for term in terms if _is_alike(said, plan, term)]
    if said.plan is None and said.term is TermKind.ALLOWANCE and said.state is State.NOT_INCLUDED:
        yield from (_renewed(said, term) for term in alike)  # "credits are no longer included": of no plan
        return
    if (
        said.plan is None
        and said.term is TermKind.USAGE_RATE
        and len({(term.amount, term.plan is None) for term in alike}) == 1
    ):
        yield from (
            _renewed(said, term) for term in alike if statement.former in (None, term.amount)
        )  # of every plan alike
        return
    chosen = _the_one(statement, [term for term in alike if term.plan == plan] or alike)
    if chosen is not None:
        yield _renewed(said, chosen)
    elif not alike and _is_whole(said, plan, terms):
        yield replace(said, plan=plan)


def days_of(statements: Iterable[Statement], offer: Offer) -> dict[tuple[str | None, ...], date]:
    """Since when, by its key, each term of an offer that a statement foretold or tells of holds: the newest such day."""
    slugs = [plan.slug for plan in offer.plans]
    found: dict[tuple[str | None, ...], date] = {}
    for statement in statements:
        said = statement.term
        plan = _plan(said.plan, slugs)
        if said.effective_from is None or (said.plan is not None and plan is None):
            continue
        for term in offer.terms:
            if (
                _is_alike(said, plan, term)
                and (said.plan is None or term.plan == plan)
                and _figures(said) == _figures(term)
            ):
                found[term.key] = max(said.effective_from, found.get(term.key, said.effective_from))
    return found


def _figures(term: Term) -> tuple[object, ...]:
    return (term.state, term.amount, term.amount_max, term.quantity)


def _plan(said: str | None, slugs: Sequence[str]) -> str | None:
    """The plan that a name means: its own slug, or the end of it ("Acme Team" where there is a Team)."""
    if said is None or said in slugs:
        return said
    close = [slug for slug in slugs if said.endswith(f"-{slug}") or said.removesuffix("-plan") == slug]
    return close[0] if len(close) == 1 else None


def _is_alike(said: Term, plan: str | None, term: Term) -> bool:
    """Whether a standing term may be the one that is spoken of."""
    kinds = {said.term} if said.term not in _COUNTS else _COUNTS
    if said.term is TermKind.USAGE_RATE and term.term is TermKind.RECURRING_FEE and term.metric == said.metric:
        kinds = {
            said.term,
            TermKind.RECURRING_FEE,
        }  # "per editor a month" is the plan's own price where editors are what it sells
    if term.term not in kinds or term.price_kind is PriceKind.LIST or term.evidence.surface is not Surface.VISIBLE:
        return False
    if plan is not None and term.plan != plan and not (term.plan is None and said.term is TermKind.USAGE_RATE):
        return False
    if said.metric != term.metric and not (said.metric is None and said.term is TermKind.RECURRING_FEE):
        return False
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in (
            (said.currency, term.currency),
            (said.billing_period, term.billing_period),
            (said.commitment, term.commitment),
        )
    )


def _the_one(statement: Statement, alike: Sequence[Term]) -> Term | None:
    """The one term that a statement can be about; None where there are several, or where the old figure is another."""
    said = statement.term
    if statement.former is not None:
        alike = [term for term in alike if statement.former in (term.amount, term.quantity)]
    plain = [term for term in alike if term.tier_from is None]
    if len(plain) > 1 and said.billing_period is not None and said.commitment is None:
        plain = [term for term in plain if term.commitment in (None, term.billing_period)] or plain
    if len(plain) != 1:
        return None
    return plain[0] if said.billing_period is not None or not _is_too_far(said, plain[0]) else None


def _is_too_far(said: Term, term: Term) -> bool:
    if said.term is not TermKind.RECURRING_FEE or not said.amount or not term.amount:
        return False
    return said.amount >= term.amount * _TOO_FAR or said.amount * _TOO_FAR <= term.amount


def _renewed(said: Term, term: Term) -> Term:
    """A standing term as it will be."""
    is_rate = term.term is TermKind.USAGE_RATE
    return replace(
        term,
        state=said.state,
        amount=said.amount,
        amount_max=said.amount_max,
        quantity=said.quantity,
        currency=term.currency if said.currency is None else said.currency,
        per_quantity=(said.per_quantity or term.per_quantity) if is_rate else term.per_quantity,
        price_kind=PriceKind.STANDARD,
        unit_as_printed=said.unit_as_printed or term.unit_as_printed,
        evidence=said.evidence,
        effective_from=said.effective_from,
    )


def _is_whole(said: Term, plan: str | None, terms: Sequence[Term]) -> bool:
    """Whether a statement about something new says all that a term needs."""
    if said.metric not in (None, SEAT) and said.term in (TermKind.RECURRING_FEE, TermKind.MINIMUM_SPEND):
        return True  # what must be bought besides stands for itself
    if said.plan is None:
        return said.term is TermKind.USAGE_RATE and any(term.metric == said.metric for term in terms)
    if said.term is TermKind.RECURRING_FEE:
        fees = any(term.term is said.term and term.plan == plan for term in terms)
        return not fees and said.billing_period is not None and said.currency is not None
    return said.metric is not None and said.state is not State.NOT_INCLUDED


def as_announced(change: Change, *, on: date, at: datetime) -> Change:
    """A change that is announced `at` a moment for a day to come, as it is told until then."""
    return replace(
        change,
        id=digest("announced", change.id, on.isoformat()),
        observed_at=at,
        announced_at=at,
        effective_at=on,
        verdict=f"{change.verdict}{_SAID}{day(on)}",
        promise=Promise.STANDING,
    )


def fulfils(change: Change, announced: Change) -> bool:
    """Whether a change that was seen is the one that was announced."""
    return (change.product, change.plan, change.kind, change.metric, change.after) == (
        announced.product, announced.plan, announced.kind, announced.metric, announced.after,
    )  # fmt: skip


def is_derived(change: Change) -> bool:
    """Whether a change only follows from others: what a plan costs, and which is the cheapest."""
    return change.lever is Lever.COST


def surprising(changes: Iterable[Change], announced: Sequence[Change]) -> tuple[Change, ...]:
    """The changes that nobody announced; what follows from announced ones alone is none of them."""
    own = list(changes)
    new = [change for change in own if not is_derived(change) and not any(fulfils(change, one) for one in announced)]
    kept = any(fulfils(change, one) for change in own for one in announced)
    return tuple(change for change in own if change in new or (is_derived(change) and (new or not kept)))


def withdrawn(announced: Change, *, at: datetime, observation_id: str) -> Change:
    """What is to be told when a page no longer says what it announced, before its day."""
    verdict = f"{_base(announced)}; announced for {_effective(announced)}, is announced no longer"
    return _taken_back(announced, WITHDRAWN, verdict, at=at, observation_id=observation_id)


def not_kept(announced: Change, *, at: datetime, observation_id: str) -> Change:
    """What is to be told when the day is over and the pricing page says something else than was announced."""
    verdict = f"{_base(announced)}; announced for {_effective(announced)}, has not taken effect on the pricing page"
    return _taken_back(announced, NOT_KEPT, verdict, at=at, observation_id=observation_id)


def _base(announced: Change) -> str:
    return announced.verdict.split(_SAID)[0].split("; ")[0]


def _effective(announced: Change) -> str:
    return day(announced.effective_at) if announced.effective_at else "a day"


def _taken_back(announced: Change, kind: str, verdict: str, *, at: datetime, observation_id: str) -> Change:
    return replace(
        announced,
        id=digest(kind, announced.id, at.isoformat()),
        kind=kind,
        observed_at=at,
        severity=Severity.NOTICE,
        state=GateState.ACCEPTED,
        verdict=verdict,
        before=announced.after,
        after=announced.before,
        before_term=announced.after_term,
        after_term=announced.before_term,
        costs=(),
        observation_id=observation_id,
        promise=None,
    )
