"""Reading what is said to be free, paid only, priced on request, or open source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pricing_pipeline.claims.answers import ASKS_FREE, NO, YES, labelled
from pricing_pipeline.claims.claim import Free, Kind, OnRequest, OpenSource, Said, Subject
from pricing_pipeline.claims.dates import When
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.subjects import Mention
from pricing_pipeline.claims.views import View

_NOUN = r"(?:tiers?|plans?|versions?|editions?|offering|option|cloud\splan|cloud\stier|level|account|accounts)"
_TIER = re.compile(
    rf"\bfree(?:[\s-]forever)?[\s-](?:\w+\s)?(?P<noun>{_NOUN})\b|\b(?P<forever>free\sforever)\b|"
    rf"\b(?P<freemium>freemium)\b",
    re.IGNORECASE,
)
_TRIAL = re.compile(r"\btrial|\bcredits?\b", re.IGNORECASE)
_PAID_ONLY = re.compile(
    r"\bpaid[\s-]only\b|\bonly\s(?:has\s|offers\s|sells\s|comes\swith\s)?paid\s(?:plans|tiers)\b|"
    r"\bonly\savailable\s(?:as\sa\spaid|on\spaid)|"
    r"\b(?:all|every|each)\s(?:of\s(?:its|the)\s)?(?:plans?|tiers?)\s(?:are|is|costs?)\s(?:paid|money)\b|"
    r"\bnothing\s(?:is\s|comes\s)?(?:for\s)?free\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:\b(?:no|without(?:\san?)?|lacks?(?:\san?)?|not|never|neither|nor|isn['’]t|hasn['’]t|haven['’]t|"
    r"doesn['’]t|don['’]t|didn['’]t|none|nobody|dropped|drops|removed|removes|"
    r"discontinued|ended|ends|killed|scrapped|retired|lost|missing|cannot|"
    r"there['’]s\sno)\b)(?:\W+(?!but\b|while\b|and\b)\w+){0,5}?\W*$",
    re.IGNORECASE,
)
_IS_FREE = re.compile(
    r"(?:\s(?:plan|tier|edition))?(?:,\s(?:which|that))?(?:\s+(?P<verb>is|are|stays?|remains?|comes?|was)|"
    r"\s*[:(–—-])\s*(?P<not>not\s|no\slonger\s)?(?:completely\s|entirely\s|always\s|also\s|still\s|"
    r"permanently\s|100%\s)?"
    r"free\b(?!\s(?:trial|for\s(?:the\sfirst\s)?\d|of\b|from\b|until\b)|[\s-](?:form|of)|dom)",
    re.IGNORECASE,
)
_IS_NOT_FREE = re.compile(r"(?:\s(?:plan|tier|edition))?\s+(?:isn['’]t|aren['’]t|is\snever)\sfree\b", re.IGNORECASE)
_FOR_FREE = re.compile(
    r"\b(?:for\sfree|free\sof\scharge|at\sno\scost|(?:costs?|for)\s(?:you\s)?nothing|"
    r"(?:does|do)(?:n['’]t|\snot)\scost\s(?:you\s)?(?:a\s(?:cent|dime|penny)|anything))\b",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(?:is|are)\s(?:(?:now|also|still|a)\s){0,2}(?:paid(?:\s(?:plan|tier|one|edition))?|chargeable)\b(?!\s(?:by|in|for|up|annual|year|month))"
    r"|\bcosts?\smoney\b|\bis\ssubject\sto\sa\sfee\b",
    re.IGNORECASE,
)
_FREE_BEFORE = re.compile(r"\bfree\s$", re.IGNORECASE)
_ON_REQUEST = re.compile(
    r"\b(?:contact\s(?:sales|us)|talk\sto\ssales|custom[\s-](?:pricing|price|priced|quote)|(?:price|"
    r"pricing|priced|quote)[sd]?\s(?:is\s|are\s|only\s)*(?:up)?on\s(?:request|application|demand)|"
    r"by\squot(?:e|ation)|sold\sby\scontact|quote[\s-]based|(?:no|without(?:\sa)?)\s(?:published|public|list(?:ed)?)\s(?:price|"
    r"pricing)|(?:does|do)(?:\snot|n['’]t)\spublish\s(?:its\s|a\s|any\s|their\s)?(?:price|pricing|prices)|"
    r"(?:sold|available|priced)\s(?:only\s)?(?:by|on|through)\s(?:contact|request|sales)|"
    r"individually\spriced|asks?\syou\sto\scontact)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:publish(?:es)?|lists?|discloses?|reveals?)\s(?:(?:its|the|a|their|any)\s)?(?:list\s)?(?:prices?|pricing)\b|"
    r"\b(?:has|have|with|carr(?:y|ies))\s(?:an?\s)?(?:published|public|listed?)\s(?:prices?|pricing|price\stags?)\b|"
    r"\b(?:prices?|pricing)\s(?:is|are)\s(?:published|public)\b|\bpublicly\spriced\b|\b(?:listed|sold)\sat\sa\s(?:fixed|published)\sprice\b|"
    r"\b(?:sold|bought|ordered)\sonline\b|\bat\sa\s(?:published|public|list|listed)\sprice\b|\bbe\sbought\s(?:\w+\s)?with\sa\s(?:credit\s)?card\b",
    re.IGNORECASE,
)
_UNPUBLISHED = re.compile(
    r"(?:n['’]t|\b(?:not|never|no|none|neither|nor|nobody|without|nothing))\b[^.;]{0,60}$", re.IGNORECASE
)
_OPEN = re.compile(r"\bopen[\s-]?sourced?\b", re.IGNORECASE)
_CLOSED = re.compile(r"\b(?:closed[\s-]source|proprietary)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|remains?|was|stays?|both)\b[^.;,]{0,30}$", re.IGNORECASE)
_NOT_OPEN = re.compile(r"(?:n['’]t|\b(?:not|never|neither|no\slonger))\b[^.;,]{0,20}$", re.IGNORECASE)
_OF_SOMETHING = re.compile(
    r"\s*(?:licen[cs]e|under|framework|project|core|software|tool|library|and\b|with\b|but\b|,|\.|;|\)|$|"
    r"—|–|orchestrator|engine|platform|product|at\sits)",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:if|would|should|could|might|unless|wish|want|need|looking\sfor|prefer|ask)\b", re.IGNORECASE)


def states(view: View) -> Iterator[Found]:
    """What a sentence says of free, paid only, on request and open source."""
    if view.is_question or view.is_header:
        return
    wonders = _WONDERS.search(view.text)
    ends = len(view.text) if wonders is None else wonders.start()
    yield from (one for one in _stated(view) if one.start < ends)


# Who asks whether something is free does not say so.
_WONDERS = re.compile(r"\b(?:whether|ask(?:s|ed|ing)?\sif|wonder\w*\sif)\b", re.IGNORECASE)


def _stated(view: View) -> Iterator[Found]:
    if view.passage.block is Block.CELL:
        yield from _cell(view)
    elif view.passage.block is not Block.HEADING and _FREE_ALONE.fullmatch(view.passage.text.strip()):
        yield from (_one(view, Free(is_offered=True), 0, len(view.text), one) for one in _plans_only(view))
    if view.passage.block is Block.HEADING and _STATES.search(view.text):
        return
    for answer, start, end in labelled(view):
        yield from _of_products(view, Free(is_offered=answer), start, end)
    yield from _tiers(view)
    yield from _free_plans(view)
    yield from _it_is_free(view)
    yield from _paid_plans(view)
    yield from _on_request(view)
    yield from _open_source(view)


_ASK = re.compile(r"custom|on request|contact us|talk to us", re.IGNORECASE)
_PRICE_HEADER = re.compile(r"price|cost|fee|month", re.IGNORECASE)
_FREE_ALONE = re.compile(r"free(?:\sforever)?[.!]?", re.IGNORECASE)


_STATES = re.compile(r"\b(?:is|has|offers?|stays?|are|have|publish(?:es)?)\b|^no\b|\bpaid[\s-]only\b", re.IGNORECASE)
_TIER_HEADER = re.compile(
    rf"(?:(?:has|offers|is\sthere)\s)?(?:an?\s)?(?:free(?:[\s-]forever)?|freemium)[\s-](?:\w+\s)?(?:{_NOUN}|account)"
    r"(?:\s(?:available|offered))?\??",
    re.IGNORECASE,
)


def _plans_only(view: View) -> Iterator[tuple[Subject, ...]]:
    """Whom a whole passage is about, where that is a plan."""
    for subjects in view.about(0, len(view.text)):
        if any(subject.plan is not None for subject in subjects):
            yield subjects


def _tiers(view: View) -> Iterator[Found]:
    for found in _PAID_ONLY.finditer(view.text):
        first, _ = view.clause(found.start())
        negated = (
            re.search(r"(?:n['’]t|\b(?:not|longer))\s(?:\w+\s)?$", view.text[first : found.start()], re.IGNORECASE)
            is not None
        )
        yield from _of_products(view, Free(is_offered=negated), found.start(), found.end())
    for found in _TIER.finditer(view.text):
        first, last = view.clause(found.start())
        before = view.text[first : found.start()]
        if (
            _TRIAL.search(found.group())
            or _MODAL.search(before)
            or any(start <= found.start() < end for _, start, end in labelled(view))
        ):
            continue
        is_hosted = found["noun"] is None or found["noun"].casefold() not in (
            "version",
            "versions",
            "edition",
            "editions",
            "option",
            "offering",
        )
        negated = _NOT.search(before) is not None or _gone(view.text[found.end() : last])
        plan = _inside(view, found.start(), found.end()) or _named_so(view, found.start(), found.end())
        if plan is not None and not negated:
            yield _one(view, Free(is_offered=True), found.start(), found.end(), plan.subjects)
        else:
            yield from _of_products(
                view, Free(is_offered=not negated, hosted_only=is_hosted), found.start(), found.end()
            )


def _gone(after: str) -> bool:
    return (
        re.match(
            r"\s(?:is|was|has\sbeen|were)\s(?:gone|removed|discontinued|dropped|retired|no\smore|missing|"
            r"not\s(?:offered|available))",
            after,
            re.IGNORECASE,
        )
        is not None
    )


def _inside(view: View, start: int, end: int) -> Mention | None:
    """The plan that is named between "free" and "plan"."""
    return next(
        (
            one
            for one in view.mentions
            if one.is_plan and one.end > start + 4 and one.end < end and start <= one.start + len("free ") + 40
        ),
        None,
    )


def _named_so(view: View, start: int, end: int) -> Mention | None:
    """The plan that is said to be the free one: "Hobby, the free plan", "the free plan, Hobby", "Hobby is a free tier"."""
    for one in view.mentions:
        if not one.is_plan or len(one.subjects) != 1:
            continue
        if one.end <= start and re.fullmatch(
            r"\s*(?:plan|tier)?\s*(?:,|is|\(|–|—|:|as|=)\s*(?:the|a|its|their|\s)*\s*",
            view.text[one.end : start],
            re.IGNORECASE,
        ):
            return one
        if one.start >= end and re.fullmatch(
            r"\s*(?:,|is|\(|–|—|:|called|named|=|is\scalled)\s*", view.text[end : one.start], re.IGNORECASE
        ):
            return one
    return None


def _free_plans(view: View) -> Iterator[Found]:
    for one in view.mentions:
        stated = _IS_FREE.match(view.text, one.end)
        denied = _IS_NOT_FREE.match(view.text, one.end)
        if stated or denied:
            match = stated or denied
            assert match
            offered = denied is None and not (stated and stated["not"])
            yield _one(view, Free(is_offered=offered, hosted_only=False), one.start, match.end(), one.subjects)
        elif (
            one.is_plan and _FREE_BEFORE.search(view.text, 0, one.start) and not _NOT.search(view.text[: one.start - 5])
        ):
            yield _one(view, Free(is_offered=True), one.start - 5, one.end, one.subjects)
    for found in _FOR_FREE.finditer(view.text):
        first, _ = view.clause(found.start())
        before = [one for one in view.mentions if first <= one.end <= found.start()]
        if (
            before
            and before[-1].is_plan
            and not _NOT.search(view.text[first : found.start()])
            and not _MODAL.search(view.text[first : found.start()])
        ):
            yield _one(view, Free(is_offered=True), found.start(), found.end(), before[-1].subjects)


# "Hobby tempted us. It is free."
_IT_IS = re.compile(
    r"(?:^|[.;:,]\s|\band\s)\W*(?:it|that\sone|this\sone)(?:\s(?:is|remains|stays)|['’]s)\s(?:also\s|still\s|completely\s)?(?P<not>not\s|no\slonger\s)?free\b"
    r"(?!\s(?:trial|for\s(?:the\sfirst\s)?\d|of\b|from\b|until\b|to\b))",
    re.IGNORECASE,
)


def _it_is_free(view: View) -> Iterator[Found]:
    for found in _IT_IS.finditer(view.text):
        before = [one for one in view.mentions if one.end <= found.start()]
        subjects = before[-1].subjects if before else view.fallback
        if subjects and all(one.plan is not None for one in subjects) and len(subjects) == 1:
            yield _one(view, Free(is_offered=not found["not"], hosted_only=False), found.start(), found.end(), subjects)


def _paid_plans(view: View) -> Iterator[Found]:
    """ "Hobby is a paid plan", "it costs money"."""
    for found in _PAID.finditer(view.text):
        first, _ = view.clause(found.start())
        if _NOT.search(view.text[first : found.start()]) or _MODAL.search(view.text, first, found.start()):
            continue
        for subjects in view.about(found.start(), found.end()):
            if subjects and all(subject.plan is not None for subject in subjects):
                yield _one(view, Free(is_offered=False), found.start(), found.end(), subjects)


# "No plan with a public price" speaks of plans that are not named.
_SOME_PLAN = re.compile(
    r"\b(?:no|any|other|another|more|only|every|each|one)\s(?:\w+\s)?(?:plan|tier|option|offer|product)s?\s$",
    re.IGNORECASE,
)


def _on_request(view: View) -> Iterator[Found]:
    for found in _ON_REQUEST.finditer(view.text):
        for subjects in view.about(found.start(), found.end()):
            if any(subject.plan is not None for subject in subjects):
                yield _one(view, OnRequest(), found.start(), found.end(), subjects)
    for found in _PUBLISHED.finditer(view.text):
        first, _ = view.clause(found.start())
        is_asked = _UNPUBLISHED.search(view.text, first, found.start()) is not None
        if _MODAL.search(view.text, first, found.start()) or _SOME_PLAN.search(view.text, first, found.start()):
            continue
        for subjects in view.about(found.start(), found.end()):
            if subjects and all(subject.plan is not None for subject in subjects):
                yield _one(view, OnRequest(is_asked=is_asked), found.start(), found.end(), subjects)


def _open_source(view: View) -> Iterator[Found]:
    for found in _CLOSED.finditer(view.text):
        if _IS.search(view.text, 0, found.start()):
            negated = _NOT_OPEN.search(view.text, 0, found.start()) is not None
            yield from _of_programs(view, OpenSource(negated), found.start(), found.end())
    for found in _OPEN.finditer(view.text):
        if not _IS.search(view.text, 0, found.start()) or not _OF_SOMETHING.match(view.text, found.end()):
            continue
        negated = _NOT_OPEN.search(view.text, 0, found.start()) is not None
        yield from _of_programs(view, OpenSource(not negated), found.start(), found.end())


# "Both frameworks" are what one installs, and no hosted product.
_PROGRAMS = re.compile(r"\b(?:frameworks?|orchestrators?|projects?|engines?|librar(?:y|ies))\b", re.IGNORECASE)


def _of_programs(view: View, said: OpenSource, start: int, end: int) -> Iterator[Found]:
    """A statement about what a vendor's product is made of, where the words call it a program."""
    first, _ = view.clause(start)
    is_program = _PROGRAMS.search(view.text, first, start) is not None
    for one in _of_products(view, said, start, end):
        subjects = tuple(replace(subject, vendor_only=True) for subject in one.subjects)
        yield replace(one, subjects=subjects) if is_program else one


def _cell(view: View) -> Iterator[Found]:
    """A cell whose whole text is a state: "Free" under a price, "Yes" beside "Free tier"."""
    passage, text = view.passage, view.text.strip()
    if view.start or not passage.row:
        return
    header = f"{passage.column} {passage.row}"
    answer = True if YES.fullmatch(text) else False if NO.fullmatch(text) else None
    heads = (passage.column.strip(), passage.row.strip())
    if answer is not None and any(_TIER_HEADER.fullmatch(one) or ASKS_FREE.match(one) for one in heads):
        yield from _of_products(view, Free(is_offered=answer), 0, len(text))
    elif _OPEN.search(header) and answer is not None:
        yield from _of_products(view, OpenSource(answer), 0, len(text))
    elif _FREE_ALONE.fullmatch(text):
        yield from (_one(view, Free(is_offered=True), 0, len(text), subjects) for subjects in _plans_only(view))
    elif _ASK.fullmatch(text) and _PRICE_HEADER.search(header):
        yield from (_one(view, OnRequest(), 0, len(text), subjects) for subjects in _plans_only(view))


def _of_products(view: View, said: Free | OpenSource, start: int, end: int) -> Iterator[Found]:
    """A statement about the whole product, whatever plan is named beside; of whom it is set against, the opposite."""
    for subjects in view.about(start, end):
        yield _one(view, said, start, end, _whole(subjects))
    for one in view.mentions:
        if isinstance(said, Free) and not one.is_plan and view.is_unlike(one):
            opposite = Free(is_offered=not said.is_offered, hosted_only=said.hosted_only)
            yield _one(view, opposite, one.start, one.end, _whole(one.subjects))


def _whole(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    return tuple(dict.fromkeys(replace(subject, plan=None) for subject in subjects))


def _one(view: View, said: Said, start: int, end: int, subjects: tuple[Subject, ...]) -> Found:
    kind = {Free: Kind.FREE_TIER, OnRequest: Kind.ON_REQUEST, OpenSource: Kind.OPEN_SOURCE}[type(said)]
    when: When | None = view.when(start, end)
    return Found(kind=kind, said=said, start=start, end=end, subjects=subjects, when=when)
