"""How long reading a page takes, as a multiple of parsing it: read_page against BeautifulSoup(bytes, "lxml").

    python benchmarks/extraction.py --corpus DIR [--rounds 3]

DIR holds .html files at any depth. The last line is the ratio of the totals; the budget is 2.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import SourceKind


def spent(work: Callable[[], object]) -> float:
    """The processor time of a run in seconds, the garbage of the one before taken out first."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def least(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The least time of each of two programs that take turns, so that a busy minute is busy for both."""
    times = [(spent(first), spent(second)) for _ in range(rounds)]
    return min(one for one, _ in times), min(two for _, two in times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
    rows = []
    for path in sorted(args.corpus.rglob("*.html")):
        body = path.read_bytes()
        reading = partial(read_page, body, url="https://example.com/pricing", kind=SourceKind.PRICING)
        parse_time, read_time = least(partial(BeautifulSoup, body, "lxml"), reading, args.rounds)
        rows.append((read_time / parse_time, parse_time, read_time, len(body), path.name))
    if not rows:
        print(f"{args.corpus}: no .html files", file=sys.stderr)
        return 1
    for ratio, _, seconds, size, name in sorted(rows, reverse=True)[:10]:
        print(f"{ratio:6.2f}x  {seconds * 1000:8.1f} ms  {size:9,} bytes  {name}")
    parsed, read = sum(row[1] for row in rows), sum(row[2] for row in rows)
    ratios = [row[0] for row in rows]
    print(
        f"pages {len(rows)}, parse {parsed:.2f} s, read {read:.2f} s; median {median(ratios):.2f}, worst {max(ratios):.2f}"
    )
    print(f"read / parse {read / parsed:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
