"""What is published for people and tools: a fresh file, whole, old enough to be read, closed to everything else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pricing_pipeline.errors import CaptureError, WarehouseError
from pricing_pipeline.facts import Evidence, Observation, TermKind
from pricing_pipeline.results import PublishedRange
from tests.warehouse.house import (
    APRIL,
    DAY,
    MAY,
    PAGE,
    House,
    allowance,
    april,
    fee,
    hold,
    may,
    nothing_included,
    page,
    plan,
    rate,
)
from warehouse import frames
from warehouse.catalog import read_catalog
from warehouse.changes import history_of
from warehouse.connection import Connection, open_reports
from warehouse.reports import list_reports, report, write_reports
from warehouse.verify import evidence_problems


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Connection]]:
    """A house that saw April, then May, and holds a page of June."""
    house = House(tmp_path_factory.mktemp("house"))
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, may(), MAY)
        house.judge = hold
        house.see(con, page(plan("solo"), fee("solo", "120")), MAY + 30 * DAY)
        yield house, con


@pytest.fixture(scope="module")
def published(lived: tuple[House, Connection], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("edition 'one'") / "reports.duckdb"
    write_reports(lived[1], path)
    return path


def test_the_file_stands_alone(published: Path) -> None:
    """No write-ahead log, no leftover: copying the one file copies everything."""
    assert ["reports.duckdb"] == [file.name for file in published.parent.iterdir()]


def test_older_tools_can_read_it(published: Path) -> None:
    """Storage version 65 is that of DuckDB 1.2; the newest default is read by the newest tools only."""
    assert 65 == int.from_bytes(published.read_bytes()[12:20], "little")


def test_what_holds_now_and_what_held_then_can_be_asked(published: Path) -> None:
    with open_reports(published) as con:
        now = con.execute("SELECT amount FROM current_terms WHERE plan = 'solo' AND term = 'usage_rate'").fetchall()
        then = con.execute(
            "SELECT amount FROM as_of(TIMESTAMPTZ '2026-04-15', TIMESTAMPTZ '2026-06-01') "
            "WHERE plan = 'solo' AND term = 'usage_rate'"
        ).fetchall()

    assert ([(Decimal("0.04"),)], [(Decimal("0.03"),)]) == (now, then)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "ALTER TABLE edition DROP COLUMN layout",
            "made by an older version of this program; `pricing-pipeline publish`",
        ),
        ("UPDATE edition SET layout = 'x', schema_version = 1", "made by an older version of this program"),
        ("UPDATE edition SET layout = 'x'", "made by another version of this program"),
        ("UPDATE edition SET schema_version = 9999", "made by a newer version; update pricing-pipeline"),
    ],
)
def test_an_edition_of_another_version_says_so_and_what_to_do(
    published: Path, tmp_path: Path, change: str, says: str
) -> None:
    """In one line, before a question fails on a table that it does not hold."""
    path = tmp_path / "reports.duckdb"
    shutil.copy(published, path)
    with duckdb.connect(str(path)) as con:
        con.execute(change)

    with pytest.raises(WarehouseError) as caught, open_reports(path):
        pass
    assert says in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())


def test_tables_say_what_they_hold(published: Path) -> None:
    with open_reports(published) as con:
        bare = con.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall()

    assert [] == bare


@pytest.mark.parametrize("statement", [
    "COPY (SELECT 1) TO '/tmp/out.csv'", "SELECT * FROM read_text('/etc/hostname')", "ATTACH '/tmp/other.duckdb'",
    "SET enable_external_access = true", "CREATE TABLE mine (one INTEGER)", "INSTALL httpfs",
])  # fmt: skip
def test_no_statement_leaves_the_published_file(published: Path, statement: str) -> None:
    with open_reports(published) as con, pytest.raises(duckdb.Error):
        con.execute(statement)


def test_a_reader_keeps_what_it_opened_while_the_next_edition_is_written(
    lived: tuple[House, Connection], tmp_path: Path
) -> None:
    path = tmp_path / "reports.duckdb"
    write_reports(lived[1], path)
    with open_reports(path) as reader:
        write_reports(lived[1], path)

        assert [(7,)] == reader.execute("SELECT count(*) FROM current_terms").fetchall()


@pytest.mark.parametrize("name", [one.name for one in list_reports()])
def test_every_report_can_be_asked(published: Path, name: str) -> None:
    with open_reports(published) as con:
        assert report(con, name).columns


def test_the_cheapest_plan_at_a_workload(published: Path) -> None:
    with open_reports(published) as con:
        told = report(con, "cheapest_plans", {"workload": "one-seat-15000-credits"})

    row = dict(zip(told.columns, told.rows[0], strict=True))
    assert ("Solo", Decimal(610), 1) == (row["plan"], row["monthly_to"], row["rank_of_all"])


def test_what_an_allowance_would_cost_at_the_plans_own_rate(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        write_reports(con, tmp_path / "reports.duckdb")
    with open_reports(tmp_path / "reports.duckdb") as con:
        told = report(con, "allowance_value")

    worth = {row[told.columns.index("plan")]: row[told.columns.index("worth")] for row in told.rows}
    assert {"solo": Decimal(225), "starter": Decimal(900)} == worth


def test_unknown_reports_and_parameters_are_named_with_what_there_is(published: Path) -> None:
    with open_reports(published) as con:
        with pytest.raises(
            WarehouseError, match=r"no report is called 'costs'; there are allowance_value, .*cheapest_plans"
        ):
            report(con, "costs")
        with pytest.raises(WarehouseError, match="no parameter plan; its parameters: workload, product"):
            report(con, "cheapest_plans", {"plan": "solo"})
        with pytest.raises(WarehouseError, match=r"report whats_changed: .*correct the parameter"):
            report(con, "whats_changed", {"since": "yesterday"})


def test_a_parameter_is_a_value_whatever_it_holds(published: Path) -> None:
    with open_reports(published) as con:
        assert [] == report(con, "plan_history", {"plan": "solo' OR true --"}).rows


def test_the_catalog_tells_what_stands_and_what_it_was_before(lived: tuple[House, Connection]) -> None:
    house, con = lived
    catalog = read_catalog(con, sources=house.sources, workloads=house.workloads)

    rate = next(it for it in catalog.terms if it.term.plan == "solo" and it.term.term == "usage_rate")
    assert (Decimal("0.04"), MAY, MAY) == (rate.term.amount, rate.provenance.valid_from, rate.provenance.verified_at)
    assert rate.previous is not None
    assert Decimal("0.03") == rate.previous.amount
    told = [it for it in catalog.cost_history if (it.plan, it.workload) == ("solo", "one-seat-15000-credits")]
    assert [(Decimal(235), APRIL, MAY), (Decimal(610), MAY, None)] == [
        (it.cost.high, it.valid_from, it.valid_to) for it in told
    ]
    assert ["solo", "starter"] == [it.plan.slug for it in catalog.plans]
    assert 1 == len(catalog.held)
    assert catalog == read_catalog(con, sources=house.sources, workloads=house.workloads)


def test_what_names_no_period_follows_what_was_counted_by_the_month(tmp_path: Path) -> None:
    """As "no credits included" follows "7,500 credits a month"."""
    house, without = House(tmp_path), may()
    terms = [replace(term, billing_period=None) if term.term is TermKind.ALLOWANCE else term for term in without.terms]
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, replace(without, terms=tuple(terms)), MAY)
        catalog = read_catalog(con, sources=house.sources, workloads=house.workloads)
    gone = next(it for it in catalog.terms if it.term.plan == "solo" and it.term.term is TermKind.ALLOWANCE)

    assert gone.previous is not None
    assert (Decimal(7500), "month") == (gone.previous.quantity, gone.previous.billing_period)


def test_what_a_held_page_would_change_is_pending(lived: tuple[House, Connection]) -> None:
    house, con = lived
    catalog = read_catalog(con, sources=house.sources, workloads=house.workloads)

    pending = {(it.term.plan, str(it.term.term)): it.pending for it in catalog.terms}

    assert pending["solo", "recurring_fee"]
    assert pending["starter", "recurring_fee"]


def test_the_history_of_a_plan(lived: tuple[House, Connection]) -> None:
    _, con = lived

    told = history_of(con, "dagster-plus.solo")

    assert told == history_of(con, "dagster/dagster-plus/solo")
    assert [(Decimal("0.03"), APRIL, MAY), (Decimal("0.04"), MAY, None)] == [
        (it.term.amount, it.valid_from, it.valid_to) for it in told if it.term.term == "usage_rate"
    ]


def test_a_quote_that_is_not_in_its_page_is_found(lived: tuple[House, Connection]) -> None:
    _, con = lived

    def blob(_: str) -> bytes:
        return b"Solo Starter $10 $100 no credits included $0.040"

    def holds(body: bytes, evidence: list[Evidence]) -> list[bool]:
        return [one.quote.encode() in body for one in evidence]

    told = list(evidence_problems(con, blob=blob, holds=holds))  # type: ignore[arg-type]

    assert [
        f"{PAGE}: term all plans usage_rate serverless_minute",
        f"{PAGE}: term starter usage_rate credit",
    ] == sorted(line.split(": the quote")[0] for line in told)


def test_evidence_whose_bytes_are_gone_is_lost(lived: tuple[House, Connection]) -> None:
    def blob(sha256: str) -> bytes:
        raise CaptureError(f"blob {sha256[:6]} is missing")

    told = list(evidence_problems(lived[1], blob=blob, holds=lambda _, evidence: [True] * len(evidence)))

    assert all("is lost (blob" in line for line in told)
    assert told


def test_frames_name_the_misreading_a_step_looks_like(tmp_path: Path) -> None:
    """The annual total read as a month's fee, and half the plans gone."""
    from warehouse import captures, observations

    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.captured(page(plan("solo"), fee("solo", "120")), MAY)
        captures.sync(con, house.log)
        batch = captures.pending_batch(con, extractor_version="1")
        observations.stage(con, [(capture, house.read(capture)) for capture in batch.read])

        step = frames.step(con)
        seen = frames.observations(con)

    named = {row[step.columns.index("subject")]: row[step.columns.index("suspicion")] for row in step.rows}
    assert {"page": None, "plans": "plans_collapsed", "solo/recurring_fee/month": "x12"} == named
    assert (1, 1) == (seen.rows[0][seen.columns.index("plan_count")], seen.rows[0][seen.columns.index("term_count")])


def test_a_coherent_step_names_no_misreading(tmp_path: Path) -> None:
    """May 2026: large, but every figure quoted and none of them a factor of ten or twelve."""
    from warehouse import captures, observations

    house = House(tmp_path)
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.captured(may(), MAY)
        captures.sync(con, house.log)
        batch = captures.pending_batch(con, extractor_version="1")
        observations.stage(con, [(capture, house.read(capture)) for capture in batch.read])

        step = frames.step(con)

    assert {None} == {row[step.columns.index("suspicion")] for row in step.rows}


def _suspicions(folder: Path, before: Observation, after: Observation) -> set[str | None]:
    """The misreadings that the frame names for a step from one page to the next."""
    from warehouse import captures, observations

    house = House(folder)
    with house.open() as con:
        house.see(con, before, APRIL)
        house.captured(after, MAY)
        captures.sync(con, house.log)
        batch = captures.pending_batch(con, extractor_version="1")
        observations.stage(con, [(capture, house.read(capture)) for capture in batch.read])
        step = frames.step(con)
    return {row[step.columns.index("suspicion")] for row in step.rows}


@pytest.mark.parametrize(
    ("quote", "suspicion"),
    [
        pytest.param("$100 a month", "x10", id="the-new-figure-alone"),
        pytest.param("raised from $10 to $100 a month", None, id="both-figures-in-one-quote"),
    ],
)
def test_a_step_that_the_page_itself_prints_is_no_misreading(tmp_path: Path, quote: str, suspicion: str | None) -> None:
    before = page(plan("solo"), fee("solo", "10"))
    after = page(plan("solo"), fee("solo", "100", quote=quote))

    assert {None, suspicion} == _suspicions(tmp_path, before, after)


def test_the_last_plan_that_goes_looks_like_a_half_loaded_page(tmp_path: Path) -> None:
    """Even where it was the only one, and a rate for the whole product is still read."""
    minutes = rate(None, "0.005", metric="serverless_minute")

    assert {None, "plans_collapsed"} == _suspicions(tmp_path, page(plan("solo"), minutes), page(minutes))


def test_a_price_that_is_gone_beside_a_rate_that_stays_looks_like_a_half_loaded_page(tmp_path: Path) -> None:
    """A skeleton prints "$--" for the price while the rate per credit, which is plain text, is there already."""
    before = page(plan("solo"), fee("solo", "10"), rate("solo", "0.03"))
    after = page(plan("solo"), rate("solo", "0.03"))

    assert {None, "price_vanished"} == _suspicions(tmp_path, before, after)


def test_plans_that_lose_most_of_what_they_include_look_like_a_rebuilt_page(tmp_path: Path) -> None:
    """Four allowances are read no longer. Said to be no longer included, they are the vendor's word; with their plan they go
    as a plan goes."""
    metrics = ("credit", "job", "event", "report")
    fees = (plan("solo"), fee("solo", "10"), plan("team"), fee("team", "50"), allowance("team", "9"))
    before = page(*fees, *(allowance("solo", "9", metric=metric) for metric in metrics))
    denied = page(*fees, *(nothing_included("solo", metric=metric) for metric in metrics))
    gone = page(*fees[2:])

    for place, (after, named) in enumerate(
        [(page(*fees), {None, "counts_collapsed"}), (denied, {None}), (gone, {None, "plans_collapsed"})]
    ):
        assert named == _suspicions(tmp_path / str(place), before, after)


def test_a_price_that_gives_way_to_a_rate_says_what_holds_instead(tmp_path: Path) -> None:
    before = page(plan("solo"), fee("solo", "10"))
    after = page(plan("solo"), rate("solo", "0.03"))

    assert {None} == _suspicions(tmp_path, before, after)


@pytest.mark.parametrize(
    ("period", "unknown"), [("month", 0), ("4_weeks", 0), ("2_years", 0), ("fortnight", 1), (None, 1)]
)
def test_a_counted_period_is_a_known_one(tmp_path: Path, period: str | None, unknown: int) -> None:
    """Four weeks are no month, but nobody has to ask what period the fee is for."""
    from warehouse import captures, observations

    house = House(tmp_path)
    with house.open() as con:
        house.see(con, page(plan("solo"), fee("solo", "9")), APRIL)
        house.captured(page(plan("solo"), replace(fee("solo", "10"), billing_period=period)), MAY)
        captures.sync(con, house.log)
        batch = captures.pending_batch(con, extractor_version="1")
        observations.stage(con, [(capture, house.read(capture)) for capture in batch.read])
        seen = frames.observations(con)

    assert [unknown] == [row[seen.columns.index("unknown_period")] for row in seen.rows]


def test_a_page_in_another_currency_names_both(tmp_path: Path) -> None:
    from warehouse import captures, observations

    house = House(tmp_path)
    with house.open() as con:
        house.see(con, page(plan("solo"), fee("solo", "10")), APRIL)
        house.captured(page(plan("solo"), replace(fee("solo", "9"), currency="EUR")), MAY)
        captures.sync(con, house.log)
        batch = captures.pending_batch(con, extractor_version="1")
        observations.stage(con, [(capture, house.read(capture)) for capture in batch.read])
        step = frames.step(con)

    named = {row[step.columns.index("suspicion")]: row[step.columns.index("subject")] for row in step.rows}
    assert "USD to EUR" == named["currency_view"]


def test_the_frame_of_changes_shows_the_silent_rise(lived: tuple[House, Connection]) -> None:
    _, con = lived
    ids = [row[0] for row in con.execute("SELECT change_id FROM change WHERE state = 'accepted'").fetchall()]

    frame = frames.changes(con, ids)

    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.rows]
    solo = next(row for row in rows if row["plan"] == "solo" and row["kind"] == "allowance_removed")
    assert (True, True, False) == (solo["silent_cost_rise"], solo["allowance_removed"], solo["headline_moved"])
    assert 31.0 == solo["cost_ratio"]


def test_the_frame_of_captures_tells_age_and_trouble(lived: tuple[House, Connection]) -> None:
    frame = frames.captures(lived[1], at=MAY + 40 * DAY)

    assert [(PAGE, "dagster", "pricing", "fetched", 960.0, 24, True, 0, False, False, False)] == frame.rows


def test_a_page_that_waits_to_be_read_is_not_overdue_yet(lived: tuple[House, Connection]) -> None:
    """It may confirm its facts in a moment; every first refresh would raise that alarm."""
    _, con = lived
    con.execute("BEGIN TRANSACTION")
    con.execute("INSERT INTO pending SELECT position, capture_id, source_id FROM capture LIMIT 1")

    (row,) = frames.captures(con, at=MAY + 40 * DAY).rows
    con.execute("ROLLBACK")

    assert (960.0, False) == (row[4], row[6])


def test_the_frame_of_history_is_clean_and_counts_what_is_not(lived: tuple[House, Connection]) -> None:
    _, con = lived
    assert [("dagster", "dagster-plus", 7, 0, 0, 0, 0)] == frames.history(con).rows
    con.execute("SET VARIABLE revised_since = NULL")
    con.execute("BEGIN TRANSACTION")
    con.execute("INSERT INTO term_standing SELECT * FROM term_standing WHERE plan = 'solo' AND term = 'recurring_fee'")
    con.execute("DELETE FROM plan_standing WHERE plan = 'starter'")
    broken = frames.history(con).rows
    con.execute("ROLLBACK")

    assert [("dagster", "dagster-plus", 8, 1, 1, 0, 3)] == broken


def test_asking_a_report_does_not_wait_for_pandas(published: Path) -> None:
    """DuckDB imports it, for two seconds, when the first value is bound; so no value is."""
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from warehouse.connection import open_reports\n"
        "from warehouse.reports import report\n"
        "with open_reports(Path(sys.argv[1])) as con:\n"
        "    report(con, 'plan_history', {'plan': 'solo'})\n"
        "print('pandas' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(published)], cwd=root, capture_output=True, text=True, check=True
    )

    assert "False" == done.stdout.strip()


def test_which_plan_is_the_cheapest_is_asked_for_by_the_products_own_name(
    lived: tuple[House, Connection], tmp_path: Path
) -> None:
    """Pages tell products of one slug apart by their vendor; the database has their own slugs."""
    told = PublishedRange(
        verdict="w-1", position=1, compared=("dagster/dagster-dagster-plus", "acme/flows"), metric="credit",
        besides={"seat": Decimal(1)}, above=None, up_to=Decimal(18000), vendor="dagster", product="dagster-dagster-plus",
        plan="solo", unknown=("dagster/dagster-dagster-plus/pro",),
    )  # fmt: skip
    nobody = replace(told, position=2, above=Decimal(18000), up_to=None, vendor=None, product=None, plan=None)
    write_reports(lived[1], tmp_path / "reports.duckdb", (told, nobody))
    with open_reports(tmp_path / "reports.duckdb") as con:
        asked = report(con, "cheapest_by_use", {"product": "dagster-plus"})
        rows = con.execute("SELECT product, plan, unknown FROM cheapest_by_use").fetchall()

    assert [
        ("dagster/dagster-plus, acme/flows", "credit", None, 18000, "Solo", "cheapest of those known"),
        ("dagster/dagster-plus, acme/flows", "credit", 18000, None, None, "cannot be told"),
    ] == [(*row[:2], *row[3:5], *row[6:]) for row in asked.rows]
    assert [
        ("dagster-plus", "solo", '["dagster/dagster-plus/pro"]'),
        (None, None, '["dagster/dagster-plus/pro"]'),
    ] == rows
