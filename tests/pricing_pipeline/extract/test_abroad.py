"""Prices in other currencies and other languages than a dollar and English."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import framed


def two(basic: str, pro: str) -> str:
    """Two cards with these price lines."""
    return framed(
        f"<div class='g'><div class='c'><h3>Mini</h3>{basic}</div><div class='c'><h3>Maxi</h3>{pro}</div></div>"
    )


@pytest.mark.parametrize(
    ("basic", "pro", "mini", "maxi"),
    [
        ("9,99 €", "29,99 €", "9.99 EUR", "29.99 EUR"),
        ("€9.99", "€29.99", "9.99 EUR", "29.99 EUR"),
        ("£9.99", "£1,299", "9.99 GBP", "1299 GBP"),
        ("₹1,499", "₹1,00,000", "1499 INR", "100000 INR"),
        ("CHF 10.–", "CHF 1'200.–", "10 CHF", "1200 CHF"),
        ("R$ 49,90", "R$ 149,90", "49.90 BRL", "149.90 BRL"),
        ("CA$12", "CA$34", "12 CAD", "34 CAD"),
        ("29 USD", "129 USD", "29 USD", "129 USD"),
        ("¥1,000", "¥3,000", "1000 None", "3000 None"),
    ],
)
def test_amounts_as_they_are_written_abroad(basic: str, pro: str, mini: str, maxi: str) -> None:
    """A yen and a yuan share their sign: the amount is read, its currency is not guessed."""
    page = two(f"<p>{basic} / month</p>", f"<p>{pro} / month</p>")

    assert {"Mini": [f"{mini}/month"], "Maxi": [f"{maxi}/month"]} == facts(page, currency=None)


@pytest.mark.parametrize(
    ("line", "fee"),
    [
        ("<p>{} €</p><p>pro Monat, zzgl. MwSt.</p>", "{} EUR/month"),
        ("<p>{} €</p><p>pro Nutzer pro Monat</p>", "{} EUR/month per seat"),
        ("<p>Preis pro Monat: {} €</p>", "{} EUR/month"),
        ("<p>{} € / Monat</p><p>bei jährlicher Zahlung</p>", "{} EUR/month for a year"),
        ("<p>{} € / Monat</p><p>jährlich abgerechnet</p>", "{} EUR/month for a year"),
        ("<p>{} €<span> par mois</span></p>", "{} EUR/month"),
        ("<p>{} € HT / mois</p>", "{} EUR/month"),
        ("<p>{} € / mois</p><p>facturé annuellement</p>", "{} EUR/month for a year"),
        ("<p>{} € al mes</p>", "{} EUR/month"),
        ("<p>{} €/mes</p><p>facturado anualmente</p>", "{} EUR/month for a year"),
        ("<p>€ {} per maand</p><p>jaarlijks gefactureerd</p>", "{} EUR/month for a year"),
    ],
)
def test_periods_and_commitments_in_other_languages(line: str, fee: str) -> None:
    """In the amount's line, or in the one below it."""
    page = two(line.format(10), line.format(30))

    assert {"Mini": [fee.format(10)], "Maxi": [fee.format(30)]} == facts(page, currency=None)


def test_free_and_on_request_in_other_languages() -> None:
    """Neither is an amount."""
    page = framed(
        "<div class='g'><div class='c'><h3>Découverte</h3><p>Gratuit</p></div><div class='c'><h3>Essentiel</h3>"
        "<p>19 € par mois</p><p>5 utilisateurs</p></div><div class='c'><h3>Unternehmen</h3><p>Auf Anfrage</p></div></div>"
    )

    assert {"Découverte": ["free"], "Essentiel": ["19 EUR/month", "5 seat"], "Unternehmen": ["contact_sales"]} == facts(
        page
    )


def test_the_currency_that_is_not_chosen_is_not_read() -> None:
    """A currency selector keeps the other amounts hidden in the card."""
    price = "<p><span class='usd'>${}</span><span class='eur' style='display:none'>€{}</span> / month</p>"
    page = two(price.format(10, 9), price.format(20, 18)).replace(
        "<div class='g'>", "<select><option>USD $</option></select><div class='g'>"
    )

    assert {"Mini": ["10 USD/month"], "Maxi": ["20 USD/month"]} == facts(page)
