"""Words of a scraped page inside a message call nobody, link nowhere and stay on their line."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.facts import Severity
from pricing_pipeline.notify.digest import harmless, write
from pricing_pipeline.notify.news import About, News

AT = datetime(2026, 5, 1, tzinfo=UTC)


def item(key: str, *, text: str = "moved", severity: Severity = Severity.NOTICE, about: About = About.CHANGES) -> News:
    return News(key=key, about=about, severity=severity, at=AT, subject="Acme", text=text)


@given(st.text())
def test_whatever_a_page_says_stays_one_line_without_calls_or_invisible_signs(text: str) -> None:
    said = harmless(text)

    said.encode()
    assert "\n" not in said
    assert [] == re.findall("[\u00ad\u061c\u180e\u2066-\u2069\U000e0000-\U000e007f]", said)
    assert "\u202e" not in said
    assert not any(said[i] in "@<" and i + 1 < len(said) and said[i + 1] not in "\u200b " for i in range(len(said)))
    assert "](" not in said
    assert "://" not in said


def test_a_plan_named_after_everybody_wakes_nobody() -> None:
    body = write(
        [item("a", text="@everyone <!channel> [Free](https://evil.example): $10 → $20 http://evil.example")]
    ).body

    assert "@everyone" not in body
    assert "<!channel" not in body
    assert "](" not in body
    assert "://evil" not in body
    assert "$10 → $20" in body


def test_what_is_grave_stands_first_and_the_title_counts() -> None:
    made = write(
        [
            item("a"),
            item("b", text="credits gone", severity=Severity.CRITICAL),
            item("c", about=About.HELD, text="looks like a misreading"),
        ],
        site="https://prices.example/",
    )

    assert "Pricing: 2 changes (1 critical), 1 held observation" == made.title
    assert "CRITICAL Acme: credits gone (1 May 2026)" in made.body.splitlines()[1]
    assert made.body.endswith("All changes: https://prices.example/changes.html\n")


def test_what_a_vendor_did_stands_before_what_follows_from_it_and_names_the_product_once() -> None:
    """As the warehouse tells changes of one moment, whatever their keys are."""
    made = write([item("z", text="Acme: price per minute $0.005 → $0.01"), item("a", text="Solo: costs more")])

    assert ["- Acme: price per minute $0.005 → $0.01 (1 May 2026)", "- Acme: Solo: costs more (1 May 2026)"] == [
        line for line in made.body.splitlines() if line.startswith("- ")
    ]
