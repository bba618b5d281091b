"""What was worked out is remembered by the very values it was worked out from."""

from __future__ import annotations

import gc

from pricing_pipeline.identical import Identical


class Fact:
    """A value that equals every other one of its kind."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fact)

    def __hash__(self) -> int:
        return 0


def test_the_very_same_values_in_the_same_order_are_one_key() -> None:
    one, other = Fact(), Fact()

    assert {Identical([one, other]): "seen"} == {Identical((one, other)): "seen"}
    assert Identical([one, other]) != Identical([other, one])


def test_values_that_only_say_the_same_are_another_key() -> None:
    """Whether they say the same is what takes long to find out."""
    assert Identical([Fact()]) != Identical([Fact()])


def test_no_other_value_takes_the_place_of_one_that_is_gone() -> None:
    """A place in memory tells a value only for as long as the value is there."""
    key = Identical([Fact()])
    gc.collect()

    assert all(Identical([Fact()]) != key for _ in range(100))
