"""What a vendor promises the customers it has is no part of what it offers to everybody."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, SourceKind

PAGE = """<html><head><title>Pricing - Acme</title></head><body><h1>Pricing</h1><div class="plans">
<div class="plan"><h3>Solo</h3><p class="price">$10 / month</p><ul><li>1 user</li>
<li>1,000 credits included per month</li><li>$0.04 per additional credit</li></ul>{card}</div>
<div class="plan"><h3>Team</h3><p class="price">$30 / month</p><ul><li>5 users</li>
<li>5,000 credits included per month</li><li>$0.035 per additional credit</li></ul></div></div>
<section><h2>FAQ</h2><h3>What about those who are here already?</h3><p>{answer}</p></section></body></html>"""


def read(*, card: str = "", answer: str = "") -> Observation:
    body = PAGE.format(card=f"<p>{card}</p>" if card else "", answer=answer)
    return read_page(body.encode(), url="https://acme.example/pricing", kind=SourceKind.PRICING, currency="USD")


def facts(seen: Observation) -> set[tuple[object, ...]]:
    return {(*term.key, term.state, term.amount, term.quantity) for term in seen.terms}


@pytest.mark.parametrize("place", ["card", "answer"])
@pytest.mark.parametrize(
    "said",
    [
        "Existing customers keep $8 per user per month until 31 December 2026.",
        "Customers who signed up before 1 May 2026 keep 7,500 included credits.",
        "If you subscribed before March 2026, you keep your old price of $15/month.",
        "Legacy plans at $5 per month remain available to existing subscribers.",
        "Grandfathered customers continue to pay $0.03 per credit.",
        "Already on Solo? You keep $8 a month for as long as you stay subscribed.",
        "You pay $0.02 per credit if you subscribed before March 2026.",
    ],
)
def test_a_price_for_customers_of_old_is_not_todays_offer(said: str, place: str) -> None:
    seen = read(**{place: said})

    assert facts(read()) == facts(seen)
    assert () == seen.conflicts


def test_a_price_for_everybody_beside_such_words_stays() -> None:
    """The sentence on existing customers has no figure of its own; the one on storage is for all."""
    said = "Existing customers move over in June. Extra storage costs $0.50 per GB for everybody."

    assert facts(read()) <= facts(read(answer=said))
    assert "0.50" in {f"{term.amount:.2f}" for term in read(answer=said).terms if term.metric == "gb"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            "Existing customers keep $8 per user per month until 31 December 2026.",
            (None, None, date(2026, 12, 31)),
            id="until",
        ),
        pytest.param(
            "Solo customers who signed up before 1 May 2026 keep 7,500 included credits.",
            ("solo", date(2026, 5, 1), None),
            id="joined-before",
        ),
        pytest.param("Existing subscribers keep their current price.", (None, None, None), id="without-a-figure"),
        pytest.param("Already on Solo? You keep $8 a month.", ("solo", None, None), id="a-question-with-its-answer"),
    ],
)
def test_what_is_promised_to_customers_of_old_is_kept_word_for_word(
    said: str, expected: tuple[str | None, date | None, date | None]
) -> None:
    (cohort,) = read(answer=f"Prices are in US dollars. {said} Taxes apply.").cohorts

    assert said == cohort.evidence.quote
    assert expected == (cohort.plan, cohort.joined_before, cohort.until)


def test_a_promise_in_a_plans_card_is_of_that_plan() -> None:
    (cohort,) = read(card="Existing customers keep $8 per month.").cohorts

    assert "solo" == cohort.plan


@pytest.mark.parametrize(
    "said", ["Existing customers love us.", "Trusted by 4,000 teams.", "Our customers keep 8 cats."]
)
def test_praise_is_no_promise(said: str) -> None:
    assert () == read(answer=said).cohorts


def test_a_promise_below_the_plans_is_not_that_of_the_plan_above_it() -> None:
    """The note follows the last card, and speaks of everybody who came before May."""
    note = "<p>Customers who signed up before 1 May 2026 keep their current price.</p></section>"
    body = PAGE.format(card="", answer="").replace("<section><h2>FAQ</h2>", note).encode()
    seen = read_page(body, url="https://acme.example/pricing", kind=SourceKind.PRICING, currency="USD")

    assert [(None, date(2026, 5, 1))] == [(one.plan, one.joined_before) for one in seen.cohorts]
