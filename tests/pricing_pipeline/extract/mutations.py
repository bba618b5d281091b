"""Pages spoilt on purpose: cut, shuffled, flipped, stripped of tags, doubled. The same seed spoils a page the same way."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import FrameType

from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Evidence, Observation, SourceKind, Term

URL = "https://vendor.example/pricing"
LONGEST_SECONDS = 5.0
_TAG = re.compile(rb"<[^<>]{0,2000}>")
# What a mutation puts in: ends of things, half entities, other alphabets, what no page should hold.
_JUNK = (
    b"<", b">", b"</div>", b"<div>", b"<!--", b"-->", b"]]>", b"&", b"&#", b"&#x110000;", b"&#0;", b"\x00", b"\xff\xfe",
    b"\xc3", b"\xe2\x80\x8b", b"\xf0\x9f\x92\xb8", b"<script>", b"<template>", b"<table><tr>", b"<svg>", b"\xd9\xa3",
    b"$", b"1e999", b"9" * 40, b"<p hidden>", b"<del>", b"{{", b"\xe2\x88\x92", b"/month",
)  # fmt: skip

Value = tuple[str, Decimal | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def cut(page: bytes, chance: random.Random) -> bytes:
    """The first part of a page, as when the connection breaks."""
    return page[: chance.randrange(len(page) + 1)]


def lose_part(page: bytes, chance: random.Random) -> bytes:
    """A page without a stretch in its middle."""
    start, end = sorted(chance.randrange(len(page) + 1) for _ in range(2))
    return page[:start] + page[end:]


def flip_bytes(page: bytes, chance: random.Random) -> bytes:
    """A page with some of its bytes replaced by any others."""
    spoilt = bytearray(page)
    for _ in range(chance.choice((1, 3, 10, 100))):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def drop_tags(page: bytes, chance: random.Random) -> bytes:
    """A page without some of its tags, opening or closing as it comes."""
    share = chance.choice((0.01, 0.1, 0.5))
    return _TAG.sub(lambda found: b"" if chance.random() < share else found[0], page)


def shuffle_parts(page: bytes, chance: random.Random) -> bytes:
    """A page whose parts, split between tags, stand in another order."""
    starts = [0, *sorted(chance.sample(_boundaries(page), k=min(chance.choice((2, 6, 20)), len(_boundaries(page)))))]
    parts = [page[start:end] for start, end in zip(starts, [*starts[1:], len(page)], strict=True)]
    chance.shuffle(parts)
    return b"".join(parts)


def double_part(page: bytes, chance: random.Random) -> bytes:
    """A page that says a part of itself again, some times over."""
    start, end = sorted(chance.choice([0, *_boundaries(page)]) for _ in range(2))
    return page[:end] + page[start:end][:200_000] * chance.choice((1, 1, 2, 5)) + page[end:]


def put_in_junk(page: bytes, chance: random.Random) -> bytes:
    """A page with ends of tags, half entities and stray bytes put in anywhere."""
    for _ in range(chance.choice((1, 5, 20))):
        place = chance.randrange(len(page) + 1)
        page = page[:place] + chance.choice(_JUNK) + page[place:]
    return page


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut, lose_part, flip_bytes, drop_tags, shuffle_parts, double_part, put_in_junk,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A spoilt page. `seed` and the page it came from make it again."""

    body: bytes
    seed: int
    how: str
    is_prefix: bool


def mutant(page: bytes, seed: int) -> Mutant:
    """The page spoilt by this seed: by one mutation, or by two or three after another."""
    chance = random.Random(seed)
    steps = [chance.choice(MUTATIONS) for _ in range(chance.choice((1, 1, 2, 3)))]
    body = page
    for step in steps:
        body = step(body, chance)
    how = " + ".join(step.__name__ for step in steps)
    return Mutant(body=body, seed=seed, how=how, is_prefix=all(step is cut for step in steps))


def faults(mutant: Mutant, whole: Observation, *, kind: SourceKind = SourceKind.PRICING) -> Iterator[str]:
    """What is wrong with the reading of a spoilt page, one line each; `whole` is the reading of the page unspoilt."""
    try:
        with _bounded(LONGEST_SECONDS):
            observation = read_page(mutant.body, url=URL, kind=kind)
    except ExtractError:
        return
    except TimeoutError:
        yield f"reading took longer than {LONGEST_SECONDS:.0f} s"
        return
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what this looks for
        yield f"{type(error).__name__}: {error}"
        return
    document = read_document(mutant.body)
    yield from (f"not in the page: {quote.quote!r}" for quote in _quotes(observation) if not _holds(document, quote))
    if mutant.is_prefix:
        yield from _other_values(whole, observation)


def _boundaries(page: bytes) -> list[int]:
    return [found.start() for found in _TAG.finditer(page)] or [0]


def _quotes(observation: Observation) -> Iterator[Evidence]:
    for facts in (observation.plans, observation.terms, observation.ratings, observation.announcements):
        yield from (fact.evidence for fact in facts)
    for announcement in observation.announcements:
        yield from (term.evidence for term in (*announcement.terms, *announcement.former))
    for conflict in observation.conflicts:
        yield from (term.evidence for term in conflict.readings)


def _holds(document: Document, evidence: Evidence) -> bool:
    return document.holds(evidence.quote, evidence.surface)


def _other_values(whole: Observation, part: Observation) -> Iterator[str]:
    """Terms that a part of a page states otherwise than the whole of it does."""
    stated = _values(whole)
    for key, values in _values(part).items():
        if key in stated and not values <= stated[key]:
            yield f"a part of the page says {sorted(map(str, values))} of {key}, the whole {sorted(map(str, stated[key]))}"


def _values(observation: Observation) -> dict[tuple[str | None, ...], set[Value]]:
    found: dict[tuple[str | None, ...], set[Value]] = {}
    conflicting = [term for conflict in observation.conflicts for term in conflict.readings]
    for term in [*observation.terms, *conflicting]:
        found.setdefault(term.key, set()).add(_value(term))
    return found


def _value(term: Term) -> Value:
    return (term.state, term.amount, term.amount_max, term.quantity, term.per_quantity, term.tier_to)


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what takes longer; regular expressions heed it too."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    # Of processor time: on a busy machine a sound reading may wait longer than that for its turn.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
