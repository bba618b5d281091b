"""`audit`: what it prints, how it ends, and that it needs nothing but the published file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import call, run
from tests.warehouse.house import APRIL, MAY, House, april, may
from warehouse.reports import write_reports

FALSE = "# Dagster+\n\nSolo costs $12 a month.\n"
TRUE = "# Dagster+\n\nSolo costs $10 a month.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published file that saw April and May, and nothing else."""
    root = tmp_path_factory.mktemp("home")
    house = House(tmp_path_factory.mktemp("house"))
    edition = root / "editions" / "current"
    edition.mkdir(parents=True)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, may(), MAY)
        write_reports(con, edition / "reports.duckdb")
    return root


def text(folder: Path, content: str, name: str = "article.md") -> str:
    """A file to be audited."""
    path = folder / name
    path.write_text(content, "utf-8")
    return str(path)


def test_a_contradicted_claim_ends_with_code_1(home, tmp_path, capsys):
    done = call(capsys, "audit", text(tmp_path, FALSE), "--home", str(home))

    assert 1 == done.code
    assert "$12 a month" in done.out
    assert "$10.00 a month" in done.out
    assert "1 contradicted" in done.err


def test_a_sound_text_ends_with_code_0(home, tmp_path, capsys):
    done = call(capsys, "audit", text(tmp_path, TRUE), "--home", str(home))

    assert (0, "") == (done.code, done.out)
    assert "nothing is contradicted" in done.err


def test_a_text_about_nobody_who_is_published_says_that_nothing_was_checked(home, tmp_path, capsys):
    done = call(capsys, "audit", text(tmp_path, "Zephyr Basic costs $12 a month."), "--home", str(home))

    assert (0, "") == (done.code, done.out)
    assert "names no vendor or product of which something is published" in done.err


def test_a_text_about_somebody_who_is_published_is_silent_about_that(home, tmp_path, capsys):
    done = call(capsys, "audit", text(tmp_path, TRUE), "--home", str(home))

    assert "of which something is published" not in done.err


def test_a_text_is_judged_as_of_a_day(home, tmp_path, capsys):
    """Solo had its credits until the end of April."""
    file = text(tmp_path, "Dagster+ Solo includes 7,500 credits.")

    assert 1 == call(capsys, "audit", file, "--home", str(home)).code
    assert 0 == call(capsys, "audit", file, "--as-of", "2026-04-30", "--home", str(home)).code


def test_json_holds_every_claim_with_its_source(home, tmp_path):
    file = text(tmp_path, FALSE + "\nSolo charges $0.04 per credit.\n")
    done = run("audit", file, "--format", "json", home=home)

    assert ["contradicted", "supported"] == [row["verdict"] for row in done.json]
    row = done.json[0]
    assert (file, 3, 12, "amount") == (row["file"], row["line"], row["column"], row["kind"])
    assert ("dagster-plus.solo", "$10.00 a month") == (row["about"], row["right"])
    assert row["captured_at"].endswith("Z")
    assert row["source"].startswith("https://")
    assert row["quote"]


def test_sarif_is_all_that_comes_out_of_a_pipe(home, tmp_path):
    done = run("audit", text(tmp_path, FALSE), "--format", "sarif", home=home)

    assert ("2.1.0", 1) == (done.json["version"], len(done.json["runs"][0]["results"]))
    assert 1 == done.code


def test_a_text_may_contradict_itself_alone(home, tmp_path, capsys):
    content = "Dagster+ Solo is rated 4.5/5 on Capterra.\n\nOn Capterra, Dagster+ Solo is rated 4.9/5.\n"
    done = call(capsys, "audit", text(tmp_path, content), "--home", str(home))

    assert 1 == done.code
    assert "contradicts itself" in done.out


def test_several_files_are_told_apart(home, tmp_path, capsys):
    one, other = text(tmp_path, FALSE, "one.md"), text(tmp_path, f"<h1>Dagster+</h1><p>{FALSE[12:]}</p>", "other.html")
    done = call(capsys, "audit", one, other, "--home", str(home), "--format", "json")

    assert [one, other] == [row["file"] for row in done.json]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.md",), "name a Markdown, HTML or text file"),
        (("article.md", "--as-of", "soon"), "write it like 2026-04-30"),
        (("article.md", "--format", "xml"), "sarif"),
        ((), "FILES"),
    ],
    ids=["no such file", "no day", "no such form", "nothing to audit"],
)
def test_wrong_use_ends_with_code_2_and_says_what_to_do(home, tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    text(tmp_path, TRUE)
    done = call(capsys, "audit", *arguments, "--home", str(home))

    assert (2, "") == (done.code, done.out)
    assert words in done.err
    assert 1 == done.err.count("\n")


def test_a_text_that_is_not_utf_8_is_refused(home, tmp_path, capsys):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"Solo costs \xa310 a month.")
    done = call(capsys, "audit", str(path), "--home", str(home))

    assert 2 == done.code
    assert "is not UTF-8 text (byte 11)" in done.err


def test_without_an_edition_it_says_what_to_do(tmp_path, capsys):
    done = call(capsys, "audit", text(tmp_path, TRUE), "--home", str(tmp_path / "none"))

    assert 2 == done.code
    assert "nothing is published yet" in done.err


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\x89PNG\0\0", "is binary"), (b"caf\xe9", "is not UTF-8 text"), (b"a" * 2_000_001, "longer than 2 MB")],
    ids=["a picture", "another encoding", "a flood"],
)
def test_what_is_no_text_is_refused_in_one_line(home, tmp_path, capsys, data, words):
    path = tmp_path / "file.md"
    path.write_bytes(data)
    done = call(capsys, "audit", str(path), "--home", str(home))

    assert 2 == done.code
    assert words in done.err


def test_lines_are_counted_alike_whatever_ended_them(home, tmp_path):
    path = tmp_path / "article.html"
    path.write_bytes("<p>one\r\ntwo</p>\r\n<p>Dagster+ Solo costs\r\n$12 a month.</p>".encode("utf-16"))
    done = run("audit", str(path), "--format", "json", home=home)

    assert [(4, "$12 a month", "contradicted")] == [(row["line"], row["claim"], row["verdict"]) for row in done.json]


def test_many_files_are_one_run(home, tmp_path):
    """With one reading of the published file."""
    files = [text(tmp_path, FALSE if number % 2 else TRUE, f"{number}.md") for number in range(20)]
    done = run("audit", *files, "--format", "json", home=home)

    assert 10 == sum(row["verdict"] == "contradicted" for row in done.json)
    assert 20 == len({row["file"] for row in done.json})


def test_a_text_that_is_too_long_to_be_judged_whole_ends_with_code_2(home, tmp_path, monkeypatch, capsys):
    """It is no success, for the rest may be wrong; what is contradicted before that ends with 1 all the same."""
    monkeypatch.setattr("pricing_pipeline.claims.bounds.CHARACTERS", 200)
    sound = call(capsys, "audit", text(tmp_path, TRUE * 10), "--home", str(home))
    wrong = call(capsys, "audit", text(tmp_path, FALSE * 10), "--home", str(home))

    assert (2, 1) == (sound.code, wrong.code)
    assert "only the first 200 characters of a text are judged, and nothing from here on; split the file" in sound.err
