"""The reader over real pages spoilt on purpose: no crash, no hang, no fact without its quote, no other value from a part.

    python benchmarks/fuzz.py --corpus DIR [-n 10000] [--seed 0]

DIR holds .html files at any depth. Each fault is printed with the page and the seed that make it again
(`--page NAME --seed N -n 1`). The last line is the number of faulty readings; the budget is none.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, SourceKind
from tests.pricing_pipeline.extract.mutations import URL, faults, mutant

MOST_BYTES = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("-n", type=int, default=10_000, help="how many spoilt pages to read")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--page", help="only pages of this file name")
    parser.add_argument("--kind", choices=["pricing", "reviews"], default="pricing")
    arguments = parser.parse_args()
    kind = SourceKind(arguments.kind)
    pages = [
        path
        for path in sorted(arguments.corpus.rglob("*.html"))
        if arguments.page in (None, path.name) and 0 < path.stat().st_size <= MOST_BYTES
    ]
    if not pages:
        print(f"{arguments.corpus}: no .html files of at most {MOST_BYTES:,} bytes", file=sys.stderr)
        return 2
    whole: dict[Path, Observation] = {}
    bad: Counter[str] = Counter()
    began = time.monotonic()
    for seed in range(arguments.seed, arguments.seed + arguments.n):
        path = pages[seed % len(pages)]
        body = path.read_bytes()
        if path not in whole:
            whole[path] = read_page(body, url=URL, kind=kind)
        spoilt = mutant(body, seed)
        found = list(faults(spoilt, whole[path], kind=kind))
        for fault in found:
            print(f"{path.name} seed {seed} ({spoilt.how}): {fault[:300]}")
        bad[path.name] += bool(found)
    took = time.monotonic() - began
    print(f"{arguments.n} spoilt pages of {len(pages)}, {took:.0f} s, {took / arguments.n * 1000:.0f} ms each")
    print(f"faulty readings {bad.total()}")
    return 1 if bad.total() else 0


if __name__ == "__main__":
    sys.exit(main())
