"""Plan cards in the markup of today's pricing pages: read as a careful person reads them, or not at all."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import ALL, facts
from tests.pricing_pipeline.extract.pages import framed


def side_by_side(*cards: str, box: str = "div", kind: str = "c") -> str:
    """Cards as boxes in a row."""
    return framed(f"<div class='g'>{''.join(f'<{box} class={kind!r}>{card}</{box}>' for card in cards)}</div>")


def soup(name: str, whole: str, cents: str, *lines: str, badge: str = "") -> str:
    """A card without a single heading or list, as utility-class frameworks print them."""
    sticker = f"<div class='absolute rounded-full text-xs'>{badge}</div>" if badge else ""
    rest = f"<span class='text-2xl'>.{cents}</span>" if cents else ""
    items = "".join(f"<div class='flex'><svg></svg><div>{line}</div></div>" for line in lines)
    return (
        f"<div class='relative rounded-2xl border p-8'>{sticker}<div class='text-lg font-semibold'>{name}</div>"
        f"<div class='text-sm text-gray-500'>Best for small teams</div><div class='mt-4 flex items-baseline'>"
        f"<span class='text-2xl'>$</span><span class='text-5xl font-bold'>{whole}</span>{rest}"
        f"<span class='text-gray-500'>/mo</span></div><div class='mt-6'>{items}</div><div class='btn'>Get started</div></div>"
    )


def test_cards_without_any_heading() -> None:
    """The amount stands in four elements, a badge above the name."""
    page = framed(
        "<div class='grid'>"
        + soup("Hobby", "9", "99", "3 projects", "10,000 events per month")
        + soup("Growth", "29", "99", "Unlimited projects", "100k events per month", badge="Most popular")
        + "</div>"
    )

    assert {
        "Hobby": ["9.99 USD/month", "3 project", "10000 event/month"],
        "Growth": ["29.99 USD/month", "unlimited project", "100000 event/month"],
    } == facts(page)


def test_the_price_may_stand_above_the_name() -> None:
    """With the cents raised."""
    page = side_by_side(
        "<p>$4<sup>99</sup><small>per month</small></p><h3>Basic</h3><ul><li>5 GB storage</li></ul>",
        "<p>$9<sup>50</sup><small>per month</small></p><h3>Plus</h3><ul><li>50 GB storage</li></ul>",
    )

    assert {"Basic": ["4.99 USD/month", "5 storage_gb"], "Plus": ["9.50 USD/month", "50 storage_gb"]} == facts(page)


def test_a_name_may_stand_in_a_label_alone() -> None:
    """The plan's evidence is then the attribute."""
    page = framed(
        "".join(
            f"<article class='c' aria-label='{name}'><div><span>${price}</span><span>/month</span></div><ul><li>Up to "
            f"{users} users</li></ul><a>Buy now</a></article>"
            for name, price, users in [("Starter plan", 19, 5), ("Pro plan", 49, 20)]
        )
    )

    assert {"Starter plan": ["19 USD/month", "5 seat"], "Pro plan": ["49 USD/month", "20 seat"]} == facts(page)


def test_a_name_may_be_a_picture() -> None:
    """Its alternative text says what it shows; a decoration's says nothing."""
    page = framed(
        "<div class='row'>"
        + "".join(
            f"<div class='col-4'><img src='/check.png' alt='check icon'><img src='/x.png' alt='{name}'><div><b>${price}</b> "
            f"per month</div><p>{sites} websites</p></div>"
            for name, price, sites in [("Bronze", 5, 2), ("Silver", 10, 5), ("Gold", 25, 9)]
        )
        + "</div>"
    )

    assert {
        "Bronze": ["5 USD/month", "2 website"],
        "Silver": ["10 USD/month", "5 website"],
        "Gold": ["25 USD/month", "9 website"],
    } == facts(page)


# How a page frames its cards, and what each card is: {n} its name, {p} its price, {u} its users, {w} whom it is for.
LAYOUTS = {
    "list": ("<ul>{}</ul>", "<li><strong>{n}</strong> <em>${p} / month</em><p>{u} users</p></li>"),
    "definitions": ("<dl>{}</dl>", "<dt>{n}</dt><dd>${p}/month</dd><dd>{u} users</dd>"),
    "table cells": (
        "<table><tr>{}</tr></table>",
        "<td><h3>{n}</h3><p>${p}<span>/month</span></p><p>{u} users</p><a>Sign up</a></td>",
    ),
    "headings": ("<main>{}</main>", "<h2>{n}</h2><p>${p} a month</p><ul><li>{u} users</li></ul>"),
    "headings with prices": ("<main>{}</main>", "<h3>{n} – ${p}/month</h3><ul><li>{u} users</li></ul>"),
    "radio buttons": (
        "<form>{}</form>",
        "<label class='o'><input type='radio'><span>{n}</span><span>{w}</span><span>${p}/mo</span><div>{u} users</div></label>",
    ),
    "custom elements": (
        "<plan-grid>{}</plan-grid>",
        "<plan-card><h3 slot='n'>{n}</h3><p slot='p'>${p}/mo</p><p>{u} users</p></plan-card>",
    ),
    "carousel": (
        "<div class='swiper'><div>{}</div></div>",
        "<div class='slide'><h3>{n}</h3><p>${p}/mo</p><p>{u} users</p></div>",
    ),
    "one list each": ("{}", "<ul class='t'><li>{n}</li><li>${p}</li><li>per month</li><li>{u} users</li></ul>"),
    "rows": (
        "<div class='l'>{}</div>",
        "<div class='r'><div>{n}</div><div>{u} users</div><div>${p}/mo</div><button>Buy</button></div>",
    ),
}


@pytest.mark.parametrize(("frame", "shape"), LAYOUTS.values(), ids=LAYOUTS)
def test_the_same_two_plans_in_other_markup(frame: str, shape: str) -> None:
    """Whatever holds a card, its plan is read the same."""
    cards = shape.format(n="Duo", p=7, u=2, w="For couples") + shape.format(n="Crew", p=21, u=5, w="For bands")

    assert {"Duo": ["7 USD/month", "2 seat"], "Crew": ["21 USD/month", "5 seat"]} == facts(framed(frame.format(cards)))


def test_what_is_called_free_asks_nothing() -> None:
    """A page that puts the price of more beside its free plan does not make that plan cost so much."""
    page = framed(
        "<h3>Free</h3><p>Up to 1,000 records</p><h3>$20 per month</h3><p>For every additional 2,000 records</p>"
    )

    assert "20 USD/month" not in facts(page).get("Free", [])


def test_a_free_trial_is_no_plan() -> None:
    """It is a while of some other plan."""
    page = side_by_side(
        "<h3>Free Trial</h3><p>$0</p><p>for 14 days</p>",
        "<h3>Basic</h3><p>$9/month</p>",
        "<h3>Pro</h3><p>$19/month</p>",
    )

    assert {"Basic": ["9 USD/month"], "Pro": ["19 USD/month"]} == facts(page)


def test_a_plan_on_request_in_a_list_is_not_free() -> None:
    """ "Enterprise: contact us" names a plan and asks to ask."""
    page = framed(
        "<ul><li>Pro: $10 per user per month</li><li>Team: $20 per user per month</li><li>Enterprise: contact us</li></ul>"
    )

    assert {
        "Pro": ["10 USD/month per seat"],
        "Team": ["20 USD/month per seat"],
        "Enterprise": ["contact_sales"],
    } == facts(page)


def test_a_section_that_asks_to_ask_for_the_price_is_the_last_plan() -> None:
    """On a page of headings and sentences."""
    page = framed(
        "<article><h1>Pricing</h1><h2>Free</h2><p>Free forever.</p><p>Up to 3 projects.</p><h2>Pro</h2><p>$12 per user per "
        "month.</p><h2>Enterprise</h2><p>Contact us for pricing. SSO and audit logs.</p></article>"
    )

    assert {"Free": ["free", "3 project"], "Pro": ["12 USD/month per seat"], "Enterprise": ["contact_sales"]} == facts(
        page
    )


def test_what_customers_tell_of_money_is_no_plan() -> None:
    """Nor are the prices in other people's stories."""
    page = framed(
        "<div class='g'><div class='c'><h3>Solo</h3><p>$10/month</p></div>"
        "<div class='c'><h3>Team</h3><p>$50/month</p></div></div>"
        "<div class='q'><div class='t'><h4>Jane Doe</h4><p>We saved $5,000 a month.</p></div>"
        "<div class='t'><h4>Joe Roe</h4><p>They cut our bill by $300/month.</p></div></div>"
    )

    assert {"Solo": ["10 USD/month"], "Team": ["50 USD/month"]} == facts(page)


def test_a_plan_may_be_called_like_those_who_pay_less() -> None:
    """ "Startup" before an amount is the plan's name, not a discount for startups."""
    page = framed("<ul><li><b>Startup</b> – $29/month</li><li><b>Scale</b> – $99/month</li></ul>")

    assert {"Startup": ["29 USD/month"], "Scale": ["99 USD/month"]} == facts(page)


def test_a_plan_may_be_called_paid() -> None:
    """Though "paid" also begins the small print."""
    page = side_by_side("<h3>Free</h3><p>$0<span>/mo</span></p>", "<h3>Paid</h3><p>$20<span>/mo</span></p>")

    assert {"Free": ["free"], "Paid": ["20 USD/month"]} == facts(page)


@pytest.mark.parametrize(
    "words", ["one-time payment", "lifetime access", "Pay once", "One-time purchase. Free updates for a year."]
)
def test_what_is_paid_once_is_no_fee_of_a_period(words: str) -> None:
    """Said in the line below the amount."""
    page = side_by_side(f"<h3>Personal</h3><p>$49</p><p>{words}</p>", f"<h3>Team</h3><p>$199</p><p>{words}</p>")

    assert {"Personal": ["49 USD/once"], "Team": ["199 USD/once"]} == facts(page)


def test_one_product_paid_once() -> None:
    """A page with a single price, and nothing but that."""
    page = framed(
        "<h1>Acme Desktop</h1><div><p>$39</p><p>One-time purchase. Free updates for a year.</p><a>Buy now</a></div>"
    )

    assert {"Acme Desktop": ["39 USD/once"]} == facts(page)


def test_praise_is_no_name() -> None:
    """ "Simple pricing" does not sell a plan called Simple; the title says what is sold."""
    page = framed(
        "<h1>Simple, transparent pricing</h1><div><span>$</span><span>12</span><span>/month</span></div>"
        "<ul><li>10 GB storage</li></ul>",
        head="<title>Acme pricing</title>",
    )

    assert {"Acme": ["12 USD/month", "10 storage_gb"]} == facts(page)


def test_the_rates_of_a_card_are_not_plans() -> None:
    """Each line says what use costs; what goes in and what comes out are two meters."""
    page = side_by_side(
        "<h3>tiny-1</h3><p>Input: $0.15 / 1M tokens</p><p>Output: $0.60 / 1M tokens</p>",
        "<h3>large-1</h3><p>Input: $2.50 / 1M tokens</p><p>Output: $10 / 1M tokens</p>",
    )

    assert {
        "tiny-1": ["0.15 USD per 1000000 input_token", "0.60 USD per 1000000 output_token"],
        "large-1": ["2.50 USD per 1000000 input_token", "10 USD per 1000000 output_token"],
    } == facts(page)


def test_an_allowance_may_be_followed_by_what_more_costs() -> None:
    """In one line."""
    page = side_by_side(
        "<h3>Team</h3><p>$99/mo</p><ul><li>5 users included</li><li>$15/mo per additional user</li>"
        "<li>50,000 events included, then $2 per 10,000 events</li></ul>",
        "<h3>Business</h3><p>$299/mo</p><ul><li>20 users included</li></ul>",
    )

    assert {
        "Team": ["99 USD/month", "15 USD per seat/month", "2 USD per 10000 event", "5 seat", "50000 event"],
        "Business": ["299 USD/month", "20 seat"],
    } == facts(page)


def test_how_fast_is_not_how_many() -> None:
    """A rate limit, a machine's size and an uptime stand beside the counts."""
    page = side_by_side(
        "<h3>Pro</h3><p>$20/mo</p><ul><li>API rate limit: 100 req/s</li><li>500 requests per minute</li><li>99.9% uptime</li>"
        "<li>24/7 support</li><li>Response time under 4 hours</li><li>5 team members</li><li>1,000 build minutes/month</li></ul>",
        "<h3>Max</h3><p>$90/mo</p><ul><li>Everything in Pro</li><li>Unlimited team members</li></ul>",
    )

    assert {
        "Pro": ["20 USD/month", "5 seat", "1000 build_minute/month"],
        "Max": ["90 USD/month", "unlimited seat"],
    } == facts(page)


def test_rates_in_a_table_do_not_make_a_plan() -> None:
    """A page that charges for use alone has rates for everybody, and no plan named after itself."""
    page = framed(
        "<h1>Pricing</h1><table><tr><th>Resource</th><th>Price</th></tr><tr><td>Storage</td><td>$0.02 per GB per month</td></tr>"
        "<tr><td>Compute</td><td>$0.12/hour</td></tr></table>",
        head="<title>Acme pricing</title>",
    )

    assert {ALL: ["0.02 USD per storage_gb/month", "0.12 USD per compute_hour"]} == facts(page)


@pytest.mark.parametrize("words", ["Regular price", "Sale price", "Your price", "Unit price"])
def test_what_a_price_is_called_is_no_plans_name(words: str) -> None:
    """A shop's labels above its amounts are not plans."""
    page = side_by_side(f"<p>{words}</p><p>$239</p>", "<p>List price</p><p>$299</p>")

    assert {} == facts(page)


def test_a_sum_in_a_sentence_about_something_else_is_no_rate() -> None:
    """What follows a stroke there is a list of currencies."""
    page = framed("<h1>Shop</h1><p>Free shipping on every order above 125 GBP/EUR/CHF.</p>")

    assert {} == facts(page)


def test_cards_that_share_no_class_name_are_told_by_their_headings() -> None:
    """Each card has a class of its own ("only-solo", "only-team"): what they include is read as ever."""

    said = (("Solo", 10, "1,000"), ("Team", 30, "5,000"), ("Firm", 90, "9,000"))
    cards = [
        f"<div class='only-{name.lower()}'><h3>{name}</h3><p>${price} / month</p><p>{credits} credits per month</p></div>"
        for name, price, credits in said
    ]

    assert {
        "Solo": ["10 USD/month", "1000 credit/month"],
        "Team": ["30 USD/month", "5000 credit/month"],
        "Firm": ["90 USD/month", "9000 credit/month"],
    } == facts(framed(f"<section>{''.join(cards)}</section>"))
