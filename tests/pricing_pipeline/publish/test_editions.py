"""Editions that are kept: looked at before they stand, compared, gone back to, and found again by the day."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pricing_pipeline import costs
from pricing_pipeline.catalog import Catalog
from pricing_pipeline.errors import PublishError
from pricing_pipeline.facts import Outcome, Term
from pricing_pipeline.publish import editions, folder
from pricing_pipeline.publish.editions import Policy
from pricing_pipeline.publish.editions_compared import compare, in_words
from pricing_pipeline.publish.scales import Weigh
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.test_edition import PAGE, contents, later, made

ROOT = Path(__file__).resolve().parents[3]
DAY = timedelta(days=1)


def dearer(amount: str = "12") -> Catalog:
    """A day later, with another fee of Solo."""
    moved = later()
    term = replace(moved.terms[0].term, amount=type(example.TERMS[0].term.amount)(amount))
    return replace(moved, terms=(replace(moved.terms[0], term=term), *moved.terms[1:]))


def on(hours: int) -> datetime:
    """A time after the example's day."""
    return example.MAY + timedelta(hours=hours)


def test_a_preview_is_made_beside_and_nothing_is_switched(tmp_path):
    first = made(tmp_path / "editions")
    before = contents(tmp_path / "editions")
    seen = made(tmp_path / "editions", dearer(), preview=tmp_path / "look")

    assert seen.changed
    assert "$12.00" in (tmp_path / "look" / PAGE).read_text()
    assert before == contents(tmp_path / "editions")
    assert first.id == folder.current(tmp_path / "editions")


def test_a_preview_is_what_publishing_then_gives(tmp_path):
    made(tmp_path / "editions")
    made(tmp_path / "editions", dearer(), preview=tmp_path / "look")
    second = made(tmp_path / "editions", dearer())

    assert contents(tmp_path / "look") == contents(second.path)


def test_a_preview_takes_the_place_of_an_earlier_one_and_of_nothing_else(tmp_path):
    made(tmp_path / "editions")
    for _ in range(2):
        made(tmp_path / "editions", dearer(), preview=tmp_path / "look")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")

    assert ["editions", "look", "mine"] == sorted(path.name for path in tmp_path.iterdir())
    for place, told in (
        ("mine", "holds something else"),
        ("editions/x", "is where editions stand"),
        (".", "is where editions"),
    ):
        with pytest.raises(PublishError, match=told):
            made(tmp_path / "editions", dearer(), preview=tmp_path / place)
    assert "mine" == (tmp_path / "mine" / "letter.txt").read_text()


def test_the_difference_names_figures_and_the_pages_that_show_them(tmp_path):
    first, second = made(tmp_path / "one"), made(tmp_path / "two", dearer())
    found = compare(first.path, second.path)

    assert ["dagster-plus.solo: recurring fee month: $10.00 a month → $12.00 a month"] == [
        str(one) for one in found.figures
    ]
    shown = {page.path for page in found.pages if page.figures}
    assert {PAGE, "vendors/dagster.html"} <= shown
    assert "vendors/prefect.html" not in shown
    assert f"  {PAGE}" in list(in_words(found))


def test_what_was_only_checked_again_is_told_as_that(tmp_path):
    """A page with newer dates of checking says nothing new."""
    found = compare(made(tmp_path / "one").path, made(tmp_path / "two", later()).path)

    assert found.is_same
    assert "nothing but dates of checking" == found.summary


def test_pages_and_problems_that_come_and_go_are_told(tmp_path):
    one = made(tmp_path / "one", example.CATALOG, example.comparison(), example.comparison("other"))
    two = made(
        tmp_path / "two", example.CATALOG, example.comparison(summary="{{ nobody.knows }}"), example.comparison("third")
    )
    found = compare(one.path, two.path)
    back = compare(two.path, one.path)

    assert ("compare/third.html",) == found.pages_added
    assert {PAGE, "compare/other.html"} == set(found.pages_removed)
    assert "unknown product 'nobody'" in found.problems_new[0]
    assert found.problems_new == back.problems_gone
    assert "1 page added, 2 pages removed" in found.summary


def test_the_first_edition_is_compared_with_nothing(tmp_path):
    found = compare(None, made(tmp_path).path)

    assert "nothing → " == next(in_words(found))[:10]
    assert PAGE in found.pages_added


def test_an_earlier_edition_is_gone_back_to_and_the_next_publish_moves_on(tmp_path):
    first = made(tmp_path, at=on(0))
    second = made(tmp_path, dearer(), at=on(24))
    back = editions.restore(tmp_path, "previous", at=on(25))

    assert first.id == back.id == folder.current(tmp_path)
    assert "$12.00" not in (tmp_path / "current" / PAGE).read_text()
    again = made(tmp_path, dearer(), at=on(26))
    assert (second.id, True) == (again.id, again.changed)
    assert "$12.00" in (tmp_path / "current" / PAGE).read_text()


@pytest.mark.parametrize("step", ["unlink", "symlink_to", "replace"])
def test_going_back_killed_at_any_step_leaves_one_whole_set_up(tmp_path, step):
    """Kill -9 before and after each step: readers see the old set or the new one, and it can be done again."""
    first, second = made(tmp_path, at=on(0)), made(tmp_path, dearer(), at=on(24))
    sets = (contents(first.path), contents(second.path))
    script = (
        "import os, signal, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from pricing_pipeline.publish import editions\n"
        "name, when = sys.argv[2:4]; real = getattr(Path, name)\n"
        "def killed(self, *given, **more):\n"
        "    if when == 'after': real(self, *given, **more)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(Path, name, killed)\n"
        "editions.restore(Path(sys.argv[1]), 'previous', at=datetime(2026, 5, 3, tzinfo=UTC))"
    )
    for when in ("before", "after"):
        done = subprocess.run([sys.executable, "-c", script, str(tmp_path), step, when], cwd=ROOT, check=False)

        assert -signal.SIGKILL == done.returncode
        assert contents(tmp_path / "current") in sets
    assert first.id == editions.restore(tmp_path, first.id, at=on(48)).id
    assert sets[0] == contents(tmp_path / "current")


def test_a_damaged_edition_is_not_gone_back_to(tmp_path):
    first, second = made(tmp_path, at=on(0)), made(tmp_path, dearer(), at=on(24))
    (first.path / PAGE).write_text("changed")

    with pytest.raises(PublishError, match=rf"{PAGE} is missing or changed: choose another edition"):
        editions.restore(tmp_path, first.id, at=on(25))
    assert second.id == folder.current(tmp_path)


def test_an_edition_that_is_not_kept_is_told_with_those_that_are(tmp_path):
    first = made(tmp_path, at=on(0))

    for name in ("2020", "previous", "../..", ""):
        with pytest.raises(PublishError, match=f"is not kept: there is {first.id}"):
            editions.find(tmp_path, name)
    assert first.id == editions.find(tmp_path, first.id[-6:]).id


def test_what_stood_on_a_day_can_be_told(tmp_path):
    """Also on days on which nothing was published, and for what is no longer kept."""
    first = made(tmp_path, at=on(0))
    second = made(tmp_path, dearer(), at=on(24))
    made(tmp_path, dearer(), at=on(36))
    editions.restore(tmp_path, first.id, at=on(100))

    def told(day: date) -> list[tuple[str, str]]:
        return [(one.edition, one.how) for one in editions.on_day(tmp_path, day)]

    assert [] == told(example.MAY.date() - DAY)
    assert [(first.id, "published")] == told(example.MAY.date())
    assert [(first.id, "published"), (second.id, "published")] == told(example.MAY.date() + DAY)
    assert [(second.id, "published")] == told(example.MAY.date() + 2 * DAY)
    assert [(first.id, "restored")] == told(example.MAY.date() + 30 * DAY)


def test_a_line_that_a_lost_machine_cut_off_is_passed_over(tmp_path):
    first = made(tmp_path, at=on(0))
    with (tmp_path / editions.LEDGER).open("ab") as ledger:
        ledger.write(b'{"at": "2026-')
    second = made(tmp_path, dearer(), at=on(24))

    assert [first.id, second.id] == [one.edition for one in editions.stood(tmp_path)]


def test_old_editions_are_kept_by_count_and_by_age_and_the_current_one_always(tmp_path):
    days = [
        made(tmp_path, later(24 * day), at=on(24 * day), policy=Policy(keep=1, keep_for=2 * DAY)) for day in range(5)
    ]

    assert [one.id for one in days[-4:]] == [one.id for one in editions.listed(tmp_path)]
    editions.restore(tmp_path, days[1].id, at=on(120))
    editions.forget(tmp_path, Policy(keep=0))
    assert [days[1].id] == folder.kept(tmp_path)


def test_editions_from_before_times_were_written_down_count_from_their_newest_fact(tmp_path):
    first, second = made(tmp_path), made(tmp_path, dearer())

    assert [(first.id, example.MAY.astimezone(UTC)), (second.id, on(24))] == [
        (one.edition, one.since) for one in editions.stood(tmp_path)
    ]


def test_a_clock_that_went_back_does_not_turn_the_order_round(tmp_path):
    """The demo publishes as of days that are over."""
    first, second = made(tmp_path, at=on(48)), made(tmp_path, dearer(), at=on(0))

    assert [first.id, second.id] == [one.edition for one in editions.stood(tmp_path)]


def test_what_is_of_the_same_meter_is_one_change(tmp_path):
    """A month's credits that end are one line, not one that is gone and one that is new."""
    before, after = example.TERMS[2].previous, replace(example.TERMS[2].term, billing_period=None)
    assert before is not None

    def holding(term: Term) -> Catalog:
        return replace(
            example.CATALOG, terms=(*example.TERMS[:2], replace(example.TERMS[2], term=term), *example.TERMS[3:])
        )

    found = compare(made(tmp_path / "one", holding(before)).path, made(tmp_path / "two", holding(after)).path)

    assert ["dagster-plus.solo: allowance credit: 7,500 credits a month → Not included"] == [
        str(one) for one in found.figures
    ]


def test_the_difference_reads_as_the_page_does(tmp_path):
    """What stands on a line of its own on the page is no part of the word before it."""
    state = replace(example.CATALOG.states[-1], outcome=Outcome.BLOCKED, since=example.MAY)
    blocked = replace(later(), states=(*example.CATALOG.states[:-1], state))
    freed = replace(later(), states=tuple(replace(one, outcome=Outcome.FETCHED, since=None) for one in blocked.states))
    found = compare(made(tmp_path / "one", freed).path, made(tmp_path / "two", blocked).path)
    lines = [line for page in found.pages for line in page.new if "blocked by the site" in line]

    assert [] != lines
    assert [] == [line for line in lines if "blocked by the sites" in line]


def test_the_difference_names_where_another_plan_is_the_cheapest_now(tmp_path):
    weigh = {"weigh": Weigh(along=costs.along, lowest=costs.lowest)}
    found = compare(made(tmp_path / "one", **weigh).path, made(tmp_path / "two", dearer("90"), **weigh).path)

    assert (
        "dagster-plus: cheapest by credit with 1 seat: up to 18,000: Solo; above 18,000: Starter"
        " → up to 2,000: Solo; above 2,000: Starter"
    ) in [str(one) for one in found.figures]
