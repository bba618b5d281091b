"""Pages whose scripts draw the plans from a state that the page embeds: read from that state, each figure with its place."""

from __future__ import annotations

import html
import json

import pytest

from pricing_pipeline.extract.document import read_document
from pricing_pipeline.facts import Surface
from tests.pricing_pipeline.extract.notation import noted
from tests.pricing_pipeline.extract.pages import framed, read

YEARLY = [
    {"name": "Free", "monthlyPrice": 0, "features": ["1 user"]},
    {
        "name": "Pro",
        "monthlyPrice": 12,
        "yearlyPrice": 120,
        "currency": "USD",
        "features": ["5 users", "10,000 events per month"],
    },
]
NESTED = [
    {"id": "a", "name": "Basic", "price": {"monthly": 9, "yearly": 90, "currency": "EUR"}},
    {"id": "b", "name": "Plus", "price": {"monthly": 19, "yearly": 190, "currency": "EUR"}},
]
PRINTED = [
    {"title": "Free", "price": "$0"},
    {"title": "Pro", "price": "$12", "period": "month"},
    {"title": "Enterprise", "price": "Custom"},
]
CENTS = [
    {"name": "Basic", "amount": 900, "currency": "usd", "interval": "month"},
    {"name": "Plus", "amount": 1900, "currency": "usd", "interval": "month"},
]


def astro(value: object) -> object:
    """A value as Astro writes the properties of its islands: each behind a number for its kind."""
    if isinstance(value, list):
        return [1, [astro(one) for one in value]]
    if isinstance(value, dict):
        return [0, {key: astro(one) for key, one in value.items()}]
    return [0, value]


def streamed(plans: object) -> str:
    """What a React server writes into a page, cut in two in the middle of a row."""
    row = '5:["$","div",null,{"plans":' + json.dumps(plans) + "}]\n"
    pieces = (row[:30], row[30:])
    pushes = "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)
    return "<div id='root'></div><script>(self.__next_f=self.__next_f||[]).push([0])</script>" + pushes


HOLDERS = {
    "next": lambda plans: (
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'props': {'plans': plans}})}</script>"
    ),
    "nuxt": lambda plans: f"<script>window.__NUXT__={json.dumps({'data': [{'plans': plans}]})};</script>",
    "react server": streamed,
    "astro": lambda plans: f"<astro-island props='{html.escape(json.dumps({'plans': astro(plans)}))}'></astro-island>",
    "attribute": lambda plans: f"<div data-props='{html.escape(json.dumps({'plans': plans}))}'></div>",
}


@pytest.fixture(params=HOLDERS.values(), ids=HOLDERS)
def page(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]  # a function from plans to a page
    """A page that shows nothing, and embeds plans in one of the ways of frameworks."""
    return lambda plans: framed(f"<div id='app'></div>{request.param(plans)}<script src='/app.js'></script>")


def test_numbers_with_currency_and_period_are_prices(page) -> None:  # type: ignore[no-untyped-def]  # see the fixture
    """Each field's name gives its period; a zero is free in any currency."""
    assert {
        "Free": ["free (structured)", "1 seat (structured)"],
        "Pro": [
            "12 USD/month (structured)",
            "120 USD/year (structured)",
            "5 seat (structured)",
            "10000 event/month (structured)",
        ],
    } == noted(read(page(YEARLY)))


def test_prices_may_stand_in_an_object_of_their_own(page) -> None:  # type: ignore[no-untyped-def]  # see the fixture
    """By period."""
    assert {
        "Basic": ["9 EUR/month (structured)", "90 EUR/year (structured)"],
        "Plus": ["19 EUR/month (structured)", "190 EUR/year (structured)"],
    } == noted(read(page(NESTED)))


def test_prices_may_be_printed(page) -> None:  # type: ignore[no-untyped-def]  # see the fixture
    """As a reader would see them."""
    read_so = noted(read(page(PRINTED), currency="USD"))

    assert {
        "Free": ["free (structured)"],
        "Pro": ["12 USD/month (structured)"],
        "Enterprise": ["contact_sales (structured)"],
    } == read_so


def test_what_may_be_cents_is_not_read(page) -> None:  # type: ignore[no-untyped-def]  # see the fixture
    """900 beside "usd" is nine dollars as payment services write it, or nine hundred: nobody can tell."""
    assert {} == noted(read(page(CENTS)))


def test_every_figure_is_quoted_from_the_source(page) -> None:  # type: ignore[no-untyped-def]  # see the fixture
    """With the plan's name beside it, however the state is written."""
    body = page(YEARLY)
    observation = read(body)
    source = "".join(html.unescape(body).split())

    assert observation.terms
    for term in observation.terms:
        assert Surface.STRUCTURED is term.evidence.surface
        assert "".join(term.evidence.quote.split()) in source
        assert read_document(body.encode()).holds(term.evidence.quote, Surface.STRUCTURED)
    assert all("Pro" in t.evidence.quote for t in observation.terms if t.plan == "pro" and t.amount is not None)


def test_a_shop_with_thousands_of_articles_is_read_in_bounded_time() -> None:
    """Lists beyond a number are not looked at."""
    lists = [[{"name": f"Article {n}-{m}", "price": m} for m in range(20)] for n in range(2_000)]
    body = framed(
        f"<div id='app'></div><script type='application/json'>{json.dumps(lists)}</script><script src='/a.js'></script>"
    )

    assert () == read(body).plans
