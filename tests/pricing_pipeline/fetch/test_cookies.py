"""Cookies go back to the origin that set them, in a form that can do no harm, and no more than a few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.fetch.cookies import MAX_CHARACTERS, MAX_COOKIES, Cookies

HOME = "https://acme.example/pricing"


def held(*headers: str, url: str = HOME) -> str | None:
    cookies = Cookies()
    cookies.keep(HOME, headers)
    return cookies.header(url).get("Cookie")


def test_the_last_cookie_of_a_name_counts() -> None:
    assert "a=2; b=3" == held("a=1; Path=/; HttpOnly", "a=2", "b=3; Secure")


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.example/pricing",
        "https://acme.example:8443/",
        "https://www.acme.example/",
        "https://example/",
        "https://b.example/",
    ],
)
def test_another_origin_gets_none(url: str) -> None:
    """Whatever domain a cookie claims for itself, and neither by another port nor unencrypted."""
    assert held("a=1; Domain=.example", url=url) is None


@pytest.mark.parametrize(
    "header", ["", "a", "=1", "a=1\r\nX: y", "a=\x00", "a b=1", 'a="1', "a=é", f"a={'x' * MAX_CHARACTERS}"]
)
def test_what_is_malformed_or_too_long_is_left_out(header: str) -> None:
    assert held(header) is None


@given(st.lists(st.text(max_size=20), max_size=40))
def test_what_is_sent_back_is_one_short_line(headers: list[str]) -> None:
    line = held(*headers, *(f"c{n}=1" for n in range(50)))

    assert line is not None
    assert line.isprintable()
    assert line.isascii()
    assert len(line.split("; ")) <= MAX_COOKIES
