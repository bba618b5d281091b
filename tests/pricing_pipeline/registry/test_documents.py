"""What a YAML file may hold, and how a reader is told of what it may not."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.registry.documents import MAX_BYTES, read_document


def read(folder: Path, body: bytes | str) -> tuple[object, list[str]]:
    path = folder / "acme.yaml"
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    document = read_document(path)
    return document.value, [problem.removeprefix(f"{path}:") for problem in document.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("010", 10),
        ("12:30:45", "12:30:45"),
        ("2026-05-01", "2026-05-01"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("7500", 7500),
        ("0.035", Decimal("0.035")),
        (".5", ".5"),
        ("'7500'", "7500"),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_an_unquoted_word_means_what_yaml_1_2_says(tmp_path: Path, written: str, meant: object) -> None:
    """`NO` is Norway, a price keeps its digits, and nothing turns into a date or a time of day unasked."""
    value, problems = read(tmp_path, f"word: {written}\n")

    assert [] == problems
    assert {"word": meant} == value
    assert isinstance(value, dict)
    assert type(meant) is type(value["word"])


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("name: a\nname: b\n", 2, "`name` stands here again (first in line 1)"),
        ("name: &x a\n", 1, "anchor &x"),
        ("name: *x\n", 1, "alias *x"),
        ("name: !!python/object/apply:os.system [ls]\n", 1, "tag tag:yaml.org,2002:python/object/apply:os.system"),
        ("name: !!str 5\n", 1, "tag tag:yaml.org,2002:str"),
        ("name: a\n---\nname: b\n", 2, "second document"),
        ("name: [a\n", 2, "not YAML"),
        ("name: a\n more: b\n", 2, "not YAML"),
        ("name:\tb: c\n", 1, "not YAML"),
        ("? [a]\n: b\n", 1, "a key must be a word"),
        ('name: "a\\0b"\n', 1, "control character U+0000"),
        ('name: "\\u202eacme"\n', 1, "direction override U+202E"),
        ("[" * 30, 1, "nested more than 20 deep"),
        ("", 1, "is empty"),
        ("# nothing but a remark\n", 1, "is empty"),
        (b"\xff\xfe\x00n", 1, "not UTF-8"),
        (b"name: a\n\x00\x01", 2, "not YAML"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)), 2, "not UTF-8"),
    ],
)
def test_what_yaml_allows_and_this_project_does_not_is_refused_in_one_line(
    tmp_path: Path, body: bytes | str, line: int, said: str
) -> None:
    _, problems = read(tmp_path, body)

    assert 1 == len(problems)
    assert problems[0].startswith(f"{line}: ")
    assert said in problems[0]
    assert "\n" not in problems[0]


def test_aliases_that_would_unfold_into_billions_are_never_unfolded(tmp_path: Path) -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{to}: &{to} [{', '.join(['*' + of] * 9)}]" for of, to in zip("abcdefgh", "bcdefghi", strict=True)]

    value, problems = read(tmp_path, "\n".join(rows))

    assert value is None
    assert 1 == len(problems)
    assert "anchor &a" in problems[0]


def test_a_file_that_is_far_too_large_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    with path.open("wb") as file:
        file.truncate(10 * MAX_BYTES)

    assert ["is larger than 1,000,000 bytes"] == [
        problem.split(": ", 1)[1].split(",", 3)[0] + ",000,000 bytes" for problem in read_document(path).problems
    ]


def test_a_folder_or_a_missing_file_ends_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").mkdir()

    assert "is a folder" in read_document(tmp_path / "acme.yaml").problems[0]
    assert "No such file" in read_document(tmp_path / "gone.yaml").problems[0]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "acme.yaml")

    assert "is a device or pipe" in read_document(tmp_path / "acme.yaml").problems[0]


def test_a_message_never_writes_escapes_to_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "ac\x1b[31m\nme.yaml"
    path.write_text('"\\e[2Jkey": 1\n"\\e[2Jkey": 2\n', encoding="utf-8")
    problems = read_document(path).problems

    assert 2 == len(problems)
    assert all(problem.isprintable() for problem in problems)


def test_a_file_of_nothing_but_faults_does_not_fill_the_screen(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "a: 1\n" * 5000)

    assert 51 == len(problems)
    assert problems[-1].endswith("and more from here on; mend those above first")


def test_every_double_key_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n")

    assert ["3", "6"] == [problem.split(":")[0] for problem in problems]


def test_a_value_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text("a: 1\nb:\n  - x\n  - c: |\n      two\n      lines\n", encoding="utf-8")
    document = read_document(path)

    assert 3 == document.line(("b", 0))
    assert 4 == document.line(("b", 1, "c"))
    assert 4 == document.line(("b", 1, "not there"))


@given(body=st.binary(max_size=300))
def test_no_bytes_whatever_raise(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(body)
    document = read_document(path)

    assert document.problems or document.value is not None
