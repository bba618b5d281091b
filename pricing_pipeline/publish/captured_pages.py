"""A page for each capture that figures rest on: the words around each quote, so that a figure can be followed to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pricing_pipeline.catalog import Provenance
from pricing_pipeline.facts import Evidence
from pricing_pipeline.publish.cells import plan_id, rating_id, term_id
from pricing_pipeline.publish.contexts import Contexts, Wanted, contexts
from pricing_pipeline.publish.evidence import Entry, entries, safe_url
from pricing_pipeline.publish.memory import Memory
from pricing_pipeline.publish.shelf import Shelf

FOLDER = "captures"
_SAFE = re.compile(r"[\w-]+")
# A quote's link as the template writes it; what is quoted is escaped, so that no other tag stands in it.
_LINK = re.compile(rb'<a href="\.\./(?P<address>captures/[^"]+)">(?P<words>[^<]*)</a>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """How captured pages are shown: `read` gives a page's characters (None where they are not kept any more), `around` so
    many characters on both sides of a quote (None: all of the page's text).

    `named` says in full which characters `read` would give, without reading them (None where they are not kept).
    """

    read: Callable[[Provenance], str | None]
    around: int | None
    named: Callable[[Provenance], str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedPage:
    """What the page of one capture shows: where it is from, and each figure that rests on it with its quote."""

    path: str
    provenance: Provenance
    url: str
    entries: tuple[Entry, ...]
    contexts: Contexts


def captured_pages(shelf: Shelf, captures: Captures, memory: Memory | None = None) -> list[CapturedPage]:
    """A page for each capture that a standing figure rests on; none for those whose bytes are gone. In the `memory` it is
    kept what was found around the quotes."""
    found = []
    for provenance, resting in _by_capture(shelf):
        wanted = [one for _, one in resting]
        around = _contexts(captures, provenance, wanted, memory)
        if around is not None:
            known = entries(shelf, dict.fromkeys(product for product, _ in resting))
            found.append(
                CapturedPage(
                    path=f"{FOLDER}/{provenance.capture_id}.html",
                    provenance=provenance,
                    url=safe_url(provenance.url),
                    entries=tuple(known[one.figure] for one in wanted),
                    contexts=around,
                )
            )
    return found


def _contexts(
    captures: Captures, provenance: Provenance, wanted: Sequence[Wanted], memory: Memory | None
) -> Contexts | None:
    """The quotes of a capture in their contexts; None where its page is not kept."""

    def find() -> Contexts | None:
        text = captures.read(provenance)
        return None if text is None else contexts(text, wanted, around=captures.around)

    if memory is None or captures.named is None:
        return find()
    named = captures.named(provenance)
    if named is None:
        return None
    told = memory.once((named, captures.around, wanted), lambda: (made := find()) and made.as_json())
    return None if told is None else Contexts.from_json(told)


def links(pages: Iterable[CapturedPage]) -> dict[str, str]:
    """Where each figure's quote stands in its context: figure to address, seen from the edition's folder."""
    return {figure: f"{page.path}#{figure}" for page in pages for figure in sorted(page.contexts.found)}


def without_lost(page: bytes, known: Collection[str]) -> bytes:
    """A page's bytes, with plain words in place of links to quotes that are not among the `known` addresses."""

    def link(match: re.Match[bytes]) -> bytes:
        return match[0] if match["address"].decode() in known else match["words"]

    return _LINK.sub(link, page)


def _by_capture(shelf: Shelf) -> list[tuple[Provenance, list[tuple[str, Wanted]]]]:
    """The captures that figures rest on, each with those figures and their products."""
    found: dict[str, tuple[Provenance, list[tuple[str, Wanted]]]] = {}
    for product, figure, evidence, provenance in _standing(shelf):
        if provenance.imported is None and _SAFE.fullmatch(provenance.capture_id):
            wanted = Wanted(figure=figure, quote=evidence.quote, locator=evidence.locator, surface=evidence.surface)
            found.setdefault(provenance.capture_id, (provenance, []))[1].append((product, wanted))
    return list(found.values())


def _standing(shelf: Shelf) -> Iterator[tuple[str, str, Evidence, Provenance]]:
    """Every standing figure: its product, its id, and where it was read."""
    for plan in shelf.catalog.plans:
        yield plan.product, plan_id(plan), plan.plan.evidence, plan.provenance
    for term in shelf.catalog.terms:
        yield term.product, term_id(term), term.term.evidence, term.provenance
    for rating in shelf.catalog.ratings:
        yield rating.product, rating_id(rating), rating.rating.evidence, rating.provenance
