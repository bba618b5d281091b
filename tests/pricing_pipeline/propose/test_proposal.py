"""A page becomes a vendor file that the strict loader accepts and by which the page is read the same way again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Outcome, Recipe, SourceKind
from pricing_pipeline.propose.proposal import Proposal, Question, known_vendor, loader_problems, propose
from pricing_pipeline.propose.vendor_file import ProposedSource, ProposedVendor, scalar, vendor_yaml
from pricing_pipeline.registry import Vendor, read_registry
from tests.pricing_pipeline.extract.pages import card, framed, grid, names, tag
from tests.pricing_pipeline.propose.layouts import CHALLENGE, URL, cards, rows

ORGANIZATION = '<script type="application/ld+json">{"@type":"Organization","name":"AcMe"}</script>'


def proposed(page: str, *, url: str = URL, **asked: object) -> Proposal:
    return propose(page.encode(), Question(url=url, **asked))  # type: ignore[arg-type]


def loaded(proposal: Proposal, folder: Path) -> Vendor:
    """The vendor that the loader makes of a proposal."""
    assert proposal.vendor is not None, proposal.reason
    (folder / f"{proposal.vendor.slug}.yaml").write_text(vendor_yaml(proposal.vendor), encoding="utf-8")
    return read_registry(folder).vendors[0]


def test_a_pricing_page_becomes_a_file_that_the_loader_accepts(tmp_path: Path) -> None:
    vendor = loaded(proposed(cards(), categories=("etl",)), tmp_path)
    source = vendor.products[0].sources[0]

    assert ("acme", "Acme", "https://acme.example", ("etl",)) == (
        vendor.slug,
        vendor.name,
        vendor.homepage,
        vendor.categories,
    )
    assert (URL, "en-US", "USD", ("Solo", "Crew", "Fleet")) == (
        source.url,
        source.locale,
        source.currency,
        source.expect,
    )
    assert source.recipe is None, "the generic reading needs none here"


def test_a_page_read_by_its_new_file_says_what_was_shown(tmp_path: Path) -> None:
    """What one confirms is what the refresh will read, anchors and recipe included."""
    for page in (cards(), rows()):
        proposal = proposed(page)
        source = loaded(proposal, tmp_path).products[0].sources[0]
        again = read_page(
            page.encode(), url=source.url, kind=source.kind, locale=source.locale, currency=source.currency,
            expect=source.expect, recipe=source.recipe,
        )  # fmt: skip

        assert proposal.observation == again
        assert Outcome.FETCHED == again.outcome


def test_a_recipe_is_proposed_only_where_nothing_is_read_without_one(tmp_path: Path) -> None:
    source = loaded(proposed(rows()), tmp_path).products[0].sources[0]

    assert Recipe(plan="section.offer", name="b") == source.recipe
    assert {"Solo", "Crew"} <= set(names(proposed(rows()).observation))


def test_lines_of_what_one_gets_are_not_taken_for_names() -> None:
    """Each part of the page repeats and holds an amount, but nothing in it is a name."""
    lines = (f"<p class='line'>{n} events a day for everybody in the whole company cost ${n}</p>" for n in (10, 20))
    page = framed(f"<main>{''.join(lines)}</main>")

    assert [] == names(proposed(page).observation)


@pytest.mark.parametrize(
    ("page", "code", "remedy"),
    [
        (framed("<div id='app'></div><script src='/app.js'></script>"), "script_only", "--render browser"),
        (framed("<h1>Our story</h1><p>We began in a garage.</p>"), "no_facts", "check that it is the page"),
        (CHALLENGE, "blocked", "Cloudflare"),
        (cards()[:700], "incomplete", "ends in the middle"),
    ],
    ids=["a shell", "another page", "a challenge", "half a page"],
)  # fmt: skip
def test_a_page_that_gives_nothing_to_watch_says_why(page: str, code: str, remedy: str) -> None:
    proposal = proposed(page)

    assert (None, None) == (proposal.vendor, proposal.source)
    assert proposal.reason.startswith(f"{code}: ")
    assert remedy in proposal.reason


def test_a_rendered_page_is_rendered_again_next_time(tmp_path: Path) -> None:
    source = loaded(proposed(cards(), render="browser"), tmp_path).products[0].sources[0]

    assert "browser" == source.render


def test_a_reviews_page_is_proposed_with_its_publisher() -> None:
    page = framed("<h1>Acme Reviews</h1><p>4.5 out of 5 (124 reviews)</p>", head="<title>Acme Reviews</title>")
    proposal = proposed(page, url="https://www.g2.com/products/acme/reviews", kind=SourceKind.REVIEWS, name="Acme")

    assert proposal.source is not None
    assert ("reviews", "g2", ("Acme",)) == (proposal.source.kind, proposal.source.publisher, proposal.source.expect)


@pytest.mark.parametrize(
    ("page", "url", "currency", "note"),
    [
        (cards(), URL, "USD", "check"),
        (cards(), "https://acme.com.au/pricing", "AUD", "check"),
        (cards().replace("</body>", "<footer><p>All prices are in CAD.</p></footer></body>"), URL, "CAD", "says so"),
        (cards().replace("<span>$</span>", "<span>€</span>"), URL, None, ""),
    ],
    ids=["a bare $", "an Australian domain", "stated by the page", "another sign"],
)
def test_what_a_bare_dollar_means_is_said_with_how_it_is_known(
    page: str, url: str, currency: str | None, note: str
) -> None:
    source = proposed(page, url=url).source

    assert source is not None
    assert currency == source.currency
    assert note in source.currency_note


@pytest.mark.parametrize(
    ("lang", "locale"),
    [
        ("de", "de"),
        ("de-CH", "de-CH"),
        ("en", "en-US"),
        ("en_GB", "en-GB"),
        ("", "en-US"),
        ("xx-yy-z", "xx-YY"),
        ("??", "en-US"),
    ],
)
def test_numbers_are_read_as_the_pages_language_writes_them(lang: str, locale: str) -> None:
    page = cards().replace("lang='en'", f"lang='{lang}'")
    source = proposed(page).source

    assert source is not None
    assert locale == source.locale


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<title>Pricing | Acme</title>", "Acme"),
        ("<title>Plans and Pricing - ACME</title>", "ACME"),
        ("<title>Simple pricing</title><meta property='og:site_name' content='Acme Cloud'>", "Acme Cloud"),
        (f"<title>Simple pricing</title>{ORGANIZATION}", "AcMe"),
        ("<title>The best tool | Everybody loves it</title>", "Acme"),
        ("<title>Pricing</title><script type='application/ld+json'>{no json</script>", "Acme"),
    ],
)  # fmt: skip
def test_the_vendor_is_called_what_its_page_and_its_host_both_say(head: str, name: str) -> None:
    proposal = proposed(cards().replace("<title>Pricing | Acme</title>", head))

    assert proposal.vendor is not None
    assert name == proposal.vendor.name


def test_at_an_ip_address_the_page_alone_says_whose_it_is() -> None:
    proposal = proposed(cards(), url="http://127.0.0.1:8765/pricing")

    assert proposal.vendor is not None
    assert "Acme" == proposal.vendor.name


@pytest.mark.parametrize("name", ["Index", "NO", "123", "日本", "a: b # c", "Null", "Ärger & Söhne", "[x]", "~", "1.5"])
def test_a_name_that_yaml_or_the_file_system_would_take_otherwise_still_loads(tmp_path: Path, name: str) -> None:
    vendor = loaded(proposed(cards(), name=name), tmp_path)

    assert name == vendor.name


@given(text=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_stands_in_a_file_as_what_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Plan names are the vendors' words: quotes, colons and brackets in them break no file."""
    folder = tmp_path_factory.mktemp("one")
    source = ProposedSource(kind="pricing", url=URL, expect=(f"x{text}x",), recipe=Recipe(plan="div", ignore=(".a",)))
    proposal = ProposedVendor(
        slug="acme",
        name=f"x{text}x",
        homepage="https://acme.example",
        product_slug="acme",
        product_name="Acme",
        source=source,
    )
    (folder / "acme.yaml").write_text(vendor_yaml(proposal), encoding="utf-8")
    vendor = read_registry(folder).vendors[0]

    assert f"x{text}x" == vendor.name
    assert (f"x{text}x",) == vendor.products[0].sources[0].expect


@pytest.mark.parametrize("plain", ["Solo", "Dagster+", "https://acme.example/pricing?a=1", "On-demand", "div.card"])
def test_plain_words_stand_without_quotes(plain: str) -> None:
    assert plain == scalar(plain)


def test_what_the_loader_finds_wrong_is_told_by_the_files_own_name(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(vendor_yaml(proposed(cards()).vendor), encoding="utf-8")  # type: ignore[arg-type]
    problems = loader_problems("acme.yaml", vendor_yaml(proposed(cards()).vendor), [tmp_path / "other.yaml"])  # type: ignore[arg-type]

    assert [] != problems
    assert all(problem.startswith("acme.yaml:") for problem in problems)
    assert any("address" in problem for problem in problems)


@pytest.mark.parametrize(
    ("question", "is_known"),
    [
        (Question(url="https://www.acme.example/enterprise"), True),
        (Question(url="https://docs.acme.example/pricing"), True),
        (Question(url="https://notacme.example/pricing"), False),
        (Question(url="https://www.g2.com/x", kind=SourceKind.REVIEWS, name="acme"), True),
        (Question(url="https://www.g2.com/x", kind=SourceKind.REVIEWS, name="ACME"), True),
        (Question(url="https://www.g2.com/x", kind=SourceKind.REVIEWS, name="Bolt"), False),
        (Question(url="https://www.g2.com/x", kind=SourceKind.REVIEWS), False),
    ],
    ids=[
        "same host",
        "a part of it",
        "only alike",
        "reviews by slug",
        "reviews by name",
        "reviews of others",
        "nobody's",
    ],
)
def test_the_vendor_of_a_page_is_known_by_its_host_and_of_reviews_by_its_name(
    tmp_path: Path, question: Question, is_known: bool
) -> None:
    loaded(proposed(cards()), tmp_path)

    assert is_known == (known_vendor(read_registry(tmp_path), question) is not None)


def test_common_names_are_no_anchors_where_telling_ones_are_there() -> None:
    """Half of all pricing pages say Free and Pro."""
    priced = {"Pro": "9", "Galaxy": "99", "Nebula": "999", "Quasar": "1999"}
    page = framed(grid(card("Free", "<p>Free</p>"), *(card(name, tag(price)) for name, price in priced.items())))
    source = proposed(page).source

    assert source is not None
    assert ("Galaxy", "Nebula", "Quasar") == source.expect


def test_a_name_that_would_turn_the_terminal_around_is_not_put_into_a_file(tmp_path: Path) -> None:
    """Directions overridden in a plan's name or in the site's own: the loader refuses them, so they are not proposed."""
    page = framed(
        grid(card("Solo", tag("9")), card("Cr\u202eew", tag("19"))),
        head="<title>Pricing</title><meta property='og:site_name' content='Ac\u202eme'>",
    )
    vendor = loaded(proposed(page), tmp_path)

    assert ("Acme", ("Solo",)) == (vendor.name, vendor.products[0].sources[0].expect)
