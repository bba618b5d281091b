"""Trying a recipe on a page: what the reader reads with it, and how that compares with what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, Plan, Recipe, Source, State, Surface, Term
from pricing_pipeline.results import Offer

Value = tuple[str | None, str, str | None, str, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A recipe, and what the page says when it is read by it."""

    recipe: Recipe
    observation: Observation

    @property
    def failed(self) -> tuple[str, ...]:
        """What the recipe's selectors did not find, in the reader's words."""
        return tuple(told.message for told in self.observation.diagnostics if told.code == "recipe_failed")


def try_recipe(body: bytes, source: Source, recipe: Recipe | None, *, content_type: str | None = None) -> Observation:
    """What a page says by a recipe, its anchors left aside. Raises ExtractError for bytes that cannot be read."""
    return read_page(
        body,
        url=source.url,
        kind=source.kind,
        locale=source.locale,
        currency=source.currency,
        content_type=content_type,
        recipe=recipe,
        publisher=source.publisher,
    )


def trials(
    body: bytes, source: Source, recipes: Sequence[Recipe], *, content_type: str | None = None
) -> tuple[Trial, ...]:
    """Each recipe tried on the page, in their order; those whose every selector finds something."""
    found = []
    for recipe in recipes:
        try:
            observation = try_recipe(body, source, recipe, content_type=content_type)
        except ExtractError:
            return ()
        trial = Trial(recipe=recipe, observation=observation)
        if not trial.failed:
            found.append(trial)
    return tuple(found)


def values(offer: Offer | Observation, plans: frozenset[str] | None = None) -> frozenset[Value]:
    """What an offer says at first sight of some plans (of all where None), in a form that can be compared."""
    return frozenset(
        _value(term)
        for term in offer.terms
        if term.evidence.surface is not Surface.INACTIVE_PANE and (plans is None or term.plan in plans)
    )


def priced(observation: Observation) -> tuple[Plan, ...]:
    """The plans of which an observation says what they cost, or that they are free or on request."""
    stated = {term.plan for term in observation.terms if term.amount is not None or term.state is State.FREE}
    return tuple(plan for plan in observation.plans if plan.slug in stated or plan.state is not State.STATED)


def _value(term: Term) -> Value:
    return (term.plan, str(term.term), term.metric, str(term.state), term.amount, term.quantity)
