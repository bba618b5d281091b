"""A recipe is checked when its file is read: what could never select anything is told with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_pipeline.registry import read_what_can_be_read

FILE = """\
name: Acme
homepage: https://acme.example
products:
  - slug: acme
    name: Acme
    sources:
      - kind: {kind}
        url: https://acme.example/page{publisher}
        recipe:
"""


def problems(folder: Path, recipe: str, *, kind: str = "pricing") -> list[str]:
    publisher = "\n        publisher: g2" if kind == "reviews" else ""
    (folder / "acme.yaml").write_text(FILE.format(kind=kind, publisher=publisher) + recipe)
    return read_what_can_be_read(folder)[1]


@pytest.mark.parametrize(
    ("recipe", "kind"),
    [
        (
            "          plan: div.card\n          name: h3\n          price: .price\n          ignore: [.promo]\n",
            "pricing",
        ),
        ("          ignore: [.promo]\n", "pricing"),
        ("          rating: .score\n          review_count: .count\n", "reviews"),
        ("          plan: 'li[class*=\"plan_base__\"]:not(.old) > div'\n", "pricing"),
    ],
    ids=["a whole one", "only what is left out", "of reviews", "a long selector"],
)
def test_a_sound_recipe_is_accepted(tmp_path: Path, recipe: str, kind: str) -> None:
    assert [] == problems(tmp_path, recipe, kind=kind)


@pytest.mark.parametrize(
    ("recipe", "kind", "line", "expected"),
    [
        ("          plan: 'div..card'\n", "pricing", 10, ("div..card", "is not a CSS selector", "div.plan-card")),
        ("          plan: div\n          name: 'h3['\n", "pricing", 11, ("h3[", "is not a CSS selector")),
        ("          plan: div\n          colour: h3\n", "pricing", 11, ("unknown key `colour`",)),
        ("          name: h3\n", "pricing", 10, ("inside `plan`", "add it")),
        (
            "          plan: div\n          rating: .r\n",
            "pricing",
            11,
            ("not read on a page of kind pricing", "remove it"),
        ),
        ("          plan: div\n", "reviews", 11, ("not read on a page of kind reviews",)),
        ("          ignore: []\n", "pricing", 10, ("holds no selector",)),
    ],
    ids=["no selector", "none within", "unknown key", "a part alone", "rating of prices", "plan of reviews", "empty"],
)
def test_a_recipe_that_could_never_be_read_is_told_with_its_line(
    tmp_path: Path, recipe: str, kind: str, line: int, expected: tuple[str, ...]
) -> None:
    found = problems(tmp_path, recipe, kind=kind)

    assert 1 == len(found), found
    assert f"acme.yaml:{line}: " in found[0]
    for part in expected:
        assert part in found[0]
