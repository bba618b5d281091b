"""Refreshes over a street of vendors on loopback: one that is broken harms nobody else, and nobody's last facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.stages import capturing, judgement, publishing, reading, standing
from assets.stages.verifying import verify
from checks.door import Door
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.errors import RegistryError
from pricing_pipeline.facts import Cause, Outcome
from pricing_pipeline.home import shipped
from tests.assets.street import DAY, FIRST, MALFORMED, OTHER, WALL, Street, pricing, street
from tests.program import digests
from tests.servers import answer

BROKEN = ("alder", "beech", "cedar", "damson", "elm")


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory: pytest.TempPathFactory, door: Door) -> Iterator[Street]:
    """Five vendors that break, each in its own way, on the day on which the sixth raises its price."""
    with street(Path(tmp_path_factory.mktemp("street"))) as town:
        town.run_stages(door)
        town.day += DAY
        town.serve("alder", WALL)
        town.server.answers["/beech/pricing"] = answer(b"oops", status="500 Internal Server Error")
        town.serve("cedar", MALFORMED)
        (town.vendors / "damson.yaml").write_text("name: Damson\nproducts: [\n  - slug: 'no end\n")
        town.serve("elm", OTHER)
        town.serve("fir", pricing(solo="12"))
        town.run_stages(door)
        yield town


@pytest.mark.parametrize("vendor", BROKEN)
def test_a_broken_vendor_keeps_its_last_facts_up(bad_day: Street, vendor: str) -> None:
    """A bot wall, an HTTP 500, a malformed page, a vendor file that cannot be read, another page at the address."""
    (term,) = [
        term
        for term in bad_day.published("terms")
        if (term["vendor"], term["plan"], term["term"]) == (vendor, "solo", "recurring_fee")
    ]

    assert "10" == term["amount"]
    assert "2026-04-30T06:00:00Z" == term["captured_at"]


@pytest.mark.parametrize("vendor", sorted({*BROKEN} - {"damson"}))
def test_a_broken_vendor_shows_its_age(bad_day: Street, vendor: str) -> None:
    """Its facts were verified when its page was last read, not when somebody last tried."""
    assert "2026-04-30T06:00:00Z" == bad_day.freshness()[vendor]["verified_at"]


@pytest.mark.parametrize(
    ("vendor", "outcome"),
    [("alder", "blocked"), ("beech", "server_error"), ("elm", "wrong_page")],
    ids=["bot wall with HTTP 200", "HTTP 500", "another page"],
)
def test_what_is_wrong_has_a_name_and_a_day(bad_day: Street, vendor: str, outcome: str) -> None:
    state = bad_day.freshness()[vendor]

    assert (outcome, "2026-05-01T06:00:00Z") == (state["outcome"], state["broken_since"])


def test_a_wall_is_told_on_the_published_page_beside_the_age_of_what_is_known(bad_day: Street) -> None:
    """A reader of the page sees that its figures are those of the day before."""
    page = (bad_day.home.current_edition / "vendors" / "alder.html").read_text("utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

    assert re.search(r"Last verified on 30 Apr\w* 2026", text)
    assert re.search(
        r"blocked by the site since 1 May 2026. What it said when last verified, 30 April 2026, is still shown", text
    )


def test_the_sound_vendor_is_refreshed_and_published(bad_day: Street) -> None:
    """And its change is the only one: nothing of the broken ones looks like a change."""
    assert "12" == bad_day.fees()["fir"]
    assert {"fir"} == {change["vendor"] for change in bad_day.published("changes")}
    assert ("fetched", "2026-05-01T06:00:00Z") == (
        bad_day.freshness()["fir"]["outcome"],
        bad_day.freshness()["fir"]["verified_at"],
    )


def test_an_unreadable_vendor_file_is_reported_with_its_line(bad_day: Street) -> None:
    """Its vendor goes on as the file last said while it was sound, so an editor's slip takes nothing off the pages."""
    problems = bad_day.workshop().problems

    assert "2026-05-01T06:00:00Z" == bad_day.freshness()["damson"]["verified_at"]

    assert problems
    assert re.search(r"damson\.yaml:\d+", problems[0])


def test_a_plan_by_whose_name_the_page_was_known_may_go(tmp_path: Path, door: Door) -> None:
    """`expect` names Solo: that it is there no longer is the news, and no reason to keep it up as if it were."""
    with street(tmp_path) as town:
        town.run_stages(door)
        town.day += DAY
        town.serve("fir", pricing(solo="25").replace("Solo", "Basic"))
        changes = town.run_stages(door)

        assert {"basic", "team"} == {term["plan"] for term in town.published("terms") if term["vendor"] == "fir"}
        assert "fetched" == town.freshness()["fir"]["outcome"]
    (dearer,) = (change for change in changes if change.kind == "price_increased")
    assert dearer.verdict.startswith("Basic (formerly Solo): price $10.00")


def test_a_broken_vendor_that_comes_back_is_read_again(bad_day: Street, door: Door) -> None:
    bad_day.day += DAY
    bad_day.serve("alder", pricing(solo="11"))
    changes = bad_day.run_stages(door)

    assert ["price_increased"] == [
        change.kind for change in changes if change.vendor == "alder" and change.kind.startswith("price")
    ]
    assert {"alder"} == {change.vendor for change in changes}
    assert "11" == bad_day.fees()["alder"]
    assert ("fetched", None) == (bad_day.freshness()["alder"]["outcome"], bad_day.freshness()["alder"]["broken_since"])


@pytest.mark.parametrize("tag", ["same", None], ids=["the server says 304", "the server sends the same bytes"])
def test_an_unchanged_page_is_not_parsed_again(tmp_path: Path, door: Door, tag: str | None) -> None:
    """It moves the day on which its facts were verified, and nothing else."""
    with street(tmp_path, ["alder"]) as town:
        town.serve("alder", pricing(), tag=tag)
        town.run_stages(door)
        before = {name: digest for name, digest in digests(town.home.current_edition).items() if name.startswith("v1/")}
        town.day += DAY
        workshop = town.workshop()
        captured = capturing.capture_due(workshop)
        read = reading.read_pending(workshop)
        changes = town.run_stages(door, fetch=False)
        after = {name: digest for name, digest in digests(town.home.current_edition).items() if name.startswith("v1/")}

        assert [Outcome.NOT_MODIFIED if tag else Outcome.FETCHED] == [capture.outcome for capture in captured.captures]
        assert ((), 1) == (read.observations, read.confirmed)
        assert [] == changes
        assert "2026-05-01T06:00:00Z" == town.freshness()["alder"]["verified_at"]
        assert "2026-04-30T06:00:00Z" == town.published("terms")[0]["captured_at"]
        assert {"v1/freshness.json"} == {name for name in after if after[name] != before[name]}


def test_what_is_not_due_is_not_fetched(tmp_path: Path, door: Door) -> None:
    with street(tmp_path, ["alder", "beech"]) as town:
        capturing.capture_due(town.workshop())
        town.day += DAY / 24
        again = capturing.capture_due(town.workshop())
        reading.read_pending(town.workshop())
        later = capturing.capture_due(town.workshop())
        forced = capturing.capture_due(town.workshop(), force=True, vendors=["beech"])

    assert ((), ()) == (again.captures, later.captures)
    assert ["beech/beech-cloud/pricing"] == [capture.source_id for capture in forced.captures]


def test_a_vendor_that_nobody_registered_is_an_error(town: Street) -> None:
    with pytest.raises(RegistryError, match="birch"):
        capturing.capture_due(town.workshop(), vendors=["birch"])


def test_a_newer_extractor_is_not_the_vendors_doing(
    tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a page is read differently because we read better, no editor is told that the vendor moved its prices."""
    with street(tmp_path, ["alder"]) as town:
        town.run_stages(door)
        town.day += DAY
        _read_better(monkeypatch)
        changes = town.run_stages(door)

    assert changes
    assert {Cause.EXTRACTOR} == {change.cause for change in changes}


def test_a_change_of_the_page_beside_a_newer_extractor_is_told_apart(
    tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that was accepted last is read again first, so what the vendor did is seen by itself."""
    with street(tmp_path, ["alder"]) as town:
        town.run_stages(door)
        town.day += DAY
        town.serve("alder", pricing(team="50"))
        _read_better(monkeypatch)
        changes = town.run_stages(door)
        told = {(change.plan, change.kind): change.cause for change in changes if change.kind.startswith("price")}

    assert {("solo", "price_increased"): Cause.EXTRACTOR, ("team", "price_increased"): Cause.VENDOR} == told


def test_what_looks_like_a_misreading_is_held_and_the_known_price_stays(tmp_path: Path, door: Door) -> None:
    """Twelve times the price is a year's total more often than a rise; it is marked as pending."""
    with street(tmp_path, ["alder"]) as town:
        town.run_stages(door)
        town.day += DAY
        town.serve("alder", pricing(solo="120"))
        workshop = town.workshop()
        capturing.capture_due(workshop)
        reading.read_pending(workshop)
        judged = judgement.judge_observations(workshop, door)
        changes = town.run_stages(door, fetch=False)
        (term,) = [
            term for term in town.published("terms") if (term["plan"], term["term"]) == ("solo", "recurring_fee")
        ]

        assert ["held"] == [decision.state for decision in judged.decisions]
        assert "x12" in judged.decisions[0].reason
        assert [] == changes
        assert ("10", True) == (term["amount"], term["pending"])


def test_an_edition_is_made_of_what_is_known_even_when_nothing_could_be_fetched(tmp_path: Path, door: Door) -> None:
    with street(tmp_path, ["alder"]) as town:
        town.server.answers["/alder/pricing"] = answer(b"", status="503 Service Unavailable")
        town.run_stages(door)
        made = publishing.make_edition(town.workshop())

        assert (made.path / "index.html").is_file()
        assert [] == town.published("terms")
        assert "server_error" == town.freshness()["alder"]["outcome"]


def test_a_comparison_with_a_fault_is_told_to_who_started_the_run(tmp_path: Path, door: Door) -> None:
    """And one of products that nobody here watches, such as those that ship, is no fault."""
    with street(tmp_path, ["alder"]) as town:
        (tmp_path / "comparisons" / "this-vs-that.yaml").write_text("title: [")
        (tmp_path / "comparisons" / "prefect-vs-dagster.yaml").write_bytes(
            (shipped("comparisons") / "prefect-vs-dagster.yaml").read_bytes()
        )
        town.run_stages(door)
        told = standing.edition_problems(town.workshop())

        assert told
        assert all("this-vs-that.yaml" in line for line in told)


def test_a_damaged_line_of_the_log_is_found_before_it_is_needed(tmp_path: Path, door: Door) -> None:
    """The warehouse has its own copy of what the log says, and would go on until the day of the next rebuild."""
    with street(tmp_path, ["alder"]) as town:
        town.run_stages(door)
        _, sound = verify(town.workshop())
        with town.home.log.open("a") as log:
            log.write("{\n")
        _, problems = verify(town.workshop())

        assert [] == sound
        assert ["restore the file from a backup"] == [line.split("; ")[-1] for line in problems]


def test_the_captures_of_a_day_are_kept_with_their_outcome(bad_day: Street) -> None:
    """Also those that failed: the log is what everything else is made from."""
    entries = [entry.capture for entry, _ in bad_day.workshop().log.read() if isinstance(entry, CaptureEntry)]
    second = {
        capture.source_id.split("/")[0]: capture.outcome for capture in entries if capture.captured_at == FIRST + DAY
    }

    assert {"alder", "beech", "cedar", "elm", "fir"} <= set(second)
    assert Outcome.SERVER_ERROR == second["beech"]


def _read_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a newer version of the extractor reads, which finds another price for Solo in the same bytes."""
    from dataclasses import replace
    from decimal import Decimal

    from assets.stages import waiting
    from pricing_pipeline.extract import worker

    version = "newer.0"
    original = worker.read_page

    def read_page(*given, **named):  # type: ignore[no-untyped-def]
        seen = original(*given, **named)
        terms = tuple(
            replace(term, amount=Decimal(11)) if (term.plan, term.amount) == ("solo", Decimal(10)) else term
            for term in seen.terms
        )
        return replace(seen, extractor_version=version, terms=terms)

    monkeypatch.setattr(worker, "read_page", read_page)
    for module in (reading, waiting):
        monkeypatch.setattr(module, "EXTRACTOR_VERSION", version)
