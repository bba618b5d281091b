"""The worked example from end to end: Dagster+ takes its credits away on 1 May 2026, and no headline price moves."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.program import ROOT, DemoRun, Done, digests, dump, run

PRODUCT = "dagster-plus"


@pytest.fixture(scope="module")
def changes(demo: DemoRun) -> list[dict[str, Any]]:
    done = demo.ask("changes", "--format", "json")
    assert (0, "") == (done.code, done.err)
    listed: list[dict[str, Any]] = done.json
    return listed


@pytest.fixture(scope="module")
def published(demo: DemoRun) -> Path:
    return demo.home / "editions" / "current"


@pytest.fixture(scope="module")
def second(demo: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A copy of the home in which the demo was run once more."""
    home = demo.copy(Path(tmp_path_factory.mktemp("again")) / "home")
    return home, run("demo", home=home)


def one(changes: list[dict[str, Any]], kind: str, plan: str | None, metric: str | None = None) -> dict[str, Any]:
    """The one change of a kind."""
    (found,) = [c for c in changes if (c["kind"], c["plan"], c["metric"]) == (kind, plan, metric)]
    return found


def read(published: Path, name: str) -> list[dict[str, Any]]:
    """The rows of one of the edition's JSON files."""
    rows: list[dict[str, Any]] = json.loads((published / "v1" / f"{name}.json").read_text("utf-8"))[name]
    return rows


@pytest.mark.parametrize(
    ("kind", "plan", "metric", "before", "after", "currency"),
    [
        ("allowance_removed", "solo", "credit", "7500", None, None),
        ("allowance_removed", "starter", "credit", "30000", None, None),
        ("rate_increased", "solo", "credit", "0.03", "0.04", "USD"),
        ("rate_increased", "starter", "credit", "0.03", "0.035", "USD"),
        ("rate_increased", None, "serverless_minute", "0.005", "0.01", "USD"),
    ],
    ids=["Solo's credits", "Starter's credits", "Solo's rate", "Starter's rate", "serverless minutes"],
)
def test_every_lever_that_was_moved_is_reported(
    changes: list[dict[str, Any]],
    kind: str,
    plan: str | None,
    metric: str,
    before: str,
    after: str | None,
    currency: str | None,
) -> None:
    """As the vendor's doing, on the day it was seen, with the day it holds from."""
    change = one(changes, kind, plan, metric)

    assert (before, after, currency) == (change["before"], change["after"], change["currency"])
    assert ("vendor", "accepted") == (change["cause"], change["state"])
    assert ("2026-05-01T06:00:00Z", "2026-05-01") == (change["observed_at"], change["effective_at"])
    assert ("dagster", PRODUCT) == (change["vendor"], change["product"])


def test_nothing_else_is_reported(changes: list[dict[str, Any]]) -> None:
    """Not the new banner, not the bot wall, not a headline price, and nothing of Prefect."""
    assert {
        ("allowance_removed", "solo"),
        ("allowance_removed", "starter"),
        ("rate_increased", "solo"),
        ("rate_increased", "starter"),
        ("rate_increased", None),
        ("cost_increased", "solo"),
        ("cost_increased", "starter"),
        ("cheapest_plan_changed", "solo"),
    } == {(change["kind"], change["plan"]) for change in changes}
    assert {"accepted"} == {change["state"] for change in changes}
    assert {"vendor"} == {change["cause"] for change in changes}


@pytest.mark.parametrize(
    ("plan", "verdict"),
    [
        (
            "solo",
            "Solo: included credits 7,500 → 0; headline price unchanged; at 7,500 credits a month $10.00 → $310.00",
        ),
        (
            "starter",
            "Starter: included credits 30,000 → 0; headline price unchanged; at 30,000 credits a month $100.00 → $1,150.00",
        ),
    ],
)
def test_the_verdict_says_in_one_sentence_what_it_costs(
    demo: DemoRun, changes: list[dict[str, Any]], plan: str, verdict: str
) -> None:
    """At the allowance that was taken away, since at no use nothing changes. The demo prints the same sentence."""
    change = one(changes, "allowance_removed", plan, "credit")

    assert verdict == change["verdict"]
    assert "critical" == change["severity"]
    assert verdict in demo.done.out


def test_the_cheapest_plan_flips_where_an_editor_would_recommend_the_wrong_one(
    demo: DemoRun, changes: list[dict[str, Any]]
) -> None:
    flips = [change for change in changes if change["kind"] == "cheapest_plan_changed"]

    assert {"one-seat-15000-credits"} == {cost["workload"] for flip in flips for cost in flip["costs"]}
    assert {("100.00", "610.00")} == {(cost["before"], cost["after"]) for flip in flips for cost in flip["costs"]}
    assert "cheapest Dagster+ plan Starter ($100.00) → Solo ($610.00)" in demo.done.out


def test_changes_are_printed_in_the_settled_form(changes: list[dict[str, Any]]) -> None:
    """Programs read it, so neither a key nor the form of a value may move."""
    change = one(changes, "allowance_removed", "solo", "credit")

    assert [
        "id", "vendor", "product", "plan", "lever", "kind", "metric", "before", "after", "currency", "observed_at",
        "announced_at", "effective_at", "cause", "severity", "state", "verdict", "costs",
    ] == list(change)  # fmt: skip
    assert "allowance" == change["lever"]
    assert {
        "workload": f"own-{PRODUCT}-solo-credit-7500",
        "plan": "solo",
        "before": "10.00",
        "after": "310.00",
    } in change["costs"]
    assert re.fullmatch(r"[0-9a-f]{8,}", change["id"])
    assert sorted(changes, key=lambda one: one["observed_at"]) == changes


def test_the_years_total_of_the_hidden_pane_is_no_monthly_price(published: Path) -> None:
    """$120 and $1,200 stand on the page for a year; as prices of a month they would be twelve times too high."""
    yearly = [term for term in read(published, "terms") if term["amount"] in ("120", "1200")]
    totals = {cost["high"] for cost in read(published, "costs") if cost["product"] == PRODUCT}

    assert [("year", "inactive_pane")] * 2 == [(term["billing_period"], term["evidence"]["surface"]) for term in yearly]
    assert totals.isdisjoint({"120", "1200"})
    for page in published.resolve().rglob("*.html"):
        # the scale of a chart counts in round figures; what it draws stands in the table beneath it
        text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page.read_text("utf-8"), flags=re.DOTALL)
        for found in re.finditer(r"\$(?:120|1,200)(?:\.00)?\b", text):
            around = " ".join(text[found.start() - 30 : found.end() + 30].split())
            assert re.search(r"(?:a|/) ?year|credits × \$0.04 =", around), f"{page.name}: {around}"


def test_the_allowances_of_the_hidden_pane_are_no_facts_of_the_offer(published: Path) -> None:
    """The pane still says 7,500 and 30,000 credits in May."""
    allowances = [
        term for term in read(published, "terms") if (term["term"], term["metric"]) == ("allowance", "credit")
    ]

    assert {"not_included"} == {term["state"] for term in allowances if term["product"] == PRODUCT}


def test_the_bot_wall_takes_nothing_away(published: Path) -> None:
    """Prefect's rating stays up with the day it was read, and the source says since when it is blocked."""
    (rating,) = [rating for rating in read(published, "ratings") if rating["vendor"] == "prefect"]
    states = {row["source"]: row for row in json.loads((published / "v1/freshness.json").read_text())["sources"]}
    walled = states["prefect/prefect-cloud/reviews/g2"]
    page = (published / "compare" / "prefect-vs-dagster.html").read_text("utf-8")

    assert ("4.5", "5", 124) == (rating["rating"], rating["scale"], rating["review_count"])
    assert "2026-04-30T06:00:00Z" == rating["captured_at"]
    assert ("blocked", "2026-05-01T06:00:00Z") == (walled["outcome"], walled["broken_since"])
    assert "2026-04-30T06:00:00Z" == walled["verified_at"]
    assert "4.5 of 5" in re.sub(r"<[^>]+>", "", page)


def test_a_product_without_ratings_is_not_given_one(published: Path) -> None:
    (rating,) = [rating for rating in read(published, "ratings") if rating["vendor"] == "dagster"]

    assert ("no_ratings_yet", None) == (rating["state"], rating["rating"])


def test_every_published_fact_quotes_the_page_it_was_read_from(published: Path) -> None:
    for fact in [*read(published, "terms"), *read(published, "ratings"), *read(published, "plans")]:
        assert fact["evidence"]["quote"].strip(), fact["id"]
        assert fact["url"].startswith("https://"), fact["id"]


def test_the_demo_says_where_to_look(demo: DemoRun) -> None:
    for path in ("editions/current/index.html", "editions/current/reports.duckdb"):
        assert str(demo.home / path) in demo.done.err
        assert (demo.home / path).is_file()
    assert "Traceback" not in demo.done.err
    assert "Warning" not in demo.done.err


def test_running_the_demo_twice_changes_nothing(demo: DemoRun, second: tuple[Path, Done]) -> None:
    home, done = second

    assert 0 == done.code, done.err
    assert "Solo: included credits 7,500" in done.out, "what is on record is shown again"
    assert "nothing changed now" in done.err
    assert (demo.home / "editions/current").resolve().name == (home / "editions/current").resolve().name
    assert demo.files == digests(home / "editions/current")
    assert demo.dump == dump(home)


def test_a_rebuilt_warehouse_is_equal_to_the_one_that_lived(demo: DemoRun, tmp_path: Path) -> None:
    """Captures and decisions are the truth; everything else follows from them."""
    home = demo.copy(tmp_path / "home")
    (home / "warehouse.duckdb").unlink()
    done = run("rebuild", home=home)

    assert (0, "") == (done.code, done.out), done.err
    assert demo.dump == dump(home)

    again = run("publish", home=home)

    # Results of checks belong to the runs that made them, and only those runs had them.
    of_runs = {"checks.html", "manifest.json", "reports.duckdb"}
    published = digests(home / "editions/current")

    assert 0 == again.code, again.err
    assert demo.files.keys() == published.keys()
    assert {name for name in published if published[name] != demo.files[name]} <= of_runs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [no end\n", "prefect-vs-dagster.yaml:2:"),
        ("title: A\nproducts: [prefect-cloud, dagster-plus]\nsummary: B\ncolour: red\n", "colour"),
    ],
    ids=["no YAML", "an unknown key"],
)
def test_a_comparison_that_an_editor_broke_keeps_its_last_page(
    demo: DemoRun, tmp_path: Path, text: str, said: str
) -> None:
    """A slip of the pen takes nothing off the site; whoever publishes is told where it is."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "vendors", content / "vendors")
    (content / "comparisons").mkdir()
    (content / "comparisons" / "prefect-vs-dagster.yaml").write_text(text)
    home = demo.copy(tmp_path / "home")
    before = (home / "editions/current/compare/prefect-vs-dagster.html").read_bytes()
    done = run("publish", "--vendors", str(content / "vendors"), home=home)

    assert 1 == done.code
    assert said in done.err
    assert before == (home / "editions/current/compare/prefect-vs-dagster.html").read_bytes()
    assert "held back" in (home / "editions/current/index.html").read_text("utf-8").lower()


def test_the_cost_of_a_use_of_ones_own(demo: DemoRun) -> None:
    """Cheapest first, each step of the sum shown; plurals are understood."""
    rows = demo.ask("cost", "--set", "credits=15000", "--product", PRODUCT, "--format", "json").json
    priced = {row["plan"]: row for row in rows}

    assert ["Solo", "Starter"] == [row["plan"] for row in rows[:2]]
    assert ("610.00 USD", 1) == (priced["Solo"]["cost"], priced["Solo"]["rank"])
    assert ("625.00 USD", 2) == (priced["Starter"]["cost"], priced["Starter"]["rank"])
    assert "15,000 credits × $0.04 = $600.00" in priced["Solo"]["how"]
    assert "contact sales" == priced["Pro"]["cost"]


def test_the_history_of_a_plan_shows_both_values(demo: DemoRun) -> None:
    rows = demo.ask("history", f"{PRODUCT}.solo", "--format", "json").json
    credits = sorted(
        (row["from"], row["to"], row["value"]) for row in rows if row["term"].startswith("allowance credit")
    )

    assert [
        ("2026-04-30T06:00:00Z", "2026-05-01T00:00:00Z", "7500"),
        ("2026-05-01T00:00:00Z", None, "not_included"),
    ] == credits
    assert all(row["quote"] for row in rows)


def test_changes_can_be_narrowed_down(demo: DemoRun, changes: list[dict[str, Any]]) -> None:
    grave = demo.ask("changes", "--severity", "critical", "--format", "json").json
    later = demo.ask("changes", "--since", "2026-05-02", "--format", "json").json
    others = demo.ask("changes", "--vendor", "prefect", "--format", "json").json

    assert [change for change in changes if change["severity"] == "critical"] == grave
    assert ([], []) == (later, others)


# The demo announces nothing beforehand.
NOTHING_TO_SAY = {"announced"}


def test_the_documented_reports_can_all_be_asked(demo: DemoRun) -> None:
    listed = demo.ask("report", "--format", "json").json

    assert {"whats_changed", "cost_by_workload", "cheapest_plans", "plan_history"} <= {row["report"] for row in listed}
    for row in listed:
        asked = demo.ask("report", row["report"], "--format", "json")
        assert 0 == asked.code, asked.err
        assert asked.json or row["report"] in NOTHING_TO_SAY, row["report"]


def test_a_report_takes_its_parameters(demo: DemoRun) -> None:
    rows = demo.ask("report", "cost_by_workload", "-p", "workload=one-seat-15000-credits", "--format", "json").json

    assert "solo" in str(rows[0]).lower()
    assert "610" in str(rows[0])


def test_nothing_is_held_and_everything_is_sound(demo: DemoRun) -> None:
    held, verified = demo.ask("held", "--format", "json"), demo.ask("verify", "--format", "json")

    assert (0, []) == (held.code, held.json)
    assert (0, []) == (verified.code, verified.json), verified.err


def test_verify_finds_a_page_whose_bytes_were_tampered_with(demo: DemoRun, tmp_path: Path) -> None:
    home = demo.copy(tmp_path / "home")
    victim = max(
        (path for path in (home / "captures/blobs").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size
    )
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-20])
    done = run("verify", "--format", "json", home=home)

    assert 1 == done.code, done.err
    assert any(victim.name.partition(".")[0][:12] in str(row) for row in done.json), done.out


def test_the_doctor_names_what_needs_a_person(demo: DemoRun) -> None:
    """The walled source, since when, and what may be done about it; no other source of the demo's is broken."""
    done = demo.ask("doctor", "--format", "json")
    problems = [row for row in done.json if row["state"] == "problem" and not row["what"].startswith("check ")]

    assert 1 == done.code, done.err
    assert ["prefect/prefect-cloud/reviews/g2"] == [row["what"] for row in problems]
    assert "blocked since 2026-05-01" in problems[0]["says"]
    assert "bot wall" in problems[0]["do"]


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    "command", [("changes",), ("history", f"{PRODUCT}.solo"), ("cost",), ("report", "whats_changed")], ids=" ".join
)
def test_nothing_but_data_comes_out_of_a_pipe(demo: DemoRun, command: tuple[str, ...], form: str) -> None:
    done = demo.ask(*command, "--format", form)

    assert (0, "") == (done.code, done.err)
    assert "\x1b" not in done.out
    rows = done.json if form == "json" else list(csv.DictReader(io.StringIO(done.out)))
    assert rows
    assert 1 == len({tuple(row) for row in rows})


def test_money_is_printed_in_full(demo: DemoRun) -> None:
    """Never 1E+1, never 10.0000000000, never a float's 0.30000000000000004."""
    figures = re.findall(r'"(?:before|after|cost)": "([0-9.E+-]+)', demo.ask("changes", "--format", "json").out)

    assert figures
    assert all(
        re.fullmatch(r"\d+(\.\d+)?", figure) and Decimal(figure) == round(Decimal(figure), 4) for figure in figures
    )
