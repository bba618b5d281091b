"""Pages written for the tests: plan cards with a toggle, tables, questions and answers, and short ways to read them."""

from __future__ import annotations

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, SourceKind, Surface, Term, TermKind

URL = "https://vendor.example/pricing"


def framed(body: str, *, head: str = "<title>Pricing</title>") -> str:
    """A whole page around a body."""
    return f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def card(name: str, price: str, *lines: str, badge: str = "") -> str:
    """A plan card as frameworks print them: sign, number and period in elements of their own."""
    items = "".join(f"<li><svg></svg><span>{line}</span></li>" for line in lines)
    return (
        f"<div class='c1'><div><h3>{name}{badge}</h3><p>For people who build.</p></div>"
        f"<div class='c2'>{price}</div><ul>{items}</ul><a href='/go'>Start free trial</a></div>"
    )


def tag(amount: str, period: str = "/month", sign: str = "$") -> str:
    """A price tag in three elements."""
    return f"<span>{sign}</span><span>{amount}</span><span>&nbsp;{period}</span>"


def grid(*cards: str) -> str:
    """Cards side by side."""
    return f"<div class='g'>{''.join(cards)}</div>"


def toggled(monthly: str, annual: str) -> str:
    """A billing toggle over a visible monthly and a hidden annual pane."""
    return (
        "<div role='tablist'><button role='tab' aria-selected='true' aria-controls='pm'>Monthly</button>"
        "<button role='tab' aria-selected='false' aria-controls='pa'>Annual</button></div>"
        f"<div id='pm' role='tabpanel'>{monthly}</div><div id='pa-annual' role='tabpanel' style='display: "
        f"none'>{annual}</div>"
    )


BADGE = " <span class='r'>Most popular</span>"
NOT_INCLUDED = "No credits included: pay as you go from the first credit"


def cloud_page(*, credits_included: bool) -> str:
    """A page like that of a credit-metered product, before and after its credits were taken out of the plans."""
    lines = {
        "Solo": ("7,500 credits included per month", "Then $0.03 per additional credit")
        if credits_included
        else (NOT_INCLUDED, "$0.040 per credit"),
        "Starter": ("30,000 credits included per month", "Then $0.03 per additional credit")
        if credits_included
        else (NOT_INCLUDED, "$0.035 per credit"),
    }
    monthly = grid(
        card("Solo", tag("10"), "1 user", *lines["Solo"]),
        card("Starter", tag("100"), "Up to 3 users", *lines["Starter"], badge=BADGE),
        card("Pro", "<span>Contact sales</span>", "Unlimited users and deployments"),
    )
    annual = grid(
        card("Solo", tag("120", "/year"), "1 user", "7,500 credits included per month"),
        card("Starter", tag("1,200", "/year"), "Up to 3 users", "30,000 credits included per month", badge=BADGE),
        card("Pro", "<span>Contact sales</span>", "Unlimited users and deployments"),
    )
    banner = (
        ""
        if credits_included
        else "<div role='region'><p><strong>Updated pricing:</strong> effective May&nbsp;1, 2026, Solo and Starter "
        "no longer include credits.</p></div>"
    )
    minute = "0.005" if credits_included else "0.010"
    return framed(
        f"{banner}<nav><a href='/'>Home</a><a href='/x'>Save $1,000</a></nav><h1>Plans</h1>{toggled(monthly, annual)}"
        f"<h2>Usage</h2><table><tr><th>Meter</th><th>Rate</th></tr><tr><th>Serverless "
        f"compute</th><td>${minute} per minute</td></tr></table>"
        f"<h2>Questions</h2><details><summary>What is a credit?</summary><p>One credit is used by each step "
        f"that runs.</p></details>"
        "<blockquote>Our bill went down by $200,000.</blockquote><footer><p>Prices in US dollars. © 2026</p></footer>"
        "<template><h3>Solo</h3><p>$5/month for 3 months</p></template>"
    )


def read(page: str | bytes, **settings: object) -> Observation:
    """What a pricing page says."""
    body = page.encode() if isinstance(page, str) else page
    return read_page(body, url=URL, kind=SourceKind.PRICING, **settings)  # type: ignore[arg-type]


def terms(
    observation: Observation,
    plan: str | None,
    kind: TermKind | None = None,
    *,
    surface: Surface | None = Surface.VISIBLE,
) -> list[Term]:
    """The terms of a plan, of one kind and surface where these are given."""
    return [
        term
        for term in observation.terms
        if term.plan == plan and kind in (None, term.term) and (surface is None or term.evidence.surface is surface)
    ]


def fees(observation: Observation, plan: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """A plan's fees as (amount, currency, period, commitment), whatever their surface."""
    found = terms(observation, plan, TermKind.RECURRING_FEE, surface=None)
    return [
        (str(term.amount), term.currency, term.billing_period, term.commitment)
        for term in found
        if term.amount is not None and term.price_kind != "list"
    ]


def names(observation: Observation) -> list[str]:
    """The names of the plans, in page order."""
    return [plan.name for plan in observation.plans]
