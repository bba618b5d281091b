"""Values as the key of what was worked out from them, told apart by identity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Identical(Generic[Value]):
    """Some values that never change, equal to the very same ones in the same order.

    Comparing a page's facts by what they say takes longer than what is saved by remembering. The values are held, so
    that no other can take the place in memory by which they are told.
    """

    __slots__ = ("_places", "values")

    def __init__(self, values: Iterable[Value]) -> None:
        self.values = tuple(values)
        self._places = tuple(map(id, self.values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identical) and self._places == other._places

    def __hash__(self) -> int:
        return hash(self._places)
