"""What stands behind each figure: the quote, where and when it was read, since when it holds, what it was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from pricing_pipeline.catalog import Provenance, StandingPlan, StandingRating, StandingTerm
from pricing_pipeline.facts import Evidence, Surface
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import plan_id, rating_id, term_id
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import publisher as publisher_name

_SURFACES = {
    Surface.VISIBLE: "in the visible text",
    Surface.INACTIVE_PANE: "in a pane that is not shown at first",
    Surface.ATTRIBUTE: "in a label for screen readers",
    Surface.STRUCTURED: "in the page's structured data",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The evidence of one figure. `url` is empty where the address is not one that may be linked; `is_in_sight` says that
    it was read in the text that a page shows at once, `imported` where a figure comes from that was read on no page."""

    id: str
    label: str
    text: str
    short: str
    state: str
    value: Decimal | None
    quote: str
    surface: str
    url: str
    source_id: str
    capture_id: str
    sha256: str
    captured_at: datetime
    verified_at: datetime
    since: datetime
    before: str | None
    pending: bool
    imported: str = ""
    is_in_sight: bool = True


def safe_url(url: str) -> str:
    """The address if it is one of the web (http or https, with a host), else nothing: no page links anywhere else."""
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and url.isprintable() else ""
    except ValueError:
        return ""


def entries(shelf: Shelf, products: Iterable[str]) -> dict[str, Entry]:
    """The evidence of every standing fact of some products, by the id of its figure."""
    return {figure: entry for product in products for figure, entry in shelf.once(_entries, product).items()}


def _entries(shelf: Shelf, product: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    name = shelf.names.product(product)
    plans = {plan.plan.slug: phrases.line(plan.plan.name, 60) for plan in shelf.plans.get(product, ())}
    for plan in shelf.plans.get(product, ()):
        found[plan_id(plan)] = of_plan(plan, name)
    for term in shelf.terms.get(product, ()):
        found[term_id(term)] = of_term(term, name, plans.get(term.term.plan or "", term.term.plan or "every plan"))
    for rating in shelf.ratings.get(product, ()):
        found[rating_id(rating)] = of_rating(rating, name)
    return found


def of_term(standing: StandingTerm, product: str, plan: str) -> Entry:
    """The evidence of a term."""
    term, previous = standing.term, standing.previous
    return _entry(
        term_id(standing),
        standing.provenance,
        term.evidence,
        label=f"{product} {plan}: {_lower(phrases.term_label(term))}",
        text=phrases.term(term),
        short=phrases.term_in_a_sentence(term),
        state=term.state.value,
        value=term.amount if term.amount is not None else term.quantity,
        before=None if previous is None else phrases.term(previous),
        pending=standing.pending,
    )


def of_plan(standing: StandingPlan, product: str) -> Entry:
    """The evidence of a plan."""
    state = standing.plan.state
    text = phrases.STATES.get(state, "Offered")
    return _entry(
        plan_id(standing),
        standing.provenance,
        standing.plan.evidence,
        label=f"{product} {phrases.line(standing.plan.name, 60)}: the plan",
        text=text,
        short=phrases.line(standing.plan.name, 60),
        state=state.value,
        value=None,
        before=None,
        pending=False,
    )


def of_rating(standing: StandingRating, product: str) -> Entry:
    """The evidence of a rating."""
    rating = standing.rating
    return _entry(
        rating_id(standing),
        standing.provenance,
        rating.evidence,
        label=f"{product}: rating at {publisher_name(rating.publisher or '')}",
        text=phrases.rating(rating),
        short=phrases.rating_in_a_sentence(rating),
        state=rating.state.value,
        value=rating.rating,
        before=None,
        pending=standing.pending,
    )


def _entry(
    figure: str,
    provenance: Provenance,
    evidence: Evidence,
    *,
    label: str,
    text: str,
    short: str,
    state: str,
    value: Decimal | None,
    before: str | None,
    pending: bool,
) -> Entry:
    return Entry(
        id=figure,
        label=label,
        text=text,
        short=short,
        state=state,
        value=value,
        before=before,
        pending=pending,
        quote=phrases.line(evidence.quote),
        surface=_SURFACES[evidence.surface],
        url=safe_url(provenance.url),
        source_id=provenance.source_id,
        capture_id=provenance.capture_id,
        sha256=provenance.sha256,
        captured_at=provenance.captured_at,
        verified_at=provenance.verified_at,
        since=provenance.valid_from,
        imported=phrases.imported(provenance),
        is_in_sight=evidence.surface is Surface.VISIBLE,
    )


def by_capture(found: Iterable[Entry]) -> list[tuple[Entry, list[Entry]]]:
    """Entries by what was read at one time on one page, each group with the one of them that was confirmed longest ago."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for one in found:
        groups.setdefault((one.imported, one.url, one.captured_at), []).append(one)
    return [(min(group, key=lambda one: one.verified_at), group) for group in groups.values()]


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
