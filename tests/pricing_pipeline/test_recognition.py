"""A page without the words that it should hold is known again by its plans, or it is another page."""

import pytest

from pricing_pipeline.facts import Diagnostic, Evidence, Observation, Outcome, Plan, State
from pricing_pipeline.recognition import ANCHORS_MISSING, recognised

MISSING = Diagnostic(code=ANCHORS_MISSING, message="the page does not hold 'Free'")
BESIDE = Diagnostic(code="script_only", message="something else")


def page(*plans: str, said: tuple[Diagnostic, ...] = (MISSING, BESIDE)) -> Observation:
    """What was read of a page that offers these plans."""
    evidence = Evidence(locator="div", quote="a plan")
    return Observation(
        extractor_version="1",
        outcome=Outcome.WRONG_PAGE if MISSING in said else Outcome.FETCHED,
        plans=tuple(Plan(slug=plan, name=plan.title(), state=State.STATED, evidence=evidence) for plan in plans),
        diagnostics=said,
    )


@pytest.mark.parametrize(
    ("offers", "code"),
    [
        (("solo", "team"), "anchors_outdated"),
        (("solo", "team", "scale"), "anchors_outdated"),
        (("solo", "scale"), "hardly_known"),
    ],
)
def test_a_page_without_its_words_is_read_where_it_offers_plans_that_stand(offers: tuple[str, ...], code: str) -> None:
    """The free plan, by whose name the page was known, is gone: just what must be told."""
    seen = recognised(page(*offers), {"free", "solo", "team"})

    assert (Outcome.FETCHED, offers) == (seen.outcome, tuple(plan.slug for plan in seen.plans))
    assert [code, "script_only"] == [one.code for one in seen.diagnostics]


@pytest.mark.parametrize("known", [(), ("free", "solo", "team")])
def test_a_page_without_its_words_and_without_a_known_plan_is_another_page(known: tuple[str, ...]) -> None:
    seen = recognised(page("hosting", "domains"), known)

    assert (Outcome.WRONG_PAGE, ()) == (seen.outcome, seen.plans)
    assert [("wrong_page", MISSING.message)] == [(one.code, one.message) for one in seen.diagnostics]


def test_a_page_that_holds_its_words_is_left_as_it_is() -> None:
    seen = page("solo", said=(BESIDE,))

    assert seen is recognised(seen, ())
