"""The files that people would have written: vendors, workloads, and comparisons as long as the shipped one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from publishing.market import CATEGORIES, Sold

SHIPPED = Path(__file__).resolve().parents[2] / "comparisons" / "prefect-vs-dagster.yaml"
WORKLOADS = """\
workloads:
  - slug: one-seat-15000-credits
    name: One seat with 15,000 credits
    usage: {seat: 1, credit: 15000}
    products: [CREDITS]
  - slug: hobby
    name: One person with 300 serverless minutes
    usage: {seat: 1, serverless_minute: 300}
  - slug: three-seats-1000-minutes
    name: Three seats with 1,000 serverless minutes
    usage: {seat: 3, serverless_minute: 1000}
  - slug: growing-team
    name: Eight seats with 5,000 serverless minutes
    usage: {seat: 8, serverless_minute: 5000}
  - slug: one-seat
    name: One seat and nothing else
    usage: {seat: 1}
  - slug: twenty-five-seats
    name: Twenty-five seats and nothing else
    usage: {seat: 25}
"""


def lay_out(out: Path, products: Sequence[Sold], comparisons: int) -> None:
    """Write the vendor files, workloads and comparisons, and settings that name nobody to tell."""
    for folder in ("vendors", "comparisons"):
        (out / folder).mkdir(parents=True)
    (out / "settings.yaml").write_text("contact: https://example.org/bot\n")
    by_credits = ", ".join(product.slug for product in products if not product.by_seats)
    (out / "workloads.yaml").write_text(WORKLOADS.replace("CREDITS", by_credits))
    for vendor in dict.fromkeys(product.vendor for product in products):
        own = [product for product in products if product.vendor == vendor]
        (out / "vendors" / f"{vendor}.yaml").write_text(vendor_file(vendor, own))
    for one, other in pairs(products, comparisons):
        (out / "comparisons" / f"{one.slug}-vs-{other.slug}.yaml").write_text(comparison(one, other))


def vendor_file(vendor: str, products: Sequence[Sold]) -> str:
    """The file of one vendor."""
    lines = [f"name: {vendor.capitalize()}", f"homepage: https://{vendor}.example/"]
    lines += [f"categories: [{CATEGORIES[products[0].number % len(CATEGORIES)]}]", "products:"]
    for product in products:
        lines += [
            f"  - slug: {product.slug}",
            f"    name: {product.name}",
            "    sources:",
            "      - kind: pricing",
            f"        url: https://{vendor}.example/{product.slug}/pricing",
            "        currency: USD",
            "      - kind: reviews",
            "        publisher: g2",
            f"        url: https://www.g2.example/products/{product.slug}/reviews",
        ]
    return "\n".join(lines) + "\n"


def pairs(products: Sequence[Sold], count: int) -> Iterator[tuple[Sold, Sold]]:
    """So many different pairs of a product sold by seats and one sold by credits."""
    by_seats = [product for product in products if product.by_seats]
    by_credits = [product for product in products if not product.by_seats]
    for place in range(count):
        shift, one = divmod(place, len(by_seats))
        yield by_seats[one], by_credits[(one + 7 * shift) % len(by_credits)]


def comparison(one: Sold, other: Sold) -> str:
    """The shipped comparison about two other products."""
    text = SHIPPED.read_text("utf-8")
    for old, new in (
        ("prefect-cloud", one.slug),
        ("dagster-plus", other.slug),
        ("Prefect Cloud", one.name),
        ("Dagster+", other.name),
        ("Prefect", one.name),
        ("Dagster", other.name),
    ):
        text = text.replace(old, new)
    return text.replace("https://dagster.io", f"https://{other.vendor}.example").replace(
        "https://www.prefect.io", f"https://{one.vendor}.example"
    )
