"""A page while it is being read: its document, how its numbers are written, and what was read from its lines so far."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from pricing_pipeline import money, units
from pricing_pipeline.extract.blocks import Segment
from pricing_pipeline.extract.charges import page_commitment
from pricing_pipeline.extract.dated_lines import DatedLine, dated_lines
from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.grid import Table, find_tables
from pricing_pipeline.extract.statements import Role, is_foretold, roles
from pricing_pipeline.extract.toggles import Side, default_period, find_sides, is_annual_shown
from pricing_pipeline.extract.visibility import classes
from pricing_pipeline.extract.walk import NAMED_CENTS
from pricing_pipeline.extract.wording import has_money
from pricing_pipeline.facts import AMOUNT_LIMIT, AMOUNT_PLACES, Evidence, Surface, Term

LONGEST_QUOTE = 300
_DIGIT = re.compile(
    r"\d|unlimited|unbegrenzt|unlimitiert|ill?imit|onbeperkt|obegr|unmetered|infinite|∞|as many", re.IGNORECASE
)
_MARKS = frozenset("*†‡¹²")
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A term as one way of reading found it; `way` is structured, embedded, card, table, prose, attribute or recipe."""

    term: Term
    way: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """The document and the settings of its source. `currency` is what a bare sign means there."""

    document: Document
    url: str
    locale: str
    currency: str | None
    _amounts: dict[str, tuple[money.Amount, ...]] = field(default_factory=dict, repr=False)
    _periods: dict[int, str | None] = field(default_factory=dict, repr=False)
    _quantities: dict[str, tuple[units.Quantity, ...]] = field(default_factory=dict, repr=False)

    def amounts(self, text: str) -> tuple[money.Amount, ...]:
        """The money amounts in a line, without those that it asks from a stated day on: they are not what the page asks."""
        if text not in self._amounts:
            found = self.stated_amounts(text)
            asked_later = self._foretold.get(text)
            self._amounts[text] = tuple(
                amount
                for place, amount in enumerate(found)
                if not (is_foretold(text, amount, found) if asked_later is None else place in asked_later)
            )
        return self._amounts[text]

    def stated_amounts(self, text: str) -> tuple[money.Amount, ...]:
        """Every money amount in a line, whenever it is asked."""
        found = money.read_amounts(text, locale=self.locale, currency=self.currency) if has_money(text) else ()
        return tuple(amount for amount in found if storable(amount.amount) and storable(amount.amount_max))

    def amounts_in(self, block: Block) -> tuple[money.Amount, ...]:
        """The money amounts in a block; where tags split the digits of one, cents are put back and all else is left out."""
        amounts = self.amounts(block.text)
        glued = [segment for segment in block.segments if segment.is_glued] if amounts else []
        return (
            tuple(whole for amount in amounts if (whole := _unsplit(block, amount, glued)) is not None)
            if glued
            else amounts
        )

    def quantities(self, text: str) -> tuple[units.Quantity, ...]:
        """The counts with a unit in a line."""
        if text not in self._quantities:
            found = units.read_quantities(text, locale=self.locale) if _DIGIT.search(text) else ()
            self._quantities[text] = tuple(found)
        return self._quantities[text]

    def default_period(self, start: int) -> str | None:
        """The period of amounts that name none, in cards from this block on."""
        if start not in self._periods:
            self._periods[start] = default_period(self.document, self._sides, start)
        return self._periods[start]

    @cached_property
    def dated_lines(self) -> tuple[DatedLine, ...]:
        """The sentences that say what holds from a stated day on."""
        return tuple(dated_lines(self.document))

    @cached_property
    def _foretold(self) -> dict[str, frozenset[int]]:
        """By lines that are dated by what stands above them: which of their amounts are those of the day."""
        found: dict[str, frozenset[int]] = {}
        for line in self.dated_lines:
            if not line.names_it:
                news = roles(line.sentence.text, self.stated_amounts(line.sentence.text))
                found[line.sentence.text] = frozenset(at for at, role in enumerate(news) if role is Role.NEW)
        return found

    @cached_property
    def _sides(self) -> tuple[Side, ...]:
        return find_sides(self.document)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The visible data tables."""
        return tuple(find_tables(self.document))

    @cached_property
    def is_annual_shown(self) -> bool:
        """Whether the prices shown at first are those of annual billing, by the page's toggle."""
        return is_annual_shown(self._sides)

    @cached_property
    def commitment(self) -> str | None:
        """What the page says all its plans are billed by ("Plans are billed annually"), if it does."""
        for block in self.document.blocks:
            if (
                len(block.text) < 300
                and block.surface is Surface.VISIBLE
                and any(part in block.text for part in ("illed", "aid ", "ommitment", " billing"))
            ):
                found = page_commitment(block.text)
                if found:
                    return found
        return None

    def commitment_of(self, quoted: Sequence[Block]) -> str | None:
        """The same for one price: what a footnote says holds for the prices that bear its mark, where any does."""
        mark = self._note_mark
        if self.commitment is None or mark is None or any(mark in block.text for block in quoted):
            return self.commitment
        return None

    @cached_property
    def _note_mark(self) -> str | None:
        """The mark that the note on billing begins with, where some price bears it."""
        for block in self.document.blocks:
            if block.text[:1] in _MARKS and len(block.text) < 300 and page_commitment(block.text):
                mark = block.text[0]
                marked = any(
                    mark in other.text and has_money(other.text) for other in self.document.blocks if other is not block
                )
                return mark if marked else None
        return None


_STATED_CURRENCY = re.compile(
    r"\b(?:prices?|pricing|amounts?|rates?|fees|charges)\b[^.\n]{0,60}?\b(?:in|are)\b[^.\n]{0,20}?\b(?:(USD|"
    r"U\.?S\.? dollars?)|(EUR|euros?)|(GBP|pounds sterling)|(CAD|Canadian dollars?)|(AUD|Australian dollars?))",
    re.IGNORECASE,
)
_CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")


def stated_currency(document: Document) -> str | None:
    """The currency that a page says its prices are in ("All prices in US dollars"); None where it says none, or several."""
    found = {index for match in _STATED_CURRENCY.findall(document.text) for index, text in enumerate(match) if text}
    return _CURRENCIES[found.pop()] if len(found) == 1 else None


def _unsplit(block: Block, amount: money.Amount, glued: Sequence[Segment]) -> money.Amount | None:
    if any(amount.start < segment.start < amount.end for segment in glued):
        return None
    tail = next((segment for segment in glued if segment.start == amount.end + 1), None)
    if tail is None:
        return amount
    cents = re.match(r"\d\d(?!\d)", block.text[tail.start : tail.end])
    named = tail.node.name == "sup" or NAMED_CENTS.search(" ".join(classes(tail.node.attrs)))
    if cents is None or not named or amount.amount != amount.amount.to_integral_value():
        return None
    return replace(amount, amount=amount.amount + Decimal(f"0.{cents.group()}"), end=tail.start + 2)


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """A plan's name as a slug: ASCII letters, digits and dashes, without accents; a digest for other scripts."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("+", " plus ")).encode("ascii", "ignore").decode()
    made = _SLUG.sub("-", plain).strip("-")
    letters = sum(1 for letter in name if letter.isalnum())
    if len(made) * 2 >= letters:
        return made[:60].rstrip("-")
    return f"{made[:40]}-u{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")


def storable(value: Decimal | None) -> bool:
    """Whether a value fits the warehouse's DECIMAL(20,10) exactly."""
    return value is None or (value.is_finite() and abs(value) < AMOUNT_LIMIT and value == round(value, AMOUNT_PLACES))


def evidence(blocks: Sequence[Block], *, around: tuple[int, int] | None = None) -> Evidence:
    """The quote of one block, or of several that follow each other with nothing hidden between.

    `around` is the range in the first block's text that the quote must hold where the block is too long to be quoted whole.
    """
    first = blocks[0]
    if first.surface is not Surface.VISIBLE:
        return Evidence(
            quote=_piece(first, around or (0, len(first.text))), locator=first.locator, surface=first.surface
        )
    run = [first]
    for block in blocks[1:]:
        if block.index != run[-1].index + 1 or block.gap_before or block.surface is not first.surface:
            break
        run.append(block)
    quote = " ".join(block.text for block in run)
    if len(quote) > LONGEST_QUOTE:
        quote = _window(first.text, around or (0, 1))
    return Evidence(quote=quote, locator=first.locator, surface=first.surface)


def _piece(block: Block, around: tuple[int, int]) -> str:
    """What one text node of a hidden block says: hidden text is looked up in the source, where tags part the nodes."""
    inside = [segment for segment in block.segments if segment.start < around[1] and segment.end > around[0]]
    counted = [
        segment for segment in inside if any(letter.isdigit() for letter in block.text[segment.start : segment.end])
    ]
    best = max(counted or inside or block.segments, key=lambda segment: segment.end - segment.start)
    return block.text[best.start : best.end]


def _window(text: str, around: tuple[int, int]) -> str:
    """The sentence that holds a range of a long text."""
    start = max(
        (text.rfind(mark, 0, around[0]) + 2 for mark in (". ", "? ", "! ") if text.rfind(mark, 0, around[0]) >= 0),
        default=0,
    )
    ends = [text.find(mark, around[1]) + 1 for mark in (". ", "? ", "! ") if text.find(mark, around[1]) >= 0]
    end = min(ends, default=len(text))
    if end - start > LONGEST_QUOTE:
        start, end = max(start, around[0] - 80), min(end, around[1] + 120)
    return text[start:end].strip()
