"""Numbers are read by their locale, and left unread where two readings are possible."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.numerals import fold, read_number


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("7,500", "en-US", "7500"),
        ("1,234.50", "en-US", "1234.50"),
        ("1.234,56", "de-DE", "1234.56"),
        ("1.234", "de-DE", "1234"),
        ("1.234", "en-US", "1.234"),
        ("1'234.50", "de-CH", "1234.50"),
        ("1’234.50", "en-US", "1234.50"),
        ("1,00,000", "en-IN", "100000"),
        ("1 298,00", "fr-FR", "1298.00"),
        ("1\u202f298,00", "fr-FR", "1298.00"),
        ("1\xa0298", "en-US", "1298"),
        (".035", "en-US", "0.035"),
        ("0,035", "en-US", "0.035"),
        ("−5", "en-US", "-5"),
        ("１２３", "ja-JP", "123"),
        ("١٢٣٫٥", "ar-EG", "123.5"),
        ("1\u200b2", "en-US", "12"),
        ("\u200f12\u200e", "ar-EG", "12"),
        ("30k", "en-US", "30000"),
        ("1.5M", "en-US", "1500000"),
        ("1.5 million", "en-US", "1500000"),
        ("2 Mio.", "de-DE", "2000000"),
        ("35億", "ja-JP", "3500000000"),
    ],
)
def test_a_number_is_read_as_its_locale_writes_it(text: str, locale: str, expected: str) -> None:
    assert Decimal(expected) == read_number(text, locale=locale)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("1.234", "und"),
        ("1,234", "und"),
        ("10.000", "en-US"),
        ("1.2.3", "en-US"),
        ("1,2,3", "en-US"),
        ("12,34,567.8,9", "en-US"),
        ("1 billion", "de-DE"),
        ("5 mil", "en-US"),
        ("48 billion", "en-US"),
        ("1e400", "en-US"),
        ("NaN", "en-US"),
        ("0.000000000012", "en-US"),
        ("12345678901", "en-US"),
        ("3 4", "en-US"),
        ("10%", "en-US"),
        ("", "en-US"),
    ],
)
def test_what_is_ambiguous_or_does_not_fit_is_unread(text: str, locale: str) -> None:
    """Never rounded, never guessed: a thousandfold error looks like a price."""
    assert read_number(text, locale=locale) is None


def test_a_position_leads_back_to_the_text_as_it_was() -> None:
    """Quotes are cut from the page, not from what was made of it."""
    text = "ab\u200bc $\u200b1０"
    folded = fold(text)

    assert "abc $10" == folded.text
    assert text.index("$") == folded.at(folded.text.index("$"))
    assert len(text) == folded.at(len(folded.text))


@given(st.text(max_size=60), st.sampled_from(["en-US", "de-DE", "fr-FR", "und"]))
def test_any_text_is_a_number_or_is_not(text: str, locale: str) -> None:
    found = read_number(text, locale=locale)

    assert found is None or (found.is_finite() and abs(found) < Decimal("1e10"))
