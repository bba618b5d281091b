"""Reading ratings and review counts out of sentences: "4.5/5 on G2", "over 100 reviews", "no ratings yet"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.claim import Kind, Reviewed, Scored
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.views import View
from pricing_pipeline.numerals import read_number

_PUBLISHERS = {
    "g2": r"G2(?:\.com|\sCrowd)?",
    "capterra": r"Capterra",
    "trustradius": r"Trust\s?Radius",
    "gartner": r"Gartner(?:\sPeer\sInsights)?",
    "product-hunt": r"Product\s?Hunt",
    "trustpilot": r"Trustpilot",
    "software-advice": r"Software\s?Advice",
    "getapp": r"GetApp",
    "peerspot": r"PeerSpot",
}
_PUBLISHER = re.compile(
    r"\b(?:" + "|".join(f"(?P<{slug.replace('-', '_')}>{name})" for slug, name in _PUBLISHERS.items()) + r")\b",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"(?<![\w.,$€£/])(?P<value>\d{1,2}(?:\.\d{1,2})?)\s*(?:/|out\sof|of)\s*(?P<scale>5|10|"
    r"100)(?:\.0)?\b(?![,.]?\d|\s*(?:users?|seats?|plans?|%))"
    r"|(?<![\w.,$€£/])(?P<stars>\d(?:\.\d{1,2})?)(?:\s*-\s*|\s+)?(?:stars?\b|★)"
    r"|(?:★+\s*|\b(?:rat(?:ed|es|ing)|scor(?:es?|ed)|average)\b(?:\s\w+){0,3}?\s(?:of\s|at\s|is\s|"
    r"a\s)?)(?P<rated>\d\.\d{1,2})(?![\d%]|\s*(?:/|out\sof|of)\s*\d)"
    r"|\b(?:has|holds|gets|got|earns?|(?:stands?|sits?|is)\sat|['’]s\sat|average\sof)\s(?:an?\s)?(?P<holds>[0-5]\.\d)(?![\d%]|\s?(?:/|out\sof|of)\s*\d)"
    r"|\b(?:at|one\sof)\s(?P<placed>[0-5]\.\d)(?![\d%]|\s?(?:/|out\sof|of)\s*\d)"
    r"|(?<=\w\s)\((?P<beside>[0-5]\.\d)\)"
    r"|(?<![\w.,$€£/])(?P<at>\d\.\d)(?=\s(?:average\s|overall\s)?(?:rating|score)\b|\s(?:on\s|at\s|from\s|\()(?:G2|Capterra|Trust|Gartner|Product|Software|GetApp|Peer))",
    re.IGNORECASE,
)
_REVIEWS = re.compile(
    r"(?<![\w.,$€£/])(?P<count>\d[\d,.]*\s?(?:[kK]|thousand)?)(?P<plus>\+)?\s+(?:(?:verified|user|customer|public|"
    r"published|total|G2|Capterra|TrustRadius|written|online)\s+){0,2}(?:reviews?|"
    r"ratings)\b(?!\s(?:pages?|sites?|platforms?|sources?|process|teams?|scores?))",
    re.IGNORECASE,
)
_REVIEWERS = re.compile(
    r"(?<![\w.,$€£/])(?P<count>\d[\d,.]*\s?[kK]?)(?P<plus>\+)?\s+(?:(?:verified|other)\s)?(?:reviewers|raters|"
    r"(?:people|users|customers|persons)\s(?:have\s|had\s)?(?:left|written|wrote|posted|reviewed|rated|bothered|"
    r"weighed\sin|scored|voted|given|gave))\b",
    re.IGNORECASE,
)
# "124: how many reviews its rating rests on".
_DEFINED = re.compile(
    r"^\W*(?P<count>\d[\d,.]*)\W*\s?[:–—-]\s(?:how\smany|the\s(?:number|count)\sof)\s(?:\w+\s)?(?:reviews|ratings)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:no|zero|without(?:\sany)?|not\s(?:yet\s)?(?:have|has)?\s?any|hasn['’]t\s(?:any|received\sany)|"
    r"not\sa\ssingle)\s+(?:(?:user|customer|public|verified|published)\s+)?(?:ratings?|"
    r"reviews?)\b(?:\s+yet)?"
    r"|\b(?:not(?:\sbeen)?|isn['’]t|never)\s(?:yet\s)?(?:been\s)?(?:rated|reviewed)(?:\syet)?|\b(?:nobody|no\sone)\s(?:has\s|have\s)?(?:yet\s)?(?:rated|reviewed)\b|\bunrated\b|"
    r"\b(?:not\syet|yet\sto\sbe)\s(?:rated|reviewed)\b|"
    r"\byet\sto\s(?:receive|get|earn|collect)\s(?:\w+\s){0,2}(?:ratings?|reviews?)\b",
    re.IGNORECASE,
)
# That there are some, without saying how many or how good.
_SOME = re.compile(
    r"\b(?:has|have)\s(?:(?:now|already|also|since|long)\s)?been\s(?:rated|reviewed)\b|"
    r"\b(?:is|are)\s(?:(?:now|already|also)\s)?(?:rated|reviewed)\s(?:(?:even\s)?(?:higher|better|lower|worse)|well|highly|there|too)\b|"
    r"(?<!how\s)\b(?:plenty\sof|dozens\sof|hundreds\sof|thousands\sof|many|lots\sof|several|a\sfew|some|high|good|great|strong|glowing|excellent|poor|bad|low|mixed|few|a\shandful\sof)\s"
    r"(?:user\s|G2\s)?(?:ratings|reviews|marks)\b|"
    r"\ba\s(?:better|worse|higher|lower|good|bad|perfect|similar|great|poor|solid)\s(?:\w+\s)?(?:rating|score)\b(?!\s(?:than|of|on\sthe))|"
    r"\b(?:already\s|now\s)?(?:received|got|has|have|collected)\s(?:its|their|a)\s(?:own\s|first\s)?(?:user\s)?(?:rating|review)s?\b",
    re.IGNORECASE,
)
# "We found hundreds on G2", "none on G2": what is counted there is said by the site.
_HOW_MANY = re.compile(
    r"(?<!of\s)\b(?:(?P<some>hundreds|dozens|thousands|plenty|scores|several|many)|(?P<none>none|zero|nothing))(?=[\s:])(?!\sof\s(?:the|its|these)\b)",
    re.IGNORECASE,
)
_BEFORE = (
    ("about", re.compile(r"(?:\b(?:about|approx(?:\.|imately)?|around|roughly|some|close\sto)|[~≈])\s*$", re.IGNORECASE)),
    ("almost", re.compile(r"\b(?:nearly|almost|just\sunder)\s*$", re.IGNORECASE)),
    ("over", re.compile(r"\b(?:over|more\sthan|above|upwards\sof)\s*$", re.IGNORECASE)),
    ("from", re.compile(r"\b(?:at\sleast)\s*$", re.IGNORECASE)),
    ("under", re.compile(r"\b(?:under|fewer\sthan|less\sthan|below)\s*$", re.IGNORECASE)),
)  # fmt: skip


def reviews(view: View) -> Iterator[Found]:
    """The ratings and review counts of a sentence."""
    if view.is_question:
        return
    yield from _scores(view)
    yield from _review_counts(view)
    for found in _NONE.finditer(view.text):
        yield from _each(
            view, Scored(publisher=_publisher(view, found.start(), found.end())), found.start(), found.end()
        )
    yield from _existing(view)
    yield from _bare(view)


def _existing(view: View) -> Iterator[Found]:
    """That somebody is rated, or that nobody rated him, in words that count nothing."""
    for found in _SOME.finditer(view.text):
        first, _ = view.clause(found.start())
        if not _DENIED.search(view.text, first, found.start()):
            yield from _at_least_one(view, found.start(), found.end())
    if len({name.group().casefold() for name in _PUBLISHER.finditer(view.text)}) != 1 or _SCORE.search(view.text):
        return
    for found in _HOW_MANY.finditer(view.text):
        if found["some"]:
            yield from _at_least_one(view, found.start(), found.end())
        else:
            said = Scored(publisher=_publisher(view, found.start(), found.end()))
            yield from _each(view, said, found.start(), found.end())


_DENIED = re.compile(
    r"(?:n['’]t|\b(?:not|never|no|nor|neither|yet\sto|without|nobody|if|when|until))\b[^,;]{0,40}$", re.IGNORECASE
)


def _at_least_one(view: View, start: int, end: int) -> Iterator[Found]:
    said = Reviewed(count=Decimal(1), publisher=_publisher(view, start, end), qualifier="from")
    yield from _each(view, said, start, end)


def _scores(view: View) -> Iterator[Found]:
    read = list(_SCORE.finditer(view.text))
    for found in read:
        written = (
            found["value"]
            or found["stars"]
            or found["rated"]
            or found["at"]
            or found["holds"]
            or found["beside"]
            or found["placed"]
        )
        if (found["holds"] or found["beside"] or found["placed"]) and not _speaks_of_ratings(view):
            continue
        scale = Decimal(found["scale"]) if found["scale"] else Decimal(5) if found["stars"] else None
        group = next(name for name in ("value", "stars", "rated", "at", "holds", "beside", "placed") if found[name])
        start = found.start(group)
        said = Scored(
            rating=Decimal(written),
            scale=scale,
            publisher=_publisher(view, start, found.end()),
            qualifier=_qualifier(view, start),
        )
        yield from _each(view, said, start, found.end(), _rank(view, read, found))


def _speaks_of_ratings(view: View) -> bool:
    """Whether a bare "4.7" can be a rating: somebody spoke of reviews before."""
    before = view.previous.text if view.previous is not None else ""
    around = " ".join((*view.passage.headings, before, view.text))
    return _PUBLISHER.search(around) is not None or _ABOUT_RATINGS.search(around) is not None


_ABOUT_RATINGS = re.compile(r"\b(?:ratings?|rated|reviews?|reviewed|stars?|scores?)\b", re.IGNORECASE)


def _review_counts(view: View) -> Iterator[Found]:
    read = sorted(
        [*_REVIEWS.finditer(view.text), *_REVIEWERS.finditer(view.text), *_DEFINED.finditer(view.text)],
        key=lambda found: found.start(),
    )
    for found in read:
        value = read_number(found["count"].rstrip(",. "))
        if value is None:
            continue
        qualifier = "from" if found.groupdict().get("plus") else _qualifier(view, found.start())
        if qualifier is None and found["count"].rstrip()[-1:].isalpha():
            qualifier = "about"
        said = Reviewed(count=value, publisher=_publisher(view, found.start(), found.end()), qualifier=qualifier)
        yield from _each(view, said, found.start(), found.end(), _rank(view, read, found))


def _bare(view: View) -> Iterator[Found]:
    """A figure alone in a cell under "Rating" or "Reviews"."""
    passage = view.passage
    if passage.block is not Block.CELL or view.start or not passage.row:
        return
    header = f"{passage.column} {passage.row}"
    text = view.text.strip()
    value = read_number(text.rstrip("+"))
    if value is None:
        return
    publisher = _publisher(view, 0, len(view.text))
    if (
        (
            re.search(r"\brating|\bscore\b|\bstars?\b", header, re.IGNORECASE)
            or any(_PUBLISHER.fullmatch(one.strip()) for one in (passage.column, passage.row))
        )
        and value <= 10
        and not re.search(r"number|count", header, re.IGNORECASE)
    ):
        yield from _each(view, Scored(rating=value, publisher=publisher), 0, len(text))
    elif re.search(r"\breviews?\b", header, re.IGNORECASE):
        said = Reviewed(count=value, publisher=publisher, qualifier="from" if text.endswith("+") else None)
        yield from _each(view, said, 0, len(text))


def _each(view: View, said: Scored | Reviewed, start: int, end: int, rank: tuple[int, int] = (0, 1)) -> Iterator[Found]:
    kind = Kind.REVIEW_COUNT if isinstance(said, Reviewed) else Kind.RATING
    for subjects in view.about(start, end, rank):
        yield Found(kind=kind, said=said, start=start, end=end, subjects=subjects, when=view.when(start, end))


def _rank(view: View, read: list[re.Match[str]], found: re.Match[str]) -> tuple[int, int]:
    floor = max((one.end for one in view.mentions if one.end <= found.start()), default=0)
    ceiling = min((one.start for one in view.mentions if one.start >= found.end()), default=len(view.text))
    like = [one for one in read if floor <= one.start() < ceiling]
    return like.index(found) if found in like else 0, len(like)


def publisher_in(text: str) -> str | None:
    """The one publisher of reviews that a text names."""
    named = {found.lastgroup for found in _PUBLISHER.finditer(text)}
    return str(named.pop()).replace("_", "-") if len(named) == 1 else None


def _publisher(view: View, start: int, end: int) -> str | None:
    """The publisher that stands nearest behind a figure, else nearest before it, else around the sentence."""
    named = [(found.start(), str(found.lastgroup).replace("_", "-")) for found in _PUBLISHER.finditer(view.text)]
    after = [
        name
        for place, name in named
        if end <= place <= end + 40 and not re.search(r"\d|,|;|\band\b", view.text[end:place])
    ]
    before = [name for place, name in named if place < start]
    if after and not (before and ";" in view.text[start:end]):
        return after[0]
    if before:
        return before[-1]
    inside = [name for place, name in named if start <= place < end]
    if inside or named:
        return (inside or [name for _, name in named])[0]
    passage = view.passage
    around = (passage.column, passage.row, passage.text, passage.lead, *reversed(passage.headings))
    return next((found for text in around if (found := publisher_in(text))), None)


def _qualifier(view: View, start: int) -> str | None:
    before = view.text[:start]
    return next((name for name, words in _BEFORE if words.search(before)), None)
