"""The rating of the page's own subject, or none: another product's average is worse than no average."""

from decimal import Decimal

import pytest

from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.extract.reviews import ReadRatings, read_ratings
from pricing_pipeline.extract.structured import read_structured
from pricing_pipeline.facts import Rating, RatingState


def page(body: str, title: str = "Acme Reviews") -> Document:
    return read_document(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


def read(body: str, title: str = "Acme Reviews", locale: str = "en-US") -> ReadRatings:
    document = page(body, title)
    return read_ratings(document, read_structured(document), locale=locale)


def one(body: str, locale: str = "en-US") -> Rating:
    found = read(body, locale=locale).ratings
    assert len(found) == 1
    return found[0]


def ld(value: str, count: str, subject: str = "Acme", extra: str = "") -> str:
    return (
        f'<script type="application/ld+json">{{"@type": "SoftwareApplication", "name": "{subject}", "aggregateRating": '
        f'{{"@type": "AggregateRating", "ratingValue": {value}, "reviewCount": {count}{extra}}}}}</script>'
    )


@pytest.mark.parametrize(
    ("text", "locale", "rating", "ratings", "reviews"),
    [
        ("4.5 out of 5 (124 reviews)", "en-US", "4.5", None, 124),
        ("4.5/5 based on 1,240 reviews", "en-US", "4.5", None, 1240),
        ("Rated 4.5 out of 5 stars from 124 ratings", "en-US", "4.5", 124, None),
        ("4.5 stars (124 ratings)", "en-US", "4.5", 124, None),
        ("Average rating: 4.5", "en-US", "4.5", None, None),
        ("4,5 von 5 (1.240 Bewertungen)", "de-DE", "4.5", 1240, None),
        ("4,5 sur 5 · 124 avis", "fr-FR", "4.5", None, 124),
        ("4.6 from 13 reviews", "en-US", "4.6", None, 13),
        ("(297 votes) 3.7/5", "en-US", "3.7", 297, None),
        ("★★★★☆ 4.4 (31)", "en-US", "4.4", 31, None),
    ],
)
def test_a_visible_average_with_its_count(
    text: str, locale: str, rating: str, ratings: int | None, reviews: int | None
) -> None:
    found = one(f"<h1>Acme</h1><p>{text}</p>", locale)

    assert (RatingState.STATED, Decimal(rating), Decimal(5), ratings, reviews) == (
        found.state, found.rating, found.scale, found.rating_count, found.review_count
    )  # fmt: skip


def test_a_scale_other_than_five_is_kept() -> None:
    found = one("<h1>Acme</h1><p>8.7 out of 10 (55 reviews)</p>")

    assert (Decimal("8.7"), Decimal(10)) == (found.rating, found.scale)
    assert Decimal(10) == one("<h1>Acme</h1>" + ld("8.7", "55", extra=', "bestRating": 10')).scale


def test_the_average_and_its_count_may_stand_in_neighbouring_lines() -> None:
    found = one("<h1>Acme</h1><div>4.5 / 5</div><div>124 reviews</div>")

    assert (Decimal("4.5"), 124) == (found.rating, found.review_count)
    assert page("<h1>Acme</h1><div>4.5 / 5</div><div>124 reviews</div>").holds(found.evidence.quote)


def test_a_row_of_stars_may_say_its_average_in_a_label_only() -> None:
    found = one('<h1>Acme</h1><div><span aria-label="4.5 stars"><svg></svg></span> <span>124 reviews</span></div>')

    assert (Decimal("4.5"), 124) == (found.rating, found.review_count)
    assert "attribute" == found.evidence.surface


@pytest.mark.parametrize(
    "text",
    [
        "No ratings yet",
        "No reviews yet",
        "Be the first to review this product",
        "There are no reviews",
        "This product has not been reviewed yet",
        "0 reviews",
        "Noch keine Bewertungen",
        "Aucun avis",
    ],
)
def test_a_page_that_says_there_are_none_yet(text: str) -> None:
    """None yet is a fact, and not the same as none found."""
    found = one(f"<h1>Acme</h1><p>{text}</p>")

    assert (RatingState.NO_RATINGS_YET, None) == (found.state, found.rating)


def test_structured_data_that_counts_none_says_none_yet() -> None:
    assert RatingState.NO_RATINGS_YET == one("<h1>Acme</h1>" + ld("0", "0")).state


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Acme</h1><p>Great tool.</p>",
        (
            "<h1>Acme</h1><p>Rate this product</p><label>1 star</label><label>2 stars</label><p>5 out of 5 people like "
            "it</p>"
        ),
        "<h1>Acme</h1><div>Jane D.</div><div>5/5</div><div>I love it</div>",
        "<h1>Acme</h1><p>Version 4.5 out now. 3/5 done.</p>",
        "<h1>Acme</h1><aside><p>Other: 4.5 out of 5 (20 reviews)</p></aside>",
        "<h1>Acme</h1><h2>Alternatives to Acme</h2><p>Bolt</p><p>4.9 out of 5 (300 reviews)</p>",
    ],
)
def test_other_figures_are_no_rating_of_the_subject(body: str) -> None:
    """A single review's stars, a version, a competitor's average."""
    assert () == read(body).ratings


def test_structured_data_gives_the_average_where_the_page_shows_it_rounded() -> None:
    found = read("<h1>Acme</h1><p>4.6 out of 5 (124 reviews)</p>" + ld("4.56", "124"))

    assert (Decimal("4.56"), ()) == (found.ratings[0].rating, found.diagnostics)


def test_where_they_disagree_the_visible_one_is_given_and_both_are_quoted() -> None:
    found = read("<h1>Acme</h1><p>4.1 out of 5 (130 reviews)</p>" + ld("4.9", "124"))

    assert (Decimal("4.1"), 130) == (found.ratings[0].rating, found.ratings[0].review_count)
    assert "4.1 out of 5 (130 reviews)" in found.diagnostics[0].message
    assert '"ratingValue": 4.9' in found.diagnostics[0].message


def test_of_several_subjects_the_one_that_the_title_names_is_read() -> None:
    found = one("<h1>Acme</h1>" + ld("4.9", "10", subject="Bolt") + ld("4.5", "124") + ld("3.1", "7", subject="Crank"))

    assert Decimal("4.5") == found.rating


def test_of_several_subjects_none_is_guessed() -> None:
    found = read(
        "<h1>Best tools</h1>" + ld("4.9", "10", subject="Bolt") + ld("3.1", "7", subject="Crank"),
        title="Best tools of the year",
    )

    assert () == found.ratings
    assert "2 subjects" in found.diagnostics[0].message


def test_of_several_ratings_of_nothing_named_none_is_guessed() -> None:
    """A list of cards, each with its stars, and no word of whose they are."""
    rating = (
        '<script type="application/ld+json">{"@type": "AggregateRating", "ratingValue": %s, "ratingCount": 9}</script>'
    )
    found = read("<h1>Best tools</h1>" + rating % "4.9" + rating % "3.1")

    assert () == found.ratings
    assert "nothing that is named" in found.diagnostics[0].message


def test_an_average_outside_its_scale_is_left_out() -> None:
    found = read("<h1>Acme</h1>" + ld("45", "124", extra=', "bestRating": 5'))

    assert () == found.ratings
    assert "outside its scale" in found.diagnostics[0].message


def test_the_publisher_is_carried_along() -> None:
    document = page("<h1>Acme</h1><p>4.5 out of 5 (124 reviews)</p>")

    assert "g2" == read_ratings(document, read_structured(document), publisher="g2").ratings[0].publisher
