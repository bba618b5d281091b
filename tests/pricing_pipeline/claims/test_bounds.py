"""No text takes longer than some seconds, whatever is in it; what was not judged for its length is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.claims import audit as auditing
from pricing_pipeline.claims import bounds
from pricing_pipeline.claims.phrases import problem_lines
from pricing_pipeline.claims.reading import read_passages
from pricing_pipeline.claims.sarif import sarif
from pricing_pipeline.claims.sentences import FIGURES, sentences
from pricing_pipeline.claims.strangers import with_strangers
from tests.pricing_pipeline.claims.market import AUDITOR, KNOWN, audit

FALSE = "Dagster+ Solo costs $12 a month.\n\n"


def test_a_text_of_usual_length_is_judged_whole():
    assert audit(FALSE * 10).cut is None


def test_what_stands_beyond_the_last_character_is_not_judged_and_the_line_is_told(monkeypatch):
    monkeypatch.setattr(bounds, "CHARACTERS", 200)
    found = audit(FALSE * 10)

    assert found.cut is not None
    assert (5, 2) == (found.cut.line, len(found.contradicted))
    assert "text.md:5: only the first 200 characters of a text are judged" in problem_lines(found)[-1]


def test_one_passage_that_is_too_long_is_read_in_part(monkeypatch):
    monkeypatch.setattr(bounds, "CHARACTERS", 150)
    found = audit("Dagster+ Solo costs $12 a month. " * 10)

    assert found.cut is not None
    assert 3 == len(found.contradicted)


def test_claims_beyond_the_last_are_not_judged_and_the_line_is_told(monkeypatch):
    monkeypatch.setattr(auditing, "CLAIMS", 3)
    found = audit(FALSE * 10)

    assert found.cut is not None
    assert (7, 3) == (found.cut.line, len(found.judged))


def test_a_text_that_is_not_judged_to_its_end_is_no_success_in_the_log(monkeypatch):
    monkeypatch.setattr(auditing, "CLAIMS", 3)
    (run,) = sarif([audit(FALSE * 10, "a b.md"), audit("", "c.md")], version="1")["runs"]
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]

    assert invocation["executionSuccessful"] is False
    assert notification["message"]["text"].startswith("a b.md:7: only the first")
    assert 7 == notification["locations"][0]["physicalLocation"]["region"]["startLine"]


def test_no_piece_of_a_sentence_holds_more_figures_than_a_sentence_has():
    """Each figure is read with all that stands around it."""
    text = "$10 a month " * 300

    assert all(text[start:end].count("$") <= FIGURES for start, end in sentences(text))


def test_no_more_strange_names_are_looked_for_than_a_comparison_has():
    """Every name is looked for in every passage."""
    text = "".join(
        f"# Z{chr(97 + i // 26)}{chr(97 + i % 26)}x vs Y{chr(97 + i // 26)}{chr(97 + i % 26)}x\n\n" for i in range(200)
    )
    directory = with_strangers(KNOWN, AUDITOR._directory, read_passages(text, "a.md"))

    assert 20 == len(set(directory.product_names) - set(AUDITOR._directory.product_names))


# Each of these took minutes or hours when its time grew with the square of its length.
HOSTILE = {
    "initials": ("a.md", "A. " * 60_000),
    "links without an end": ("a.md", "[a](" * 60_000),
    "images without an end": ("a.md", "![a" * 60_000),
    "links within one line": ("a.md", "[a](b) " * 30_000),
    "a heading of spaces": ("a.md", "# a" + " " * 200_000 + "x"),
    "a line of spaces": ("a.md", "- \n-" + " " * 200_000 + "x"),
    "a row of cells": ("a.md", "|a" * 30_000 + "|\n|---|\n" + "|b" * 30_000),
    "titles that name rows": ("a.html", "<table><tr>" + "<th>plan" * 8_000 + "<tr>" + "<td>a" * 8_000),
    "cells that reach far": ("a.html", "<table>" + "<tr><td rowspan=99 colspan=99>a" * 5_000),
}


@pytest.mark.parametrize(("name", "text"), HOSTILE.values(), ids=HOSTILE)
def test_reading_takes_no_longer_than_the_text_is_long(name, text):
    """Nothing is measured here: with the square of its length no such text would end."""
    passages = read_passages(text, name)

    assert all(list(sentences(passage.text)) for passage in passages)


@pytest.mark.parametrize("sentence", ["With 5, is it? ", "We had it. ", "A team of 5? "])
def test_a_paragraph_of_any_number_of_sentences_is_read(sentence):
    """What one sentence takes from those before it does not go back without an end."""
    found = audit("# Dagster+ Solo\n\n" + sentence * 2000 + "With 5, it is $10 a month.")

    assert "$10 a month" == found.judged[-1].claim.text


def test_a_flood_of_claims_about_one_thing_contradicts_its_first_alone():
    free = "Dagster+ has no free plan.\n\nDagster+ has a free tier.\n\n"
    found = replace(audit(free * 500), file="x").contradictions

    assert {1, 3} == {one.other.place.line for one in found}
