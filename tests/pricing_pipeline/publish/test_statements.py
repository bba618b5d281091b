"""What people write beside the figures is judged before it is published; a false statement holds back its own page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline import costs
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.inspect import comparison_rows
from tests.pricing_pipeline.publish import example


def published(folder, *files, catalog=example.CATALOG):
    """The edition of some comparisons."""
    return publish(catalog, files, registry=example.REGISTRY, editions=folder, price=costs.price)


def naked(text: str, slug: str = "prefect-vs-dagster"):
    """A comparison whose bottom line says something without a placeholder."""
    return example.comparison(slug, bottom_line=text)


def test_a_false_statement_holds_back_its_page_and_no_other(tmp_path):
    edition = published(tmp_path, naked("Solo costs $12 a month."), example.comparison("the-other"))

    assert not (edition.path / "compare/prefect-vs-dagster.html").exists()
    assert (edition.path / "compare/the-other.html").is_file()


def test_the_problem_names_the_file_the_line_and_the_right_value(tmp_path):
    file = naked("Solo costs $12 a month.")
    file = replace(file, lines={("bottom_line",): 77})

    (problem,) = published(tmp_path, file).problems

    assert problem.startswith(
        "comparisons/prefect-vs-dagster.yaml:77: '$12 a month' (dagster-plus.solo) is contradicted"
    )
    assert "$10.00 a month" in problem
    assert "https://dagster.io/pricing, read 2026-05-01" in problem


def test_the_last_edition_of_the_page_stays_up(tmp_path):
    before = published(tmp_path, naked("Solo costs $10 a month."))
    page = (before.path / "compare/prefect-vs-dagster.html").read_bytes()

    after = published(tmp_path, naked("Solo costs $12 a month."))

    assert after.problems
    assert page == (after.path / "compare/prefect-vs-dagster.html").read_bytes()


def test_a_page_falls_out_of_date_by_the_facts_alone(tmp_path):
    """Nobody touched the text; the vendor moved."""
    text = naked("Starter of Dagster+ costs $100 a month.")
    assert () == published(tmp_path, text).problems
    dearer = tuple(
        example.fee(example.DAGSTER, "starter", "120", "$120 /month") if row is example.TERMS[5] else row
        for row in example.TERMS
    )

    (problem,) = published(tmp_path, text, catalog=replace(example.CATALOG, terms=dearer)).problems

    assert "$120.00 a month" in problem


@pytest.mark.parametrize(
    "text",
    [
        "Solo costs $10 a month and includes no credits.",
        "Solo costs {{ dagster-plus.solo.recurring_fee }} a month.",
        "With {{ dagster-plus.solo }} a credit costs {{ dagster-plus.solo.usage_rate.credit }}.",
        "At 15,000 credits {{ dagster-plus.solo }} comes to $610 a month.",
        "Prefect has a free plan; Dagster+ has none that is hosted.",
    ],
)
def test_what_is_true_or_bound_to_the_facts_is_published(tmp_path, text):
    assert () == published(tmp_path, naked(text)).problems


@pytest.mark.parametrize(("starter", "turn"), [("100", "18,000"), ("99.993", "17,999")])
def test_a_break_even_is_told_in_whole_units_and_is_true_to_the_unit(tmp_path, starter, turn):
    """Where two bills meet within a unit, the page is not held back for the part of it that nobody uses."""
    place = "{{ break_even dagster-plus.solo dagster-plus.starter credit }}"
    text = f"Below {place} credits Solo is cheaper than Starter, above {place} credits Starter is cheaper than Solo."
    priced = tuple(
        example.fee(example.DAGSTER, "starter", starter, f"${starter} /month") if row is example.TERMS[5] else row
        for row in example.TERMS
    )
    edition = published(tmp_path, naked(text), catalog=replace(example.CATALOG, terms=priced))

    assert () == edition.problems
    page = (edition.path / "compare/prefect-vs-dagster.html").read_text()
    assert f"{turn}</a> credits Solo is cheaper than Starter" in page


def test_a_figure_beside_a_bound_name_is_a_claim_of_its_own(tmp_path):
    (problem,) = published(tmp_path, naked("{{ dagster-plus.solo }} on Dagster+ costs $12 a month.")).problems

    assert "'$12 a month'" in problem


def test_a_text_under_a_product_speaks_of_that_product(tmp_path):
    """Both products sell a Starter."""
    strengths = {example.PREFECT: ("Starter takes 20 deployments.",), example.DAGSTER: ("Starter takes 20 users.",)}

    (problem,) = published(tmp_path, example.comparison(strengths=strengths)).problems

    assert "'20 users' (dagster-plus.starter)" in problem
    assert "deployments" not in problem


def test_a_reason_that_speaks_against_the_choice_is_found(tmp_path):
    reason = "budget matters: Solo costs $10 a month against Prefect's free Hobby plan"
    file = example.comparison(choose=({"product": example.DAGSTER, "reasons": (reason,)},))

    (problem,) = published(tmp_path, file).problems

    assert "a low price is the reason" in problem


def test_the_check_counts_what_is_contradicted_at_the_plans_it_touches():
    columns, rows = comparison_rows(
        example.CATALOG, (naked("Solo costs $12 <b>a month</b>."),), registry=example.REGISTRY, price=costs.price
    )
    counts = {
        (row[columns.index("product")], row[columns.index("plan")]): (
            row[columns.index("contradicted_claims")],
            row[columns.index("claims")],
        )
        for row in rows
    }

    assert (0, "") == counts[example.DAGSTER, "starter"]
    count, told = counts[example.DAGSTER, "solo"]
    assert 1 == count
    assert "comparisons/prefect-vs-dagster.yaml:1" in str(told)
    assert "<" not in str(told)
