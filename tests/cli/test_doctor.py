"""What the doctor says of a source: how it stands, when it is looked at next, and what a person can do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pricing_pipeline.catalog import Rhythm, SourceState
from pricing_pipeline.cli.doctor import examine, never_fetched, source_row
from pricing_pipeline.facts import Outcome, Source, SourceKind
from pricing_pipeline.home import Content, Home
from pricing_pipeline.registry.memory import remember

NOW = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)
ACME = Source(
    id="acme/acme-cloud/pricing", vendor="acme", product="acme-cloud", kind=SourceKind.PRICING, url="https://acme.example/"
)  # fmt: skip
VENDOR = """name: acme
homepage: https://acme.example
categories: [workflow-automation]
products:
  - slug: acme-cloud
    name: acme
    sources: [{kind: pricing, url: https://acme.example/pricing}]
"""
SOUND = SourceState(source_id=ACME.id, outcome=Outcome.FETCHED, checked_at=NOW, verified_at=NOW)


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (3, 3), (4, 1), (30, 1)])
def test_sources_that_nobody_looked_at_yet_do_not_bury_the_others(count: int, rows: int) -> None:
    """Whoever adds a vendor of their own has all those that ship besides, and asked for none of them."""
    new = [replace(ACME, id=f"acme/acme-cloud/{number}") for number in range(count)]
    told = list(never_fetched(new))

    assert rows == len(told)
    assert all("never fetched" in row["says"] for row in told)
    assert count <= 3 or f"and {count - 3} more" in told[0]["says"]


def test_it_tells_when_a_source_is_looked_at_next() -> None:
    row = source_row(ACME, SOUND, rhythm=Rhythm(quiet_since=NOW - DAY))

    assert f"last verified on {NOW:%Y-%m-%d}; next look from {NOW + timedelta(hours=23):%Y-%m-%d %H:%M}" == row["says"]


def test_it_tells_why_a_quiet_source_is_looked_at_less_often() -> None:
    row = source_row(ACME, SOUND, rhythm=Rhythm(quiet_since=NOW - 400 * DAY))

    assert f"next look from {NOW + timedelta(hours=35):%Y-%m-%d %H:%M}" in row["says"]
    assert f"it has said the same since {NOW - 400 * DAY:%Y-%m-%d}" in row["says"]


def test_it_tells_that_the_words_of_a_page_are_out_of_date() -> None:
    """The page is read all the same, by the plans that it offers; somebody should correct the file."""
    row = source_row(replace(ACME, expect=("Hobby", "Team")), SOUND, told=("anchors_outdated",))

    assert ("note", "correct `expect` in the vendor file") == (row["state"], row["do"])
    assert "no longer holds all of Hobby, Team" in row["says"]


def test_it_tells_until_when_a_host_wants_to_be_left_alone() -> None:
    until = NOW + 3 * DAY
    state = replace(SOUND, outcome=Outcome.RATE_LIMITED, not_before=until, failures=1, since=NOW)

    assert f"the host asks to be left alone until {until:%Y-%m-%d %H:%M}" in source_row(ACME, state)["says"]


def test_a_wall_is_told_with_the_day_it_went_up_and_the_age_of_what_is_known() -> None:
    """The page answers 200 all the while; what was read before it stays published, and is that old."""
    state = replace(SOUND, outcome=Outcome.BLOCKED, since=NOW, verified_at=NOW - 5 * DAY, failures=5)
    row = source_row(ACME, state)

    assert "problem" == row["state"]
    assert f"blocked since {NOW:%Y-%m-%d}" in row["says"]
    assert f"last verified on {NOW - 5 * DAY:%Y-%m-%d}" in row["says"]
    assert "bot wall" in row["do"]


def test_a_page_that_leads_to_another_site_is_told_with_where_and_what_to_write() -> None:
    says = (
        "redirected to https://other.example/plans, another site: if both are the vendor's, add `also: [other.example]`"
    )
    state = replace(SOUND, outcome=Outcome.WRONG_PAGE, since=NOW, failures=1, message=says)
    row = source_row(ACME, state)

    assert "problem" == row["state"]
    assert says in row["says"]
    assert "correct url, expect or also" in row["do"]


@pytest.mark.parametrize(
    ("render", "told", "suggested"),
    [(None, ("script_only",), True), (None, ("no_facts",), False), ("browser", ("script_only",), False)],
    ids=["an empty shell", "a page without prices", "a shell that is rendered already"],
)
def test_a_page_that_is_empty_before_its_scripts_run_is_suggested_for_the_browser(
    render: str | None, told: tuple[str, ...], suggested: bool
) -> None:
    """And only suggested: a browser costs a hundred times as much and asks for whatever the page likes."""
    unread = replace(SOUND, verified_at=None)
    row = source_row(replace(ACME, render=render), unread, told=told)

    assert "problem" == row["state"]
    assert suggested == ("render: browser" in row["do"])


def test_a_broken_vendor_file_is_told_with_the_copy_that_serves_meanwhile(tmp_path: Path) -> None:
    """Its sources are still looked at, as every run does; only what was never sound is left out."""
    vendors, home = tmp_path / "vendors", Home(tmp_path / "home")
    vendors.mkdir()
    for name in ("acme", "never"):
        (vendors / f"{name}.yaml").write_text(VENDOR.replace("acme", name), encoding="utf-8")
    sound = (vendors / "acme.yaml").read_text(encoding="utf-8")
    (vendors / "never.yaml").write_text("name: [", encoding="utf-8")
    remember(vendors, home.registry)
    (vendors / "acme.yaml").write_text(sound + "surprise: [", encoding="utf-8")

    rows = [row for row in examine(home, Content(vendors)) if row["what"] == "vendors"]

    assert ["note", "ok", "problem", "problem"] == sorted(row["state"] for row in rows)
    assert rows[0]["says"].startswith("1 vendor, 1 source in ")
    (kept,) = (row["says"] for row in rows if row["state"] == "note")
    assert ("acme.yaml" in kept, "its last sound version is in use" in kept) == (True, True)
