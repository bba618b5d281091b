"""Reading what a page says its subject is rated: average, scale and counts, from structured data and from what is
visible."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from pricing_pipeline.extract.averages import Seen, is_aside, shown_averages
from pricing_pipeline.extract.document import Document
from pricing_pipeline.extract.structured import Structured, StructuredRating
from pricing_pipeline.facts import Diagnostic, Evidence, Rating, RatingState, Surface

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
_HALF_STAR = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRatings:
    """What was read: `ratings`, at most one and of the page's own subject, and `diagnostics` where surfaces
    disagree or nothing is sure."""

    ratings: tuple[Rating, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


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
    shown = next(iter(sorted(shown_averages(document, locale), key=lambda seen: seen.distance)), None)
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


def _settled(stated: StructuredRating, shown: Seen | None) -> tuple[Rating, tuple[Diagnostic, ...]]:
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


def _agree(stated: StructuredRating, shown: Seen) -> bool:
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


def _from_visible(shown: Seen) -> tuple[Rating, ...]:
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
            and not is_aside(block)
            and _NONE_YET.search(block.text)
        ):
            return (
                Rating(state=RatingState.NO_RATINGS_YET, evidence=Evidence(quote=block.text, locator=block.locator)),
            )
    return ()


def _note(message: str) -> Diagnostic:
    return Diagnostic(code="low_confidence", message=message)
