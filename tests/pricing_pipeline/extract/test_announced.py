"""Sentences that say from when on something holds: which day, which term, and never today's price."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.extract.dates import read_days
from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Announcement, Observation, Term
from tests.pricing_pipeline.extract.notation import note
from tests.pricing_pipeline.extract.pages import card, framed, grid, read, tag

CARDS = grid(
    card("Solo", tag("10"), "7,500 credits included", "$0.03 per additional credit"),
    card("Team", tag("20"), "30,000 credits included", "$0.03 per additional credit"),
)


def on_pricing(sentence: str) -> Observation:
    return read(framed(f"{sentence}{CARDS}"), currency="USD")


def on_news(sentence: str) -> Observation:
    page = framed(f"<article><h1>News</h1>{sentence}</article>")
    return read_page(page.encode(), url="https://acme.example/news", kind="announcement", currency="USD")


def said(announcements: tuple[Announcement, ...]) -> dict[str, list[str]]:
    """By day, what is said to hold from then on: "solo: 12 USD/month"; an arrow leads from what held before."""
    return {str(one.effective_from): [_told(term, one.former) for term in one.terms] for one in announcements}


def _told(term: Term, former: tuple[Term, ...]) -> str:
    before = [note(one) for one in former if (one.plan, one.term, one.metric) == (term.plan, term.term, term.metric)]
    return f"{term.plan or 'all'}: {' '.join([*(f'{one} →' for one in before), note(term)])}"


SENTENCES = [
    ("<p>From 21 September 2026, Solo costs $12/month.</p>", {"2026-09-21": ["solo: 12 USD/month"]}),
    ("<p>Starting May 1, 2026, credits are no longer included.</p>", {"2026-05-01": ["all: not_included credit"]}),
    (
        "<p>Prices change on 1 Oct 2026: Team goes from $20 to $25</p>",
        {"2026-10-01": ["team: 20 USD/None → 25 USD/None"]},
    ),
    (
        "<p>Solo is currently $10 a month and will be $12 from October 1, 2026.</p>",
        {"2026-10-01": ["solo: 10 USD/month → 12 USD/month"]},
    ),
    (
        "<p>Until 30 September 2026 Solo costs $10 a month, from 1 October 2026 $12 a month.</p>",
        {"2026-10-01": ["solo: 10 USD/month → 12 USD/month"]},
    ),
    (
        "<p>On Sept. 21, 2026 the Solo plan moves from $10/month to $12/month. Nothing else changes.</p>",
        {"2026-09-21": ["solo: 10 USD/month → 12 USD/month"]},
    ),
    (
        "<p>Effective May 1, 2026, Solo and Team no longer include credits. Each additional credit will cost $0.04.</p>",
        {"2026-05-01": ["solo: not_included credit", "team: not_included credit", "all: 0.04 USD per credit"]},
    ),
    (
        "<p>From 1 October 2026 our prices are:</p><ul><li>Solo: $12 a month</li><li>Team: $25 a month</li></ul>",
        {"2026-10-01": ["solo: 12 USD/month", "team: 25 USD/month"]},
    ),
    (
        "<p>On October 1, 2026 Solo will include 5,000 credits instead of 7,500.</p>",
        {"2026-10-01": ["solo: 5000 credit"]},
    ),
    (
        "<h2>New prices from 1 October 2026</h2><p>The new price of Solo is $12 a month.</p>",
        {"2026-10-01": ["solo: 12 USD/month"]},
    ),
    (
        "<p>Starting October 1, 2026, the rate per credit increases from $0.03 to $0.04.</p>",
        {"2026-10-01": ["all: 0.03 USD per credit → 0.04 USD per credit"]},
    ),
    (
        "<p>From 1 October 2026 each user on Team costs $15 per user per month.</p>",
        {"2026-10-01": ["team: 15 USD/month per seat"]},
    ),
    ("<p>Ab dem 1. Oktober 2026 kostet Solo $12 pro Monat.</p>", {"2026-10-01": ["solo: 12 USD/month"]}),
    (
        "<p>Solo and Team rise to $12 and $25 respectively on 1 October 2026.</p>",
        {"2026-10-01": ["solo: 12 USD/None", "team: 25 USD/None"]},
    ),
    (
        "<p>From 1 October 2026 Solo and Team cost $12, $25 and $40 respectively.</p>",
        {"2026-10-01": []},
    ),
    ("<p>From May 1, 2026, the price of Solo rises by $2.</p>", {"2026-05-01": []}),
    ("<p>From May 1 to May 31, 2026 Solo costs $5 a month.</p>", {}),
    ("<p>Customers who signed up before 1 May 2026 keep Solo at $8 a month.</p>", {}),
    ("<p>From 01/10/2026 Solo costs $12.</p>", {}),
    ("<p>From 1 October, Solo costs $12.</p>", {}),
    ("<p>The offer ends on May 31, 2026: Solo for $5.</p>", {}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_a_dated_sentence_says_what_will_hold(sentence: str, expected: dict[str, list[str]]) -> None:
    assert expected == said(on_pricing(sentence).announcements)


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_news_are_read_alike_though_they_show_no_plans(sentence: str, expected: dict[str, list[str]]) -> None:
    assert expected == said(on_news(sentence).announcements)


@pytest.mark.parametrize(("sentence", "_"), SENTENCES)
def test_what_will_hold_is_never_todays_price(sentence: str, _: dict[str, list[str]]) -> None:
    """Wherever the sentence stands: above the plans, or within a card itself."""
    today = {"solo": ["10 USD/month"], "team": ["20 USD/month"]}
    within = framed(CARDS.replace("7,500 credits included", f"7,500 credits included{sentence}", 1))

    for observation in (on_pricing(sentence), read(within, currency="USD")):
        fees = [(t.plan, note(t)) for t in observation.terms if t.term == "recurring_fee"]
        assert [(plan, fee) for plan, (fee,) in today.items()] == fees


def test_every_statement_has_its_day_and_quotes_the_page() -> None:
    for sentence, _ in SENTENCES:
        page = framed(f"{sentence}{CARDS}")
        document = read_document(page.encode())
        for one in read(page, currency="USD").announcements:
            assert all(document.holds(term.evidence.quote) for term in (*one.terms, *one.former))
            assert {one.effective_from} >= {term.effective_from for term in one.terms}
            assert all(term.effective_from is None for term in one.former)


@pytest.mark.parametrize(
    "when",
    [
        '<meta property="article:published_time" content="2026-09-02T10:00:00Z">',
        '<p><time datetime="2026-09-02">2 September</time></p>',
        "<p>Published on 2 September 2026</p>",
        "<h2>2 September 2026</h2>",
    ],
)
def test_a_day_without_a_year_is_read_where_the_news_are_dated(when: str) -> None:
    assert {"2026-10-01": ["solo: 12 USD/month"]} == said(
        on_news(f"{when}<p>From 1 October, Solo costs $12 a month.</p>").announcements
    )


def test_news_that_announce_nothing_say_so() -> None:
    (told,) = on_news("<p>Our docs have a new look.</p>").diagnostics

    assert "no_facts" == told.code
    assert "no change of terms is announced" in told.message


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("May 1st, 2026", ["2026-05-01"]),
        ("the 1st of May 2026", ["2026-05-01"]),
        ("Sept. 21, 2026", ["2026-09-21"]),
        ("Thursday, 1 October 2026,", ["2026-10-01"]),
        ("2026-05-01 and 2026/06/01", ["2026-05-01", "2026-06-01"]),
        ("13/10/2026", ["2026-10-13"]),
        ("10/13/2026", ["2026-10-13"]),
        ("5/5/2026", ["2026-05-05"]),
        ("1.10.2026", ["2026-10-01"]),
        ("1er octobre 2026", ["2026-10-01"]),
        ("1 de octubre de 2026", ["2026-10-01"]),
        ("01/10/2026", []),
        ("31 February 2026", []),
        ("October 2026", []),
        ("version 2026.1.2", []),
        ("up to 5 may apply", []),
        ("1 May", []),
    ],
)
def test_days_are_read_in_their_usual_spellings_and_doubtful_ones_not(text: str, days: list[str]) -> None:
    assert days == [str(one.day) for one in read_days(text)]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_as_it_was_written(day: date) -> None:
    for text in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", day.isoformat()):
        assert [day] == [one.day for one in read_days(f"From {text}, prices change.")]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-165, 165))
def test_a_day_without_a_year_is_the_nearest_one(written: date, apart: int) -> None:
    day = date.fromordinal(written.toordinal() + apart)

    assert [day] == [one.day for one in read_days(f"{day.day} {day:%B}", written=written)]


def test_cards_under_a_day_are_not_what_the_page_asks_now() -> None:
    later = grid(card("Solo", tag("12"), "5,000 credits included"), card("Team", tag("25"), "30,000 credits included"))
    observation = read(framed(f"{CARDS}<h2>Prices from 1 October 2026</h2>{later}"), currency="USD")

    assert ["10 USD/month", "20 USD/month"] == [note(t) for t in observation.terms if t.term == "recurring_fee"]
    told = said(observation.announcements)["2026-10-01"]
    assert {"solo: 12 USD/month", "solo: 5000 credit", "team: 25 USD/month"} <= set(told)
    assert () == observation.conflicts


def test_where_all_cards_stand_under_a_day_each_term_has_it() -> None:
    """Whether the day has come, a page cannot know."""
    observation = read(framed(f"<h2>Prices from 1 October 2026</h2>{CARDS}"), currency="USD")

    assert {date(2026, 10, 1)} == {term.effective_from for term in observation.terms}


TABLE = (
    "<table><tr><th>Plan</th><th>{old}</th><th>{new}</th></tr>"
    "<tr><td>Solo</td><td>$10/month</td><td>$12/month</td></tr><tr><td>Team</td><td>$20/month</td><td>$25/month</td></tr></table>"
)
MOVES = {"2026-10-01": ["solo: 10 USD/month → 12 USD/month", "team: 20 USD/month → 25 USD/month"]}


@pytest.mark.parametrize(
    "told",
    [
        TABLE.format(old="Until 30 September 2026", new="From 1 October 2026"),
        "<p>Our prices change on 1 October 2026.</p>" + TABLE.format(old="Current price", new="New price"),
    ],
)
def test_a_table_of_old_and_new_prices_is_read_row_by_row(told: str) -> None:
    assert MOVES == said(on_news(told).announcements)


def test_a_column_of_prices_to_come_is_not_what_the_page_asks_now() -> None:
    table = TABLE.format(old="Until 30 September 2026", new="From 1 October 2026")

    for page in (framed(f"{CARDS}{table}"), framed(f"<h1>Pricing</h1>{table}")):
        observation = read(page, currency="USD")
        assert {"10 USD/month", "20 USD/month"} == {note(t) for t in observation.terms if t.term == "recurring_fee"}
        assert MOVES == said(observation.announcements)
        assert () == observation.conflicts


WHOLE = framed(
    "<article><h1>News</h1><p>From 21 September 2026, Solo costs $125/month instead of $105.50 and includes 75,000 credits.</p>"
    + TABLE.format(old="Until 30 September 2026", new="From 1 October 2026")
    + "</article>"
).encode()
STATED = {
    (one.effective_from, term.plan, term.term, term.amount, term.quantity)
    for one in read_page(WHOLE, url="https://acme.example/news", kind="announcement", currency="USD").announcements
    for term in one.terms
}


@given(st.integers(0, len(WHOLE)))
def test_a_page_that_is_cut_off_states_less_and_nothing_else(end: int) -> None:
    part = read_page(WHOLE[:end], url="https://acme.example/news", kind="announcement", currency="USD")

    assert {
        (one.effective_from, term.plan, term.term, term.amount, term.quantity)
        for one in part.announcements
        for term in one.terms
    } <= STATED
