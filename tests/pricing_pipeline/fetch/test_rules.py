"""What a robots.txt allows, line by line: RFC 9309, where protego and Google's reader each see it differently, too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.fetch.rules import RobotsRules

US = "pricing-pipeline"
SITE = "https://acme.example"
CLOSED = "User-agent: *\nDisallow: /\n"


def allowed(text: str, path: str = "/pricing", name: str = US) -> bool:
    return RobotsRules(text).allows(SITE + path, name)


@pytest.mark.parametrize(
    "name",
    ["pricing-pipeline", "PRICING-Pipeline", "pricing-pipeline/1.0", "pricing-pipeline (+https://x.example)",
     "pricing-pipeline*", "pricing", "Pricing/2.0"],
)  # fmt: skip
def test_a_group_is_ours_by_our_name_whatever_its_case_version_or_remarks(name: str) -> None:
    """`pricing` is the family's name: whoever refuses all `pricing-…` programs means this one, too."""
    assert not allowed(f"User-agent: {name}\nDisallow: /\n\nUser-agent: *\nAllow: /")
    assert allowed(f"{CLOSED}\nUser-agent: {name}\nAllow: /")


@pytest.mark.parametrize(
    "name", ["pipeline", "pric", "pricing-pipeline-pro", "bot (pricing-pipeline)", "x pricing-pipeline", ""]
)
def test_a_group_for_others_is_not_ours(name: str) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /\n")
    assert not allowed(f"{CLOSED}\nUser-agent: {name}\nAllow: /")


def test_a_name_of_one_letter_is_a_name() -> None:
    assert allowed(f"{CLOSED}\nUser-agent: x\nAllow: /", name="x")


def test_the_group_of_the_full_name_counts_before_that_of_the_family() -> None:
    text = "User-agent: pricing\nDisallow: /\n\nUser-agent: pricing-pipeline\nAllow: /"

    assert allowed(text)
    assert not allowed(text, name="pricing-watch")


@pytest.mark.parametrize(
    "between",
    ["Sitemap: https://acme.example/map.xml", "Noindex: /x", "Content-Signal: ai-train=no", "Host: acme.example", "junk", "",
     "# remark"],
)  # fmt: skip
def test_records_that_are_no_rules_do_not_part_the_names_of_a_group(between: str) -> None:
    """RFC 9309, 2.2.4: whatever else stands in a file must not change what its rules say."""
    assert not allowed(f"User-agent: {US}\n{between}\nUser-agent: other\nDisallow: /")


def test_a_delay_ends_the_names_of_a_group() -> None:
    """A pause is asked of one group; the rules after the next name are that one's alone, as sites mean it."""
    text = "User-agent: *\nCrawl-delay: 9\n\nUser-agent: bad\nDisallow: /"

    assert allowed(text)
    assert not allowed(text, name="bad")
    assert 9.0 == RobotsRules(text).pause(US)


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /p\nAllow: /pricing", "/pricing", True),
        ("Allow: /p\nDisallow: /pricing", "/pricing", False),
        ("Disallow: /pricing\nAllow: /pricing", "/pricing", True),
        ("Disallow: /\nAllow: /$", "/", True),
        ("Disallow: /\nAllow: /$", "/pricing", False),
        ("Disallow: /*?ref=", "/pricing?ref=x", False),
        ("Disallow: /*?ref=", "/pricing", True),
        ("Disallow: /*.pdf$", "/prices.pdf", False),
        ("Disallow: /*.pdf$", "/prices.pdf?v=2", True),
        ("Disallow: /Pricing", "/pricing", True),
        ("Disallow: pricing", "/pricing", True),
        ("Disallow:", "/pricing", True),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow /pricing", "/pricing", False),
        ("dissallow: /pricing", "/pricing", False),
        ("Disallow: /prix\u2028Allow: /", "/prix", True),
    ],
)  # fmt: skip
def test_the_longest_rule_that_fits_decides_and_between_equals_the_kinder(
    rules: str, path: str, expected: bool
) -> None:
    assert expected == allowed(f"User-agent: *\n{rules}\n", path)


@pytest.mark.parametrize("path", ["/caf%C3%A9", "/%62az", "/a%2Fb"])
def test_a_rule_for_an_address_counts_for_the_address_as_it_is_written(path: str) -> None:
    assert not allowed(f"User-agent: *\nDisallow: {path}", path)
    assert allowed(f"{CLOSED}Allow: {path}", path)


def test_a_rule_in_letters_of_another_script_counts_for_their_escapes() -> None:
    assert not allowed("User-agent: *\nDisallow: /café", "/caf%C3%A9")
    assert not allowed("User-agent: *\nDisallow: /caf%c3%a9", "/caf%C3%A9")
    assert allowed(f"{CLOSED}Allow: /café", "/caf%C3%A9")


def test_where_readers_differ_about_escapes_the_stricter_one_counts() -> None:
    """RFC 9309 takes `/%62az` for `/baz`; Google's reader takes it as it stands."""
    assert not allowed("User-agent: *\nDisallow: /%62az", "/baz")
    assert not allowed(f"{CLOSED}Allow: /%62az", "/baz")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str) -> None:
    assert not allowed(f"\ufeffUser-agent: *{end}Disallow: /{end}")


@pytest.mark.parametrize(
    ("pace", "seconds"),
    [("Crawl-delay: 5", 5.0), ("crawl delay 5", 5.0), ("Request-rate: 1/10", 10.0), ("Request-rate: 30/1m", 2.0),
     ("Crawl-delay: 3\nRequest-rate: 1/10s", 10.0), ("Crawl-delay: -1", 0.0), ("Crawl-delay: nan", 0.0),
     ("Request-rate: 0/0", 0.0), ("Request-rate: 1/" + "9" * 4000, 1_000_000.0), ("Crawl-delay: 1e300", 1_000_000.0)],
)  # fmt: skip
def test_a_host_may_say_how_slowly_it_wants_to_be_asked(pace: str, seconds: float) -> None:
    assert seconds == RobotsRules(f"User-agent: *\n{pace}\n").pause(US)


lines = st.lists(
    st.sampled_from(["User-agent: *", "User-agent: pricing-pipeline", "User-agent: x", "Disallow: /a", "Disallow: /",
                     "Allow: /a/b", "Allow: /", "Disallow:", "Crawl-delay: 2", "Disallow: /*b$"]), max_size=10
)  # fmt: skip
paths = st.sampled_from(["/", "/a", "/a/b", "/b", "/%61", "/a?b"])


@given(lines, paths)
def test_remarks_blanks_and_case_change_nothing(given: list[str], path: str) -> None:
    plain = "\n".join(given)
    dressed = "\r\n\r\n".join(f"  {line.replace('-agent', '-AGENT')}\t# {line}" for line in given)

    assert allowed(plain, path) == allowed(dressed, path)


@given(lines, paths)
def test_a_refusal_of_all_at_the_end_of_our_group_never_opens_anything(given: list[str], path: str) -> None:
    text = "\n".join([*given, f"User-agent: {US}", "Disallow: /"])

    assert allowed(text, path) <= allowed("\n".join([*given, f"User-agent: {US}"]), path)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert RobotsRules(text).allows(SITE + "/pricing", US) in (True, False)
    assert RobotsRules(text).pause(US) >= 0
