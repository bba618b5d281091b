"""The registry: what vendor files may say, and how their authors are told of what they may not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.facts import Recipe, SourceKind
from pricing_pipeline.registry import read_registry, read_what_can_be_read

ACME = """\
name: Acme
homepage: https://acme.example
categories: [etl]
products:
  - slug: acme-cloud
    name: Acme Cloud
    self_hosted: [community]
    sources:
      - kind: pricing
        url: https://acme.example/pricing
        every: 12h
        locale: nb-NO
        currency: NOK
        country: NO
        expect: [Basic, "7"]
        recipe:
          plan: div.card
          ignore: [".promo"]
      - kind: reviews
        publisher: g2
        url: https://g2.example/products/acme/reviews
facts:
  - topic: licence
    text: Open source.
    as_of: 2026-05-01
    source: https://acme.example/licence
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    vendors = tmp_path / "vendors"
    vendors.mkdir()
    return vendors


def problems_of(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError) as raised:
        read_registry(folder)
    return raised.value.problems


def test_a_vendor_file_becomes_sources_with_everything_that_it_says(folder: Path) -> None:
    text = ACME.replace("every: 12h", "every: 12h\n        also: [acme.de]")
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    registry = read_registry(folder)
    pricing, reviews = registry.sources()

    assert "acme/acme-cloud/pricing" == pricing.id
    assert "acme/acme-cloud/reviews/g2" == reviews.id
    assert (SourceKind.PRICING, 12, "nb-NO", "NOK", "NO") == (
        pricing.kind,
        pricing.every_hours,
        pricing.locale,
        pricing.currency,
        pricing.country,
    )
    assert ("Basic", "7") == pricing.expect
    assert Recipe(plan="div.card", ignore=(".promo",)) == pricing.recipe
    assert ("acme.de",) == pricing.also
    assert (24, "", None) == (reviews.every_hours, reviews.locale, reviews.currency)
    assert ("community",) == registry.products[0].self_hosted
    assert "licence" == registry.vendors[0].facts[0].topic


def test_sources_stand_in_one_order_whatever_order_the_disk_gives(folder: Path) -> None:
    for slug in ("zeta", "alpha", "mid"):
        text = ACME.replace("acme", slug)
        (folder / f"{slug}.yaml").write_text(text, encoding="utf-8")

    assert ["alpha", "mid", "zeta"] == [vendor.slug for vendor in read_registry(folder).vendors]


def test_every_fault_of_every_file_is_reported_at_once_with_file_line_and_remedy(folder: Path) -> None:
    first = ACME.replace("name: Acme\n", "nmae: Acme\n", 1).replace("every: 12h", "every: daily")
    second = (
        ACME.replace("acme", "beta").replace("kind: pricing", "kind: prices").replace("currency: NOK", "currency: kr")
    )

    assert [
        "vendors/acme.yaml:1: `name` is missing; add it, for example `name: Dagster`",
        "vendors/acme.yaml:1: unknown key `nmae`; did you mean `name`?",
        (
            "vendors/acme.yaml:11: `products[0].sources[0].every`: `daily` is not how often; "
            "write hours, days or weeks, for example 12h, 1d or 2w, at most a year"
        ),
        (
            "vendors/beta.yaml:9: `products[0].sources[0].kind`: `prices` is not known here; "
            "write 'pricing', 'reviews' or 'announcement'"
        ),
        (
            "vendors/beta.yaml:13: `products[0].sources[0].currency`: `kr` is not a currency; write its ISO 4217 code, "
            "for example USD"
        ),
    ] == problems_of(folder, acme=first, beta=second)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  - slug: acme-cloud\n    name", "  - name", 5, "in `products[0]`: `slug` is missing"),
        ("slug: acme-cloud", "slug: ../etc", 5, "is not a slug"),
        ("slug: acme-cloud", "slug: CON", 5, "is not a slug"),
        ("slug: acme-cloud", "slug: con", 5, "reserved"),
        ("slug: acme-cloud", f"slug: {'a' * 300}", 5, "longer than 64"),
        ("slug: acme-cloud", "slug: 7", 5, 'must be text, not the number 7; write it in quotes: "7"'),
        ("slug: acme-cloud", "slug:", 5, "must be text, not nothing"),
        ("slug: acme-cloud", "slug: [a]", 5, "must be text, not a list"),
        ("https://acme.example/pricing", "ftp://acme.example/pricing", 10, "is not a web address"),
        ("https://acme.example/pricing", "acme.example/pricing", 10, "is not a web address"),
        ("https://acme.example/pricing", "https://good@evil.example/", 10, "user name or password"),
        ("https://acme.example/pricing", "https://acme.example\\@evil.example/", 10, "backslash"),
        ("https://acme.example/pricing", "https://[::1/", 10, "is not an address"),
        ("https://acme.example/pricing", "https://acme.example:99999/", 10, "is not an address"),
        ("every: 12h", "every: 0d", 11, "is not how often"),
        ("every: 12h", "every: 9999w", 11, "is not how often"),
        ("every: 12h", "every: 12", 11, "must be text, not the number 12"),
        ("locale: nb-NO", "locale: norwegian", 12, "is not a locale"),
        ("country: NO", "country: Norway", 14, "is not a country"),
        ("country: NO", "country: false", 14, "must be text, not true or false"),
        ('expect: [Basic, "7"]', "expect: Basic", 15, "must be a list"),
        ("plan: div.card", "plan: 'div['", 17, "is not a CSS selector"),
        ("publisher: g2\n        url", "url", 19, "a reviews page needs its publisher"),
        ("kind: pricing", "kind: pricing\n        publisher: g2", 9, "has no publisher"),
        ("as_of: 2026-05-01", "as_of: May 2026", 25, "is not a day"),
        ("    sources:", "    surces:", 5, "`sources` is missing"),
        ("        every: 12h", "        render: chrome", 11, "write 'browser'"),
        ("        every: 12h", "        also: [https://acme.de]", 11, "is not the name of a host"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_and_what_to_write(
    folder: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in ACME
    problem = problems_of(folder, acme=ACME.replace(old, new, 1))[0]

    assert problem.startswith(f"vendors/acme.yaml:{line}: ")
    assert said in problem


@pytest.mark.parametrize(
    "text", ["just words", "- a\n- b\n", "7", "products: []\nname: A\nhomepage: https://a.example\n"]
)
def test_a_file_of_another_shape_is_refused(folder: Path, text: str) -> None:
    assert problems_of(folder, acme=text)[0].startswith("vendors/acme.yaml:1: ")


@pytest.mark.parametrize("name", ["Acme", "acme_", "con", "-acme", "acme--x", "ac me"])
def test_a_file_name_that_is_no_slug_is_refused(folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").write_text(ACME, encoding="utf-8")
    with pytest.raises(RegistryError, match="the file's name is the vendor's slug"):
        read_registry(folder)


def test_a_file_with_the_other_ending_is_not_silently_ignored(folder: Path) -> None:
    (folder / "acme.yml").write_text(ACME, encoding="utf-8")
    with pytest.raises(RegistryError, match=r"rename it to acme\.yaml"):
        read_registry(folder)


def test_two_vendors_cannot_claim_one_page(folder: Path) -> None:
    """They may well call their products alike."""
    problems = problems_of(folder, acme=ACME, beta=ACME.replace("https://g2.example", "https://g2.example/other"))

    assert [
        (
            "vendors/beta.yaml:10: the address `https://acme.example/pricing` stands already in vendors/acme.yaml:10; "
            "watch each page once"
        ),
    ] == problems


def test_one_product_has_one_source_of_a_kind_and_publisher(folder: Path) -> None:
    text = ACME.replace("      - kind: reviews\n        publisher: g2\n", "      - kind: pricing\n")

    assert (
        "the source `acme/acme-cloud/pricing` stands already in vendors/acme.yaml:9"
        in problems_of(folder, acme=text)[0]
    )


def test_an_unreadable_vendor_file_never_stops_the_others(folder: Path) -> None:
    """Each broken in its own way: bytes, a folder, nothing, ten megabytes, a loop of links."""
    (folder / "acme.yaml").write_text(ACME, encoding="utf-8")
    (folder / "bytes.yaml").write_bytes(bytes(range(256)) * 10)
    (folder / "folder.yaml").mkdir()
    (folder / "empty.yaml").touch()
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(10_000_000)
    registry, problems = read_what_can_be_read(folder)

    assert ["acme"] == [vendor.slug for vendor in registry.vendors]
    assert ["bytes", "empty", "folder", "huge", "loop"] == [Path(problem.split(":")[0]).stem for problem in problems]


@given(start=st.integers(0, len(ACME)), length=st.integers(0, 60), put=st.text(max_size=20))
def test_no_edit_of_a_vendor_file_whatever_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, put: str
) -> None:
    folder = tmp_path_factory.mktemp("vendors")
    edited = ACME[:start] + put + ACME[start + length :]
    (folder / "acme.yaml").write_bytes(edited.encode("utf-8", "surrogatepass"))
    registry, problems = read_what_can_be_read(folder)

    assert len(registry.vendors) != bool(problems)
    assert all(problem.isprintable() and problem.startswith(f"{folder}/acme.yaml:") for problem in problems)


def test_a_folder_that_is_not_there_or_empty_says_what_to_set(folder: Path) -> None:
    with pytest.raises(
        RegistryError, match="is not there; name the folder of vendor files with PRICING_PIPELINE_VENDORS"
    ):
        read_registry(folder / "gone")
    with pytest.raises(RegistryError, match="holds no vendor file; add one"):
        read_registry(folder)


def test_a_registry_can_be_cut_down_to_some_vendors(folder: Path) -> None:
    (folder / "acme.yaml").write_text(ACME, encoding="utf-8")
    (folder / "beta.yaml").write_text(ACME.replace("acme", "beta"), encoding="utf-8")
    registry = read_registry(folder)

    assert ["beta/beta-cloud/pricing", "beta/beta-cloud/reviews/g2"] == [
        s.id for s in registry.only(["beta"]).sources()
    ]
    with pytest.raises(RegistryError, match="no vendor is called `acne`; write one of acme"):
        registry.only(["acne"])


def test_things_are_found_by_name(folder: Path) -> None:
    (folder / "acme.yaml").write_text(ACME, encoding="utf-8")
    registry = read_registry(folder)
    vendor, product, source = registry.vendor("acme"), registry.product("acme-cloud"), registry.sources()[0]

    assert "Acme" == (vendor and vendor.name)
    assert "Acme Cloud" == (product and product.name)
    assert source == registry.source("acme/acme-cloud/pricing")
    assert (None, None, None) == (registry.vendor("x"), registry.product("x"), registry.source("x"))


def beta(text: str) -> str:
    """Another vendor's file."""
    return text.replace("acme", "beta").replace("Acme", "Beta")


def test_former_names_lead_to_those_of_today(folder: Path) -> None:
    """Every name that the product may have had: its own former ones under each of its vendor's."""
    text = ACME.replace("categories: [etl]", "formerly: [apex]").replace(
        "    name: Acme Cloud", "    name: Acme Cloud\n    formerly: [acme-one, zenith/flow]"
    )
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    registry = read_registry(folder)

    assert {
        ("zenith", "flow"), ("apex", "acme-one"), ("apex", "acme-cloud"), ("acme", "acme-one"),
    } == set(registry.renamed())  # fmt: skip
    assert ["acme-cloud"] == [one.slug for one in registry.named("apex/acme-one")]
    assert ["acme-cloud"] == [one.slug for one in registry.named("acme-cloud")]


def test_what_is_retired_or_merged_says_since_when_and_into_what(folder: Path) -> None:
    text = ACME.replace(
        "    name: Acme Cloud", "    name: Acme Cloud\n    retired: 2026-03-01\n    merged_into: beta/beta-cloud"
    )
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    (folder / "beta.yaml").write_text(beta(ACME).replace("categories: [etl]", "retired: 2026-04-01"), encoding="utf-8")
    acme, other = read_registry(folder).products

    assert (date(2026, 3, 1), ("beta", "beta-cloud")) == (acme.retired, acme.merged_into)
    assert date(2026, 4, 1) == other.retired


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("formerly: [acme-cloud]", "`acme-cloud` is its name today; write only earlier ones", id="today"),
        pytest.param("formerly: [a, a]", "`a` stands here twice; remove one", id="twice"),
        pytest.param("formerly: [A B]", "is not a slug; write lower-case letters", id="slug"),
        pytest.param("formerly: [beta/beta-cloud]", "the product `beta/beta-cloud` stands already in", id="living"),
        pytest.param("merged_into: beta/beta-cloud", "needs the day it happened; add for example `retired:", id="day"),
        pytest.param("retired: soon", "`soon` is not a day; write for example 2026-05-01", id="no-day"),
        pytest.param(
            "retired: 2026-03-01\n    merged_into: gamma", "nothing is called `acme/gamma`; write one of", id="nothing"
        ),
        pytest.param(
            "retired: 2026-03-01\n    merged_into: acme-cloud", "would have been merged into itself", id="round"
        ),
    ],
)
def test_a_name_or_an_end_that_cannot_be_is_refused_with_what_to_write(folder: Path, line: str, says: str) -> None:
    acme = ACME.replace("    name: Acme Cloud", f"    name: Acme Cloud\n    {line}")

    assert any(says in problem for problem in problems_of(folder, acme=acme, beta=beta(ACME)))


def test_an_old_file_beside_the_one_that_names_it_is_refused(folder: Path) -> None:
    renamed = beta(ACME).replace("categories: [etl]", "formerly: [acme]")
    found = problems_of(folder, acme=ACME, beta=renamed)

    assert any("the vendor `acme` stands already in" in problem for problem in found)


ALIASES = """\
    aliases: [Acme Online, The Acme Platform]
    plan_aliases:
      basic: [Entry, Individual]
"""


def test_products_and_plans_have_other_names(folder):
    """As editors write them."""
    (folder / "acme.yaml").write_text(ACME.replace("    sources:\n", ALIASES + "    sources:\n"), encoding="utf-8")
    (product,) = read_registry(folder).products

    assert ("Acme Online", "The Acme Platform") == product.aliases
    assert (("basic", ("Entry", "Individual")),) == product.plan_aliases


@pytest.mark.parametrize(
    ("aliases", "words"),
    [
        ("    aliases: [acme cloud]\n", "acme.yaml:8: `products[0].aliases[0]`: `acme cloud` is its name already"),
        ("    aliases: [Online, ONLINE]\n", "`ONLINE` is its name already"),
        ("    plan_aliases: {basic: [Entry], pro: [Entry]}\n", "`Entry` stands already at `basic`; keep one"),
        ("    plan_aliases: {Basic: [Entry]}\n", "Basic"),
    ],
    ids=["its own name", "twice", "of two plans", "no slug"],
)
def test_another_name_is_another_one(folder, aliases, words):
    found = problems_of(folder, acme=ACME.replace("    sources:\n", aliases + "    sources:\n"))

    assert any(words in one for one in found), found


def test_another_name_is_of_one_product(folder):
    other = ACME.replace("acme", "bolt").replace("Acme", "Bolt")
    (folder / "bolt.yaml").write_text(
        other.replace("    sources:\n", "    aliases: [Hub]\n    sources:\n"), encoding="utf-8"
    )
    found = problems_of(folder, acme=ACME.replace("    sources:\n", "    aliases: [Hub]\n    sources:\n"))

    assert any("the alias `Hub` stands already in" in one for one in found), found
