"""The published `reports.duckdb`: a fresh file for people and BI tools, and the documented questions asked of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.results import PublishedRange
from warehouse import edition_layout, migrations
from warehouse.catalog import edition_clock
from warehouse.columns import as_text, insert, plan_from
from warehouse.connection import Connection
from warehouse.frames import Frame
from warehouse.ledger import Owner
from warehouse.pricing import is_hosted, self_hosted_plans
from warehouse.sql import HERE, filled, sql

# Older than what DuckDB writes by default, so that every 1.x and 2.x tool can read it.
STORAGE_VERSION = "v1.2.0"
_RANGE = (
    "verdict", "position", "compared", "metric", "besides", "above", "up_to", "vendor", "product", "plan", "unknown",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A documented question: what it answers, and the parameters that its `$names` stand for."""

    name: str
    answers: str
    parameters: tuple[str, ...]


def write_reports(con: Connection, path: Path, cheapest: Sequence[PublishedRange] = ()) -> None:
    """Write the reports file at `path`: a new file beside it, checkpointed, on the disk, then renamed into place.

    `cheapest` is what the edition says of which plan is the cheapest from how much use on, which no table holds.
    Readers of a former file keep what they opened. Raises WarehouseError where the disk does not take it.
    """
    making = path.with_name(f".{path.name}.making-{os.getpid()}")
    _remove(making)
    try:
        with _attached(con, making):
            _fill(con, cheapest)
        _sync(making)
        if _wal(making).exists():
            raise WarehouseError(f"{_wal(making)}: the reports file was not checkpointed; publish again")
        making.replace(path)
        _sync(path.parent)
    except (duckdb.IOException, OSError) as error:
        raise WarehouseError(
            f"{path}: cannot be written ({str(error).splitlines()[0]}); free or repair the disk"
        ) from error
    finally:
        _remove(making)


def list_reports() -> tuple[Report, ...]:
    """Every report that can be asked for, by name."""
    return tuple(_described(file) for file in sorted((HERE / "reports").glob("*.sql")))


def report(con: Connection, name: str, params: Mapping[str, str] | None = None) -> Frame:
    """Ask one documented question of the reports file. A parameter left out is NULL, which each report reads as "all".

    Raises WarehouseError naming the reports, or the parameters, that there are.
    """
    known = {one.name: one for one in list_reports()}
    if name not in known:
        raise WarehouseError(f"no report is called {name!r}; there are {', '.join(known)}")
    given = dict(params or {})
    strangers = sorted(given.keys() - set(known[name].parameters))
    if strangers:
        there = ", ".join(known[name].parameters) or "none"
        raise WarehouseError(f"report {name} has no parameter {', '.join(strangers)}; its parameters: {there}")
    values = {parameter: given.get(parameter) for parameter in known[name].parameters}
    try:
        done = con.execute(filled(f"reports/{name}", values))
    except duckdb.ConversionException as error:
        raise WarehouseError(f"report {name}: {str(error).splitlines()[0]}; correct the parameter") from error
    rows = done.fetchall()
    return Frame(tuple(column[0] for column in done.description or ()), rows)


def _own_slugs(con: Connection) -> dict[str, str]:
    """The path (vendor/product) of each product by those that pages may have for it: they tell products of one slug apart
    by putting their vendor before it."""
    found = [
        (str(vendor), str(product)) for vendor, product in con.execute("FROM product SELECT vendor, product").fetchall()
    ]
    told_apart = {f"{one}/{one}{hyphens}{other}": f"{one}/{other}" for one, other in found for hyphens in ("-", "--")}
    return told_apart | {f"{one}/{other}": f"{one}/{other}" for one, other in found}


def _range(one: PublishedRange, own: Mapping[str, str]) -> tuple[object, ...]:
    besides = {metric: as_text(used) for metric, used in one.besides.items()}
    compared = ", ".join(own.get(path, path) for path in one.compared)
    path = f"{one.vendor}/{one.product}"
    product = None if one.product is None else own.get(path, path).partition("/")[2]
    unknown = [
        "/".join((own.get(path, path), plan)) for path, _, plan in (plan.rpartition("/") for plan in one.unknown)
    ]
    where = (one.verdict, one.position, compared, one.metric, json.dumps(besides), one.above, one.up_to)
    return (*where, one.vendor, product, one.plan, json.dumps(unknown))


def _described(file: Path) -> Report:
    text = file.read_text(encoding="utf-8")
    first = text.splitlines()[0].removeprefix("--").strip()
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return Report(name=file.stem, answers=first, parameters=tuple(dict.fromkeys(re.findall(r"\$(\w+)", body))))


def _fill(con: Connection, cheapest: Sequence[PublishedRange]) -> None:
    con.execute("SET VARIABLE edition_clock = ?::TIMESTAMPTZ", [edition_clock(con)])
    con.execute("SET VARIABLE edition_schema = ?::INTEGER", [migrations.latest()])
    con.execute("SET VARIABLE edition_layout = ?::VARCHAR", [edition_layout.layout()])
    con.execute(
        "CREATE OR REPLACE TEMP TABLE hosted_plan (vendor VARCHAR, product VARCHAR, plan VARCHAR, is_hosted BOOLEAN)"
    )
    listed = self_hosted_plans(con)
    rows = con.execute(
        "SELECT vendor, product, plan, name, state, quote, locator, surface FROM plan_standing "
        "WHERE valid_to > getvariable('edition_clock')::TIMESTAMPTZ"
    )
    hosted = [
        (
            row[0],
            row[1],
            row[2],
            row[2] not in listed.get(Owner(row[0], row[1]), ()) and is_hosted(plan_from(row[2:]), None),
        )
        for row in rows.fetchall()
    ]
    insert(con, "hosted_plan", ("vendor", "product", "plan", "is_hosted"), hosted)
    con.execute(sql("edition/cheapest_range"))
    slugs = _own_slugs(con)
    insert(con, "cheapest_range", _RANGE, (_range(one, slugs) for one in cheapest))
    con.execute(sql("edition/tables"))
    con.execute("DROP TABLE hosted_plan")
    con.execute("DROP TABLE cheapest_range")
    # a macro or a view finds its tables only in the database that is in use: that is the published file for a moment
    own = con.execute("SELECT current_database()").fetchall()[0][0]
    con.execute("USE edition")
    try:
        con.execute(sql("edition/as_of"))
        con.execute(sql("edition/views"))
    finally:
        con.execute(f'USE "{own}"')
    con.execute("CHECKPOINT edition")


@contextlib.contextmanager
def _attached(con: Connection, path: Path) -> Iterator[None]:
    quoted = str(path).replace("'", "''")
    con.execute(f"ATTACH '{quoted}' AS edition (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        yield
    finally:
        con.execute("DETACH edition")


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _wal(path).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
