"""The warehouse made again from its captures, as a multiple of reading the same captures and nothing more.

Run: python benchmarks/rebuild.py [--sources 200] [--kilobytes 60]
Every source has four captures: as it was, a price raised, restyled, and with nothing included any more. What is made is
made a second time, and has to be the same, row by row. Seconds of this process and of those that it starts, Great
Expectations' loading left out; the last line is the multiple, and the budget is 1.3.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from backlog import FIRST, PORT, reading, spent
from refresh_many import DEARER, EMPTIED, PLAIN, RESTYLED, address, lay_out, page

from assets.stages.rebuilding import rebuild
from assets.stages.replaying import replay
from assets.workshop import Workshop, open_workshop
from pricing_pipeline.captures.saved import SavedPage
from warehouse.connection import open_warehouse
from warehouse.dump import canonical_dump


def pages(sources: int, kilobytes: int) -> Iterator[SavedPage]:
    """Every source once a day, each day in another version."""
    for day, version in enumerate((PLAIN, DEARER, RESTYLED, EMPTIED)):
        for number in range(sources):
            yield SavedPage(
                url=f"http://{address(number)}:{PORT}/pricing", body=page(number, version, kilobytes),
                captured_at=FIRST + timedelta(days=day), status=200, content_type="text/html", line=number + 1,
            )  # fmt: skip


def rebuilt(workshop: Workshop) -> tuple[float, str]:
    """What rebuilding takes, and the rows that it gives."""
    began = spent()
    rebuild(workshop)
    took = spent() - began
    with open_warehouse(workshop.home.warehouse) as con:
        return took, canonical_dump(con)


def main() -> None:
    """Measure and print; the multiple comes last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--kilobytes", type=int, default=60)
    given = parser.parse_args()
    import great_expectations  # noqa: F401  # loaded once however much is rebuilt

    with tempfile.TemporaryDirectory(prefix="rebuild-") as folder:
        lay_out(Path(folder), given.sources, PORT)
        workshop = open_workshop(home=str(Path(folder, "home")), vendors=str(Path(folder, "vendors")))
        replay(workshop, pages(given.sources, given.kilobytes))
        alone = reading(workshop)
        took, first = rebuilt(workshop)
        again, second = rebuilt(workshop)
    if first != second:
        raise SystemExit("two rebuilds of the same captures differ")
    rows = len(first.splitlines())
    print(
        f"reading {4 * given.sources} captures: {alone:.1f} s; rebuilding: {took:.1f} s, then {again:.1f} s, {rows} rows"
    )
    print(f"{min(took, again) / alone:.2f}")


if __name__ == "__main__":
    main()
