"""What happened to a plan's recurring fees: its headline, and the offers that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pricing_pipeline.changes.moves import Move, ratio
from pricing_pipeline.changes.pairing import Pair
from pricing_pipeline.changes.phrases import ARROW, figure, moved, subject
from pricing_pipeline.changes.qualifiers import qualifier_move
from pricing_pipeline.changes.values import as_texts, commitment, is_open, unit_price
from pricing_pipeline.facts import Lever, Plan, State, Term, TermKind

_SILENT = (State.CONTACT_SALES, State.NOT_STATED, State.NOT_INCLUDED)


def fee_moves(pairs: Sequence[Pair], old: Plan | None, new: Plan | None) -> list[Move]:
    """The moves of one plan's fees; `old` and `new` are the plan itself, whose own state speaks where no fee does."""
    both = [pair for pair in pairs if pair.before and pair.after]
    came = [pair.after for pair in pairs if pair.before is None and pair.after]
    went = [pair.before for pair in pairs if pair.after is None and pair.before]
    moves = [move for pair in both if (move := _moved(pair))]
    had = any(pair.before for pair in pairs)
    has = any(pair.after for pair in pairs)
    if came and not had:
        return [*moves, *_first(came, old.state if old else State.NOT_STATED)]
    if went and not has:
        return [*moves, *_last(went, new.state if new else State.NOT_STATED)]
    left = min((pair.after for pair in pairs if pair.after and not is_open(pair.after)), key=_preference, default=None)
    return [
        *moves,
        *(_option(None, term, _metrics(pair.before for pair in pairs)) for term in came if not is_open(term)),
        *(_option(term, None, _metrics(pair.after for pair in pairs), left) for term in went if not is_open(term)),
    ]


def state_move(old: Plan, new: Plan) -> Move | None:
    """What a plan's own state says where neither side states a fee."""
    kind = _kind(old.state, new.state)
    if kind is None:
        return None
    words = {State.FREE: "free", State.CONTACT_SALES: "contact sales", State.STATED: "a price that is not stated"}
    return Move(
        lever=Lever.HEADLINE,
        kind=kind,
        plan=new.slug,
        before=old.state,
        after=new.state,
        phrase=f"{words.get(old.state, 'not stated')}{ARROW}{words.get(new.state, 'not stated')}",
    )


def _moved(pair: Pair) -> Move | None:
    before, after = pair.before, pair.after
    assert before
    assert after
    if pair.moved in ("currency", "country"):
        return _move(pair, Lever.STRUCTURE, "currency_changed", f"price {figure(before)}{ARROW}{figure(after)}")
    if pair.moved in ("billing_period", "commitment"):
        return _move(pair, Lever.STRUCTURE, f"{pair.moved}_changed", f"price {figure(before)}{ARROW}{figure(after)}")
    if pair.moved == "metric":
        return _move(
            pair,
            Lever.UNIT,
            "unit_changed",
            f"{subject(before)} {figure(before)}{ARROW}{subject(after)} {figure(after)}",
        )
    kind = _kind(_said(before), _said(after))
    if kind:
        return _move(pair, Lever.HEADLINE, kind, f"{subject(after)} {moved(before, after)}")
    one, other = unit_price(before), unit_price(after)
    if is_open(before) and is_open(after) and None not in (before.currency, after.currency):
        if before.currency == after.currency:
            return None
        words = f"still free, priced in {after.currency} instead of {before.currency}"
        return _move(pair, Lever.STRUCTURE, "currency_changed", words)
    if one is None or other is None:
        return None
    if one == other:
        return qualifier_move(pair)
    kind = "price_increased" if other > one else "price_decreased"
    return _move(pair, Lever.HEADLINE, kind, f"{subject(after)} {moved(before, after)}")


def _said(term: Term) -> State:
    """A price of nothing is free, as far as a headline goes; one of nothing up to something is a price."""
    is_nothing = term.state is State.STATED and not term.amount and not term.amount_max
    return State.FREE if is_nothing else term.state


def _kind(old: State, new: State) -> str | None:
    if old == new or (old in _SILENT and new in _SILENT):
        return None
    if old is State.FREE:
        return "price_withdrawn" if new in _SILENT else "free_tier_removed"
    if new is State.FREE:
        return "free_tier_added"
    if new in _SILENT:
        return "price_withdrawn"
    return "price_published" if old in _SILENT else None


def _first(terms: Sequence[Term], state: State) -> list[Move]:
    """The first fee that a plan states, where it stated none."""
    term = min(terms, key=_preference)
    kind = _kind(state, _said(term)) if state is not State.STATED else None if is_open(term) else "price_published"
    if kind is None:
        return []
    before = {State.FREE: "free", State.CONTACT_SALES: "contact sales"}.get(state, "not stated")
    pair = Pair(plan=term.plan, after=term)
    return [_move(pair, Lever.HEADLINE, kind, f"{subject(term)} {before}{ARROW}{figure(term)}", before=state)]


def _last(terms: Sequence[Term], state: State) -> list[Move]:
    """The last fee that a plan stated, where it now states none."""
    term = min(terms, key=_preference)
    kind = _kind(_said(term), state if state is not State.STATED else State.NOT_STATED)
    if kind is None:
        return []
    after = {State.FREE: "free", State.CONTACT_SALES: "contact sales"}.get(state, "no longer stated")
    pair = Pair(plan=term.plan, before=term)
    return [_move(pair, Lever.HEADLINE, kind, f"{subject(term)} {figure(term)}{ARROW}{after}", after=state)]


def _metrics(fees: Iterable[Term | None]) -> frozenset[str | None]:
    return frozenset(fee.metric for fee in fees if fee)


def _option(before: Term | None, after: Term | None, known: frozenset[str | None], left: Term | None = None) -> Move:
    """One more way to pay, or one less, beside those that stay, of which `left` is the first. `known` is what the plan is
    charged for on the other side: a yearly price per seat beside a monthly one is no new meter."""
    term = after or before
    assert term
    verb = "added" if after else "no longer offered"
    pair = Pair(plan=term.plan, before=before, after=after)
    if term.metric is not None and term.metric not in known:
        kind = "meter_added" if after else "meter_removed"
        return _move(pair, Lever.METER, kind, f"{subject(term)} of {figure(term)} {verb}")
    is_bound = term.billing_period == "month" and commitment(term) != "month"
    is_unbound = (
        left is not None and left.billing_period == term.billing_period and commitment(left) != commitment(term)
    )
    kind = "commitment_changed" if is_bound or is_unbound else "billing_period_changed"
    rest = f"; what is left is {figure(left)}" if left else ""
    return _move(pair, Lever.STRUCTURE, kind, f"price of {figure(term)} {verb}{rest}")


def _move(
    pair: Pair, lever: Lever, kind: str, phrase: str, *, before: State | None = None, after: State | None = None
) -> Move:
    one, other = pair.before, pair.after
    term = other or one
    assert term
    was, now = as_texts(one, other)
    return Move(
        lever=lever,
        kind=kind,
        phrase=phrase,
        plan=pair.plan,
        metric=term.metric,
        before=was if one else _state_text(before),
        after=now if other else _state_text(after),
        currency=term.currency or (one.currency if one else None),
        before_term=one,
        after_term=other,
        ratio=ratio(one.amount, other.amount) if one and other else None,
    )


def _state_text(state: State | None) -> str | None:
    return state.value if state in (State.FREE, State.CONTACT_SALES) and state else None


def _preference(term: Term) -> tuple[bool, bool, bool, str]:
    return (term.metric is not None, term.billing_period != "month", commitment(term) != "month", term.metric or "")


def is_fee(pair: Pair) -> bool:
    """Whether a pair is about a recurring fee."""
    term = pair.after or pair.before
    return term is not None and term.term is TermKind.RECURRING_FEE
