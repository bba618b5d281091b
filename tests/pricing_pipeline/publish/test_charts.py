"""Price history: steps where something moved, gaps where nothing is known, the same told in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.catalog import TermPeriod
from pricing_pipeline.facts import State, Surface, Term, TermKind
from pricing_pipeline.publish.charts import Charts, charts
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.registry.vendors import Registry
from tests.pricing_pipeline.publish import example


def day(month: int, year: int = 2025) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def period(since: datetime, until: datetime | None, plan: str = "solo", **values: Any) -> TermPeriod:
    stated = {"metric": "credit", "currency": "USD" if "amount" in values else None, **values}
    surface = stated.pop("surface", Surface.VISIBLE)
    term = Term(plan=plan, term=TermKind.USAGE_RATE, evidence=example.evidence("said", surface), **stated)
    return TermPeriod(
        vendor="dagster", product=example.DAGSTER, term=term, valid_from=since, valid_to=until, recorded_at=since
    )


def drawn(*periods: TermPeriod, as_of: datetime | None = None) -> Charts:
    shelf = Shelf(replace(example.CATALOG, history=periods, as_of=as_of or day(12)), example.REGISTRY)
    return charts(shelf, example.DAGSTER)


def test_a_rate_that_moved_is_a_step() -> None:
    """Across to the day, straight up, and on to the end; in words beside it."""
    (chart,) = drawn(period(day(1), day(6), amount=Decimal("0.03")), period(day(6), None, amount=Decimal("0.04"))).moved
    (line,) = chart.lines

    assert 1 == line.path.count("M")
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", line.path)]
    assert xs == sorted(xs)
    assert xs[1] == xs[2], "the step is straight up"
    assert "Dagster+: each credit" == chart.title
    assert "Solo: $0.03 per credit from 1 January 2025, $0.04 per credit from 1 June 2025" == chart.summary
    assert "Solo: $0.04" == line.label


def test_what_is_not_stated_is_a_gap_and_not_a_zero() -> None:
    (chart,) = drawn(
        period(day(1), day(4), amount=Decimal(2)),
        period(day(4), day(8), state=State.CONTACT_SALES),
        period(day(8), None, amount=Decimal(2)),
    ).moved
    (line,) = chart.lines

    assert 2 == line.path.count("M"), "the pen is lifted"
    assert "212" not in line.path, "nothing lies on the ground"
    assert ["$2.00 per credit", "Contact sales", "$2.00 per credit"] == [one.text for one in line.stretches]


def test_what_is_free_lies_on_the_ground() -> None:
    (chart,) = drawn(period(day(1), day(4), amount=Decimal(2)), period(day(4), None, state=State.FREE)).moved

    assert 2 == chart.lines[0].path.count("212")


def test_a_line_that_ended_says_until_when() -> None:
    (chart,) = drawn(
        period(day(1), day(3), amount=Decimal(2)),
        period(day(3), day(5), amount=Decimal(3)),
        period(day(1), None, "starter", amount=Decimal(1)),
    ).moved

    assert ["Solo: $3.00, until 1 May 2025", "Starter: $1.00"] == [line.label for line in chart.lines]


def test_what_never_moved_is_named_and_not_drawn() -> None:
    found = drawn(period(day(1), None, amount=Decimal(2)))

    assert () == found.moved
    assert ("Each credit",) == found.steady
    assert day(1) == found.since


def test_neither_a_hidden_pane_nor_a_day_to_come_is_drawn() -> None:
    hidden = period(day(1), day(2), amount=Decimal(1), surface=Surface.INACTIVE_PANE)
    ahead = replace(period(day(11), None, amount=Decimal(9)), is_ahead=True)

    assert Charts(moved=(), steady=(), since=None) == drawn(hidden, ahead)


@given(st.sets(st.integers(1, 364), min_size=1, max_size=9))
def test_no_date_lies_on_another(moved: set[int]) -> None:
    """However close together something moved: dates stand apart at any width, further apart on a phone, and the first day
    and the last are there."""
    turns = [day(1), *(day(1) + timedelta(days=one) for one in sorted(moved))]
    periods = [
        period(since, until, amount=Decimal(place % 2 + 1))
        for place, (since, until) in enumerate(zip(turns, [*turns[1:], None], strict=True))
    ]
    (chart,) = drawn(*periods, as_of=day(1, 2026)).moved
    phone = [one for one in chart.days if one.is_on_phones]

    assert ("1 January 2025", "1 January 2026") == (chart.days[0].text, chart.days[-1].text)
    assert all(after.x - before.x >= 18 for before, after in pairwise(chart.days))
    assert all(after.x - before.x >= 33 for before, after in pairwise(phone))
    assert (chart.days[0], chart.days[-1]) == (phone[0], phone[-1])


def test_the_past_of_a_merged_product_is_drawn_as_lines_of_its_own() -> None:
    """With the name of the product that it was."""
    dagster, *others = example.REGISTRY.vendors
    lite = replace(
        dagster.products[0], slug="dagster-lite", name="Dagster Lite", sources=(), retired=day(6).date(),
        merged_into=("dagster", example.DAGSTER),
    )  # fmt: skip
    registry = Registry((replace(dagster, products=(*dagster.products, lite)), *others))
    own = (period(day(1), day(6), amount=Decimal(3)), period(day(6), None, amount=Decimal(4)))
    past = replace(period(day(1), None, amount=Decimal(2)), product="dagster-lite")
    shelf = Shelf(replace(example.CATALOG, history=(*own, past), as_of=day(12)), registry)

    (chart,) = charts(shelf, example.DAGSTER).moved

    assert "solo (Dagster Lite): $2.00 per credit from 1 January 2025" in chart.summary
    assert [day(6)] == [one.until for line in chart.lines for one in line.stretches if "$2.00" in one.text]
    assert 2 == len(chart.lines)
