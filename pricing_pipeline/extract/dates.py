"""Reading days out of sentences and out of what a page says of itself. A day that could be two days is no day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pricing_pipeline.extract.document import Document
from pricing_pipeline.facts import Surface

_NAMES = (
    "january jan januar janvier enero janeiro gennaio januari",
    "february feb februar février febrero fevereiro febbraio februari",
    "march mar märz mars marzo março maart",
    "april apr avril abril aprile",
    "may mai mayo maio maggio mei",
    "june jun juni juin junio junho giugno",
    "july jul juli juillet julio julho luglio",
    "august aug août agosto augustus",
    "september sept sep septembre septiembre setembro settembre",
    "october oct oktober octobre octubre outubro ottobre",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dezembro dicembre",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TH = r"(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:,?\s+|\s+(?:of|de|del|di)\s+|\s*,\s*)(?P<{}>20\d\d)(?![\d.]\d)"
_DATE = re.compile(
    rf"\b(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?!\d|[.,]\d){_TH}(?!\w)(?:{_YEAR.format('y1')})?"
    rf"|(?<![\w.,$€£/-])(?P<d2>\d{{1,2}}){_TH}\s+(?:of\s+|de\s+)?(?P<m2>{_MONTH})\b\.?(?:{_YEAR.format('y2')})?"
    r"|(?<![\w./-])(?P<y3>20\d\d)(?P<s3>[-/])(?P<n3>\d{1,2})(?P=s3)(?P<d3>\d{1,2})(?![\w/-])"
    r"|(?<![\w./-])(?P<a4>\d{1,2})(?P<s4>[-/.])(?P<b4>\d{1,2})(?P=s4)(?P<y4>20\d\d)(?![\w/-])",
    re.IGNORECASE,
)
_DATED = re.compile(r"^\W*(?:published|posted|updated|announced|last updated)\b[\s:]*(?:on|at)?[\s:]*", re.IGNORECASE)
_META = ("article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dcterms.date", "pubdate")
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"(20\d\d-\d\d-\d\d)')
_LONGEST = 200
# A day without a year is the one nearest to the day of the page; half a year away it could be either.
_NEAR = timedelta(days=170)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names, and where: from `start` up to `end`."""

    day: date
    start: int
    end: int


def read_days(text: str, *, written: date | None = None) -> Iterator[Day]:
    """The days that a text names, in order. One without a year is read only where the day of writing is known.

    "01/10/2026" is two days, in the USA and elsewhere, and so none; "13/10/2026" is one.
    """
    for match in _DATE.finditer(text):
        day = _day(match, written)
        if day is not None:
            yield Day(day, match.start(), match.end())


def _day(match: re.Match[str], written: date | None) -> date | None:
    part = match.groupdict()
    if part["a4"] is not None:
        return _numeric(int(part["a4"]), int(part["b4"]), int(part["y4"]), part["s4"])
    named = part["m1"] or part["m2"]
    month = _MONTHS[named.lower()] if named else int(part["n3"])
    number = int(part["d1"] or part["d2"] or part["d3"])
    year = part["y1"] or part["y2"] or part["y3"]
    if year is not None:
        return _date(int(year), month, number)
    # Without a year, "may 5" may be a permission; the month has a capital.
    return _nearest(month, number, written) if written is not None and named and named[:1].isupper() else None


def _numeric(first: int, second: int, year: int, sign: str) -> date | None:
    """Three numbers: dots are only written day first; with other signs the day must be seen to be one."""
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if sign == "." or month_first is None:
        return day_first
    return month_first if day_first in (None, month_first) else None


def _nearest(month: int, number: int, written: date) -> date | None:
    candidates = (_date(written.year + step, month, number) for step in (-1, 0, 1))
    near = [day for day in candidates if day is not None and abs(day - written) <= _NEAR]
    return near[0] if len(near) == 1 else None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def written_on(document: Document) -> date | None:
    """The day on which a page says it was written; None where it names none, or several."""
    for days in (_in_head(document), _in_times(document), _in_lines(document)):
        if days:
            return days.pop() if len(days) == 1 else None
    return None


@lru_cache(maxsize=1024)
def heading_day(heading: str) -> date | None:
    """The day of an entry of a changelog, by its heading: "3 March 2026", "Released on March 3, 2026"."""
    days = {found.day for found in read_days(heading)} if len(heading) <= _LONGEST else set()
    return days.pop() if len(days) == 1 else None


def _in_head(document: Document) -> set[date]:
    found = {
        str(node.get("content") or "")[:10]
        for node in document.tags
        if node.name == "meta"
        and str(node.get("property") or node.get("name") or node.get("itemprop") or "").casefold() in _META
    }
    for _, _, text in document.scripts:
        found |= set(_PUBLISHED.findall(text))
    return {day for text in found for day in _iso(text)}


def _in_times(document: Document) -> set[date]:
    nodes = [tag for tag in document.tags if tag.name == "time"]
    return {day for node in nodes for day in _iso(str(node.get("datetime") or "")[:10])}


def _in_lines(document: Document) -> set[date]:
    lines = (
        block.text
        for block in document.blocks
        if block.surface is Surface.VISIBLE and len(block.text) <= _LONGEST and block.region != "footer"
    )
    found = ((text, lead) for text in lines if (lead := _DATED.match(text)))
    return {day.day for text, lead in found for day in read_days(text) if day.start <= lead.end() + 1}


def _iso(text: str) -> Iterator[date]:
    try:
        yield date.fromisoformat(text)
    except ValueError:
        return
