"""The commands that move captures in and out, as a person types them."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assets.stages.publishing import make_edition
from assets.stages.replaying import replay
from tests.assets.street import DAY, FIRST, Street, pricing, street
from tests.assets.test_archives import page, settle
from tests.program import Done, call

Ask = Callable[..., Done]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """A street with one vendor, whose page said the same on three days in other bytes."""
    for name in ("PRICING_PIPELINE_CONTACT", "PRICING_PIPELINE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")  # put back afterwards, whatever a run made of it
    with street(tmp_path, ("alder",)) as made:
        monkeypatch.setenv("PRICING_PIPELINE_HOME", str(made.home.root))
        monkeypatch.setenv("PRICING_PIPELINE_VENDORS", str(made.vendors))
        yield made


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    return lambda *arguments: call(capsys, *map(str, arguments))


def fill(town: Street) -> None:
    texts = [pricing(more=f"<p>nonce {number}</p>") for number in range(3)]
    replay(town.workshop(), [page(FIRST - 400 * DAY + at * DAY, text) for at, text in enumerate(texts)])
    settle(town.workshop())


def test_captures_go_out_and_are_known_when_they_come_back(town: Street, ask: Ask, tmp_path: Path) -> None:
    """Nothing is run where nothing came in; a file that cannot be read is told, and the exit code says so."""
    workshop = town.workshop()
    replay(workshop, [page(FIRST, pricing())])
    settle(workshop)
    make_edition(workshop)
    out = ask("export-warc", tmp_path / "out.warc.gz")
    back = ask("import-warc", tmp_path / "out.warc.gz", tmp_path / "gone.warc")

    assert (0, "") == (out.code, out.out)
    assert f"{tmp_path}/out.warc.gz: 1 captures written" in out.err
    assert (1, "") == (back.code, back.out)
    assert "problem: " + str(tmp_path / "gone.warc") in back.err
    assert "0 captures added, 1 already there" in back.err


def test_what_would_be_pruned_is_told_and_then_pruned(town: Street, ask: Ask) -> None:
    fill(town)
    would = ask("prune", "--dry-run", "--format", "json")
    before = sum(1 for _ in town.home.blobs.rglob("*.gz"))
    did = ask("prune", "--format", "json")

    assert (0, 0) == (would.code, did.code)
    assert {"would be removed": 1, "kept": 2} == {row["what"]: row["pages"] for row in json.loads(would.out)}
    assert {"removed": 1, "kept": 2} == {row["what"]: row["pages"] for row in json.loads(did.out)}
    assert "would free" in would.err
    assert "freed" in did.err
    assert (3, 2) == (before, sum(1 for _ in town.home.blobs.rglob("*.gz")))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("export-warc", "x.warc"), "nothing has been captured yet"),
        (("prune",), "nothing has been captured yet"),
        (("import-warc",), "FILE"),
        (("backfill", "alder/alder-cloud/pricing"), "--from"),
        (("backfill", "alder", "--from", "2024-01-01"), "alder/alder-cloud/pricing"),
        (("backfill", "alder/alder-cloud/pricing", "--from", "soon"), "is no day"),
        (("backfill", "alder/alder-cloud/pricing", "--from", "2024-01-02", "--to", "2024-01-01"), "lies before"),
        (("backfill", "alder/alder-cloud/pricing", "--from", "2024-01-01", "--every", "monthly"), "90d"),
        (("backfill", "alder/alder-cloud/pricing", "--from", "2024-01-01", "--archive", "http://127.0.0.1:9"), "127.0.0.1"),
        (("backfill", "alder/alder-cloud/pricing", "--from", "2024-01-01", "--archive", "file:///etc"), "only http"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_wrong_use_is_one_line(town: Street, ask: Ask, arguments: tuple[str, ...], expected: str) -> None:
    done = ask(*arguments)
    lines = [line for line in done.err.splitlines() if not line.startswith("note: ")]

    assert (2, "", 1) == (done.code, done.out, len(lines)), done.err
    assert expected in lines[0]
    assert "unexpected" not in lines[0]


def test_an_archive_that_cannot_be_reached_is_told_with_exit_code_1(town: Street, ask: Ask) -> None:
    """The command was right, and the world was not: no wrong use."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    own = f"contact: me@example.org\narchive:\n  url: {address}\n  spacing_seconds: 0\n"
    (town.vendors.parent / "settings.yaml").write_text(own)

    done = ask("backfill", "alder/alder-cloud/pricing", "--from", "2024-01-01")

    assert (1, "") == (done.code, done.out), done.err
    assert "127.0.0.1: no connection" in done.err
    assert "run it again" in done.err


def test_a_keep_that_is_no_time_is_one_line(town: Street, ask: Ask) -> None:
    replay(town.workshop(), [page(FIRST, pricing())])
    done = ask("prune", "--keep", "a while")

    assert 2 == done.code
    assert "90d or 12w" in done.err
