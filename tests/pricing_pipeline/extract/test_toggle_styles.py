"""Monthly and annual prices on one page, however its scripts switch between them."""

from __future__ import annotations

import pytest

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import SourceKind
from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import framed

PLANS = [("Basic", 10, 8), ("Pro", 20, 16)]
BOTH = {
    "Basic": ["10 USD/month", "8 USD/month for a year"],
    "Pro": ["20 USD/month", "16 USD/month for a year"],
}


def page(price: str) -> str:
    """Two cards, each with the price that `price` makes of its monthly and its annual amount."""
    cards = "".join(
        f"<div class='c'><h3>{name}</h3>{price.format(monthly=monthly, annual=annual)}</div>"
        for name, monthly, annual in PLANS
    )
    return framed(f"<div><button>Monthly</button><button>Yearly</button></div><div class='g'>{cards}</div>")


@pytest.mark.parametrize(
    "price",
    [
        "<p x-show='!yearly'>${monthly}/mo</p><p x-show='yearly'>${annual}/mo</p>",
        "<p v-if=\"cycle === 'monthly'\">${monthly}/mo</p><p v-if=\"cycle === 'annual'\">${annual}/mo</p>",
        "<p ng-show='isMonthly'>${monthly}/mo</p><p ng-show='!isMonthly'>${annual}/mo</p>",
        "<p data-pricing-period='monthly'>${monthly} per month</p><p data-pricing-period='annual'>${annual} per month</p>",
        "<div data-billing-cycle='month'>${monthly} per month</div><div data-billing-cycle='year'>${annual} per month</div>",
        "<p>${monthly}/mo billed monthly</p><p>${annual}/mo billed annually</p>",
        "<p class='price-monthly'>${monthly}/mo</p><p class='price-annual'>${annual}/mo</p>",
    ],
    ids=["alpine", "vue", "angular", "data attribute", "other data attribute", "words", "class names"],
)
def test_both_prices_are_read_under_their_own_commitment(price: str) -> None:
    """Although both stand in the page's source at once."""
    assert BOTH == facts(page(price))


def test_what_a_condition_denies_is_the_other_period() -> None:
    """Without it both prices would contradict each other, and neither would be published."""
    assert BOTH == facts(page("<p v-show='!annual'>${monthly}/mo</p><p v-show='annual'>${annual}/mo</p>"))


@pytest.mark.parametrize(
    "hiding", ["hidden", "aria-hidden='true'", "style='display:none'", "class='hidden' data-state='inactive'"]
)
def test_the_hidden_pane_of_tabs_is_read_under_its_own_period(hiding: str) -> None:
    """And marked as what nobody sees at first."""

    def pane(period: str, solo: int, team: int, attributes: str) -> str:
        cards = "".join(
            f"<div class='c'><h3>{n}</h3><p>${p}/{period}</p></div>" for n, p in (("Solo", solo), ("Team", team))
        )
        return f"<div role='tabpanel' {attributes}>{cards}</div>"

    tabs = "<div role='tablist'><button role='tab' aria-selected='true'>Monthly</button><button role='tab'>Yearly</button></div>"
    body = tabs + pane("month", 10, 30, "") + pane("year", 100, 300, hiding)

    assert {
        "Solo": ["10 USD/month", "100 USD/year (inactive_pane)"],
        "Team": ["30 USD/month", "300 USD/year (inactive_pane)"],
    } == facts(framed(body))


def test_a_bare_amount_in_an_attribute_is_less_a_month_or_a_years_total() -> None:
    """Told by the month's price beside it: less is a month's share, five times as much a year's total."""
    share = page("<p data-monthly='${monthly}' data-yearly='${annual}'>${monthly}<span> per month</span></p>")
    total = share.replace("data-yearly='$8'", "data-yearly='$96'").replace("data-yearly='$16'", "data-yearly='$192'")
    unclear = share.replace("data-yearly='$8'", "data-yearly='$13'").replace("data-yearly='$16'", "data-yearly='$26'")

    assert ["10 USD/month", "8 USD/month for a year (attribute)"] == facts(share)["Basic"]
    assert ["10 USD/month", "96 USD/year (attribute)"] == facts(total)["Basic"]
    assert ["10 USD/month"] == facts(unclear)["Basic"]


def test_a_years_total_beside_it_says_which_month_is_the_cheap_one() -> None:
    """ "$15/mo, billed $180 per year" and "$19/mo billed monthly" are one plan on two commitments."""
    body = "".join(
        f"<div class='c'><h3>{n}</h3><p><b>${a}</b>/mo</p><p>Billed ${12 * a} per year</p><p>${m}/mo billed monthly</p></div>"
        for n, a, m in [("Solo", 15, 19), ("Crew", 45, 59)]
    )

    assert {
        "Solo": ["15 USD/month for a year", "180 USD/year", "19 USD/month"],
        "Crew": ["45 USD/month for a year", "540 USD/year", "59 USD/month"],
    } == facts(framed(f"<div class='g'>{body}</div>"))


def test_the_heading_of_a_section_gives_its_prices_their_period() -> None:
    """Each section its own, though their plans are called the same."""

    def section(heading: str, mini: int, maxi: int) -> str:
        cards = "".join(f"<div class='c'><h3>{n}</h3><p>${p}</p></div>" for n, p in (("Mini", mini), ("Maxi", maxi)))
        return f"<h2>{heading}</h2><div class='g'>{cards}</div>"

    body = section("Monthly plans", 5, 25) + section("Annual plans", 50, 250)

    assert {"Mini": ["5 USD/month", "50 USD/year"], "Maxi": ["25 USD/month", "250 USD/year"]} == facts(framed(body))


def test_a_rate_in_a_pane_is_that_of_its_commitment() -> None:
    """Two rates of one meter are no contradiction where each belongs to a side of the toggle."""
    side = "<div data-period='{period}'><p>${fee} per editor/month</p><p>${rate} per app user/month</p></div>"
    both = side.format(period="annual", fee="{annual}", rate=2) + side.format(period="monthly", fee="{monthly}", rate=3)

    assert [
        "8 USD/month per seat for a year",
        "2 USD per app_user/month for a year",
        "10 USD/month per seat",
        "3 USD per app_user/month",
    ] == facts(page(both))["Basic"]


def test_small_print_in_one_card_says_nothing_of_the_others() -> None:
    """Else every plan would look as if one had to commit to a year."""
    html = (
        "<html><body><main><h1>Pricing</h1><div>"
        "<div class=card><h3>Solo</h3><p>$16/month, billed annually</p><p>3 users included</p></div>"
        "<div class=card><h3>Team</h3><p>$100/month</p><p>9 users included</p></div></div></main></body></html>"
    )
    seen = read_page(html.encode(), url="https://vendor.example/pricing", kind=SourceKind.PRICING, currency="USD")

    fees = {term.plan: (term.billing_period, term.commitment) for term in seen.terms if term.term == "recurring_fee"}
    assert {"solo": ("month", "year"), "team": ("month", "month")} == fees


def test_a_marked_footnote_speaks_of_every_price() -> None:
    html = (
        "<html><body><main><h1>Pricing</h1><div>"
        "<div class=card><h3>Solo</h3><p>$16/month*</p><p>3 users included</p></div>"
        "<div class=card><h3>Team</h3><p>$100/month*</p><p>9 users included</p></div></div>"
        "<p>* Billed annually.</p></main></body></html>"
    )
    seen = read_page(html.encode(), url="https://vendor.example/pricing", kind=SourceKind.PRICING, currency="USD")

    assert {"year"} == {term.commitment for term in seen.terms if term.term == "recurring_fee"}
