"""A plan's bill along one metric: straight lines between the quantities at which something else begins to hold.

What a plan charges is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from pricing_pipeline.addons import SEAT
from pricing_pipeline.facts import Term, TermKind
from pricing_pipeline.periods import monthly_quantity
from pricing_pipeline.results import BillPiece, Cost, CostState

# So far beyond the last quantity that the terms name a bill is looked at; a power of two, so that its parts have an end.
_FAR = Decimal(2**22)
# How often a stretch that is not straight is cut in two before it is given up: a page names few such places.
_CUTS = 6
# Bills are kept to ten places; what differs by less than this is the same.
_SAME = Decimal("0.0000001")
_PLACES = 6
_Bill = Callable[[Decimal], Cost]
Charges = Callable[[Mapping[str, Decimal]], Cost]
"""What one plan charges a month at a use."""


def bill_along(
    plan: str, terms: Iterable[Term], metric: str, usage: Mapping[str, Decimal], charges: Charges
) -> tuple[BillPiece, ...]:
    """The bill of one plan along a metric, with `usage` besides; `terms` are those of its product (others of its plans
    are passed over), `charges` what the plan costs."""
    own = [term for term in terms if term.plan in (plan, None) and term.metric == metric]
    if any(_is_by_the_pack(term) for term in own):
        return (BillPiece(start=Decimal(0), end=None, state=CostState.UNKNOWN, reason="it is sold in packs"),)

    @cache
    def bill(quantity: Decimal) -> Cost:
        return charges({**usage, metric: quantity})

    bounds = sorted(_named(own, usage.get(SEAT, Decimal(1))))
    found = [piece for start, end in pairwise(bounds) for piece in _straight(bill, start, end, _CUTS)]
    beyond = _straight(bill, bounds[-1], bounds[-1] + _FAR, _CUTS + 8)
    return _joined([*found, *beyond[:-1], _without_end(beyond[-1])])


def _is_by_the_pack(term: Term) -> bool:
    """Whether a fee goes up by steps: in packs of several units."""
    return term.term is TermKind.RECURRING_FEE and term.per_quantity is not None and term.per_quantity != 1


def _named(terms: Iterable[Term], seats: Decimal) -> set[Decimal]:
    """The quantities that terms name, for each seat too where they may be counted so."""
    found = {Decimal(0)}
    for term in terms:
        quantity = monthly_quantity(term)
        each = None if quantity is None else quantity * seats
        found |= {one for one in (quantity, each, term.tier_from, term.tier_to) if one is not None and one >= 0}
    return found


def _straight(bill: _Bill, start: Decimal, end: Decimal, cuts: int) -> list[BillPiece]:
    """A stretch as straight pieces; what stays crooked after so many cuts has no figure."""
    width = end - start
    # A bend anywhere shows at one of the ends, since the line is drawn through two places between them.
    first, last = start + width / 2**22, end - width / 4096
    if bill(first).low is None and bill(last).state is bill(first).state is bill(start + width / 2).state:
        return [_piece(start, end, bill(first))]
    piece = _line(start, end, bill(start + width / 4), bill(end - width / 4))
    if piece is not None and _lies_on(piece, first, bill) and _lies_on(piece, last, bill):
        return [piece]
    if not cuts:
        return [BillPiece(start=start, end=end, state=CostState.UNKNOWN, reason="its bill goes by steps")]
    cut = _corner(bill, start, end) or start + width / 2
    return [*_straight(bill, start, cut, cuts - 1), *_straight(bill, cut, end, cuts - 1)]


def _line(start: Decimal, end: Decimal, first: Cost, second: Cost) -> BillPiece | None:
    """The piece through the bills at a quarter and at three quarters of a stretch; None where one has no figure."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return None
    half = (end - start) / 2
    low_rise, high_rise = (second.low - first.low) / half, (second.high - first.high) / half
    return _piece(
        start, end, second, low=first.low - low_rise * half / 2, high=first.high - high_rise * half / 2,
        low_rise=low_rise, high_rise=high_rise,
    )  # fmt: skip


def _piece(start: Decimal, end: Decimal, cost: Cost, **lines: Decimal) -> BillPiece:
    return BillPiece(
        start=start,
        end=end,
        state=cost.state,
        currency=cost.currency,
        reason=cost.reason,
        keys=tuple(dict.fromkeys(step.term_key for step in cost.steps if step.term_key is not None)),
        **lines,
    )


def _lies_on(piece: BillPiece, quantity: Decimal, bill: _Bill) -> bool:
    cost, (low, high) = bill(quantity), piece.at(quantity)
    if cost.low is None or cost.high is None or (cost.currency != piece.currency and cost.high):
        return False
    return abs(cost.low - low) < _SAME and abs(cost.high - high) < _SAME


def _corner(bill: _Bill, start: Decimal, end: Decimal) -> Decimal | None:
    """Where the lines that begin and end a stretch meet, if the bill goes through that point."""
    part = (end - start) / 4096
    costs = [bill(quantity) for quantity in (start + part, start + 2 * part, end - 2 * part, end - part)]
    one, two, three, four = (cost.high for cost in costs)
    if one is None or two is None or three is None or four is None or two - one == four - three:
        return None
    first, last = (two - one) / part, (four - three) / part
    at = round(start + (four - last * (end - part - start) - (one - first * part)) / (first - last), _PLACES)
    if not start < at < end:
        return None
    there = bill(at).high
    return at if there is not None and abs(there - (one + first * (at - start - part))) < Decimal("0.01") else None


def _without_end(piece: BillPiece) -> BillPiece:
    return replace(piece, end=None)


def _joined(pieces: list[BillPiece]) -> tuple[BillPiece, ...]:
    """Neighbours that say the same as one."""
    found: list[BillPiece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, piece):
            found[-1] = replace(last, end=piece.end)
        else:
            found.append(piece)
    return tuple(found)


def _goes_on(last: BillPiece, piece: BillPiece) -> bool:
    if (last.state, last.reason, last.keys, last.currency) != (piece.state, piece.reason, piece.keys, piece.currency):
        return False
    low, high = last.at(piece.start)
    same = ((low, piece.low), (high, piece.high), (last.low_rise, piece.low_rise), (last.high_rise, piece.high_rise))
    return all(abs(one - other) < _SAME for one, other in same)
