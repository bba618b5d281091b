"""A sentence with everything that is needed to read it: who is named, who is meant where nobody is, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar, cast

from pricing_pipeline.claims.claim import Subject
from pricing_pipeline.claims.dates import Relation, When, find_times
from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.passages import Block, Passage
from pricing_pipeline.claims.plain import changed
from pricing_pipeline.claims.subjects import Mention
from pricing_pipeline.units import is_known, metric

_Read = TypeVar("_Read")
_CLAUSE = re.compile(
    r"\s*[;—]\s*|\s+–\s+|,?\s+(?:but|while|whereas|although|though|yet|because)\s+|\s+and\s+(?=(?:is|are|has|have|"
    r"now|today)\b)|,\s+(?:and\s+)?(?=(?:since|today|now|from\s)\b)"
)
_OBJECT = re.compile(
    r"\b(?:than|unlike|versus|vs\.?|compared\s(?:to|with)|against|instead\sof|rather\sthan|over|beats?|"
    r"undercuts?|(?:times|half|twice|double)\sthe\s(?:price|cost|fee)\sof|"
    r"as\s(?:expensive|much|costly|cheap|dear|pricey|affordable)\sas)\s+(?:the\s|that\sof\s|those\sof\s)*$"
    r"|\bsame\s(?:\w+\s){1,3}as\s+(?:the\s)?$",
    re.IGNORECASE,
)
_UNLIKE = re.compile(r"\b(?:unlike|in\scontrast\s(?:to|with)|as\sopposed\sto)\s+(?:the\s)?$", re.IGNORECASE)
_SET_AGAINST = re.compile(r"\b(?:against|versus|vs|compared|instead\sof|rather\sthan|than)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_BOTH = re.compile(
    r"(?:^|[:,;]\s*|\b(?:and|but)\s)\W*(?:both|neither|all\s(?P<count>two|three|four|five|six))\b", re.IGNORECASE
)
_ON_BOTH = re.compile(
    r"[^,;.]{0,20}?\s(?:on|for|with|in)\s(?:both|all\s(?P<count>two|three|four|five|six))\b", re.IGNORECASE
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_AHEAD = re.compile(
    r"\s*(?:a|per|/|each)?\s*(?:month|mo|year|yr|user|seat|credit|minute)?\s*\)?\s*(?:(?:plan|price|tier|fee)\s+)?"
    r"(?:for|on|with|in|at|under|of|\()?\s*(?:the\s+|its\s+|their\s+)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:plans?|tiers?)?\s*(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|&\s*|/\s*|nor\s+|as\swell\sas\s+)(?:the\s+|"
    r"its\s+|their\s+)?",
    re.IGNORECASE,
)
_PAST_VERB = re.compile(
    r"(?:\s+(?:plan|tier))?\s+(?:also\s+|still\s+|once\s+|then\s+)?(?:included|came|offered|charged|had|"
    r"was|were|gave|started|bundled|used\sto|did|sold|allowed|ran|kept|contained|provided)\b",
    re.IGNORECASE,
)
_HAD = re.compile(
    r"\b(?:had|lost|loses?|got|was|were|been|used\sto\s\w+|came\swith|included|shipped\swith)\s+(?:(?:about|just|only|still)\s)?$",
    re.IGNORECASE,
)
# Says so whatever else the clause says is now.
_HAD_BEEN = re.compile(r"\b(?:had\sbeen|used\sto\sbe|once\swas)\s+(?:(?:about|just|only)\s)?$", re.IGNORECASE)
FREE_TIER = re.compile(r"\bfree\s(?:tier|plan|version|edition)\b", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:was|were|is|are|has\sbeen|have\sbeen|got)\s(?:also\s|quietly\s|all\s|now\s)?(?:dropped|removed|"
    r"gone|scrapped|cut|discontinued|withdrawn|taken\saway)\b(?!\safter)|[:,–—]\s(?:all\s)?gone\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:goes|going|go|went|gone|ris\w+|rose|increas\w+|rais\w+|jump\w*|drop\w*|chang\w+|mov\w+|cut|"
    r"reduc\w+|fell|falls?|lower\w*|climb\w*|doubl\w+|tripl\w+|hik\w+|flip\w*|turn\w*|switch\w*|halv\w+|quadrupl\w+|put\sup|went\sup)\b",
    re.IGNORECASE,
)
# "Twice what it took in April" gives the time of what it took.
_COMPARED_TIME = re.compile(r"\b(?:what|than|as)\s(?:\w+\s){1,4}$", re.IGNORECASE)
# A story of what we had and paid goes on in the past until a sentence says what is.
_STORY = re.compile(
    r"\b(?:we|I|our\s(?:bill|jobs|team|plan|account|usage))\s(?:\w+\s)?(?:were|was|had|paid|took|used|ran|chose|signed|started|picked|went)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|costs?|includes?|comes|charges?|gives?|gets?|allows?|offers?|starts?|takes|now|today|still)\b|['’]s\s",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"\bthe\s(?P<which>former|latter)\b", re.IGNORECASE)
_HISTORY = re.compile(r"\b(?:price|pricing|change)\s(?:history|log)\b|\bchangelog\b", re.IGNORECASE)
# Words of questions that are units elsewhere.
_ASKED_OF_ALL = frozenset({"month", "year", "plan", "seat_month", "day", "hour"})
_LONGEST_DATE = 18
# Sentences before this one that it may still refer to.
_FAR = 5
_NOW = re.compile(r"\b(?:now|today|currently|at\spresent|no\slonger|these\sdays)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class View:
    """One sentence: `start` is where it begins in its passage, `text` has counts in words put into digits.

    `fallback` are those who may be meant where the sentence names nobody; `is_near` says that they were named in the
    same passage or its table headers. `around` are the products of the whole text, `previous` is the
    sentence before it in the passage, `named_headers` says where the headers of a cell begin to name somebody.
    `today` is the day as of which the text is read, `dated` the time that the text as a whole gives itself;
    `free_plans` are the plans that "the free plan" of a product means; `rivals` are other plans of the passage that a
    figure may be about as well as the fallback; `question` is the one above that the passage answers.
    """

    text: str
    written: str
    start: int
    passage: Passage
    number: int
    mentions: tuple[Mention, ...] = ()
    fallback: tuple[Subject, ...] = ()
    is_near: bool = False
    around: frozenset[Key] = frozenset()
    advice: Subject | None = None
    previous: View | None = None
    named_headers: Mapping[str, int] = field(default_factory=dict)
    today: date | None = None
    dated: When | None = None
    free_plans: Mapping[Key, str] = field(default_factory=dict)
    rivals: tuple[Subject, ...] = ()
    question: str = ""

    def once(self, read: Callable[[View], _Read]) -> _Read:
        """What a reader finds in the sentence, found once: several build on the same."""
        found: dict[Callable[[View], Any], Any] = self.__dict__.setdefault("found", {})
        if read not in found:
            found[read] = read(self)
        return cast(_Read, found[read])

    @property
    def is_question(self) -> bool:
        """Whether nothing is stated."""
        return self.written.rstrip().rstrip("\"'”’)*").endswith("?")

    @property
    def is_header(self) -> bool:
        """Whether it heads a column or a row of a table."""
        return self.passage.block is Block.CELL and not self.passage.row

    @cached_property
    def respelled(self) -> tuple[tuple[int, int], ...]:
        """Where words were put into digits."""
        return tuple(changed(self.written, self.text))

    @cached_property
    def times(self) -> tuple[When, ...]:
        """The dates and words of the past."""
        return find_times(self.text, self.today)

    @cached_property
    def asked_metric(self) -> str | None:
        """What the question above asks for: connectors in "How many connectors do I get?"."""
        for above in (self.passage.lead, self.question):
            if above.rstrip().endswith("?"):
                names = [metric(word) for word in re.findall(r"[^\W\d_]{3,}", above)]
                known = [name for name in names if name and is_known(name) and name not in _ASKED_OF_ALL]
                if known:
                    return known[-1]
        return None

    @cached_property
    def _cuts(self) -> list[int]:
        return [0, *(found.end() for found in _CLAUSE.finditer(self.text)), len(self.text)]

    def clause(self, position: int) -> tuple[int, int]:
        """Where the clause around a position begins and ends."""
        start = max(cut for cut in self._cuts if cut <= position)
        end = min((cut for cut in self._cuts if cut > position), default=len(self.text))
        return start, end

    def when(self, start: int, end: int) -> When | None:
        """The time of a statement: the nearest in its clause; "now" outranks any."""
        first, last = self.clause(start)
        near = [one for one in self.times if first <= one.start < last and not (one.start < end and start < one.end)]
        near = [one for one in near if one.relation is not Relation.VERIFIED]
        near = [one for one in near if one.start < end or not _COMPARED_TIME.search(self.text, end, one.start)]
        found = min(near, key=lambda one: min(abs(one.start - end), abs(start - one.end)), default=None)
        if found is None and (had := _HAD_BEEN.search(self.text, first, start)):
            return When(relation=Relation.PAST, start=had.start(), end=had.end(), text=had.group().strip())
        if found is not None or _NOW.search(self.text, first, last):
            return found
        return self._past(start, first) or self._headed or self._told

    @cached_property
    def _told(self) -> When | None:
        """Some time in the past, where a story of it goes on."""
        for one in (self, *islice(self.above, _FAR)):
            if one is not self and _STORY.search(one.written):
                return When(relation=Relation.PAST, start=0, end=0, text="in what is told")
            if _PRESENT.search(one.written):
                return None
        return None

    @property
    def above(self) -> Iterator[View]:
        """The sentences of the passage before this one, the nearest first."""
        before = self.previous
        while before is not None:
            yield before
            before = before.previous

    @cached_property
    def _headed(self) -> When | None:
        """The time that a cell's header or a list's lead gives ("until April 2026"); a history tells of any time."""
        passage = self.passage
        above = (passage.column, passage.row) if passage.block is Block.CELL else (passage.lead,)
        for text in above:
            dated = f"on {text}" if passage.block is Block.CELL and len(text) < _LONGEST_DATE else text
            for one in find_times(dated, self.today):
                if one.relation is not Relation.VERIFIED:
                    return replace(one, start=0, end=0)
        told = any(_HISTORY.search(heading) for heading in passage.headings)
        return When(relation=Relation.PAST, start=0, end=0, text="at some time") if told else self.dated

    def moves(self, position: int) -> bool:
        """Whether the clause says that something rose, fell or turned."""
        first, last = self.clause(position)
        return _MOVES.search(self.text, first, last) is not None

    def _past(self, start: int, first: int) -> When | None:
        """A main verb in the past right behind whom the statement is about, or that it is gone."""
        gone = _GONE.search(self.text, start, self.clause(start)[1])
        if gone is not None:
            return When(relation=Relation.PAST, start=gone.start(), end=gone.end(), text=gone.group().strip())
        before = [one for one in self.mentions if first <= one.end <= start]
        verb = _PAST_VERB.match(self.text, before[-1].end, start) if before else None
        verb = verb or _HAD.search(self.text, before[-1].end if before else first, start)
        if verb is None:
            return None
        return When(relation=Relation.PAST, start=verb.start(), end=verb.end(), text=verb.group().strip())

    def is_object(self, mention: Mention) -> bool:
        """Whether somebody is named only to compare with."""
        return _OBJECT.search(self.text, 0, mention.start) is not None

    def is_unlike(self, mention: Mention) -> bool:
        """Whether somebody is named as one for whom it is not so."""
        return _UNLIKE.search(self.text, 0, mention.start) is not None

    def groups(self) -> list[list[Mention]]:
        """Neighbours that are named together ("Solo and Starter")."""
        grouped: list[list[Mention]] = []
        for mention in self.mentions:
            together = grouped and _BETWEEN.fullmatch(self.text, grouped[-1][-1].end, mention.start)
            if together and grouped[-1][-1].is_plan == mention.is_plan:
                grouped[-1].append(mention)
            else:
                grouped.append([mention])
        return grouped

    def ahead(self, end: int) -> Mention | None:
        """Who is named right behind a figure: "$10 for Solo", "the $10 Solo plan"."""
        following = next((one for one in self.mentions if one.start >= end), None)
        if following is None or not _AHEAD.fullmatch(self.text, end, following.start):
            return None
        return following

    def about(self, start: int, end: int, rank: tuple[int, int] = (0, 1)) -> list[tuple[Subject, ...]]:
        """Whom a figure is about: one group of alternatives for each who is meant.

        `rank` is the figure's place among its like in the sentence part that follows the names, and how many they are:
        with as many figures as names they go together in order, and one figure goes with each name.
        """
        following = self.ahead(end)
        if (ordered := self._ordered(start)) is not None:
            return [ordered]
        if (FREE_TIER.search(self.text, 0, start) or self._is_of_free_tier) and not self._plans_before(start):
            return [self._free_plan(start)]
        if following is not None and (following.is_plan or not self._plans_before(start)):
            return [following.subjects]
        before = [group for group in self.groups() if group[0].end <= start]
        if not before and (everybody := self._everybody(start, end)):
            return everybody
        if not before:
            later = [
                one
                for one in self.mentions
                if one.start >= end and not self.is_object(one) and not _SET_AGAINST.search(self.text, end, one.start)
            ]
            if len(later) == 1 and (not self.fallback or self._is_open(later[0])):
                return [later[0].subjects]
            if len(later) == 1 and later[0].is_plan and all(subject.plan is None for subject in self.fallback):
                return [later[0].subjects]
            if rank[1] > 1 and rank[1] == len(self.fallback):
                return [(self.fallback[rank[0]],)]
            return (
                [(*self.fallback, *self.rivals)] if self.fallback else [later[0].subjects] if len(later) == 1 else [()]
            )
        return self._from(before, rank)

    @property
    def _is_of_free_tier(self) -> bool:
        """Whether the head of a cell speaks of what the free plan holds: "Users on the free tier"."""
        passage = self.passage
        heads = (passage.row, passage.column) if passage.block is Block.CELL else ()
        return any((found := FREE_TIER.search(head)) and found.start() > 0 for head in heads)

    def _is_open(self, mention: Mention) -> bool:
        """Whether the surroundings leave open which of several is meant, and a name further on says it."""
        keys = {subject.key for subject in self.fallback}
        return len(keys) > 1 and mention.keys <= keys

    def _everybody(self, start: int, end: int) -> list[tuple[Subject, ...]]:
        """Each of those of whom "both", "neither" or "all three" is said, where the text has just so many products."""
        first, _ = self.clause(start)
        said = _BOTH.search(self.text, first, start) or _ON_BOTH.match(self.text, end)
        if said is not None and (plans := self._plans_above()):
            is_all = len(plans) == _COUNTS.get((said["count"] or "two").casefold())
            return [(plan,) for plan in plans] if is_all else [()]
        if said is None or len(self.around) != _COUNTS.get((said["count"] or "two").casefold()):
            return []
        return [(Subject(*key),) for key in sorted(self.around)]

    def _named_above(self) -> list[tuple[Subject, ...]]:
        """Everybody who is named earlier in the passage, each once."""
        named: dict[tuple[Subject, ...], None] = {}
        for view in islice(self.above, _FAR):
            named = dict.fromkeys(one.subjects for one in view.mentions) | named
        return list(named)

    @property
    def plans_above(self) -> list[tuple[Subject, ...]]:
        """The plans that are named earlier in the passage, each with those who may be meant."""
        return [subjects for subjects in self._named_above() if any(one.plan is not None for one in subjects)]

    def _plans_above(self) -> list[Subject]:
        """The plans that are named earlier in the passage, where each is certain."""
        return [subjects[0] for subjects in self.plans_above if len(subjects) == 1]

    def _ordered(self, start: int) -> tuple[Subject, ...] | None:
        """Who "the former" or "the latter" of two is; nobody where more are named. None where no such word stands there."""
        first, _ = self.clause(start)
        said = list(_ORDERED.finditer(self.text, first, start))
        if not said:
            return None
        named = dict.fromkeys(
            [*self._named_above(), *(one.subjects for one in self.mentions if one.end <= said[-1].start())]
        )
        if len(named) != 2:
            return ()
        return list(named)[0 if said[-1]["which"].casefold() == "former" else 1]

    def _free_plan(self, start: int) -> tuple[Subject, ...]:
        """The free plan of whom the sentence is about; the product where it is not known to have just one."""
        before = [one for one in self.mentions if one.end <= start and not self.is_object(one)]
        whose = before[-1].subjects if before else self.fallback
        return tuple(dict.fromkeys(replace(one, plan=self.free_plans.get(one.key)) for one in whose))

    def _from(self, before: list[list[Mention]], rank: tuple[int, int]) -> list[tuple[Subject, ...]]:
        last = before[-1]
        if self.is_object(last[0]):
            # "Starter costs more than Solo, $100": either may be meant.
            earlier = before[-2][-1].subjects if len(before) > 1 else self.fallback
            if earlier and self.is_unlike(last[0]):
                return [earlier]
            return [tuple(dict.fromkeys((*earlier, *last[-1].subjects)))]
        if not last[-1].is_plan and len(before) > 1 and before[-2][-1].is_plan:
            plan = before[-2][-1]
            if plan.keys & last[-1].keys:
                return [plan.subjects]
        if len(last) == 1:
            return [last[0].subjects]
        place, count = rank
        if count == len(last):
            return [last[place].subjects]
        return [mention.subjects for mention in last] if count == 1 else [together(last)]

    def _plans_before(self, start: int) -> bool:
        return any(one.is_plan for one in self.mentions if one.end <= start)


def topic(view: View) -> tuple[Subject, ...]:
    """Whom the next sentence speaks of where it names nobody."""
    asides = [found.span() for found in _ASIDE.finditer(view.text)]
    spoken_of = [
        one
        for one in view.mentions
        if not view.is_object(one) and not any(first < one.start < last for first, last in asides)
    ]
    return together([one for one in spoken_of if one.is_plan] or spoken_of)


def products_of(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Whose plans they are."""
    return tuple(dict.fromkeys(Subject(*subject.key) for subject in subjects))


def together(mentions: Sequence[Mention]) -> tuple[Subject, ...]:
    """Everybody who may be meant by any of several names."""
    return tuple(dict.fromkeys(subject for mention in mentions for subject in mention.subjects))
