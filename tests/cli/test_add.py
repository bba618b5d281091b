"""Adding a page by its address: what is proposed, what is written and when, and what is said where there is nothing to add."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pricing_pipeline.registry import read_registry
from tests.pricing_pipeline.extract.pages import framed
from tests.pricing_pipeline.propose.layouts import CHALLENGE, URL, cards, rows
from tests.program import Done, call
from tests.servers import LoopbackServer, answer, redirect

Add = Callable[..., Done]
WALL = CHALLENGE.encode()
SHELL = "<div id='app'></div><script src='/app.js'></script>"
ROBOTS = answer(b"User-agent: *\nDisallow: /\n", headers=[("Content-Type", "text/plain")])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty vendors folder beside settings that let loopback be fetched."""
    folder = tmp_path / "content" / "vendors"
    folder.mkdir(parents=True)
    settings = "contact: https://example.org/about\nfetch:\n  allow_hosts: [127.0.0.1]\n  retries: 0\n"
    (folder.parent / "settings.yaml").write_text(settings)
    monkeypatch.setenv("PRICING_PIPELINE_VENDORS", str(folder))
    monkeypatch.delenv("PRICING_PIPELINE_DEBUG", raising=False)
    return folder


@pytest.fixture
def add(capsys: pytest.CaptureFixture[str], folder: Path) -> Add:
    """Run `add` as from a script: standard input is no terminal."""

    def add(*arguments: object) -> Done:
        return call(capsys, "add", *map(str, arguments))

    return add


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    page = tmp_path / "page.html"
    page.write_text(cards())
    return page


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        yield server


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_without_a_terminal_the_proposal_is_printed_and_nothing_is_written(add: Add, folder: Path, saved: Path) -> None:
    """What is piped is the file and nothing else; what was read is shown beside."""
    done = add("--from", saved, "--url", URL)

    assert 0 == done.code, done.err
    assert [] == files(folder)
    assert done.out.startswith("# yaml-language-server: $schema=vendor.schema.json\nname: Acme\n")
    assert "7,500 credits included per month" in done.err
    assert "nothing was written" in done.err
    (folder / "acme.yaml").write_text(done.out)
    assert URL == read_registry(folder).sources()[0].url


def test_with_yes_the_file_is_written(add: Add, folder: Path, saved: Path) -> None:
    done = add("--from", saved, "--url", URL, "--yes", "--category", "etl")

    assert 0 == done.code, done.err
    assert ["acme.yaml"] == files(folder)
    assert done.out == (folder / "acme.yaml").read_text()
    assert ("etl",) == read_registry(folder).vendors[0].categories
    assert "pricing-pipeline refresh --vendor acme" in done.err


@pytest.mark.parametrize(("reply", "written"), [("y", ["acme.yaml"]), ("n", [])], ids=["yes", "no"])
def test_at_a_terminal_the_person_decides(
    add: Add, folder: Path, saved: Path, monkeypatch: pytest.MonkeyPatch, reply: str, written: list[str]
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self, *_: object) -> str:
            return f"{reply}\n"

    monkeypatch.setattr("sys.stdin", Terminal())
    done = add("--from", saved, "--url", URL)

    assert 0 == done.code, done.err
    assert written == files(folder)


def test_the_settings_beside_the_named_vendors_hold_for_the_fetch(
    add: Add, folder: Path, site: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --vendors as with the variable: that loopback may be asked stands in the settings beside them."""
    monkeypatch.delenv("PRICING_PIPELINE_VENDORS")
    site.answers["/pricing"] = answer(cards().encode())

    done = add(site.url("/pricing"), "--vendors", folder)

    assert 0 == done.code, done.err


def test_a_page_that_is_fetched_is_proposed_at_its_final_address(add: Add, site: LoopbackServer) -> None:
    site.answers.update({"/plans": redirect("/pricing"), "/pricing": answer(cards().encode())})
    done = add(site.url("/plans"), "--name", "Acme")

    assert 0 == done.code, done.err
    assert f"url: {site.url('/pricing')}\n" in done.out


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"/pricing": answer(WALL, status="403 Forbidden")}, ("blocked", "bot wall")),
        ({"/pricing": answer(WALL)}, ("blocked", "Cloudflare")),
        ({"/robots.txt": ROBOTS, "/pricing": answer(cards().encode())}, ("robots_denied", "watch another page")),
        ({}, ("not_found", "correct the url")),
        ({"/pricing": answer(framed(SHELL).encode())}, ("script_only", "--render browser")),
        ({"/pricing": answer(framed("<h1>Our story</h1>").encode())}, ("no_facts", "no simple selector")),
        ({"/pricing": answer(b"%PDF-1.7", headers=[("Content-Type", "application/pdf")])}, ("not_html", "correct the url")),
    ],
    ids=["refused", "a challenge", "robots", "missing", "a shell", "no prices", "a document"],
)  # fmt: skip
def test_a_page_that_cannot_be_watched_says_why_and_what_to_do(
    add: Add, site: LoopbackServer, folder: Path, answers: dict[str, bytes], expected: tuple[str, ...]
) -> None:
    site.answers.update(answers)
    done = add(site.url("/pricing"), "--yes")

    assert (1, "") == (done.code, done.out)
    assert [] == files(folder)
    for part in expected:
        assert part in done.err


def test_a_file_that_exists_is_never_overwritten(add: Add, folder: Path, saved: Path) -> None:
    """Not even with --yes, and not even where another vendor of the same name has it."""
    add("--from", saved, "--url", URL, "--yes")
    before = (folder / "acme.yaml").read_text()
    other = add("--from", saved, "--url", "https://acme.test/pricing", "--yes")
    same = add("--from", saved, "--url", URL, "--yes")

    assert (2, 2) == (other.code, same.code)
    assert "--name" in other.err
    assert "watched already, as acme/acme/pricing" in same.err
    assert before == (folder / "acme.yaml").read_text()
    assert ["acme.yaml"] == files(folder)


def test_a_vendor_that_is_watched_gets_its_new_page_as_a_change_to_make(add: Add, folder: Path, saved: Path) -> None:
    add("--from", saved, "--url", URL, "--yes")
    before = (folder / "acme.yaml").read_text()
    done = add("--from", saved, "--url", "https://www.acme.example/enterprise", "--name", "Acme Enterprise", "--yes")

    assert 0 == done.code, done.err
    assert before == (folder / "acme.yaml").read_text()
    assert "+  - slug: acme-enterprise\n" in done.out
    assert "+        url: https://www.acme.example/enterprise\n" in done.out
    assert not [line for line in done.out.splitlines()[2:] if line.startswith("-")]


def test_reviews_are_added_to_the_product_they_are_of(add: Add, saved: Path, tmp_path: Path) -> None:
    add("--from", saved, "--url", URL, "--yes")
    page = tmp_path / "reviews.html"
    page.write_text(framed("<h1>Acme Reviews</h1><p>4.5 out of 5 (124 reviews)</p>"))
    asked = ("--from", page, "--url", "https://www.g2.com/products/acme/reviews", "--kind", "reviews")
    nobody, done = add(*asked), add(*asked, "--name", "acme")

    assert 2 == nobody.code
    assert "--name" in nobody.err
    assert 0 == done.code, done.err
    assert "+      - kind: reviews\n+        publisher: g2\n" in done.out


def test_a_recipe_comes_with_a_page_that_is_not_read_without_one(add: Add, folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "rows.html"
    page.write_text(rows())
    done = add("--from", page, "--url", URL, "--yes")

    assert 0 == done.code, done.err
    assert "        recipe:\n          plan: section.offer\n          name: b\n" in done.out
    assert read_registry(folder).sources()[0].recipe is not None


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "one address"),
        (("https://a.example/", "--url", "https://b.example/"), "one address"),
        (("acme.example/pricing",), "is not a web address"),
        (("--from", "missing.html", "--url", URL), "missing.html"),
        ((URL, "--render", "telepathy"), "telepathy"),
        ((URL, "--kind", "prices"), "prices"),
        (("--from", "{saved}", "--url", URL, "--category", "Not A Slug"), "categories"),
    ],
    ids=["nothing", "two addresses", "no address", "no file", "no renderer", "no kind", "no category"],
)
def test_wrong_use_is_told_in_one_line(
    add: Add, folder: Path, saved: Path, arguments: tuple[str, ...], expected: str
) -> None:
    done = add(*(str(saved) if one == "{saved}" else one for one in arguments))

    assert 2 == done.code, done.out
    assert 1 == len([line for line in done.err.splitlines() if line.startswith("error: ")]), done.err
    assert expected in done.err
    assert [] == files(folder)


def test_one_broken_vendor_file_does_not_keep_a_page_from_being_added(add: Add, folder: Path, saved: Path) -> None:
    (folder / "broken.yaml").write_text("name: [\n")
    done = add("--from", saved, "--url", URL, "--yes")

    assert 0 == done.code, done.err
    assert ["acme.yaml", "broken.yaml"] == files(folder)


@pytest.mark.parametrize("command", ["add", "repair"])
def test_the_command_explains_itself_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    done = call(capsys, command, "--help")

    assert (0, "") == (done.code, done.err)
    assert f"pricing-pipeline {command}" in done.out.replace(f"Usage: pricing-pipeline {command}", "", 1)
