"""Whether a page without the words that it should hold is that page all the same: it is, where it offers the known plans.

A vendor takes a free plan away or gives a plan another name, and just the words are gone by which people know the page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pricing_pipeline.facts import Diagnostic, Observation, Outcome

# What the reader says of a page without its words, and what becomes of it beside the plans that were known.
ANCHORS_MISSING = "anchors_missing"
ANCHORS_OUTDATED = "anchors_outdated"
HARDLY_KNOWN = "hardly_known"


def recognised(observation: Observation, known: Collection[str]) -> Observation:
    """The observation of a page without its words, as what it is beside the plans (slugs) accepted of its source last.

    With half of them or more it is the page, and the words are out of date (`anchors_outdated`); with fewer it may be
    (`hardly_known`, for the gate to hold); with none it is another page, and nothing that it says is kept. Any other
    observation is given back as it is.
    """
    if not any(one.code == ANCHORS_MISSING for one in observation.diagnostics):
        return observation
    kept = len({plan.slug for plan in observation.plans} & set(known))
    if not kept:
        return Observation(
            extractor_version=observation.extractor_version,
            outcome=Outcome.WRONG_PAGE,
            diagnostics=_named(observation, str(Outcome.WRONG_PAGE))[:1],
        )
    code = ANCHORS_OUTDATED if 2 * kept >= len(set(known)) else HARDLY_KNOWN
    return replace(observation, outcome=Outcome.FETCHED, diagnostics=_named(observation, code))


def _named(observation: Observation, code: str) -> tuple[Diagnostic, ...]:
    """The diagnostics, that of the missing words first and under another code."""
    said = observation.diagnostics
    missing = [replace(one, code=code) for one in said if one.code == ANCHORS_MISSING]
    return (*missing, *(one for one in said if one.code != ANCHORS_MISSING))
