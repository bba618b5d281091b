"""Walking the passages of a text: who is being spoken of at each sentence, and who is meant where nobody is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pricing_pipeline.claims.claim import Subject
from pricing_pipeline.claims.dates import Relation, When, find_times
from pricing_pipeline.claims.knowledge import Key
from pricing_pipeline.claims.passages import Block, Passage
from pricing_pipeline.claims.plain import in_digits, one_sign, without_sayings
from pricing_pipeline.claims.sentences import sentences
from pricing_pipeline.claims.subjects import Directory, Mention
from pricing_pipeline.claims.views import View, products_of, together, topic


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
        self._kept: dict[tuple[str, tuple[frozenset[Key], ...]], tuple[Mention, ...]] = {}
        self._runs = self._runs_of()
        self._dated = _dated(passages, directory.today)
        self._questions = _questions(passages)
        self._sign = one_sign(passage.text for passage in passages)

    def views(self) -> Iterator[View]:
        """Every sentence of every passage."""
        before: tuple[Subject, ...] = ()
        headings: tuple[str, ...] = ()
        for number, passage in enumerate(self._passages):
            is_asked = passage.headings[-1:] != () and passage.headings[-1].endswith("?")
            before = before if passage.headings == headings or is_asked else ()
            spoken_of = before
            for view in self._of(passage, number, before):
                spoken_of = topic(view) or spoken_of
                yield view
            if passage.block is Block.PARAGRAPH:
                before, headings = products_of(spoken_of), passage.headings

    def _of(self, passage: Passage, number: int, before_it: tuple[Subject, ...]) -> Iterator[View]:
        """The sentences of a passage. `before_it` are the products of the paragraph before, for one that names nobody."""
        context = self._context(passage, number)
        advice = self._advised(passage)
        spoken_of: tuple[Subject, ...] = ()
        above: dict[Subject, None] = {}
        before: View | None = None
        said = without_sayings(passage.text)
        # "It was 7,500 a month" is no money where the question was how many
        sign = None if any(_HOW_MANY.match(above) for above in (passage.lead, *passage.headings[-1:])) else self._sign
        for start, end in sentences(said):
            text = said[start:end]
            levels = (frozenset(subject.key for subject in spoken_of), *context.levels)
            mentions = self._directory.mentions(text, self.around, [level for level in levels if level])
            mentions = tuple(_within(one, context.subjects) for one in mentions)
            before = View(
                text=in_digits(text, sign),
                written=text,
                start=start,
                passage=passage,
                number=number,
                mentions=mentions,
                fallback=spoken_of or context.subjects or (before_it if passage.block is Block.PARAGRAPH else ()),
                is_near=bool(spoken_of) or context.is_near,
                around=self.around,
                advice=advice,
                named_headers=context.named_headers,
                today=self._directory.today,
                dated=self._dated,
                free_plans=self._directory.free_plans,
                previous=before,
                rivals=_rivals(spoken_of, above),
                question=self._questions[number],
            )
            yield before
            spoken_of = topic(before) or spoken_of
            above |= dict.fromkeys(one for mention in mentions for one in mention.subjects if one.plan is not None)

    def _context(self, passage: Passage, number: int) -> _Context:
        """Who is spoken of around a passage, the nearest first: its table headers, its list's lead, its headings."""
        about = frozenset(self._by_slug[slug] for slug in passage.about if slug in self._by_slug)
        run = self._runs[number]
        above = self._above(passage, about)
        outer = [frozenset(key for one in mentions for key in one.keys) for mentions in above]
        found = [self._headers(passage, [run, *outer]), *above]
        keys = [frozenset(key for one in mentions for key in one.keys) for mentions in found]
        levels = (keys[0], about, keys[1], run, *keys[2:], self.around)
        headers, lead, *headings = (_meant(mentions) for mentions in found)
        chosen = [headers, tuple(Subject(*key) for key in sorted(about)), lead, *headings]
        if len(self.around) == 1:
            chosen.append(tuple(Subject(*key) for key in self.around))
        is_near = passage.block is Block.CELL and bool(chosen[0])
        subjects = _deepest(chosen)
        named = {
            text: [one.start for one in self._mentions(text, (about,) if about else ())]
            for text in (passage.column, passage.row, passage.lead, *passage.headings[-1:])
        }
        headed = {text: min(starts) for text, starts in named.items() if starts}
        return _Context(subjects, tuple(level for level in levels if level), is_near, headed)

    def _above(self, passage: Passage, about: frozenset[Key]) -> list[tuple[Mention, ...]]:
        """Who is named in the lead and in each heading, innermost first; a plan belongs to the product further out."""
        found: list[tuple[Mention, ...]] = []
        outer: tuple[frozenset[Key], ...] = (about,) if about else ()
        for text in (*passage.headings, passage.lead):
            mentions = self._mentions(text, outer)
            found.append(mentions)
            keys = frozenset(key for one in mentions for key in one.keys)
            outer = (keys, *outer) if keys else outer
        return found[::-1]

    def _headers(self, passage: Passage, outer: Sequence[frozenset[Key]]) -> tuple[Mention, ...]:
        """Who is named in a cell's headers; a plan in one of them belongs to the product in the other, or further out."""
        texts = [text for text in (passage.column, passage.row) if text.strip()]
        if passage.block is not Block.CELL or not texts:
            return ()
        keys = frozenset(key for text in texts for one in self._directory.products_in(text) for key in one.keys)
        levels = [level for level in (keys, *outer) if level]
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

    def _mentions(self, text: str, levels: tuple[frozenset[Key], ...]) -> tuple[Mention, ...]:
        if not text.strip():
            return ()
        known = (text, levels)
        if known not in self._kept:
            found = self._directory.mentions(text, self.around, levels)
            self._kept[known] = tuple(one for one in found if not _WHOSE.match(text, one.end))
        return self._kept[known]

    def _advised(self, passage: Passage) -> Subject | None:
        """Whom the heading or lead of a passage recommends: "Choose Solo if"."""
        for text in (passage.lead, *reversed(passage.headings)):
            asked = _ADVICE.search(text)
            if asked is None:
                continue
            mentions = [one for one in self._mentions(text, ()) if one.start >= asked.start()]
            if len(mentions) == 1 and len(mentions[0].subjects) == 1:
                return mentions[0].subjects[0]
        return None


# "And of Dagster+?" asks what the question before it asked.
_ELLIPTIC = re.compile(
    r"\W*(?:and|what\sabout|how\sabout|or)\b(?!.*\b(?:is|are|do|does|has|have|can|many|much)\b)", re.IGNORECASE
)


def _questions(passages: Sequence[Passage]) -> list[str]:
    """The question that each passage answers: the heading above it, in full."""
    found: list[str] = []
    asked = ""
    for passage in passages:
        above = passage.headings[-1] if passage.headings else ""
        is_question = above.rstrip().endswith("?")
        if is_question and not _ELLIPTIC.match(above):
            asked = above
        found.append(asked if is_question else "")
    return found


_HOW_MANY = re.compile(r"\W*(?:and\s|so\s)?how\smany\b", re.IGNORECASE)
# "Prices as of March 2026." speaks of the whole text.
_AS_OF = re.compile(
    r"\W*(?:(?:all\s|the\s)?(?:prices?|pricing|figures?|numbers|data|information|plans|rates|everything)\b[^.]{0,40}\s)?"
    r"(?P<when>as\s(?:of|at)\s[^.()]{4,20}?)\W*",
    re.IGNORECASE,
)


def _dated(passages: Sequence[Passage], today: date) -> When | None:
    """The time for which a text as a whole says that it holds."""
    for passage in passages:
        said = _AS_OF.fullmatch(passage.text) if passage.block is not Block.CELL and len(passage.text) < 120 else None
        times = find_times(said["when"], today) if said else ()
        if len(times) == 1 and times[0].first is not None:
            return replace(times[0], relation=Relation.AT, start=0, end=0)
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


def _rivals(spoken_of: tuple[Subject, ...], above: Iterable[Subject]) -> tuple[Subject, ...]:
    """The other plans of a product that the passage named before the one of the last sentence."""
    if len(spoken_of) != 1 or spoken_of[0].plan is None:
        return ()
    return tuple(one for one in above if one.key == spoken_of[0].key and one != spoken_of[0])


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
    return together(plans or list(mentions))


def _within(mention: Mention, subjects: Sequence[Subject]) -> Mention:
    """A plan's name in a cell or under a heading that speaks of one product is that product's."""
    keys = {subject.key for subject in subjects}
    common = tuple(subject for subject in mention.subjects if subject.key in keys)
    return replace(mention, subjects=common) if len(mention.subjects) > 1 and len(keys) == 1 and common else mention
