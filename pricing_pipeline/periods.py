"""Bringing what is charged each year, quarter … to a month."""

from __future__ import annotations

import re
from decimal import Decimal

from pricing_pipeline.facts import Term

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_NAMED = {("month", 3): "quarter", ("month", 6): "half_year", ("month", 12): "year"}
# How the counts of "every other week" and "every two years" are spelled.
SPELLED = {
    "other": 2,
    "second": 2,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
    "twelve": 12,
}
_SEVERAL = re.compile(r"([1-9]\d{0,2})_(month|year)s?")


def months(period: str | None) -> Decimal | None:
    """How many months a period has; None where it is not a whole number of them (day, week, hour) or not known."""
    if period is None:
        return None
    if period in _MONTHS:
        return Decimal(_MONTHS[period])
    several = _SEVERAL.fullmatch(period)
    return Decimal(int(several.group(1)) * _MONTHS[several.group(2)]) if several else None


def several(count: int, unit: str) -> str:
    """The period of so many days, weeks, months or years: `quarter`, `4_weeks`, `2_years`.

    Four weeks are no month: thirteen of them make a year.
    """
    return unit if count == 1 else _NAMED.get((unit, count)) or f"{count}_{unit}s"


def monthly_quantity(term: Term) -> Decimal | None:
    """What an allowance or limit comes to in a month; None where that cannot be told."""
    if term.quantity is None:
        return None
    length = months(term.billing_period) if term.billing_period else Decimal(1)
    return None if length is None else term.quantity / length


def in_words(period: str) -> str:
    """A period after "per": `year`, `half year`, `2 years`."""
    return period.replace("_", " ")


def preference(period: str | None, commitment: str | None) -> tuple[int, str, str]:
    """The order in which the offers of one price are taken: month by month first, then monthly with a longer
    commitment, then longer periods.

    Offers are not mixed: a twelfth of the annual price never stands in for a monthly price that is stated.
    """
    if period in ("month", None):
        place = {None: 0, "month": 0, "year": 1}.get(commitment, 2)
    else:
        place = 3 if period == "year" else 4 if months(period) else 5
    return (place, "" if place == 0 else period or "", "" if place == 0 else commitment or "")
