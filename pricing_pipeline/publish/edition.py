"""Editions: all files of one publish, switched in together; what is unchanged is not made again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.claims.knowledge import Price
from pricing_pipeline.claims.placeholders import Filler
from pricing_pipeline.claims.registered import other_names
from pricing_pipeline.publish import editions as shelved
from pricing_pipeline.publish import folder, phrases, render
from pricing_pipeline.publish.audits import Audits
from pricing_pipeline.publish.calculator import Tariffs
from pricing_pipeline.publish.captured_pages import Captures
from pricing_pipeline.publish.data import dump
from pricing_pipeline.publish.days import by_day, stale_sources
from pricing_pipeline.publish.editions import Policy
from pricing_pipeline.publish.preview import beside
from pricing_pipeline.publish.scales import Weigh
from pricing_pipeline.publish.shelf import Shelf, settled
from pricing_pipeline.publish.site import Site
from pricing_pipeline.publish.sitemap import FILE, sitemap
from pricing_pipeline.publish.standing import OF_WHAT_STANDS, Edition, edition_of, unwritable
from pricing_pipeline.publish.statements import knowledge_of, text_of
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Registry

REPORTS, PARQUET = "reports.duckdb", "parquet"
_HERE = Path(__file__).resolve().parent
# What decides how the same facts look: a change of it makes a new edition of unchanged facts.
_CODE = (_HERE, _HERE.parent / "claims", _HERE.parent / "costs", *_HERE.parent.glob("*.py"))


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What one edition is made of."""

    catalog: Catalog
    comparisons: Sequence[ComparisonFile]
    unreadable: Sequence[str]
    registry: Registry
    write_reports: Callable[[Path], None] | None
    title: str
    price: Price | None
    tariffs: Tariffs | None = None
    weigh: Weigh | None = None
    captures: Captures | None = None
    write_parquet: Callable[[Path, Path], None] | None = None
    written_by: str = ""
    site_url: str | None = None

    @cached_property
    def shown(self) -> Catalog:
        """The catalog as pages tell it."""
        return by_day(settled(self.catalog))

    @cached_property
    def stale(self) -> frozenset[str]:
        """The sources that pages mark as unconfirmed for too long."""
        return stale_sources(self.catalog)

    @cached_property
    def pages(self) -> str:
        """All that the pages and data tell, of facts, texts, names, days, and the code that renders them, as one
        SHA-256."""
        checks = [(one.suite, one.check, one.status) for one in self.catalog.checks if one.suite in OF_WHAT_STANDS]
        around = None if self.captures is None else (self.captures.around,)
        told = (self.title, self.site_url, self.written_by, sorted(self.stale), around)
        sha = hashlib.sha256(repr((told, replace(self.shown, checks=()), checks, self.registry)).encode())
        for file in self.comparisons:
            lines = sorted(file.lines.items(), key=repr)
            sha.update(f"{file.slug}\n{file.content.model_dump_json()}\n{lines!r}".encode())
        sha.update(repr(sorted(self.unreadable)).encode())
        for path in _code():
            sha.update(path.name.encode() + b"\0" + path.read_bytes())
        return sha.hexdigest()

    @cached_property
    def inputs(self) -> str:
        """The same, with the moments at which sources were checked and confirmed."""
        return hashlib.sha256(f"{self.pages}\n{self.catalog.as_of}\n{self.catalog.states!r}".encode()).hexdigest()


def publish(
    catalog: Catalog,
    comparisons: Sequence[ComparisonFile],
    *,
    registry: Registry,
    editions: Path,
    unreadable: Sequence[str] = (),
    write_reports: Callable[[Path], None] | None = None,
    title: str = "Pricing, compared",
    keep: int = 10,
    policy: Policy | None = None,
    at: datetime | None = None,
    preview: Path | None = None,
    price: Price | None = None,
    tariffs: Tariffs | None = None,
    weigh: Weigh | None = None,
    captures: Captures | None = None,
    write_parquet: Callable[[Path, Path], None] | None = None,
    written_by: str = "",
    site_url: str | None = None,
) -> Edition:
    """Make the edition of a catalog under `editions` and switch `editions/current` to it; `keep` older ones stay.

    The same input gives the same edition; where it stands already, nothing is written. A comparison that cannot be made
    keeps the files that it has in the standing edition, and so does one whose file is `unreadable` (slugs), and one whose
    text the facts contradict. `price` reckons what a text says of a cost at a use that no workload names;
    `tariffs` tells plans' bills as data for the pages' calculator, without which they have none, and `weigh` says which
    plan is the cheapest from how much use on. `captures` shows quotes in the words around them. `write_reports` writes the
    database, `write_parquet` takes it apart into a folder; `written_by` names their version, for another one makes another
    edition. Where `site_url` is known, feeds have whole addresses and there is a sitemap.
    `policy` says more of what is kept than `keep` does; `at` is noted as the time of publishing, where it is given.
    With `preview` the edition is made in that folder instead, and nothing else is touched.
    Raises PublishError where an edition cannot be written.
    """
    order = _Order(
        catalog=catalog,
        comparisons=comparisons,
        unreadable=unreadable,
        registry=registry,
        write_reports=write_reports,
        title=title,
        price=price,
        tariffs=tariffs,
        weigh=weigh,
        captures=captures,
        write_parquet=write_parquet,
        written_by=written_by,
        site_url=site_url,
    )
    try:
        with folder.alone(editions):
            if preview is not None:
                return _preview(order, editions, preview)
            return _publish(order, editions, policy or Policy(keep=keep), at)
    except OSError as error:
        raise unwritable(editions, error) from error


def _publish(order: _Order, editions: Path, policy: Policy, at: datetime | None) -> Edition:
    current = editions / folder.CURRENT
    standing = folder.manifest_of(current)
    if standing is not None and standing["inputs"] == order.inputs and folder.is_whole(current, standing):
        shelved.note(editions, standing["edition"], at)
        return edition_of(editions, standing, changed=False)
    making = folder.begin(editions, order.inputs[:12])
    if standing is not None and standing.get("pages") == order.pages and not folder.damage(current, standing):
        made = _checked_again(order, making, current, standing)
    else:
        made = _make(order, making, current, standing)
    manifest = _manifest(order, made)
    folder.write(making, [(folder.MANIFEST, dump(manifest))])
    folder.switch(editions, making, manifest["edition"])
    shelved.note(editions, manifest["edition"], at)
    shelved.forget(editions, policy)
    return edition_of(editions, manifest, changed=True)


def _preview(order: _Order, editions: Path, into: Path) -> Edition:
    """The edition made beside the standing one, for somebody to look at."""
    current = editions / folder.CURRENT
    standing = folder.manifest_of(current)
    with beside(into, editions) as making:
        manifest = _manifest(order, _make(order, making, current, standing))
        folder.write(making, [(folder.MANIFEST, dump(manifest))])
    made = edition_of(editions, manifest, changed=standing is None or standing["inputs"] != order.inputs)
    return replace(made, path=into)


def _manifest(order: _Order, made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "edition": f"{phrases.stamp(order.catalog.as_of).replace(':', '')}-{order.inputs[:12]}",
        "inputs": order.inputs,
        "pages": order.pages,
        "as_of": phrases.stamp(order.catalog.as_of),
        "demo": order.catalog.demo,
        **made,
    }


def _checked_again(order: _Order, making: Path, current: Path, standing: Mapping[str, Any]) -> dict[str, Any]:
    """The files of the standing edition, but those that say to the second when sources were checked: nothing else moved."""
    written: dict[str, str | None] = {**folder.write(making, [render.freshness(order.catalog)])}
    if order.write_reports is not None:
        order.write_reports(making / REPORTS)
        written[REPORTS] = None
    folder.link(making, current, standing["files"].keys() - written.keys())
    told = {name: standing[name] for name in ("problems", "notes", "comparisons")}
    return {**told, "files": dict(sorted({**standing["files"], **written}.items()))}


def _make(order: _Order, making: Path, current: Path, standing: Mapping[str, Any] | None) -> dict[str, Any]:
    """Write every file but the manifest, and give what the manifest says of them.

    The files of comparisons are made while their texts are audited; those that the facts contradict are removed again.
    """
    shelf = Shelf(order.shown, order.registry, stale=order.stale)
    site = Site(
        shelf, title=phrases.line(order.title), tariffs=order.tariffs, weigh=order.weigh, captures=order.captures
    )
    fill = Filler(shelf.catalog, order.price, other_names(order.registry)).fill
    drafts = [render.draft(shelf, file, fill) for file in order.comparisons]
    texts = [text_of(shelf, one.file, one.editorial) for one in drafts if isinstance(one, render.Draft)]
    with Audits(knowledge_of(shelf, order.price), texts) as audits:
        written: dict[str, str | None] = {
            **folder.write(making, render.fixed(shelf, site, order.title, order.site_url))
        }
        written |= folder.write(making, [render.freshness(order.catalog)])
        databases = _databases(order, making)
        made = {
            one: folder.write(making, render.comparison(shelf, one, site))
            for one in drafts
            if isinstance(one, render.Draft)
        }
        problems = dict(zip(made, audits.problems(), strict=True))
    outcomes = [
        render.outcome(shelf, one, list(made[one]), problems[one]) if isinstance(one, render.Draft) else one
        for one in drafts
    ]
    outcomes += [render.unreadable(slug) for slug in order.unreadable]
    for draft, files in made.items():
        if problems[draft]:
            folder.discard(making, files)
        else:
            written |= files
    kept = _kept(outcomes, standing)
    for still in kept.values():
        written |= folder.write(making, ((path, site.still((current / path).read_bytes())) for path in still.files))
    written |= folder.write(making, render.closing(shelf, site, outcomes, kept, databases)) | databases
    if order.site_url is not None:
        written |= folder.write(making, [(FILE, sitemap(order.site_url, written))])
    return {
        "problems": [outcome.problem for outcome in outcomes if outcome.problem and not outcome.is_waiting],
        "notes": [outcome.problem for outcome in outcomes if outcome.is_waiting],
        "comparisons": _told(outcomes, kept),
        "files": dict(sorted(written.items())),
    }


def _databases(order: _Order, making: Path) -> dict[str, str | None]:
    """Write what the warehouse itself gives: the database, and its tables as Parquet."""
    if order.write_reports is None:
        return {}
    order.write_reports(making / REPORTS)
    # Two database files of the same rows need not be the same bytes.
    written: dict[str, str | None] = {REPORTS: None}
    if order.write_parquet is not None:
        order.write_parquet(making / REPORTS, making / PARQUET)
        written |= folder.digests(making, PARQUET)
    return written


def _kept(outcomes: Iterable[render.Outcome], standing: Mapping[str, Any] | None) -> dict[str, render.Kept]:
    """What the standing edition has of the comparisons that could not be made now."""
    had = standing["comparisons"] if standing is not None else {}
    failed = [outcome.slug for outcome in outcomes if outcome.problem and outcome.slug in had]
    return {
        slug: render.Kept(title=had[slug]["title"], summary=had[slug]["summary"], files=tuple(had[slug]["files"]))
        for slug in failed
    }


def _told(outcomes: Iterable[render.Outcome], kept: Mapping[str, render.Kept]) -> dict[str, Any]:
    """What the manifest says of the comparisons that the edition shows."""
    told: dict[str, Any] = {}
    for outcome in outcomes:
        one = kept.get(outcome.slug)
        shown = outcome if one is None else one
        if shown.files:
            told[outcome.slug] = {
                "title": shown.title,
                "summary": shown.summary,
                "held_back": one is not None,
                "files": list(shown.files),
            }
    return told


def _code() -> list[Path]:
    """The files that decide how facts look, in a fixed order."""
    found = [path for place in _CODE for path in ([place] if place.is_file() else place.rglob("*"))]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
