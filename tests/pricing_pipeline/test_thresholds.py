from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.registry.workloads import read_workloads
from pricing_pipeline.results import Thresholds
from pricing_pipeline.thresholds import read_thresholds

ROOT = Path(__file__).resolve().parents[2]


def read(folder: Path, text: str) -> Thresholds:
    path = folder / "thresholds.yaml"
    path.write_text(text, "utf-8")
    return read_thresholds(path)


def test_the_file_that_ships_says_what_holds_without_it():
    assert Thresholds() == read_thresholds(ROOT / "thresholds.yaml")


def test_the_workloads_that_ship_hold_the_one_at_which_the_cheapest_plan_turned():
    loads = {load.slug: load for load in read_workloads(ROOT / "workloads.yaml")}

    assert "One seat with 15,000 credits" == loads["one-seat-15000-credits"].name
    assert {"seat": Decimal(1), "credit": Decimal(15000)} == dict(loads["one-seat-15000-credits"].usage)


def test_figures_are_decimals_made_from_text(tmp_path):
    """0.1 that went through a float is 0.1000000000000000055."""
    found = read(tmp_path, "rating_move: 0.1\nconfirm_hours: 12\nsuspicious_ratios: {x7: 7}\n")

    assert (Decimal("0.1"), 12, {"x7": Decimal(7)}) == (found.rating_move, found.confirm_hours, found.suspicious_ratios)


def test_what_a_file_leaves_out_keeps_its_default(tmp_path):
    assert Thresholds() == read(tmp_path, "confirm_hours: 48")
    assert Thresholds(confirm_captures=5) == read(tmp_path, "confirm_captures: 5")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("critical_ratio: 2", "unknown key 'critical_ratio': use one of", id="unknown-key"),
        pytest.param("low_confidence: 2", "low_confidence: needs a number above 0 and at most 1, not 2", id="no-share"),
        pytest.param("critical_cost_ratio: 0.5", "needs a ratio of at least 1, not 0.5", id="no-rise"),
        pytest.param("confirm_hours: soon", "needs one number, not 'soon'", id="word"),
        pytest.param("confirm_hours: 1.5", "needs a whole number of at least 1", id="no-count"),
        pytest.param("rating_move: NaN", "needs one number, not 'NaN'", id="nan"),
        pytest.param("rating_move: [1]", "needs one number, not [", id="list"),
        pytest.param("rating_move: {a: 1}", "needs one number, not {", id="mapping"),
        pytest.param(
            "confirm_hours: 1\nconfirm_hours: 2",
            "the key `confirm_hours` stands here again (first in line 1)",
            id="twice",
        ),
        pytest.param("suspicious_ratios: {x12: 12, x12: 10}", "the key `x12` stands here again", id="ratio-twice"),
        pytest.param("suspicious_ratios: {div12: 12}", "needs a name like x12", id="ratio-name"),
        pytest.param("suspicious_ratios: 12", "needs names with their ratios", id="no-ratios"),
        pytest.param("- 1", "holds no mapping", id="no-mapping"),
        pytest.param("a: [", "not YAML", id="no-yaml"),
    ],
)
def test_a_fault_is_named_with_its_file(tmp_path, text, says):
    with pytest.raises(SettingsError, match=r"thresholds\.yaml") as caught:
        read(tmp_path, text)

    assert says in str(caught.value)


def test_every_fault_is_named_at_once(tmp_path):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, "a: 1\nlow_confidence: 2\nconfirm_hours: x\n")

    assert 3 == len(str(caught.value).splitlines())


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_thresholds(tmp_path / "none.yaml")
