"""Judging comparisons and superlatives, computed from what is published of fees, costs and ratings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.claims.claim import Compared, Foremost, Order, Subject
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import Held, Key, Knowledge, Window
from pricing_pipeline.claims.words import fee_words, rating_words
from pricing_pipeline.facts import PriceKind, Rating, RatingState, State, Surface, Term, TermKind
from pricing_pipeline.results import Workload
from pricing_pipeline.wording import counted, money

_BY_PRICE = frozenset({Order.CHEAPER, Order.DEARER, Order.SAME_PRICE})
_MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "half_year": Decimal(6), "year": Decimal(12)}
_SEEN = {Verdict.SUPPORTED: Verdict.CONTRADICTED, Verdict.CONTRADICTED: Verdict.SUPPORTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure by which somebody is ordered, in words, and the facts that it rests on."""

    value: Decimal
    words: str
    sources: tuple[Held[Term] | Held[Rating], ...]
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What an order is asked of: the use, the publisher and the time."""

    order: Order
    knowledge: Knowledge
    window: Window
    usage: Mapping[str, Decimal]
    publisher: str | None = None

    def at(self, usage: Mapping[str, Decimal]) -> _Question:
        return _Question(
            order=self.order, knowledge=self.knowledge, window=self.window, usage=usage, publisher=self.publisher
        )


def judge_compared(said: Compared, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on one coming before another."""
    if said.is_conditional:
        return unknown("for whom or when it holds is not understood")
    question = _Question(
        order=said.order, knowledge=knowledge, window=window, usage=said.usage, publisher=said.publisher
    )
    found = [_against(question, said.bound, subject, other) for other in said.others if other != subject]
    if not found:
        return unknown("with whom it is compared is not recognised")
    verdicts = {one.verdict for one in found}
    return _turned(
        found[0] if len(verdicts) == 1 else unknown("it depends on whom it is compared with"), said.is_negated
    )


def _turned(found: Finding, is_negated: bool) -> Finding:
    if not is_negated or found.verdict not in _SEEN:
        return found
    return Finding(
        verdict=_SEEN[found.verdict], right=found.right, why=found.why, url=found.url,
        captured_at=found.captured_at, quote=found.quote,
    )  # fmt: skip


def _against(question: _Question, bound: str | None, one: Subject, other: Subject) -> Finding:
    """The finding over every use that is meant: "below 18,000 credits" is asked just below it, and far below."""
    found = [_settled(asked, one, other) for asked in _asked(question, bound)]
    # Far off a plan may not take the use at all, which says nothing against it nearer by.
    return next((each for each in found if each.verdict is Verdict.CONTRADICTED), found[0])


def _asked(question: _Question, bound: str | None) -> Iterator[_Question]:
    if bound is None or len(question.usage) != 1:
        yield question
        return
    ((metric, quantity),) = question.usage.items()
    factors = ("0.999", "0.5", "0.1") if bound == "below" else ("1.001", "2", "10", "100")
    for factor in factors:
        yield question.at({metric: quantity * Decimal(factor)})


def _settled(question: _Question, one: Subject, other: Subject) -> Finding:
    ours, theirs = _measures(question, one), _measures(question, other)
    if len(ours) == len(theirs) == 2:
        # both have a free plan: who is the cheaper one is asked of those that cost something
        ours, theirs = ours[1:], theirs[1:]
    pairs = [(mine, its) for mine in ours for its in theirs if _comparable(mine, its)]
    if not pairs:
        return _without_rating(question, one, other)
    verdicts = {_holds(question.order, mine.value, its.value) for mine, its in pairs}
    right = "; ".join(
        dict.fromkeys(
            f"{_name(question, one)} {mine.words}, {_name(question, other)} {its.words}" for mine, its in pairs
        )
    )
    if len(verdicts) > 1:
        return unknown(f"it depends: {right}")
    sources = [source for mine, its in pairs for source in (*mine.sources, *its.sources)]
    return finding(Verdict.SUPPORTED if verdicts == {True} else Verdict.CONTRADICTED, right, sources)


def _without_rating(question: _Question, one: Subject, other: Subject) -> Finding:
    """Who has no ratings cannot be rated higher than somebody who has."""
    if question.order in _BY_PRICE:
        return unknown("no price of both is published that can be compared")
    ours, theirs = (_rows(question, subject) for subject in (one, other))
    rated = [[held for held in rows if held.fact.rating is not None] for rows in (ours, theirs)]
    higher = question.order in (Order.RATED_HIGHER, Order.MORE_REVIEWS)
    if higher and ours and not rated[0] and rated[1]:
        right = "; ".join(rating_words(held.fact) for held in (*ours, *rated[1]))
        return finding(Verdict.CONTRADICTED, right, (*ours, *rated[1]))
    if question.order is Order.MORE_REVIEWS and theirs and not rated[1] and rated[0]:
        return finding(Verdict.SUPPORTED, "; ".join(rating_words(held.fact) for held in rated[0]), rated[0])
    return unknown("no rating of both is known at one publisher")


def _comparable(one: Measure, other: Measure) -> bool:
    return one.currency == other.currency or not one.value or not other.value


def _holds(order: Order, mine: Decimal, its: Decimal) -> bool:
    if order is Order.SAME_PRICE:
        return abs(mine - its) <= Decimal("0.005")
    less = order in (Order.CHEAPER, Order.RATED_LOWER, Order.FEWER_REVIEWS)
    return mine < its if less else mine > its


def _name(question: _Question, subject: Subject) -> str:
    if subject.plan is not None:
        plans = question.knowledge.plans_ever(subject.key)
        return next((held.fact.name for held in plans if held.fact.slug == subject.plan), subject.plan)
    named = question.knowledge.names.get(subject.key)
    return named.product_name if named is not None else subject.product


def _rows(question: _Question, subject: Subject) -> list[Held[Rating]]:
    rows = question.knowledge.ratings_of(subject.key, question.window)
    return [held for held in rows if question.publisher in (None, held.fact.publisher)]


def _measures(question: _Question, subject: Subject) -> list[Measure]:
    """The figures by which a subject may be ordered; several where the words leave open which."""
    if question.order not in _BY_PRICE:
        return [one for held in _rows(question, subject) if (one := _scored(question.order, held)) is not None]
    if subject.plan is not None:
        measure = _plan_price(question, subject.key, subject.plan)
        return [] if measure is None else [measure]
    plans = [held for held in question.knowledge.plans_of(subject.key, question.window) if held.hosted]
    prices = [one for held in plans if (one := _plan_price(question, subject.key, held.fact.slug)) is not None]
    ordered = sorted(prices, key=lambda measure: measure.value)
    paid = [measure for measure in ordered if measure.value > 0]
    return list({id(one): one for one in (*ordered[:1], *paid[:1])}.values())


def measures_of(
    order: Order, subject: Subject, knowledge: Knowledge, window: Window, usage: Mapping[str, Decimal] | None = None
) -> list[Measure]:
    """The figures by which a subject is ordered: what it costs a month at a use, or how it is rated."""
    return _measures(_Question(order=order, knowledge=knowledge, window=window, usage=usage or {}), subject)


def _scored(order: Order, held: Held[Rating]) -> Measure | None:
    rating = held.fact
    if order in (Order.MORE_REVIEWS, Order.FEWER_REVIEWS):
        count = rating.review_count if rating.review_count is not None else rating.rating_count
        value = None if count is None else Decimal(count)
    else:
        value = rating.rating if rating.rating is None or not rating.scale else rating.rating / rating.scale
    # publishers are never averaged, so they are compared like with like only
    return (
        None
        if value is None
        else Measure(value=value, words=rating_words(rating), sources=(held,), currency=rating.publisher)
    )


def _plan_price(question: _Question, key: Key, plan: str) -> Measure | None:
    """What a plan costs at the use, or its monthly fee where none is named; None where that is not published."""
    knowledge, window = question.knowledge, question.window
    usage = {metric: quantity for metric, quantity in question.usage.items() if metric in knowledge.metrics_of(key)}
    fees = tuple(_fees(knowledge.terms_of(key, plan, window), plan))
    if usage:
        cost = knowledge.cost(key, plan, Workload(slug="said", name="said", usage=usage), window)
        if cost is None or cost.high is None:
            return None
        use = ", ".join(counted(quantity, metric) for metric, quantity in usage.items())
        return Measure(
            value=cost.high, words=f"{money(cost.high, cost.currency)} at {use}", sources=fees, currency=cost.currency
        )
    state = next((held.fact.state for held in knowledge.plans_of(key, window) if held.fact.slug == plan), None)
    seats = _least_seats(knowledge.terms_of(key, plan, window))
    amounts = [
        (held.fact.amount / _months(held.fact) * (seats if held.fact.metric == "seat" else 1), held)
        for held in fees
        if held.fact.amount is not None
    ]
    if amounts:
        value, held = min(amounts, key=lambda pair: (_is_hidden(pair[1]), pair[0]))
        return Measure(value=value, words=fee_words(held.fact), sources=(held,), currency=held.fact.currency)
    is_free = state is State.FREE or any(held.fact.state is State.FREE for held in fees)
    return Measure(value=Decimal(0), words="free", sources=fees) if is_free else None


def _months(fee: Term) -> Decimal:
    return _MONTHS.get(fee.billing_period or "month", Decimal(1))


def _least_seats(terms: Sequence[Held[Term]]) -> Decimal:
    """How many seats are billed at least."""
    found = (held.fact for held in terms if held.fact.term is TermKind.MINIMUM_SPEND and held.fact.metric == "seat")
    return next((term.quantity for term in found if term.quantity), Decimal(1))


def _is_hidden(held: Held[Term]) -> bool:
    return held.fact.evidence.surface is Surface.INACTIVE_PANE


def _fees(terms: Sequence[Held[Term]], plan: str) -> Iterator[Held[Term]]:
    for held in terms:
        fee = held.fact
        if fee.term is TermKind.RECURRING_FEE and fee.plan == plan and fee.price_kind is not PriceKind.LIST:
            yield held


def judge_foremost(said: Foremost, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on being the first of all."""
    question = _Question(
        order=said.order, knowledge=knowledge, window=window, usage=said.usage, publisher=said.publisher
    )
    if said.is_conditional:
        return _of_the_free(said, question, subject)
    rivals = list(_rivals(said, question, subject))
    if not rivals:
        return unknown("with whom it is compared is not known")
    if said.order not in _BY_PRICE:
        alone = _only_rated(question, subject, rivals)
        if alone is not None:
            return _turned(alone, said.is_negated)
        rivals = [rival for rival in rivals if not _unrated(question, rival)]
    found = [_beaten(question, subject, rival) for rival in rivals]
    against = next((one for one in found if one.verdict is Verdict.CONTRADICTED), None)
    if against is not None:
        return _turned(against, said.is_negated)
    supported = [one for one in found if one.verdict is Verdict.SUPPORTED]
    unsettled = [one for one in found if one.verdict is Verdict.UNKNOWN]
    if not supported or (unsettled and subject.plan is None):
        return unsettled[0] if unsettled else unknown("nothing is known to compare it with")
    return _turned(supported[0], said.is_negated)


def _of_the_free(said: Foremost, question: _Question, subject: Subject) -> Finding:
    """Whatever the condition is, what is free is never the dearest."""
    measures = _measures(question, subject)
    if said.order is Order.DEARER and not said.is_negated and measures and not any(one.value for one in measures):
        return finding(Verdict.CONTRADICTED, measures[0].words, measures[0].sources)
    return unknown("for whom or when it holds is not understood")


def _unrated(question: _Question, subject: Subject) -> bool:
    """Whether a page says that there are no ratings."""
    rows = _rows(question, subject)
    return bool(rows) and all(held.fact.state is RatingState.NO_RATINGS_YET for held in rows)


def _only_rated(question: _Question, subject: Subject, rivals: Sequence[Subject]) -> Finding | None:
    """Who alone has ratings is the highest rated of all, and the lowest."""
    if not _measures(question, subject) or not all(_unrated(question, rival) for rival in rivals):
        return None
    rows = _rows(question, subject)
    return finding(Verdict.SUPPORTED, "; ".join(rating_words(held.fact) for held in rows), rows)


def _beaten(question: _Question, subject: Subject, rival: Subject) -> Finding:
    """Contradicted where the rival comes first; a tie is no defeat."""
    turned = _settled(_turned_order(question), subject, rival)
    if turned.verdict is not Verdict.SUPPORTED:
        return _turned(turned, True) if turned.verdict is Verdict.CONTRADICTED else _settled(question, subject, rival)
    return _turned(turned, True)


_OPPOSITE = {
    Order.CHEAPER: Order.DEARER, Order.DEARER: Order.CHEAPER, Order.RATED_HIGHER: Order.RATED_LOWER,
    Order.RATED_LOWER: Order.RATED_HIGHER, Order.MORE_REVIEWS: Order.FEWER_REVIEWS, Order.FEWER_REVIEWS: Order.MORE_REVIEWS,
    Order.SAME_PRICE: Order.SAME_PRICE,
}  # fmt: skip


def _turned_order(question: _Question) -> _Question:
    return _Question(
        order=_OPPOSITE[question.order], knowledge=question.knowledge, window=question.window, usage=question.usage,
        publisher=question.publisher,
    )  # fmt: skip


def _rivals(said: Foremost, question: _Question, subject: Subject) -> Iterator[Subject]:
    """The other plans of the product, or the other products of the text; free plans only where they count."""
    if subject.plan is None:
        yield from (Subject(*key) for key in said.rivals if key != subject.key)
        return
    for key in dict.fromkeys((subject.key, *said.rivals)):
        for held in question.knowledge.plans_of(key, question.window):
            rival = Subject(*key, held.fact.slug)
            price = _plan_price(question, key, held.fact.slug) if held.hosted else None
            if price is None or (key, held.fact.slug) == (subject.key, subject.plan):
                continue
            if price.value > 0 or not said.is_paid_only:
                yield rival
