"""What the program says of itself, and how it behaves at the end of a pipe."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
from pathlib import Path

import pytest

from tests.program import COMMAND, ROOT, DemoRun, call, environment

COMMANDS = (
    "demo", "refresh", "replay", "publish", "rebuild", "extract", "changes", "history", "cost", "report", "held", "approve",
    "reject", "correct", "verify", "doctor", "add", "repair", "audit", "source", "import-facts", "renamed", "blocks", "editions",
    "import-warc", "export-warc", "backfill", "prune", "notify",
)  # fmt: skip


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    done = call(capsys, "--help")

    assert 0 == done.code
    for command in COMMANDS:
        assert command in done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    done = call(capsys, command, "--help")

    assert (0, "") == (done.code, done.err)
    assert f"Usage: pricing-pipeline {command}" in done.out
    assert f"pricing-pipeline {command}" in done.out.replace("Usage: pricing-pipeline", "", 1)


def test_an_argument_is_explained_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Click and Typer each have a section for them; one of the two empties what the other has to say."""
    done = call(capsys, "history", "--help")

    assert 1 == done.out.count("A plan as product.plan")
    assert 1 == done.out.lower().count("arguments:\n")


@pytest.mark.parametrize(
    ("command", "example"),
    [
        ("add", "      pricing-pipeline add https://dagster.io/pricing --category workflow-automation\n"),
        ("correct", "--metric credit --quantity 5000 \\\n          --quote"),
    ],
)
def test_an_example_can_be_copied_however_narrow_the_screen(
    capsys: pytest.CaptureFixture[str], command: str, example: str
) -> None:
    assert example in call(capsys, command, "--help").out


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    done = call(capsys, "--version")

    assert (0, f"pricing-pipeline {importlib.metadata.version('pricing-pipeline')}\n") == (done.code, done.out)


def test_without_a_command_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    done = call(capsys)

    assert 2 == done.code
    assert "demo" in done.out + done.err


def test_a_reader_that_leaves_early_is_no_error(demo: DemoRun) -> None:
    """As in `pricing-pipeline changes --format json | head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [*COMMAND, "changes", "--format", "json", "--home", str(demo.home)],
        cwd=ROOT, env=environment(), stdout=writing, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    _, err = process.communicate(timeout=60)

    assert (0, b"") == (process.returncode, err)


def test_a_path_of_the_users_own_spelling_is_understood(
    demo: DemoRun, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative folder, and the environment's variable in the place of the option."""
    monkeypatch.chdir(demo.home.parent)
    by_option = call(capsys, "changes", "--format", "json", "--home", demo.home.name)
    monkeypatch.setenv("PRICING_PIPELINE_HOME", demo.home.name)
    by_variable = call(capsys, "changes", "--format", "json")

    assert 0 == by_option.code, by_option.err
    assert by_option.json == by_variable.json


def test_a_page_is_shown_as_a_table_that_says_how_a_price_is_billed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A price that holds for a year's commitment alone is another price than the same by the month."""
    (tmp_path / "page.html").write_text(
        "<main><h1>Pricing</h1><div><div class=card><h3>Solo</h3><p>$16/month, billed annually</p><p>3 users included</p>"
        "</div><div class=card><h3>Team</h3><p>$80/month, billed annually</p><p>9 users included</p></div></div></main>"
    )
    done = call(capsys, "extract", str(tmp_path / "page.html"), "--currency", "USD")

    assert "$16.00 a month, billed annually" in done.out
    assert "$80.00 a month, billed annually" in done.out


def test_a_plan_that_is_not_known_is_answered_with_the_nearest(demo: DemoRun) -> None:
    done = demo.ask("history", "dagster-plus.sol")

    assert 2 == done.code
    assert "dagster-plus.solo" in done.err
    assert 300 > len(done.err)
