"""Opening the warehouse: one writer at a time, nothing half written, nothing newer, nothing deleted."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from pricing_pipeline.errors import WarehouseError
from warehouse import migrations
from warehouse.connection import open_reports, open_warehouse, replace_warehouse, transaction

ROOT = Path(__file__).resolve().parents[2]


def started(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own that runs this code, with its output to be read line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


HOLDER = """
    import sys
    from pathlib import Path
    from warehouse.connection import open_warehouse
    with open_warehouse(Path(sys.argv[1])) as con:
        print("open", flush=True)
        sys.stdin.readline()
"""


def test_a_second_writer_waits_a_bounded_time_and_then_names_the_first(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with started(HOLDER, str(path)) as holder:
        assert holder.stdout
        assert "open" == holder.stdout.readline().strip()

        with (
            pytest.raises(WarehouseError, match=f"process {holder.pid} .*after waiting 0.1 s"),
            open_warehouse(path, wait_seconds=0.1),
        ):
            pass

        with pytest.raises(WarehouseError, match=str(holder.pid)), open_warehouse(path, read_only=True, wait_seconds=0):
            pass
        holder.communicate("done\n")
    with open_warehouse(path, wait_seconds=0) as con:
        assert [(1,)] == con.execute("SELECT 1").fetchall()


def test_a_second_writer_gets_its_turn_when_the_first_is_done(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with started(HOLDER, str(path)) as holder:
        assert holder.stdout
        holder.stdout.readline()
        assert holder.stdin
        holder.stdin.write("done\n")
        holder.stdin.flush()

        with open_warehouse(path, wait_seconds=60) as con:
            assert [(1,)] == con.execute("SELECT 1").fetchall()
        holder.communicate()


def test_the_lock_is_free_after_the_body_raised(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with pytest.raises(KeyError), open_warehouse(path):
        raise KeyError

    with open_warehouse(path, wait_seconds=0):
        pass


def test_readers_share_the_warehouse(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path):
        pass
    with open_warehouse(path, read_only=True, wait_seconds=0) as one:
        assert [(migrations.latest(),)] == one.execute("SELECT max(number) FROM migration").fetchall()
        done = started(HOLDER.replace("(Path(sys.argv[1]))", "(Path(sys.argv[1]), read_only=True)"), str(path))
        out, _ = done.communicate("done\n")
    assert "open" == out.strip()


def test_a_killed_transaction_leaves_what_was_committed_before_it(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    writer = """
        import os, signal, sys
        from pathlib import Path
        from warehouse.connection import open_warehouse, transaction
        with open_warehouse(Path(sys.argv[1])) as con:
            with transaction(con):
                con.execute("INSERT INTO log_position VALUES (7)")
            with transaction(con):
                con.execute("INSERT INTO log_position SELECT * FROM range(100000)")
                os.kill(os.getpid(), signal.SIGKILL)
    """
    with started(writer, str(path)) as killed:
        killed.communicate()
    assert -signal.SIGKILL == killed.returncode

    with open_warehouse(path, wait_seconds=0) as con:
        assert [(0,), (7,)] == con.execute("SELECT position FROM log_position ORDER BY position").fetchall()


def test_a_transaction_that_fails_is_undone_and_says_what_failed(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:

        def fail() -> None:
            with transaction(con):
                con.execute("INSERT INTO log_position VALUES (7)")
                con.execute("INSERT INTO log_position VALUES ('x')")

        with pytest.raises(duckdb.ConversionException, match="'x'"):
            fail()

        assert [(0,)] == con.execute("SELECT position FROM log_position").fetchall()


def test_a_warehouse_of_a_newer_program_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as con:
        con.execute("INSERT INTO migration VALUES (9999, '9999_from_the_future')")

    with (
        pytest.raises(WarehouseError, match=r"newer program \(schema 9999.*update pricing-pipeline"),
        open_warehouse(path),
    ):
        pass


def test_an_older_warehouse_is_brought_up_to_date_by_a_writer_only(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        number, file = migrations.files()[0]
        con.execute(file.read_text(encoding="utf-8"))
        con.execute("INSERT INTO migration VALUES (?, ?)", [number, file.stem])

    with pytest.raises(WarehouseError, match="schema 1 is older"), open_warehouse(path, read_only=True):
        pass
    with open_warehouse(path) as con:
        assert migrations.latest() == migrations.version(con)


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [number for number, _ in migrations.files()]

    assert list(range(1, len(numbers) + 1)) == numbers


def crashed(path: Path) -> Path:
    """A warehouse whose process was killed before its write-ahead log was merged; gives the log."""
    writer = """
        import os, signal, sys
        from pathlib import Path
        from warehouse.connection import open_warehouse
        with open_warehouse(Path(sys.argv[1])) as con:
            for number in range(20):
                con.execute(f"INSERT INTO log_position SELECT {number} FROM range(500)")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    with started(writer, str(path)) as killed:
        killed.communicate()
    return path.with_name(path.name + ".wal")


def test_a_log_that_cannot_be_replayed_is_set_aside_and_not_deleted(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    wal = crashed(path)
    body = bytearray(wal.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 64] = bytes(64)
    wal.write_bytes(body)

    with (
        pytest.raises(
            WarehouseError, match=r"set aside as warehouse.duckdb.wal.damaged-1 .*`pricing-pipeline rebuild`"
        ),
        open_warehouse(path, wait_seconds=0),
    ):
        pass

    assert bytes(body) == (tmp_path / "warehouse.duckdb.wal.damaged-1").read_bytes()
    with open_warehouse(path, wait_seconds=0) as con:
        assert [(1,)] == con.execute("SELECT count(*) FROM log_position").fetchall()


@pytest.mark.parametrize("tenth", [1, 5, 9])
def test_a_log_that_was_cut_short_never_gives_half_a_commit(tmp_path: Path, tenth: int) -> None:
    path = tmp_path / "warehouse.duckdb"
    wal = crashed(path)
    body = wal.read_bytes()
    wal.write_bytes(body[: len(body) * tenth // 10])

    with contextlib.suppress(WarehouseError), open_warehouse(path, wait_seconds=0):
        pass  # either it is replayed as far as it is whole, or it is set aside: both leave a warehouse

    with open_warehouse(path, wait_seconds=0) as con:
        counts = con.execute("SELECT count(*) FROM log_position GROUP BY position").fetchall()
    assert counts
    assert all(count % 500 in (0, 1) for (count,) in counts)


def test_a_file_that_is_no_warehouse_is_an_error_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"x" * 20_000)

    with pytest.raises(WarehouseError, match="cannot be opened") as caught, open_warehouse(path):
        pass

    assert 1 == len(str(caught.value).splitlines())
    assert b"x" * 20_000 == path.read_bytes()


def test_there_is_nothing_to_read_before_the_first_refresh(tmp_path: Path) -> None:
    with (
        pytest.raises(WarehouseError, match="`pricing-pipeline refresh` makes it"),
        open_warehouse(tmp_path / "none.duckdb", read_only=True),
    ):
        pass
    with pytest.raises(WarehouseError, match="nothing is published yet"), open_reports(tmp_path / "none.duckdb"):
        pass


def test_a_rebuilt_warehouse_takes_the_place_of_the_old_one_but_not_its_log(tmp_path: Path) -> None:
    path, new = tmp_path / "warehouse.duckdb", tmp_path / "rebuilt.duckdb"
    crashed(path)
    with open_warehouse(new) as con:
        con.execute("UPDATE log_position SET position = 42")

    replace_warehouse(new, path, wait_seconds=0)

    assert (tmp_path / "warehouse.duckdb.wal.damaged-1").exists()
    with open_warehouse(path, read_only=True) as con:
        assert [(42,)] == con.execute("SELECT position FROM log_position").fetchall()


def test_nothing_is_downloaded_at_run_time(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:
        settings = con.execute(
            "SELECT value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')"
        )

        assert [("false",), ("false",)] == settings.fetchall()


def test_a_home_on_a_read_only_disk_can_still_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can write there is no writer to wait for, and no lock file to be made."""
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as con:
        con.execute("SELECT 1")

    def refused(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("warehouse.locking.os.open", refused)
    monkeypatch.setattr("warehouse.locking.os.access", lambda *_: False)

    with open_warehouse(path, read_only=True) as con:
        assert [(0,)] == con.execute("SELECT count(*) FROM change").fetchall()
    with pytest.raises(WarehouseError, match="Read-only file system"), open_warehouse(path):
        pass
