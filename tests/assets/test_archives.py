"""Captures go out and come in again, the past is filled in from an archive, and what nothing rests on can be given up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from assets.stages.archiving import Imported, import_warcs
from assets.stages.backfilling import Backfilled, Span, backfill, fetch_settings
from assets.stages.backlog import work_off
from assets.stages.exporting import export_warc
from assets.stages.pruning import prune
from assets.stages.replaying import replay
from assets.stages.standing import look
from assets.stages.verifying import verify
from assets.workshop import Workshop
from checks.door import Door
from checks.provisional import Provisional
from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.log import CaptureLog
from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.errors import SettingsError, WarehouseError
from pricing_pipeline.facts import Capture, Cause, Origin, Outcome, Source, SourceKind
from pricing_pipeline.fetch.archive import ArchiveError
from tests.assets.street import DAY, FIRST, Street, pricing, street
from tests.servers import answer
from tests.wayback import Copy, Wayback, wayback
from warehouse.changes import list_changes
from warehouse.connection import open_warehouse
from warehouse.dump import canonical_dump, differences
from warehouse.locking import locked

URL = "https://alder.example/alder/pricing"
SOURCE = "alder/alder-cloud/pricing"
SOME_SOURCE = Source(id=SOURCE, vendor="alder", product="alder-cloud", kind=SourceKind.PRICING, url=URL)
HTML = "text/html; charset=utf-8"
THEN = datetime(2024, 3, 1, 6, tzinfo=UTC)
NONE = timedelta(0)


@pytest.fixture
def alder(tmp_path: Path) -> Iterator[Street]:
    """A street with two vendors, nothing fetched yet."""
    with street(tmp_path, ("alder", "beech")) as made:
        yield made


@pytest.fixture
def archive() -> Iterator[Wayback]:
    with wayback() as made:
        yield made


def page(at: datetime, text: str, *, url: str = URL, status: int = 200) -> SavedPage:
    return SavedPage(url=url, body=text.encode(), captured_at=at, status=status, content_type=HTML, line=1)


def settle(workshop: Workshop) -> None:
    work_off(workshop, Provisional())  # type: ignore[arg-type]  # the same answers, without waiting for them


def fetched(town: Street, *texts: str) -> Workshop:
    """Alder's page on so many days, as it was fetched; nothing read yet."""
    replay(town.workshop(), [page(town.day + number * DAY, text) for number, text in enumerate(texts)])
    return town.workshop()


def live(town: Street, *texts: str) -> Workshop:
    """The same, everything read."""
    workshop = fetched(town, *texts)
    settle(workshop)
    return workshop


def captures(workshop: Workshop) -> list[Capture]:
    return [entry.capture for entry, _ in workshop.log.read() if isinstance(entry, CaptureEntry)]


def fees(workshop: Workshop) -> list[tuple[str, date, date | None]]:
    """What Solo cost, from when and until when, as it is believed now."""
    with open_warehouse(workshop.home.warehouse) as con:
        rows = con.execute(
            """
            SELECT amount::INTEGER, valid_from::DATE, valid_to::DATE
            FROM term
            WHERE plan = 'solo' AND term = 'recurring_fee' AND superseded_at IS NULL AND vendor = 'alder'
            ORDER BY valid_from
            """
        ).fetchall()
    return [(str(row[0]), row[1], row[2]) for row in rows]


def said(workshop: Workshop) -> set[tuple[Any, ...]]:
    """What was read in which bytes of which source, and when they were served."""
    with open_warehouse(workshop.home.warehouse) as con:
        rows = con.execute(
            "SELECT source_id, captured_at, sha256, outcome, digest FROM observation WHERE state = 'accepted'"
        ).fetchall()
    return {tuple(row) for row in rows}


def held_by(workshop: Workshop) -> str:
    with open_warehouse(workshop.home.warehouse) as con:
        return canonical_dump(con)


def rebuilt(workshop: Workshop) -> str:
    """The dump of a warehouse made anew from the log and the blobs."""
    anew = replace(workshop, home=replace(workshop.home, warehouse_name="anew.duckdb"))
    anew.home.warehouse.unlink(missing_ok=True)
    settle(anew)
    return held_by(anew)


def imported(town: Street, *paths: Path, is_read: bool = False) -> Imported:
    done = import_warcs(town.workshop(), paths)
    if is_read:
        settle(town.workshop())
    return done


def crawl(path: Path, *records: tuple[str, str, str, Sequence[tuple[str, str]], str]) -> Path:
    """An archive file of another program: (url, date, status, headers, body)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, at, status, headers, body in records:
            http = StatusAndHeaders(status, [("Content-Type", HTML), *headers], protocol="HTTP/1.1")
            made = writer.create_warc_record(
                url, "response", payload=BytesIO(body.encode()), length=len(body.encode()), http_headers=http,
                warc_headers_dict={"WARC-Date": at},
            )  # fmt: skip
            writer.write_record(made)
    return path


# What comes in


def test_an_archived_page_is_slotted_into_the_past(alder: Street, tmp_path: Path) -> None:
    """What holds today stays, the archived value ends where the first page that we fetched begins, and it is known late."""
    live(alder, pricing(solo="10"))
    alder.day += 30 * DAY
    done = imported(
        alder,
        crawl(tmp_path / "a.warc.gz", (URL, "2024-03-01T06:00:00Z", "200 OK", (), pricing(solo="8"))),
        is_read=True,
    )

    assert (1, 0, ()) == (done.added, done.known, done.problems)
    assert [("8", date(2024, 3, 1), FIRST.date()), ("10", FIRST.date(), None)] == fees(alder.workshop())
    kept = captures(alder.workshop())[-1]
    assert (Origin.ARCHIVE, THEN, alder.day) == (kept.origin, kept.captured_at, kept.recorded_at)


def test_archived_pages_alert_nobody_and_are_no_fresh_look(alder: Street, tmp_path: Path) -> None:
    live(alder, pricing(solo="10"))
    with open_warehouse(alder.home.warehouse) as con:
        before = con.execute("SELECT * FROM source_state ORDER BY source_id").fetchall()
    alder.day += 30 * DAY
    imported(
        alder,
        crawl(
            tmp_path / "a.warc.gz",
            (URL, "2024-03-01T06:00:00Z", "200 OK", (), pricing(solo="8")),
            (URL, "2024-06-01T06:00:00Z", "200 OK", (), pricing(solo="9")),
        ),
        is_read=True,
    )

    with open_warehouse(alder.home.warehouse) as con:
        assert before == con.execute("SELECT * FROM source_state ORDER BY source_id").fetchall()
        assert {Cause.BACKFILL} == {change.cause for change in list_changes(con)}


@pytest.mark.parametrize("is_known", [True, False], ids=["beside-a-live-page", "before-any-live-page"])
def test_archived_pages_that_go_back_and_forth_are_history_as_they_are(
    alder: Street, tmp_path: Path, *, is_known: bool
) -> None:
    """Each has a day of its own, and no capture to come could confirm it."""
    if is_known:
        live(alder, pricing(solo="10"))
    alder.day += 30 * DAY
    days = ((1, "8"), (3, "9"), (5, "8"))
    pages = [(URL, f"2024-03-0{day}T06:00:00Z", "200 OK", (), pricing(solo=fee)) for day, fee in days]
    imported(alder, crawl(tmp_path / "a.warc.gz", *pages), is_read=True)

    known = [(fee, date(2024, 3, day)) for day, fee in days]
    assert [*known, ("10", FIRST.date())][: 4 if is_known else 3] == [row[:2] for row in fees(alder.workshop())]
    assert 0 == look(alder.workshop()).held


def test_importing_again_adds_nothing(alder: Street, tmp_path: Path) -> None:
    path = crawl(tmp_path / "a.warc.gz", (URL, "2024-03-01T06:00:00Z", "200 OK", (), pricing()))
    imported(alder, path)
    before = alder.home.log.read_bytes()
    alder.day += DAY

    done = imported(alder, path, path)

    assert (0, 2) == (done.added, done.known)
    assert before == alder.home.log.read_bytes()


def test_the_files_are_entered_in_the_order_of_time(alder: Street, tmp_path: Path) -> None:
    """Whatever the order on the command line: history is told from old to new."""
    later = crawl(tmp_path / "b.warc.gz", (URL, "2024-06-01T06:00:00Z", "200 OK", (), pricing(solo="9")))
    earlier = crawl(tmp_path / "a.warc.gz", (URL, "2024-03-01T06:00:00Z", "200 OK", (), pricing(solo="8")))
    imported(alder, later, earlier, is_read=True)

    assert [3, 6] == [one.captured_at.month for one in captures(alder.workshop())]
    assert [("8", date(2024, 3, 1), date(2024, 6, 1)), ("9", date(2024, 6, 1), None)] == fees(alder.workshop())


@pytest.mark.parametrize(
    "url",
    ["http://alder.example/alder/pricing", URL + "/", "https://www.alder.example:443/alder/pricing", URL + "#CANARY",
     "https://us:CANARY@alder.example/alder/pricing"],
)  # fmt: skip
def test_an_address_is_known_however_it_is_written(alder: Street, tmp_path: Path, url: str) -> None:
    done = imported(alder, crawl(tmp_path / "a.warc.gz", (url, "2024-03-01T06:00:00Z", "200 OK", (), pricing())))

    assert (1, ()) == (done.added, done.strangers)
    (kept,) = captures(alder.workshop())
    assert SOURCE == kept.source_id
    assert "CANARY" not in (kept.final_url or ""), "what a crawler signed in with is not published"


def test_the_page_that_an_address_redirected_to_is_its_page(alder: Street, tmp_path: Path) -> None:
    """If the crawler went there at once; years later that address may be anything."""
    plans = "https://alder.example/plans-2024"
    done = imported(
        alder,
        crawl(
            tmp_path / "a.warc.gz",
            (plans, "2024-01-01T06:00:00Z", "200 OK", (), pricing(solo="1")),
            (URL, "2024-03-01T06:00:00Z", "301 Moved", [("Location", "/plans-2024")], ""),
            (plans, "2024-03-01T06:00:01Z", "200 OK", (), pricing(solo="8")),
            (plans, "2025-03-01T06:00:01Z", "200 OK", (), pricing(solo="2")),
        ),
    )

    assert 1 == done.added
    assert [(SOURCE, plans)] == [(one.source_id, one.final_url) for one in captures(alder.workshop())]
    assert [plans] == list(done.strangers)


def test_what_is_no_page_of_a_source_is_counted_and_named(alder: Street, tmp_path: Path) -> None:
    done = imported(
        alder,
        crawl(
            tmp_path / "a.warc.gz",
            ("https://other.example/", "2024-03-01T06:00:00Z", "200 OK", (), pricing()),
            ("https://alder.example/blog", "2024-03-01T06:00:00Z", "200 OK", (), pricing()),
            (URL, "2024-03-01T06:00:00Z", "404 Not Found", (), "gone"),
            (URL, "2024-03-02T06:00:00Z", "503 Busy", (), "busy"),
            (URL, "2024-03-03T06:00:00Z", "200 OK", (), ""),
        ),
    )

    assert 0 == done.added
    assert ("https://alder.example/blog", "https://other.example/") == done.strangers
    assert {"answered 404": 1, "answered 503": 1, "empty": 1} == dict(done.passed_over)
    assert not alder.home.log.exists()


def test_a_file_that_cannot_be_read_does_not_stop_the_others(alder: Street, tmp_path: Path) -> None:
    (tmp_path / "no.warc").write_bytes(b"<html>")
    good = crawl(tmp_path / "a.warc.gz", (URL, "2024-03-01T06:00:00Z", "200 OK", (), pricing()))
    done = imported(alder, tmp_path / "gone.warc", tmp_path / "no.warc", good)

    assert 1 == done.added
    assert 2 == len(done.problems)


# What goes out


def test_an_export_is_a_valid_archive(alder: Street, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the check of the library that others read it with."""
    workshop = fetched(alder, pricing(), pricing(), pricing(solo="12"))
    done = export_warc(workshop, tmp_path / "out.warc.gz")
    checker = Checker(type("Asked", (), {"inputs": [str(tmp_path / "out.warc.gz")], "verbose": False}))

    assert (3, 0, ()) == (done.written, done.pruned, done.problems)
    assert 0 == checker.process_all()
    assert "" == capsys.readouterr().out


def test_an_export_can_be_narrowed_to_a_vendor_and_a_time(alder: Street, tmp_path: Path) -> None:
    fetched(alder, pricing(), pricing(solo="12"))
    workshop = alder.workshop()
    replay(workshop, [page(FIRST, pricing(), url="https://beech.example/beech/pricing")])

    assert 1 == export_warc(workshop, tmp_path / "one.warc", vendors=["beech"]).written
    assert 1 == export_warc(workshop, tmp_path / "two.warc", since=FIRST + DAY).written


def test_a_page_that_was_only_confirmed_goes_out_with_what_it_confirms(alder: Street, tmp_path: Path) -> None:
    """A "not modified" stands for bytes that came earlier, and comes back as one."""
    workshop = fetched(alder, pricing())
    first = captures(workshop)[0]
    repeat = replace(
        first, id="f" * 16, outcome=Outcome.NOT_MODIFIED, status=304, captured_at=FIRST + DAY, recorded_at=FIRST + DAY
    )
    workshop.log.append([CaptureEntry(capture=repeat)])
    export_warc(workshop, tmp_path / "out.warc.gz", since=FIRST + DAY)
    other = replace(workshop, home=replace(workshop.home, root=tmp_path / "other"))
    import_warcs(other, [tmp_path / "out.warc.gz"])

    assert [(Outcome.FETCHED, first.sha256), (Outcome.NOT_MODIFIED, first.sha256)] == [
        (one.outcome, one.sha256) for one in captures(other)
    ]


TEXTS = [
    pricing(),
    pricing(more="<p>nonce 1</p>"),
    pricing(more="<p>nonce 2</p>"),
    pricing(more="<p>nonce 3</p>"),
    pricing(solo="12"),
    pricing(solo="12", more="<p>nonce 4</p>"),
    pricing(credits="No credits included", rate="0.04"),
    "<!DOCTYPE html><html><body><h1>Work with us</h1><p>Nonce 5</p></body></html>",
    "<!DOCTYPE html><html><body><h1>Work with us</h1><p>Nonce 6</p></body></html>",
]
DAYS = st.lists(st.sampled_from(range(len(TEXTS))), min_size=1, max_size=3)
FEW = settings(
    max_examples=3,  # each makes two warehouses
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(days=DAYS)
def test_an_export_read_into_an_empty_home_says_the_same(alder: Street, tmp_path: Path, days: list[int]) -> None:
    for name in ("home", "other"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
    workshop = live(alder, *(TEXTS[number] for number in days))
    written = export_warc(workshop, tmp_path / "out.warc.gz").written
    other = replace(workshop, home=replace(workshop.home, root=tmp_path / "other"))
    done = import_warcs(other, [tmp_path / "out.warc.gz"])
    settle(other)

    assert (written, ()) == (done.added, done.problems)
    assert said(workshop) <= said(other), "a page that was only confirmed live is read again"
    assert {one[2:] for one in said(workshop)} == {one[2:] for one in said(other)}
    assert fees(workshop) == fees(other)
    assert 0 == import_warcs(workshop, [tmp_path / "out.warc.gz"]).added, "nothing is added where it came from"


# What is given up


@FEW
@given(days=DAYS, past=DAYS)
def test_what_was_pruned_changes_nothing(alder: Street, tmp_path: Path, days: list[int], past: list[int]) -> None:
    """The warehouse made anew is the same, every quote is still in its page, and pruning again finds nothing."""
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    workshop = live(alder, *(TEXTS[number] for number in days))
    old = [page(THEN + at * DAY, TEXTS[number]) for at, number in enumerate(past)]
    replay(workshop, old, origin=Origin.ARCHIVE)
    settle(workshop)
    before = held_by(workshop)
    sizes = sum(path.stat().st_size for path in workshop.home.blobs.rglob("*.gz"))

    announced = prune(later(workshop), keep=NONE, dry_run=True)
    assert before == held_by(workshop), "a dry run does nothing"
    done = prune(later(workshop), keep=NONE)

    assert announced == done
    assert sizes - done.removed.size == sum(path.stat().st_size for path in workshop.home.blobs.rglob("*.gz"))
    assert done.removed.pages + sum(share.pages for share in done.kept) == len(
        {one.sha256 for one in captures(workshop)}
    )
    after = held_by(workshop)
    assert [] == [line for line in differences(before, after) if "log_position" not in line]
    assert [] == differences(after, rebuilt(workshop))
    assert [] == verify(workshop)[1]
    assert all(workshop.blobs.has(sha256) for sha256 in rested_on(workshop)), "and it is the page itself that is there"
    assert 0 == prune(later(workshop), keep=NONE).removed.pages


def rested_on(workshop: Workshop) -> set[str]:
    """The bytes that anything in history, published now or ever, was read from."""
    tables = ("plan", "term", "rating", "cohort", "cost")
    union = " UNION ".join(f"SELECT capture_id FROM {table}" for table in tables)
    query = f"SELECT sha256 FROM capture WHERE sha256 IS NOT NULL AND capture_id IN ({union})"
    with open_warehouse(workshop.home.warehouse) as con:
        return {row[0] for row in con.execute(query).fetchall()}


@pytest.mark.parametrize(
    ("of", "name", "calls"), [(CaptureLog, "append", 0), (BlobStore, "discard", 0), (BlobStore, "discard", 1)],
    ids=["before it said what goes", "when it had said so", "in the middle of it"],
)  # fmt: skip
def test_pruning_that_is_broken_off_loses_nothing(
    alder: Street, monkeypatch: pytest.MonkeyPatch, of: type, name: str, calls: int
) -> None:
    workshop = live(alder, *(pricing(more=f"<p>nonce {number}</p>") for number in range(4)))
    before, left = held_by(workshop), [calls]
    really = getattr(of, name)

    def broken(*given: Any) -> Any:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return really(*given)

    with monkeypatch.context() as patched:
        patched.setattr(of, name, broken)
        with pytest.raises(KeyboardInterrupt):
            prune(later(workshop), keep=NONE)

    assert [] == [problem for problem in verify(workshop)[1] if "no capture names it" not in problem]
    assert [] == [line for line in differences(before, rebuilt(workshop)) if "log_position" not in line]
    prune(later(workshop), keep=NONE)
    assert [True, False, False, True] == [workshop.blobs.has(one.sha256 or "") for one in captures(workshop)]
    assert [] == verify(workshop)[1]


def later(workshop: Workshop, days: int = 1000) -> Workshop:
    return replace(workshop, now=lambda: FIRST + days * DAY)


def test_only_repeats_are_given_up(alder: Street) -> None:
    """Four pages that said the same in other bytes: the first, which the facts are quoted from, and the newest stay."""
    workshop = live(alder, *(pricing(more=f"<p>nonce {number}</p>") for number in range(4)))
    done = prune(later(workshop), keep=NONE)

    kept = [workshop.blobs.has(one.sha256 or "") for one in captures(workshop)]
    assert [True, False, False, True] == kept
    assert (2, 2) == (done.removed.pages, sum(share.pages for share in done.kept))
    assert 0 < done.removed.size


def test_what_is_young_stays(alder: Street) -> None:
    workshop = live(alder, *(pricing(more=f"<p>nonce {number}</p>") for number in range(4)))
    done = prune(replace(workshop, now=lambda: FIRST + 4 * DAY), keep=3 * DAY)

    assert (
        1 == done.removed.pages
    )  # of the second day: the first is quoted from, the third is young, the last is newest
    assert 1 == next(share.pages for share in done.kept if "younger" in share.what)


def test_what_nothing_else_says_stays(alder: Street, door: Door) -> None:
    """A page that was not believed, and was like no other: nothing rests on it, but a rebuild reads it."""
    workshop = fetched(alder, pricing(), TEXTS[7], pricing(more="<p>nonce</p>"))
    work_off(workshop, door)
    done = prune(later(workshop), keep=NONE)

    assert 0 == done.removed.pages
    assert [("nothing else says the same, and a rebuild reads it", 1)] == [
        (share.what, share.pages) for share in done.kept if "rest on it" not in share.what
    ]


def test_blobs_of_no_capture_are_swept(alder: Street) -> None:
    workshop = live(alder, pricing())
    stray = workshop.blobs.put(b"left by a kill")
    draft = workshop.blobs.path(stray).with_name(".draft-1-abc")
    draft.write_bytes(b"half")
    assert 2 == len(verify(workshop)[1])

    done = prune(workshop, keep=90 * DAY)

    assert (1, False, False) == (done.strays.pages, workshop.blobs.has(stray), draft.exists())
    assert [] == verify(workshop)[1]


@pytest.mark.parametrize("name", ["fetching", "captures", "warehouse.duckdb"])
def test_nothing_is_pruned_while_somebody_else_works(alder: Street, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Who fetches, imports or writes is named."""
    workshop = live(alder, pricing(), pricing(more="<p>nonce</p>"), pricing(more="<p>other</p>"))
    monkeypatch.setattr("assets.stages.pruning.WAIT_SECONDS", 0.05)
    with (
        locked(workshop.home.root / name, shared=name == "captures", wait_seconds=1),
        pytest.raises(WarehouseError, match=f"{name}: still in use by process"),
    ):
        prune(later(workshop), keep=NONE)

    assert all(workshop.blobs.has(one.sha256 or "") for one in captures(workshop))


def test_a_product_that_is_renamed_after_pruning_loses_nothing(alder: Street) -> None:
    """Its former name stands in the log, beside what was given up under it."""
    workshop = live(alder, *(pricing(more=f"<p>nonce {number}</p>") for number in range(4)))
    assert 2 == prune(later(workshop), keep=NONE).removed.pages
    file = alder.vendors / "alder.yaml"
    file.write_text(file.read_text().replace("slug: alder-cloud", "slug: alder-one\n    formerly: [alder-cloud]"))
    workshop = alder.workshop()
    settle(workshop)

    assert [] == differences(held_by(workshop), rebuilt(workshop))
    assert [] == verify(workshop)[1]


def test_a_page_that_comes_back_after_it_was_pruned_is_kept_anew(alder: Street) -> None:
    """And the page that stood in for it may be given up in its turn."""
    texts = [pricing(more=f"<p>nonce {number}</p>") for number in range(3)]
    workshop = live(alder, *texts)
    prune(later(workshop), keep=NONE)
    replay(workshop, [page(FIRST + (10 + at) * DAY, texts[number]) for at, number in enumerate((1, 0))])
    settle(workshop)
    prune(later(workshop), keep=NONE)

    assert [] == differences(held_by(workshop), rebuilt(workshop))
    assert [] == verify(workshop)[1]


def test_pruned_pages_are_missing_from_an_export_and_counted(alder: Street, tmp_path: Path) -> None:
    workshop = live(alder, *(pricing(more=f"<p>nonce {number}</p>") for number in range(3)))
    prune(later(workshop), keep=NONE)
    done = export_warc(workshop, tmp_path / "out.warc.gz")

    assert (2, 1, ()) == (done.written, done.pruned, done.problems)


# What verify finds


def test_a_missing_blob_is_found_and_what_to_do(alder: Street) -> None:
    workshop = live(alder, pricing(), pricing(more="<p>nonce</p>"))
    second = captures(workshop)[1]
    workshop.blobs.discard(second.sha256 or "")

    (problem,) = verify(workshop)[1]

    assert f"blob {second.sha256} is missing: capture {second.id} of {SOURCE}" in problem
    assert "from a backup" in problem


def test_a_flipped_blob_is_found(alder: Street) -> None:
    workshop = live(alder, pricing(), pricing(more="<p>nonce</p>"))
    path = workshop.blobs.path(captures(workshop)[1].sha256 or "")
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 1
    path.write_bytes(packed)

    (problem,) = verify(workshop)[1]

    assert str(path) in problem
    assert "restore" in problem


def test_a_line_that_was_never_finished_is_found(alder: Street) -> None:
    workshop = live(alder, pricing())
    with workshop.log.path.open("ab") as file:
        file.write(b'{"type": "capture", "id": "ha')

    (problem,) = verify(workshop)[1]

    assert "ends in 29 bytes of a line that was never finished" in problem


def test_a_log_that_lost_entries_is_found(alder: Street) -> None:
    """Even where the cut is at the end of a line, so that what is left looks whole."""
    workshop = live(alder, pricing(), pricing(solo="12"))
    lines = workshop.log.path.read_bytes().splitlines(keepends=True)
    workshop.log.path.write_bytes(b"".join(lines[:-1]))

    found = verify(workshop)[1]

    assert 1 == sum("shorter than what the warehouse has read of it" in problem for problem in found)


# What an archive holds


def asked(
    town: Street, archive: Wayback, *, limit: int | None = None, is_read: bool = False, **span: Any
) -> Backfilled:
    """A backfill of 2020 to 2025, the archive named in the settings."""
    own = f"archive:\n  url: {archive.url}\n  spacing_seconds: 0\n"
    (town.vendors.parent / "settings.yaml").write_text(own)
    workshop = town.workshop()
    source = workshop.registry.source(SOURCE)
    assert source is not None
    whole = {"first": date(2020, 1, 1), "last": date(2025, 12, 31), **span}
    done = backfill(workshop, source, Span(**whole), limit=limit, wait=lambda _: None)
    if is_read:
        settle(town.workshop())
    return done


FORBIDDEN = answer(b"", status="403 Forbidden")


def prices(*stamped: tuple[str, str]) -> list[tuple[str, bytes]]:
    return [(stamp, pricing(solo=solo).encode()) for stamp, solo in stamped]


def test_the_past_of_a_source_is_filled_in(alder: Street, archive: Wayback) -> None:
    """Only pages that differ are asked for; each counts from its own day, and today's price stays."""
    live(alder, pricing(solo="10"))
    stamped = prices(("20210101000000", "6"), ("20210201000000", "6"), ("20220101000000", "8"), ("20220301000000", "8"))
    archive.hold(*stamped, url="http://www.alder.example:80/alder/pricing")
    done = asked(alder, archive, is_read=True)

    assert (2, [], None) == (done.added, done.problems, done.stopped)
    assert ["20210101000000", "20220101000000"] == archive.asked
    assert [
        ("6", date(2021, 1, 1), date(2022, 1, 1)),
        ("8", date(2022, 1, 1), FIRST.date()),
        ("10", FIRST.date(), None),
    ] == fees(alder.workshop())
    assert {Origin.ARCHIVE} == {one.origin for one in captures(alder.workshop())[1:]}


def test_a_backfill_that_was_stopped_goes_on_where_it_was(alder: Street, archive: Wayback) -> None:
    archive.hold(*prices(*((f"202{year}0101000000", str(year + 5)) for year in range(5))), url=URL)
    first = asked(alder, archive, limit=2)
    second = asked(alder, archive, limit=2)
    third = asked(alder, archive)
    fourth = asked(alder, archive)

    assert [2, 2, 1, 0] == [done.added for done in (first, second, third, fourth)]
    assert [True, True, False, False] == [done.stopped is not None for done in (first, second, third, fourth)]
    assert 5 == len(archive.asked), "none was asked for twice"
    assert 5 == fourth.known


def test_pages_may_be_asked_for_at_a_distance(alder: Street, archive: Wayback) -> None:
    days = ("01", "02", "15", "31")
    archive.hold(*prices(*((f"202101{day}000000", str(9 + at)) for at, day in enumerate(days))), url=URL)
    done = asked(alder, archive, every=30 * DAY)

    assert ["20210101000000", "20210131000000"] == archive.asked
    assert {"closer than asked for": 2} == dict(done.passed_over)


def test_a_revisit_shows_that_a_page_went_back(alder: Street, archive: Wayback) -> None:
    """It has the digest of a page seen before; one with the digest of a redirect says nothing."""
    old, new = pricing(solo="8").encode(), pricing(solo="9").encode()
    archive.copies = [
        Copy(stamp="20210101000000", url=URL, body=b"", status=301, mimetype="unk"),
        Copy(stamp="20210201000000", url=URL, body=old),
        Copy(stamp="20210301000000", url=URL, body=new),
        Copy(stamp="20210401000000", url=URL, body=old, is_revisit=True),
        Copy(stamp="20210501000000", url=URL, body=b"", is_revisit=True),
    ]
    done = asked(alder, archive)

    assert ["20210201000000", "20210301000000", "20210401000000"] == archive.asked
    assert {"answered 301": 1, "repeat something that is no page of it": 1} == dict(done.passed_over)
    assert 3 == done.added


def test_what_is_not_the_vendors_page_is_told_and_the_next_is_tried(alder: Street, archive: Wayback) -> None:
    archive.hold(*prices(("20210101000000", "8"), ("20210201000000", "9")), url=URL)
    archive.troubles = [answer(b"<html>This page is not available in the archive.</html>")]
    done = asked(alder, archive)

    assert (1, 1) == (done.added, len(done.problems))
    assert "2021-01-01 00:00:00: not taken: the archive answered with a page of its own" in done.problems[0]


def test_a_copy_of_quite_another_time_is_not_taken(alder: Street, archive: Wayback) -> None:
    archive.hold(*prices(("20210101000000", "8"), ("20220101000000", "9")), url=URL)
    archive.missing = {"20210101000000"}
    done = asked(alder, archive)

    assert 1 == done.added
    assert "the archive gave a copy of 2022-01-01 in its place" in done.problems[0]


def test_an_archive_that_wants_to_be_left_alone_stops_it(alder: Street, archive: Wayback) -> None:
    """What was fetched before is kept."""
    archive.hold(*prices(("20210101000000", "8"), ("20210201000000", "9"), ("20210301000000", "7")), url=URL)
    busy = answer(b"", status="429 Too Many Requests", headers=[("Retry-After", "86400")])
    first = asked(alder, archive, limit=1)
    archive.troubles = [busy]
    second = asked(alder, archive)

    assert (1, 0) == (first.added, second.added)
    assert second.stopped is not None
    assert "asks to be left alone until" in second.stopped
    assert 1 == len(captures(alder.workshop()))


def test_an_archive_that_gives_no_more_of_its_index_stops_it(alder: Street, archive: Wayback) -> None:
    """What was kept before stays, and is read."""
    archive.hold(*prices(("20210101000000", "8"), ("20210201000000", "9")), url=URL)
    archive.rows_at_once = 1
    archive.index_troubles = [archive.get("/cdx/search/cdx?url=" + URL + "&from=2020&to=2026"), FORBIDDEN]

    done = asked(alder, archive)

    assert done.stopped is not None
    assert "gives no index of" in done.stopped
    assert 1 == done.added == len(captures(alder.workshop()))


def test_an_archive_on_this_machine_is_asked_only_where_the_settings_name_it(alder: Street, archive: Wayback) -> None:
    workshop = alder.workshop()
    source = workshop.registry.source(SOURCE)
    assert source is not None
    span = Span(first=date(2020, 1, 1), last=date(2025, 12, 31))
    with pytest.raises(ArchiveError, match=r"127\.0\.0\.1"):
        backfill(
            replace(workshop, fetch_settings=replace(workshop.fetch_settings, routes={})),
            source,
            span,
            archive=archive.url,
        )

    assert [] == archive.server.seen
    assert () == fetch_settings(workshop, archive.url).allow_hosts


def test_example_pages_are_not_mixed_with_an_archives(alder: Street, archive: Wayback) -> None:
    alder.home.root.mkdir(parents=True)
    alder.home.example_mark.touch()

    workshop, span = alder.workshop(), Span(first=FIRST.date(), last=FIRST.date())
    with pytest.raises(SettingsError, match="example pages"):
        backfill(workshop, SOME_SOURCE, span, archive=archive.url)
