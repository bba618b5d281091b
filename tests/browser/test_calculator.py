"""The cost calculator reckons what `costs` reckons: bands, limits, minimums and all that is not known."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pricing_pipeline import costs
from pricing_pipeline.costs.offers import price_plan
from pricing_pipeline.facts import Evidence, Plan, PriceKind, State, Surface, Term, TermKind, TierMode
from pricing_pipeline.publish.calculator import as_text
from pricing_pipeline.results import Cost, Offer, Workload
from pricing_pipeline.wording import noun, text
from tests.browser.conftest import Visit
from tests.program import DemoRun
from warehouse.connection import open_reports
from warehouse.published import products

BILL = Path(__file__).resolve().parents[2] / "pricing_pipeline/publish/static/bill.js"
COMPARISON = "compare/prefect-vs-dagster.html"
METRICS = ("seat", "credit", "job", "gb")
STEPS = (0, 1, 2, 3, 5, 10, 99, 100, 101, 250, 999, 1000, 1001, 7500, 18000, 10**6)

# Everything of a term that changes a bill, drawn by lot: figures in cents and thirds, periods, bands, words for unknown.
FEES: tuple[Mapping[str, Any], ...] = (
    {"amount": Decimal(10), "billing_period": "month"},
    {"amount": Decimal(100), "billing_period": "year", "commitment": "year"},
    {"amount": Decimal("49.99"), "amount_max": Decimal(60), "billing_period": "month"},
    {"amount": Decimal(20), "billing_period": "month", "metric": "seat"},
    {"amount": Decimal(7), "billing_period": "quarter", "metric": "seat", "per_quantity": Decimal(5)},
    {"amount": Decimal(3), "billing_period": "month", "metric": "job"},
    {"amount": Decimal(24), "billing_period": "year", "metric": "gb"},
    {"amount": Decimal(9), "billing_period": "month", "price_kind": PriceKind.FROM},
    {"amount": Decimal(9), "billing_period": "day"},
    {"amount": Decimal(11), "billing_period": "month", "price_kind": PriceKind.PROMO},
    {"state": State.FREE},
    {"state": State.CONTACT_SALES},
    {"state": State.NOT_STATED},
)
RATES: tuple[Mapping[str, Any], ...] = (
    {"amount": Decimal("0.035")},
    {"amount": Decimal("0.0000000001")},  # of half a unit: the last place that is kept is a tie
    {"amount": Decimal("0.03"), "amount_max": Decimal("0.04")},
    {"amount": Decimal(9), "per_quantity": Decimal(1000)},
    {"amount": Decimal(1), "per_quantity": Decimal(3)},
    {"amount": Decimal(50), "billing_period": "month", "unit_as_printed": "additional job"},
    {"amount": Decimal(2), "billing_period": "hour"},
    {"state": State.CONTACT_SALES},
    {"state": State.FREE},
)
ALLOWANCES: tuple[Mapping[str, Any], ...] = (
    {"quantity": Decimal(100), "billing_period": "month"},
    {"quantity": Decimal(1000), "billing_period": "year"},
    {"quantity": Decimal(50), "billing_period": "month", "unit_as_printed": "credits per seat"},
    {"quantity": Decimal(5), "billing_period": "day"},
    {"state": State.UNLIMITED},
    {"state": State.NOT_INCLUDED},
    {"state": State.NOT_STATED},
    {"state": State.CONTACT_SALES},
)
LIMITS: tuple[Mapping[str, Any], ...] = (
    {"quantity": Decimal(3)},
    {"quantity": Decimal(1000)},
    {"state": State.UNLIMITED},
    {"state": State.NOT_INCLUDED},
    {"state": State.CONTACT_SALES},
)
BANDS = ((0, 100), (100, 1000), (1000, None))


def term(kind: TermKind, plan: str | None, values: Mapping[str, Any], currency: str = "USD") -> Term:
    money = {"currency": currency} if "amount" in values else {}
    return Term(plan=plan, term=kind, evidence=Evidence(quote="said", locator=""), **{**money, **values})


def offer(lot: random.Random) -> Offer:
    """A plan with some terms of every kind, its own and the product's, now and then in two currencies."""
    terms = [term(TermKind.RECURRING_FEE, "p", fee) for fee in lot.sample(FEES, lot.choice((0, 1, 1, 1, 2)))]
    for metric in METRICS:
        whose = lot.choice(("p", "p", None))
        if lot.random() < 0.5 and metric != "seat":
            terms.append(term(TermKind.ALLOWANCE, whose, {"metric": metric, **lot.choice(ALLOWANCES)}))
        if lot.random() < 0.3:
            terms.append(term(TermKind.LIMIT, whose, {"metric": metric, **lot.choice(LIMITS)}))
        if lot.random() < 0.3:
            currency = "EUR" if lot.random() < 0.1 else "USD"
            terms.append(term(TermKind.USAGE_RATE, whose, {"metric": metric, **lot.choice(RATES)}, currency))
        elif lot.random() < 0.4:
            terms += bands(lot, metric, whose)
    if lot.random() < 0.3:
        terms.append(term(TermKind.MINIMUM_SPEND, "p", {"amount": Decimal(200), "billing_period": "month"}))
    if lot.random() < 0.2:
        terms.append(term(TermKind.MINIMUM_SPEND, "p", {"metric": "seat", "quantity": Decimal(4)}))
    if lot.random() < 0.3:
        terms += addon(lot)
    state = lot.choice((State.STATED, State.STATED, State.FREE, State.CONTACT_SALES))
    evidence = Evidence(quote="P", locator="", surface=Surface.VISIBLE)
    return Offer(plans=(Plan(slug="p", name="P", state=state, evidence=evidence),), terms=tuple(terms))


def addon(lot: random.Random) -> list[Term]:
    """So many of a metric must be bought, for a fee, by a rate, or for what is not said."""
    whose, metric = lot.choice(("p", None)), lot.choice(METRICS[1:])
    least = term(TermKind.MINIMUM_SPEND, whose, {"metric": metric, "quantity": Decimal(lot.choice((1, 3, 250)))})
    price = {"amount": Decimal(20), "billing_period": "month", "metric": metric}
    kind = lot.choice((TermKind.RECURRING_FEE, TermKind.RECURRING_FEE, TermKind.USAGE_RATE, None))
    return [least] if kind is None else [least, term(kind, whose, price)]


def bands(lot: random.Random, metric: str, plan: str | None) -> list[Term]:
    mode = lot.choice((TierMode.GRADUATED, TierMode.VOLUME, None))
    kept = BANDS if lot.random() < 0.7 else BANDS[:2]
    return [
        term(
            TermKind.USAGE_RATE,
            plan,
            {
                "metric": metric,
                "amount": Decimal(3 - place) / 100,
                "tier_from": Decimal(start),
                "tier_to": None if end is None else Decimal(end),
                "tier_mode": mode,
            },
        )
        for place, (start, end) in enumerate(kept)
    ]


def uses(lot: random.Random) -> dict[str, Decimal]:
    asked = {metric: Decimal(lot.choice(STEPS)) for metric in METRICS if lot.random() < 0.6}
    asked["seat"] = Decimal(lot.choice((1, 1, 2, 3, 4, 30)))
    if lot.random() < 0.2:
        asked["credit"] = Decimal("1234.5")
    return {metric: quantity for metric, quantity in asked.items() if quantity}


def figures(cost: Cost) -> tuple[str, str, str, str, str]:
    """State, both bounds, currency (of anything above nothing) and reason, as text."""
    low, high = ("" if value is None else text(value) for value in (cost.low, cost.high))
    return (cost.state.value, low, high, (cost.currency or "") if cost.high else "", cost.reason)


RECKON = """([words, cases]) => {
  const price = Bill.calculator(words);
  return cases.map(([tariff, metrics, asked]) => {
    const use = Object.fromEntries(Object.entries(asked).map(([metric, value]) => [metric, Bill.read(value)]));
    const bill = price(tariff, metrics, use);
    const text = (value) => (value === undefined ? "" : Bill.write(value));
    return [bill.state, text(bill.low), text(bill.high), bill.high ? bill.currency || "" : "", bill.reason];
  });
}"""


@pytest.mark.parametrize("seed", range(3))
def test_the_page_reckons_what_the_command_reckons(visit: Visit, seed: int) -> None:
    """Some two thousand bills over offers drawn by lot: each figure, each state and each reason is the same."""
    lot = random.Random(seed)
    cases, expected = [], []
    for _ in range(80):
        made = offer(lot)
        metrics = costs.product_metrics(made)
        (tariff,) = costs.tariffs(made)
        for _ in range(9):
            asked = uses(lot)
            workload = Workload(slug="w", name="w", usage=asked)
            expected.append(figures(price_plan(made, made.plans[0], workload, metrics=metrics)))
            cases.append((plain(tariff), sorted(metrics), {metric: text(value) for metric, value in asked.items()}))
    page = visit.page
    page.set_content("<p>bills</p>")
    page.add_script_tag(content=BILL.read_text("utf-8") + "\nglobalThis.Bill = Bill;")
    words = {metric: [noun(metric, Decimal(1)), noun(metric)] for metric in METRICS}
    reckoned = [tuple(one) for one in page.evaluate(RECKON, [words, cases])]

    assert {"exact", "range", "unknown", "contact_sales", "infeasible", "not_applicable"} == {
        one[0] for one in expected
    }
    for case, there, here in zip(cases, expected, reckoned, strict=True):
        assert there == here, case


def plain(value: Any) -> Any:
    """A rule as it is written into a page."""
    return json.loads(as_text(value))


def rows(page: Page) -> dict[str, dict[str, str]]:
    """What the calculator of a page shows: its rows by product and plan."""
    found = page.eval_on_selector_all("tr[data-plan]", "all => all.map(one => ({...one.dataset}))")
    return {row["plan"]: row for row in found}


@pytest.mark.parametrize("name", [COMPARISON, "calculator.html"])
def test_every_row_is_the_cost_of_its_plan(visit: Visit, site: str, demo: DemoRun, name: str) -> None:
    """Over the published terms: the same state, figure and reason as the command `cost`, at each use of a grid."""
    with open_reports(demo.home / "editions/current/reports.duckdb") as con:
        published = [(one, plan) for one in products(con) for plan in one.offer.plans]
    page = visit.open(f"{site}/{name}#use?seat=1&apart=0")
    for use in ("seat=1", "seat=3&credit=30000", "seat=1&credit=18000", "seat=4&serverless_minute=1000.5", "seat=26"):
        page.evaluate("use => { location.hash = `#use?${use}&apart=0`; }", use)
        page.wait_for_function("use => location.hash.startsWith(`#use?${use}`)", arg=use)
        page.wait_for_timeout(50)
        asked = {metric: Decimal(value) for metric, value in (part.split("=") for part in use.split("&"))}
        workload, shown = Workload(slug="w", name="w", usage=asked), rows(page)
        for product, plan in published:
            hosted = product.hosted[plan.slug]
            cost = price_plan(product.offer, plan, workload, metrics=product.metrics, is_hosted=hosted)
            row = shown[f"{product.product}/{plan.slug}"]
            state, low, high, _, reason = figures(cost)

            assert (state, low, high, reason) == (row["state"], row["low"], row["high"], row["reason"]), (use, row)


def test_the_cheaper_plan_flips_at_its_break_even(visit: Visit, site: str) -> None:
    """Solo costs less below 18,000 credits, Starter above."""
    page = visit.open(f"{site}/{COMPARISON}")
    field = page.get_by_label("Credits", exact=True)

    field.fill("17999")
    expect(page.get_by_role("status").last).to_contain_text("Dagster+: Solo at $729.96")
    field.fill("18001")
    expect(page.get_by_role("status").last).to_contain_text("Dagster+: Starter at $730.04")


def test_what_is_set_is_in_the_address_and_comes_back(visit: Visit, site: str) -> None:
    page = visit.open(f"{site}/calculator.html")
    page.get_by_label("Credits", exact=True).fill("7500")
    expect(page).to_have_url(re.compile("credit=7500"))
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)

    expect(page.get_by_label("Credits", exact=True)).to_have_value("7,500")
    assert "310" == rows(page)["dagster-plus/solo"]["low"]


def test_the_calculator_is_worked_by_keyboard(visit: Visit, site: str) -> None:
    """A slider moves by its arrow keys, and says the quantity that it stands for."""
    page = visit.open(f"{site}/calculator.html")
    slider = page.get_by_label("seats, by slider")
    slider.focus()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_label("Seats", exact=True)).to_have_value("2")
    assert "2 seats" == slider.get_attribute("aria-valuetext")
    assert "infeasible" == rows(page)["dagster-plus/solo"]["state"]
    assert "2 seats: it allows at most 1" == rows(page)["dagster-plus/solo"]["reason"]


def test_the_page_of_every_vendor_begins_with_the_cheapest(visit: Visit, site: str) -> None:
    """What has a figure by its cost, then what has none."""
    page = visit.open(f"{site}/calculator.html#use?seat=3&credit=30000&apart=1")
    lows = [row["low"] for row in rows(page).values()]
    known = [Decimal(low) for low in lows if low]

    assert known == sorted(known)
    assert len(known) > 2
    assert not any(lows[len(known) :])


def test_nonsense_is_refused_and_moves_nothing(visit: Visit, site: str) -> None:
    page = visit.open(f"{site}/calculator.html")
    field = page.get_by_label("Credits", exact=True)
    before = rows(page)
    field.fill("many")

    assert "true" == field.get_attribute("aria-invalid")
    assert before == rows(page)
