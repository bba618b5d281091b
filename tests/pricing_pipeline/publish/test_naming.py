"""Products of different vendors that share a slug."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from pricing_pipeline.catalog import AnnouncedTerm, Catalog, FormerPlan, Imported, Lapsed, Provenance, StandingTerm
from pricing_pipeline.facts import Evidence, Term, TermKind
from pricing_pipeline.publish.naming import told_apart
from pricing_pipeline.registry.vendors import Product, Registry, Vendor

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def vendor(slug: str, product: str) -> Vendor:
    sold = Product(vendor=slug, slug=product, name=f"{slug} {product}", sources=())
    return Vendor(slug=slug, name=slug, homepage=f"https://{slug}.example", categories=("data",), products=(sold,))


def standing(owner: str, product: str, amount: str) -> StandingTerm:
    provenance = Provenance(
        source_id=f"{owner}/{product}/pricing",
        url=f"https://{owner}.example/pricing",
        capture_id="c",
        sha256="0" * 64,
        captured_at=NOW,
        verified_at=NOW,
        valid_from=NOW,
        recorded_at=NOW,
    )
    evidence = Evidence(quote=f"${amount} a month", locator="p")
    term = Term(plan="pro", term=TermKind.RECURRING_FEE, amount=Decimal(amount), currency="USD", evidence=evidence)
    return StandingTerm(vendor=owner, product=product, term=term, provenance=provenance)


def test_two_vendors_with_a_product_of_the_same_slug_are_never_mixed() -> None:
    """Otherwise one page would show both vendors' prices as one product's."""
    catalog = Catalog(as_of=NOW, terms=(standing("acme", "cloud", "10"), standing("beta", "cloud", "20")))

    told, registry = told_apart(catalog, Registry((vendor("acme", "cloud"), vendor("beta", "cloud"))))

    assert ["acme-cloud", "beta-cloud"] == [row.product for row in told.terms]
    assert ["acme-cloud", "beta-cloud"] == [product.slug for product in registry.products]


def test_whatever_is_published_about_a_product_bears_its_name() -> None:
    """An announcement, a name that a plan had, or a fact that ran out, under a name that no page has, would be lost."""
    row = standing("acme", "cloud", "10")
    lasting = Lapsed(
        vendor="acme", product="cloud", fact=row.term, document="contract", since=NOW,
        imported=Imported(file="contract.yaml", who="Ada", until=date(2026, 4, 30)),
    )  # fmt: skip
    catalog = Catalog(
        as_of=NOW,
        announced=(AnnouncedTerm(vendor="acme", product="cloud", term=row.term, provenance=row.provenance),),
        former_plans=(FormerPlan(vendor="acme", product="cloud", former="solo", former_name="Solo", plan="pro"),),
        lapsed=(lasting,),
    )

    told, _ = told_apart(catalog, Registry((vendor("acme", "cloud"), vendor("beta", "cloud"))))

    assert ["acme-cloud"] == [one.product for one in told.announced]
    assert ["acme-cloud"] == [one.product for one in told.former_plans]
    assert ["acme-cloud"] == [one.product for one in told.lapsed]


def test_a_name_that_tells_apart_is_nobody_elses() -> None:
    """`a-b` selling `c` and `a` selling `b-c` would both be `a-b-c`; `x-cloud` may be a product of a third vendor."""
    market = (
        vendor("a", "b-c"), vendor("a-b", "c"), vendor("d", "b-c"), vendor("e", "c"),
        vendor("x", "cloud"), vendor("y", "cloud"), vendor("z", "x-cloud"),
    )  # fmt: skip

    _, registry = told_apart(Catalog(as_of=NOW), Registry(market))

    assert ["a--b-c", "a-b--c", "d-b-c", "e-c", "x--cloud", "y-cloud", "x-cloud"] == [
        product.slug for product in registry.products
    ]


def test_a_slug_that_one_vendor_uses_stays_as_it_is() -> None:
    catalog = Catalog(as_of=NOW, terms=(standing("acme", "cloud", "10"), standing("beta", "works", "20")))
    registry = Registry((vendor("acme", "cloud"), vendor("beta", "works")))

    assert (catalog, registry) == told_apart(catalog, registry)
