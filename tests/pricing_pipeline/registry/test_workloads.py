"""Workloads: named amounts of use at which plans are priced."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.registry.workloads import read_workloads
from pricing_pipeline.results import Workload

TEXT = """\
workloads:
  - slug: small
    name: Small
    usage: {seat: 1, credit: 15000, gb: 0.5}
  - slug: large
    name: Large
    usage: {seat: 20}
    products: [acme]
"""


def read(folder: Path, text: str) -> tuple[Workload, ...]:
    path = folder / "workloads.yaml"
    path.write_text(text, encoding="utf-8")
    return read_workloads(path)


def test_workloads_keep_their_order_and_exact_quantities(tmp_path: Path) -> None:
    small, large = read(tmp_path, TEXT)

    assert {"seat": Decimal(1), "credit": Decimal(15000), "gb": Decimal("0.5")} == small.usage
    assert ("large", "Large", ("acme",)) == (large.slug, large.name, large.products)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("slug: large", "slug: small", ":5: `small` stands already in line 2"),
        ("slug: large", "slug: own-acme-solo", ":5: `own-acme-solo` begins with own-"),
        (
            "credit: 15000",
            "credits used: 15000",
            ":4: `workloads[0].usage.credits used`: `credits used` is not a metric",
        ),
        ("credit: 15000", "credit: 15,000", ":4: "),
        ("credit: 15000", "credit: '15000'", "is not a number; write digits without quotes"),
        ("credit: 15000", "credit: -1", "is negative"),
        ("credit: 15000", "credit: true", "is not a number"),
        ("{seat: 20}", "{}", ":7: `workloads[1].usage`: is too short"),
        ("name: Large", "nome: Large", "did you mean `name`?"),
    ],
)
def test_what_cannot_be_priced_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(RegistryError) as raised:
        read(tmp_path, TEXT.replace(old, new, 1))

    assert any(said in problem for problem in raised.value.problems)
