"""A recipe for a page that was redesigned: what history knows of its plans is looked for in the page as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bs4 import Tag

from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.language import page_locale
from pricing_pipeline.extract.page import Page, stated_currency
from pricing_pipeline.facts import Observation, Outcome, Plan, Recipe, Source, State
from pricing_pipeline.propose.places import Place, find_places, holding_amount, says
from pricing_pipeline.propose.selectors import children_of_one, distinct, select, shared, within
from pricing_pipeline.propose.trial import Trial, priced, trials, try_recipe, values
from pricing_pipeline.results import Offer

MOST_CANDIDATES = 24
MOST_CONTAINERS = 20
# A trial reads the whole page: some 20 ms, and 300 on the largest.
MOST_REFINED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What came of looking. `recipe` is None where there is nothing to propose, and `reason` says why.

    `before` is how the page is read now, `after` how it would be by the recipe; a recipe without selectors stands for
    reading the page generically again. `named` and `gone` are the known plans that the page names and does not name;
    `lost_anchors` what the source expects and the page does not hold, so that it counts as another page until that is put right.
    """

    before: Observation
    recipe: Recipe | None = None
    after: Observation | None = None
    named: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reason: str = ""
    is_needed: bool = True
    lost_anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    page: Page
    known: Offer
    places: dict[str, tuple[Place, ...]]


def repair(body: bytes, source: Source, known: Offer, *, content_type: str | None = None) -> Repair:
    """The recipe by which a page gives the most of what is known of it; none where that is no more than it gives now.

    A recipe is proposed only where the page itself still says known plans beside known values.
    Raises ExtractError for bytes that cannot be read as a page.
    """
    before = try_recipe(body, source, source.recipe, content_type=content_type)
    if before.outcome is not Outcome.FETCHED:
        said = before.diagnostics[0].message if before.diagnostics else str(before.outcome)
        return Repair(before=before, reason=f"the last capture is no whole page to learn from: {said}")
    if not known.plans:
        return Repair(before=before, reason="history knows no plan of this product to look for")
    ignore = source.recipe.ignore if source.recipe else ()
    document = read_document(body, content_type=content_type, ignore=ignore)
    currency = source.currency or stated_currency(document)
    page = Page(document=document, url=source.url, locale=page_locale(document, source.locale), currency=currency)
    named = tuple(plan.name for plan in known.plans if says(document, plan.name))
    gone = tuple(plan.name for plan in known.plans if plan.name not in named)
    text = f"{document.title} {' '.join(document.text.split())}".casefold()
    lost = tuple(anchor for anchor in source.expect if " ".join(anchor.split()).casefold() not in text)
    found = Repair(before=before, named=named, gone=gone, lost_anchors=lost)
    if not named:
        return replace(
            found, reason=f"the page does not name {_listed(gone)} any more, so nothing shows where its plans stand"
        )
    if {plan.slug for plan in known.plans if plan.name in named} <= {plan.slug for plan in priced(before)}:
        why = f"the last capture gives {_listed(named)} with their prices as it is read now"
        return replace(found, reason=why + _anchors_told(lost), is_needed=bool(lost))
    search = _Search(page=page, known=known, places=find_places(page, known.plans))
    return _best(found, search, body, source, content_type)


def _best(found: Repair, search: _Search, body: bytes, source: Source, content_type: str | None) -> Repair:
    recipes = [Recipe()] if source.recipe else []
    containers = _containers(search)
    recipes += [Recipe(plan=plan) for plan in containers]
    recipes += [recipe for plan in containers[:MOST_REFINED] for recipe in _refined(search, plan)]
    ignore = source.recipe.ignore if source.recipe else ()
    tried = trials(body, source, [replace(recipe, ignore=ignore) for recipe in recipes], content_type=content_type)
    worth = _worth(search.known, found.before)
    better = [
        trial
        for trial in tried
        if _is_safe(search.known, trial)
        and (source.recipe is not None or _keeps(found.before, trial.observation))
        and _worth(search.known, trial.observation) > worth
    ]
    if not better:
        return replace(
            found,
            reason=f"the page names {_listed(found.named)}, but no selector was found by which the reader gets a plan "
            "together with a value that is known of it; look at the page and write a recipe by hand",
        )
    best = max(better, key=lambda trial: (_worth(search.known, trial.observation), -_selectors(trial.recipe)))
    return replace(found, recipe=best.recipe, after=best.observation)


def _containers(search: _Search) -> list[str]:
    """Selectors for what each plan stands in, those that find the most known plans and the least besides first."""
    first = min((places for places in search.places.values() if places), key=len, default=())
    ranked: list[tuple[int, int, str]] = []
    for place in first:
        outermost_first = list(reversed(place.around))
        proposed = [selector for node in outermost_first for selector in shared([node])]
        for selector in distinct([*proposed, *_by_parent(search)]):
            nodes = select(search.page.document.soup, selector)
            covered = sum(1 for places in search.places.values() if _covering(places, nodes) is not None)
            if covered and len(nodes) <= MOST_CONTAINERS:
                ranked.append((-covered, len(nodes) - covered, selector))
    ordered = sorted(ranked, key=lambda item: item[:2])
    return distinct(selector for _, _, selector in ordered)[:MOST_CANDIDATES]


def _by_parent(search: _Search) -> Iterator[str]:
    """By the parent that all plans share: where each plan's first place has its outermost element there."""
    outermost = [places[0].around[-1] for places in search.places.values() if places]
    if len(outermost) > 1:
        yield from children_of_one(outermost)


def _covering(places: Sequence[Place], nodes: Sequence[Tag]) -> tuple[Place, Tag] | None:
    """The one element among these that stands around a place of the plan; None where none does, or several do."""
    chosen = {id(node) for node in nodes}
    hits = [(place, node) for place in places for node in place.around if id(node) in chosen]
    return hits[0] if len({id(node) for _, node in hits}) == 1 else None


def _refined(search: _Search, plan: str) -> Iterator[Recipe]:
    """Recipes with this selector for plans, and selectors for name and price within."""
    nodes = select(search.page.document.soup, plan)
    covered = [hit for places in search.places.values() if (hit := _covering(places, nodes)) is not None]
    containers = [node for _, node in covered]
    names = list(within(containers, [place.node for place, _ in covered]))[:2]
    prices = _prices(search, covered)[:2]
    for name in names:
        yield Recipe(plan=plan, name=name)
        for price in prices:
            yield Recipe(plan=plan, name=name, price=price)
    for price in prices:
        yield Recipe(plan=plan, price=price)


def _prices(search: _Search, covered: Sequence[tuple[Place, Tag]]) -> list[str]:
    """Selectors for where the known fees stand in each container; none where one of them is not there."""
    pairs = []
    for place, container in covered:
        known = [term for term in search.known.terms if term.plan == place.plan.slug]
        node = holding_amount(search.page, container, known)
        if node is not None:
            pairs.append((container, node))
    return list(within([container for container, _ in pairs], [node for _, node in pairs])) if pairs else []


def _is_safe(known: Offer, trial: Trial) -> bool:
    """Whether a reading rests on what is known: a value of a known plan is there again, and no conflict."""
    plans = frozenset(plan.slug for plan in known.plans)
    fees = values(known, plans) & values(trial.observation, plans)
    stated = any(term.amount is not None and term.plan in plans for term in known.terms)
    telling = [value for value in fees if value[4] is not None or value[5] is not None]
    return bool(telling or (fees and not stated)) and not trial.observation.conflicts


def _keeps(before: Observation, after: Observation) -> bool:
    """Whether every plan that the page gives with its price without a recipe is given with one too."""
    return {plan.slug for plan in priced(before)} <= {plan.slug for plan in priced(after)}


def _worth(known: Offer, observation: Observation) -> tuple[int, int, int]:
    """How much of what is known a reading gives again, and how little it makes up: more is better."""
    slugs = frozenset(plan.slug for plan in known.plans)
    again = [plan for plan in priced(observation) if plan.slug in slugs]
    same = values(known, slugs) & values(observation, slugs)
    unpriced = [plan for plan in observation.plans if plan not in priced(observation)]
    return (len(again), len(same), -len(unpriced) - sum(1 for plan in observation.plans if _is_bare(plan, observation)))


def _is_bare(plan: Plan, observation: Observation) -> bool:
    return plan.state is State.STATED and not any(term.plan == plan.slug for term in observation.terms)


def _anchors_told(lost: Sequence[str]) -> str:
    return f", but {_listed(lost)} of `expect` is not on the page: correct `expect` in the vendor file" if lost else ""


def _selectors(recipe: Recipe) -> int:
    return sum(1 for selector in (recipe.plan, recipe.name, recipe.price, recipe.period, recipe.terms) if selector)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
