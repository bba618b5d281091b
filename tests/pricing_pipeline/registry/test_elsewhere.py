"""Files of facts from elsewhere: what they may say, and how their authors are told of what they may not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.facts import Rating, RatingState, State, Term, TermKind
from pricing_pipeline.registry.elsewhere import ElsewhereFacts, read_elsewhere
from pricing_pipeline.registry.vendors import Product, Registry, Vendor

TODAY = date(2026, 5, 10)
HEAD = "product,plan,term,metric,state,amount,currency,quantity,period,publisher,rating,scale,quote,source,observed,until\n"
CONTRACT = """\
source: Contract 17, page 3
who: Ada
observed: 2026-05-02
until: 2027-04-30
facts:
  - product: acme-cloud
    plan: enterprise
    plan_name: Enterprise Plus
    term: recurring_fee
    amount: 1200
    currency: USD
    period: month
    quote: "USD 1,200 a month"
  - product: acme/acme-cloud
    plan: enterprise
    term: allowance
    metric: credit
    state: unlimited
    quote: credits without limit
    who: Bob
  - product: acme-cloud
    publisher: g2
    rating: 4.5
    scale: 5
    review_count: 124
    quote: 4.5 out of 5
    source: https://g2.example/acme
"""


def product(vendor: str, slug: str, **more: object) -> Product:
    return Product(vendor=vendor, slug=slug, name=slug, sources=(), **more)


def vendor(slug: str, *products: Product) -> Vendor:
    return Vendor(slug=slug, name=slug, homepage="https://x.example", categories=(), products=products)


REGISTRY = Registry(
    (
        vendor("acme", product("acme", "acme-cloud", formerly=(("acme", "acme-one"),)), product("acme", "flow")),
        vendor("other", product("other", "flow")),
    )
)


def told(folder: Path, text: str, name: str = "contract.yaml") -> ElsewhereFacts:
    (folder / name).write_text(text, encoding="utf-8")
    return read_elsewhere(folder / name, REGISTRY, today=TODAY, who="root")


def problems(folder: Path, text: str, name: str = "facts.csv") -> list[str]:
    with pytest.raises(RegistryError) as raised:
        told(folder, text, name)
    return raised.value.problems


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_says_terms_and_ratings_with_all_that_vouches_for_them(folder: Path) -> None:
    found = told(folder, CONTRACT)
    price, credits, rating = found.facts

    assert ("contract", "contract.yaml:6") == (found.name, found.places[0])
    assert ("Contract 17, page 3", "Ada", date(2026, 5, 2), date(2027, 4, 30)) == (
        price.document, price.who, price.observed, price.until,
    )  # fmt: skip
    assert isinstance(price.fact, Term)
    assert (TermKind.RECURRING_FEE, Decimal(1200), "month", "month") == (
        price.fact.term, price.fact.amount, price.fact.billing_period, price.fact.commitment,
    )  # fmt: skip
    assert ("Bob", State.UNLIMITED) == (credits.who, credits.fact.state)
    assert ("Enterprise Plus", "Enterprise Plus") == (
        price.plan and price.plan.name,
        credits.plan and credits.plan.name,
    )
    assert isinstance(rating.fact, Rating)
    assert ("g2", Decimal("4.5"), 124, None) == (
        rating.fact.publisher, rating.fact.rating, rating.fact.review_count, rating.plan,
    )  # fmt: skip


def test_a_table_says_the_same_as_the_other_form(folder: Path) -> None:
    rows = (
        HEAD
        + 'acme-cloud,enterprise,recurring_fee,,,1200,USD,,month,,,,"USD 1,200 a month",'
        + '"Contract 17, page 3",2026-05-02,2027-04-30\n'
    )

    assert told(folder, CONTRACT).facts[0].fact == told(folder, rows, "facts.csv").facts[0].fact


def test_a_product_is_found_by_its_former_name(folder: Path) -> None:
    found = told(folder, CONTRACT.replace("product: acme-cloud", "product: acme-one"))

    assert {("acme", "acme-cloud")} == {(one.vendor, one.product) for one in found.facts}


def test_every_fault_is_reported_at_once_with_its_line_and_remedy(folder: Path) -> None:
    rows = (
        "acme-clod,solo,recurring_fee,,,10,USD,,month,,,,$10,x,2026-05-02,2027-01-01\n"
        'acme-cloud,solo,recurring_fee,,,"1,200",USD,,month,,,,$10,x,2026-05-02,2027-01-01\n'
        "acme-cloud,solo,allowance,,,,,5,month,,,,5 credits,x,2026-05-02,2027-01-01\n"
        "acme-cloud,solo,recurring_fee,,free,10,USD,,month,,,,free,x,2026-05-02,2027-01-01\n"
        "acme-cloud,,,,,,,,,g2,6,5,6 of 5,x,2026-05-02,2027-01-01\n"
        "flow,solo,recurring_fee,,,10,USD,,month,,,,$10,x,2026-05-02,2027-01-01\n"
        "acme-cloud,solo,recurring_fee,,,10,USD,,month,,,,$10,,2026-06-02,2026-05-01\n"
        "acme-cloud,team,recurring_fee,,,10,USD,,month,,,,$10,x,2026-05-02,2027-01-01\n"
        "acme-cloud,team,recurring_fee,,,11,USD,,month,,,,$11,x,2026-05-03,2027-01-01\n"
    )
    found = "\n".join(problems(folder, HEAD + rows))

    for said in (
        "facts.csv:2: no product is called `acme-clod`; write one of acme-cloud",
        "facts.csv:3: `facts[1].amount`: `1,200` is not a number; write digits without quotes",
        "facts.csv:4: `facts[2]`: `metric` is missing; add what is counted, for example `metric: credit`",
        "facts.csv:5: `facts[3].amount`: stands beside `state: free`, which has no figure; remove one of the two",
        "facts.csv:6: `facts[4].rating`: is above its scale of 5; correct one of the two",
        "facts.csv:7: `flow` is sold by several vendors; write acme/flow or other/flow",
        "facts.csv:8: `facts[6].until`: ends before the day it was observed, 2026-06-02; write a later day",
        "facts.csv:10: speaks of the same as line 9 for the same days; keep one of them",
    ):
        assert said in found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(("until: 2027-04-30\n", ""), ":5: `until` is missing; add it, for example `until: 2027-04-30`", id="until"),
        pytest.param(("source: Contract 17, page 3\n", ""), "`source` is missing; add it", id="source"),
        pytest.param(("2026-05-02", "2026-05-11"), "is still to come; import it from that day on", id="future"),
        pytest.param(("    quote: 4.5 out of 5\n", ""), "`quote` is missing; add it", id="quote"),
        pytest.param(("https://g2", "ftp://g2"), "is not a web address", id="address"),
        pytest.param(("rating: 4.5", "amount: 4.5\n    rating: 4.5"), "does not belong to a rating; remove it", id="stranger"),
        pytest.param(("    publisher: g2\n", ""), "is either a `term` or the rating at a `publisher`", id="neither"),
        pytest.param(("currency: USD\n", "\n"), "`currency` is missing beside the amount", id="currency"),
        pytest.param(("review_count: 124", "review_counts: 124"), "did you mean `review_count`?", id="key"),
    ],
)  # fmt: skip
def test_what_is_missing_or_does_not_fit_is_named_with_what_to_write(
    folder: Path, change: tuple[str, str], says: str
) -> None:
    assert any(says in problem for problem in problems(folder, CONTRACT.replace(*change), "contract.yaml"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "has no header; begin with a line that names the columns", id="empty"),
        pytest.param("product,product\na,b\n", "the column `product` stands here again", id="twice"),
        pytest.param('product,quote\nacme-cloud,"x\n', "not CSV", id="quotes"),
        pytest.param("product,quote\nacme-cloud,a,b\n", "has 3 cells under 2 columns; quote the cell", id="cells"),
    ],
)
def test_a_table_that_is_none_says_where_it_breaks(folder: Path, text: str, says: str) -> None:
    assert any(says in problem for problem in problems(folder, text))


def test_a_file_without_facts_ends_what_it_said(folder: Path) -> None:
    assert () == told(folder, "facts: []\n").facts
    assert () == told(folder, HEAD, "facts.csv").facts


def test_no_ratings_yet_is_a_rating_without_figures(folder: Path) -> None:
    text = CONTRACT.replace("rating: 4.5\n    scale: 5\n    review_count: 124", "state: no_ratings_yet")

    assert RatingState.NO_RATINGS_YET is told(folder, text).facts[2].fact.state
