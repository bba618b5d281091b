"""`import-facts` from the command line to the published page, and names that were confirmed or denied there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.door import Door
from tests.assets.street import DAY, Street, pricing, street
from tests.program import call

CONTRACT = """\
source: Order form 17, page 3
who: Ada
observed: 2020-01-01
until: {until}
facts:
  - product: alder-cloud
    plan: enterprise
    plan_name: Enterprise
    term: recurring_fee
    amount: {amount}
    currency: USD
    period: month
    quote: "USD {amount} a month"
"""


@pytest.fixture
def town(tmp_path: Path, door: Door) -> Iterator[Street]:
    """One vendor, read and published."""
    with street(tmp_path, ["alder"]) as made:
        made.run_stages(door)
        yield made


def where(town: Street) -> tuple[str, ...]:
    return ("--home", str(town.home.root), "--vendors", str(town.vendors))


def contract(town: Street, *, amount: str = "500", until: str = "2099-12-31") -> str:
    """The file, as it says now."""
    path = town.home.root.parent / "contract.yaml"
    path.write_text(CONTRACT.format(amount=amount, until=until), encoding="utf-8")
    return str(path)


def shown(town: Street) -> list[tuple[str, str]]:
    """What is published of the imported plan's price, and who vouches for it."""
    return [
        (term["amount"], term["imported"]["who"]) for term in town.published("terms") if term["plan"] == "enterprise"
    ]


def test_an_imported_price_is_shown_first_then_published_with_who_vouches_for_it(
    town: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run writes nothing; the same file again changes nothing; an edited one replaces what it said."""
    before = town.home.log.read_bytes()
    dry = call(capsys, "import-facts", contract(town), "--dry-run", "--format", "json", *where(town))

    assert [("added", "500.00", "Ada")] == [
        (row["what"], row["value"].removeprefix("$").removesuffix(" a month"), row["who"]) for row in dry.json
    ]
    assert before == town.home.log.read_bytes()

    done = call(capsys, "import-facts", contract(town), "--by", "Bob", *where(town))
    assert 0 == done.code, done.err
    assert "recorded as brought by Bob" in done.err
    assert [("500", "Ada")] == shown(town)
    page = (town.home.current_edition / "vendors" / "alder.html").read_text("utf-8")
    assert "entered by hand from Order form 17, page 3, until 31 December 2099" in page

    logged = town.home.log.read_bytes()
    again = call(capsys, "import-facts", contract(town), "--by", "Eve", *where(town))
    assert (0, logged) == (again.code, town.home.log.read_bytes())

    call(capsys, "import-facts", contract(town, amount="550"), *where(town))
    assert [("550", "Ada")] == shown(town)
    cost = call(capsys, "cost", "--set", "seats=1", "--format", "json", *where(town)[:2]).json
    assert ["550.00"] == [row["cost"].removesuffix(" USD") for row in cost if row["plan"] == "Enterprise"]
    assert 0 == call(capsys, "verify", *where(town)).code


def test_a_fact_whose_last_day_is_over_is_shown_as_unconfirmed(
    town: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    call(capsys, "import-facts", contract(town, until="2020-05-31"), *where(town))
    page = (town.home.current_edition / "vendors" / "alder.html").read_text("utf-8")

    assert [] == shown(town)
    assert (
        'from Order form 17, page 3, unconfirmed since <time datetime="2020-06-01T00:00:00Z">1 June 2020</time>' in page
    )
    doctor = call(capsys, "doctor", *where(town))
    assert "no longer confirmed" in doctor.out


def test_what_a_page_states_is_refused_with_what_to_do_instead(
    town: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(contract(town))
    path.write_text(path.read_text("utf-8").replace("enterprise", "solo"), encoding="utf-8")
    done = call(capsys, "import-facts", str(path), *where(town))

    assert 2 == done.code
    assert "contract.yaml:6: the page alder/alder-cloud/pricing has stated this since 2026-04-30" in done.err
    assert "use `pricing-pipeline correct`" in done.err


def test_a_new_name_of_a_plan_is_confirmed_and_its_history_is_one(
    town: Street, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    town.day += DAY
    town.serve("alder", pricing().replace("Solo", "Personal").replace("Personal, Team", "Solo, Team"))
    (town.vendors / "alder.yaml").write_text(
        (town.vendors / "alder.yaml").read_text("utf-8").replace("expect: [Solo, Team]", "expect: [Team]")
    )
    town.run_stages(door)
    (suggested,) = call(capsys, "renamed", "--format", "json", *where(town)).json
    done = call(capsys, "approve", suggested["id"][:6], "--why", "said in their blog", "--by", "Ada", *where(town))

    assert ("solo", "personal") == (suggested["former"], suggested["plan"])
    assert "alder-cloud.personal is the new name of solo, recorded as decided by Ada" in done.err
    assert [] == call(capsys, "renamed", "--format", "json", *where(town)).json
    for name in ("alder-cloud.personal", "alder-cloud.solo"):
        history = call(capsys, "history", name, "--format", "json", *where(town)[:2]).json
        assert {"2026-04-30", "2026-05-01"} == {str(row["from"])[:10] for row in history}
    page = (town.home.current_edition / "vendors" / "alder.html").read_text("utf-8")
    assert "formerly Solo" in page
    wrong = call(capsys, "renamed", "alder-cloud.nothing", "alder-cloud.personal", *where(town))
    assert (2, True) == (wrong.code, "no such plan was ever read" in wrong.err)


def test_a_retired_product_keeps_its_page_and_is_fetched_no_more(
    town: Street, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    path = town.vendors / "alder.yaml"
    path.write_text(path.read_text("utf-8").replace("    sources:", "    retired: 2026-05-01\n    sources:"))
    town.day += 2 * DAY
    asked = len(town.server.seen)
    town.run_stages(door)
    page = (town.home.current_edition / "vendors" / "alder.html").read_text("utf-8")

    assert asked == len(town.server.seen)
    assert "$10.00" in page
    assert "retired on 1 May 2026" in page
