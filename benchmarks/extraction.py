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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import SourceKind


def best(work: Callable[[], object], rounds: int) -> float:
    """The least processor time of several runs in seconds, the garbage of the one before taken out first."""
    times = []
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
    parsed = read = 0.0
    rows = []
    for path in sorted(args.corpus.rglob("*.html")):
        body = path.read_bytes()
        parse_time = best(partial(BeautifulSoup, body, "lxml"), args.rounds)
        read_time = best(
            partial(read_page, body, url="https://example.com/pricing", kind=SourceKind.PRICING), args.rounds
        )
        parsed, read = parsed + parse_time, read + read_time
        rows.append((read_time / parse_time, read_time, len(body), path.name))
    if not rows:
        print(f"{args.corpus}: no .html files", file=sys.stderr)
        return 1
    for ratio, seconds, size, name in sorted(rows, reverse=True)[:10]:
        print(f"{ratio:6.2f}x  {seconds * 1000:8.1f} ms  {size:9,} bytes  {name}")
    print(f"pages {len(rows)}, parse {parsed:.2f} s, read {read:.2f} s")
    print(f"read / parse {read / parsed:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
