"""Rows as people and programs get them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.program import call

# Typer 0.25 calls what Click 8.5 deprecates, when it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:'click:DeprecationWarning")


def printed(stored: str, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a row with one figure looks like."""
    from pricing_pipeline.cli.options import Format
    from pricing_pipeline.cli.output import emit

    emit([{"monthly": Decimal(stored)}], form=Format(form))
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("stored", "read"),
    [("610.0000000000", "610"), ("1150.0000000000", "1,150"), ("0.0350000000", "0.035"), ("0E-10", "0")],
)
def test_a_table_shows_numbers_without_idle_zeros(stored: str, read: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert read == printed(stored, "table", capsys).split()[-1]


@pytest.mark.parametrize(("columns", "is_room"), [(5, True), (40, False)])
def test_a_table_that_would_break_words_apart_is_known(columns: int, is_room: bool) -> None:
    """What is piped has 200 columns; an address may be folded, so it does not count as one word."""
    from pricing_pipeline.cli.output import fits

    row = {f"unit_{number}": "serverless_minute https://acme.example/" + "a" * 300 for number in range(columns)}

    assert is_room == fits([row], tuple(row))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_programs_get_every_place_that_is_kept(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "610.0000000000" in printed("610.0000000000", form, capsys)


def test_what_is_piped_has_no_blanks_to_its_right(capsys: pytest.CaptureFixture[str]) -> None:
    """Tables and cards alike: whoever compares, greps or mails them meets the words alone."""
    from pricing_pipeline.cli.options import Format
    from pricing_pipeline.cli.output import cards, emit

    emit([{"plan": "Solo", "note": ""}, {"plan": "Starter", "note": "from 1 May"}], form=Format.TABLE, title="Plans")
    cards([{"": "Solo", "note": "from 1 May"}], empty="none")
    lines = capsys.readouterr().out.splitlines()

    assert [] == [line for line in lines if line != line.rstrip()]
    assert [" Solo", "Solo", "  note  from 1 May"] == [line for line in lines if "Solo" in line or "note  f" in line]


def test_words_of_a_page_do_nothing_to_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """In tables, in what is said beside them, and in errors: no colours, no bells, no text that runs the other way."""
    from pricing_pipeline.cli.options import Format
    from pricing_pipeline.cli.output import emit, say

    harm = "\x1b[31mSolo\x1b[0m\x07 \u202egnp.exe\x9b2J"
    emit([{"plan": harm}], form=Format.TABLE)
    say(f"held: {harm}")
    told = capsys.readouterr()
    done = call(capsys, "extract", f"/nowhere/{harm}")

    for text in (told.out, told.err, done.err):
        assert "Solo" in text
        assert [] == [letter for letter in text if letter in "\x1b\x07\x9b\u202e"]
