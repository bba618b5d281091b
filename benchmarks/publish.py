"""Publishing at size: 200 vendors with five years of history, 400 comparisons as long as the shipped one.

    python benchmarks/publish.py [--vendors 200] [--comparisons 400] [--quarters 20] [--home DIR] [--parts]

The home is generated once (`--home` keeps it for the next time), through the warehouse's own loading: a capture of every
source each quarter. Then `pricing-pipeline publish` runs as its users run it, a process each time: for the first time, and
again with nothing changed, and with one text mended. Seconds by the clock and of the processors and the largest files of
each kind are printed, with `--parts` where the time goes; the last line is the seconds by the clock, first and unchanged.
The budgets are 10 and 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from publishing.market import VERSION, Sold, quarters, reviews, sold
from publishing.texts import lay_out

from pricing_pipeline.captures.log import CaptureEntry, CaptureLog
from pricing_pipeline.facts import Capture, GateState, Observation, Outcome, Source, SourceKind
from pricing_pipeline.home import Home
from pricing_pipeline.registry.vendors import Registry, read_registry
from pricing_pipeline.registry.workloads import read_workloads
from pricing_pipeline.results import Decision, Thresholds, Workload
from warehouse import captures, observations, refresh
from warehouse.connection import Connection, open_warehouse

LAST = datetime(2026, 5, 1, 6, tzinfo=UTC)
QUARTER = timedelta(days=91)
Seen = list[tuple[Source, Observation]]


def main() -> None:
    """Generate, measure and print."""
    given = _arguments()
    out = given.home or Path(tempfile.mkdtemp(prefix="publish-"))
    products = sold(given.vendors)
    if not (out / "home").exists():
        lay_out(out, products, given.comparisons)
        fill(out, products, given.quarters)
    shutil.rmtree(out / "home" / "editions", ignore_errors=True)
    print(f"{given.vendors} vendors, {len(products)} products, {given.comparisons} comparisons in {out}")
    first = publish(out, "first")
    sizes(out / "home" / "editions" / "current")
    unchanged = publish(out, "nothing changed")
    mend(out)
    if given.parts:
        parts(out)
    print(f"{first:.1f} and {unchanged:.2f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vendors", type=int, default=200)
    parser.add_argument("--comparisons", type=int, default=400)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument(
        "--home", type=Path, help="where everything is put and found again; default: a temporary folder"
    )
    parser.add_argument("--parts", action="store_true", help="profile one more publish, in this process")
    return parser.parse_args()


def fill(out: Path, products: Sequence[Sold], count: int) -> None:
    """A home whose every source was captured once in each quarter."""
    began = time.perf_counter()
    registry = read_registry(out / "vendors")
    workloads = read_workloads(out / "workloads.yaml")
    home = Home(out / "home")
    home.captures.mkdir(parents=True)
    log = CaptureLog(home.log)
    with open_warehouse(home.warehouse) as con:
        captures.register(con, registry.sources())
        for quarter, seen in enumerate(_seen(registry, products, count)):
            load(con, log, seen, LAST - QUARTER * (count - 1 - quarter), registry, workloads)
    print(f"generated in {time.perf_counter() - began:.0f} s, {home.warehouse.stat().st_size / 1e6:.0f} MB")


def _seen(registry: Registry, products: Sequence[Sold], count: int) -> Iterator[Seen]:
    """What every source said, a quarter at a time."""
    pages = {product.slug: list(quarters(product, count)) for product in products}
    places = {product.slug: product for product in products}
    for quarter in range(count):
        yield [
            (
                source,
                pages[source.product][quarter]
                if source.kind is SourceKind.PRICING
                else reviews(places[source.product], quarter),
            )
            for source in registry.sources()
        ]


def load(
    con: Connection, log: CaptureLog, seen: Seen, at: datetime, registry: Registry, workloads: Sequence[Workload]
) -> None:
    """One quarter's captures from the log into history."""
    said = {source.id: observation for source, observation in seen}
    log.append(CaptureEntry(capture=_capture(source, at, observation)) for source, observation in seen)
    captures.sync(con, log)
    batch = captures.pending_batch(con, extractor_version=VERSION)
    observations.confirm(con, batch.confirm)
    staged = observations.stage(con, [(one, said[one.source_id]) for one in batch.read])
    accepted = [Decision(observation_id=id_, state=GateState.ACCEPTED, reason="", by="gate", at=at) for id_ in staged]
    observations.decide(con, accepted)
    refresh.apply(con, products=registry.products, workloads=workloads, thresholds=Thresholds())


def _capture(source: Source, at: datetime, said: Observation) -> Capture:
    sha256 = hashlib.sha256(f"{source.id} {said!r}".encode()).hexdigest()
    return Capture(
        id=hashlib.sha256(f"{source.id} {at}".encode()).hexdigest()[:16], source_id=source.id, url=source.url,
        outcome=Outcome.FETCHED, captured_at=at, recorded_at=at, sha256=sha256, status=200,
    )  # fmt: skip


def publish(out: Path, name: str) -> float:
    """Run the program once; print and give the seconds of the clock."""
    environment = {
        **os.environ,
        "PRICING_PIPELINE_HOME": str(out / "home"),
        "PRICING_PIPELINE_VENDORS": str(out / "vendors"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pricing_pipeline.cli", "publish"], env=environment, capture_output=True, text=True
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        raise SystemExit(f"exit code {done.returncode}:\n{done.stderr[:2000]}")
    print(
        f"{name}: {seconds:.2f} s, {used:.2f} s of processors, {after.ru_maxrss / 1000:.0f} MB; {done.stderr.splitlines()[-1]}"
    )
    return seconds


def mend(out: Path) -> None:
    """Publish once more with another summary in one comparison, which is put back afterwards."""
    path = min((out / "comparisons").glob("*.yaml"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("compared for teams", "compared anew for teams", 1), "utf-8")
    try:
        publish(out, "one text mended")
    finally:
        path.write_text(text, "utf-8")


def sizes(edition: Path) -> None:
    """The number of files of each kind, and the largest."""
    files = (path for path in edition.rglob("*") if path.is_file())
    found = sorted((_kind(path.relative_to(edition)), path.stat().st_size, path) for path in files)
    for kind, group in groupby(found, key=lambda one: one[0]):
        every = [(size, path) for _, size, path in group]
        total, (most, largest) = sum(size for size, _ in every), every[-1]
        name = largest.relative_to(edition)
        print(f"  {len(every):5} {kind:20} {total / 1e6:7.1f} MB, largest {most / 1000:6.1f} KB: {name}")


def _kind(path: Path) -> str:
    return f"{path.parts[0]}/*{path.suffix}" if len(path.parts) > 1 else path.name


def parts(out: Path) -> None:
    """Where the time of a publish goes, one process alone."""
    import cProfile
    import pstats

    from assets.stages.publishing import make_edition
    from assets.workshop import open_workshop

    workshop = open_workshop(home=str(out / "home"), vendors=str(out / "vendors"))
    with cProfile.Profile() as profile:
        make_edition(workshop, preview=out / "preview")
    pstats.Stats(profile).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
