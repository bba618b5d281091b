"""Whether a figure as people round it agrees with the exact one."""

from __future__ import annotations

from decimal import Decimal

# "About" allows a tenth; a figure that is further off is another figure.
_ABOUT = Decimal("0.1")
# "Over 100" of 950 is true and says nothing; it is let pass.


def agrees(said: Decimal, known: Decimal, qualifier: str | None = None, *, places: bool = False) -> bool:
    """Whether a figure may stand for the known one: equal, or as its qualifier allows.

    `places` lets the known figure be rounded to the decimals that are printed, as averages are.
    """
    if said == known:
        return True
    if qualifier == "about":
        return abs(said - known) <= _ABOUT * max(abs(said), abs(known))
    if qualifier == "almost":
        return known < said and said - known <= _ABOUT * said
    if qualifier in ("over", "from"):
        return known > said
    if qualifier == "under":
        return known < said
    return places and abs(said - known) <= _half_a_place(said)


def _half_a_place(said: Decimal) -> Decimal:
    """Half of the last decimal that is printed: 4.25 may be given as 4.2 and as 4.3."""
    exponent = said.as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
