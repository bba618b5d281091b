"""What happened to allowances, limits, unit prices, definitions and minimums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_pipeline.changes.moves import Move, ratio
from pricing_pipeline.changes.pairing import Pair
from pricing_pipeline.changes.phrases import ARROW, figure, moved, subject, unit, unit_moved
from pricing_pipeline.changes.qualifiers import qualifier_move
from pricing_pipeline.changes.values import as_texts, unit_price, value
from pricing_pipeline.facts import Lever, State, Term, TermKind
from pricing_pipeline.unit_names import of_each
from pricing_pipeline.wording import noun, number

# Rough lengths, only to tell whether "10 a day" or "300 a month" is more.
_DAYS = {
    "hour": Decimal(1) / 24,
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal(30),
    "quarter": Decimal(90),
    "year": Decimal(360),
}
_WITHIN_DAYS = Decimal("0.1")


def count_move(pair: Pair) -> Move | None:
    """An allowance or a limit that was added, removed, raised or cut."""
    before, after = pair.before, pair.after
    one, other = _promised(before), _promised(after)
    if pair.moved == "metric" and before and after:
        return _move(
            pair,
            Lever.UNIT,
            "unit_changed",
            f"{subject(before)} {figure(before)}{ARROW}{figure(after)} {noun(after.metric or '')}",
        )
    if one == other:
        return _period_move(pair)
    if before is None or one == 0:
        return None if _means_nothing(after) else _move(pair, Lever.ALLOWANCE, "allowance_added", _came(pair))
    if after is None or other == 0:
        return _removed(pair) if one else None
    if before.billing_period != after.billing_period and (move := _period_move(pair)):
        return move
    words = f"{subject(after)} {_of_each(before)}{ARROW}{_of_each(after)}"
    are_counts = isinstance(one, Decimal) and isinstance(other, Decimal)
    if are_counts and _each(before) != _each(after):  # neither more nor less: that depends on how many there are
        return _move(pair, Lever.UNIT, "unit_changed", words)
    kind = "allowance_increased" if _more(one, other) else "allowance_decreased"
    return _move(pair, Lever.ALLOWANCE, kind, words)


def rate_move(pair: Pair, rates: Sequence[Term]) -> Move | None:
    """A unit price that was added, removed, raised or cut. `rates` are all of before, to tell which way a
    band moved."""
    before, after = pair.before, pair.after
    if before is None or after is None:
        return _rate_came_or_went(pair)
    if pair.moved == "metric":
        return _move(
            pair,
            Lever.UNIT,
            "unit_changed",
            f"{subject(before)} {figure(before)}{ARROW}{figure(after)} per {unit(after)}",
        )
    if pair.moved in ("currency", "country"):
        return _move(
            pair, Lever.STRUCTURE, "currency_changed", f"{subject(after)} {figure(before)}{ARROW}{figure(after)}"
        )
    if pair.moved in ("billing_period", "commitment"):
        return _move(
            pair, Lever.STRUCTURE, f"{pair.moved}_changed", f"{subject(after)} {figure(before)}{ARROW}{figure(after)}"
        )
    one, other = unit_price(before), unit_price(after)
    if one is None or other is None:
        return None if one == other else _rate_known(pair, known=other is not None)
    if one != other:
        kind = "rate_increased" if other > one else "rate_decreased"
        return _move(pair, Lever.UNIT_PRICE, kind, unit_moved(before, after))
    return _band_move(pair, rates) if pair.moved == "tier_from" else qualifier_move(pair)


def definition_move(pair: Pair) -> Move | None:
    """A unit that is defined differently, or for the first time, or no longer."""
    before, after = pair.before, pair.after
    term = after or before
    assert term
    if before and after and value(before)[9:] == value(after)[9:]:
        return None
    verb = "changed" if before and after else "is now printed" if after else "is no longer printed"
    phrase = f"definition of a {noun(term.metric, Decimal(1)) if term.metric else 'unit'} {verb}"
    if before and after:
        phrase += f": “{before.evidence.quote}”{ARROW}“{after.evidence.quote}”"
    return _move(pair, Lever.UNIT, "unit_changed", phrase)


def minimum_move(pair: Pair) -> Move | None:
    """A minimum spend or a one-time fee that was added, removed, raised or cut."""
    before, after = pair.before, pair.after
    if pair.moved in ("currency", "country"):
        return None
    one, other = _demanded(before), _demanded(after)
    if one == other:
        return None
    term = after or before
    assert term
    kind = "price_increased" if other > one else "price_decreased"
    words = moved(before, after) if before and after else f"{figure(before)}{ARROW}{figure(after)}"
    return _move(pair, Lever.HEADLINE, kind, f"{subject(term)} {words}")


def _promised(term: Term | None) -> Decimal | State | None:
    """How much is promised: a number, unlimited, or nothing."""
    if term is None or term.state in (State.NOT_INCLUDED, State.NOT_STATED):
        return Decimal(0)
    if term.state is not State.STATED:
        return term.state
    return term.quantity


def _each(term: Term) -> str | None:
    """The metric of which each has so many: `seat` of "4,000 credits per user"; None where the plan has them as a whole."""
    return of_each(term.unit_as_printed) if isinstance(_promised(term), Decimal) else None


def _of_each(term: Term) -> str:
    each = _each(term)
    return f"{figure(term)} per {noun(each, Decimal(1))}" if each else figure(term)


def _means_nothing(term: Term | None) -> bool:
    return term is None or not _promised(term)


def _more(one: Decimal | State | None, other: Decimal | State | None) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return other > one
    return not isinstance(other, Decimal)


def _came(pair: Pair) -> str:
    assert pair.after
    stated = pair.before is not None and pair.before.state is not State.NOT_STATED
    return f"{subject(pair.after)} {'0' if stated else figure(None)}{ARROW}{figure(pair.after)}"


def _removed(pair: Pair) -> Move:
    """What is gone has no figure after; the verdict tells a stated nothing from a line that is merely gone."""
    assert pair.before
    return _move(
        pair,
        Lever.ALLOWANCE,
        "allowance_removed",
        f"{subject(pair.before)} {figure(pair.before)}{ARROW}{figure(pair.after)}",
        gone=True,
    )


def _period_move(pair: Pair) -> Move | None:
    before, after = pair.before, pair.after
    if not before or not after or (before.billing_period or "month") == (after.billing_period or "month"):
        return None
    if before.quantity is None or after.quantity is None:
        return None
    one, other = _DAYS.get(before.billing_period or "month"), _DAYS.get(after.billing_period or "month")
    phrase = f"{subject(after)} {_with_period(before)}{ARROW}{_with_period(after)}"
    if one is None or other is None or not before.quantity:
        return _move(pair, Lever.STRUCTURE, "billing_period_changed", phrase)
    change = (after.quantity / other) / (before.quantity / one) - 1
    if abs(change) <= _WITHIN_DAYS:
        return _move(pair, Lever.STRUCTURE, "billing_period_changed", phrase)
    return _move(pair, Lever.ALLOWANCE, "allowance_increased" if change > 0 else "allowance_decreased", phrase)


def _with_period(term: Term) -> str:
    return f"{figure(term)} a {(term.billing_period or 'month').replace('_', ' ')}"


def _rate_came_or_went(pair: Pair) -> Move | None:
    term = pair.after or pair.before
    assert term
    if unit_price(term) is None:
        return None
    if pair.after:
        return _move(pair, Lever.UNIT_PRICE, "rate_added", f"{subject(term)} of {figure(term)} added")
    return _move(
        pair, Lever.UNIT_PRICE, "rate_removed", f"{subject(term)} of {figure(term)} is no longer stated", gone=True
    )


def _rate_known(pair: Pair, *, known: bool) -> Move:
    assert pair.before
    assert pair.after
    kind = "rate_added" if known else "rate_removed"
    return _move(
        pair, Lever.UNIT_PRICE, kind, f"{subject(pair.after)} {figure(pair.before)}{ARROW}{figure(pair.after)}"
    )


def _band_move(pair: Pair, rates: Sequence[Term]) -> Move | None:
    """A band that starts elsewhere at the same price: dearer where a discount starts later, or a dearer band
    earlier."""
    before, after = pair.before, pair.after
    assert before
    assert after
    one, other = before.tier_from or Decimal(0), after.tier_from or Decimal(0)
    own = [
        price
        for rate in rates
        if (rate.plan, rate.metric) == (before.plan, before.metric) and (price := unit_price(rate))
    ]
    is_dear = max(own) == unit_price(before) and min(own) != max(own)
    kind = "rate_increased" if (other < one) == is_dear else "rate_decreased"
    name = noun(after.metric or "unit", Decimal(1))
    phrase = f"the price of {figure(after)} per {name} begins {_above(other)} instead of {_above(one)}"
    return _move(pair, Lever.UNIT_PRICE, kind, phrase)


def _above(count: Decimal) -> str:
    return f"above {number(count)}" if count else "with the first"


def _demanded(term: Term | None) -> Decimal:
    if term is None or term.state is not State.STATED:
        return Decimal(0)
    return term.amount or term.quantity or Decimal(0)


def _move(pair: Pair, lever: Lever, kind: str, phrase: str, *, gone: bool = False) -> Move:
    term = pair.after or pair.before
    assert term
    one, other = pair.before, pair.after
    was, now = as_texts(one, None if gone else other)
    return Move(
        lever=lever,
        kind=kind,
        phrase=phrase,
        plan=pair.plan,
        metric=term.metric,
        before=was,
        after=now,
        currency=term.currency,
        before_term=one,
        after_term=other,
        ratio=_ratio(one, other),
    )


def _ratio(one: Term | None, other: Term | None) -> Decimal | None:
    if one is None or other is None or one.term in (TermKind.ALLOWANCE, TermKind.LIMIT):
        return None
    before, after = unit_price(one), unit_price(other)
    return ratio(before[1], after[1]) if before and after else None
