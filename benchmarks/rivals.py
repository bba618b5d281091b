"""Side by side with webchanges and changedetection.io: the same loopback pages, watched by each in its own way.

Run: python benchmarks/rivals.py [--sources 1000] [--kilobytes 60] [--environments DIR] [--only NAME]...
Each rival is installed from the package index into an environment of its own (once, in DIR). Each is run as its users run
it in a batch, a whole process at a time, with as many requests at once as we make, and allowed to ask loopback:
  webchanges             jobs with its html2text filter, as its documentation has it; conditional requests are its default
  changedetection.io     its batch mode (-b -r all), plain fetcher, no pause between two looks at a page
  pricing-pipeline       refresh --force: Dagster, Great Expectations, prices at workloads and the published edition included
The rivals keep texts and tell which lines differ; what pages say is not read. Five rounds: for the first time; nothing
changed, twice; every page restyled and built anew, a counter of customers moved on, the figures the same; and every page with
nothing included any more and a dearer unit, its headline prices untouched. The last lines are by how much we are faster
than the faster rival, by the clock and by what the processors were used, which tells more on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from refresh_many import EMPTIED, PLAIN, RESTYLED, Street, address, lay_out, watched

from pricing_pipeline.fetch.settings import FetchSettings

AT_ONCE = FetchSettings().concurrency
ROUNDS = {
    "first": PLAIN,
    "nothing changed": PLAIN,
    "nothing changed again": PLAIN,
    "restyled": RESTYLED,
    "nothing included": EMPTIED,
}


@dataclass(frozen=True)
class Round:
    """What one round took, what it asked of the server, and what it told."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    sent: int
    unchanged: int
    told: str


@dataclass
class Watcher:
    """A program, the folder it works in, and how to start it and to count what it reports."""

    name: str
    folder: Path
    start: Callable[[Path, bool], subprocess.Popen[bytes]]
    told: Callable[[Path], str]

    def round(self, street: Street, version: int, *, is_first: bool) -> Round:
        """Let it look at every page once."""
        street.version.value = version
        street.answered()
        took = watched(process := self.start(self.folder, is_first))
        if process.returncode not in (0, 1):
            raise SystemExit(f"{self.name}: exit code {process.returncode}: see {self.folder / 'output.txt'}")
        return Round(*took, *street.answered(), self.told(self.folder))


def installed(name: str, environments: Path) -> Path:
    """The folder of programs of an environment that holds this package, made where it is not there yet."""
    home = environments / name
    if not (home / "bin" / name).exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        pip = subprocess.run(
            [home / "bin" / "python", "-m", "pip", "install", "-q", name], capture_output=True, text=True
        )
        if pip.returncode:
            raise SystemExit(f"{name} could not be installed:\n{pip.stderr}")
    asked = f"import importlib.metadata as m; print(m.version({name!r}))"
    version = subprocess.run([home / "bin" / "python", "-c", asked], check=True, capture_output=True, text=True)
    print(f"{name} {version.stdout.strip()}")
    return home / "bin"


def spawned(folder: Path, command: list[str | Path], **environment: str) -> subprocess.Popen[bytes]:
    """A process whose output is kept in the folder, this time's only."""
    given = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with (folder / "output.txt").open("wb") as output:
        return subprocess.Popen(command, cwd=folder, env={**given, **environment}, stdout=output, stderr=output)


def pricing_pipeline(folder: Path, street: Street, _environments: Path) -> Watcher:
    """This program."""
    lay_out(folder, street.count, street.port)
    known: set[str] = set()

    def start(at: Path, _is_first: bool) -> subprocess.Popen[bytes]:
        command: list[str | Path] = [sys.executable, "-m", "pricing_pipeline.cli", "refresh", "--force"]
        return spawned(
            at, command, PRICING_PIPELINE_HOME=str(at / "home"), PRICING_PIPELINE_VENDORS=str(at / "vendors")
        )

    def told(at: Path) -> str:
        changes = json.loads((at / "home/editions/current/v1/changes.json").read_text("utf-8"))["changes"]
        new = [change for change in changes if change["id"] not in known]
        known.update(change["id"] for change in new)
        kinds = Counter(change["kind"] for change in new)
        first = next((change["verdict"] for change in new if change["kind"] == "allowance_removed"), "")
        named = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        return f"{len(new)} changes" + (f" ({named}), such as: {first}" if new else "")

    return Watcher("pricing-pipeline", folder, start, told)


def webchanges(folder: Path, street: Street, environments: Path) -> Watcher:
    """webchanges, its jobs in YAML."""
    programs = installed("webchanges", environments)
    job = "name: source-{number}\nurl: http://{address}:{port}/pricing\nfilter:\n  - html2text\n"
    jobs = [job.format(number=number, address=address(number), port=street.port) for number in range(street.count)]
    (folder / "jobs.yaml").write_text("---\n".join(jobs))
    (folder / "config.yaml").write_text("report:\n  stdout:\n    enabled: true\n    color: false\n")

    def start(at: Path, _is_first: bool) -> subprocess.Popen[bytes]:
        files: list[str | Path] = ["--jobs", "jobs.yaml", "--config", "config.yaml", "--database", "snapshots.db"]
        return spawned(at, [programs / "webchanges", *files, "--max-workers", str(AT_ONCE)])

    def told(at: Path) -> str:
        lines = (at / "output.txt").read_text("utf-8", errors="replace").splitlines()
        changed = sum(line.startswith("CHANGED:") for line in lines)
        first = next((place for place, line in enumerate(lines) if line.startswith("CHANGED:")), len(lines))
        differing = [line for line in lines[first : first + 40] if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        return f"{changed} pages differ" + (f", such as: {' '.join(differing[:4])}" if differing else "")

    return Watcher("webchanges", folder, start, told)


def changedetection(folder: Path, street: Street, environments: Path) -> Watcher:
    """changedetection.io in its batch mode, where no server is started."""
    programs = installed("changedetection.io", environments)
    urls = [f"http://{address(number)}:{street.port}/pricing" for number in range(street.count)]
    settings = {
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true", "DISABLE_VERSION_CHECK": "true", "FETCH_WORKERS": str(AT_ONCE),
        "MINIMUM_SECONDS_RECHECK_TIME": "0",
    }  # fmt: skip
    kept: Counter[str] = Counter()

    def start(at: Path, is_first: bool) -> subprocess.Popen[bytes]:
        options = [part for url in urls for part in ("-u", url)] if is_first else ["-r", "all"]
        where = ["-C", "-d", str(at / "store"), "-h", "127.0.0.1", "-p", "5996", "-l", "ERROR", "-b"]
        return spawned(at, [programs / "changedetection.io", *where, *options], **settings)

    def told(at: Path) -> str:
        now = Counter({str(path): len(path.read_text().splitlines()) for path in (at / "store").glob("*/history.txt")})
        differing = sum(1 for path, count in now.items() if kept[path] and count > kept[path])
        kept.update(now - kept)
        return f"{len(now)} pages kept, {differing} differ"

    return Watcher("changedetection.io", folder, start, told)


WATCHERS = {"pricing-pipeline": pricing_pipeline, "webchanges": webchanges, "changedetection.io": changedetection}


def main() -> None:
    """Install, measure and print; how much faster we are comes last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--kilobytes", type=int, default=60)
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "rival-environments")
    parser.add_argument("--only", action="append", choices=sorted(WATCHERS), help="may be given several times")
    given = parser.parse_args()
    street = Street(given.sources, given.kilobytes)
    out = Path(tempfile.mkdtemp(prefix="rivals-"))
    rounds: dict[str, dict[str, Round]] = {}
    for name in given.only or WATCHERS:
        (out / name).mkdir()
        watcher = WATCHERS[name](out / name, street, given.environments)
        rounds[name] = {}
        for what, version in ROUNDS.items():
            one = watcher.round(street, version, is_first=what == "first")
            rounds[name][what] = one
            used = f"{one.seconds:.1f} s ({one.cpu_seconds:.1f} s of processors), {one.megabytes:.0f} MB"
            print(f"{name}, {what}: {used}; {one.sent} pages sent, {one.unchanged} x 304; {one.told}", flush=True)
    street.close()
    shutil.rmtree(out)
    if ours := rounds.pop("pricing-pipeline", None):
        for what in ("nothing changed", "nothing changed again", "nothing included"):
            if rounds:
                clock = min(one[what].seconds for one in rounds.values()) / ours[what].seconds
                processors = min(one[what].cpu_seconds for one in rounds.values()) / ours[what].cpu_seconds
                print(f"{what}: {clock:.2f} by the clock, {processors:.2f} by the processors")


if __name__ == "__main__":
    main()
