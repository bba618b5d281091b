"""How many false statements the audit finds, and how often it doubts a true one.

    python benchmarks/claims.py [--home DIR] [--misses FILE] [--corpus DIR]

True texts: sentences in many wordings about every plan of the demo's market and of a made-up one, articles, tables and
pages written by hand, and the shipped comparisons with their placeholders filled. One statement at a time is made
false; found is a falsehood where the audit contradicts something in its line. `--home` is a home that the demo made (else it
runs first); `--corpus` a folder of other people's pages, of which only crashes and the number of contradictions are told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from claiming.marked import Case, cases, true_text
from claiming.shipped import shipped
from claiming.templates import generated
from claiming.world import world

from pricing_pipeline import costs
from pricing_pipeline.claims.audit import Audit, Auditor
from pricing_pipeline.claims.knowledge import Knowledge
from pricing_pipeline.claims.registered import licences, renamed
from pricing_pipeline.home import Content, Home
from pricing_pipeline.registry.vendors import read_registry
from warehouse.connection import open_reports
from warehouse.known import known

FIGURES = ("amount", "rate", "allowance", "count", "rating", "review_count", "figure")
WORDS = ("negation", "comparison", "superlative", "plan_name", "date", "ratio", "self", "words")
LATER = ("later", "unseen-1", "unseen-2", "unseen-3", "unseen-4", "unseen-5", "unseen-6")
"""Folders of articles, each read unseen once: what the reader found then stands in README.md."""


def main() -> int:
    """Audit every true text and every falsehood, and print recall by kind and the false alarms."""
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or _demo(Path(folder) / "home")
        knowledge = world(_knowledge(Home(home)))
        texts = [*generated(knowledge, seed=given.seed), *_articles("articles"), *shipped(Home(home))]
    auditor = Auditor(knowledge)
    started = time.perf_counter()
    alarms = list(_alarms(auditor, texts))
    tried = [(case, _is_found(auditor, case)) for name, marked in texts for case in cases(name, marked)]
    took = time.perf_counter() - started
    _print(tried, alarms, len(texts), took, given.misses)
    for folder in LATER:
        later = _articles(folder)
        print(f"{folder}, written after the reader:")
        started = time.perf_counter()
        new = [(case, _is_found(auditor, case)) for name, marked in later for case in cases(name, marked)]
        took = time.perf_counter() - started
        misses = given.misses and given.misses.with_suffix(f".{folder}")
        _print(new, list(_alarms(auditor, later)), len(later), took, misses)
    if given.corpus is not None:
        _corpus(auditor, given.corpus)
    return 0


def _articles(folder: str) -> list[tuple[str, str]]:
    """What people wrote, by the name of the file."""
    files = sorted((Path(__file__).parent / "claiming" / folder).iterdir())
    return [(file.name, file.read_text("utf-8")) for file in files]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a home that the demo made")
    parser.add_argument("--misses", type=Path, help="write what was missed, and false alarms, to this file")
    parser.add_argument("--corpus", type=Path, help="a folder of pages, for crashes")
    parser.add_argument("--seed", type=int, default=1, help="which wordings and falsehoods are drawn")
    return parser.parse_args()


def _demo(home: Path) -> Path:
    import subprocess

    subprocess.run(
        [sys.executable, "-m", "pricing_pipeline.cli", "demo", "--home", str(home)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return home


def _knowledge(home: Home) -> Knowledge:
    registry = read_registry(Content.locate().vendors)
    with open_reports(home.reports) as con:
        found = known(con, price=costs.price)
    return replace(found, products=renamed(found.products, registry), licences=licences(registry))


def _against(audit: Audit) -> Iterator[tuple[int, str]]:
    """The line and the words of everything that is contradicted."""
    for judged in audit.contradicted:
        yield judged.claim.place.line, f"{judged.claim.text!r}: {judged.finding.right}"
    for own in audit.contradictions:
        yield own.claim.place.line, f"{own.claim.text!r}: {own.why}"


def _alarms(auditor: Auditor, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, marked in texts:
        text = true_text(marked)
        lines = text.split("\n")
        for line, words in _against(auditor.audit(text, name)):
            yield f"{name}:{line}: {words} | {lines[line - 1][:160]}"


def _is_found(auditor: Auditor, case: Case) -> bool:
    audit = auditor.audit(case.text, case.name)
    lines = {line for line, _ in _against(audit)} | {own.other.place.line for own in audit.contradictions}
    return any(abs(line - case.line) <= case.false.count("\n") + 1 for line in lines)


def _print(tried: list[tuple[Case, bool]], alarms: list[str], texts: int, took: float, misses: Path | None) -> None:
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for case, is_found in tried:
        found[case.kind][is_found] += 1
    for group in (FIGURES, WORDS):
        total: Counter[bool] = Counter()
        for kind in group:
            total += found[kind]
            _line(kind, found[kind])
        _line("all figures" if group is FIGURES else "all words", total)
    if misses is not None:
        told = [
            f"{case.kind} {case.name}: {case.true!r} -> {case.false!r} | {_around(case)}"
            for case, hit in tried
            if not hit
        ]
        misses.write_text("\n".join([*told, "", *alarms]) + "\n", "utf-8")
    print(f"{len(tried)} falsehoods in {texts} texts, {took / max(1, len(tried) + texts) * 1000:.1f} ms a text")
    print(f"false alarms on the true texts: {len(alarms)}")


def _around(case: Case) -> str:
    return case.text.split("\n")[case.line - 1][:170]


def _line(kind: str, count: Counter[bool]) -> None:
    total = count[True] + count[False]
    print(f"{kind:14} {count[True]:5} of {total:5}  {count[True] / total if total else 1:.3f}")


def _corpus(auditor: Auditor, folder: Path) -> None:
    pages = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".md", ".txt"))
    contradicted = 0
    for page in pages:
        audit = auditor.audit(page.read_text("utf-8", errors="replace"), page.name)
        contradicted += len(audit.contradicted) + len(audit.contradictions)
    print(f"{len(pages)} pages of others: no crash, {contradicted} contradictions")


if __name__ == "__main__":
    sys.exit(main())
