"""What a page promises some customers only, beside the changes that it goes with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pricing_pipeline.facts import Cohort, Lever
from pricing_pipeline.results import Change, Offer

_PRICED = frozenset({Lever.HEADLINE, Lever.ALLOWANCE, Lever.UNIT_PRICE, Lever.UNIT, Lever.METER})
_LONGEST = 240


def with_cohorts(changes: Iterable[Change], before: Offer, after: Offer) -> tuple[Change, ...]:
    """Changes of price with what the page says of customers who are spared them, word for word.

    Meant is what the page says since this step, and what it has said longer of a day that is still to come.
    """
    known = {(one.plan, one.evidence.quote) for one in before.cohorts}
    fresh = [one for one in after.cohorts if (one.plan, one.evidence.quote) not in known]
    return tuple(
        _told(change, [one for one in after.cohorts if one in fresh or _lasts(one, change.observed_at)])
        for change in changes
    )


def _lasts(cohort: Cohort, moment: datetime) -> bool:
    return cohort.until is not None and cohort.until >= moment.date()


def _told(change: Change, cohorts: Sequence[Cohort]) -> Change:
    if change.lever not in _PRICED:
        return change
    quotes = [_cut(one.evidence.quote) for one in cohorts if None in (one.plan, change.plan) or one.plan == change.plan]
    if not quotes:
        return change
    return replace(change, verdict=f"{change.verdict}; for some customers the page says: {' '.join(quotes)}")


def _cut(quote: str) -> str:
    said = " ".join(quote.split())
    return f"“{said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + '…'}”"
