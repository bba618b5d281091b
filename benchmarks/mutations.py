"""Never miss a change, never cry wolf: one fact changed at a time on saved pages, and as many changes that mean nothing.

    python benchmarks/mutations.py [--corpus DIR] [--jobs 2] [--pages NAME…] [--misses FILE]

DIR/pricing_html holds .html pages; without it the pages of the demonstration serve. Each page is changed in its own
markup, at the place that a fact's evidence names, in every way a vendor can (`mutating/levers.py`), and in ways that only
look different (`mutating/looks.py`). Every changed page is read, staged, judged by the gate and compared as in a refresh.
Printed are, per way, how often the right kind was reported of the right plan with the right values, what was reported
beside it, and what was held. A page that prints the fact on another surface too, where it did not change, contradicts
itself: to hold it and say so is right. So it is to hold a page on
which nothing is left to read. A page that was read as before is the reader's miss. The totals come last.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mutating.cases import Case
from mutating.levers import changed
from mutating.looks import restyled
from mutating.pipeline import Step, Told, tell
from mutating.places import Saved

from pricing_pipeline.changes import facts_digest
from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import GateState, Observation, Outcome, SourceKind
from pricing_pipeline.results import Offer

DEMO = Path(__file__).resolve().parent.parent / "pricing_pipeline" / "demo" / "pages"
LARGEST = 200_000  # bytes: each page is read a hundred times over


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A case, how its page reads before and after, and what was told of it."""

    case: Case
    before: Observation
    after: Observation
    told: Told

    @property
    def is_right(self) -> bool:
        """The right kind of the right plan, with the right values, in the right state."""
        case = self.case
        if not case.is_real:
            return not self.told.changes and self.told.state is GateState.ACCEPTED
        hit = any(
            change.kind in case.kinds
            and case.plan in (None, change.plan)
            and case.before in (None, change.before)
            and case.after in (None, change.after)
            for change in self.told.changes
        )
        if self.is_contradiction or self.is_emptied:
            return True
        return hit and (self.told.state is GateState.HELD) == case.is_held

    @property
    def is_contradiction(self) -> bool:
        """Whether the page is held because it says the changed fact elsewhere too, unchanged: then it must be."""
        return (
            self.case.is_real
            and self.told.state is GateState.HELD
            and len(self.after.conflicts) > len(self.before.conflicts)
        )

    @property
    def is_emptied(self) -> bool:
        """Whether the page is held because no fact is left on it that could be read."""
        after = self.after
        return self.told.state is GateState.HELD and not (after.plans or after.terms or after.ratings)

    @property
    def is_read_alike(self) -> bool:
        """Whether the reader saw no difference at all."""
        return facts_digest(_offer(self.before)) == facts_digest(_offer(self.after))

    @property
    def beside(self) -> list[str]:
        """What was reported that did not happen."""
        allowed = self.case.kinds | self.case.also
        return sorted({change.kind for change in self.told.changes} - allowed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pages", nargs="*", default=[], help="only pages whose name holds one of these")
    parser.add_argument("--misses", type=Path, help="write every case that went wrong here")
    args = parser.parse_args()
    began = time.monotonic()
    pages = sorted(
        path for path in _pages(args.corpus) if not args.pages or any(one in str(path) for one in args.pages)
    )
    if not pages:
        print(f"{args.corpus}: no pages in pricing_html", file=sys.stderr)
        return 2
    with ProcessPoolExecutor(args.jobs) as pool:
        read = [one for found in pool.map(_try_page, pages) for one in found]
    steps = [Step(name=f"case-{place:05d}", before=one[1], after=one[2]) for place, one in enumerate(read)]
    with tempfile.TemporaryDirectory() as folder:
        told = tell(steps, Path(folder))
    tried = [Tried(case=one[0], before=one[1], after=one[2], told=said) for one, said in zip(read, told, strict=True)]
    if args.misses:
        args.misses.write_text("\n".join(_lines(tried)) + "\n", "utf-8")
    _report(tried, len(pages), time.monotonic() - began)
    return 0


def _pages(corpus: Path | None) -> Iterable[Path]:
    if corpus is None:
        return DEMO.rglob("pricing.html")
    return (path for path in (corpus / "pricing_html").glob("*.html") if path.stat().st_size <= LARGEST)


def _try_page(path: Path) -> list[tuple[Case, Observation, Observation]]:
    """Every case of a page, with how it reads before and after. Cases come without their pages: those are big."""
    body = path.read_bytes()
    name = path.stem if path.stem != "pricing" else f"{path.parent.name} {path.parts[-3]}"
    before = _read(body)
    if before.outcome is not Outcome.FETCHED or not before.terms:
        return []
    saved = Saved(name=name, body=body, observation=before)
    return [(_light(case), before, _read(case.body)) for case in (*changed(saved), *restyled(saved))]


def _light(case: Case) -> Case:
    return Case(**{**{name: getattr(case, name) for name in Case.__dataclass_fields__}, "body": b""})


def _read(body: bytes) -> Observation:
    try:
        return read_page(body, url="https://vendor.example/pricing", kind=SourceKind.PRICING, currency="USD")
    except ExtractError:
        return Observation(extractor_version="1", outcome=Outcome.INCOMPLETE)


def _offer(observation: Observation) -> Offer:
    return Offer(plans=observation.plans, terms=observation.terms, ratings=observation.ratings)


def _lines(tried: Sequence[Tried]) -> Iterable[str]:
    for one in tried:
        if one.is_right and not one.beside:
            continue
        case = one.case
        mark = "RIGHT " if one.is_right else "READER" if one.is_read_alike else "WRONG "
        yield (
            f"{mark} {case.page}: {case.what} [{case.subject}] {case.before or ''}>{case.after or ''} wanted {sorted(case.kinds)}"
            f"{' held' if case.is_held else ''}; {one.told.state} ({one.told.reason[:160]})"
        )
        yield from (
            f"         {change.kind} {change.plan} {change.metric}: {change.verdict}" for change in one.told.changes
        )


def _report(tried: Sequence[Tried], pages: int, seconds: float) -> None:
    real = [one for one in tried if one.case.is_real]
    looks = [one for one in tried if not one.case.is_real]
    print(
        f"{'what the vendor did':42} {'cases':>6} {'right':>6} {'unread':>6} {'torn':>6} {'held':>6}  reported beside it"
    )
    for what, group in _grouped(real):
        beside = sorted({kind for one in group for kind in one.beside})
        figures = (len(group), _count(group), _unread(group), _torn(group), _held(group))
        print(f"{what:42} {' '.join(f'{figure:6}' for figure in figures)}  {', '.join(beside)}")
    print(f"\n{'what means nothing':42} {'cases':>6} {'quiet':>6} {'':6} {'held':>6}  reported")
    for what, group in _grouped(looks):
        beside = sorted({kind for one in group for kind in one.beside})
        print(f"{what:42} {len(group):6} {_count(group):6} {'':6} {_held(group):6}  {', '.join(beside)}")
    wrong = sum(bool(one.beside) for one in real)
    events = sum(len(one.told.changes) for one in looks)
    print(f"\npages {pages}, {seconds:.0f} s")
    print(
        f"changes: {_count(real)} of {len(real)} right, {_torn(real)} of them held as contradicting themselves; "
        f"{_unread(real)} read as before, {wrong} with another kind beside"
    )
    print(f"looks: {_count(looks)} of {len(looks)} quiet, {events} false events, {_held(looks)} held")


def _grouped(tried: Sequence[Tried]) -> list[tuple[str, list[Tried]]]:
    groups: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        groups[one.case.what].append(one)
    return sorted(groups.items())


def _count(tried: Sequence[Tried]) -> int:
    return sum(one.is_right for one in tried)


def _unread(tried: Sequence[Tried]) -> int:
    return sum(one.is_read_alike for one in tried)


def _torn(tried: Sequence[Tried]) -> int:
    return sum(one.is_contradiction for one in tried)


def _held(tried: Sequence[Tried]) -> int:
    return sum(one.told.state is GateState.HELD for one in tried)


if __name__ == "__main__":
    sys.exit(main())
