"""From a page to the vendor file that would watch it: what is read, and what has to be known to read it again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.extract.page import slug, stated_currency
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, Outcome, Recipe, Source, SourceKind
from pricing_pipeline.propose.identity import find_anchors, find_currency, find_locale, find_name, host_label
from pricing_pipeline.propose.search import search_recipe
from pricing_pipeline.propose.vendor_file import ProposedSource, ProposedVendor, homepage
from pricing_pipeline.registry.fields import check_slug
from pricing_pipeline.registry.vendors import Product, Registry, Vendor, read_files

_DIAGNOSED = ("script_only", "no_facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person asks to be added. `name` is the vendor's where they say it, `render` how the page was fetched."""

    url: str
    kind: SourceKind = SourceKind.PRICING
    name: str | None = None
    categories: tuple[str, ...] = ()
    render: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was read, and the source and vendor that would read it again; both None where `reason` says why not."""

    observation: Observation
    source: ProposedSource | None = None
    vendor: ProposedVendor | None = None
    reason: str = ""


def propose(body: bytes, question: Question, *, content_type: str | None = None) -> Proposal:
    """The vendor file for a page. Raises ExtractError for bytes that cannot be read as a page."""
    document = read_document(body, content_type=content_type)
    source = _asked(question, find_locale(document))
    observation = _read(body, source, content_type)
    recipe = None
    if observation.outcome is Outcome.FETCHED and not _has_facts(observation) and source.kind is SourceKind.PRICING:
        found = search_recipe(body, source, content_type=content_type)
        recipe = found.recipe if found is not None else None
    source, note = _with_currency(body, source, recipe, document, content_type)
    observation = _read(body, source, content_type)
    if observation.outcome is not Outcome.FETCHED or not _has_facts(observation):
        return Proposal(observation=observation, reason=_why_not(observation, question))
    name = question.name or find_name(document, question.url)
    source = replace(source, expect=find_anchors(document, observation, name))
    observation = _read(body, source, content_type)
    proposed = ProposedSource(
        kind=str(source.kind), url=source.url, publisher=source.publisher, locale=source.locale,
        currency=source.currency, currency_note=note, expect=source.expect, recipe=recipe, render=question.render,
    )  # fmt: skip
    vendor = ProposedVendor(
        slug=_sound_slug(name, question.url), name=name, homepage=homepage(question.url),
        product_slug=_sound_slug(name, question.url), product_name=name, source=proposed, categories=question.categories,
    )  # fmt: skip
    return Proposal(observation=observation, source=proposed, vendor=vendor)


def known_vendor(registry: Registry, question: Question) -> Vendor | None:
    """The registered vendor that a page belongs to: by its host, and for a page of reviews by its name."""
    if question.kind is SourceKind.REVIEWS:
        wanted = {slug(question.name), question.name.casefold()} if question.name else set()
        return next((vendor for vendor in registry.vendors if wanted & _names(vendor)), None)
    host = _host(question.url)
    return next((vendor for vendor in registry.vendors if any(_related(host, one) for one in _hosts(vendor))), None)


def place_for(vendor: Vendor, proposal: Proposal) -> Product | None:
    """The product of a vendor that has no source of this kind and publisher yet; None where it must be a product of its own."""
    assert proposal.vendor is not None
    assert proposal.source is not None
    wanted = (proposal.source.kind, proposal.source.publisher)
    free = [one for one in vendor.products if wanted not in {(source.kind, source.publisher) for source in one.sources}]
    named = [one for one in free if one.slug == proposal.vendor.product_slug]
    return named[0] if named else free[0] if free and len(vendor.products) == 1 else None


def loader_problems(name: str, text: str, others: Iterable[Path] = ()) -> list[str]:
    """What the registry's loader finds wrong with a vendor file's text beside these other files, a line for each fault."""
    with tempfile.TemporaryDirectory(prefix="proposed-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        _, problems = read_files([*(one for one in others if one.name != name), path])
    return [problem.replace(str(path), name) for problem in problems if str(path) in problem]


def _asked(question: Question, locale: str) -> Source:
    publisher = slug(host_label(question.url)) if question.kind is SourceKind.REVIEWS else None
    return Source(
        id="proposed", vendor="proposed", product="proposed", kind=question.kind, url=question.url, publisher=publisher,
        locale=locale, render=question.render,
    )  # fmt: skip


def _read(body: bytes, source: Source, content_type: str | None) -> Observation:
    return read_page(
        body, url=source.url, kind=source.kind, locale=source.locale, currency=source.currency, content_type=content_type,
        expect=source.expect, recipe=source.recipe, publisher=source.publisher,
    )  # fmt: skip


def _with_currency(
    body: bytes, source: Source, recipe: Recipe | None, document: Document, content_type: str | None
) -> tuple[Source, str]:
    """The source with its recipe and with what a bare $ means there, and how that is known."""
    source = replace(source, recipe=recipe)
    stated = stated_currency(document)
    currency, note = find_currency(_read(body, source, content_type), source.url, stated)
    return replace(source, currency=currency), note


def _has_facts(observation: Observation) -> bool:
    return bool(observation.terms or observation.ratings or observation.plans)


def _why_not(observation: Observation, question: Question) -> str:
    """The first reason why nothing can be proposed, with what to do."""
    told = observation.diagnostics[0] if observation.diagnostics else None
    if told is None:
        return f"{observation.outcome}: {question.url} says nothing that can be watched"
    if told.code == "script_only" and question.render is None:
        return (
            f"script_only: {question.url} shows no price before its scripts run; check that it is the page with the "
            "prices, or try again with --render browser"
        )
    if told.code in _DIAGNOSED:
        return (
            f"no_facts: no plan, price or rating was recognised on {question.url}, and no simple selector finds any; "
            "check that it is the page that shows the prices"
        )
    return f"{told.code}: {told.message}"


def _sound_slug(name: str, url: str) -> str:
    """A slug that the loader accepts, from the name or else from the host."""
    label = slug(host_label(url))
    candidates = (slug(name)[:64].rstrip("-"), label, f"{label}-vendor", "vendor")
    return next(one for one in candidates if one and check_slug(one) is None)


def _names(vendor: Vendor) -> set[str]:
    products = {name for product in vendor.products for name in (product.slug, product.name.casefold())}
    return {vendor.slug, vendor.name.casefold(), *products}


def _hosts(vendor: Vendor) -> set[str]:
    sources = (source for product in vendor.products for source in product.sources)
    return {_host(vendor.homepage), *(_host(source.url) for source in sources if source.kind is not SourceKind.REVIEWS)}


def _host(url: str) -> str:
    return (urlsplit(url).netloc.rpartition("@")[2]).casefold().removeprefix("www.")


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
