"""`correct`: a person puts a misread fact right, from the command line to the published page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.door import Door
from tests.assets.street import DAY, Street, pricing, street
from tests.program import call

WHY = ("--why", "read from the column beside it", "--by", "Ada")


@pytest.fixture
def town(tmp_path: Path, door: Door) -> Iterator[Street]:
    """One vendor, read and published."""
    with street(tmp_path, ["alder"]) as made:
        made.run_stages(door)
        yield made


def credits(town: Street) -> list[tuple[str, str]]:
    """What is published of the credits that Solo includes, and the quote beside it."""
    return [
        (term["quantity"], term["evidence"]["quote"])
        for term in town.published("terms")
        if (term["plan"], term["term"]) == ("solo", "allowance")
    ]


def test_a_corrected_fact_is_published_with_its_quote_until_the_page_moves_on(
    town: Street, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--home", str(town.home.root))
    given = ("alder-cloud.solo", "allowance", "--quantity", "20000", "--quote", "20,000 credits included")
    done = call(capsys, "correct", *given, *WHY, *where, "--vendors", str(town.vendors))

    assert 0 == done.code, done.err
    assert "recorded as decided by Ada" in done.err
    assert [("20000", "20,000 credits included")] == credits(town)
    told = call(capsys, "changes", "--format", "json", *where).json
    assert {("solo", "correction")} == {(row["plan"], row["cause"]) for row in told if row["lever"] == "allowance"}
    assert 0 == call(capsys, "verify", *where, "--vendors", str(town.vendors)).code

    town.day += DAY
    town.serve("alder", pricing(credits="6,000 credits included"))
    town.run_stages(door)
    assert [("6000", "6,000 credits included")] == credits(town)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param(
            ("allowance", "--quantity", "9", "--quote", "9,999 credits"), "not on the captured page", id="quote"
        ),
        pytest.param(("allowance", "--amount", "9", "--quote", "Solo"), "--quantity", id="another-figure"),
        pytest.param(("allowance", "--quote", "Solo"), "say what is right", id="nothing"),
        pytest.param(("allowance", "--quantity", "many", "--quote", "Solo"), "no figure", id="no-number"),
        pytest.param(("minimum_spend", "--amount", "9", "--quote", "Solo"), "no such fact stands", id="no-such-fact"),
        pytest.param(("allowance", "--quantity", "9", "--metric", "job", "--quote", "Solo"), "credit", id="candidates"),
        pytest.param(("limit", "--add", "--quantity", "9", "--quote", "Solo"), "needs a --metric", id="added-metric"),
        pytest.param(("allowance", "--remove", "--quantity", "9", "--quote", "Solo"), "leave out", id="removed-figure"),
        pytest.param(("allowance", "--remove", "--add", "--quote", "Solo"), "write one of the two", id="both"),
        pytest.param(("allowance", "--quantity", "9", "--per", "9", "--quote", "Solo"), "write --add", id="no-add"),
    ],
)
def test_a_correction_that_cannot_be_right_is_refused_and_recorded_nowhere(
    town: Street, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], says: str
) -> None:
    before = town.home.log.read_bytes()
    done = call(capsys, "correct", "alder-cloud.solo", *given, *WHY, "--home", str(town.home.root))

    assert 2 == done.code
    assert says in " ".join(done.err.split())
    assert before == town.home.log.read_bytes()


def test_a_fact_that_was_missed_is_added_until_its_words_are_gone(
    town: Street, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader reads "Choose Solo" as nothing; a person says that it is a limit of one."""
    where = ("--home", str(town.home.root), "--vendors", str(town.vendors))
    given = ("alder-cloud.solo", "limit", "--add", "--metric", "job", "--quantity", "1", "--quote", "Choose Solo")
    done = call(capsys, "correct", *given, *WHY, *where)

    assert 0 == done.code, done.err
    assert "added the limit of alder-cloud.solo, recorded as decided by Ada" in done.err
    assert [("1", "Choose Solo")] == jobs(town)
    assert 2 == call(capsys, "correct", *given, *WHY, *where).code

    town.day += DAY
    town.serve("alder", pricing(rate="0.04"))
    town.run_stages(door)
    assert [("1", "Choose Solo")] == jobs(town)

    town.day += DAY
    town.serve("alder", pricing(rate="0.04").replace("Choose Solo", "Take it"))
    town.run_stages(door)
    assert [] == jobs(town)


def test_a_fact_that_was_made_up_is_taken_away(town: Street, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--home", str(town.home.root), "--vendors", str(town.vendors))
    done = call(capsys, "correct", "alder-cloud.solo", "allowance", "--remove", "--quote", "Solo", *WHY, *where)

    assert 0 == done.code, done.err
    assert [] == credits(town)


def jobs(town: Street) -> list[tuple[str, str]]:
    """What is published of the jobs that Solo is limited to, and the quote beside it."""
    return [
        (term["quantity"], term["evidence"]["quote"])
        for term in town.published("terms")
        if (term["plan"], term["metric"]) == ("solo", "job")
    ]
