"""How sources move: since when each has said the same, what was announced, and what its last reading had to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from pricing_pipeline.catalog import Rhythm
from pricing_pipeline.facts import Announcement, Diagnostic, Origin, SourceKind
from tests.warehouse.house import APRIL, DAY, MAY, PAGE, House, april, hold, may, page, plan, quoted, source
from warehouse.rhythm import last_diagnostics, rhythms

REVIEWS = "/".join([*PAGE.split("/")[:2], "reviews", "g2"])


def test_a_source_is_quiet_since_it_last_said_something_new(tmp_path: Path) -> None:
    """Neither a look that found the same nor a page out of an archive moves that day."""
    house = House(tmp_path)
    with house.open() as con:
        for days, seen in enumerate([april(), april(), may(), may(), may()]):
            house.see(con, seen, APRIL + days * DAY, bytes_=f"copy {days}")
        house.see(con, april(), APRIL - 400 * DAY, origin=Origin.ARCHIVE, recorded_at=MAY + 9 * DAY)

        assert APRIL + 2 * DAY == rhythms(con)[PAGE].quiet_since


def test_a_source_that_was_never_accepted_is_not_called_quiet(tmp_path: Path) -> None:
    house = House(tmp_path, judge=hold)
    with house.open() as con:
        house.see(con, april(), APRIL)

        assert {PAGE: Rhythm()} == rhythms(con)


def test_an_announcement_counts_for_every_source_of_its_product(tmp_path: Path) -> None:
    """Whichever page tells of a new price: it is the others that will show it."""
    house = House(tmp_path, sources=(source(), replace(source(REVIEWS), kind=SourceKind.REVIEWS)))
    told = Announcement(effective_from=date(2026, 6, 1), evidence=quoted("From 1 June 2026"))
    with house.open() as con:
        house.see(con, page(plan("solo"), told), APRIL)

        assert [(date(2026, 6, 1),)] * 2 == [one.announced for one in rhythms(con).values()]


def test_what_the_last_reading_had_to_say_is_known(tmp_path: Path) -> None:
    house = House(tmp_path, judge=hold)
    empty = replace(page(), diagnostics=(Diagnostic(code="script_only", message="empty before scripts run"),))
    with house.open() as con:
        house.see(con, april(), APRIL)
        assert {} == last_diagnostics(con)

        house.see(con, empty, MAY)
        assert {PAGE: ("script_only",)} == last_diagnostics(con)
