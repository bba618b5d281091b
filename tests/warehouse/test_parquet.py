"""The published tables as Parquet: the same rows, the same types, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pricing_pipeline.errors import WarehouseError
from tests.warehouse.house import APRIL, DAY, MAY, House, april, may
from warehouse.connection import Connection
from warehouse.parquet import FILES, write_parquet, written_by
from warehouse.reports import write_reports


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Connection]]:
    house = House(tmp_path_factory.mktemp("house"))
    with house.open() as con:
        house.see(con, april(), APRIL)
        house.see(con, may(), MAY)
        yield house, con


def exported(con: Connection, folder: Path) -> Path:
    """The Parquet folder of what stands."""
    folder.mkdir(parents=True)
    write_reports(con, folder / "reports.duckdb")
    write_parquet(con, folder / "reports.duckdb", folder / "parquet")
    return folder / "parquet"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_file_holds_the_rows_of_its_table(lived: tuple[House, Connection], tmp_path: Path) -> None:
    folder = exported(lived[1], tmp_path / "it's one")
    assert {f"{name}.parquet" for name in FILES} == {path.name for path in folder.iterdir()}
    with duckdb.connect(str(folder.parent / "reports.duckdb"), read_only=True) as con:
        for name, table in FILES.items():
            file = con.from_parquet(str(folder / f"{name}.parquet"))
            columns = ", ".join(file.columns)

            assert con.execute(f"SELECT {columns} FROM {table}").fetchall() == file.fetchall(), name
            types = dict(con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall())
            assert {one: types[one] for one in file.columns} == dict(
                zip(file.columns, map(str, file.types), strict=True)
            )


def test_amounts_stay_decimal(lived: tuple[House, Connection], tmp_path: Path) -> None:
    folder = exported(lived[1], tmp_path / "one")
    terms = duckdb.from_parquet(str(folder / "terms.parquet"))

    assert "DECIMAL(20,10)" == str(terms.types[terms.columns.index("amount")])


def test_the_same_rows_give_the_same_bytes(lived: tuple[House, Connection], tmp_path: Path) -> None:
    _, con = lived

    assert bytes_of(exported(con, tmp_path / "one")) == bytes_of(exported(con, tmp_path / "other"))


def test_a_page_that_says_the_same_again_moves_no_file(lived: tuple[House, Connection], tmp_path: Path) -> None:
    house, con = lived
    before = bytes_of(exported(con, tmp_path / "before"))
    house.see(con, may(), MAY + DAY)

    after = bytes_of(exported(con, tmp_path / "after"))

    assert [] == [name for name in before if before[name] != after[name]]


def test_nothing_stays_attached_and_the_threads_are_as_before(lived: tuple[House, Connection], tmp_path: Path) -> None:
    _, con = lived
    exported(con, tmp_path / "one")

    assert [] == con.execute("SELECT 1 FROM duckdb_databases() WHERE database_name = 'published'").fetchall()
    assert [(2,)] == con.execute("SELECT current_setting('threads')").fetchall()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(lived: tuple[House, Connection], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_reports(lived[1], tmp_path / "reports.duckdb")

    with pytest.raises(WarehouseError, match="cannot be written") as caught:
        write_parquet(lived[1], tmp_path / "reports.duckdb", tmp_path / "file" / "parquet")
    assert "\n" not in str(caught.value)


def test_what_writes_the_files_has_a_name() -> None:
    assert 12 == len(written_by())
