"""A pricing page and a page of news over some days: what is told when, what is published, and what a rebuild makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assets.stages.rebuilding import rebuild
from pricing_pipeline.facts import Lever
from tests.assets.street import DAY, VENDOR_FILE, Street, pricing, street

if TYPE_CHECKING:
    from checks.door import Door
    from pricing_pipeline.results import Change

SOURCE = "      - kind: announcement\n        url: https://alder.example/news/pricing\n        every: 1d\n"
# The first day of the street is 30 April 2026.
SENTENCE = "From 3 May 2026, Solo costs $12 a month and no longer includes credits."


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Street]:
    """One vendor that sells from one page and tells its news on another."""
    with street(tmp_path, ["alder"]) as made:
        (made.vendors / "alder.yaml").write_text(VENDOR_FILE.format(slug="alder", name="Alder") + SOURCE)
        yield made


def news(*lines: str) -> str:
    told = "".join(f"<p>{line}</p>" for line in lines)
    return f"<!DOCTYPE html><html><head><title>News</title></head><body><main><h1>News</h1>{told}</main></body></html>"


def day(town: Street, door: Door, *, page: str = "", said: str = "") -> list[Change]:
    """What is told on one day on which these pages are served."""
    town.serve("alder", page or pricing())
    town.serve("news", said or news("Our docs have a new look."))
    told = town.run_stages(door)
    town.day += DAY
    return [change for change in told if change.lever is not Lever.COST]


def kinds(told: list[Change]) -> list[tuple[str | None, str, str | None, str | None]]:
    return sorted((one.plan, one.kind, one.before, one.after) for one in told)


def announced(town: Street) -> list[tuple[str, str, str]]:
    """What the edition says is to come: the term, from when, and how it will read."""
    return [(row["term"], row["effective_from"], row["text"]) for row in town.published("announced")]


def shown(town: Street) -> str:
    return (town.home.current_edition / "vendors" / "alder.html").read_text("utf-8")


EXPECTED = [
    ("solo", "allowance_removed", "5000", None),
    ("solo", "price_increased", "10", "12"),
]
AFTER = pricing(solo="12", credits="No credits included")


def test_an_announced_price_comes_into_force_on_its_day_and_is_told_once(town: Street, door: Door) -> None:
    """The news tell it; the day comes while the pricing page cannot be read; then the page says the same."""
    assert [] == day(town, door)

    told = day(town, door, said=news(SENTENCE))
    assert EXPECTED == kinds(told)
    assert {("2026-05-03", "2026-05-01T06:00:00+00:00")} == {
        (str(one.effective_at), one.announced_at.isoformat() if one.announced_at else "") for one in told
    }
    assert {"alder": "10"} == town.fees()
    assert [
        ("recurring_fee", "2026-05-03", "$12.00 a month"),
        ("allowance", "2026-05-03", "Not included"),
    ] == announced(town)
    page = " ".join(shown(town).split())
    assert "announced and not in force yet" in page
    assert "price a month: <strong>$12.00 a month</strong> (until then $10.00 a month)" in page
    assert f"<q>{SENTENCE}</q>" in page
    assert "Solo: price $10.00 → $12.00" in (town.home.current_edition / "feed.xml").read_text("utf-8")

    assert [] == day(town, door, said=news(SENTENCE))
    town.serve("alder", "", status="503 Service Unavailable")
    town.serve("news", news(SENTENCE))
    assert [] == town.run_stages(door)
    assert {"alder": "12"} == town.fees()
    assert [] == announced(town)
    town.day += DAY

    assert [] == day(town, door, page=AFTER)
    assert {"alder": "12"} == town.fees()
    assert "the pricing page confirmed it on 4 May 2026" in shown(town)

    lived = town.dump()
    rebuild(town.workshop())
    assert lived == town.dump()


def test_a_price_that_did_not_come_is_told_too(town: Street, door: Door) -> None:
    """The banner on the page itself announces it; the page goes on as before, byte for byte."""
    banner = pricing(more=f"<p>{SENTENCE}</p>")
    assert [] == day(town, door)
    assert EXPECTED == kinds(day(town, door, page=banner))

    for _ in range(3):  # up to 4 May, 06:00 UTC: somewhere the day is not over yet
        assert [] == day(town, door, page=banner)
        assert {"alder": "10"} == town.fees()

    told = day(town, door, page=banner)
    assert [("announcement_not_kept", "12", "10"), ("announcement_not_kept", None, "5000")] == [
        (one.kind, one.before, one.after) for one in sorted(told, key=lambda one: one.before or "~")
    ]
    assert {"alder": "10"} == town.fees()
    assert "has not taken effect on the pricing page" in shown(town)
    lived = town.dump()
    rebuild(town.workshop())
    assert lived == town.dump()
