"""Reading the use for which something is said ("at 15,000 credits"), apart from what a plan holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.plain import in_digits
from pricing_pipeline.claims.steps import is_step
from pricing_pipeline.claims.views import View
from pricing_pipeline.numerals import read_number
from pricing_pipeline.units import Quantity, read_quantities


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The reader of pages takes "for 3" for a price of three; in prose it is how many the plan is for.
_FOR = re.compile(r"\bfor(?=\s+(?:up\sto\s)?\d)", re.IGNORECASE)
_USE = re.compile(
    r"\b(?:at|if|when(?:ever)?|us(?:e|es|ed|ing)|consum\w+|burn\w*|eats?|ate|chews?\sthrough|goes\sthrough|went\sthrough|need(?:s|ing)?|requir\w+|below|above|"
    r"under|beneath|past|exceed\w*|reach\w*|"
    r"team\sof|teams\sof|(?:run|runs|running)(?:\sthrough)?|spend(?:s|ing)?|same\sat|bill\sof|"
    r"workload\sof|even\sat|usage\sof)\s+(?:(?:its|their|the|an?)\s(?:former|old|previous|earlier|first|"
    r"full|same|included)?\s?)?(?:about\s|around\s|roughly\s|only\s|just\s|some\s|more\sthan\s|fewer\sthan\s|less\sthan\s)?"
    r"(?:\d[\d,.]*k?\s[^\W\d_]+(?:\s[^\W\d_]+)?(?:\s(?:and|with)\s+|,\s+))*$",
    re.IGNORECASE,
)
_FOR_SO_MANY = re.compile(
    r"\b(?P<word>f[ou]r|with)\s+(?:the\s(?:same\s)?)?(?:an?\s\w+\sof\s)?(?:\d[\d,.]*k?\s[^\W\d_]+(?:\s[^\W\d_]+)?(?:\s(?:and|"
    r"with)\s+|,\s+))*$",
    re.IGNORECASE,
)
INCLUDED = re.compile(
    r"\b(?:includ\w+|com(?:es?|ing)\swith|allowance|quota|bundl\w+|limit(?:ed|s)?|cap(?:s|ped)?|up\sto|"
    r"allows?|gives?|gets?|got|offers?|has|have|had|provides?|contains?|buys?|first|stops?\sat|tops?\sout|"
    r"max(?:es)?\sout|takes|supports?|covers?|throws?\sin)\b",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\b(?:beyond|after|over|past|above|on\stop\sof)\s+(?:the\s+)?(?:first\s+|included\s+|initial\s+)?$", re.IGNORECASE
)
_SO_MUCH_COSTS = re.compile(r"[^.;$€£]{0,60}[:=]\s*(?:about\s)?[$€£]\s?\d")
_STOPS_AT = re.compile(
    r"\b(?:stops?|stopping|caps?|capped|tops?\sout|max(?:es)?\sout|limits?|ends?|starts?|"
    r"tapers?)\b[^.;,]{0,40}\sat\s+(?:just\s|only\s)?(?:\d[\d,.]*k?\s[^\W\d_]+(?:\s[^\W\d_]+)?(?:\s(?:and|with)\s+|,\s+))*$",
    re.IGNORECASE,
)
_WITH_MORE = re.compile(r"\s*(?:\s(?:with|and)\s+(?:\d|nothing)|\()")
_SUM = re.compile(r"\d\s?×|×\s?[$€£\d]|\d[^.;:]{0,30}\s[x*+]\s[^.;:]{0,30}\d[^.;:]{0,20}\s=\s[$€£]?\d")
_MANY_MINUTES = 100
_OF_SO_MANY = re.compile(r"\s+of\s+(?:the\s)?\d")
NOT_COUNTED = _set(
    "review rating plan tier star edition month year week day hour minute second time vendor product tool step "
    "percent way reason thing level question option engineer price_point sprint cent dollar point version page "
    "comparison alternative company workload january february march april may june july august september october "
    "november december"
)


# Each reader of a sentence asks for its counts and those of its headers: they took a third of an audit's time.
_read = lru_cache(maxsize=200)(read_quantities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A use for which something is said: "at 15,000 credits". `bound` is below or above where it is a threshold."""

    metric: str
    quantity: Decimal
    start: int
    end: int
    bound: str | None = None


def is_sum(text: str) -> bool:
    """Whether a sentence reckons ("4 seats × $100.00 = $400.00"): its figures are steps, and claim nothing."""
    return _SUM.search(text) is not None


def quantities(view: View) -> tuple[Quantity, ...]:
    """The counts of a sentence that a plan may state."""
    text = _FOR.sub(lambda found: "f" + "u" * (len(found.group()) - 2) + "r", view.text)
    teams = [found.span(1) for found in _TEAM.finditer(text)]
    return tuple(
        one
        for one in map(_without_verb, _read(text))
        if (one.metric not in NOT_COUNTED or _is_much_time(one))
        and not is_step(text, one.start)
        and not _OF_SO_MANY.match(text, one.end)
        and not any(start <= one.start < end for start, end in teams)
    )


_VERBS = _set("would will can may is are was were sits on in with for and or of by")


def _without_verb(one: Quantity) -> Quantity:
    """The count without the words of the sentence that were taken for its unit: "500 minutes would"."""
    parts = [part for part in one.metric.split("_") if part not in _VERBS]
    return replace(one, metric="_".join(parts)) if parts and len(parts) < one.metric.count("_") + 1 else one


def _is_much_time(one: Quantity) -> bool:
    """Whether minutes are so many that they are sold, and no time that passes."""
    return one.metric == "minute" and one.quantity is not None and one.quantity >= _MANY_MINUTES


def uses(view: View) -> list[Use]:
    """The uses that a sentence names as a condition, not as what a plan holds."""
    found = view.once(_direct)
    named = [*found, *_same_unit(view, found), *_teams(view), *_headed(view)]
    return named or list(_supposed(view))


def _direct(view: View) -> list[Use]:
    """The uses that name their unit themselves."""
    found = []
    for one in view.once(quantities):
        how = _as_use(view, one)
        if how is not None and one.quantity is not None:
            found.append(Use(metric=one.metric, quantity=one.quantity, start=one.start, end=one.end, bound=how or None))
    return found


_AT_ALONE = re.compile(
    r"\b(?:at|above|below|beyond|with|for)\s+(\d[\d,]*[kK]?)"
    r"(?=,?\s(?:from|to|it|for|with|the|in|a\smonth)\b|,\s|\s[$€£])(?!\s?[%x×])",
    re.IGNORECASE,
)


def _same_unit(view: View, found: Sequence[Use]) -> Iterator[Use]:
    """ "At 7,500 credits Solo …, Starter at 30,000 …": the unit is said once."""
    for alone in _AT_ALONE.finditer(view.text):
        before = [use for use in found if use.end <= alone.start()]
        if not before and alone.group().split()[0].casefold() in ("with", "for"):
            before = _seats_above(view)
        value = read_number(alone[1].rstrip(","))
        if before and value is not None and not any(use.start == alone.start(1) for use in found):
            yield Use(metric=before[-1].metric, quantity=value, start=alone.start(1), end=alone.end(1))


def _seats_above(view: View) -> list[Use]:
    """The seats that one of the last sentences speaks of."""
    above = ([*one.once(_direct), *_teams(one)] for one in islice(view.above, _FAR))
    seats = ([use for use in named if use.metric == "seat"] for named in above)
    return next((found for found in seats if found), [])


def _headed(view: View) -> Iterator[Use]:
    """The use that a cell's header or the heading above names ("Three seats with 1,000 minutes"), and no plan."""
    passage = view.passage
    headers = (passage.row, passage.column) if passage.block is Block.CELL and passage.row else ()
    above = (passage.lead, *passage.headings[-1:]) if passage.block is not Block.HEADING else ()
    for header in (*headers, *(text for text in above if text not in view.named_headers)):
        if _OF_A_PLAN.search(header):
            continue
        ends = view.named_headers.get(header, len(header))
        for one in _read_header(header[:ends]):
            if one.quantity is not None and one.metric not in NOT_COUNTED:
                yield Use(metric=one.metric, quantity=one.quantity, start=0, end=0)


@lru_cache(maxsize=1_000)
def _read_header(header: str) -> tuple[Quantity, ...]:
    """The counts of a header, which is read again for each sentence below it."""
    return tuple(read_quantities(in_digits(header)))


_OF_A_PLAN = re.compile(
    r"\b(?:includ\w+|(?<!['’]s\s)allowance|limits?|max\w*|price\sper|per\s\d|past|beyond|above|over|below|under|more\sthan)\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(r"\b(?:example|scenario|suppose|imagine|picture|consider|assume|assuming|say)\b", re.IGNORECASE)


# Sentences behind an example that may still speak of it.
_FAR = 4


def _supposed(view: View) -> Iterator[Use]:
    """The use of an example, or of a question, that stands before in the passage: "A team of eight? Team, at $800"."""
    above = islice(view.above, _FAR)
    before = next((one for one in above if one.is_question or _SUPPOSES.search(one.text)), None)
    if before is None or any(one.is_plan for one in before.mentions):
        return
    named: list[Use | Quantity] = [*_teams(before), *(before.once(quantities) if not before.is_question else ())]
    for one in named:
        if one.quantity is not None:
            yield Use(metric=one.metric, quantity=one.quantity, start=0, end=0)


_TEAM = re.compile(r"\bteams?\sof\s+(\d{1,5})\b", re.IGNORECASE)


def _teams(view: View) -> Iterator[Use]:
    """ "A team of five" needs five seats."""
    for found in _TEAM.finditer(view.text):
        yield Use(metric="seat", quantity=Decimal(found[1]), start=found.start(1), end=found.end())


_MONEY = re.compile(r"[$€£]\s?\d")
# "From 3,800 runs on the other is the better deal", "cheaper, but only up to 2,250 credits".
_FROM = re.compile(r"\bfrom\s+(?:about\s)?$", re.IGNORECASE)
_ONWARDS = re.compile(r"\s+(?:on|onwards?|upwards?|up)\b(?!\s[A-Z])", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:cheaper|dearer|less|better|expensive)\b.{0,80}\b(?:but|though)\sonly\s(?:up\sto\s)?$", re.IGNORECASE
)
_LISTED = r"(?:\s*\d[\d,.]*k?\s[^\W\d_]+(?:\s[^\W\d_]+)?(?:,?\s(?:and|with)\s+|,\s+))*$"
_SAME = re.compile(rf"\b(?:the\ssame|those)\s+{_LISTED}", re.IGNORECASE)
_LOAD = re.compile(
    rf"\b(?:(?:work)?loads?|usage|example|case|scenario|profile|consumption)\s?[(:]\s*{_LISTED}", re.IGNORECASE
)
_PAY = re.compile(r"\s+(?:(?:would|will|then|now)\s)?(?:pay|cost|need)\b[^.;]{0,30}[$€£]\s?\d", re.IGNORECASE)
# "You can run five deployments" is what a plan allows.
_MAY = re.compile(r"\b(?:can|may)\b[^.;]{0,40}\b(?:run|use|have|need)\s+(?:up\sto\s)?$", re.IGNORECASE)
_ON = re.compile(r"\bon\s+$", re.IGNORECASE)
# "With five people it is $500" speaks of a use, whoever was named before.
_THEN = re.compile(r",?\s(?:it|that|this|you|the\s(?:bill|price|total))\b[^;.$€£]{0,25}[$€£]", re.IGNORECASE)
_FEWER, _MORE = re.compile(r"\b(?:fewer|less)\sthan\s$", re.IGNORECASE), re.compile(r"\bmore\sthan\s$", re.IGNORECASE)
_OF_PLAN = re.compile(r"\b(?:free|plans?|tiers?|editions?|version)\s*$", re.IGNORECASE)


def _as_use(view: View, one: Quantity) -> str | None:
    """The bound of a use, empty where it has none; None where the count is what a plan holds."""
    first, last = view.clause(one.start)
    before = view.text[first : one.start]
    if _BEYOND.search(before) and "$" in view.text[first:last]:
        return None
    if _SO_MUCH_COSTS.match(view.text, one.end, last) and not INCLUDED.search(before):
        return ""
    if _FROM.search(before) and _ONWARDS.match(view.text, one.end):
        return "above"
    if _SAME.search(before) or _LOAD.search(before) or _PAY.match(view.text, one.end):
        return ""
    if one.metric == "seat" and _ON.search(before):
        return ""
    if _COMPARES.search(view.text, 0, one.start):
        return "below"
    condition = None if _MAY.search(before) else _USE.search(before)
    if condition and not _STOPS_AT.search(before):
        word = condition.group().split()[0].casefold()
        if _FEWER.search(condition.group()):
            return "below"
        if _MORE.search(condition.group()):
            return "above"
        if word in ("below", "under", "beneath"):
            return "below"
        return "above" if word in ("above", "past") or word.startswith("exceed") else ""
    money = _MONEY.search(view.text, first, last)
    if money and not before.strip() and _WITH_MORE.match(view.text, one.end):
        return ""
    leading = _FOR_SO_MANY.search(before)
    if leading and not first and not before[: leading.start()].strip():
        money = money or _MONEY.search(view.text)  # what opens a sentence holds for all of it
    if leading and money and one.bound is None and one.quantity_max is None:
        if _OF_PLAN.search(before[: leading.start()]):
            return None
        is_with = leading["word"].casefold() == "with"
        is_aside = before[: leading.start()].rstrip().endswith(",") and view.moves(one.start)
        opens = (
            is_aside
            or not any(mention.end <= one.start for mention in view.mentions)
            or _THEN.match(view.text, one.end)
        )
        return "" if not is_with or opens else None
    return None


def nearest(
    used: Sequence[Use], position: int, clause: tuple[int, int], *, threshold: bool = False
) -> dict[str, Decimal]:
    """The use that goes with a figure or a comparison at a position: of each metric the nearest in its clause.

    A figure goes with the use named before it rather than after, and with a threshold ("below …") last; a comparison
    goes with a `threshold` like with any other.
    """
    near = [use for use in used if clause[0] <= use.start < clause[1]]

    def distance(use: Use) -> tuple[bool, bool, int]:
        late = not threshold and use.start > position
        return (not threshold and use.bound is not None, late, abs(use.start - position))

    found: dict[str, Decimal] = {}
    for use in sorted(near, key=distance):
        found.setdefault(use.metric, use.quantity)
    return found
