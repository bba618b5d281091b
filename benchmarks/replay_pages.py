"""Replay a folder of saved pricing pages through the whole pipeline, into a home of its own.

    benchmarks/replay_pages.py --corpus DIR [--out DIR]

DIR/pricing_html holds X.html beside X.truth.json (which names url, vendor and capture day); where there is none the page's name
serves. A vendor file is made for each page and a manifest for all of them, then `replay` runs; the last line says how many
sources were read into the warehouse and published, and how long it took.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VENDOR = """\
name: {name}
homepage: {homepage}
categories: [saved-pages]
products:
  - slug: {slug}
    name: {name}
    sources:
      - kind: pricing
        url: {url}
        every: 1d
        locale: en-US
        currency: USD
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="where vendors, pages and home are put; default: a temporary folder")
    arguments = parser.parse_args()
    out = arguments.out or Path(tempfile.mkdtemp(prefix="replay-pages-"))
    count = lay_out(arguments.corpus / "pricing_html", out)
    environment = {
        **os.environ,
        "PRICING_PIPELINE_HOME": str(out / "home"),
        "PRICING_PIPELINE_VENDORS": str(out / "vendors"),
    }
    command = [sys.executable, "-m", "pricing_pipeline.cli"]
    began = time.monotonic()
    done = subprocess.run([*command, "replay", str(out / "pages")], env=environment, check=False)
    took = time.monotonic() - began
    freshness = out / "home" / "editions" / "current" / "v1" / "freshness.json"
    sources = json.loads(freshness.read_text("utf-8"))["sources"]
    read = sum(source["outcome"] == "fetched" for source in sources)
    verified = sum(source["verified_at"] is not None for source in sources)
    print(f"exit {done.returncode}, everything in {out}")
    print(f"{count} pages: {read} recognised, {verified} with accepted facts published, {took:.1f} s")
    return 0


def lay_out(pages: Path, out: Path) -> int:
    """Write a vendor file for each page, and copy the pages beside a manifest; how many there are."""
    for folder in ("vendors", "pages"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    found = sorted(pages.glob("*.html"))
    with (out / "pages" / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["url", "file", "captured_at"])
        for page in found:
            truth = page.with_suffix(".truth.json")
            said = json.loads(truth.read_text("utf-8")) if truth.exists() else {}
            slug = re.sub(r"[^a-z0-9]+", "-", page.stem.lower()).strip("-")
            url = f"https://{slug}.example/pricing"
            name = json.dumps(f"{said.get('vendor') or page.stem} ({page.stem})")
            vendor = VENDOR.format(name=name, homepage=f"https://{slug}.example", slug=slug, url=url)
            (out / "vendors" / f"{slug}.yaml").write_text(vendor, encoding="utf-8")
            shutil.copyfile(page, out / "pages" / page.name)
            rows.writerow([url, page.name, f"{(said.get('captured') or '2026-01-01')[:10]}T12:00:00Z"])
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
