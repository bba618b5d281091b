"""Reading what a page says its subject is rated: average, scale and counts, from structured data and from what is
visible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from bs4 import Tag

from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.structured import Structured, StructuredRating
from pricing_pipeline.facts import Diagnostic, Evidence, Rating, RatingState, Surface
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
_NONE_YET = re.compile(
    r"\bno (?:user |customer |verified )?(?:ratings|reviews)(?: (?:or|and) (?:ratings|reviews))?(?: (?:yet|found|"
    r"available|have been|were found|for this|so far|posted|submitted))|"
    r"\bno (?:ratings|reviews)\W*$|\bthere are (?:currently )?no (?:ratings|reviews)|\b(?:has|have)(?:n't| not)(?: "
    r"yet)? (?:been )?(?:rated|reviewed|received any (?:ratings|reviews))|"
    r"\bnot (?:yet )?(?:been )?(?:rated|reviewed)(?: yet)?\W*$|\bnot enough (?:ratings|reviews)|\bbe the first "
    r"(?:one |person )?to (?:leave |write |add |submit |post )?(?:a |your )?(?:review|rate)|"
    r"\bunrated\W*$|\bnoch keine (?:bewertung|rezension)|\b(?:aucun|pas encore d')[ ']?(?:avis|note)|\b(?:sin|aún no "
    r"hay|no hay) (?:opiniones|reseñas|valoraciones)|"
    r"\bnog geen (?:beoordelingen|recensies)|\bnessuna recensione|\binga (?:omdömen|recensioner)|^\(?0 (?:reviews|"
    r"ratings)\)?$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"alternatives?|similar|related|compare|competitors?|you (?:may|might) (?:also )?like|also viewed|recommended|"
    r"more from|popular|trending|top rated",
    re.IGNORECASE,
)
_STAR_LABEL = re.compile(r"star|rat(?:ed|ing)|out of|sterne|étoile|/ ?5", re.IGNORECASE)
_NEAR = 3
_HALF_STAR = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRatings:
    """What was read: `ratings`, at most one and of the page's own subject, and `diagnostics` where surfaces
    disagree or nothing is sure."""

    ratings: tuple[Rating, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
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
        return self.rating_count if self.rating_count is not None else self.review_count


def read_ratings(
    document: Document, structured: Structured, *, publisher: str | None = None, locale: str = "en-US"
) -> ReadRatings:
    """The rating of the page's own subject, from structured data, visible text and star labels.

    Where the visible page and its structured data disagree, the visible one is given and a `low_confidence` diagnostic
    quotes both. Several subjects of which none is the page's give no rating but a diagnostic. An average that is shown
    without a count belongs to a single review as likely as to the whole, and is not read unless it is called the
    average.
    """
    stated, notes = _own(document, structured)
    shown = next(iter(sorted(_shown(document, locale), key=lambda seen: seen.distance)), None)
    if stated is None:
        found = _from_visible(shown) if shown else _none_yet(document)
        return ReadRatings(ratings=tuple(replace(one, publisher=publisher) for one in found), diagnostics=notes)
    rating, more = _settled(stated, shown)
    return ReadRatings(ratings=(replace(rating, publisher=publisher),), diagnostics=(*notes, *more))


def _own(document: Document, structured: Structured) -> tuple[StructuredRating | None, tuple[Diagnostic, ...]]:
    """The structured rating of the page's subject, if it is certain which one that is."""
    candidates = [one for one in structured.ratings if not one.is_aside and _is_sound(one)]
    notes = tuple(
        _note(f"structured rating {one.rating} of {one.best} is outside its scale: left out")
        for one in structured.ratings
        if not _is_sound(one)
    )
    subjects = {(one.subject or "").casefold() for one in candidates} - {""}
    if not candidates:
        candidates = [one for one in structured.ratings if one.is_aside and _is_sound(one) and one.subject]
        candidates = [one for one in candidates if _likeness(document, one) >= 0.6]
        return (candidates[0] if candidates else None), notes
    if len(subjects) == 1:
        return next(one for one in candidates if one.subject), notes
    if not subjects:
        alike = len({(one.rating, one.rating_count, one.review_count) for one in candidates}) == 1
        several = _note(f"{len(candidates)} structured ratings of nothing that is named: none was read")
        return (candidates[0], notes) if alike else (None, (*notes, several))
    best = max(candidates, key=lambda one: _likeness(document, one))
    if _likeness(document, best) < 0.5:
        return None, (
            *notes,
            _note(
                f"structured ratings of {len(subjects)} subjects, none of them named by the page's title: none was read"
            ),
        )
    return best, notes


def _likeness(document: Document, rating: StructuredRating) -> float:
    """How well a rating's subject is what the title or main heading names, 0 to 1."""
    name = " ".join((rating.subject or "").casefold().split())
    if not name:
        return 0.0
    heading = document.soup.find("h1")
    texts = [document.title.casefold(), " ".join(heading.get_text(" ").casefold().split()) if heading else ""]
    if any(re.search(rf"(?<!\w){re.escape(name[:200])}(?!\w)", text) for text in texts):
        return 0.9 + min(len(name), 100) / 1000
    return max(SequenceMatcher(None, name[:200], text[:200]).ratio() for text in texts)


def _is_sound(rating: StructuredRating) -> bool:
    if rating.rating is None or rating.rating < 0:
        return rating.rating is None
    scale = _scale(rating)
    return scale is None or rating.rating <= scale


def _scale(rating: StructuredRating) -> Decimal | None:
    """The stated scale; schema.org says 5 where none is, unless the average itself exceeds that."""
    if rating.best is not None and rating.best > 0:
        return rating.best
    return Decimal(5) if rating.rating is None or rating.rating <= 5 else None


def _settled(stated: StructuredRating, shown: _Seen | None) -> tuple[Rating, tuple[Diagnostic, ...]]:
    """One rating from what is stated and what is shown."""
    count = stated.rating_count if stated.rating_count is not None else stated.review_count
    if count == 0 or (not stated.rating and not count):
        if shown is not None and shown.count:
            return _from_visible(shown)[0], (
                _note(
                    f"the page shows {shown.evidence.quote!r}, its structured data no rating: the visible one is given"
                ),
            )
        return Rating(
            state=RatingState.NO_RATINGS_YET,
            evidence=stated.evidence,
            rating_count=stated.rating_count,
            review_count=stated.review_count,
        ), ()
    rating = Rating(
        state=RatingState.STATED if stated.rating is not None else RatingState.NOT_STATED, evidence=stated.evidence,
        rating=stated.rating,
        scale=_scale(stated) if stated.rating is not None else None, rating_count=stated.rating_count,
        review_count=stated.review_count,
    )  # fmt: skip
    if shown is None or stated.rating is None or _agree(stated, shown):
        return rating, ()
    note = _note(
        f"the page shows {shown.evidence.quote!r}, its structured data says {stated.evidence.quote!r}: the visible "
        f"one is given"
    )
    return _from_visible(shown)[0], (note,)


def _agree(stated: StructuredRating, shown: _Seen) -> bool:
    """Whether a shown average is the stated one, rounded as it is printed, with the same count of the same thing."""
    scale = _scale(stated)
    value = stated.rating or Decimal(0)
    if shown.scale is not None and scale is not None and shown.scale != scale:
        value = value * shown.scale / scale
    exponent = shown.rating.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    halves = shown.rating * 2 == int(shown.rating * 2) and (shown.evidence.surface is Surface.ATTRIBUTE or places == 0)
    stated_exponent = value.as_tuple().exponent
    coarse = (
        isinstance(stated_exponent, int)
        and -stated_exponent < places
        and shown.count is not None
        and shown.count in (stated.rating_count, stated.review_count)
    )
    places = -stated_exponent if coarse and isinstance(stated_exponent, int) else places
    if abs(value - shown.rating) > (_HALF_STAR if halves else Decimal("0.51").scaleb(-max(places, 0))):
        return False
    pairs = [(stated.rating_count, shown.rating_count), (stated.review_count, shown.review_count)]
    return all(one is None or other is None or one == other for one, other in pairs)


def _from_visible(shown: _Seen) -> tuple[Rating, ...]:
    if not shown.rating and not shown.count:
        return (Rating(state=RatingState.NO_RATINGS_YET, evidence=shown.evidence),)
    stated = Rating(
        state=RatingState.STATED,
        evidence=shown.evidence,
        rating=shown.rating,
        scale=shown.scale,
        rating_count=shown.rating_count,
        review_count=shown.review_count,
    )
    return (stated,)


def _none_yet(document: Document) -> tuple[Rating, ...]:
    """The statement that nobody has rated the subject yet, outside of lists of other things."""
    for block in document.blocks:
        if (
            block.surface is Surface.VISIBLE
            and len(block.text) < 160
            and not _is_aside(block)
            and _NONE_YET.search(block.text)
        ):
            return (
                Rating(state=RatingState.NO_RATINGS_YET, evidence=Evidence(quote=block.text, locator=block.locator)),
            )
    return ()


def _shown(document: Document, locale: str) -> Iterator[_Seen]:
    """Every average that the page shows of its subject with a count, or calls its average."""
    visible = [block for block in document.blocks if block.surface is Surface.VISIBLE]
    heading = next((position for position, block in enumerate(visible) if block.level == 1), 0)
    places = {id(block.node): position for position, block in enumerate(visible)}
    for position, block in enumerate(visible):
        if len(block.text) <= 400 and not _is_aside(block):
            seen = _in_text(document, visible, position, abs(position - heading), locale)
            if seen:
                yield seen
    yield from _labels(document, visible, places, heading, locale)


def _is_aside(block: Block) -> bool:
    return block.region in ("nav", "footer", "aside") or any(
        _OTHERS.search(heading) for heading in block.headings[1:] if len(heading) < 80
    )


def _in_text(document: Document, visible: Sequence[Block], position: int, distance: int, locale: str) -> _Seen | None:
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
    return _Seen(
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
) -> Iterator[_Seen]:
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
            yield _Seen(
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


def _note(message: str) -> Diagnostic:
    return Diagnostic(code="low_confidence", message=message)
