"""Sentences, numbers in words, and the times that a sentence names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.claims.dates import Relation, find_times
from pricing_pipeline.claims.plain import in_digits
from pricing_pipeline.claims.sentences import LONGEST, sentences

AS_OF = datetime(2026, 5, 1, 6, tzinfo=UTC)


def cut(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Solo is $10. Starter is $100.", ["Solo is $10.", "Starter is $100."]),
        ("It costs $0.04 per credit.", ["It costs $0.04 per credit."]),
        ("Prefect vs. Dagster costs $10.", ["Prefect vs. Dagster costs $10."]),
        ("Free? Yes! (Really.) It is.", ["Free?", "Yes!", "(Really.)", "It is."]),
        ("no full stop", ["no full stop"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text, expected):
    assert expected == cut(text)


@given(st.text(alphabet="ab .,", max_size=3000))
def test_no_sentence_is_longer_than_a_page(text):
    """So that no text takes too long; nothing of it is lost."""
    pieces = list(sentences(text))

    assert all(end - start <= LONGEST for start, end in pieces)
    assert "".join(text.split()) == "".join("".join(text[start:end] for start, end in pieces).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up to three users", "up to     3 users"),
        ("fifteen thousand credits", "           15000 credits"),
        ("a hundred deployments", "      100 deployments"),
        ("twenty-five seats", "         25 seats"),
        ("a team of five", "a team of    5"),
        ("one of the two", "one of the two"),
        ("2 million rows", "2 million rows"),
        ("the first thing", "the first thing"),
    ],
)
def test_counts_in_words_become_digits_in_their_place(text, expected):
    assert expected == in_digits(text)
    assert len(text) == len(in_digits(text))


@pytest.mark.parametrize(
    ("text", "relation", "first", "last"),
    [
        ("until April 2026", Relation.UNTIL, date(2026, 4, 1), date(2026, 4, 30)),
        ("since 1 May 2026", Relation.SINCE, date(2026, 5, 1), date(2026, 5, 1)),
        ("from May 1st, 2026", Relation.SINCE, date(2026, 5, 1), date(2026, 5, 1)),
        ("before 2026", Relation.BEFORE, date(2026, 1, 1), date(2026, 12, 31)),
        ("as of 2026-05-01", Relation.AT, date(2026, 5, 1), date(2026, 5, 1)),
        ("last verified on 3 Feb 2026", Relation.VERIFIED, date(2026, 2, 3), date(2026, 2, 3)),
        ("in February of 2024", Relation.AT, date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_date_is_read_with_what_it_says(text, relation, first, last):
    (when,) = find_times(f"Solo costs $10 {text}.")

    assert (relation, first, last) == (when.relation, when.first, when.last)


@pytest.mark.parametrize("text", ["on 31 February 2026", "for $2026", "version 2.2026", "2026-13"])
def test_what_is_no_date_is_none(text):
    assert () == find_times(text)


def test_words_of_the_past_are_times_too():
    assert [Relation.PAST] == [when.relation for when in find_times("Formerly it was $10.")]
    assert [Relation.PAST] == [when.relation for when in find_times("It was $10 until March.")]


def test_until_a_month_may_mean_before_it_or_through_it():
    (when,) = find_times("until May 2026")
    window = when.window(AS_OF)

    assert window is not None
    assert (date(2026, 4, 30), date(2026, 5, 31)) == (window.start.date(), window.end.date())
