"""Seeing that a publish would make the edition that stands already, without reading what it would be made of."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assets.workshop import Workshop
from pricing_pipeline.catalog import Catalog
from pricing_pipeline.publish.days import by_day, stale_sources
from pricing_pipeline.publish.editions import Policy
from pricing_pipeline.publish.managed import find_files
from pricing_pipeline.publish.naming import told_apart
from pricing_pipeline.publish.standing import OF_WHAT_STANDS, Edition, still_standing
from warehouse import check_results
from warehouse.catalog import edition_clock
from warehouse.connection import Connection, open_warehouse
from warehouse.fingerprint import fingerprint, settled_fingerprint
from warehouse.parquet import written_by
from warehouse.reports import write_reports
from warehouse.source_states import states

FILE = ".unchanged.json"
_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = ("assets", "checks", "pricing_pipeline", "warehouse")
# When a check was run moves with every run; what it says of what stands is taken apart from that.
_RUNS = "check_result"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """Everything that decides what an edition holds, as a SHA-256: `exactly`, and but for the moments of checks, of which
    pages tell the days (`by_day`; None where a check may move more). Either may move where the edition would not; the
    other way round it must not.
    """

    exactly: str
    by_day: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The edition of the last publish: what it was made of, the managed files beside it, and what was said of files that
    could not be read."""

    made_of: str
    by_day: str | None
    managed: str
    edition: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def made_of(workshop: Workshop, con: Connection) -> MadeOf:
    """What an edition would be made of now: the program, the rows of the warehouse, what the last checks said, and what
    people edited, as it was read or as its bytes are."""
    around = _around(workshop, con)
    return MadeOf(exactly=_exactly(around, con), by_day=_by_day(around, workshop, con))


def _around(workshop: Workshop, con: Connection) -> str:
    """A SHA-256 of all but the rows."""
    sha = hashlib.sha256(written_by().encode())
    for name in _PROGRAM:
        sha.update(_digest(_files(_ROOT / name)))
    said = [(one.suite, one.check, one.status) for one in check_results.latest(con) if one.suite in OF_WHAT_STANDS]
    edited = (workshop.registry, workshop.workloads, workshop.settings, workshop.home.is_example)
    sha.update(repr((said, edited)).encode())
    sha.update(_digest(_files(workshop.content.beside("comparisons"))))
    return sha.hexdigest()


def _exactly(around: str, con: Connection) -> str:
    return hashlib.sha256(f"{around} {fingerprint(con, but={_RUNS})}".encode()).hexdigest()


def _by_day(around: str, workshop: Workshop, con: Connection) -> str | None:
    moments = _moments(workshop, con)
    settled = settled_fingerprint(con, at=moments.as_of)
    if settled is None:
        return None
    return hashlib.sha256(repr((around, settled, by_day(moments), sorted(stale_sources(moments)))).encode()).hexdigest()


def kept(workshop: Workshop) -> Edition | None:
    """The edition that stands, where a publish would leave all but its times; what makes editions is not loaded to say
    so unless times are to be written."""
    with open_warehouse(workshop.home.warehouse) as con:
        return recalled(workshop, con)[1]


def recalled(workshop: Workshop, con: Connection) -> tuple[MadeOf, Edition | None]:
    """What an edition would be made of now, and the one that stands if it was made of just that, is whole, and nobody
    touched the managed files since. Where it was, but for the moments at which sources were checked, it stands with those
    of now."""
    last = _recall(workshop.home.editions)
    around = _around(workshop, con)
    exactly = _exactly(around, con)
    is_same = last is not None and last.made_of == exactly
    # of the same rows the rest follows; to work it out takes as long as all of the above
    now = MadeOf(exactly=exactly, by_day=last.by_day if last and is_same else _by_day(around, workshop, con))
    if last is None or last.managed != _managed(workshop):
        return now, None
    if is_same:
        found = still_standing(workshop.home.editions, last.edition, workshop.now())
    elif last.by_day is not None and last.by_day == now.by_day:
        found = _checked_again(workshop, con, last)
    else:
        return now, None
    if found is None:
        return now, None
    if not is_same:
        remember(workshop, now, found, problems=last.problems, notes=last.notes)
    return now, replace(found, problems=(*last.problems, *found.problems), notes=(*last.notes, *found.notes))


def _checked_again(workshop: Workshop, con: Connection, last: Remembered) -> Edition | None:
    """The edition of the last publish with the moments of now."""
    from pricing_pipeline.publish.edition import check_again

    kept = workshop.settings.editions
    moments, _ = told_apart(_moments(workshop, con), workshop.registry)
    return check_again(
        moments,
        last.edition,
        editions=workshop.home.editions,
        write_reports=lambda path, cheapest: write_reports(con, path, cheapest),
        policy=Policy(keep=kept.keep, keep_for=kept.keep_for),
        at=workshop.now(),
    )


def _moments(workshop: Workshop, con: Connection) -> Catalog:
    """The catalog without any facts: where the registered sources stand."""
    found, sources = states(con), workshop.registry.sources()
    return Catalog(
        as_of=edition_clock(con),
        sources=sources,
        states=tuple(found[source.id] for source in sources if source.id in found),
        demo=workshop.home.is_example,
    )


def remember(
    workshop: Workshop, of: MadeOf, edition: Edition, *, problems: Sequence[str] = (), notes: Sequence[str] = ()
) -> None:
    """Keep what the edition that stands now was made of; `problems` and `notes` are lines that are in no manifest."""
    last = Remembered(
        made_of=of.exactly,
        by_day=of.by_day,
        managed=_managed(workshop),
        edition=edition.id,
        problems=tuple(problems),
        notes=tuple(notes),
    )
    making = workshop.home.editions / f"{FILE}.making-{os.getpid()}"
    # the edition is published: what is not remembered is looked at in full the next time
    with contextlib.suppress(OSError):
        making.write_text(json.dumps(asdict(last)), "ascii")
        making.replace(workshop.home.editions / FILE)


def _recall(editions: Path) -> Remembered | None:
    try:
        said = json.loads((editions / FILE).read_bytes())
        return Remembered(**{**said, "problems": tuple(said["problems"]), "notes": tuple(said["notes"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or one of another version: the edition is looked at in full


def _managed(workshop: Workshop) -> str:
    """The managed files as they are; none where nothing is managed."""
    patterns = workshop.settings.managed
    if not patterns or workshop.home.is_example:
        return ""
    files, problems = find_files(patterns, workshop.content.beside("settings.yaml").parent)
    return f"{problems} {_digest(files).hex()}"


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder that are kept by hand, in a fixed order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")


def _digest(paths: Iterable[Path]) -> bytes:
    """The names and bytes of some files, as a SHA-256; one that cannot be read counts as the error that it gives."""
    sha = hashlib.sha256()
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            content = repr(error).encode()
        sha.update(f"{path} {len(content)}\n".encode("utf-8", "surrogateescape") + content)
    return sha.digest()
