"""Reading tables of graduated and volume rates: "First 1,000 | Free", "1,001 - 10,000 | $0.01", "10,001+ | $0.005"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.extract.page import Page, storable
from pricing_pipeline.money import read_number

_FIGURE = r"(\d[\d.,  ]*)\s?(k|m|b|thousand|million|billion)?"
_UNIT = r"(?:\s+[a-z]\w*){0,3}"
_FIRST = re.compile(rf"^(?:the )?(?:first|up to|0\s*(?:-|–|to)|<=?|under|less than)\s*{_FIGURE}{_UNIT}$", re.IGNORECASE)
_NEXT = re.compile(rf"^(?:the )?next\s+{_FIGURE}{_UNIT}$", re.IGNORECASE)
_BETWEEN = re.compile(rf"^(?:from )?{_FIGURE}\s*(?:-|–|—|to|up to)\s*{_FIGURE}{_UNIT}$", re.IGNORECASE)
_ABOVE = re.compile(
    rf"^(?:(?:over|above|more than|beyond|>=?|after)\s*{_FIGURE}|{_FIGURE}\s*(?:\+|and (?:above|up|more|over)|"
    rf"or more)){_UNIT}$",
    re.IGNORECASE,
)
_FACTORS = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
    "b": 1_000_000_000,
    "billion": 1_000_000_000,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The quantities from above `low` up to and including `high`; no upper bound where `high` is None. `adds` says "next"."""

    low: Decimal
    high: Decimal | None
    adds: bool = False


def read_bands(page: Page, labels: Sequence[str]) -> list[Band] | None:
    """The bands that row labels name, one after the other; None where they are no unbroken row of bands."""
    bands: list[Band] = []
    for label in labels:
        band = _band(page, " ".join(label.split()), bands[-1] if bands else None)
        if band is None:
            return None
        bands.append(band)
    return bands if len(bands) > 1 else None


def _band(page: Page, label: str, before: Band | None) -> Band | None:
    """The band of a label. It must start where the one before ended, give or take the unit between "1,000" and "1,001"."""
    end = before.high if before else Decimal(0)
    if end is None:
        return None
    first, following, between, above = (
        _FIRST.match(label),
        _NEXT.match(label),
        _BETWEEN.match(label),
        _ABOVE.match(label),
    )
    if (
        between
        and (start := _figure(page, between, 1)) is not None
        and (stop := _figure(page, between, 3)) is not None
        and stop > start
        and start - end in (0, 1)
    ):
        return Band(low=end, high=stop)
    if first and before is None and (stop := _figure(page, first, 1)) is not None:
        return Band(low=Decimal(0), high=stop)
    if following and before is not None and (more := _figure(page, following, 1)) is not None:
        return Band(low=end, high=end + more, adds=True)
    if above and before is not None:
        start = _figure(page, above, 1) if above.group(1) else _figure(page, above, 3)
        return Band(low=end, high=None) if start is not None and start - end in (0, 1) else None
    return None


def _figure(page: Page, match: re.Match[str], group: int) -> Decimal | None:
    number = read_number(match.group(group).strip(" .,"), locale=page.locale)
    value = None if number is None else number * _FACTORS.get((match.group(group + 1) or "").lower(), 1)
    return value if storable(value) else None
