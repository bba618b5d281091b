"""Reading `thresholds.yaml`: the figures by which changes are judged and observations are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.registry.documents import read_document
from pricing_pipeline.results import Thresholds

_COUNTS = frozenset({"confirm_captures", "confirm_hours", "alternation_days"})
_RATIOS = "suspicious_ratios"
# A ratio between 0 and 1 is a share that is left; the others are rises.
_SHARES = frozenset({"plan_collapse_ratio", "review_count_fall_ratio", "low_confidence", "suspicious_ratio_tolerance"})
_RISES = frozenset({"critical_cost_ratio", "notice_cost_ratio", "suspicious_leap"})


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds of a file; what it leaves out keeps its default.

    Raises SettingsError with one line per fault: a key that is unknown or stands twice, a value that is no number or is
    out of range.
    """
    given = _load(path)
    known = {field.name for field in fields(Thresholds)}
    faults = [
        f"{path}: unknown key {key!r}: use one of {', '.join(sorted(known))}" for key in given if key not in known
    ]
    values: dict[str, object] = {}
    for key, value in given.items():
        if key not in known:
            continue
        try:
            values[key] = _value(key, value)
        except ValueError as fault:
            faults.append(f"{path}: {key}: {fault}")
    if faults:
        raise SettingsError("\n".join(faults))
    return Thresholds(**values)  # type: ignore[arg-type]  # each value was read for its own field just above


def _load(path: Path) -> Mapping[str, object]:
    document = read_document(path)
    if document.problems:
        raise SettingsError("\n".join(document.problems))
    if not isinstance(document.value, dict):
        raise SettingsError(f"{path}: holds no mapping: write lines such as `critical_cost_ratio: 1.25`")
    return document.value


def _value(key: str, value: object) -> object:
    if key == _RATIOS:
        if not isinstance(value, Mapping) or not value:
            raise ValueError("needs names with their ratios, such as `x12: 12`")
        return {str(name): _ratio(str(name), entry) for name, entry in value.items()}
    number = _number(value)
    if key in _COUNTS:
        if number < 1 or number != int(number):
            raise ValueError(f"needs a whole number of at least 1, not {value}")
        return int(number)
    if key in _SHARES and not 0 < number <= 1:
        raise ValueError(f"needs a number above 0 and at most 1, not {value}")
    if key in _RISES and number < 1:
        raise ValueError(f"needs a ratio of at least 1, not {value}: 1.25 is a rise by a quarter")
    return number


def _ratio(name: str, value: object) -> Decimal:
    number = _number(value)
    if number <= 1 or not name.startswith("x"):
        raise ValueError(
            f"{name}: {value} needs a name like x12 and a ratio above 1; its inverse is named div12 by itself"
        )
    return number


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"needs one number, not {value!r}")
    if value < 0:
        raise ValueError(f"needs a number of at least 0, not {value}")
    return Decimal(value)
