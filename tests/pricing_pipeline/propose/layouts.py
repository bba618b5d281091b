"""Pages of our own writing in layouts that the generic reading does not take for plan cards, and one that it does."""

from __future__ import annotations

from pricing_pipeline.facts import Source, SourceKind
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag

URL = "https://acme.example/pricing"
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p>"
    "<script>window._cf_chl_opt={}</script></body></html>"
)
SOURCE = Source(
    id="acme/acme/pricing", vendor="acme", product="acme", kind=SourceKind.PRICING, url=URL, currency="USD",
)  # fmt: skip


def cards(solo: str = "10", crew: str = "100") -> str:
    """Three plan cards side by side, as the generic reading knows them."""
    return framed(
        "<h1>Acme pricing</h1>"
        + grid(
            card("Solo", tag(solo), "1 user", "7,500 credits included per month"),
            card("Crew", tag(crew), "Up to 3 users", "30,000 credits included per month"),
            card("Fleet", "<span>Contact sales</span>", "Unlimited users"),
        ),
        head="<title>Pricing | Acme</title>",
    )


def rows(crew: str = "$100/month", *, names: tuple[str, str, str] = ("Solo", "Crew", "Fleet"), extra: str = "") -> str:
    """The same plans a line each, the name in the midst of a sentence: no card by its shape."""
    solo, other, fleet = names
    return framed(
        "<h1>Acme pricing</h1><main>"
        + _row(solo, "$10/month", "1 user", "7,500 credits included per month")
        + _row(other, crew, "Up to 3 users", "30,000 credits included per month")
        + _row(fleet, "Contact sales", "Unlimited users")
        + f"</main>{extra}",
        head="<title>Pricing | Acme</title>",
    )


def _row(name: str, price: str, *lines: str) -> str:
    said = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<section class='offer tier_{name.lower()}__4f2a91'><div class='who__77aa12'><b>{name}</b> is the plan that most "
        f"people take when they begin to work with Acme</div><div class='ask'>{price}</div>{said}</section>"
    )
