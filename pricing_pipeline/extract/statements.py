"""What a sentence with a date says of its figures: which hold from that day, which held before, and which do neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from pricing_pipeline.extract.dates import Day, read_days


class Role(StrEnum):
    """What a figure of a dated sentence is."""

    NEW = "new"
    FORMER = "former"
    NEITHER = "neither"


class Figured(Protocol):
    """A figure and where it stands in a sentence: an amount of money, or a count."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where what belongs to it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a block: its text, and where in the block it begins."""

    text: str
    offset: int


_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b\w\.)\s+(?=[A-Z0-9“\"'($€£])")
_SHORTENED = re.compile(
    r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|approx|incl|excl|e\.g|i\.e|vs|no)\.$", re.IGNORECASE
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|gen|ene|fév|fev|mär|maa|abr|mai|mag|mei|giu|jui|lug|ago|aoû|set|okt|ott|"
    r"out|dez|déc|dic)"
)
_NAMES_DAY = re.compile(rf"\d(?:\d[-/.]20\d\d|(?<=2)0\d\d[-/]\d|\S{{0,2}} (?:of |de )?{_MONTH})", re.IGNORECASE)
_NUMBERED = re.compile(r" \d")
_MONTH_BEFORE = re.compile(rf"{_MONTH}\w*\.?$", re.IGNORECASE)
_LONGEST_MONTH = 40
_LOOKS_DATED = re.compile(
    r"\b(?:effective|from|start(?:s|ing)?|begin(?:s|ning)?|as of|since|on|after|effect|ab|partir|compter|dal|vanaf)\b.{0,60}\d"
    r"|\d.{0,60}\b(?:onwards?|will|forward)\b|^\W*(?:\d|[A-Z][a-z]{2,8}\.? \d)",
    re.IGNORECASE | re.DOTALL,
)
# Words that by themselves say that something begins on the day that follows.
_BEGINS = re.compile(
    r"\b(?:effective(?: from| as of| on)?|(?:effective )?from|starting(?: from| on)?|starts?(?: on)?|beginning(?: on| from)?|"
    r"begins?(?: on)?|(?:takes?|taking|comes? into|go(?:es)? into|in|into) (?:effect|force)(?: on| from)?|with effect from|"
    r"live (?:on|from)|ab(?: dem)?|à (?:partir|compter) du|a partir de(?:l)?|a partire dal|dal|vanaf)\b[^.;:!?$€£]{0,24}$",
    re.IGNORECASE,
)
# Words that say so only in a sentence that speaks of a change.
_ON = re.compile(r"\b(?:on|as of|since|after)\b[^.;:!?$€£]{0,24}$", re.IGNORECASE)
_PRESENT = re.compile(r"\b(?:as of|since)\b[^.;:!?$€£]{0,24}$", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:until|till|before|by|through|thru|ends?|ending|expires?|prior to|up to|between|valid (?:to|on)|no later than|"
    r"to|and|last updated|updated|announced|published|posted|released|written|signed|sign(?:ed)? up|subscribed?|purchased?|"
    r"bought|created|joined|registered|renew(?:s|ed|ing)?|enrolled)\b(?: on| in| of| it| up| this| or| before| after)*[\s:,]*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till|through|thru|to|ends?|expires?)(?: on)?\s*$", re.IGNORECASE)
_OF_CHANGE = re.compile(
    r"\b(?:new|updat\w*|chang\w*|no longer|increas\w*|decreas\w*|rais\w*|ris(?:e|es|ing)|lower\w*|drop\w*|remov\w*|replac\w*|"
    r"introduc\w*|discontinu\w*|retir\w*|will|goes?|going|becom\w+|mov(?:e|es|ing)|are now|is now|no credits|costs?|"
    r"instead)\b",
    re.IGNORECASE,
)
_OF_TERMS = re.compile(
    r"\b(?:pric\w*|credits?|plans?|rates?|fees?|billing|billed|cost\w*|charg\w*|allowances?|no longer|"
    r"includ\w*|pay[- ]as[- ]you[- ]go|subscriptions?|tiers?|seats?|per (?:user|seat|month|year)|preis\w*|kost\w*|prix|tarif\w*|"
    r"preci\w*|coût\w*|cuesta\w*|prezz\w*|prijs\w*)\b|[$€£¥₹]\s?\d|\d\s?[€£]",
    re.IGNORECASE,
)
_NO_ANNOUNCEMENT = re.compile(
    r"©|\bcopyright\b|\blast (?:updated|modified|reviewed)\b|\boffer (?:ends|valid|expires)\b|\bpromo\w*\b|\bwebinar\b|"
    r"\bconference\b|\bfor example\b|\bfor instance\b|\be\.g\.|\bsuppose\b|\braised (?:\w+ ){0,3}[$€£]",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:was|were|been|currently|current(?: \w+)?(?: is| of)?|today|at present|previous(?:ly)?(?: \w+)?(?: of)?|former(?:ly)?|"
    r"old|existing|instead of|rather than|(?:up|down) from|compared (?:to|with)|used to (?:be|cost)|still|now)\b"
    r"[^$€£¥₹\d;]{0,25}$",
    re.IGNORECASE,
)
_NOW = re.compile(r"\bnow\b[^$€£¥₹\d;]{0,25}$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s*:?\s*(?:[a-z]+ ){0,2}$", re.IGNORECASE)
_TO = re.compile(r"^[^.;]{0,30}(?:\bto\b|→|->|=>|➜|⟶)[^.;]{0,20}$", re.IGNORECASE)
_BY = re.compile(
    r"\b(?:by|save|saves|saving|discount of|credit of|worth|refund\w*|bonus of|off)\s*(?:about |around |up to |an? )?$",
    re.IGNORECASE,
)
_UNTIL_THEN = re.compile(r"\b(?:until|till|before) (?:then|that date|this date)\b[^$€£¥₹\d;]{0,30}$", re.IGNORECASE)
_UNTIL_DAY = re.compile(r"\b(?:until|till|through|thru)(?: \w+)?\s*$", re.IGNORECASE)
# Between them they are near every day of a year: for asking whether a text names a day at all.
_ANY_YEAR = (date(2000, 3, 1), date(2000, 9, 1))
_CARRIES = re.compile(
    r"\b(?:will|goes?|going|becom\w+|increas\w+|ris(?:e|es|ing)|decreas\w+|drops?|moves?|changes?|no longer|new (?:price|rate)|"
    r"instead of|(?:up|down) from|the new)\b|→",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a line. "Sept. 21" is not the end of one."""
    start = 0
    for end in [*(match.end() for match in _SENTENCE.finditer(text)), len(text)]:
        if end < len(text) and _SHORTENED.search(text[start:end].rstrip()):
            continue
        yield Sentence(text=text[start:end].strip(), offset=start)
        start = end


@lru_cache(maxsize=4096)
def names_day(text: str) -> bool:
    """Whether a text may name a day at all."""
    # A pattern that may begin with any letter takes ten times as long on a page as looking back from its numbers.
    return _NAMES_DAY.search(text) is not None or any(
        _MONTH_BEFORE.search(text, max(0, found.start() - _LONGEST_MONTH), found.start())
        for found in _NUMBERED.finditer(text)
    )


def looks_dated(text: str) -> bool:
    """Whether a line may say from when something holds: a quick look before the careful one."""
    return names_day(text) and _LOOKS_DATED.search(text) is not None


def effective_days(sentence: str, *, written: date | None = None) -> list[Day]:
    """The days from which a sentence says that new terms hold; none for a sentence about something else, or for an offer
    that ends again."""
    found, days = _beginnings(sentence, written)
    return [] if _is_for_a_while(sentence, found, days) else days


def _beginnings(sentence: str, written: date | None) -> tuple[list[Day], list[Day]]:
    """The days that a sentence names, and those from which it says that terms hold."""
    if not looks_dated(sentence) or not _OF_TERMS.search(sentence) or _NO_ANNOUNCEMENT.search(sentence):
        return [], []
    found = list(read_days(sentence, written=written))
    return found, [
        day for place, day in enumerate(found) if _takes_effect(sentence, day, found[place - 1] if place else None)
    ]


def is_dated_heading(heading: str, *, written: date | None = None) -> date | None:
    """The day from which what stands below a heading holds: "Prices from 1 October 2026"."""
    days = {day.day for day in effective_days(heading, written=written)} if len(heading) < 160 else set()
    return days.pop() if len(days) == 1 else None


def carries_on(sentence: str) -> bool:
    """Whether a sentence goes on about what begins on the day named before it."""
    return _CARRIES.search(sentence) is not None and not looks_past(sentence)


def looks_past(sentence: str) -> bool:
    """Whether a sentence tells a story or gives an example."""
    return _NO_ANNOUNCEMENT.search(sentence) is not None


def roles(sentence: str, figures: Sequence[Figured]) -> list[Role]:
    """What each figure of a dated sentence is."""
    found = []
    ends = _last_days(sentence)
    for place, figure in enumerate(figures):
        before = sentence[figures[place - 1].end if place else 0 : figure.start]
        after = sentence[figure.end : figures[place + 1].start] if place + 1 < len(figures) else ""
        named = [is_end for end, is_end in ends if end <= figure.start]
        found.append(Role.FORMER if named and named[-1] else _role(before, after))
    if Role.NEW not in found:  # "is now $25": nothing else is what holds from then on
        for place, figure in enumerate(figures):
            if found[place] is Role.FORMER and _NOW.search(
                sentence[figures[place - 1].end if place else 0 : figure.start]
            ):
                found[place] = Role.NEW
    return found


def _last_days(sentence: str) -> list[tuple[int, bool]]:
    """Where each day of a sentence ends, and whether it is the last one of something: "until 30 September 2026"."""
    days = (day for written in _ANY_YEAR for day in read_days(sentence, written=written))
    return sorted({(day.end, _UNTIL_DAY.search(sentence[: day.start]) is not None) for day in days})


def is_foretold(text: str, figure: Figured, figures: Sequence[Figured]) -> bool:
    """Whether a figure of a line holds from a stated day only, so that it is not what the page asks as it stands."""
    if not looks_dated(text):
        return False
    for sentence in sentences(text):
        end = sentence.offset + len(sentence.text)
        if not sentence.offset <= figure.start < end:
            continue
        days = [
            day
            for written in _ANY_YEAR
            for day in _beginnings(sentence.text, written)[1]
            if not _PRESENT.search(sentence.text[: day.start])
        ]
        ours = [
            _Moved(one.start - sentence.offset, one.end - sentence.offset)
            for one in figures
            if sentence.offset <= one.start < end
        ]
        place = [one.start for one in ours].index(figure.start - sentence.offset)
        return bool(days) and roles(sentence.text, ours)[place] is Role.NEW
    return False


@dataclass(frozen=True, slots=True)
class _Moved:
    start: int
    end: int


def _takes_effect(sentence: str, day: Day, last: Day | None) -> bool:
    before = sentence[last.end if last else 0 : day.start]
    if _ENDS.search(before):
        return False
    if _BEGINS.search(before):
        return True
    if re.match(r"\s*,?\s*(?:onwards?|and (?:after|later|onwards?)|forward)\b", sentence[day.end :], re.IGNORECASE):
        return True
    if not _OF_CHANGE.search(sentence):
        return False
    heads = not before.strip(" \t([*•–—-") and re.match(r"\s*[:–—-]\s", sentence[day.end :]) is not None
    return heads or _ON.search(before) is not None


def _is_for_a_while(sentence: str, found: Sequence[Day], days: Sequence[Day]) -> bool:
    """Whether what begins also ends ("from 1 to 31 May 2026"): an offer, not new terms."""
    if not days:
        return False
    first = min(day.day for day in days)
    return any(one.day > first and one not in days and _UNTIL.search(sentence[: one.start]) for one in found)


def _role(before: str, after: str) -> Role:
    if _BY.search(before):
        return Role.NEITHER
    if _UNTIL_THEN.search(before) or _FORMER.search(before):
        return Role.FORMER
    if _FROM.search(before) and _TO.match(after):
        return Role.FORMER
    if re.match(r"^\s*(?:→|->|=>|➜|⟶)\s*$", after) or re.match(
        r"^[^.;]{0,25}\b(?:→|->|becomes?|will (?:be|become|cost)|goes to|rises to|increases to)\s*(?:only |just )?$",
        after,
    ):
        return Role.FORMER
    return Role.NEW
