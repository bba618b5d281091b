"""How often price strings and sentences are read right, left unread, or read wrong; price-parser's answers to the
same beside.

    python benchmarks/price_strings.py --corpus DIR [--wrong]

DIR holds price_strings/: price_parser_examples.jsonl, monetize_examples.jsonl, recognizers_currency/*.json,
vendor_price_texts.jsonl.
A string is right when the first amount is the expected one (in a sentence: all amounts, and no others), and the
currency where the
expectation names an ISO code; wrong when something else was read; silent when less was. No locale is declared for
single strings.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from price_parser import Price

from pricing_pipeline import money
from pricing_pipeline.currencies import CODES

LOCALES = {
    "English": "en-US",
    "German": "de-DE",
    "Hindi": "hi-IN",
    "Japanese": "ja-JP",
    "Spanish": "es-ES",
    "Swedish": "sv-SE",
}
SMALLER = {"Cent", "Pence", "Penny", "Centavo", "Centime", "Øre", "セント"}
SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "R$": "BRL",
    "A$": "AUD",
    "₪": "ILS",
    "zł": "PLN",
    "Kč": "CZK",
    "₫": "VND",
    "€ ": "EUR",
    "euro": "EUR",
}

Reading = list[tuple[Decimal, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One text and what it says: (amount, ISO code or None where the truth names none)."""

    text: str
    expected: Reading
    locale: str = "und"
    is_sentence: bool = False


def decimal(text: object) -> Decimal | None:
    try:
        return Decimal(str(text).replace(",", "."))
    except InvalidOperation:
        return None


def price_parser_cases(folder: Path) -> Iterator[Case]:
    for line in (folder / "price_parser_examples.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        code = row["currency"] if row["currency"] in CODES else SIGNS.get(row["currency"] or "")
        stated = code if row["currency"] and row["currency"] in row["price_raw"] else None
        yield Case(text=row["price_raw"], expected=[(Decimal(row["amount"]), stated)] if row["amount"] else [])


def monetize_cases(folder: Path) -> Iterator[Case]:
    for line in (folder / "monetize_examples.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        # The spec counts in cents, or in hundredths of cents where it was asked for more places.
        fine = row["text"].startswith("$") and row["currency"] is None
        yield Case(
            text=row["text"], expected=[(Decimal(row["minor_units"]) / (10_000 if fine else 100), row["currency"])]
        )


def recognizers_cases(folder: Path) -> Iterator[Case]:
    for path in sorted((folder / "recognizers_currency").glob("*.json")):
        for row in json.loads(path.read_text("utf-8-sig")):
            expected: Reading = []
            for result in row.get("Results", []):
                resolution = result.get("Resolution") or {}
                value = decimal(resolution.get("value"))
                if value is not None:
                    expected.append(
                        (value / 100 if resolution.get("unit") in SMALLER else value, resolution.get("isoCurrency"))
                    )
            yield Case(text=row["Input"], expected=expected, locale=LOCALES[path.stem], is_sentence=True)


def ours(case: Case) -> Reading:
    found = money.read_amounts(case.text, locale=case.locale)
    reading: Reading = [
        (one, amount.currency) for amount in found for one in (amount.amount, amount.amount_max) if one is not None
    ]
    if not reading and not case.is_sentence:
        number = money.read_number(case.text, locale=case.locale)
        reading = [] if number is None else [(number, None)]
    return reading


def theirs(case: Case) -> Reading:
    price = Price.fromstring(case.text)
    return [] if price.amount is None else [(price.amount, None)]


def judge(case: Case, reading: Reading, *, currency: bool) -> str:
    expected = case.expected if case.is_sentence else case.expected[:1]
    read = reading if case.is_sentence else reading[:1]
    left, unstated = list(expected), False
    for amount, code in read:
        match = next(
            (
                want
                for want in left
                if want[0] == amount and (not currency or not (want[1] and code) or want[1] == code)
            ),
            None,
        )
        if match is None:
            return "wrong"
        left.remove(match)
        unstated = unstated or (currency and match[1] is not None and code is None)
    return "silent" if left or unstated else "right"


def tally(name: str, cases: list[Case], read: Callable[[Case], Reading], *, currency: bool, show: bool) -> str:
    counts = {"right": 0, "silent": 0, "wrong": 0}
    for case in cases:
        reading = read(case)
        verdict = judge(case, reading, currency=currency)
        counts[verdict] += 1
        if show and verdict != "right":
            print(
                f"    {verdict}: {case.text[:150]!r} want {[(str(a), c) for a, c in case.expected]} got "
                f"{[(str(a), c) for a, c in reading]}"
            )
    return (
        f"{name:<34}" + "  ".join(f"{verdict} {count:>4}" for verdict, count in counts.items()) + f"  of {len(cases)}"
    )


def vendor_texts(folder: Path, *, show: bool) -> str:
    right, rows = (
        0,
        [json.loads(line) for line in (folder / "vendor_price_texts.jsonl").read_text("utf-8").splitlines()],
    )
    for row in rows:
        found = [amount_facts(amount, row) for amount in money.read_amounts(row["text"], currency="USD")]
        want = (
            None
            if row["amount"] is None
            else (Decimal(row["amount"]), row["currency"], row["billing_period"], row["unit"])
        )
        fits = not found if want is None else want in found
        right += fits
        if show and not fits:
            print(f"    wrong: {row['text']!r} want {want} got {found}")
    return f"{'vendor texts: amount, period, unit':<34}right {right:>4} of {len(rows)}"


def amount_facts(amount: money.Amount, row: dict[str, str]) -> tuple[Decimal, str | None, str | None, str | None]:
    """An amount in the terms of the truth: usage rates have no period; a price of the plan itself is per `plan`."""
    usage = amount.metric is not None and amount.period is None
    # Where a text is a bare price, its period stands elsewhere on the page.
    period = (
        "usage" if usage else amount.period or (row["billing_period"] if amount.text == row["text"].strip() else None)
    )
    return amount.amount, amount.currency, period, amount.metric or "plan"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true", help="print every string that was not read right")
    args = parser.parse_args()
    folder = args.corpus / "price_strings"
    groups = {
        "strings (price-parser's)": list(price_parser_cases(folder)),
        "strings (monetize)": list(monetize_cases(folder)),
        "sentences (recognizers-text)": list(recognizers_cases(folder)),
    }
    for name, cases in groups.items():
        print(tally(name, cases, ours, currency=True, show=args.wrong))
        print(tally("  price-parser, amount only", cases, theirs, currency=False, show=False))
    print(vendor_texts(folder, show=args.wrong))
    every = [case for cases in groups.values() for case in cases]
    began = time.perf_counter()
    for case in every:
        ours(case)
    print(f"{(time.perf_counter() - began) / len(every) * 1e6:.0f} µs a string")
    print(tally("all", every, ours, currency=True, show=False))


if __name__ == "__main__":
    main()
