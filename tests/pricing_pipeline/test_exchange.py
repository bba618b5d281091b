"""Dated rates: what one may write, and what is said beside figures that rest on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.exchange import Exchange, read_exchange

SOUND = "to: USD\non: 2026-05-01\nsource: https://bank.example/rates\nrates: {EUR: 1.08, GBP: 1.25}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "rates.yaml"
    path.write_text(text)
    return path


def test_rates_are_read_with_their_day_and_their_source(tmp_path: Path) -> None:
    rates = read_exchange(written(tmp_path, SOUND))

    assert ("USD", date(2026, 5, 1), "https://bank.example/rates") == (rates.to, rates.on, rates.source)
    assert Decimal("10.80") == rates.worth(Decimal(10), "EUR")
    assert Decimal(10) == rates.worth(Decimal(10), "USD")


def test_without_a_rate_there_is_no_guess(tmp_path: Path) -> None:
    rates = read_exchange(written(tmp_path, SOUND))

    assert [None, None] == [rates.worth(Decimal(10), currency) for currency in ("JPY", None)]
    assert Decimal(0) == rates.worth(Decimal(0), "JPY")
    assert [True, False, False] == [rates.covers(some) for some in (["USD", "EUR"], ["EUR", "JPY"], [None])]


def test_what_was_converted_is_told_with_the_rates_used(tmp_path: Path) -> None:
    said = read_exchange(written(tmp_path, SOUND)).sentence({"USD", "EUR"})

    assert "ranked in USD at rates of 2026-05-01 (https://bank.example/rates): 1 EUR = 1.08 USD" == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- EUR", "holds no mapping"),
        ("to: USD", "on is missing"),
        (SOUND + "note: x", "unknown key 'note'"),
        (SOUND.replace("to: USD", "to: Dollar"), "'Dollar' is no currency code"),
        (SOUND.replace("2026-05-01", "yesterday"), "'yesterday' is no day"),
        (SOUND.replace("https://bank.example/rates", "''"), "say where the rates are from"),
        (SOUND.replace("1.08", "0"), "EUR: 0 is no number above 0"),
        (SOUND.replace("EUR", "Euro"), "'Euro' is no currency code"),
        (SOUND.replace("{EUR: 1.08, GBP: 1.25}", "1.08"), "needs codes with what one unit is worth"),
    ],
)
def test_a_fault_is_named_with_what_to_write_instead(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=r"rates\.yaml") as raised:
        read_exchange(written(tmp_path, text))

    assert said in str(raised.value)


def test_rates_are_values() -> None:
    assert Exchange(to="USD", on=date(2026, 5, 1), source="x", rates={}).worth(Decimal(1), "EUR") is None
