"""What a whole page says: the right plans, periods and quotes, and never a figure that it does not state."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION, read_page
from pricing_pipeline.facts import Observation, Outcome, Recipe, SourceKind, State, Surface, TermKind
from tests.pricing_pipeline.extract.pages import URL, card, cloud_page, fees, framed, grid, names, read, tag, terms

AFTER = cloud_page(credits_included=False)
BEFORE = cloud_page(credits_included=True)


@pytest.fixture(scope="module")
def after() -> Observation:
    return read(AFTER)


@pytest.fixture(scope="module")
def before() -> Observation:
    return read(BEFORE)


def test_plans_have_their_names_without_badges(after: Observation) -> None:
    """ "Starter", not "Starter Most popular"."""
    assert ["Solo", "Starter", "Pro"] == names(after)


def test_a_hidden_annual_pane_never_gives_a_monthly_price(after: Observation) -> None:
    """Its 120 and 1,200 are a year's totals, kept as such and marked as not visible."""
    assert [("10", "USD", "month", "month"), ("120", "USD", "year", "year")] == fees(after, "solo")
    assert [("100", "USD", "month", "month"), ("1200", "USD", "year", "year")] == fees(after, "starter")
    assert [Surface.INACTIVE_PANE] == [t.evidence.surface for t in after.terms if t.amount == 120]


def test_an_allowance_that_is_taken_out_is_stated_as_not_included(after: Observation) -> None:
    allowance = terms(after, "solo", TermKind.ALLOWANCE)

    assert [(State.NOT_INCLUDED, "credit", None)] == [(t.state, t.metric, t.quantity) for t in allowance]


def test_an_inactive_pane_states_no_allowance(after: Observation) -> None:
    """The annual pane still speaks of 7,500 credits that the visible offer no longer has."""
    assert not [t for t in after.terms if t.quantity in (Decimal(7500), Decimal(30000))]


def test_the_allowance_of_the_visible_pane_is_read(before: Observation) -> None:
    assert [Decimal(7500)] == [t.quantity for t in terms(before, "solo", TermKind.ALLOWANCE)]
    assert [Decimal(30000)] == [t.quantity for t in terms(before, "starter", TermKind.ALLOWANCE)]


def test_each_plan_has_its_own_rate_per_credit(after: Observation) -> None:
    assert [(Decimal("0.040"), "credit")] == [(t.amount, t.metric) for t in terms(after, "solo", TermKind.USAGE_RATE)]
    assert [(Decimal("0.035"), "credit")] == [
        (t.amount, t.metric) for t in terms(after, "starter", TermKind.USAGE_RATE)
    ]


def test_a_rate_stated_once_for_all_plans_stands_once(after: Observation) -> None:
    rates = terms(after, None, TermKind.USAGE_RATE)

    assert [(Decimal("0.010"), "serverless_minute")] == [(t.amount, t.metric) for t in rates]


def test_users_are_a_limit_on_seats(after: Observation) -> None:
    assert [Decimal(1)] == [t.quantity for t in terms(after, "solo", TermKind.LIMIT) if t.metric == "seat"]
    assert [State.UNLIMITED] == [t.state for t in terms(after, "pro", TermKind.LIMIT) if t.metric == "seat"]


def test_a_plan_on_request_has_no_amount(after: Observation) -> None:
    assert State.CONTACT_SALES == next(plan.state for plan in after.plans if plan.slug == "pro")
    assert [] == fees(after, "pro")


def test_an_announcement_has_its_day_and_its_plans(after: Observation) -> None:
    assert [("2026-05-01", ("solo", "starter"))] == [
        (a.effective_from.isoformat(), a.plans) for a in after.announcements
    ]


def test_an_announcement_of_a_coming_change_does_not_flip_the_terms_shown() -> None:
    """Until the day comes, the page's own cards say what holds."""
    banner = "<p>From June 1, 2026, Solo will cost $20 a month and no longer include credits.</p>"
    page = BEFORE.replace("<h1>Plans</h1>", f"{banner}<h1>Plans</h1>")

    observation = read(page)

    assert [("10", "USD", "month", "month"), ("120", "USD", "year", "year")] == fees(observation, "solo")
    assert [Decimal(7500)] == [t.quantity for t in terms(observation, "solo", TermKind.ALLOWANCE)]
    assert ["2026-06-01"] == [a.effective_from.isoformat() for a in observation.announcements]


def test_every_fact_quotes_the_page(after: Observation) -> None:
    document = read_document(AFTER.encode())

    assert after.terms
    for fact in [*after.terms, *after.plans, *after.announcements]:
        assert document.holds(fact.evidence.quote, fact.evidence.surface), fact


def test_nothing_is_read_from_templates_menus_and_testimonials(after: Observation) -> None:
    assert not {Decimal(5), Decimal(1000), Decimal(200000)} & {t.amount for t in after.terms}


def test_the_same_page_gives_the_same_facts() -> None:
    assert read(AFTER) == read(AFTER)


def facts(observation: Observation) -> set[tuple[object, ...]]:
    return {
        (
            t.plan,
            t.term,
            t.metric,
            t.state,
            t.amount,
            t.currency,
            t.quantity,
            t.billing_period,
            t.commitment,
            t.evidence.surface,
        )
        for t in observation.terms
    }


@pytest.mark.parametrize("page", [AFTER, BEFORE], ids=["after", "before"])
def test_a_cut_page_says_less_or_that_it_is_cut_never_something_else(page: str) -> None:
    """A body that ends early, without any error of transport, at every fortieth of the page."""
    whole = {f[:5] + f[6:] for f in facts(read(page))}  # the currency is named at the very end
    body = page.encode()
    for step in range(1, 40):
        part = read(body[: len(body) * step // 40])

        assert part.outcome is not Outcome.FETCHED or {f[:5] + f[6:] for f in facts(part)} <= whole


@pytest.mark.parametrize("page", [AFTER, BEFORE], ids=["after", "before"])
def test_a_cut_page_never_has_another_price(page: str) -> None:
    """Not even under the name of an incomplete page."""
    prices = {(t.plan, t.amount, t.billing_period) for t in read(page).terms if t.amount is not None}
    body = page.encode()
    for step in range(1, 60):
        part = read(body[: len(body) * step // 60])

        assert {(t.plan, t.amount, t.billing_period) for t in part.terms if t.amount is not None} <= prices


def test_a_page_that_only_looks_different_says_the_same() -> None:
    """Other class names, another order of attributes, more white space: no fact moves."""
    restyled = (
        AFTER.replace("class='c1'", "data-x='1' class='k9 shadow'")
        .replace("class='c2'", "class='zz'")
        .replace("class='g'", "id='grid' class='row'")
    )
    restyled = restyled.replace("</li>", "</li>\n\n   ").replace("<ul>", "<ul class='list-none'>")

    assert facts(read(AFTER)) == facts(read(restyled))


def test_surfaces_that_disagree_are_a_conflict_with_both_quotes() -> None:
    """The card says 0.040, the answer below 0.035: nobody picks."""
    page = AFTER.replace("<p>One credit is used", "<p>On Solo, each credit costs $0.035.</p><p>One credit is used")

    observation = read(page)

    (conflict,) = observation.conflicts
    assert ("solo", "credit") == (conflict.plan, conflict.metric)
    assert {Decimal("0.040"), Decimal("0.035")} == {reading.amount for reading in conflict.readings}
    assert [] == terms(observation, "solo", TermKind.USAGE_RATE)


def test_visible_text_wins_over_structured_data_and_the_contradiction_is_kept() -> None:
    offer = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "Cloud",
        "offers": [{"@type": "Offer", "name": "Solo", "price": "12", "priceCurrency": "USD"}],
    }
    page = AFTER.replace("</head>", f"<script type='application/ld+json'>{json.dumps(offer)}</script></head>")

    observation = read(page)

    assert ("10", "USD", "month", "month") in fees(observation, "solo")
    assert [{Decimal(10), Decimal(12)}] == [{r.amount for r in c.readings} for c in observation.conflicts]


def test_structured_data_that_agrees_adds_nothing() -> None:
    offer = {
        "@type": "Product",
        "name": "Cloud",
        "offers": [{"@type": "Offer", "name": "Solo", "price": "10.00", "priceCurrency": "USD"}],
    }
    page = AFTER.replace("</head>", f"<script type='application/ld+json'>{json.dumps(offer)}</script></head>")

    assert facts(read(AFTER)) == facts(read(page))


def test_framework_state_serves_where_scripts_draw_the_plans() -> None:
    state = {
        "props": {
            "plans": [
                {
                    "name": "Hobby",
                    "price": {"amount": 0, "currency": "USD", "interval": "month"},
                    "features": ["2 users"],
                },
                {
                    "name": "Team",
                    "price": {"amount": 100, "currency": "USD", "interval": "month", "unit": "user"},
                    "features": ["Up to 8 users"],
                },
            ]
        }
    }
    page = framed(
        f"<div id='root'>Loading our plans for you, please wait a second.</div><script id='__NEXT_DATA__' "
        f"type='application/json'>{json.dumps(state)}</script>"
    )

    observation = read(page)

    assert ["Hobby", "Team"] == names(observation)
    assert [("100", "USD", "month", "month")] == fees(observation, "team")
    assert {Surface.STRUCTURED} == {t.evidence.surface for t in observation.terms}


def test_an_embedded_number_without_a_currency_is_no_price() -> None:
    """It may be cents."""
    state = [{"name": "Solo", "price": 1000, "interval": "month"}, {"name": "Team", "price": 5000, "interval": "month"}]
    page = framed(
        f"<p>{'Some text that is shown. ' * 20}</p><script type='application/json'>{json.dumps(state)}</script>"
    )

    assert not [t for t in read(page).terms if t.amount is not None]


def test_a_page_without_its_anchors_is_the_wrong_page() -> None:
    """A blog post that mentions $10 has moved in at the address."""
    page = framed("<h1>How we saved $10 per month</h1><p>A story about $10 and $100 per month.</p>")

    observation = read(page, expect=("Solo", "Starter"))

    assert Outcome.WRONG_PAGE is observation.outcome
    assert ((), ()) == (observation.plans, observation.terms)
    assert "Solo" in observation.diagnostics[0].message


def test_a_story_about_money_states_no_price() -> None:
    page = framed(
        "<h1>How we saved money</h1><p>We used to pay $10 per month for this, then $4,000 a year, and raised $5M.</p>"
    )

    observation = read(page)

    assert ((), ()) == (observation.plans, observation.terms)
    assert ["no_facts"] == [d.code for d in observation.diagnostics]


def test_a_page_that_scripts_fill_says_so() -> None:
    page = framed(
        "<h1>Pricing</h1><p>Pick a plan that suits your team and start today.</p><div id='plans'></div><script "
        "src='/app.js'></script>"
    )

    assert ["script_only"] == [d.code for d in read(page).diagnostics]


def test_placeholders_of_a_half_loaded_page_are_no_prices() -> None:
    page = framed(
        grid(
            card("Solo", "<span>$--</span><span>/month</span>", "1 user"),
            card("Team", "<span>$--</span><span>/month</span>", "3 users"),
        )
    )

    assert not [t for t in read(page).terms if t.amount is not None]


def test_a_wall_gives_no_facts() -> None:
    page = "<title>Just a moment...</title><body><script>window._cf_chl_opt={cvId:'3'}</script><h3>Solo</h3></body>"

    observation = read(page)

    assert Outcome.BLOCKED is observation.outcome
    assert ((), ()) == (observation.plans, observation.terms)


def test_the_currency_of_a_bare_dollar_comes_from_the_source_or_the_page() -> None:
    page = framed(grid(card("Solo", tag("10")), card("Team", tag("20"))))

    assert [None] == [fee[1] for fee in fees(read(page), "solo")]
    assert ["CAD"] == [fee[1] for fee in fees(read(page, currency="CAD"), "solo")]
    assert ["USD"] == [
        fee[1] for fee in fees(read(page.replace("</body>", "<p>All prices are in US dollars.</p></body>")), "solo")
    ]


def test_a_recipe_overrides_the_generic_reading() -> None:
    page = framed(
        "<div class='p'><b class='n'>One</b><i class='v'>$5</i><em>a month</em></div><div class='p'><b "
        "class='n'>Two</b><i class='v'>$9</i><em>a month</em></div>"
        "<div class='ad'><h3>Partner deal</h3><p>$1/month</p></div>"
    )

    observation = read(page, recipe=Recipe(plan=".p", name=".n", period="em", ignore=(".ad",)))

    assert ["One", "Two"] == names(observation)
    assert [("5", None, "month", "month")] == fees(observation, "one")


def test_a_recipe_may_point_at_a_sentence_for_the_price() -> None:
    """However long: a person says that the price stands in it."""
    page = framed(
        "<div class='x'><h2>Cloud</h2><div class='c'>Everything that your team needs to get going in one place, hosted by us, is "
        "yours for $29 per user per month, with no long-term contract at all.</div></div>"
    )

    observation = read(page, currency="USD", recipe=Recipe(plan=".x", name="h2", price=".c"))

    assert [("29", "USD", "month", "month")] == fees(observation, "cloud")


def test_goods_say_why_they_are_no_plans() -> None:
    """And nothing of them can be published."""
    goods = "".join(
        f"<li class='item'><h2>{name}</h2><p>${price}</p><button>Add to cart</button></li>"
        for name, price in [("Aero chair", "149.00"), ("Kneeling stool", "59.00")]
    )

    observation = read(framed(f"<h1>Office chairs</h1><ul>{goods}</ul>"), currency="USD")

    assert () == observation.plans == observation.terms
    assert "low_confidence" == observation.diagnostics[0].code
    assert "2 priced items left out" in observation.diagnostics[0].message


def test_a_recipe_that_no_longer_fits_is_reported_and_the_page_read_generically() -> None:
    observation = read(AFTER, recipe=Recipe(plan=".gone"))

    assert ["Solo", "Starter", "Pro"] == names(observation)
    assert ["recipe_failed"] == [d.code for d in observation.diagnostics]


@pytest.mark.parametrize("selector", ["div[", "a:has(", ":nth-child(x)"])
def test_a_selector_that_cannot_be_read_is_reported(selector: str) -> None:
    assert "recipe_failed" in [
        d.code for d in read(AFTER, recipe=Recipe(plan=selector, ignore=(selector,))).diagnostics
    ]


def test_a_reviews_page_gives_ratings_and_no_plans() -> None:
    data = {
        "@type": "SoftwareApplication",
        "name": "Cloud",
        "aggregateRating": {"@type": "AggregateRating", "ratingValue": "4.5", "bestRating": "5", "reviewCount": "124"},
    }
    page = framed(
        f"<h1>Cloud</h1><p>4.5 out of 5 stars, 124 reviews</p><script "
        f"type='application/ld+json'>{json.dumps(data)}</script>"
    )

    observation = read_page(page.encode(), url=URL, kind=SourceKind.REVIEWS, publisher="g2")

    assert [("g2", Decimal("4.5"), 124)] == [(r.publisher, r.rating, r.review_count) for r in observation.ratings]
    assert () == observation.plans


def test_a_recipe_may_point_at_the_rating() -> None:
    page = framed(
        "<h1>Cloud</h1><div><b class='r'>4,4 / 5</b></div><p class='n'>1.234 Bewertungen</p><p>2 von 10 Punkten</p>"
    )
    recipe = Recipe(rating=".r", review_count=".n")

    observation = read_page(page.encode(), url=URL, kind=SourceKind.REVIEWS, locale="de-DE", recipe=recipe)

    assert [(Decimal("4.4"), Decimal(5), 1234)] == [(r.rating, r.scale, r.review_count) for r in observation.ratings]


def test_the_version_follows_from_the_source() -> None:
    assert EXTRACTOR_VERSION.startswith("1.")
    assert 10 == len(EXTRACTOR_VERSION)
    assert EXTRACTOR_VERSION == read(AFTER).extractor_version


@pytest.mark.parametrize(
    "body",
    [b"<p>" * 200_000, b"<div>" * 50_000 + b"$10/month", b"x" * 33_000_000],
    ids=["too many tags", "too deep", "too many bytes"],
)
def test_a_page_that_is_too_big_or_too_deep_is_refused(body: bytes) -> None:
    with pytest.raises(ExtractError):
        read(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\x00", b"\xff\xfe", b"<", b"{}", b"%PDF-1.7 \x80\x81"],
    ids=["empty", "nul", "bom", "cut", "json", "binary"],
)
def test_bytes_that_are_no_page_give_no_facts(body: bytes) -> None:
    assert () == read(body).plans


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_mangled_pages_never_crash(seed: int) -> None:
    """Flipped bytes, cut and shuffled pieces: an observation or an ExtractError, nothing else."""
    chance = random.Random(seed)
    body = bytearray(AFTER.encode())
    for _ in range(chance.randrange(60)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    pieces = [bytes(body[i : i + 400]) for i in range(0, len(body), 400)]
    chance.shuffle(pieces)
    for page in (bytes(body), b"".join(pieces), bytes(body[chance.randrange(len(body)) :])):
        observation = read(page)

        assert {t.plan for t in observation.terms} - {None} <= {p.slug for p in observation.plans}


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (b"", "incomplete", "there is nothing in it"),
        (b" \r\n\t ", "incomplete", "there is nothing in it"),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj << /Type /Catalog >>", "not_html", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_html", "a picture (PNG)"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "not_html", "packed with gzip, not a page; unpack it first"),
        (bytes(range(256)) * 8, "not_html", "no text that could be a page"),
    ],
    ids=["empty", "blank", "pdf", "png", "gzip", "bytes"],
)
def test_what_is_no_page_is_called_what_it_is(body: bytes, code: str, said: str) -> None:
    """Not "no plan was recognised", which sends people to look for one."""
    observation = read_page(body, url="https://acme.example/pricing", kind="pricing")

    assert code == observation.outcome
    assert [code] == [one.code for one in observation.diagnostics]
    assert said in observation.diagnostics[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_page_in_another_encoding_is_a_page(encoding: str) -> None:
    """Every second byte of UTF-16 is a control character."""
    observation = read_page("<html><body><p>Wir machen Urlaub.</p></body></html>".encode(encoding),
                            url="https://acme.example/pricing", kind="pricing")  # fmt: skip

    assert ["no_facts"] == [one.code for one in observation.diagnostics]
