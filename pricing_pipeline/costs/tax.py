"""What a plan's prices say of tax: included, excluded, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pricing_pipeline.facts import Term

_TAX = r"(?:VAT|GST|HST|MwSt\.?|USt\.?|TVA|IVA|sales tax|tax(?:es)?)\b"
_BEFORE = r"\b(?:excl(?:\.|uding|usive of|udes)?|ex\.?|plus|without|before|zzgl\.?|exkl\.?|hors|sin|senza)"
_EXCLUDED = re.compile(
    rf"{_BEFORE}\s+(?:any\s+|applicable\s+|of\s+)?{_TAX}"
    rf"|\+\s?{_TAX}|\b{_TAX}\s+(?:not\s+included|excluded|extra|applies)|\bHT\b",
    re.IGNORECASE,
)
_INCLUDED = re.compile(
    rf"\b(?:incl(?:\.|uding|usive of|udes)?|with|inkl\.?|toutes)\s+(?:all\s+|any\s+|of\s+)?{_TAX}"
    rf"|\b{_TAX}\s+included\b|\bTTC\b",
    re.IGNORECASE,
)


def tax_of(terms: Iterable[Term]) -> str | None:
    """`included` or `excluded` where the quotes of these terms say so with one voice; None where they do not."""
    said = set()
    for term in terms:
        words = f"{term.evidence.quote} {term.unit_as_printed or ''}"
        if _EXCLUDED.search(words):
            said.add("excluded")
        elif _INCLUDED.search(words):
            said.add("included")
    return said.pop() if len(said) == 1 else None
