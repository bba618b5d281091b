"""Reading counts out of sentences: the allowances and limits of plans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.claims.claim import Counted, Denied, Kind
from pricing_pipeline.claims.dates import Relation, When
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.plain import number_words
from pricing_pipeline.claims.uses import INCLUDED, NOT_COUNTED, is_sum, quantities, uses
from pricing_pipeline.claims.views import FREE_TIER, View
from pricing_pipeline.numerals import read_number
from pricing_pipeline.units import Quantity, is_known, metric

_NONE = re.compile(
    r"\b(?:no|zero|without(?:\sany)?|not\s(?:include\s)?any|none\sof\sthe)\s+(?:(?:more|longer|monthly|"
    r"included|free|bundled)\s+)*"
    r"(?P<unit>[^\W\d_]+(?:\s(?:minutes?|hours?|locations?))?)(?:\s+(?:at\sall\s+)?(?P<included>includ\w+|"
    r"bundled|allowance|a\smonth))?",
    re.IGNORECASE,
)
_NOT_NONE = re.compile(
    r"\s*(?:limits?|caps?|fees?|charges?|price|pricing|costs?|restrictions?|maximum|minimum|needed|"
    r"required|trial|card)\b",
    re.IGNORECASE,
)
_HYPHENED = re.compile(
    r"(?<![\w$€£.,])(\d[\d,.]*[kK]?)-([a-z]+)\s+(?:monthly\s)?(?:allowance|quota|limit|cap|maximum|(?P<least>minimum))\b"
)
_ABOUT = re.compile(
    r"\b(?:about|approx(?:\.|imately)?|around|roughly|nearly|almost|some|~)\s*$|[~≈]\s*$", re.IGNORECASE
)
_UNDER = re.compile(r"\b(?:under|less\sthan|fewer\sthan|below)\s*$", re.IGNORECASE)
_OVER = re.compile(r"\b(?:over|more\sthan|above|upwards\sof|at\sleast)\s*$", re.IGNORECASE)
_NEGATED = re.compile(
    r"(?:\bnot|n['’]t|\bno\slonger|\binstead\sof|\brather\sthan|(?<!\bno\smore\s)(?<!\bnot\smore\s)(?<!\bno\sfewer\s)"
    r"\bthan)\s+(?:(?!more\b|fewer\b)\w+\s+){0,2}$",
    re.IGNORECASE,
)
# "You can have two users" says what a plan allows; "you need two" does not.
_OTHERS_HAVE = re.compile(r"\b(?:I|we|our|you(?!\s(?:can|may|get|could)\b)|they|your)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|I)\s(?:\w+\s)?(?:have|need|run)\s+$", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\s+$", re.IGNORECASE)
_CHANGED_FROM = re.compile(r"\bfrom\s+(?:about\s)?$", re.IGNORECASE)
_CHANGED_TO = re.compile(r"\s*(?:(?:included\s)?(?:a|per)\smonth\s)?to\s+(?:\d|zero\b|none\b|no\b)", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:→|->|⇒)")
_STATED_AFTER = re.compile(
    r"\s*(?:are\s|is\s|a\smonth\s|per\smonth\s)?(?:includ|bundled|allowance|limit|quota|at\smost|maximum|minimum|max\b|min\b|tops\b)",
    re.IGNORECASE,
)


def counts(view: View) -> Iterator[Found]:
    """The allowances and limits that a sentence states."""
    if view.is_question or is_sum(view.text) or (view.is_header and not view.mentions):
        return
    conditions = {use.start for use in view.once(uses)}
    floor = view.mentions[0].start if view.is_header else 0
    read = [
        one
        for one in view.once(quantities)
        if one.start not in conditions
        and one.start >= floor
        and not _is_negated(view, one)
        and not _is_asked(view, one)
    ]
    for place, one in enumerate(read):
        said = Counted(
            metric=one.metric,
            quantity=one.quantity,
            quantity_max=one.quantity_max,
            unlimited=one.unlimited,
            period=one.period,
            bound=one.bound,
            qualifier=_qualifier(view, one),
            is_loose=not _is_stated(view, one),
        )
        yield from _each(view, said, one.start, one.end, _rank(view, read, place))
    yield from _elided(view, read)
    yield from _hyphened(view)
    yield from _limited_to(view)
    yield from _none(view)
    yield from _bare(view)


_ALONE = re.compile(
    r"(?<![\w.,$€£/#%-])(\d+(?:,\d{3})*(?:\.\d+)?[kK]?)(?!,?\d)(?=\s*(?:[,;)]|\.(?!\d)|and\b|on\b|for\b|"
    r"in\b|with\b|since\b|to\b|of\sthem\b|a\smonth\b|per\smonth\b|$))"
)


def _elided(view: View, read: Sequence[Quantity]) -> Iterator[Found]:
    """ "Solo included 7,500 credits, Starter 30,000": the unit is said once."""
    for found in _ALONE.finditer(view.text):
        value = read_number(found[1])
        before = [one for one in read if one.end <= found.start()]
        after = [one for one in read if one.start >= found.end()]
        named = [one for one in view.mentions if one.end <= found.start() and found.start() - one.end < 30]
        listed = after and re.fullmatch(r"\s*(?:and|or|,)\s*(?:up\sto\s)?", view.text[found.end() : after[0].start])
        bounded = _BOUNDED.search(view.text, 0, found.start())
        is_next = bounded is not None or _NOW_IS.search(view.text, 0, found.start()) is not None
        again = before and (is_next or (named and named[-1].start > before[-1].start))
        of_them = _of(_named_before(view, found.start())) if _OF_THEM.match(view.text, found.end()) else None
        like = of_them or (before[-1] if again else after[0] if listed else None)
        like = like or _asked(view) or _allowance(view, found.start())
        if (
            value is None
            or like is None
            or re.search(
                r"[$€£]|\b(?:19|20)\d\d$|\b(?:in|May|on|of|version)\s$",
                view.text[max(0, found.start() - 4) : found.start()],
            )
        ):
            continue
        both = [found.start(), *([after[0].start] if listed else [])]
        bound = ("min" if bounded[1].casefold() == "min" else "max") if bounded else like.bound
        said = Counted(metric=like.metric, quantity=value, period=like.period, bound=bound)
        yield from _each(view, said, found.start(), found.end(), (0, len(both)))


_BOUNDED = re.compile(r"\b(max|min)(?:imum)?\s(?:of\s+)?$", re.IGNORECASE)


_OF_THEM = re.compile(r"\s*of\sthem\b", re.IGNORECASE)
# "Deployments are limited to one on both", "on Pro they are limited to three".
_LIMITED_TO = re.compile(
    r"\b(?P<unit>[^\W\d_]+(?:\s[^\W\d_]+)?)\s(?:there\s|too\s|here\s)?(?:are|is)\s(?:all\s|also\s|only\s)?(?:limited\sto|capped\sat|restricted\sto)\s+"
    r"(?P<most>\d[\d,]*|[a-z]+)\b(?!\s[^\W\d_]*s\b)",
    re.IGNORECASE,
)
# "Users and deployments are all limited".
_BOUNDED_ALL = re.compile(
    r"\b(?P<units>[^\W\d_]+(?:\s[^\W\d_]+)?(?:,\s[^\W\d_]+(?:\s[^\W\d_]+)?)*(?:,?\sand\s[^\W\d_]+(?:\s[^\W\d_]+)?)?)\s(?:are|is)\s(?:all\s|also\s)?"
    r"(?P<how>unlimited|not\slimited|limited)\b(?!\s(?:to|by|in)\b)",
    re.IGNORECASE,
)
_LIMITED_NUMBER = re.compile(
    r"\b(?:a\slimited\snumber\sof|limited)\s(?P<unit>[^\W\d_]+(?:\s[^\W\d_]+)?)", re.IGNORECASE
)


def _named_before(view: View, start: int) -> str | None:
    """The unit that was named last before "of them"."""
    text = f"{view.previous.text if view.previous else ''} {view.text[:start]}"
    names = [metric(word) for word in re.findall(r"[^\W\d_]{3,}", text)]
    known = [name for name in names if name and is_known(name) and name not in NOT_COUNTED and name != "seat"]
    return known[-1] if known else None


def _limited_to(view: View) -> Iterator[Found]:
    for found in _LIMITED_TO.finditer(view.text):
        name = _unit_of(found["unit"]) or (_named_before(view, found.start()) if _THEY.search(found["unit"]) else None)
        value = read_number(found["most"]) or next((Decimal(one) for _, _, one in number_words(found["most"])), None)
        if value is not None and name is not None:
            yield from _each(view, Counted(metric=name, quantity=value, bound="max"), *found.span("most"))
    for found in _BOUNDED_ALL.finditer(view.text):
        names = [_unit_of(part) for part in re.split(r",?\sand\s|,\s", found["units"])]
        for name in dict.fromkeys(one for one in names if one is not None):
            yield from _boundless(view, name, found.start(), found.end(), is_so=found["how"].casefold() != "limited")
    for found in _LIMITED_NUMBER.finditer(view.text):
        named = _unit_of(found["unit"]) or _unit_of(found["unit"].split()[0])
        if named is not None:
            yield from _boundless(view, named, found.start(), found.end(), is_so=False)


_THEY = re.compile(r"\b(?:they|these|those)$", re.IGNORECASE)


def _unit_of(words: str) -> str | None:
    """The unit that words name, the last of them where they are no unit together."""
    whole = " ".join(word for word in words.split() if word.casefold() not in _NO_UNITS)
    for text in (whole, *whole.split()[-1:]):
        name = metric(text)
        if name is not None and is_known(name) and name not in NOT_COUNTED:
            return name
    return None


_NO_UNITS = frozenset({"though", "that", "its", "the", "all", "both", "their", "and", "while", "where", "but"})


def _boundless(view: View, name: str, start: int, end: int, *, is_so: bool) -> Iterator[Found]:
    said = Counted(metric=name, unlimited=True)
    for one in _each(view, said, start, end):
        yield one if is_so else replace(one, said=Denied(said))


_NOW_IS = re.compile(r"\b(?:is|are|became|now)\s+(?:now\s|only\s|just\s)?$", re.IGNORECASE)
_ALLOWANCE = re.compile(
    r"\b(?:number\sof\s(?P<of>[^\W\d_]{3,})|(?:(?P<one>[^\W\d_]{3,})\s)?(?:allowance|quota|limit|cap))\b", re.IGNORECASE
)


def _asked(view: View) -> Quantity | None:
    """What a bare figure counts in the answer to "How many connectors do I get?"."""
    above = (view.passage.lead, *view.passage.headings[-1:])
    return _of(view.asked_metric) if any(_ASKS_HOW_MANY.search(text) for text in above) else None


_ASKS_HOW_MANY = re.compile(r"^\W*how\smany\b|^\W*(?:does|do|is|are)\b.*\binclude[sd]?\b", re.IGNORECASE)


def _allowance(view: View, start: int) -> Quantity | None:
    """What a bare figure counts behind "the row allowance": what is named there, else what the question above asks."""
    first, _ = view.clause(start)
    found = _ALLOWANCE.search(view.text, first, start)
    word = (found["of"] or found["one"]) if found else None
    named = metric(word) if word else None
    return None if found is None else _of(named if named and is_known(named) else view.asked_metric)


def _of(name: str | None) -> Quantity | None:
    if name is None:
        return None
    return Quantity(metric=name, quantity=None, unit_as_printed=name, start=0, end=0, text="")


def _each(view: View, said: Counted, start: int, end: int, rank: tuple[int, int] = (0, 1)) -> Iterator[Found]:
    before = _CHANGED_FROM.search(view.text, 0, start) and _CHANGED_TO.match(view.text, end)
    for subjects in view.about(start, end, rank):
        when = view.when(start, end)
        if before or _ARROW.match(view.text, end):
            when = When(relation=Relation.PAST, start=start, end=start, text="before the change")
        yield Found(
            kind=Kind.COUNT, said=said, start=start, end=end, subjects=subjects, when=when, is_change=view.moves(start)
        )


def _rank(view: View, read: list[Quantity], place: int) -> tuple[int, int]:
    one = read[place]
    floor = max((mention.end for mention in view.mentions if mention.end <= one.start), default=0)
    ceiling = min((mention.start for mention in view.mentions if mention.start >= one.end), default=len(view.text))
    like = [other for other in read if floor <= other.start < ceiling and other.metric == one.metric]
    if len(like) == 1 and re.search(r"\d[\d,]*\s(?:and|or)\s(?:up\sto\s)?$", view.text[floor : one.start]):
        return 1, 2
    return like.index(one) if one in like else 0, len(like)


def _is_negated(view: View, one: Quantity) -> bool:
    first, _ = view.clause(one.start)
    return _NEGATED.search(view.text, first, one.start) is not None


# "The only plan that takes five users", "no plan admits eight": so many are asked for, and the plan may take more.
_ASKED = re.compile(
    r"\b(?:only|sole|any|first|cheapest)\s(?:\w+\s){0,2}(?:plan|tier|edition|option|one|product|choice)s?\b[^.;]{0,40}?\b(?:that|which|to)\s(?:\w+\s)?(?:takes?|admits?|accepts?|"
    r"accommodates?|supports?|fits?|covers?|allows?|serves?|holds?)\s+$"
    r"|\b(?:no|none\sof|hardly\sany)\b[^.;]{0,60}?\b(?:plans?|tiers?|editions?|them|these|others?)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)


# Who has so many, and until where something is the better deal, is no matter of what a plan holds.
_SOMEBODY = re.compile(
    r"\b(?<!for one )(?<!for a )(?<!single )(?:person|team|customer|somebody|someone|engineer|company|shop|anybody|"
    r"anyone|client)\s(?:alone\s)?with\s(?:about\s|some\s)?$|"
    r"\b(?:deal|cheaper|better|wins|ahead|dearer|worse)\b[^.;]{0,20}\buntil\s$",
    re.IGNORECASE,
)
# People who do something else than use a plan: "four weeks of work for two people".
_WORK = re.compile(
    r"\b(?:weeks?|days?|hours?|months?|years?)\sof\s(?:work|effort|testing|engineering|development|migration)\b[^.;]{0,20}$",
    re.IGNORECASE,
)


def _is_asked(view: View, one: Quantity) -> bool:
    first, _ = view.clause(one.start)
    if _SOMEBODY.search(view.text, first, one.start) or _WORK.search(view.text, first, one.start):
        return True
    return _ASKED.search(view.text, first, one.start) is not None


def _is_stated(view: View, one: Quantity) -> bool:
    """Whether a word says that the count is what the plan holds; a list of figures behind a name does so too."""
    if view.passage.block is Block.CELL or one.bound is not None or one.unlimited:
        return True
    first, _ = view.clause(one.start)
    said = INCLUDED.search(view.text, max(first, one.start - 40), one.start) or _STATED_AFTER.match(view.text, one.end)
    if _OURS.search(view.text, first, one.start):
        return False
    if said or _ITS.search(view.text, first, one.start):
        return True
    named = (
        any(mention.is_plan for mention in view.mentions)
        or any(subject.plan is not None for subject in view.fallback)
        or FREE_TIER.search(view.text, 0, one.start)
    )
    whose = max((mention.end for mention in view.mentions if first <= mention.end <= one.start), default=first)
    return bool(named) and not _OTHERS_HAVE.search(view.text[whose : one.start])


def _qualifier(view: View, one: Quantity) -> str | None:
    before = view.text[: one.start]
    if one.bound == "min" or _OVER.search(before):
        return "over" if _OVER.search(before) else "from"
    return "about" if _ABOUT.search(before) else "under" if _UNDER.search(before) else None


def _hyphened(view: View) -> Iterator[Found]:
    for found in _HYPHENED.finditer(view.text):
        value, name = read_number(found[1]), metric(found[2])
        if value is not None and name is not None and is_known(name):
            said = Counted(metric=name, quantity=value, bound="min" if found["least"] else None)
            yield from _each(view, said, found.start(), found.end())


def _none(view: View) -> Iterator[Found]:
    """ "No credits included", "includes no credits"."""
    for found in _NONE.finditer(view.text):
        name = metric(found["unit"])
        first, _ = view.clause(found.start())
        verb = INCLUDED.search(view.text, first, found.start()) or re.search(
            r"\bwith(?:out)?\s*$", view.text[first : found.start() + 7]
        )
        is_cell = view.passage.block is Block.CELL
        if name is None or not is_known(name) or name in NOT_COUNTED or _NOT_NONE.match(view.text, found.end()):
            continue
        if found["included"] or verb or is_cell or found.group().casefold().startswith("without"):
            yield from _each(view, Counted(metric=name, quantity=Decimal(0)), found.start(), found.end())


_ABSENT = re.compile(r"(?:none|no|0|zero|not\sincluded|—|-|✗|✕)\.?", re.IGNORECASE)
_BOUNDLESS = re.compile(r"(?:unlimited|∞|no\slimit)\.?", re.IGNORECASE)
_LIMITED = re.compile(
    r"(?:up\sto|max\.?|at\smost|≤|(?P<least>\d{1,4})\s?(?:[-–—]|to)\s?)?\s*(?P<most>\d[\d,]*(?:\.\d+)?\s?[kKmM]?)"
    r"(?:\s(?:included|free|a\smonth|per\smonth|max))*",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(r"price|cost|\bfee|\brate|rating|review", re.IGNORECASE)
_INCLUDES = re.compile(r"includ|allowance|quota", re.IGNORECASE)
_HEADER_NOISE = re.compile(
    r"\b(?:included|monthly|max(?:imum)?|min(?:imum)?|number\sof|per\smonth|a\smonth|/\s?mo(?:nth)?|"
    r"limits?|allowance|quota|total|on\sthe\sfree\s(?:tier|plan|version)|free|up\sto|each)\b|[()]",
    re.IGNORECASE,
)


def _bare(view: View) -> Iterator[Found]:
    """A figure alone in a cell, whose header says what it counts."""
    passage, text = view.passage, view.text.strip().rstrip(".")
    if passage.block is not Block.CELL or not passage.row or view.start:
        return
    limited = _LIMITED.fullmatch(text)
    number = read_number(limited["most"] if limited else text.rstrip("+"))
    least = read_number(limited["least"]) if limited and limited["least"] else None
    is_absent = number is None and _ABSENT.fullmatch(text) is not None
    if number is None and not is_absent and not _BOUNDLESS.fullmatch(text):
        return
    for header in (passage.column, passage.row):
        # "Team" and "Developer" are people elsewhere, and plans where a table's head names them
        name = _counted(_behind_name(header)) if header in view.named_headers else _counted(header)
        if name is None or (is_absent and not _says_absent(view, header)):
            continue
        quantity = Decimal(0) if is_absent else number
        qualifier = "from" if text.endswith("+") else None
        if least is not None:
            said = Counted(metric=name, quantity=least, quantity_max=quantity)
        else:
            said = Counted(metric=name, quantity=quantity, unlimited=quantity is None, qualifier=qualifier)
        yield from _each(view, said, 0, len(view.text))
        return


def _behind_name(header: str) -> str:
    """What a header says behind a plan's name: "Solo, credits included"."""
    return header.partition(",")[2]


def _counted(header: str) -> str | None:
    """The metric that a header counts: credits in "Credits included (monthly)"."""
    name = metric(" ".join(_HEADER_NOISE.sub(" ", header).split()))
    is_counted = name is not None and is_known(name) and name not in NOT_COUNTED and not _NO_COUNT.search(header)
    return name if is_counted else None


def _says_absent(view: View, header: str) -> bool:
    """Whether "no" under a header means that a plan includes nothing of it."""
    return _INCLUDES.search(header) is not None and any(subject.plan is not None for subject in view.fallback)
