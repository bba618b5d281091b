"""Lists cut into parts by weight."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.publish import parts
from pricing_pipeline.publish.places import Room, leading

WEIGHTS = st.lists(st.integers(1, 50), max_size=40)


@given(WEIGHTS)
def test_parts_hold_every_row_once_in_its_order(weights):
    cut = parts.cut(weights, lambda weight: weight, 60)

    assert weights == [row for part in cut for row in part]


@given(WEIGHTS)
def test_parts_are_light_and_no_two_neighbours_would_fit_in_one(weights):
    cut = parts.cut(weights, lambda weight: weight, 60)

    assert all(sum(part) <= 60 for part in cut)
    assert all(sum(part) + after[0] > 60 for part, after in pairwise(cut))


def test_a_row_that_is_too_heavy_has_a_part_of_its_own():
    assert [[10], [90], [10]] == parts.cut([10, 90, 10], lambda weight: weight, 60)


@given(WEIGHTS)
def test_the_first_rows_fit_unless_so_few_are_wanted_in_any_case(weights):
    first = parts.first(weights, lambda weight: weight, 60, least=2)

    assert weights[: len(first)] == list(first)
    assert sum(first) <= 60 or len(first) <= 2


def test_parts_are_named_so_that_none_can_be_a_slug():
    assert ["a.html", "a.2.html", "a.3.html"] == list(parts.names("a", 3))


def test_links_to_figures_that_stand_elsewhere_lead_there():
    page = b'<a href="#t-0123456789ab">$10</a> <a href="#t-ba9876543210">$20</a> <a href="#pricing">Pricing</a>'

    assert (
        b'<a href="../vendors/acme.html#t-0123456789ab">$10</a> <a href="#t-ba9876543210">$20</a> '
        b'<a href="#pricing">Pricing</a>'
    ) == leading(page, {"t-0123456789ab": "vendors/acme.html"}, root="../")


def test_room_is_given_to_what_fits():
    room = Room(10)

    assert [True, False, True, False] == [room.takes(part) for part in ("x" * 6, "x" * 5, "x" * 4, "x")]
