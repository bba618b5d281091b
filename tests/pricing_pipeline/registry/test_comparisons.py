"""The editorial side of comparisons: what a file has to say, and where its texts stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_pipeline.registry.comparisons import Comparison, read_comparisons

TEXT = """\
title: One vs Two
summary: Which to take.
products: [one, two]
reviewed_on: 2026-05-01
short_answer: >-
  Take {{ one.solo.recurring_fee }}
  or leave it.
at_a_glance:
  - label: Model
    values: {one: Tasks, two: Assets}
choose:
  - product: one
    reasons: [you like tasks]
features:
  - name: Lineage
    values:
      one: {level: partly, text: Some}
      two: {level: yes, text: All}
strengths: {one: [Fast], two: [Deep]}
weaknesses: {one: [Shallow], two: [Slow]}
head_to_head:
  - name: Pricing
    winner: tie
    why: Neither is cheaper.
    values: {one: A fee, two: A fee}
migration:
  - origin: one
    target: two
    summary: Work.
    steps: [Begin]
questions:
  - question: Which?
    answers:
      - {answer: This, product: one, why: Because}
      - {answer: Either, product: tie, why: Because}
bottom_line: Take one.
sources:
  - {title: A page, url: "https://one.example/pricing"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "comparisons").mkdir()
    return Path("comparisons").absolute()


def test_a_comparison_is_read_whole_and_named_by_its_file(folder: Path) -> None:
    (folder / "one-vs-two.yaml").write_text(TEXT, encoding="utf-8")
    (file,), problems = read_comparisons(folder)

    assert [] == problems
    assert "one-vs-two" == file.slug
    assert ("one", "two") == file.content.products
    assert "yes" == file.content.features[0].values["two"].level
    assert "Take {{ one.solo.recurring_fee }} or leave it." == file.content.short_answer


def test_every_text_that_readers_see_is_listed_with_its_line(folder: Path) -> None:
    """So that a placeholder that cannot be filled is reported where an editor finds it."""
    (folder / "one-vs-two.yaml").write_text(TEXT, encoding="utf-8")
    (file,), _ = read_comparisons(folder)
    lines = {text: file.line(place) for place, text in file.content.texts()}

    assert 5 == lines["Take {{ one.solo.recurring_fee }} or leave it."]
    assert 10 == lines["Assets"]
    assert 13 == lines["you like tasks"]
    assert 18 == lines["All"]
    assert 24 == lines["Neither is cheaper."]


def test_slugs_levels_and_addresses_are_no_prose(folder: Path) -> None:
    (folder / "one-vs-two.yaml").write_text(TEXT, encoding="utf-8")
    (file,), _ = read_comparisons(folder)

    assert not {"one", "two", "tie", "partly", "https://one.example/pricing"} & {
        text for _, text in file.content.texts()
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{one: [Fast], two: [Deep]}", "{one: [Fast]}", "19: `strengths`: says nothing of two; write an entry"),
        ("one: A fee, two", "one: A fee, three: x, two", "25: `head_to_head[0].values`: speaks of three, which is not"),
        ("winner: tie", "winner: three", "23: `head_to_head[0].winner`: names three"),
        ("target: two", "target: tie", "28: `migration[0].target`: names tie"),
        (
            "answer: This, product: one",
            "answer: This, product: three",
            "34: `questions[0].answers[0].product`: names three",
        ),
        ("  - product: one", "  - product: three", "12: `choose[0].product`: names three"),
        ("[one, two]", "[one, one]", "3: `products`: names one twice"),
        ("[one, two]", "[one]", "3: `products`: is too short; write at least 2"),
        ("level: partly", "level: maybe", "write 'yes', 'partly', 'no' or 'unknown'"),
        ("bottom_line: Take one.\n", "", "`bottom_line` is missing"),
        ("bottom_line:", "botom_line:", "did you mean `bottom_line`?"),
    ],
)
def test_what_does_not_hang_together_is_named(folder: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    (folder / "one-vs-two.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    files, problems = read_comparisons(folder)

    assert () == files
    assert any(said in problem and problem.startswith("comparisons/one-vs-two.yaml:") for problem in problems)


def test_one_broken_comparison_never_stops_the_others(folder: Path) -> None:
    (folder / "a-vs-b.yaml").write_text("title: [", encoding="utf-8")
    (folder / "one-vs-two.yaml").write_text(TEXT, encoding="utf-8")
    files, problems = read_comparisons(folder)

    assert ["one-vs-two"] == [file.slug for file in files]
    assert 1 == len(problems)


def test_there_may_be_no_comparisons_at_all(folder: Path) -> None:
    assert ((), []) == read_comparisons(folder / "gone")
    assert ((), []) == read_comparisons(folder)


def test_every_field_is_prose_or_knowingly_none(folder: Path) -> None:
    """A new field of prose that `texts` forgets would be published unfilled."""
    (folder / "one-vs-two.yaml").write_text(TEXT, encoding="utf-8")
    (file,), _ = read_comparisons(folder)
    read = {place[0] for place, _ in file.content.texts()}
    filled = {name for name in Comparison.model_fields if getattr(file.content, name)}

    assert {"products", "reviewed_on"} == filled - read
