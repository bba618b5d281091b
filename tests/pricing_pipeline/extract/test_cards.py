"""Cards are found by what they hold and how they repeat, never by what their classes are called."""

from __future__ import annotations

import pytest

from pricing_pipeline.extract.cards import find_groups
from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.labels import is_name
from tests.pricing_pipeline.extract.pages import card, framed, grid, names, read, tag


def found(body: str) -> list[list[str]]:
    return [[card.name for card in group.cards] for group in find_groups(read_document(framed(body).encode()))]


@pytest.mark.parametrize(
    "body",
    [
        grid(card("Basic", tag("5")), card("Pro", tag("9"))),
        (
            "<div class=r><div class=c><div>Basic</div><div>$5</div><div>/month</div></div><div "
            "class=c><div>Pro</div><div>$9</div><div>/month</div></div></div>"
        ),
        (
            "<ul><li><strong>Basic</strong> – $5/month – 1 user</li><li><strong>Pro</strong> – $9/month – 5 "
            "users</li></ul>"
        ),
        "<h2>Basic</h2><p>$5 a month</p><ul><li>1 user</li></ul><h2>Pro</h2><p>$9 a month</p><ul><li>5 users</li></ul>",
        "<p>Basic - $5 per user</p><ul><li>1</li></ul><p>Pro - $9 per user</p><ul><li>2</li></ul>",
        "<dl><dt>Basic</dt><dd>$5/month</dd><dt>Pro</dt><dd>$9/month</dd></dl>",
        "<p><b>Basic</b><br>$5 / month<br>1 user</p><p><b>Pro</b><br>$9 / month<br>5 users</p>",
        (
            "<table><tr><td><h5>Basic</h5><h4>$5</h4><p>per user, per "
            "month</p></td><td><h5>Pro</h5><h4>$9</h4><p>per user, per month</p></td></tr></table>"
        ),
        (
            "<div class=r><div class=c><h3>Basic</h3><ul><li>1 user</li></ul><h4>$5/mo</h4></div><div "
            "class=c><h3>Pro</h3><ul><li>5 users</li></ul><h4>$9/mo</h4></div></div>"
        ),
        (
            "<div class=r><div class=c><h2>$5</h2><h4>Basic</h4><p>per month</p></div><div "
            "class=c><h2>$9</h2><h4>Pro</h4><p>per month</p></div></div>"
        ),
    ],
    ids=[
        "cards",
        "bare divs",
        "list items",
        "headings",
        "name and price in a line",
        "dl",
        "br",
        "table cells",
        "price last",
        "price first",
    ],
)
def test_plans_are_found_however_they_are_laid_out(body: str) -> None:
    assert [["Basic", "Pro"]] == found(body)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Solo <span>Most popular</span>", "Solo"),
        ("<span>Recommended</span> Solo", "Solo"),
        ("Solo <em>Best value</em>", "Solo"),
        ("Solo<sup>1</sup>", "Solo 1"),
        ("1. Solo", "Solo"),
        ("Solo:", "Solo"),
        ("Solo (1)", "Solo"),
    ],
)
def test_a_name_is_the_name_alone(heading: str, name: str) -> None:
    assert name == names(read(framed(grid(card(heading, tag("5")), card("Team", tag("9"))))))[0]


def test_a_badge_above_the_heading_is_not_the_name() -> None:
    cards = [
        f"<div class='c1'>{badge}<div>{name}</div><div>{price}</div></div>"
        for badge, name, price in (("", "Solo", "$5/mo"), ("<div>Most Popular</div>", "Team", "$9/mo"))
    ]

    assert [["Solo", "Team"]] == found(grid(*cards))


def test_a_free_plan_may_be_called_free() -> None:
    assert [["Free", "Pro"]] == found(grid(card("Free", "<span>$0</span>"), card("Pro", tag("9"))))


def test_a_plan_without_a_price_belongs_to_its_neighbours_if_it_invites_to_ask() -> None:
    enterprise = "<div class='c1'><div><h3>Enterprise</h3></div><ul><li>SSO</li></ul><a>Contact sales</a></div>"
    quote = "<div class='c1'><div><h3>What they say</h3></div><ul><li>Great</li></ul></div>"

    assert [["Solo", "Team", "Enterprise"]] == found(
        grid(card("Solo", tag("5")), card("Team", tag("9")), enterprise, quote)
    )


def test_sections_of_a_page_are_not_plans() -> None:
    """Cards of two sections stay two groups, and the sections' headings no plans."""
    cloud, server = (
        grid(card("Solo", tag("5")), card("Team", tag("9"))),
        grid(card("One", tag("50")), card("Many", tag("90"))),
    )
    body = f"<section><h2>Cloud</h2>{cloud}</section><section><h2>Server</h2>{server}</section>"

    assert [["Solo", "Team"], ["One", "Many"]] == found(body)


def test_additions_are_no_plans() -> None:
    body = (
        grid(card("Solo", tag("5")), card("Team", tag("9")))
        + "<h2>Add-ons</h2>"
        + grid(card("Extra storage", tag("3")), card("Phone support", tag("50")))
    )

    assert ["Solo", "Team"] == names(read(framed(body)))


def test_lengths_of_commitment_are_no_plans() -> None:
    """A configurator's "6 months" is a price of its one product."""
    options = "".join(
        f"<div class='o'><button>{length}</button><div>${price} / month</div></div>"
        for length, price in (("1 Month", "5.00"), ("6 Months", "4.50"), ("12 Months", "4.00"))
    )
    observation = read(framed(f"<h1>Configure your Cloud VPS 10</h1><div>{options}</div>"))

    assert ["Cloud VPS 10"] == names(observation)
    assert [("5.00", "month"), ("4.50", "6_months"), ("4.00", "year")] == [
        (str(t.amount), t.commitment) for t in observation.terms if t.amount
    ]


def test_the_same_cards_for_small_screens_are_not_read_twice() -> None:
    cards = grid(card("Solo", tag("5")), card("Team", tag("9")))

    assert ["Solo", "Team"] == names(read(framed(f"{cards}<div class='m'>{cards}</div>")))


def test_prices_in_menus_and_footers_are_nobodys() -> None:
    menu = "<ul><li><b>Duo</b> $6/mo</li><li><b>Trio</b> $7/mo</li></ul>"

    assert [] == found(f"<nav>{menu}</nav><footer>{menu}</footer>")


@pytest.mark.parametrize(
    "text",
    [
        "$10",
        "per month",
        "Most popular",
        "Get started",
        "FAQ",
        "Everything in Solo, plus:",
        "What is a credit?",
        "Add-ons",
        "/mo",
        "+1 800 555",
        "…",
        "Contact sales",
    ],
)
def test_what_no_plan_is_called(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Solo",
        "Open source",
        "START UP",
        "Extra Large",
        "Pay as you go",
        "User",
        "Pro+",
        "Free",
        "企业版",
        "S",
        "Build",
        "Team 10",
    ],
)
def test_what_plans_are_called(text: str) -> None:
    assert is_name(text)


def test_plans_without_names_are_called_by_their_place() -> None:
    """So that a price that moves is a price that moved, not another plan."""
    cards = "".join(
        f"<div class='c'><p>{price}</p><ul><li>{checks} checks</li><li>Alerts</li></ul></div>"
        for price, checks in (("free", 20), ("$5/mo", 50), ("$20/mo", 90))
    )

    assert ["Free", "Plan 2", "Plan 3"] == names(read(framed(f"<div>{cards}</div>")))


def test_two_products_whose_plans_are_called_the_same_are_told_apart() -> None:
    analytics, replay = (grid(card("Free", "$0"), card("Pro", tag(price))) for price in ("10", "30"))
    body = f"<h2>Analytics</h2>{analytics}<h2>Replay</h2>{replay}"

    assert ["Analytics Free", "Analytics Pro", "Replay Free", "Replay Pro"] == names(read(framed(body)))


def test_headings_that_name_a_period_do_not_make_two_products() -> None:
    monthly = grid(card("Solo", tag("10")), card("Pro", tag("20")))
    annual = grid(card("Solo", tag("100", "/year")), card("Pro", tag("200", "/year")))
    body = f"<h2>Monthly</h2>{monthly}<h2>Annual</h2>{annual}"

    assert ["Solo", "Pro"] == names(read(framed(body)))


def test_template_tags_that_nobody_filled_in_are_not_read() -> None:
    page = framed(
        grid(
            card("{{ plan.name }}", "${{ plan.price }}/mo"),
            card("Pro", "{% if cheap %}${{ price }}{% else %} $10 / Month {% endif %}"),
            card("Max", tag("20")),
        )
    )

    assert ["Pro", "Max"] == names(read(page))
