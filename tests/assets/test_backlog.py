"""A backlog worked off many turns at a time ends as it would page by page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assets.stages import backlog
from assets.stages.replaying import replay
from assets.workshop import Workshop
from checks.provisional import Provisional
from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.facts import Origin
from tests.assets.street import DAY, FIRST, OTHER, Street, pricing, street
from warehouse.changes import list_changes
from warehouse.connection import open_warehouse
from warehouse.dump import canonical_dump, differences
from warehouse.frames import Frame

VENDORS = ("alder", "beech")
TEXTS = (
    pricing(),
    pricing(solo="12"),
    pricing(solo="120"),  # looks like a misreading
    pricing(credits="No credits included", rate="0.04"),
    pricing(team="45", more="<p>From 20 May 2026 the Solo plan costs $15 per month.</p>"),
    OTHER,
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Street]:
    with street(tmp_path, VENDORS) as made:
        yield made


def page(vendor: str, day: float, text: str) -> SavedPage:
    return SavedPage(
        url=f"https://{vendor}.example/{vendor}/pricing", body=text.encode(), captured_at=FIRST + timedelta(days=day),
        status=200, content_type="text/html", line=1,
    )  # fmt: skip


def keep(workshop: Workshop, drawn: random.Random) -> None:
    """Pages of two vendors as they were fetched, and then some out of an archive, which come late and in any order."""
    replay(workshop, [page(vendor, day, drawn.choice(TEXTS)) for day in range(10, 14) for vendor in VENDORS])
    late = [page(drawn.choice(VENDORS), day + 0.5, drawn.choice(TEXTS)) for day in drawn.sample(range(18), 5)]
    replay(replace(workshop, now=lambda: FIRST + 30 * DAY), late, origin=Origin.ARCHIVE)
    replay(workshop, [page("beech", day, drawn.choice(TEXTS)) for day in range(31, 33)])


def worked_off(workshop: Workshop, name: str) -> tuple[backlog.WorkedOff, str]:
    """The whole log into a warehouse of its own: what was done, and the warehouse as text."""
    own = replace(workshop, home=replace(workshop.home, warehouse_name=name))
    done = backlog.work_off(own, Provisional())  # type: ignore[arg-type]  # the same answers, without waiting for them
    with open_warehouse(own.home.warehouse, read_only=True) as con:
        return done, canonical_dump(con)


def test_many_turns_at_once_end_as_one_by_one(town: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that return, jump, announce, repeat themselves or come late: the same decisions, history and changes."""
    workshop = town.workshop()
    keep(workshop, random.Random(1))
    together, text = worked_off(workshop, "together.duckdb")
    monkeypatch.setattr(backlog, "STRETCH", 1)
    singly, expected = worked_off(workshop, "singly.duckdb")

    assert [] == differences(expected, text)
    assert {change.id for change in singly.changes} == {change.id for change in together.changes}
    assert (singly.captures, singly.batches) == (together.captures, together.batches)
    assert 8 <= singly.batches


@pytest.mark.parametrize("is_forward", [True, False], ids=["the oldest first", "the newest first"])
def test_pages_that_come_late_are_taken_into_history_together(
    town: Street, monkeypatch: pytest.MonkeyPatch, *, is_forward: bool
) -> None:
    """Years out of an archive, before a page that was fetched: what history takes in at once is most of what it costs."""
    workshop, taken = town.workshop(), []
    really = backlog.take_into_history
    monkeypatch.setattr(
        backlog, "take_into_history", lambda *given, **named: taken.append(1) or really(*given, **named)
    )
    days = range(5) if is_forward else range(4, -1, -1)
    replay(workshop, [page("alder", 20, pricing(solo="30"))])
    for day in days:
        replay(workshop, [page("alder", day, pricing(solo=str(10 + day)))], origin=Origin.ARCHIVE)
    done = backlog.work_off(workshop, Provisional())  # type: ignore[arg-type]  # the same answers, without waiting for them

    assert (6, 2) == (done.batches, len(taken))
    with open_warehouse(workshop.home.warehouse, read_only=True) as con:
        told = [change.after for change in list_changes(con) if change.kind == "price_increased"]
    assert [*(str(10 + day) for day in range(1, 5)), "30"] == [after.split(".")[0] for after in told if after]


def test_great_expectations_is_asked_once_about_all_turns(town: Street) -> None:
    workshop, asked = town.workshop(), Asked()
    replay(workshop, [page("alder", day, pricing(solo=str(10 + day))) for day in range(6)])
    backlog.work_off(workshop, asked)  # type: ignore[arg-type]  # all that is asked of a door

    assert ["observations", "step", "history", "changes"] == [suite for suite, _ in asked.frames]
    assert 6 == len(asked.frames[0][1].rows)


class Asked(Provisional):
    """A last word that keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[tuple[str, Frame]] = []

    def run(self, suite, frame, *, at=None):  # type: ignore[no-untyped-def]  # as a door is asked
        self.frames.append((suite, frame))
        return super().run(suite, frame, at=at)
