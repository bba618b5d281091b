"""A publish with nothing new: told without reading what stands, and never told of an edition that would be another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assets.stages import publishing, unchanged
from assets.stages.replaying import replay
from pricing_pipeline.catalog import CheckResult
from tests.assets.street import FIRST, Street, pricing, street
from tests.assets.test_archives import page, settle
from warehouse import check_results
from warehouse.connection import open_warehouse

BLOCK = "<!-- pricing-pipeline:begin t table=tiers vendor=alder -->\n<!-- pricing-pipeline:end t -->\n"
MINUTE = timedelta(minutes=1)
SEEN_AGAIN = "a page is seen again as it was"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """A street with one vendor, whose page was captured once and published, by a program that nobody edits meanwhile."""
    (tmp_path / "no-program").mkdir()
    monkeypatch.setattr(unchanged, "_ROOT", tmp_path / "no-program")
    with street(tmp_path, ("alder",)) as made:
        captured(made, FIRST, pricing())
        publishing.make_edition(made.workshop())
        yield made


def captured(town: Street, at: datetime, said: str) -> None:
    replay(town.workshop(), [page(at, said)])
    settle(town.workshop())


def made_of(town: Street) -> unchanged.MadeOf:
    with open_warehouse(town.home.warehouse) as con:
        return unchanged.made_of(town.workshop(), con)


def judged(town: Street, status: str, at: timedelta) -> None:
    """What the check of the tables said, some time after the first day."""
    result = CheckResult(
        suite="comparison_tables", check="complete", status=status, severity="warning", checked=1, unexpected=0,
        message="", at=FIRST + at,
    )  # fmt: skip
    with open_warehouse(town.home.warehouse) as con:
        check_results.record(con, [result])


def written(town: Street, name: str, change: Callable[[str], str]) -> None:
    path = town.vendors.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(change(path.read_text() if path.exists() else ""))


CHANGES: dict[str, Callable[[Street], object]] = {
    SEEN_AGAIN: lambda town: captured(town, FIRST + MINUTE, pricing()),
    "a comparison is written": lambda town: written(town, "comparisons/a.yaml", lambda _: "title: A\n"),
    "a comparison is edited": lambda town: written(town, "comparisons/a.yaml", lambda _: "title: B\n"),
    "a comparison is renamed": lambda town: town.vendors.parent.joinpath("comparisons/a.yaml").rename(
        town.vendors.parent / "comparisons/b.yaml"
    ),
    "a vendor is called otherwise": lambda town: written(
        town, "vendors/alder.yaml", lambda text: text.replace("name: Alder\n", "name: Alders\n")
    ),
    "a workload asks for more": lambda town: written(
        town, "workloads.yaml", lambda text: text.replace("seat: 3", "seat: 4")
    ),
    "the site has another title": lambda town: written(
        town, "settings.yaml", lambda text: f"{text}\nsite: {{title: Anew}}\n"
    ),
    "a price moves": lambda town: captured(town, FIRST + 2 * MINUTE, pricing(solo="12")),
    "a check says otherwise": lambda town: judged(town, "failed", timedelta(0)),
    "the facts are examples": lambda town: town.home.example_mark.write_text("example"),
}  # fmt: skip


def test_whatever_decides_an_edition_moves_what_it_is_made_of(town: Street) -> None:
    """And what does not decide it moves nothing: another look, a check that says the same on another day. A page that is
    seen again as it was moves only times."""
    seen = [made_of(town)]
    for change in CHANGES.values():
        change(town)
        seen.append(made_of(town))
    judged(town, "failed", MINUTE)

    assert dict.fromkeys(CHANGES, True) == _moved([one.exactly for one in seen])
    assert dict.fromkeys(CHANGES, True) | {SEEN_AGAIN: False} == _moved([one.by_day for one in seen])
    assert seen[-1] == made_of(town)


def _moved(seen: Sequence[str | None]) -> dict[str, bool]:
    """After which changes something was as it never had been before."""
    return dict(zip(CHANGES, (one not in seen[:place] for place, one in enumerate(seen) if place), strict=True))


def test_another_program_makes_another_edition(town: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program/warehouse").mkdir(parents=True)
    monkeypatch.setattr(unchanged, "_ROOT", tmp_path / "program")
    before = made_of(town)
    (tmp_path / "program/warehouse/standing.sql").write_text("SELECT 1")

    assert before != made_of(town)


def test_nothing_new_is_told_without_reading_what_stands(town: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lines about files that cannot be read, each time again."""
    written(town, "comparisons/a.yaml", lambda _: "title: [\n")
    made = publishing.make_edition(town.workshop())
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_catalog", None)
        again = publishing.make_edition(town.workshop())

    assert made.problems
    assert replace(made, changed=False) == again


def test_what_is_not_as_it_was_left_is_looked_at_in_full(town: Street) -> None:
    """A file of the edition that is gone, a managed file edited by hand, a memory that was torn."""
    edition = town.home.current_edition.resolve()
    (edition / "index.html").unlink()
    mended = publishing.make_edition(town.workshop())
    assert (True, True) == (mended.changed, (mended.path / "index.html").is_file())

    written(town, "settings.yaml", lambda text: f"{text}\nmanaged: [a.md]\n")
    written(town, "a.md", lambda _: BLOCK)
    publishing.make_edition(town.workshop())
    written(town, "a.md", lambda text: f"{text}\n{BLOCK.replace('begin t', 'begin u').replace('end t', 'end u')}")
    (note,) = publishing.make_edition(town.workshop()).notes
    assert note.endswith("wrote u")

    (town.home.editions / unchanged.FILE).write_text('{"made_of": ')
    assert publishing.make_edition(town.workshop()).changed is False


def test_after_going_back_the_facts_are_published_again(town: Street) -> None:
    earlier = town.home.current_edition.resolve().name
    captured(town, FIRST + MINUTE, pricing(solo="12"))
    later = publishing.make_edition(town.workshop())
    (town.home.editions / "current").unlink()
    (town.home.editions / "current").symlink_to(earlier)

    assert (True, later.id) == ((made := publishing.make_edition(town.workshop())).changed, made.id)


def test_pages_seen_again_as_they_were_cost_only_new_times(town: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that stands is read, no page is made, and the edition is the one that would have been made of it all."""
    before = town.home.current_edition.resolve()
    captured(town, FIRST + MINUTE, pricing())
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_catalog", None)
        made = publishing.make_edition(town.workshop())
        again = publishing.make_edition(town.workshop())
    (town.home.editions / unchanged.FILE).unlink()
    in_full = publishing.make_edition(town.workshop())

    assert (True, False, False) == (made.changed, again.changed, in_full.changed)
    assert made.id == again.id == in_full.id
    assert {"manifest.json", "reports.duckdb", "v1/freshness.json"} == _differing(before, made.path)


def _differing(before: Path, after: Path) -> set[str]:
    """The files of an edition that are not the very files of another."""
    files = [path.relative_to(after) for path in after.rglob("*") if path.is_file()]
    return {path.as_posix() for path in files if not (before / path).samefile(after / path)}


def torn(town: Street, at: datetime) -> None:
    captured(town, at, pricing())
    (town.home.current_edition / "index.html").unlink()


TURNS: dict[str, Callable[[Street], object]] = {
    "on another day": lambda town: captured(town, FIRST + timedelta(days=1), pricing()),
    "beside a page that is held": lambda town: captured(town, FIRST + MINUTE, pricing(solo="120")),
    "after an edition that somebody tore": lambda town: torn(town, FIRST + MINUTE),
}  # fmt: skip


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_what_may_say_more_than_times_is_made_in_full(
    town: Street, turn: Callable[[Street], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(town)
    monkeypatch.setattr(publishing, "_catalog", _asked)

    with pytest.raises(_AskedError):
        publishing.make_edition(town.workshop())


class _AskedError(Exception):
    """What stands was asked for."""


def _asked(*_: object) -> None:
    raise _AskedError
