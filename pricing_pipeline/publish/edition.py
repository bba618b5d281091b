"""Editions: all files of one publish, switched in together; what is unchanged is not made again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
from pricing_pipeline.publish.editions import Policy
from pricing_pipeline.publish.memory import Memory
from pricing_pipeline.publish.order import Order, WriteReports, inputs_of, text
from pricing_pipeline.publish.preview import beside
from pricing_pipeline.publish.recommended import NAME, published_ranges
from pricing_pipeline.publish.scales import Weigh
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.site import Site
from pricing_pipeline.publish.sitemap import FILE, sitemap
from pricing_pipeline.publish.standing import Edition, edition_of, unwritable
from pricing_pipeline.publish.statements import knowledge_of, text_of
from pricing_pipeline.publish.taken_over import TakenOver, Written, compared_by
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.results import PublishedRange

REPORTS, PARQUET = "reports.duckdb", "parquet"


def publish(
    catalog: Catalog,
    comparisons: Sequence[ComparisonFile],
    *,
    registry: Registry,
    editions: Path,
    unreadable: Sequence[str] = (),
    write_reports: WriteReports | None = None,
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
    order = Order(
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


def _publish(order: Order, editions: Path, policy: Policy, at: datetime | None) -> Edition:
    current = editions / folder.CURRENT
    standing = folder.manifest_of(current)
    if standing is not None and standing["inputs"] == order.inputs and folder.is_whole(current, standing):
        shelved.note(editions, standing["edition"], at)
        return edition_of(editions, standing, changed=False)
    making = folder.begin(editions, order.inputs[:12])
    if standing is not None and standing.get("pages") == order.pages and not folder.damage(current, standing):
        made = _checked_again(order.catalog, order.write_reports, making, current, standing)
    else:
        memory = Memory(editions, by=order.program)
        made = _make(order, making, TakenOver(order, current, standing), memory)
        memory.keep()
    return _switched(_manifest(order.pages, order.catalog, made), editions, making, policy, at)


def check_again(
    moments: Catalog,
    edition: str,
    *,
    editions: Path,
    write_reports: WriteReports,
    policy: Policy,
    at: datetime | None = None,
) -> Edition | None:
    """The edition of this id, with the moments of a catalog that holds no facts, for whoever knows that its pages would be
    made again as they are; None where it is not the one that stands, or not whole. Raises PublishError where it cannot be
    written."""
    current = editions / folder.CURRENT
    try:
        with folder.alone(editions):
            standing = folder.manifest_of(current)
            if standing is None or standing["edition"] != edition or folder.damage(current, standing):
                return None
            inputs = inputs_of(standing["pages"], moments)
            if standing["inputs"] == inputs:
                shelved.note(editions, edition, at)
                return edition_of(editions, standing, changed=False)
            making = folder.begin(editions, inputs[:12])
            made = _checked_again(moments, write_reports, making, current, standing)
            return _switched(_manifest(standing["pages"], moments, made), editions, making, policy, at)
    except OSError as error:
        raise unwritable(editions, error) from error


def _switched(
    manifest: Mapping[str, Any], editions: Path, making: Path, policy: Policy, at: datetime | None
) -> Edition:
    """The edition whose files have been made, put in the place of the one that stands."""
    folder.write(making, [(folder.MANIFEST, dump(manifest))])
    folder.switch(editions, making, manifest["edition"])
    shelved.note(editions, manifest["edition"], at)
    shelved.forget(editions, policy)
    return edition_of(editions, manifest, changed=True)


def _preview(order: Order, editions: Path, into: Path) -> Edition:
    """The edition made beside the standing one, for somebody to look at."""
    current = editions / folder.CURRENT
    standing = folder.manifest_of(current)
    with beside(into, editions) as making:
        same = TakenOver(order, current, standing, put=folder.copy)
        files = _make(order, making, same, Memory(editions, by=order.program))
        manifest = _manifest(order.pages, order.catalog, files)
        folder.write(making, [(folder.MANIFEST, dump(manifest))])
    made = edition_of(editions, manifest, changed=standing is None or standing["inputs"] != order.inputs)
    return replace(made, path=into)


def _manifest(pages: str, catalog: Catalog, made: Mapping[str, Any]) -> dict[str, Any]:
    inputs = inputs_of(pages, catalog)
    return {
        "edition": f"{phrases.stamp(catalog.as_of).replace(':', '')}-{inputs[:12]}",
        "inputs": inputs,
        "pages": pages,
        "as_of": phrases.stamp(catalog.as_of),
        "demo": catalog.demo,
        **made,
    }


def _checked_again(
    moments: Catalog, write_reports: WriteReports | None, making: Path, current: Path, standing: Mapping[str, Any]
) -> dict[str, Any]:
    """The files of the standing edition, but those that say to the second when sources were checked: nothing else moved."""
    written: dict[str, str | None] = {**folder.write(making, [render.freshness(moments)])}
    if write_reports is not None:
        write_reports(making / REPORTS, _ranges(current))
        written[REPORTS] = None
    folder.link(making, current, standing["files"].keys() - written.keys())
    told = {name: standing[name] for name in ("problems", "notes", "comparisons", "facts", "compared", "fixed")}
    return {**told, "files": dict(sorted({**standing["files"], **written}.items()))}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anyway:
    """What every edition has, whatever became of the comparisons. `is_taken_over` says whether `fixed` was."""

    is_taken_over: bool
    fixed: Written
    freshness: Written
    databases: Written

    @property
    def written(self) -> dict[str, str | None]:
        """All of it."""
        return {**self.fixed, **self.freshness, **self.databases}


def _make(order: Order, making: Path, same: TakenOver, memory: Memory) -> dict[str, Any]:
    """Write every file but the manifest, or take it over, and give what the manifest says of them.

    The files of comparisons are made while their texts are audited; those that the facts contradict are removed again.
    """
    shelf = Shelf(order.shown, order.registry, stale=order.stale)
    site = Site(
        shelf,
        title=phrases.line(order.title),
        tariffs=order.tariffs,
        weigh=order.weigh,
        captures=order.captures,
        memory=memory,
    )
    fill = Filler(shelf.catalog, order.price, other_names(order.registry)).fill
    drafts = [same.comparison(shelf, file) or render.draft(shelf, file, fill) for file in order.comparisons]
    compared = [one.products for one in drafts if one.products]
    fresh = [one for one in drafts if isinstance(one, render.Draft)]
    with Audits(knowledge_of(shelf, order.price), [text_of(shelf, one.file, one.editorial) for one in fresh]) as audits:
        anyway = _anyway(order, making, shelf, site, same, compared)
        made = {one: folder.write(making, render.comparison(shelf, one, site)) for one in fresh}
        problems = dict(zip(fresh, audits.problems(), strict=True))
    outcomes = [
        render.outcome(shelf, one, list(made[one]), problems[one]) if isinstance(one, render.Draft) else one
        for one in drafts
    ]
    outcomes += [render.unreadable(slug) for slug in order.unreadable]
    written = anyway.written
    written |= _of_comparisons(making, made, problems)
    kept = _kept(outcomes, same.standing)
    taken = [path for outcome in outcomes if outcome.is_taken_over for path in outcome.files]
    older = [path for one in kept.values() for path in one.files]
    if anyway.is_taken_over:
        written |= same.put(making, taken)
    else:
        older += taken  # captures may have been given up, to which these lead
    written |= folder.write(making, ((path, site.still(same.read(path))) for path in older))
    written |= folder.write(making, render.closing(shelf, site, outcomes, kept, anyway.databases))
    if order.site_url is not None:
        written |= folder.write(making, [(FILE, sitemap(order.site_url, written))])
    return {
        "problems": [outcome.problem for outcome in outcomes if outcome.problem and not outcome.is_waiting],
        "notes": [outcome.problem for outcome in outcomes if outcome.is_waiting],
        "comparisons": _told(outcomes, kept, {file.slug: text(file) for file in order.comparisons}),
        "facts": order.facts,
        "compared": compared_by(compared),
        "fixed": sorted(anyway.fixed.keys() - anyway.freshness.keys()),
        "files": dict(sorted(written.items())),
    }


def _anyway(
    order: Order, making: Path, shelf: Shelf, site: Site, same: TakenOver, compared: Sequence[Sequence[str]]
) -> _Anyway:
    """Write, or take over, what every edition has."""
    taken = same.fixed(making, compared)
    fixed = taken
    if fixed is None:
        fixed = folder.write(making, render.fixed(shelf, site, order.title, order.site_url, compared=compared))
    freshness = folder.write(making, [render.freshness(order.catalog)])
    databases = _databases(order, making)
    return _Anyway(is_taken_over=taken is not None, fixed=fixed, freshness=freshness, databases=databases)


def _of_comparisons(
    making: Path, made: Mapping[render.Draft, Written], problems: Mapping[render.Draft, Sequence[str]]
) -> Written:
    """The files of the comparisons that were made; where something is wrong with a text they are removed again."""
    written: dict[str, str | None] = {}
    for draft, files in made.items():
        if problems[draft]:
            folder.discard(making, files)
        else:
            written |= files
    return written


def _databases(order: Order, making: Path) -> Written:
    """Write what the warehouse itself gives: the database, and its tables as Parquet."""
    if order.write_reports is None:
        return {}
    order.write_reports(making / REPORTS, _ranges(making))
    # Two database files of the same rows need not be the same bytes.
    written: dict[str, str | None] = {REPORTS: None}
    if order.write_parquet is not None:
        order.write_parquet(making / REPORTS, making / PARQUET)
        written |= folder.digests(making, PARQUET)
    return written


def _ranges(edition: Path) -> tuple[PublishedRange, ...]:
    """Which plan is the cheapest from how much use on, as an edition's own data say."""
    return tuple(published_ranges(json.loads((edition / f"v1/{NAME}.json").read_bytes())))


def _kept(outcomes: Iterable[render.Outcome], standing: Mapping[str, Any] | None) -> dict[str, render.Kept]:
    """What the standing edition has of the comparisons that could not be made now."""
    had = standing["comparisons"] if standing is not None else {}
    failed = [outcome.slug for outcome in outcomes if outcome.problem and outcome.slug in had]
    return {
        slug: render.Kept(title=had[slug]["title"], summary=had[slug]["summary"], files=tuple(had[slug]["files"]))
        for slug in failed
    }


def _told(
    outcomes: Iterable[render.Outcome], kept: Mapping[str, render.Kept], texts: Mapping[str, str]
) -> dict[str, Any]:
    """What the manifest says of the comparisons that the edition shows; `texts` are what they were made of."""
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
                "of": None if one is not None else texts[outcome.slug],
            }
    return told
