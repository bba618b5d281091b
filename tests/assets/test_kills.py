"""A refresh that is killed at any moment and run again ends as if it had never been killed; readers never see half an edition."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster
import pytest

from tests.assets.street import DAY, Street, pricing, street
from tests.program import COMMAND, ROOT, DemoRun, digests, dump, environment, run
from warehouse.dump import differences

VENDORS = ("alder", "beech", "cedar")
NORMAL, SOAK = 6, 200
# One host after another, so that the log has one order in every trial.
SETTINGS = "fetch:\n  concurrency: 1\n  spacing_seconds: 0\n"
OF_RUNS = {"checks.html", "manifest.json", "reports.duckdb"}


@dataclass
class Forge:
    """The process that starts refreshes."""

    process: subprocess.Popen[str]
    town: Street

    def start(self, folder: Path, *, times: int = 1) -> list[int]:
        """Start as many refreshes of a folder as asked for at once; their process ids."""
        order = f"{folder}|{json.dumps(self.town.routes)}|{self.town.day.isoformat()}"
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("&".join([order] * times) + "\n")
        self.process.stdin.flush()
        return [int(pid) for pid in self.process.stdout.readline().split()]

    def wait(self) -> list[int]:
        """The exit statuses of what was started."""
        assert self.process.stdout is not None
        return [int(status) for status in self.process.stdout.readline().split()]

    def run(self, folder: Path) -> None:
        """A refresh that nobody disturbs."""
        self.start(folder)
        assert [0] == self.wait()


@dataclass
class Undisturbed:
    """How a home looks on the second day after two refreshes that nobody disturbed, and how long the second one took."""

    folder: Path
    first_day: Path
    dump: str
    files: dict[str, str]
    seconds: float


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with street(Path(tmp_path_factory.mktemp("kills")) / "first", VENDORS) as town:
        (town.vendors.parent / "settings.yaml").write_text(SETTINGS)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.assets.forge"],
            cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            yield Forge(process=process, town=town)
            assert process.stdin is not None
            process.stdin.close()


@pytest.fixture(scope="module")
def undisturbed(forge: Forge) -> Undisturbed:
    town, first = forge.town, forge.town.vendors.parent
    forge.run(first)
    town.day += DAY
    town.serve("alder", pricing(credits="No credits included", rate="0.04"))
    town.serve("beech", pricing(solo="12"))
    folder = first.with_name("second")
    shutil.copytree(first, folder, symlinks=True)
    began = time.monotonic()
    forge.run(folder)
    seconds = time.monotonic() - began
    return Undisturbed(
        folder=folder, first_day=first, dump=dump(folder / "home"),
        files=digests(folder / "home/editions/current"), seconds=seconds,
    )  # fmt: skip


def assert_whole(edition: Path) -> None:
    """Every file of the standing edition's manifest is there with its digest."""
    standing = edition.resolve()
    manifest = json.loads((standing / "manifest.json").read_text("utf-8"))
    for name, digest in manifest["files"].items():
        body = (standing / name).read_bytes()
        assert digest in (None, hashlib.sha256(body).hexdigest()), f"{standing.name}: {name} is half"


@contextmanager
def watched(edition: Path) -> Iterator[list[str]]:
    """Look at an edition again and again meanwhile; yields what was wrong, and how often it was looked at as the last entry."""
    wrong: list[str] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            try:
                assert_whole(edition)
            except (AssertionError, OSError, ValueError, KeyError) as error:
                wrong.append(repr(error))
                return

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield wrong
    finally:
        over.set()
        thread.join()


def trials(count: int) -> Iterator[tuple[int, list[float]]]:
    """For each trial its number, and the moments of its kills as shares of an undisturbed run's time."""
    chance = random.Random(20260501)
    for number in range(count):
        yield number, [chance.random() for _ in range(3 if number % 3 == 2 else 1)]


@pytest.mark.soak
def test_a_killed_refresh_that_is_run_again_ends_as_if_it_had_not_been_killed(
    forge: Forge, undisturbed: Undisturbed, tmp_path: Path, soak: bool
) -> None:
    """Wherever it was: fetching, reading, in the transaction, or switching the edition. One in three is killed three times."""
    killed = 0
    for number, moments in trials(SOAK if soak else NORMAL):
        folder = tmp_path / str(number)
        shutil.copytree(undisturbed.first_day, folder, symlinks=True)
        edition = folder / "home/editions/current"
        with watched(edition) as wrong:
            for moment in moments:
                (child,) = forge.start(folder)
                time.sleep(moment * undisturbed.seconds)
                with_kill = kill(child)
                assert forge.wait()[0] in (-signal.SIGKILL, 0)
                killed += with_kill
            forge.run(folder)

        assert [] == wrong
        assert [] == differences(undisturbed.dump, dump(folder / "home")), f"trial {number}, killed at {moments}"
        assert undisturbed.files.keys() == digests(edition).keys()
        assert [] == different(undisturbed.files, digests(edition)), f"trial {number}, killed at {moments}"
        shutil.rmtree(folder)

    assert killed, "every refresh was over before it was killed"


def test_the_first_refresh_of_all_may_be_killed_too(forge: Forge, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """When there is no warehouse yet, and no edition."""
    expected = tmp_path / "expected"
    folders = [expected, tmp_path / "early", tmp_path / "late"]
    for folder in folders:
        folder.mkdir()
        for name in ("vendors", "comparisons"):
            shutil.copytree(undisturbed.first_day / name, folder / name)
        for name in ("settings.yaml", "workloads.yaml"):
            shutil.copy(undisturbed.first_day / name, folder / name)
    forge.run(expected)
    for folder, moment in zip(folders[1:], (0.3, 0.8), strict=True):
        (child,) = forge.start(folder)
        time.sleep(moment * undisturbed.seconds)
        kill(child)
        forge.wait()
        forge.run(folder)

        assert [] == differences(dump(expected / "home"), dump(folder / "home"))
        assert_whole(folder / "home/editions/current")


def test_two_refreshes_at_once_do_no_harm(forge: Forge, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Somebody types it while the schedule runs: each waits for the other, and together they do what one would have done."""
    folder = tmp_path / "both"
    shutil.copytree(undisturbed.first_day, folder, symlinks=True)
    with watched(folder / "home/editions/current") as wrong:
        assert 2 == len(forge.start(folder, times=2))
        ended = forge.wait()

    assert [0, 0] == ended
    assert [] == wrong
    assert [] == differences(undisturbed.dump, dump(folder / "home"))
    assert [] == different(undisturbed.files, digests(folder / "home/editions/current"))


def test_the_whole_program_may_be_killed(demo: DemoRun, tmp_path: Path) -> None:
    """Dagster and Great Expectations included: the demo, killed twice on its way, ends like the one that was not."""
    home = tmp_path / "home"
    for captures in (2, 6):
        process = subprocess.Popen(
            [*COMMAND, "demo", "--home", str(home)],
            cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 120
        while process.poll() is None and lines(home / "captures/log.jsonl") < captures and time.monotonic() < until:
            time.sleep(0.02)
        assert process.poll() is None, "the demo was over before it was killed"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = run("demo", home=home)
    with dagster.DagsterInstance.from_config(str(home / "dagster")) as instance:
        statuses = Counter(one.status.value for one in instance.get_runs())

    assert 0 == done.code, done.err
    assert statuses["FAILURE"] >= 1, "the killed runs are ended on record"
    assert {"SUCCESS", "FAILURE"} == set(statuses)
    assert_whole(home / "editions/current")
    assert [] == different(demo.files, digests(home / "editions/current"))


def lines(path: Path) -> int:
    """How many lines a file has by now."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def kill(child: int) -> bool:
    """Kill a process that may be over already; whether it was still there."""
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def different(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """The files that differ, but for those that tell of the runs that made them."""
    return sorted(name for name in expected if expected[name] != found.get(name) and name not in OF_RUNS)
