"""When a page that shows what it showed before is a vendor taking a change back, and when it only goes back and forth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline import gate
from pricing_pipeline.alternation import Sighting, return_to
from pricing_pipeline.results import Thresholds

APRIL = datetime(2026, 4, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
THRESHOLDS = Thresholds()
WINDOW = timedelta(days=THRESHOLDS.alternation_days)


@dataclass
class Page:
    """A page that is captured once a day, with nothing against it but where it has been before."""

    day: int = 0
    seen: list[Sighting] = field(default_factory=list)
    waiting: tuple[str, bool, list[datetime]] | None = None
    told: list[str] = field(default_factory=list)

    @property
    def standing(self) -> str:
        return next((one.digest for one in reversed(self.seen) if one.is_accepted), "")

    def show(self, states: str) -> None:
        """Serve one state a day; what is told are the states accepted."""
        for state in states:
            at = APRIL + self.day * DAY
            self.day += 1
            if state == self.standing:
                self.waiting = None
            else:
                self._judge(state, at)
            self.seen.append(Sighting(digest=state, first_at=at, last_at=at, is_accepted=self.waiting is None))

    def _judge(self, state: str, at: datetime) -> None:
        if self.waiting is None or self.waiting[0] != state:
            back = return_to(state, at, self.seen, window=WINDOW)
            self.waiting = None if back is None else (state, back.alternation is not None, [])
        if self.waiting is not None:
            _, alternates, days = self.waiting
            days.append(at)
            if not gate.confirmed(len(days), at - days[0], THRESHOLDS, alternates=alternates):
                return
            self.seen = [replace(one, is_accepted=one.is_accepted or one.first_at in days) for one in self.seen]
            self.waiting = None
        self.told.append(state)


@pytest.mark.parametrize(
    ("states", "accepted"),
    [
        pytest.param("A", "A", id="first"),
        pytest.param("AABB", "AB", id="a-change-is-told-at-once"),
        pytest.param("AB" * 10, "AB", id="every-day-another"),
        pytest.param("AAABBB" * 10, "ABA", id="every-three-days-another"),
        pytest.param("AAABBBCCC" * 5, "ABCA", id="three-states-in-turn"),
        pytest.param("AAABBBAAA", "ABA", id="a-vendor-who-takes-it-back"),
        pytest.param("AAABBBAAABBB" + "B" * 11, "ABA", id="not-for-long-enough"),
        pytest.param("AAABBBAAABBB" + "B" * 12, "ABAB", id="told-once-it-has-stayed"),
        pytest.param("AAABBBAAABBBC", "ABAC", id="a-new-state-is-told-at-once"),
        pytest.param(("A" * 21 + "B" * 3) * 2, "ABAB", id="a-sale-each-month-is-told-each-time"),
    ],
)
def test_what_is_told_of_a_page_that_comes_and_goes(states: str, accepted: str) -> None:
    page = Page()
    page.show(states)

    assert accepted == "".join(page.told)


@given(st.text("ABC", max_size=40), st.sampled_from("ABC"))
def test_what_stays_longer_than_the_window_is_always_told(past: str, last: str) -> None:
    """However often a page has gone back and forth, its last word is heard."""
    page = Page()
    page.show(past + last * (THRESHOLDS.alternation_days + 1))

    assert last == page.standing


@given(st.text("AB", min_size=1, max_size=60))
def test_two_states_are_told_three_times_at_most_while_neither_stays(states: str) -> None:
    page = Page()
    page.show(states)
    longest = max(len(run) for run in states.replace("AB", "A B").replace("BA", "B A").split())

    assert longest > THRESHOLDS.alternation_days or 3 >= len(page.told)


def test_how_many_times_a_page_has_turned_since_it_was_told_first() -> None:
    page = Page()
    page.show("AAABBBAAA")
    back = return_to("B", APRIL + 9 * DAY, page.seen, window=WINDOW)

    assert back is not None
    assert back.alternation is not None
    assert (APRIL + 3 * DAY, 3) == (back.alternation.since, back.alternation.times)


def test_what_was_never_accepted_is_nothing_to_return_to() -> None:
    """A reading that was doubted for a day and is sound the next time it is seen is news."""
    seen = [
        Sighting(digest=digest, first_at=APRIL + day * DAY, last_at=APRIL + day * DAY, is_accepted=digest == "A")
        for day, digest in enumerate("AXA")
    ]

    assert None is return_to("X", APRIL + 3 * DAY, seen, window=WINDOW)
