"""Claims are found in any wording, and judged by what is known: supported, contradicted with the right value, or unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.claims.audit import Auditor
from pricing_pipeline.claims.judgement import Verdict
from tests.pricing_pipeline.claims.market import APRIL, KNOWN, audit, contradicted, judged

TRUE = [
    "Dagster+ Solo costs $10 a month and includes no credits; each credit costs $0.04.",
    "Solo and Starter on Dagster+ cost $10 and $100 respectively.",
    "Dagster+ Solo is $120 a year. Dagster+ Starter is $1,200 a year.",
    "A credit is billed at 4 cents on Dagster+ Solo and at $0.035 on Dagster+ Starter.",
    "Until April 2026 Dagster+ Solo included 7,500 credits, and Starter included 30,000.",
    "Before May 2026, an extra credit cost $0.03 on both Dagster+ plans.",
    "The price per credit rose from $0.03 to $0.04 on Dagster+ Solo in May 2026.",
    "Previously, Dagster+ Solo came with 7,500 credits. Dagster+ Starter's 30,000 credits were dropped.",
    "At 15,000 credits a month Dagster+ Solo comes to $610 and Starter to $625, so Solo is cheaper than Starter.",
    "Below 18,000 credits Dagster+ Solo is cheaper than Starter; above 18,000 credits Starter is cheaper than Solo.",
    "Dagster+ Solo at 7,500 credits goes from $10 to $310 a month.",
    "Prefect Cloud Team is $100 per user per month for 4 to 8 users; a team of five pays $500 a month on Team.",
    "Prefect Cloud's Team plan costs at least $400 a month and keeps runs for 14 days of run retention.",
    "Prefect Cloud has a free plan, Hobby, with two users, five deployments and 500 serverless minutes a month.",
    "Prefect Cloud starts at $100 a month. Dagster+ starts at $10 a month.",
    "Dagster+ has no free plan. Dagster+ is paid only. Prefect Cloud is not paid only.",
    "Prefect is rated 4.5/5 on G2 (124 reviews) and 4.3 on Capterra, while Dagster has no ratings yet.",
    "Prefect has over 100 reviews on G2 and about 30 reviews on Capterra. Acme has 12k+ reviews on G2.",
    "The cheapest paid plan of Dagster+ is Solo, its most expensive plan with a list price is Starter.",
    "Dagster+ Pro is priced on request and takes unlimited users.",
    "Prefect is open source.",
    "Acme Basic costs $8 a month billed annually, $10 a month otherwise, and Acme Business about $100 a month.",
    "Acme Basic includes 1 million rows and charges $9 per 1,000 events.",
    "Dagster+ Solo is limited to one user. Dagster+ has two paid plans with public prices.",
    "Prefect Cloud is rated higher than Acme on G2. Acme has more reviews on G2 than Prefect.",
    "Since May 2026 Dagster+ Solo includes no credits. Last verified on 1 May 2026.",
]
FALSE = [
    ("Dagster+ Solo costs $12 a month.", "$12 a month", "$10.00 a month"),
    ("Dagster+ Solo costs €12 or $12 a month.", "$12 a month", "$10.00 a month"),
    ("Dagster+ Solo is $1,200 a year.", "$1,200 a year", "$120.00 a year"),
    ("Solo and Starter on Dagster+ cost $10 and $110.", "$110", "$100.00 a month"),
    ("Each credit costs $0.03 on Dagster+ Solo.", "$0.03", "$0.04 per credit"),
    ("Dagster+ Solo includes 7,500 credits.", "7,500 credits", "no credits included"),
    ("Until April 2026 Dagster+ Solo included no credits.", "no credits", "7,500 credits included a month"),
    ("Before May 2026 Dagster+ Solo included 5,000 credits.", "5,000 credits", "7,500 credits included a month"),
    ("Since March 2026 Dagster+ Solo includes no credits.", "Since March 2026", "before that 7,500 credits"),
    ("Prefect Cloud Hobby takes ten deployments.", "ten deployments", "at most 5 deployments"),
    ("Prefect Cloud Team is for 3 to 8 users.", "3 to 8 users", "at least 4 seats"),
    ("Dagster+ Starter costs $100 a month for 5 users.", "$100 a month", "does not take 5 seats"),
    ("At 15,000 credits Dagster+ Solo comes to $310.", "$310", "$610.00 at 15,000 credits"),
    ("Above 18,000 credits Dagster+ Solo is cheaper than Starter.", "cheaper", "Starter"),
    ("Dagster+ Solo is more expensive than Dagster+ Starter.", "more expensive", "Solo $10.00 a month"),
    ("The cheapest plan of Dagster+ is Starter.", "The cheapest", "Solo $10.00 a month"),
    ("Prefect Cloud's most expensive plan is Starter.", "most expensive", "Team"),
    ("Prefect Cloud has no free plan.", "free plan", "Hobby is free"),
    ("Prefect Cloud is paid only.", "paid only", "Hobby is free"),
    ("Dagster+ has a free tier.", "free tier", "no free plan"),
    ("Dagster+ Solo is free.", "Dagster+ Solo is free", "$10.00 a month"),
    ("Dagster+ Starter has custom pricing.", "custom pricing", "$100.00 a month"),
    ("Dagster+ Pro costs $2,000 a month.", "$2,000 a month", "on request"),
    ("Dagster+ Pro takes 10 users.", "10 users", "unlimited seats"),
    ("Prefect is rated 4.7 out of 5 on G2.", "4.7 out of 5", "4.5 of 5 at G2"),
    ("Dagster is rated 4.2 on G2.", "4.2", "no ratings yet"),
    ("Prefect has no ratings yet on G2.", "no ratings yet", "4.5 of 5 at G2"),
    ("Prefect has over 200 reviews on G2.", "200 reviews", "124 reviews"),
    ("Acme has about 10 thousand reviews on G2.", "10 thousand reviews", "12,345 reviews"),
    ("Prefect is not open source.", "open source", "open source"),
    ("The Growth plan of Dagster+ is new.", "Growth", "its plans are Solo, Starter, Pro"),
    ("Dagster+ has seven plans.", "seven plans", "4: Solo, Starter, Pro, Open source"),
    ("Acme is rated higher than Prefect on G2.", "rated higher", "4.1 of 5"),
    ("Dagster+ Solo was last verified on 3 June 2027.", "last verified on 3 June 2027", "that day is after 2026-05-01"),
]
OPEN = [
    "Solo costs $12 a month.",
    "Dagster raised $33 million in 2023.",
    "Dagster+ Solo saves you $90 a month. Prefect Cloud Team costs $20 more.",
    "Does Dagster+ Solo cost $12 a month?",
    "Dagster+ Pro costs about $2,000 a month.",
    "Dagster+ Pro reportedly costs $2,000 a month.",
    "Prefect Cloud Starter costs €90 a month.",
    "For heavy use Dagster+ Starter is cheaper than Solo.",
    "Prefect Cloud is open source.",
    "Dagster+ offers a free trial of 30 days.",
    "In 2031 Dagster+ Solo will cost $99 a month.",
    "Somebody paid $12 to see our talk about Dagster+.",
    "In 2024 Dagster+ Solo cost $25 a month.",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_what_is_true_is_never_contradicted(text):
    """A false alarm costs the reader's trust in every other one."""
    found = audit(text)

    assert [] == [(one.claim.text, one.finding.right) for one in found.contradicted]
    assert () == found.contradictions
    assert any(one.verdict is Verdict.SUPPORTED for one in found.judged)


@pytest.mark.parametrize(("text", "words", "right"), FALSE)
def test_what_is_false_is_contradicted_with_the_right_value(text, words, right):
    found = {one.claim.text: one.finding for one in audit(text).contradicted}

    assert words in found
    assert right in found[words].right


@pytest.mark.parametrize("text", OPEN)
def test_what_nobody_can_tell_is_left_open(text):
    """Unknown is a verdict of its own: no product named, no price, no such time, nothing published."""
    assert [] == contradicted(text)


def test_a_contradiction_names_its_source():
    (one,) = audit("Dagster+ Solo costs $12 a month.").contradicted

    assert ("https://dagster.example/pricing", APRIL, "as printed") == (
        one.finding.url, one.finding.captured_at, one.finding.quote,
    )  # fmt: skip


def test_a_plan_of_two_products_is_told_by_what_stands_around():
    text = "# Prefect Cloud\n\nStarter costs $100 a month and takes 20 deployments.\n\n# Dagster+\n\nStarter takes 20 users."

    assert ["20 users"] == contradicted(text)


def test_a_plan_of_two_products_is_not_guessed():
    """Dagster+ and Prefect Cloud both sell a Starter; only what is false of both is contradicted."""
    both = "We compare Dagster+ and Prefect Cloud."

    assert [] == contradicted(f"{both}\n\nStarter takes 20 deployments.")
    assert ["$7 a month"] == contradicted(f"{both}\n\nStarter costs $7 a month.")


def test_a_table_tells_whose_plans_it_lists():
    text = "# Dagster+ and Prefect Cloud\n\n| Plan | Price |\n|---|---|\n| Solo | $10/mo |\n| Starter | $90/mo |\n"

    (one,) = audit(text).contradicted
    assert ["starter"] == [subject.plan for subject in one.claim.subjects]
    assert ["dagster-plus"] == [subject.product for subject in one.claim.subjects]


@pytest.mark.parametrize(
    ("cell", "false"),
    [
        ("| Free tier | Yes | No |", []),
        ("| Free tier | No | Yes |", ["No", "Yes"]),
        ("| G2 rating | 4.5 | No ratings yet |", []),
        ("| G2 rating | 4.1 | 4.5 |", ["4.1", "4.5"]),
        ("| G2 reviews | 124 | 0 |", []),
        ("| G2 reviews | 142 | 0 |", ["142"]),
    ],
)
def test_a_cell_is_read_with_its_headers(cell, false):
    text = f"| | Prefect Cloud | Dagster+ |\n|---|---|---|\n{cell}\n"

    assert false == contradicted(text)


def test_a_column_says_what_its_figures_count():
    header = "## Dagster+\n\n| Plan | Users | Credits included | Price per credit |\n|---|---|---|---|\n"
    text = f"{header}| Solo | 2 | 7,500 | $0.03 |\n"

    assert ["2", "7,500", "$0.03"] == contradicted(text)


def test_a_column_may_speak_of_an_earlier_time():
    header = "| Dagster+ | until April 2026 | from May 2026 |\n|---|---|---|\n"
    text = f"{header}| Solo | 7,500 credits included | 0 credits included |\n"

    assert [] == contradicted(text)


def test_a_text_is_judged_as_of_a_day():
    """The same sentence is true in April and false in May."""
    april = Auditor(replace(KNOWN, as_of=APRIL))
    text = "Dagster+ Solo includes 7,500 credits."

    assert [Verdict.SUPPORTED] == [one.verdict for one in april.audit(text, "a.md").judged]
    assert [Verdict.CONTRADICTED] == [one.verdict for one in judged(text)]


def test_a_claim_stands_at_its_line_and_column():
    (one,) = audit("# Dagster+\n\nSolo is cheap.\nIt costs **$12** a month.").contradicted

    assert (4, 12) == (one.claim.place.line, one.claim.place.column)


def test_hidden_text_makes_no_claim():
    assert [] == contradicted("<p>Dagster+ Solo</p><p hidden>Dagster+ Solo costs $99 a month.</p>", "a.html")


def test_a_long_sentence_without_an_end_does_not_take_long():
    text = "Dagster+ Solo costs $10 a month with 1 user and no credits " * 40

    assert [] == contradicted(text)
