"""A sentence with everything that is needed to read it: who is named, who is meant where nobody is, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pricing_pipeline.claims.claim import Subject
from pricing_pipeline.claims.dates import Relation, When, find_times
from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.passages import Block, Passage
from pricing_pipeline.claims.sentences import in_digits, sentences
from pricing_pipeline.claims.subjects import Directory, Mention

_CLAUSE = re.compile(
    r"\s*[;—]\s*|\s+–\s+|,?\s+(?:but|while|whereas|although|though|yet)\s+|\s+and\s+(?=(?:is|are|has|have|"
    r"now|today)\b)|,\s+(?:and\s+)?(?=(?:since|today|now|from\s)\b)"
)
_OBJECT = re.compile(
    r"\b(?:than|unlike|versus|vs\.?|compared\s(?:to|with)|against|instead\sof|rather\sthan|over|beats?|"
    r"undercuts?)\s+(?:the\s|that\sof\s|those\sof\s)*$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\s*(?:a|per|/|each)?\s*(?:month|mo|year|yr|user|seat|credit|minute)?\s*\)?\s*(?:(?:plan|price|tier|fee)\s+)?"
    r"(?:for|on|with|in|at|under|of|\()?\s*(?:the\s+|its\s+|their\s+)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:plans?|tiers?)?\s*(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|&\s*|/\s*|as\swell\sas\s+)(?:the\s+|"
    r"its\s+|their\s+)?",
    re.IGNORECASE,
)
_PAST_VERB = re.compile(
    r"(?:\s+(?:plan|tier))?\s+(?:also\s+|still\s+|once\s+|then\s+)?(?:included|came|offered|charged|had|"
    r"was|were|gave|started|bundled|used\sto|did|sold|allowed|ran|kept|contained|provided)\b",
    re.IGNORECASE,
)
_FREE_TIER = re.compile(r"\bfree\s(?:tier|plan|version|edition)\b", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:was|were|is|are|has\sbeen|have\sbeen|got)\s(?:also\s|quietly\s|all\s|now\s)?(?:dropped|removed|"
    r"gone|scrapped|cut|discontinued|withdrawn|taken\saway)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(r"\b(?:price|pricing|change)\s(?:history|log)\b|\bchangelog\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:now|today|currently|at\spresent|no\slonger|these\sdays)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class View:
    """One sentence: `start` is where it begins in its passage, `text` has counts in words put into digits.

    `fallback` are those who may be meant where the sentence names nobody; `is_near` says that they were named in the
    same passage or its table headers. `around` are the products of the whole text, `previous` is the
    sentence before it in the passage, `named_headers` says where the headers of a cell begin to name somebody.
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

    @property
    def is_question(self) -> bool:
        """Whether nothing is stated."""
        return self.written.rstrip().rstrip("\"'”’)*").endswith("?")

    @property
    def is_header(self) -> bool:
        """Whether it heads a column or a row of a table."""
        return self.passage.block is Block.CELL and not self.passage.row

    @cached_property
    def times(self) -> tuple[When, ...]:
        """The dates and words of the past."""
        return find_times(self.text)

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
        found = min(near, key=lambda one: min(abs(one.start - end), abs(start - one.end)), default=None)
        if found is not None or _NOW.search(self.text, first, last):
            return found
        return self._past(start, first) or self._headed

    @cached_property
    def _headed(self) -> When | None:
        """The time that a cell's header or a list's lead gives ("until April 2026"); a history tells of any time."""
        passage = self.passage
        above = (passage.column, passage.row) if passage.block is Block.CELL else (passage.lead,)
        for text in above:
            for one in find_times(text):
                if one.relation is not Relation.VERIFIED:
                    return replace(one, start=0, end=0)
        told = any(_HISTORY.search(heading) for heading in passage.headings)
        return When(relation=Relation.PAST, start=0, end=0, text="at some time") if told else None

    def _past(self, start: int, first: int) -> When | None:
        """A main verb in the past right behind whom the statement is about, or that it is gone."""
        gone = _GONE.search(self.text, start, self.clause(start)[1])
        if gone is not None:
            return When(relation=Relation.PAST, start=gone.start(), end=gone.end(), text=gone.group().strip())
        before = [one for one in self.mentions if first <= one.end <= start]
        verb = _PAST_VERB.match(self.text, before[-1].end, start) if before else None
        if verb is None:
            return None
        return When(relation=Relation.PAST, start=verb.start(), end=verb.end(), text=verb.group().strip())

    def is_object(self, mention: Mention) -> bool:
        """Whether somebody is named only to compare with."""
        return _OBJECT.search(self.text, 0, mention.start) is not None

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
        if not self.mentions and _FREE_TIER.search(self.text, 0, start):
            return [tuple(dict.fromkeys(replace(one, plan=None) for one in self.fallback))]
        if following is not None and (following.is_plan or not self._plans_before(start)):
            return [following.subjects]
        before = [group for group in self.groups() if group[0].end <= start]
        if not before:
            later = [one for one in self.mentions if one.start >= end and not self.is_object(one)]
            if len(later) == 1 and not self.fallback:
                return [later[0].subjects]
            if len(later) == 1 and later[0].is_plan and all(subject.plan is None for subject in self.fallback):
                return [later[0].subjects]
            if rank[1] > 1 and rank[1] == len(self.fallback):
                return [(self.fallback[rank[0]],)]
            return [self.fallback] if self.fallback else [later[0].subjects] if len(later) == 1 else [()]
        return self._from(before, rank)

    def _from(self, before: list[list[Mention]], rank: tuple[int, int]) -> list[tuple[Subject, ...]]:
        last = before[-1]
        if self.is_object(last[0]):
            # "Starter costs more than Solo, $100": either may be meant.
            earlier = before[-2][-1].subjects if len(before) > 1 else self.fallback
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
        return [mention.subjects for mention in last] if count == 1 else [_together(last)]

    def _plans_before(self, start: int) -> bool:
        return any(one.is_plan for one in self.mentions if one.end <= start)


def _together(mentions: Sequence[Mention]) -> tuple[Subject, ...]:
    return tuple(dict.fromkeys(subject for mention in mentions for subject in mention.subjects))


class Scene:
    """Walks the passages of a text and knows at each sentence who is being spoken of."""

    def __init__(self, passages: Sequence[Passage], directory: Directory, about: Sequence[Key] = ()) -> None:
        """`about` are the products that the text as a whole is known to speak of."""
        self._passages = passages
        self._directory = directory
        found: dict[Key, None] = dict.fromkeys(about)
        for passage in passages:
            for mention in directory.products_in(passage.text):
                found.update(dict.fromkeys(mention.keys))
        self.around = frozenset(found)
        self._by_slug: dict[str, Key] = {key[1]: key for key in self.around}
        self._kept: dict[tuple[str, frozenset[Key]], tuple[Mention, ...]] = {}
        self._runs = self._runs_of()

    def views(self) -> Iterator[View]:
        """Every sentence of every passage."""
        for number, passage in enumerate(self._passages):
            yield from self._of(passage, number)

    def _of(self, passage: Passage, number: int) -> Iterator[View]:
        context = self._context(passage, number)
        advice = self._advised(passage)
        topic: tuple[Subject, ...] = ()
        before: View | None = None
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            levels = (frozenset(subject.key for subject in topic), *context.levels)
            mentions = self._directory.mentions(text, self.around, [level for level in levels if level])
            mentions = tuple(_within(one, context.subjects) for one in mentions)
            before = View(
                text=in_digits(text),
                written=text,
                start=start,
                passage=passage,
                number=number,
                mentions=mentions,
                fallback=topic or context.subjects,
                is_near=bool(topic) or context.is_near,
                around=self.around,
                advice=advice,
                named_headers=context.named_headers,
                previous=before,
            )
            yield before
            topic = _topic(mentions) or topic

    def _context(self, passage: Passage, number: int) -> _Context:
        """Who is spoken of around a passage, the nearest first: its table headers, its list's lead, its headings."""
        about = frozenset(self._by_slug[slug] for slug in passage.about if slug in self._by_slug)
        run = self._runs[number]
        found = [
            self._headers(passage, run),
            *(self._mentions(text, about) for text in (passage.lead, *reversed(passage.headings))),
        ]
        keys = [frozenset(key for one in mentions for key in one.keys) for mentions in found]
        levels = (keys[0], about, keys[1], run, *keys[2:], self.around)
        headers, lead, *headings = (_meant(mentions) for mentions in found)
        chosen = [headers, tuple(Subject(*key) for key in sorted(about)), lead, *headings]
        if len(self.around) == 1:
            chosen.append(tuple(Subject(*key) for key in self.around))
        is_near = passage.block is Block.CELL and bool(chosen[0])
        subjects = _deepest(chosen)
        named = {
            text: [one.start for one in self._mentions(text, about)]
            for text in (passage.column, passage.row, passage.lead, *passage.headings[-1:])
        }
        headed = {text: min(starts) for text, starts in named.items() if starts}
        return _Context(subjects, tuple(level for level in levels if level), is_near, headed)

    def _headers(self, passage: Passage, run: frozenset[Key]) -> tuple[Mention, ...]:
        """Who is named in a cell's headers; a plan in one of them belongs to the product in the other."""
        texts = [text for text in (passage.column, passage.row) if text.strip()]
        if passage.block is not Block.CELL or not texts:
            return ()
        keys = frozenset(key for text in texts for one in self._directory.products_in(text) for key in one.keys)
        levels = [level for level in (keys, run) if level]
        return tuple(one for text in texts for one in self._directory.mentions(text, self.around, levels))

    def _runs_of(self) -> list[frozenset[Key]]:
        """For each passage the one product whose plans its table or list names: "Solo" tells whose "Starter" is."""
        runs: list[frozenset[Key]] = []
        start = 0
        for number, passage in enumerate([*self._passages, None]):
            block = passage.block if passage is not None else None
            if number and (
                block is None or block != self._passages[start].block or block not in (Block.CELL, Block.ITEM)
            ):
                runs += [self._sure(self._passages[start:number])] * (number - start)
                start = number
        return runs

    def _sure(self, passages: Sequence[Passage]) -> frozenset[Key]:
        if passages[0].block not in (Block.CELL, Block.ITEM):
            return frozenset()
        mentions = [one for each in passages for one in self._directory.mentions(each.text, self.around)]
        keys = frozenset(key for one in mentions if len(one.keys) == 1 for key in one.keys)
        return keys if len(keys) == 1 else frozenset()

    def _mentions(self, text: str, about: frozenset[Key]) -> tuple[Mention, ...]:
        if not text.strip():
            return ()
        known = (text, about)
        if known not in self._kept:
            found = self._directory.mentions(text, self.around, [about] if about else [])
            self._kept[known] = tuple(one for one in found if not _WHOSE.match(text, one.end))
        return self._kept[known]

    def _advised(self, passage: Passage) -> Subject | None:
        """Whom the heading or lead of a passage recommends: "Choose Solo if"."""
        for text in (passage.lead, *reversed(passage.headings)):
            asked = _ADVICE.search(text)
            if asked is None:
                continue
            mentions = [one for one in self._mentions(text, frozenset()) if one.start >= asked.start()]
            if len(mentions) == 1 and len(mentions[0].subjects) == 1:
                return mentions[0].subjects[0]
        return None


# "7,500 credits (Solo's allowance)" says where a figure comes from, not whom the rest is about.
_WHOSE = re.compile(r"['’]s\s(?:allowance|limit|quota)\b", re.IGNORECASE)
_ADVICE = re.compile(
    r"\b(?:choose|pick|go\s(?:with|for)|take|buy|why|best\sfor|who\sshould\s(?:use|pick|choose)|"
    r"when\sto\s(?:use|choose|pick)|reasons?\s(?:to|for))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Context:
    subjects: tuple[Subject, ...]
    levels: tuple[frozenset[Key], ...]
    is_near: bool
    named_headers: Mapping[str, int]


def _deepest(chosen: Sequence[tuple[Subject, ...]]) -> tuple[Subject, ...]:
    """The nearest who are named; where that is a product only, its plan that is named further out."""
    subjects = next((one for one in chosen if one), ())
    if any(subject.plan is not None for subject in subjects):
        return subjects
    keys = {subject.key for subject in subjects}
    for one in chosen:
        plans = tuple(subject for subject in one if subject.plan is not None and subject.key in keys)
        if plans:
            return plans
    return subjects


def _meant(mentions: Sequence[Mention]) -> tuple[Subject, ...]:
    """The one who is named, the plan before the product; several are alternatives."""
    plans = [one for one in mentions if one.is_plan]
    return _together(plans or list(mentions))


def _topic(mentions: Sequence[Mention]) -> tuple[Subject, ...]:
    """Whom the next sentence speaks of where it names nobody."""
    return _together([one for one in mentions if one.is_plan] or list(mentions))


def _within(mention: Mention, subjects: Sequence[Subject]) -> Mention:
    """A plan's name in a cell or under a heading that speaks of one product is that product's."""
    keys = {subject.key for subject in subjects}
    common = tuple(subject for subject in mention.subjects if subject.key in keys)
    return replace(mention, subjects=common) if len(mention.subjects) > 1 and len(keys) == 1 and common else mention
