"""Wrong use and bad input: one clear line on standard error, exit code 2, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program import DemoRun, Done, call

Ask = Callable[..., Done]

VENDOR = """\
name: Acme
homepage: https://acme.example
products:
  - slug: acme-cloud
    name: Acme Cloud
    sources:
      - kind: pricing
        url: https://acme.example/pricing
"""


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "PRICING_PIPELINE_HOME",
        "PRICING_PIPELINE_VENDORS",
        "PRICING_PIPELINE_CONTACT",
        "PRICING_PIPELINE_DEBUG",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")  # put back afterwards, whatever a run made of it


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def ask(*arguments: object) -> Done:
        return call(capsys, *map(str, arguments))

    return ask


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A vendors folder of one's own, with one vendor that is never reached."""
    folder = tmp_path / "content" / "vendors"
    folder.mkdir(parents=True)
    (folder / "acme.yaml").write_text(VENDOR)
    (folder.parent / "comparisons").mkdir()
    return folder


def refused(done: Done, *expected: str) -> None:
    """One line of error that says all this, nothing on standard output, exit code 2."""
    assert 2 == done.code, done.out + done.err
    assert "" == done.out
    lines = done.err.splitlines()
    assert 1 == len(lines), done.err
    assert lines[0].startswith("error: ")
    assert "Traceback" not in done.err
    assert "unexpected" not in done.err, "an error that nobody thought of"
    for part in expected:
        assert part in lines[0]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("refrehs",), ("refrehs", "--help")),
        (("--colour",), ("--colour", "--help")),
        (("cost", "--colour"), ("--colour", "cost --help")),
        (("extract",), ("FILE_OR_URL", "extract --help")),
        (("reject", "3f9a"), ("--why", "reject --help")),
        (("changes", "--format", "xml"), ("xml", "json")),
        (("changes", "--severity", "grave"), ("grave", "critical")),
        (("extract", "page.html", "--kind", "prices"), ("prices", "reviews")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_slip_of_the_pen_is_told_with_where_to_look(
    ask: Ask, arguments: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    refused(ask(*arguments), *expected)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("changes", "--since", "May"), ("May", "2026-05-01")),
        (("cost", "--workload", "gigantic"), ("gigantic", "one-seat-15000-credits")),
        (("cost", "--set", "credits=many"), ("credits=many", "no number")),
        (("cost", "--set", "credits"), ("'credits'", "name=value")),
        (("cost", "--set", "credits=-1"), ("credits=-1",)),
        (("cost", "--set", "credits=NaN"), ("credits=NaN",)),
        (("cost", "--set", "kredits=3"), ("kredits", "credits, ")),
        (("cost", "--break-even", "kredits"), ("kredits", "credits, ")),
        (("history", "dagster-plus.sola"), ("dagster-plus.sola", "dagster-plus.solo")),
        (("history", "a/b/c/d"), ("a/b/c/d",)),
        (("report", "whats_changd"), ("whats_changd", "whats_changed")),
        (("report", "whats_changed", "-p", "colour=red"), ("colour", "since")),
        (("report", "whats_changed", "-p", "since"), ("since", "name=value")),
        (("report", "whats_changed", "-p", "since=soon"), ("soon",)),
        (("approve", "ffff"), ("ffff", "no held observation")),
        (("reject", "ffff", "--why", "so"), ("ffff", "no held observation")),
        (("changes", "--vendor", "nobody"), ("nobody", "dagster")),
        (("cost", "--product", "nothing"), ("nothing", "dagster-plus")),
        (("refresh", "--vendor", "nobody"), ("nobody",)),
        (("refresh",), ("demo's example pages", "--home")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_value_that_does_not_exist_is_told_with_what_does(
    ask: Ask, demo: DemoRun, arguments: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    refused(ask(*arguments, "--home", demo.home), *expected)


def test_the_history_of_a_product_says_whose_each_value_is(ask: Ask, demo: DemoRun) -> None:
    of_product = ask("history", "dagster-plus", "--home", demo.home).out.splitlines()
    of_plan = ask("history", "dagster-plus.solo", "--home", demo.home).out

    assert any(line.split()[:2] == ["solo", "price"] and "$10.00 a month" in line for line in of_product)
    assert any(line.split()[:2] == ["starter", "price"] and "$100.00 a month" in line for line in of_product)
    assert not any(line.split()[:1] == ["solo"] for line in of_plan.splitlines())


def test_what_a_use_leaves_out_is_named(ask: Ask, demo: DemoRun) -> None:
    done = ask("cost", "--set", "credits=30000", "--set", "seats=3", "--home", demo.home)

    assert "Prefect Cloud is left out: it has no credits" in done.err.splitlines()
    assert "Dagster+ is left out" not in done.err


def test_who_has_only_run_the_demo_is_told_how_to_ask_it(ask: Ask, demo: DemoRun, tmp_path: Path) -> None:
    """The demo keeps its pages in a folder of their own within the home folder."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "demo").symlink_to(demo.home)

    refused(ask("changes", "--home", home), "nothing is published yet", f"--home {home / 'demo'}")


@pytest.mark.parametrize(
    "arguments",
    [
        ("changes",),
        ("history", "dagster-plus.solo"),
        ("cost",),
        ("report", "whats_changed"),
        ("held",),
        ("approve", "3f9a"),
        ("reject", "3f9a", "--why", "so"),
        ("verify",),
        ("rebuild",),
        ("publish",),
    ],
    ids=" ".join,
)
def test_a_home_in_which_nothing_was_made_yet_says_what_makes_it(
    ask: Ask, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Asking makes nothing, not even a folder."""
    home = tmp_path / "home"

    refused(ask(*arguments, "--home", home), "pricing-pipeline refresh")
    assert not home.exists()


def test_the_doctor_of_an_empty_home_says_how_to_begin(ask: Ask, tmp_path: Path) -> None:
    done = ask("doctor", "--home", tmp_path / "home", "--format", "json")

    assert 0 == done.code, done.err
    assert any("pricing-pipeline refresh" in row["do"] for row in done.json)


def test_the_doctor_names_a_comparison_that_cannot_be_read(ask: Ask, tmp_path: Path) -> None:
    for name in ("vendors", "comparisons"):
        (tmp_path / name).mkdir()
    (tmp_path / "comparisons" / "this-vs-that.yaml").write_text("title: [")
    done = ask("doctor", "--home", tmp_path / "home", "--vendors", tmp_path / "vendors", "--format", "json")

    assert ["problem"] == [row["state"] for row in done.json if "this-vs-that.yaml:" in row["says"]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("missing.html", "No such file"), ("", "directory"), ("file.html/inside.html", "Not a directory")],
    ids=["missing", "a folder", "below a file"],
)
def test_a_page_that_cannot_be_opened(ask: Ask, tmp_path: Path, given: str, expected: str) -> None:
    (tmp_path / "file.html").write_text("<p>$1</p>")

    refused(ask("extract", f"{tmp_path}/{given}".rstrip("/")), expected)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x01\x02" * 400,
        b"%PDF-1.7\n\xe2\xe3\xcf\xd3",
        b"\x89PNG\r\n\x1a\n\x00",
        b"<" * 5000,
        b"{}",
        b"\xff\xfe\x00",
    ],
    ids=["empty", "zeros", "a PDF", "a picture", "angle brackets", "JSON", "half a character"],
)
def test_bytes_that_are_no_page_give_no_facts_and_a_reason(ask: Ask, tmp_path: Path, body: bytes) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(body)
    done = ask("extract", page, "--format", "json")

    assert 1 == done.code
    assert ([], []) == (done.json["plans"], done.json["ratings"])
    assert done.json["diagnostics"][0]["message"]
    assert "Traceback" not in done.err


def test_several_pages_are_no_one_json_object(ask: Ask, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text("<p>$1</p>")

    refused(ask("extract", tmp_path / "a.html", tmp_path / "b.html", "--format", "json"), "--format jsonl")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://10.0.0.1/", "file:///etc/passwd", "ftp://acme.example/"]
)
def test_an_address_that_must_not_be_fetched_is_not_fetched(ask: Ask, address: str) -> None:
    done = ask("extract", address, "--format", "json")

    assert 1 == done.code, done.err
    assert "unsafe_url" == done.json["diagnostics"][0]["code"]


@pytest.mark.parametrize("given", ["missing", "acme.yaml"], ids=["not there", "a file"])
def test_a_vendors_folder_that_is_none(ask: Ask, tmp_path: Path, content: Path, given: str) -> None:
    refused(ask("refresh", "--home", tmp_path / "home", "--vendors", content / given), given)


@pytest.mark.parametrize("name", ["settings.yaml", "workloads.yaml", "thresholds.yaml"])
@pytest.mark.parametrize(
    "text",
    ["- [no end\n", "colour: red\n", "\x00\x01\n", "- one\n- two\n"],
    ids=["no YAML", "an unknown key", "binary", "a list"],
)
def test_a_settings_file_that_cannot_be_used_is_named_with_its_line(
    ask: Ask, tmp_path: Path, content: Path, name: str, text: str
) -> None:
    (content.parent / name).write_text(text)
    done = ask("refresh", "--home", tmp_path / "home", "--vendors", content)

    assert (2, "") == (done.code, done.out)
    assert done.err
    assert all(line.startswith("error: ") and f"{name}:" in line for line in done.err.splitlines()), done.err


def test_every_fault_of_a_file_is_told_at_once(ask: Ask, tmp_path: Path, content: Path) -> None:
    (content.parent / "thresholds.yaml").write_text("confirm_captures: some\nnotice_cost_ratio: often\n")
    done = ask("refresh", "--home", tmp_path / "home", "--vendors", content)
    lines = sorted(done.err.splitlines())

    assert 2 == done.code
    assert 2 == len(lines)
    assert ("confirm_captures" in lines[0], "notice_cost_ratio" in lines[1]) == (True, True), done.err


@pytest.mark.parametrize("where", ["file/home", "/proc/home"], ids=["below a file", "where nobody may write"])
@pytest.mark.parametrize("command", [("refresh",), ("demo",)], ids=" ".join)
def test_a_home_that_cannot_be_written(
    ask: Ask, tmp_path: Path, content: Path, command: tuple[str, ...], where: str
) -> None:
    (tmp_path / "file").write_text("")
    more = ("--vendors", content) if command == ("refresh",) else ()

    refused(ask(*command, "--home", tmp_path / where, *more), Path(where).name)


@pytest.mark.parametrize(
    "manifest", [None, "", "address,file\n", "url,file,captured_at\nhttps://x.example/,none.html,soon\n"]
)
def test_saved_pages_that_are_none(ask: Ask, tmp_path: Path, content: Path, manifest: str | None) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    if manifest is not None:
        (saved / "manifest.csv").write_text(manifest)
    done = ask("replay", saved, "--home", tmp_path / "home", "--vendors", content)

    assert done.code in (1, 2)
    assert "manifest.csv" in done.err
    assert "Traceback" not in done.err
    assert "unexpected" not in done.err


def test_the_real_thing_is_not_fetched_into_the_demos_home(ask: Ask, tmp_path: Path, content: Path) -> None:
    """Examples and what vendors say are never mixed."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "EXAMPLE.txt").write_text("example")
    done = ask("refresh", "--home", home, "--vendors", content)

    assert done.code in (1, 2)
    assert "demo" in done.err
    assert "--home" in done.err


def test_the_demo_is_not_run_in_a_home_of_real_pages(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "log.jsonl").write_text("")

    refused(ask("demo", "--home", tmp_path), "--home")


def test_a_damaged_warehouse_is_told_with_the_way_out(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database at all" * 100)

    refused(ask("held", "--home", tmp_path), "warehouse.duckdb", "pricing-pipeline rebuild")


def test_a_damaged_reports_file_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "editions" / "current").mkdir(parents=True)
    (tmp_path / "editions" / "current" / "reports.duckdb").write_bytes(b"no database at all" * 100)

    refused(ask("changes", "--home", tmp_path), "reports.duckdb")
