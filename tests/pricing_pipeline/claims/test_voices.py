"""The same claims in the voices of a forum, a memo, a mail, a table of ticks: what is true stays, what is false is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pricing_pipeline.claims.market import audit

# Name of the file, the true text, and what is to be false in it: true words, false words.
CASES = [
    ("forum.txt", "dagster+ solo is $10/mo. credits are 4 cents each on solo.", "$10/mo", "$25/mo"),
    ("forum.txt", "we like prefect. prefect hobby is free for 2 users.\n\nteam is 100 a head, or $400.", "2 users", "5 users"),
    ("a.md", "Dagster+ Solo sets you back ten dollars a month.", "ten dollars", "twenty dollars"),
    ("a.md", "Dagster+ Starter charges three and a half cents per credit.", "three and a half", "two and a half"),
    ("a.md", "Dagster+ Solo costs USD 10 per month.", "USD 10", "USD 12"),
    ("a.md", "## Prefect Cloud Starter\n\n- Users: up to 3\n- Deployments: 20", "20", "30"),
    ("a.md", "## Prefect Cloud Team\n\n- Users: 4–8\n- Run retention: 14 days", "14 days", "30 days"),
    ("a.md", "| Product | Plan | $/mo |\n|---|---|---|\n| Dagster+ | Solo | 10 |\n| | Starter | 100 |", "100", "120"),
    ("a.md", "| | Dagster+ | Prefect Cloud |\n|---|---|---|\n| Free tier | ✘ | ✔ |", "✔", "✘"),
    ("a.md", "| | Acme | Prefect Cloud |\n|---|---|---|\n| Cheapest paid plan | $8 | $100 |", "$100", "$110"),
    ("a.md", "| Product | G2 |\n|---|---|\n| Prefect Cloud | 4.5 |", "4.5", "4.1"),
    ("a.md", "| Plan | Billed monthly | Billed annually |\n|---|---|---|\n| Acme Basic | $10 | $8/mo |", "$8/mo", "$7/mo"),
    ("a.md", "Acme Basic is $10 a month, or $8 a month if you commit to a year.", "or $8", "or $6"),
    ("a.md", "## Acme Basic\n\nEvery further 1,000 events cost $9.", "$9", "$7"),
    ("a.md", "## Acme Basic\n\n### What do extra events cost?\n\n$9 for each additional thousand.", "$9", "$6"),
    ("a.txt", "> Is Prefect Hobby really free?\n\nYes, it is. You get 5 deployments.", "Yes", "No"),
    ("a.txt", "Q: Does Dagster+ have a free plan?\nA: No, it does not.", "A: No", "A: Yes"),
    ("a.html", "<h2>Is Prefect Cloud Free?</h2><p>Yes, on the Hobby plan.</p>", "Yes", "No"),
    ("a.html", "<h2>Dagster+</h2><dl><dt>Solo</dt><dd>$10 a month</dd></dl>", "$10", "$15"),
    ("a.md", "# Prefect Cloud\n\n- Dagster+ – from $10 – free plan: no", "free plan: no", "free plan: yes"),
    ("a.md", "Prefect, unlike Dagster+, has a free tier.", "Prefect, unlike Dagster+", "Dagster+, unlike Prefect"),
    ("a.md", "# Dagster+ and Acme\n\nNeither has a free plan.", "Neither has", "Both have"),
    ("a.md", "Prefect doesn't publish the price of its Enterprise plan.", "doesn't publish", "publishes"),
    ("a.md", "Prefect Hobby doesn't cost a cent.", "doesn't cost a cent", "costs $8 a month"),
    ("a.md", "In April Dagster+ Solo included 7,500 credits.", "7,500", "5,000"),
    ("a.md", "In May Dagster+ dropped credits; Solo came with 7,500 credits until April.", "until April", "until February"),
    ("a.md", "The price per credit on Dagster+ Solo rose to $0.04 in May 2026.", "May 2026", "March 2026"),
    ("a.md", "Prices as of 2 April 2026.\n\nDagster+ Solo includes 7,500 credits.", "7,500", "9,500"),
    ("a.md", "Prefect Cloud scores well: 124 people have reviewed it on G2.", "124", "240"),
    ("a.md", "Prefect Cloud outscores Acme on G2.", "outscores", "trails"),
    ("a.md", "Dagster+ Solo costs a tenth of Starter.", "a tenth", "a quarter"),
    ("a.md", "Dagster+ Starter costs ten times as much as Dagster+ Solo.", "ten times", "four times"),
    ("a.md", "Dagster+ Solo is a tenth. Prefect Starter is $90 more expensive than Dagster+ Solo.", "$90", "$60"),
    ("a.md", "Dagster+ Solo went from $10 to $310 a month, 31 times as much.", "31 times", "12 times"),
    ("a.md", "Paying Acme Basic annually saves 20%.", "20%", "40%"),
    ("a.md", "On Dagster+ the price of serverless compute has doubled.", "doubled", "tripled"),
    ("a.md", "Prefect Cloud Team needs at least 4 users; with five people it is $500 a month, with six $600.", "$600", "$660"),
]  # fmt: skip
TRUE = [
    (
        "a.html",
        "<h1>Dagster+ Solo</h1><nav>From $5 a month</nav><p>$10 a month</p><footer>Courses from $20 a month</footer>",
    ),
    (
        "a.html",
        "<h1>Dagster+ Solo</h1><blockquote>“We paid $900 a month before.”</blockquote><p>It is $10 a month.</p>",
    ),
    ("a.md", "# Dagster+\n\nWe paid a consultancy $3,000 a month. Solo is $10 a month."),
    ("a.md", "# Dagster+ or Prefect Cloud\n\nDagster+ Solo is cheaper: $10 against $100 a month for Prefect Starter."),
    ("a.md", "Dagster+ Solo is cheaper than Starter, but only up to 2,250 credits."),
    ("a.md", "Acme Basic starts at $10 a month, or $8 billed annually."),
    ("a.md", "# Prefect Cloud Hobby\n\nTwo users may use it. Run history is gone after 7 days of it."),
]


@pytest.mark.parametrize(("file", "text", "words", "wrong"), CASES, ids=[f"{case[2]} → {case[3]}" for case in CASES])
def test_what_is_true_in_any_voice_is_let_stand_and_what_is_false_is_found(file, text, words, wrong):
    true, false = audit(text, file), audit(text.replace(words, wrong), file)

    assert words in text
    assert [] == [(one.claim.text, one.finding.right) for one in true.contradicted]
    assert not true.contradictions
    assert not false.is_clean


@pytest.mark.parametrize(("file", "text"), TRUE, ids=[case[1][:40] for case in TRUE])
def test_what_speaks_of_something_else_is_no_claim(file, text):
    """Frames around a page, what others paid, and the price that something is set against."""
    found = audit(text, file)

    assert found.is_clean
    assert found.judged


def test_a_verdict_on_words_shows_the_words():
    """And not the digits that they were read as."""
    (one,) = audit("Dagster+ Solo costs twenty dollars.").contradicted

    assert "twenty dollars" == one.claim.text.rstrip(".")
    assert 21 == one.claim.place.column


def test_a_text_about_nobody_known_is_held_against_itself():
    text = (
        "# Loomworks vs Harborline\n\n## Loomworks\n\n| Plan | Price |\n|---|---|\n| Free | $0 |\n| Growth | $400 per month |\n\n"
        "The Growth plan costs {price} a month.\n\n## Harborline\n\nBasic plan: $60 a month. The Plus plan is $120 a month. "
        "The cheapest plan of Harborline is {first}.\n"
    )

    assert audit(text.format(price="$400", first="Basic")).is_clean
    assert 1 == len(audit(text.format(price="$450", first="Basic")).contradictions)
    assert 1 == len(audit(text.format(price="$400", first="Plus")).contradictions)


WORDS = [word for _, text, *_ in CASES for word in text.split(" ")]
MARKS = [
    "<table>",
    "<td rowspan=9>",
    "</td",
    "|",
    "|---|",
    "\n",
    "\n\n",
    "#",
    ">",
    "```",
    "<!--",
    "&#0;",
    "“",
    "$",
    "9" * 40,
    "½",
    "٣",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS + MARKS * 4), max_size=60).map(" ".join),
    st.sampled_from(["a.md", "a.html", "a.txt", "-"]),
)
def test_no_text_makes_the_reader_stumble(text, file):
    """Whatever somebody wrote: every claim stands in a line that there is, and reading it again says the same."""
    found = audit(text, file)

    assert all(1 <= one.claim.place.line <= text.count("\n") + 1 for one in found.judged)
    assert found == audit(text, file)
