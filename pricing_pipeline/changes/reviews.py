"""What happened to ratings and to the number of reviews behind them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.phrases import ARROW
from pricing_pipeline.changes.values import rating_value
from pricing_pipeline.facts import Lever, Rating, RatingState
from pricing_pipeline.results import Thresholds
from pricing_pipeline.wording import number, publisher, text

_FIVE = Decimal(5)


def rating_moves(before: Iterable[Rating], after: Iterable[Rating], thresholds: Thresholds) -> list[Move]:
    """Moves of the ratings of one product, each publisher by itself. A rating seen for the first time is no move."""
    old, new = _by_publisher(before), _by_publisher(after)
    moves: list[Move] = []
    for whose in sorted(old):
        one, other = old[whose], new.get(whose)
        moves += [move for move in (_rating(one, other), _count(one, other, thresholds)) if move]
    return moves


def fall(before: Rating | None, after: Rating | None) -> Decimal:
    """By how many points of five an average fell; 0 where it did not, or is not known."""
    one, other = _of_five(before), _of_five(after)
    return max(Decimal(0), one - other) if one is not None and other is not None else Decimal(0)


def _by_publisher(ratings: Iterable[Rating]) -> dict[tuple[str, str], Rating]:
    """The first by value of each publisher and window, so that their order on the page does not count."""
    found: dict[tuple[str, str], Rating] = {}
    for rating in sorted(ratings, key=rating_value):
        found.setdefault((rating.publisher or "", rating.window or ""), rating)
    return found


def _of_five(rating: Rating | None) -> Decimal | None:
    if rating is None or rating.rating is None or not rating.scale:
        return None
    return rating.rating / rating.scale * _FIVE


def _rating(old: Rating, new: Rating | None) -> Move | None:
    one, other = _of_five(old), _of_five(new)
    if one == other and (one is not None or _said(old) == _said(new)):
        return None
    if _said(old) is None:
        return None
    return Move(
        lever=Lever.REVIEWS,
        kind="rating_changed",
        before=_said(old),
        after=_said(new),
        before_rating=old,
        after_rating=new,
        phrase=f"rating{_at(old)} {_shown(old)}{ARROW}{_shown(new)}",
    )


def _count(old: Rating, new: Rating | None, thresholds: Thresholds) -> Move | None:
    one, other = _counts(old, new)
    if one is None or other is None or one == other:
        return None
    dropped = other < one * thresholds.review_count_fall_ratio
    return Move(
        lever=Lever.REVIEWS,
        kind="review_count_dropped" if dropped else "review_count_changed",
        before=str(one),
        after=str(other),
        before_rating=old,
        after_rating=new,
        phrase=f"reviews{_at(old)} {number(Decimal(one))}{ARROW}{number(Decimal(other))}",
    )


def _counts(old: Rating, new: Rating | None) -> tuple[int | None, int | None]:
    """The same kind of count on both sides: reviews, else ratings."""
    if new is None:
        return None, None
    if old.review_count is not None and new.review_count is not None:
        return old.review_count, new.review_count
    return old.rating_count, new.rating_count


def _said(rating: Rating | None) -> str | None:
    if rating is None or rating.state is RatingState.NOT_STATED:
        return None
    if rating.state is not RatingState.STATED or rating.rating is None:
        return rating.state.value
    return text(rating.rating)


def _shown(rating: Rating | None) -> str:
    if rating is None or rating.rating is None:
        return "no ratings yet" if rating is not None and rating.state is RatingState.NO_RATINGS_YET else "not stated"
    return f"{text(rating.rating)} of {text(rating.scale)}" if rating.scale else text(rating.rating)


def _at(rating: Rating) -> str:
    return f" at {publisher(rating.publisher)}" if rating.publisher else ""
