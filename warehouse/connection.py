"""Opening the warehouse and the published reports file. The only place that connects to DuckDB."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pricing_pipeline.errors import WarehouseError
from warehouse import edition_layout, migrations
from warehouse.locking import locked

Connection = duckdb.DuckDBPyConnection

# Nothing is downloaded at run time, and two threads leave room for the machine's other work.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
    "memory_limit": "2GB",
}
# The connections that are in a transaction, by identity: a connection cannot be asked.
_IN_TRANSACTION: set[int] = set()
REBUILD = "`pricing-pipeline rebuild` makes the warehouse again from the captures"


@contextlib.contextmanager
def open_warehouse(path: Path, *, read_only: bool = False, wait_seconds: float = 30) -> Iterator[Connection]:
    """The warehouse at `path`, its schema brought up to date, closed again whatever the body does.

    Raises WarehouseError if another process holds it for longer than `wait_seconds`, if it is newer than this program,
    damaged, or (read-only) not there yet. A write-ahead log that cannot be replayed is set aside, never deleted.
    """
    if read_only and not path.is_file():
        raise WarehouseError(f"{path}: there is no warehouse yet; `pricing-pipeline refresh` makes it")
    with contextlib.suppress(FileExistsError):
        path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path, shared=read_only, wait_seconds=wait_seconds):
        con = _connect(path, read_only=read_only)
        try:
            con.execute("SET TimeZone = 'UTC'")
            if read_only:
                migrations.require_current(con, path)
            else:
                migrations.migrate(con, path)
            yield con
        finally:
            _close(con)


def _what_publishes(path: Path) -> str:
    """What to do where a home has no reports; whoever has only run the demo means the demo's home, inside this one."""
    demo = Path(*path.parts[:-3], "demo")
    named = f"; to ask the demo's, add --home {demo}" if demo.joinpath(*path.parts[-3:]).is_file() else ""
    return f"`pricing-pipeline refresh` publishes{named}"


@contextlib.contextmanager
def open_reports(path: Path) -> Iterator[Connection]:
    """The published reports file, read-only: no statement can reach another file, the network, or change these
    settings.

    Raises WarehouseError where there is none, or where another version of the program made it.
    """
    if not path.is_file():
        raise WarehouseError(f"{path}: nothing is published yet; {_what_publishes(path)}")
    con = _connect(path.resolve(), read_only=True)  # through a link DuckDB may give back the former edition
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        edition_layout.require_known(con, path)
        yield con
    finally:
        con.close()


@contextlib.contextmanager
def open_files() -> Iterator[Connection]:
    """A connection without a database of its own, for files such as Parquet."""
    con = duckdb.connect(config=SETTINGS)
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


@contextlib.contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """All that the body writes, or nothing of it. One within another is a part of it, and ends with it."""
    if id(con) in _IN_TRANSACTION:
        yield
        return
    con.execute("BEGIN TRANSACTION")
    _IN_TRANSACTION.add(id(con))
    try:
        yield
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # the error that brought us here says more than a failing rollback
            con.execute("ROLLBACK")
        raise
    finally:
        _IN_TRANSACTION.discard(id(con))
    con.execute("COMMIT")


def replace_warehouse(new: Path, path: Path, *, wait_seconds: float = 30) -> None:
    """Put the warehouse file `new` in the place of `path` at one stroke; the old write-ahead log, if any, is set
    aside."""
    leftover = _wal(new)
    if leftover.exists():
        raise WarehouseError(
            f"{leftover}: the new warehouse was not closed properly; run `pricing-pipeline rebuild` again"
        )
    with locked(path, shared=False, wait_seconds=wait_seconds):
        if _wal(path).exists():
            _set_aside(_wal(path))
        new.replace(path)


def _connect(path: Path, *, read_only: bool) -> Connection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=SETTINGS)
    except duckdb.Error as error:
        raise _explained(path, error) from error


def _explained(path: Path, error: duckdb.Error) -> WarehouseError:
    first_line = str(error).splitlines()[0]
    wal = _wal(path)
    if "lock" in first_line.lower():
        return WarehouseError(f"{path}: {first_line}")
    if wal.exists() and "wal" in str(error).lower():
        aside = _set_aside(wal)
        return WarehouseError(
            f"{path}: its write-ahead log could not be replayed and was set aside as {aside.name} ({first_line}); "
            f"{REBUILD}"
        )
    return WarehouseError(f"{path}: cannot be opened ({first_line}); {REBUILD}")


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _set_aside(wal: Path) -> Path:
    """Renamed to the first free `….damaged-N`: it may hold the only trace of what happened."""
    number = 1
    while (aside := wal.with_name(f"{wal.name}.damaged-{number}")).exists():
        number += 1
    wal.rename(aside)
    return aside


def _close(con: Connection) -> None:
    with contextlib.suppress(duckdb.Error):  # no transaction was open
        con.execute("ROLLBACK")
    con.close()
