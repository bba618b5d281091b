"""When a sentence says that something held: "until April 2026", "since 1 May 2026", "formerly"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from pricing_pipeline.claims.knowledge import BEGINNING, INSTANT, Window


class Relation(StrEnum):
    """How what is said relates to the date."""

    AT = "at"
    SINCE = "since"
    UNTIL = "until"
    BEFORE = "before"
    VERIFIED = "verified"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time in a text, from `start` to `end` of it; `first` and `last` are the days that the words cover.

    A PAST without a date ("formerly") has neither.
    """

    relation: Relation
    start: int
    end: int
    text: str
    first: date | None = None
    last: date | None = None

    def window(self, as_of: datetime) -> Window | None:
        """The stretch for which what is said must have held at some moment; None means as of now.

        "Until May" is said of the time before May and of the time through May alike.
        """
        if self.relation is Relation.PAST:
            return Window(BEGINNING, as_of)
        if self.first is None or self.last is None or self.relation in (Relation.SINCE, Relation.VERIFIED):
            return None
        opens, closes = moment(self.first), moment(self.last + timedelta(days=1)) - INSTANT
        if self.relation is Relation.BEFORE:
            return Window(BEGINNING, opens - INSTANT)
        return Window(opens - INSTANT if self.relation is Relation.UNTIL else opens, closes)


def moment(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), UTC)


_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = (
    rf"(?:(?P<iso>20\d\d-[01]\d(?:-[0-3]\d)?)|(?P<day1>[0-3]?\d)(?:st|nd|rd|"
    rf"th)?\s(?:of\s)?(?P<month1>{_MONTH})\.?,?\s(?P<year1>20\d\d)"
    rf"|(?P<month2>{_MONTH})\.?\s(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?,?\s(?P<year2>20\d\d)"
    rf"|(?P<month3>{_MONTH})\.?,?\s(?:of\s)?(?P<year3>20\d\d)|(?P<year4>20\d\d))(?![\d-])"
)
_EDGE = r"(?:(?:the\s)?(?:end|close|start|beginning|middle|early|late|mid|first)(?:\sof)?[\s-])?"
_WORDS = {
    Relation.VERIFIED: r"(?:last\s)?(?:verified|checked|reviewed|updated|confirmed|read)(?:\s(?:on|in|as\sof|at))?:?",
    Relation.SINCE: r"since|(?:starting|beginning|effective)(?:\s(?:from|on|in|as\sof))?|from|after|as\sfrom",
    Relation.UNTIL: r"until|till|up\s(?:to|until)|through|thru|as\slate\sas",
    Relation.BEFORE: r"before|prior\sto|earlier\sthan",
    Relation.AT: r"as\sof|during|in|on|at|by|for",
}
_FOUND = re.compile(
    r"(?:\b(?:"
    + "|".join(f"(?P<{relation.value}>{words})" for relation, words in _WORDS.items())
    + rf")\s)?(?<![\w$€£.,]){_EDGE}{_DATE}",
    re.IGNORECASE,
)
# A month without its year is the last one of that name.
_YEARLESS = re.compile(
    r"\b(?:"
    + "|".join(
        f"(?P<{relation.value}>{words})" for relation, words in _WORDS.items() if relation is not Relation.VERIFIED
    )
    + rf")\s{_EDGE}(?:(?:(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?)?(?P<month>{_MONTH})\b"
    r"(?!\.?,?\s(?:of\s)?(?:20\d\d|[0-3]?\d(?!\d)))(?!\s(?:be|not|also|have|need|want|cost))"
    rf"|(?P<us_month>{_MONTH})\.?\s(?P<us_day>[0-3]?\d)(?:st|nd|rd|th)?(?!\w|[.:]\d|,?\s20\d\d))",
    re.IGNORECASE,
)
# Without these there is nothing to be found, which is seen in a tenth of the time.
_A_YEAR, _A_MONTH = re.compile(r"20\d\d"), re.compile(_MONTH, re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:used\sto|formerly|previously|originally|in\sthe\spast|before\sthe\schange|at\sthe\stime|"
    r"back\sthen|before:|before\sthat"
    r"|(?:old|former|previous|earlier|prior|original)\s(?:price|allowance|rate|fee|limit|pricing|credits?|"
    r"plan|offer|quota|terms))(?!\w)",
    re.IGNORECASE,
)


def find_times(text: str, today: date | None = None) -> tuple[When, ...]:
    """Every date and every word of the past in a text, in order. `today` tells which year a bare month is of."""
    found = [_dated(match) for match in _FOUND.finditer(text)] if _A_YEAR.search(text) else []
    past = [
        When(relation=Relation.PAST, start=match.start(), end=match.end(), text=match.group())
        for match in _PAST.finditer(text)
    ]
    if _A_MONTH.search(text):
        past += [_yearless(match, today) for match in _YEARLESS.finditer(text)]
    return tuple(sorted([*(one for one in found if one is not None), *past], key=lambda when: when.start))


def _yearless(match: re.Match[str], today: date | None) -> When:
    relation = next(one for one in _WORDS if one is not Relation.VERIFIED and match[one.value])
    month, written = _MONTHS[(match["month"] or match["us_month"]).casefold()], match["day"] or match["us_day"]
    if today is None:
        vague = Relation.SINCE if relation is Relation.SINCE else Relation.PAST
        return When(relation=vague, start=match.start(), end=match.end(), text=match.group())
    day = int(written) if written and 0 < int(written) <= 28 else None
    year = today.year if (month, day or 1) <= (today.month, today.day) else today.year - 1
    first, last = _covered(year, month, day)
    return When(
        relation=relation, start=match.start(), end=match.end(), text=match.group().strip(), first=first, last=last
    )  # fmt: skip


def _dated(match: re.Match[str]) -> When | None:
    covered = _days(match)
    if covered is None:
        return None
    relation = next((one for one in _WORDS if match[one.value]), Relation.AT)
    return When(
        relation=relation,
        start=match.start(),
        end=match.end(),
        text=match.group().strip(),
        first=covered[0],
        last=covered[1],
    )


def _days(match: re.Match[str]) -> tuple[date, date] | None:
    """The first and the last day that a written date covers; None for one that no calendar has."""
    try:
        if match["iso"]:
            parts = [int(part) for part in match["iso"].split("-")]
            return _covered(parts[0], parts[1], parts[2] if len(parts) > 2 else None)
        for number in ("1", "2"):
            if match[f"month{number}"]:
                month = _MONTHS[match[f"month{number}"].casefold()]
                return _covered(int(match[f"year{number}"]), month, int(match[f"day{number}"]))
        if match["month3"]:
            return _covered(int(match["year3"]), _MONTHS[match["month3"].casefold()], None)
        return date(int(match["year4"]), 1, 1), date(int(match["year4"]), 12, 31)
    except ValueError:
        return None


def _covered(year: int, month: int, day: int | None) -> tuple[date, date]:
    if day is not None:
        return date(year, month, day), date(year, month, day)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
