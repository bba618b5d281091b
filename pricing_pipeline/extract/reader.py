"""The way in: one page's bytes to one observation. Every way of reading is tried; what they find is reconciled and verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pricing_pipeline.extract import no_page
from pricing_pipeline.extract.announced import read_announcements
from pricing_pipeline.extract.announced_tables import cards_to_come, dated_drafts, split_dated, tables_to_come
from pricing_pipeline.extract.announced_tables import merged as merged_announcements
from pricing_pipeline.extract.boxes import with_boxes
from pricing_pipeline.extract.card import Card, Group
from pricing_pipeline.extract.cards import find_groups
from pricing_pipeline.extract.cohort_notes import read_cohorts
from pricing_pipeline.extract.cohorts import for_everybody
from pricing_pipeline.extract.definitions import read_definitions
from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.extract.embedded import read_embedded
from pricing_pipeline.extract.language import page_locale
from pricing_pipeline.extract.offers import read_marks, read_offers
from pricing_pipeline.extract.on_request import plan_on_request
from pricing_pipeline.extract.page import Draft, Page, stated_currency
from pricing_pipeline.extract.plans import Found, merged, plans_of_cards, told_apart
from pricing_pipeline.extract.prose import read_prose
from pricing_pipeline.extract.recipe import Cooked, read_rating_recipe, read_recipe
from pricing_pipeline.extract.reconcile import reconcile
from pricing_pipeline.extract.reviews import read_ratings
from pricing_pipeline.extract.sentences import told_plans
from pricing_pipeline.extract.shop import goods
from pricing_pipeline.extract.single import metered_plan, plan_of_options, single_plan, split_options, unpriced_plan
from pricing_pipeline.extract.structured import Structured, read_structured
from pricing_pipeline.extract.tables import read_tables
from pricing_pipeline.extract.version import extractor_version
from pricing_pipeline.extract.walls import classify
from pricing_pipeline.facts import Diagnostic, Observation, Outcome, PriceKind, Recipe, SourceKind, Surface, TermKind
from pricing_pipeline.recognition import ANCHORS_MISSING

EXTRACTOR_VERSION = extractor_version()


def read_page(
    body: bytes,
    *,
    url: str,
    kind: SourceKind | str,
    locale: str = "",
    currency: str | None = None,
    content_type: str | None = None,
    expect: Sequence[str] = (),
    recipe: Recipe | None = None,
    publisher: str | None = None,
) -> Observation:
    """What a page says, with evidence for every fact; where it says nothing, a diagnostic says why.

    `locale` is how its numbers are written (empty: as the page itself declares), `currency` what a bare dollar sign means there,
    `expect` the text that the page must hold to count as that page. A page of plans without it is read all the same, for whoever
    knows which plans are to be expected (see `recognition`).
    Raises ExtractError for bytes that are too big or too deep to be read.
    """
    document = read_document(body, content_type=content_type, ignore=recipe.ignore if recipe else ())
    wall = classify(document)
    if wall is not None and wall.code in (Outcome.BLOCKED, Outcome.WRONG_PAGE):
        return Observation(extractor_version=EXTRACTOR_VERSION, outcome=Outcome(wall.code), diagnostics=(wall,))
    page = Page(
        document=document, url=url, locale=page_locale(document, locale), currency=currency or stated_currency(document)
    )
    structured = read_structured(document)
    if kind == SourceKind.REVIEWS:
        observation = _reviews(page, structured, recipe, publisher)
    elif kind == SourceKind.ANNOUNCEMENT:
        news = [*read_announcements(page, (), is_news=True), *tables_to_come(page, is_news=True)]
        observation = Observation(
            extractor_version=EXTRACTOR_VERSION, announcements=merged_announcements(news, document)
        )
    else:
        observation = _pricing(page, structured, recipe)
    if not (observation.plans or observation.terms or observation.ratings or observation.announcements):
        stranger = no_page.described(body, url)
        if stranger is not None:
            outcome = Outcome(stranger.code)
            return Observation(extractor_version=EXTRACTOR_VERSION, outcome=outcome, diagnostics=(stranger,))
    return _with_anchors(page, expect, _explained(page, observation, wall, kind))


def _with_anchors(page: Page, expect: Sequence[str], observation: Observation) -> Observation:
    """The observation where the page holds its anchors; else that it is the wrong page, with the plans that it offers."""
    missing = _missing(page.document, expect)
    if not missing:
        return observation
    is_offer = bool(observation.plans) and observation.outcome is Outcome.FETCHED
    told = Diagnostic(
        code=ANCHORS_MISSING if is_offer else str(Outcome.WRONG_PAGE),
        message=f"{page.url}: the page does not hold {', '.join(map(repr, missing))}; check the source's address",
    )
    if not is_offer:
        return Observation(extractor_version=EXTRACTOR_VERSION, outcome=Outcome.WRONG_PAGE, diagnostics=(told,))
    return replace(observation, outcome=Outcome.WRONG_PAGE, diagnostics=(told, *observation.diagnostics))


def _missing(document: Document, anchors: Sequence[str]) -> list[str]:
    """The anchors that a page does not hold, capitals and white space apart."""
    held = f"{document.title}\n{' '.join(document.text.split())}".casefold() if anchors else ""
    return [anchor for anchor in anchors if " ".join(anchor.split()).casefold() not in held]


def _reviews(page: Page, structured: Structured, recipe: Recipe | None, publisher: str | None) -> Observation:
    cooked = read_rating_recipe(page, recipe) if recipe is not None else Cooked()
    read = read_ratings(page.document, structured, publisher=publisher, locale=page.locale)
    if cooked.ratings:
        read = replace(read, ratings=tuple(replace(rating, publisher=publisher) for rating in cooked.ratings))
    held = tuple(
        rating for rating in read.ratings if page.document.holds(rating.evidence.quote, rating.evidence.surface)
    )
    lost = tuple(
        Diagnostic(
            code="low_confidence",
            message=f"a rating left out, its quote is not on the {rating.evidence.surface} surface: "
            f"{rating.evidence.quote[:80]!r}",
        )
        for rating in read.ratings
        if rating not in held
    )
    return Observation(
        extractor_version=EXTRACTOR_VERSION,
        ratings=held,
        diagnostics=(*cooked.diagnostics, *structured.diagnostics, *read.diagnostics, *lost),
    )


def _pricing(page: Page, structured: Structured, recipe: Recipe | None) -> Observation:
    cooked = read_recipe(page, recipe) if recipe is not None else Cooked()
    groups = _whole(page, find_groups(page.document))
    boxed = with_boxes(page.document) if not groups else None
    if boxed is not None:
        page = replace(page, document=boxed)
        groups = _whole(page, find_groups(boxed))
    groups, later = split_dated(groups)
    found, drafts = _stated(page, groups, structured, cooked)
    told = goods(page.document, found, drafts) if not cooked.plans else None
    if told is not None:
        cooked.diagnostics.append(told)
        found, drafts = [], []
    drafts = for_everybody([draft for plan in found for draft in plan.drafts] + drafts)
    drafts = dated_drafts(groups, drafts)
    drafts += read_definitions(page, drafts)
    result = reconcile(drafts, page.document)
    return Observation(
        extractor_version=EXTRACTOR_VERSION,
        plans=tuple(plan.plan() for plan in found),
        terms=result.terms,
        announcements=merged_announcements(
            [*read_announcements(page, found), *cards_to_come(page, later), *tables_to_come(page)], page.document
        ),
        cohorts=read_cohorts(page, found, groups),
        conflicts=result.conflicts,
        diagnostics=(*cooked.diagnostics, *structured.diagnostics, *result.diagnostics),
    )


def _stated(
    page: Page, groups: Sequence[Group], structured: Structured, cooked: Cooked
) -> tuple[list[Found], list[Draft]]:
    """The plans of a page, and what it states beside their own drafts. A way of reading that guesses more comes later."""
    is_whole = page.document.is_complete
    found = cooked.plans or _shown(page, groups)
    # What a cut-off page still holds may be parts of cards: only whole cards are read.
    drafts = read_tables(page, found, groups) if is_whole else []
    if not found and is_whole:
        found = _first(single_plan(page)) or told_plans(page) or read_embedded(page)
    elif is_whole and not cooked.plans:
        found = [*found, *_first(plan_on_request(page, groups, found))]
    drafts += read_offers(found, structured.offers)
    if is_whole:
        drafts += read_prose(page, found, [(group.start, group.end) for group in groups])
    if not found:
        found = _first(metered_plan(drafts))
    if not (found or drafts) and is_whole:
        found = _first(unpriced_plan(page))
    return merged(found), drafts


def _first(plan: Found | None) -> list[Found]:
    return [plan] if plan is not None else []


def _whole(page: Page, groups: Sequence[Group]) -> list[Group]:
    """Groups without the card that a cut-off page may have cut through."""
    if page.document.is_complete:
        return list(groups)
    last = len(page.document.blocks)
    kept = [replace(group, cards=tuple(card for card in group.cards if card.end < last)) for group in groups]
    return [group for group in kept if group.cards]


def _shown(page: Page, groups: Sequence[Group]) -> list[Found]:
    """The plans that a page's cards show."""
    cards, options = split_options(told_apart(groups))
    found = plans_of_cards(page, cards)
    _with_marks(page, cards, found)
    if options is not None and page.document.is_complete:
        plan = plan_of_options(page, options)
        found.extend([plan] if plan is not None else [])
    return found


def _with_marks(page: Page, cards: Sequence[Card], found: Sequence[Found]) -> None:
    by_slug = {plan.slug: plan for plan in found}
    monthly = {
        plan.slug: draft.term
        for plan in found
        for draft in reversed(plan.drafts)
        if draft.term.term is TermKind.RECURRING_FEE
        and draft.term.billing_period == "month"
        and draft.term.evidence.surface is Surface.VISIBLE
        and draft.term.price_kind is PriceKind.STANDARD
    }
    marks: list[Draft] = list(read_marks(page, cards, monthly))
    for draft in marks:
        by_slug[str(draft.term.plan)].drafts.append(draft)


def _explained(page: Page, observation: Observation, wall: Diagnostic | None, kind: SourceKind | str) -> Observation:
    """The observation with its outcome, and with a reason where it holds no facts."""
    told = list(observation.diagnostics)
    outcome = Outcome.FETCHED
    if not page.document.is_complete:
        outcome = Outcome.INCOMPLETE
        told.append(
            Diagnostic(
                code=str(outcome), message=f"{page.url}: the page ends in the middle; what was cut off is not known"
            )
        )
    if not (observation.plans or observation.terms or observation.ratings or observation.announcements):
        told.append(wall or _why_nothing(page, kind))
    return replace(observation, outcome=outcome, diagnostics=tuple(told))


def _why_nothing(page: Page, kind: SourceKind | str) -> Diagnostic:
    drawn = (
        any(len(text) > 40 for kind, _, text in page.document.scripts if "json" not in kind)
        or page.document.soup.find("script", src=True) is not None
    )
    if drawn:
        return Diagnostic(
            code="script_only",
            message=f"{page.url}: no facts in the page before its scripts run; set render: browser for this source",
        )
    if kind == SourceKind.ANNOUNCEMENT:
        return Diagnostic(code="no_facts", message=f"{page.url}: no change of terms is announced for a stated day")
    return Diagnostic(
        code="no_facts",
        message=f"{page.url}: no plan, price or rating was recognised; check the address or write a recipe",
    )
