"""Averages that a page shows to its reader, with their counts: in text, and in the labels of rows of stars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bs4 import Tag

from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.facts import Evidence, Surface
from pricing_pipeline.numerals import NUMERAL, convention, fold, magnify, value_of

_AVERAGE = (
    r"(?<![\d.,/#-])(10(?:[.,]0{1,2})?|100|\d(?:[.,]\d{1,2})?|\d\d[.,]\d|\d\d(?=[ \xa0]?(?:/|out of|von)[ \xa0]?100))"
)
_SCALED = re.compile(
    rf"{_AVERAGE}[ \xa0]?(?:stars?[ \xa0])?(?:/|out[ \xa0]of|of|von|sur|de|di|van|av|af|из|z)[ \xa0]?(5|10|"
    rf"100)(?:[.,]0+)?(?![\d%]|[.,]\d)(?:[ \xa0]?stars?\b)?",
    re.IGNORECASE,
)
_REVIEW_WORDS = (
    r"reviews?|rezensionen|avis|opiniones|reseñas|recensioni|recensies|recensioner|omdömen|opini[ie]|"
    r"avaliações|отзыв\w*|レビュー"
)
_RATING_WORDS = (
    r"ratings?|votes?|bewertungen|stimmen|notes|valoraciones|votos|voti|valutazioni|beoordelingen|"
    r"stemmen|betyg|głos\w*|ocen\w*|оцен\w+|評価"
)
# "5 stars" is a choice, a filter or one review as often as an average; with decimals it is none of these.
_STARRED = re.compile(
    r"(?:★+☆*[ \xa0]?(\d[.,]\d{1,2})(?![\d%])|(?<![\d.,/#-])(\d[.,]\d{1,2})[ \xa0]?(?:★|⭐|stars?\b|sterne\b|"
    r"étoiles?\b|"
    r"estrellas?\b|stelle\b|sterren\b|stjärnor\b))",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"(?<![\d.,/#-])(\d[.,]\d{{1,2}})[ \xa0]?(?:stars?[ \xa0])?(?:from|based on|by|aus|bei|sur|basado en|[(|·•–-])[ "
    rf"\xa0]?(?={NUMERAL.pattern}\+?[ \xa0](?:[\w-]+[ \xa0])?"
    rf"(?:{_REVIEW_WORDS}|{_RATING_WORDS})\b)",
    re.IGNORECASE,
)
# A row of stars to click, or a histogram: several values, or a request.
_PICKER = re.compile(
    r"(?<![\d.,])[1-5][ \xa0](?:stars?|sterne?|étoiles?)\b[^.]{0,40}?(?<![\d.,])[1-5][ \xa0](?:stars?|sterne?|"
    r"étoiles?)\b|\b(?:rate|give|click|tap|vote|select)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:(?:average|overall|user|customer|total|our)[ \xa0](?:user[ \xa0]|customer[ \xa0]|review[ \xa0])?(?:rating|"
    rf"score)|rat(?:ed|ing)|gesamtbewertung|durchschnitt\w*|note moyenne|"
    rf"bewertung|valoración|calificación|valutazione|beoordeling|betyg|ocena)[ \xa0:]*(?:is[ \xa0]|of[ \xa0]|at[ "
    rf"\xa0])?{_AVERAGE}(?![\d%]|[.,]\d|[ \xa0]?(?:/|out))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"({NUMERAL.pattern})(?:[kK]\b)?\+?[ \xa0]?(?:(?:verified|customer|user|global|total|honest|genuine|real|"
    rf"in-depth|g2|product|online|kunden)[ \xa0-]?){{0,2}}"
    rf"(?:({_REVIEW_WORDS})|({_RATING_WORDS}))\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?:({_REVIEW_WORDS})|({_RATING_WORDS}))[ \xa0]?[:(][ \xa0]?({NUMERAL.pattern})(?!\w|[.,]\d)", re.IGNORECASE
)
_BRACKETED = re.compile(rf"^[ \xa0]*[(|·•,-][ \xa0]?({NUMERAL.pattern})[kK]?\+?[ \xa0]?(?:\)|$)")
_OTHERS = re.compile(
    r"alternatives?|similar|related|compare|competitors?|you (?:may|might) (?:also )?like|also viewed|recommended|"
    r"more from|popular|trending|top rated",
    re.IGNORECASE,
)
_STAR_LABEL = re.compile(r"star|rat(?:ed|ing)|out of|sterne|étoile|/ ?5", re.IGNORECASE)
_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An average as it is shown. `places` is how finely it is printed, `distance` how many blocks it is from the
    main heading."""

    rating: Decimal
    scale: Decimal | None
    rating_count: int | None
    review_count: int | None
    evidence: Evidence
    distance: int

    @property
    def count(self) -> int | None:
        """How many rated, else how many wrote."""
        return self.rating_count if self.rating_count is not None else self.review_count


def shown_averages(document: Document, locale: str) -> Iterator[Seen]:
    """Every average that the page shows of its subject with a count, or calls its average."""
    visible = [block for block in document.blocks if block.surface is Surface.VISIBLE]
    heading = next((position for position, block in enumerate(visible) if block.level == 1), 0)
    places = {id(block.node): position for position, block in enumerate(visible)}
    for position, block in enumerate(visible):
        if len(block.text) <= 400 and not is_aside(block):
            seen = _in_text(document, visible, position, abs(position - heading), locale)
            if seen:
                yield seen
    yield from _labels(document, visible, places, heading, locale)


def is_aside(block: Block) -> bool:
    """Whether a block stands in a list of other things, or at the page's edge."""
    return block.region in ("nav", "footer", "aside") or any(
        _OTHERS.search(heading) for heading in block.headings[1:] if len(heading) < 80
    )


def _in_text(document: Document, visible: Sequence[Block], position: int, distance: int, locale: str) -> Seen | None:
    text = fold(visible[position].text, locale=locale).text
    found = _average(text)
    if found is None:
        return None
    average = value_of(next(group for group in found.groups() if group), convention("und"))
    scale = Decimal(found.group(2)) if found.re is _SCALED else None
    counts, used = _counts(visible, position, found.end(), locale)
    called = found.re is _NAMED and re.match(
        r"average|overall|durchschnitt|gesamt|note moyenne", found.group(), re.IGNORECASE
    )
    if average is None or (scale or Decimal(5)) < average or (counts == (None, None) and not called):
        return None
    quote = " ".join(block.text for block in visible[position : position + used + 1])
    kept = quote if used and document.holds(quote) else visible[position].text
    return Seen(
        rating=average, scale=scale or Decimal(5), rating_count=counts[0], review_count=counts[1], distance=distance,
        evidence=Evidence(quote=kept, locator=visible[position].locator),
    )  # fmt: skip


def _average(text: str) -> re.Match[str] | None:
    if _PICKER.search(text):
        return _FROM.search(text)
    return _SCALED.search(text) or _STARRED.search(text) or _NAMED.search(text) or _FROM.search(text)


def _counts(
    visible: Sequence[Block], position: int, start: int, locale: str
) -> tuple[tuple[int | None, int | None], int]:
    """Ratings and reviews counted beside an average, and how many blocks further they stand."""
    own = fold(visible[position].text, locale=locale).text
    counts = _counted(own[start:], locale, bracketed=True)
    if counts == (None, None):
        counts = _counted(own, locale)
    used = 0
    while counts == (None, None) and used < _NEAR and position + used + 1 < len(visible):
        used += 1
        following = visible[position + used]
        if following.gap_before or len(following.text) > 80 or following.level:
            break
        counts = _counted(fold(following.text, locale=locale).text, locale, bracketed=used == 1)
    return counts, used if counts != (None, None) else 0


def _counted(text: str, locale: str, *, bracketed: bool = False) -> tuple[int | None, int | None]:
    ratings = reviews = None
    for found in _COUNTED.finditer(text):
        number = _whole(text, found.start(1), found.group(1), locale)
        if found.group(2):
            reviews = number if reviews is None else reviews
        else:
            ratings = number if ratings is None else ratings
    labelled = _LABELLED.search(text) if ratings is None and reviews is None else None
    if labelled:
        number = _whole(text, labelled.start(3), labelled.group(3), locale)
        return (None, number) if labelled.group(1) else (number, None)
    between = _BRACKETED.match(text) if bracketed and ratings is None and reviews is None else None
    return (_whole(text, between.start(1), between.group(1), locale), None) if between else (ratings, reviews)


def _whole(text: str, start: int, token: str, locale: str) -> int | None:
    """A count; "1.2k" is a rounded one and no count."""
    value, end = magnify(value_of(token, convention(locale)), text, start + len(token), locale=locale)
    exact = value is not None and value == int(value) and end == start + len(token)
    return int(value) if exact and value is not None else None


def _labels(
    document: Document, visible: Sequence[Block], places: dict[int, int], heading: int, locale: str
) -> Iterator[Seen]:
    """Averages that stand only in the label of a row of stars, with a count in the text around it."""
    position = 0
    for tag in document.soup.find_all(_is_star_label, limit=200):
        position = next((places[id(above)] for above in (tag, *tag.parents) if id(above) in places), position)
        label = next(text for text in _label_texts(tag) if _STAR_LABEL.search(text))
        found = _average(label)
        average = value_of(next(group for group in found.groups() if group), convention("und")) if found else None
        counts = _around(tag, label, locale)
        if (
            found is None
            or average is None
            or counts == (None, None)
            or any(above.name in ("nav", "footer", "aside") for above in tag.parents)
        ):
            continue
        scale = Decimal(found.group(2)) if found.re is _SCALED else Decimal(5)
        if average <= scale:
            evidence = Evidence(quote=label, locator=f"{tag.name}[aria-label]", surface=Surface.ATTRIBUTE)
            near = abs(position - heading) if visible else 0
            yield Seen(
                rating=average,
                scale=scale,
                rating_count=counts[0],
                review_count=counts[1],
                evidence=evidence,
                distance=near + 1,
            )


def _is_star_label(tag: Tag) -> bool:
    if tag.name in ("input", "label", "button", "option", "select", "fieldset"):
        return False
    return any(any(char.isdigit() for char in text) and _STAR_LABEL.search(text) for text in _label_texts(tag))


def _label_texts(tag: Tag) -> list[str]:
    return [
        text for name in ("aria-label", "title", "alt") if isinstance(text := tag.get(name), str) and len(text) < 200
    ]


def _around(tag: Tag, label: str, locale: str) -> tuple[int | None, int | None]:
    """The counts in a label, or in the few words that stand around its element."""
    counts = _counted(fold(label, locale=locale).text, locale)
    above = tag.parent
    for _ in range(3):
        if counts != (None, None) or above is None:
            break
        text = " ".join(above.get_text(" ", strip=True).split())
        if len(text) > 120:
            break
        counts = _counted(fold(text, locale=locale).text, locale, bracketed=True)
        above = above.parent
    return counts
