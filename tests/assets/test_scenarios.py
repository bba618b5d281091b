"""What vendors and their pages do over days, through fetching, reading, the gate and history: what is told, and what not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assets.stages import applying, capturing, judgement, reading
from pricing_pipeline.facts import Cause, Lever, Severity
from pricing_pipeline.results import Thresholds
from tests.assets.street import DAY, Street, pricing, street
from warehouse import observations
from warehouse.connection import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.door import Door
    from pricing_pipeline.results import Change


def days(town: Street, door: Door, pages: Iterable[str]) -> list[Change]:
    """What is told while the vendor serves a page a day."""
    told: list[Change] = []
    for page in pages:
        town.serve("alder", page)
        told += day(town, door)
    return told


def day(town: Street, door: Door) -> list[Change]:
    """What is told on one day, up to history; nothing is published."""
    workshop = town.workshop()
    capturing.capture_due(workshop)
    reading.read_pending(workshop)
    judgement.judge_observations(workshop, door)
    town.day += DAY
    return list(applying.apply_accepted(workshop, door).changes)


def held(town: Street) -> list[str]:
    """Why observations are held."""
    with open_warehouse(town.home.warehouse, read_only=True) as con:
        return [one.reason for one in observations.held(con)]


def turning(town: Street) -> dict[str, int]:
    """The sources that go back and forth and hold nothing today, with how many times they turned."""
    with open_warehouse(town.home.warehouse, read_only=True) as con:
        return {id_: one.times for id_, one in observations.alternating(con, Thresholds()).items()}


def solo_fee(town: Street) -> list[tuple[str, str]]:
    """What stands as the monthly fee of Solo."""
    query = "SELECT amount::DOUBLE::VARCHAR, currency FROM term WHERE plan = 'solo' AND term = 'recurring_fee'"
    with open_warehouse(town.home.warehouse, read_only=True) as con:
        return con.execute(f"{query} AND valid_to IS NULL AND superseded_at IS NULL").fetchall()


def kinds(told: Iterable[Change]) -> set[tuple[str | None, str]]:
    """What was told of which plan, but for the bills that follow from it."""
    return {(change.plan, change.kind) for change in told if change.lever is not Lever.COST}


def test_a_page_whose_variants_each_stay_for_days_is_told_once_each_way(tmp_path: Path, door: Door) -> None:
    """$10 and $11 by turns, three days each: the change, its return, and from then on one note. What was accepted last
    stays published."""
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), *[pricing(solo="11")] * 3, *[pricing()] * 3])
        later = days(town, door, [pricing(solo="11")] * 4)
        (why,) = held(town)
        noted = [turning(town)]
        later += days(town, door, [pricing()])
        noted.append(turning(town))

        assert [("10.0", "USD")] == solo_fee(town)
    assert ["price_increased", "price_decreased"] == [one.kind for one in told if one.lever is Lever.HEADLINE]
    assert [] == later
    assert [{}, {"alder/alder-cloud/pricing": 3}] == noted, "held while it shows the other, noted while it does not"
    assert "goes back and forth between known states since " in why
    assert ", 3 times: waits until it has stayed for 14 days" in why


def test_a_third_state_of_a_page_under_test_is_a_change_like_any_other(tmp_path: Path, door: Door) -> None:
    """An A/B test shows $10 and $11 in turn, day by day: one change, and then one note at a time. Then the vendor settles
    on $12, and that is told."""
    flips = [pricing(), pricing(solo="11")] * 5
    with street(tmp_path, ["alder"]) as town:
        once = days(town, door, flips[:3])
        notes = [held(town)]
        for page in flips[3:]:
            once += days(town, door, [page])
            notes.append(held(town))
        told = days(town, door, [pricing(solo="12")])

    assert [("solo", "price_increased")] == [
        (change.plan, change.kind) for change in once if change.lever is not Lever.COST
    ]
    assert [1, 0] * 4 == [len(note) for note in notes]
    assert {True} == {"flips back to a state that was seen before" in why for note in notes for why in note}
    assert {("solo", "price_increased")} == kinds(told)


def test_a_page_that_lost_every_fact_is_held_for_a_person(tmp_path: Path, door: Door) -> None:
    """It is the page, by its words, but nothing on it can be read: rebuilt, perhaps. However many days it is served so,
    nothing that is known goes away, and nobody is told that plans are gone."""
    empty = "<html><head><title>Pricing</title></head><body><h1>Solo and Team</h1>" + "<p>Loved by teams.</p>" * 40
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), *[empty] * 5])
        why, fee_meanwhile = held(town), solo_fee(town)
        told_when_back = days(town, door, [pricing(team="45")])

        assert ([], [("10.0", "USD")], []) == (told, fee_meanwhile, held(town))
    assert [True] == [each.startswith("no fact was read from the page") for each in why]
    assert {("team", "price_increased")} == kinds(told_when_back)


def test_a_page_in_another_currency_is_another_view_and_no_change_of_price(tmp_path: Path, door: Door) -> None:
    """Served in euros for a day, as to a visitor from elsewhere: held, nothing told, and the dollars stay."""
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), pricing().replace("$", "€")])
        (why,) = held(town)
        fee_meanwhile = solo_fee(town)
        told += days(town, door, [pricing()])

        assert ([], [("10.0", "USD")], []) == (told, fee_meanwhile, held(town))
        assert "another currency" in why


def test_a_page_that_is_gone_for_days_takes_nothing_out_of_history(tmp_path: Path, door: Door) -> None:
    with street(tmp_path, ["alder"]) as town:
        days(town, door, [pricing()])
        town.serve("alder", "<html><body><h1>Not found</h1></body></html>", status="404 Not Found")
        told = [change for _ in range(4) for change in day(town, door)]
        fee_meanwhile = solo_fee(town)
        told_when_back = days(town, door, [pricing(team="45")])

    assert ([], [("10.0", "USD")]) == (told, fee_meanwhile)
    assert {("team", "price_increased")} == kinds(told_when_back)


def test_a_plan_is_told_as_gone_only_once_its_page_stays_without_it(tmp_path: Path, door: Door) -> None:
    """For a day it may be a page that was half loaded; after three it is the vendor's word. What it was is kept."""
    half = pricing().split('  <div class="plan"><h3>Team')[0] + "</section></main></body></html>"
    with street(tmp_path, ["alder"]) as town:
        vendor_file = town.vendors / "alder.yaml"
        vendor_file.write_text(vendor_file.read_text().replace("[Solo, Team]", "[Solo]"))
        told = days(town, door, [pricing(), half])
        (why,) = held(town)
        told += days(town, door, [pricing(), half, half])
        gone = days(town, door, [half])
        with open_warehouse(town.home.warehouse, read_only=True) as con:
            kept = con.execute("SELECT count(*) FROM term WHERE plan = 'team' AND superseded_at IS NULL").fetchall()

    assert [] == told
    assert "half loaded" in why
    assert ("team", "plan_removed") in kinds(gone)
    assert 0 < kept[0][0]


def test_a_plan_that_is_renamed_stays_one_plan(tmp_path: Path, door: Door) -> None:
    """Solo becomes Personal with the same terms: a new name, no plan added or removed."""
    with street(tmp_path, ["alder"]) as town:
        vendor_file = town.vendors / "alder.yaml"
        vendor_file.write_text(vendor_file.read_text().replace("[Solo, Team]", "[Team]"))
        told = days(town, door, [pricing(), pricing().replace("Solo", "Personal")])

    assert {("personal", "plan_renamed")} == kinds(told)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        pytest.param(pricing(credits="0 credits included"), "allowance_removed", id="allowance"),
        pytest.param(pricing(rate="0.04"), "rate_increased", id="unit-price"),
    ],
)
def test_a_lever_that_moves_in_silence_is_critical(tmp_path: Path, door: Door, after: str, kind: str) -> None:
    """No headline moved, and still the bill did."""
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), after])

    (change,) = [one for one in told if one.kind == kind]
    assert (Severity.CRITICAL, Cause.VENDOR, "solo") == (change.severity, change.cause, change.plan)
    assert "headline price unchanged" in change.verdict
    assert {kind} == {one for _, one in kinds(told)}


def test_white_space_and_words_around_the_prices_are_no_change(tmp_path: Path, door: Door) -> None:
    restyled = (
        pricing(more="<section><h2>Loved by teams</h2><p>“It just works.”</p></section>")
        .replace("<li>", "\n   <li class='x'> ")
        .replace('class="plan"', 'data-id="7" class="card shadow"')
    )
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), restyled])

    assert [] == told


@pytest.mark.parametrize(
    ("page", "suspicion"),
    [
        pytest.param(pricing(rate="30"), "x1000", id="a-rate-per-thousand-read-as-one-each"),
        pytest.param(pricing(team="480"), "x12", id="a-years-total-read-as-a-months"),
        pytest.param(pricing(team="4"), "div10", id="a-lost-digit"),
        pytest.param(pricing(team="4000"), "x100", id="a-lost-decimal-point"),
    ],
)
def test_a_step_that_looks_like_a_misreading_is_held_by_its_name(
    tmp_path: Path, door: Door, page: str, suspicion: str
) -> None:
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), page])
        (why,) = held(town)

    assert [] == told
    assert f"({suspicion})" in why


def test_a_held_step_that_stays_for_days_is_told_then(tmp_path: Path, door: Door) -> None:
    """Three captures over two days agree: a vendor may indeed ask twelve times as much."""
    with street(tmp_path, ["alder"]) as town:
        told = days(town, door, [pricing(), *[pricing(team="480")] * 3])

    assert {("team", "price_increased")} == kinds(told)
