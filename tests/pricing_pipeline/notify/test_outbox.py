"""Who is told what: once, while it is news, and its end only to those who were told its beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pricing_pipeline.facts import Severity
from pricing_pipeline.notify.digest import write
from pricing_pipeline.notify.news import About, News
from pricing_pipeline.notify.outbox import Attempt, Sent, Target, due

NOW = datetime(2026, 5, 9, 6, tzinfo=UTC)
PAGE = "source:acme/app/pricing:"
BLOCKED = f"{PAGE}blocked:2026-05-01T06:00:00+00:00"
BACK = News(
    key=f"{PAGE}read:2026-05-09T06:00:00+00:00",
    about=About.SOURCES,
    severity=Severity.NOTICE,
    at=NOW,
    subject="Acme",
    text="pricing page: read again",
    ends=PAGE,
)


def attempt(key: str, result: Sent = Sent.TOLD, *, target: str = "CHAT", days: int = 5) -> Attempt:
    return Attempt(at=NOW - timedelta(days=days), target=target, result=result, keys=(key,))


def told(*attempts: Attempt, news: News = BACK) -> bool:
    return bool(due([news], attempts, Target(name="CHAT"), now=NOW, spacing=timedelta(hours=1)))


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([attempt(BLOCKED)], True),
        ([], False),
        ([attempt(BLOCKED, target="MAIL")], False),
        ([attempt(BLOCKED, Sent.PASSED_OVER)], False),
        ([attempt(BLOCKED, Sent.DEAD)], False),
        ([attempt("source:acme/app/pricing2:blocked:2026-05-01T06:00:00+00:00")], False),
        ([attempt(BLOCKED), attempt(BACK.key, Sent.FAILED, days=1)], True),
        ([attempt(BLOCKED), attempt(BACK.key, days=1)], False),
        ([attempt(BLOCKED), attempt(f"{PAGE}read:2026-05-04T06:00:00+00:00", days=4)], False),
        ([attempt(f"{PAGE}read:2026-04-04T06:00:00+00:00", days=30), attempt(BLOCKED)], True),
    ],
    ids=[
        "told",
        "nothing told",
        "another was told",
        "passed over",
        "never delivered",
        "another page",
        "not delivered yet",
        "delivered",
        "its end was told",
        "broken again since",
    ],
)
def test_that_a_page_is_read_again_concerns_those_who_know_that_it_was_not(
    attempts: list[Attempt], expected: bool
) -> None:
    assert expected == told(*attempts)


def test_a_page_that_has_been_read_again_for_days_is_no_news() -> None:
    """As after the program was not told to tell anybody for a while."""
    old = replace(BACK, at=NOW - timedelta(days=4))

    assert not told(attempt(BLOCKED), news=old)


def test_what_is_over_stands_apart_from_what_is_broken() -> None:
    broken = replace(BACK, key=BLOCKED, text="pricing page: blocked", ends="")
    message = write([BACK, broken])

    assert "Pricing: 1 broken source, 1 source back" == message.title
    assert [
        "Pages that could not be read",
        "- Acme: pricing page: blocked (9 May 2026)",
        "",
        "Pages that are read again",
        "- Acme: pricing page: read again (9 May 2026)",
    ] == message.body.splitlines()
