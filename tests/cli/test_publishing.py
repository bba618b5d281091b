"""Blocks, previews, editions and captured pages, as a person types the commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assets.stages.publishing import make_edition
from assets.stages.replaying import replay
from tests.assets.street import DAY, FIRST, Street, pricing, street
from tests.assets.test_archives import page, settle
from tests.program import Done, call

Ask = Callable[..., Done]
BLOCK = "<!-- pricing-pipeline:begin t table=tiers vendor=alder -->\n<!-- pricing-pipeline:end t -->\n"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """A street with one vendor, whose page was captured once and published."""
    for name in ("PRICING_PIPELINE_CONTACT", "PRICING_PIPELINE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")  # put back afterwards, whatever a run made of it
    with street(tmp_path, ("alder",)) as made:
        monkeypatch.setenv("PRICING_PIPELINE_HOME", str(made.home.root))
        monkeypatch.setenv("PRICING_PIPELINE_VENDORS", str(made.vendors))
        replay(made.workshop(), [page(FIRST, pricing())])
        settle(made.workshop())
        make_edition(made.workshop())
        yield made


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    return lambda *arguments: call(capsys, *map(str, arguments))


def settings(town: Street, text: str) -> Path:
    """Settings beside the vendor files."""
    path = town.vendors.parent / "settings.yaml"
    path.write_text(f"{path.read_text() if path.exists() else ''}\n{text}")
    return path


def test_blocks_are_checked_written_and_then_up_to_date(town: Street, ask: Ask, tmp_path: Path) -> None:
    """In a build, --check fails until somebody has refreshed the file."""
    mine = tmp_path / "mine.md"
    mine.write_text(BLOCK)
    codes = [ask("blocks", "--check", mine).code, ask("blocks", mine).code, ask("blocks", "--check", mine).code]

    assert [1, 0, 0] == codes
    assert "every plan and its terms" in mine.read_text()
    mine.write_text(mine.read_text().replace("every plan", "each plan"))
    refused = ask("blocks", mine)
    assert (1, "") == (refused.code, refused.out)
    assert f"problem: {mine}:1: block t was changed by hand" in refused.err
    assert 0 == ask("blocks", "--force", mine).code


def test_files_that_the_settings_name_are_kept_by_publishing(town: Street, ask: Ask) -> None:
    settings(town, "managed: [pages/*.md, gone.md]\n")
    pages = town.vendors.parent / "pages"
    pages.mkdir()
    (pages / "a.md").write_text(BLOCK)
    edition = make_edition(town.workshop())

    assert (f"{pages / 'a.md'}: wrote t",) == edition.notes
    assert "gone.md names no file" in edition.problems[-1]
    assert "every plan and its terms" in (pages / "a.md").read_text()
    assert "a.md: up to date" in ask("blocks", "--check").err


def test_example_pages_never_reach_an_editors_own_files(town: Street) -> None:
    settings(town, "managed: [a.md]\n")
    mine = town.vendors.parent / "a.md"
    mine.write_text(BLOCK)
    town.home.example_mark.write_text("example")
    make_edition(town.workshop())

    assert BLOCK == mine.read_text()


def test_a_preview_says_what_would_change_and_writes_no_block(town: Street, ask: Ask, tmp_path: Path) -> None:
    settings(town, "managed: [a.md]\n")
    mine = town.vendors.parent / "a.md"
    mine.write_text(BLOCK)
    before = town.home.current_edition.resolve()
    replay(town.workshop(), [page(FIRST + DAY, pricing().replace("$10", "$12"))])
    settle(town.workshop())
    seen = ask("publish", "--preview", "--into", tmp_path / "look")

    assert (0, True) == (seen.code, (tmp_path / "look" / "index.html").is_file())
    assert "figure" in seen.out
    assert (before, BLOCK) == (town.home.current_edition.resolve(), mine.read_text())
    assert 2 == ask("publish", "--preview", "--edition", "previous").code


def test_editions_are_listed_compared_and_gone_back_to(town: Street, ask: Ask) -> None:
    replay(town.workshop(), [page(FIRST + DAY, pricing().replace("$10", "$12"))])
    settle(town.workshop())
    make_edition(town.workshop())
    rows = ask("editions", "--format", "json").json
    told = ask("editions", "diff")
    back = ask("publish", "--edition", "previous")

    assert ["", "now"] == [row["stands"] for row in rows]
    assert told.out.startswith(f"{rows[0]['edition']} → {rows[1]['edition']}: ")
    assert 0 == back.code
    assert f"edition {rows[0]['edition']} stands again" in back.err
    assert rows[0]["edition"] == town.home.current_edition.resolve().name
    assert 0 == ask("editions", "restore", rows[1]["edition"]).code
    assert rows[1]["edition"] == town.home.current_edition.resolve().name


def test_what_stood_on_a_day_is_told(town: Street, ask: Ask) -> None:
    (row,) = ask("editions", "on", town.day.date().isoformat(), "--format", "json").json

    assert town.home.current_edition.resolve().name == row["edition"]
    assert Path(row["where"]).is_file()
    assert [] == json.loads(ask("editions", "on", "2001-01-01", "--format", "json").out)
    assert 2 == ask("editions", "on", "yesterday").code


def test_the_page_behind_a_figure_is_written_with_its_quote(town: Street, ask: Ask, tmp_path: Path) -> None:
    (term,) = (one for one in town.published("terms") if (one["plan"], one["term"]) == ("solo", "recurring_fee"))
    found = [
        ask("source", term["id"]),
        ask("source", term["capture"]),
        ask("source", term["source"], "--out", tmp_path / "p.html"),
    ]

    assert [0, 0, 0] == [one.code for one in found]
    assert 'mark class="quote" id="quote"' in Path(found[0].out.strip()).read_text()
    assert str(tmp_path / "p.html") == found[2].out.strip()
    assert "is no figure, capture or source" in ask("source", "nothing").err
