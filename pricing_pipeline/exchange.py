"""Dated rates between currencies, by which bills are ranked side by side. Nothing is ever stored converted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pricing_pipeline.currencies import CODES
from pricing_pipeline.errors import SettingsError
from pricing_pipeline.registry.documents import read_document

_KEYS = ("to", "on", "source", "rates")
_FORM = "write to: USD, on: 2026-05-01, source: where they are from, rates: {EUR: 1.08}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What one unit of each currency was worth in `to` on a day, and who says so."""

    to: str
    on: date
    source: str
    rates: Mapping[str, Decimal]

    def worth(self, amount: Decimal, currency: str | None) -> Decimal | None:
        """An amount in `to`; None where there is no rate. Nothing is nothing in every currency."""
        if not amount:
            return Decimal(0)
        if currency == self.to:
            return amount
        rate = self.rates.get(currency or "")
        return None if rate is None else amount * rate

    def covers(self, currencies: Iterable[str | None]) -> bool:
        """Whether there is a rate for every one of these."""
        return all(currency == self.to or currency in self.rates for currency in currencies)

    def sentence(self, currencies: Iterable[str | None]) -> str:
        """What readers are told beside converted figures: the rates used, their day and source."""
        used = sorted({one for one in currencies if one is not None and one != self.to})
        told = ", ".join(f"1 {one} = {self.rates[one].normalize():f} {self.to}" for one in used)
        return f"ranked in {self.to} at rates of {self.on} ({self.source}): {told}"


def read_exchange(path: Path) -> Exchange:
    """The rates of a file. Raises SettingsError with one line per fault."""
    document = read_document(path)
    if document.problems:
        raise SettingsError("\n".join(document.problems))
    given = document.value
    if not isinstance(given, dict):
        raise SettingsError(f"{path}: holds no mapping: {_FORM}")
    faults = [f"{path}: unknown key {key!r}: {_FORM}" for key in given if key not in _KEYS]
    faults += [f"{path}: {key} is missing: {_FORM}" for key in _KEYS if key not in given]
    if not faults:
        faults = [f"{path}: {fault}" for fault in _faults(given)]
    if faults:
        raise SettingsError("\n".join(faults))
    return Exchange(
        to=given["to"],
        on=date.fromisoformat(str(given["on"])),
        source=given["source"],
        rates={code: Decimal(rate) for code, rate in given["rates"].items()},
    )


def _faults(given: Mapping[str, object]) -> list[str]:
    faults = []
    if given["to"] not in CODES:
        faults.append(f"to: {given['to']!r} is no currency code such as USD")
    try:
        date.fromisoformat(str(given["on"]))
    except ValueError:
        faults.append(f"on: {given['on']!r} is no day: write it like 2026-05-01")
    if not isinstance(given["source"], str) or not given["source"].strip():
        faults.append("source: say where the rates are from, so that readers can look them up")
    rates = given["rates"]
    if not isinstance(rates, Mapping):
        return [*faults, "rates: needs codes with what one unit is worth, such as {EUR: 1.08}"]
    for code, rate in rates.items():
        if code not in CODES:
            faults.append(f"rates: {code!r} is no currency code such as EUR")
        elif isinstance(rate, bool) or not isinstance(rate, int | Decimal) or rate <= 0:
            faults.append(f"rates: {code}: {rate!r} is no number above 0")
    return faults
