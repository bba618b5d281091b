"""Imported facts at rest: the files as they were imported, and where each fact of them comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from pricing_pipeline.catalog import Imported, Lapsed
from pricing_pipeline.elsewhere import ImportedFact, claim, is_open
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Plan, Rating, State, Term
from warehouse import names
from warehouse.columns import (
    RATING_COLUMNS,
    TERM_COLUMNS,
    as_text,
    insert,
    rating_from,
    rating_from_json,
    rating_json,
    term_from,
    term_from_json,
    term_json,
)
from warehouse.connection import Connection
from warehouse.grid import pages_of, pricing_of
from warehouse.ledger import Owner

KIND = "import"
VERSION = "import"

_COLUMNS = ("position", "file", "facts", "made_by", "made_at", "is_applied")
_FACT_COLUMNS = ("capture_id", "source_id", "file", "document", "who", "observed", "until")
_CAPTURE_COLUMNS = ("position", "capture_id", "source_id", "url", "outcome", "captured_at", "recorded_at", "origin")
_SOURCE_COLUMNS = (
    "source_id", "vendor", "product", "kind", "url", "every_hours", "locale", "position", "is_registered",
)  # fmt: skip
# Imported facts stand behind those of the pages.
_LAST = 1_000_000


@dataclass(slots=True)
class Import:
    """A file of facts as it was imported once. `is_applied` is set as a refresh is worked through."""

    position: int
    file: str
    facts: tuple[ImportedFact, ...]
    made_by: str
    made_at: datetime
    is_applied: bool = False

    @property
    def id(self) -> str:
        """What its changes are filed under, in the place of an observation."""
        return f"import-{self.position}"


def source_of(owner: Owner, file: str) -> str:
    """The source that the facts of a file about a product stand under."""
    return f"{owner.vendor}/{owner.product}/{KIND}/{file}"


def capture_of(fact: ImportedFact, file: str, known: Mapping[Owner, Owner]) -> str:
    """What history points at for an imported fact: the same for as long as nothing about it is edited.

    `known` are the former names of products; that one is called otherwise today edits nothing.
    """
    oldest = names.first(Owner(fact.vendor, fact.product), known)
    stated = _stated(replace(fact, vendor=oldest.vendor, product=oldest.product))
    text = "\x1f".join((file, json.dumps(stated, sort_keys=True)))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def details(file: str, facts: Iterable[ImportedFact]) -> Mapping[str, Any]:
    """What a decision to import says, for the log."""
    return {"file": file, "facts": [_stated(fact) for fact in facts]}


def keep(con: Connection, position: int, fields: str, *, by: str, at: datetime) -> None:
    """Take in one decision to import. Raises WarehouseError where the log does not say what."""
    stated = json.loads(fields)
    try:
        facts = [_imported(one) for one in stated["facts"]]
        file = str(stated["file"])
    except (KeyError, TypeError, ValueError) as error:
        raise WarehouseError(f"the log's import by {by} at {at} cannot be carried out ({error!r})") from error
    insert(con, "import", _COLUMNS, [(position, file, _json(facts), by, as_text(at), False)])


def waiting(con: Connection) -> list[Import]:
    """The imports that history has not taken in, in the order in which they were made."""
    rows = con.execute(
        "SELECT position, file, facts, made_by, made_at FROM import WHERE NOT is_applied ORDER BY position"
    ).fetchall()
    return [Import(row[0], row[1], _facts(con, row[2]), row[3], row[4]) for row in rows]


def last_import(con: Connection, file: str) -> tuple[ImportedFact, ...]:
    """What a file said when it was imported last; nothing where it never was."""
    row = con.execute("SELECT facts FROM import WHERE file = ? ORDER BY position DESC LIMIT 1", [file]).fetchone()
    return () if row is None else _facts(con, row[0])


def sources_beside(con: Connection, owners: Iterable[Owner]) -> dict[str, Owner]:
    """The sources of imported facts about these products."""
    query = """
        SELECT source_id, vendor, product
        FROM source
        WHERE kind = 'import' AND vendor || '/' || product IN (SELECT unnest(?::VARCHAR[]))
        ORDER BY source_id
    """
    wanted = sorted({f"{owner.vendor}/{owner.product}" for owner in owners})
    return {row[0]: Owner(row[1], row[2]) for row in con.execute(query, [wanted]).fetchall()}


def every_source(con: Connection) -> list[str]:
    """Every source of imported facts."""
    return [row[0] for row in con.execute("SELECT source_id FROM source WHERE kind = 'import' ORDER BY ALL").fetchall()]


def sources_of(con: Connection, files: Iterable[str]) -> dict[str, Owner]:
    """The sources that these files speak under, or spoke under when they were imported before."""
    rows = con.execute("SELECT source_id, vendor, product FROM source WHERE kind = 'import' ORDER BY source_id")
    wanted = set(files)
    return {row[0]: Owner(row[1], row[2]) for row in rows.fetchall() if row[0].rpartition("/")[2] in wanted}


def concerned(con: Connection, brought: Sequence[Import]) -> dict[str, Owner]:
    """The sources that imports concern: those that they speak under, and the pages of the same products."""
    if not brought:
        return {}
    known = sources_of(con, [one.file for one in brought])
    owners = sorted(
        {Owner(fact.vendor, fact.product) for one in brought for fact in one.facts} | {*known.values()}, key=str
    )
    return {**{pricing_of(owner): owner for owner in owners}, **pages_of(con, owners), **known}


def register(con: Connection, waiting_imports: Iterable[Import]) -> None:
    """Make the sources that these imports speak under, so that history and readers find whose facts they are."""
    wanted = {
        source_of(owner, one.file): owner
        for one in waiting_imports
        for owner in (Owner(fact.vendor, fact.product) for fact in one.facts)
    }
    known = {row[0] for row in con.execute("SELECT source_id FROM source WHERE kind = 'import'").fetchall()}
    rows = [
        (id_, owner.vendor, owner.product, KIND, "", 0, "", _LAST, False)
        for id_, owner in sorted(wanted.items())
        if id_ not in known
    ]
    insert(con, "source", _SOURCE_COLUMNS, rows)


def spoken_for(con: Connection, fact: ImportedFact, *, file: str, at: datetime) -> str | None:
    """Why a fact cannot be imported from a file: a page states the same now, or another file does; None where it can."""
    is_term = isinstance(fact.fact, Term)
    kind, columns = ("term", TERM_COLUMNS) if is_term else ("rating", RATING_COLUMNS)
    build: Any = term_from if is_term else rating_from
    # kind and columns are this package's own constants
    query = f"""
        SELECT source_id, valid_from, valid_to, {", ".join(columns)}
        FROM {kind}_standing
        WHERE vendor = $vendor AND product = $product AND valid_to > $start::TIMESTAMPTZ AND valid_from < $end::TIMESTAMPTZ
        ORDER BY source_id, position
    """  # noqa: S608
    given = {"vendor": fact.vendor, "product": fact.product, "start": max(fact.start, at), "end": fact.end}
    for source_id, valid_from, _, *row in con.execute(query, given).fetchall():
        stated = build(row)
        own = source_id == source_of(Owner(fact.vendor, fact.product), file)
        if own or is_open(stated) or claim(stated, publisher=publisher_of(source_id)) != claim(fact.fact):
            continue
        if f"/{KIND}/" in source_id:
            return f"{source_id.rpartition('/')[2]} says the same of these days; take it out of one of the two files"
        return (
            f"the page {source_id} has stated this since {valid_from:%Y-%m-%d} ({stated.evidence.quote[:60]!r}); "
            "leave the line out, or, if the page is misread, use `pricing-pipeline correct`"
        )
    return None


def last_day(end: datetime) -> date:
    """The last day of a fact that ceases to hold at a moment."""
    return (end - timedelta(microseconds=1)).date()


def lapsed(con: Connection, sources: Sequence[str], at: datetime) -> tuple[Lapsed, ...]:
    """The imported facts of some sources whose last day was over at a moment, and that nothing has followed since."""
    found = []
    for view, columns, build in (("term", TERM_COLUMNS, term_from), ("rating", RATING_COLUMNS, rating_from)):
        own = ", ".join(f"fact.{name}" for name in columns)
        # views and columns are this package's own constants
        query = f"""
            SELECT
                fact.vendor, fact.product, imported_fact.document, imported_fact.file, imported_fact.who,
                imported_fact.until, fact.valid_to, {own}
            FROM {view} AS fact
            JOIN imported_fact ON imported_fact.capture_id = fact.capture_id
            WHERE fact.superseded_at IS NULL
                AND fact.source_id IN (SELECT unnest($sources::VARCHAR[]))
                AND fact.valid_to <= $at::TIMESTAMPTZ
                AND fact.valid_to = (imported_fact.until + 1)::TIMESTAMPTZ
            ORDER BY fact.vendor, fact.product, fact.source_id, fact.position, fact.valid_to
        """  # noqa: S608
        for row in con.execute(query, {"sources": list(sources), "at": at}).fetchall():
            fact: Any = build(row[7:])
            imported = Imported(file=row[3], who=row[4], until=row[5])
            found.append(
                Lapsed(
                    vendor=row[0], product=row[1], fact=fact, document=row[2], imported=imported, since=row[6],
                )
            )  # fmt: skip
    return tuple(_unfollowed(con, found, at))


def _unfollowed(con: Connection, found: Sequence[Lapsed], at: datetime) -> Iterator[Lapsed]:
    """The last word on each thing, where nobody says anything of it now."""
    last = {(one.vendor, one.product, claim(one.fact)): one for one in found}
    if not last:
        return
    now = set()
    for kind, columns, build in (("term", TERM_COLUMNS, term_from), ("rating", RATING_COLUMNS, rating_from)):
        query = f"""
            SELECT vendor, product, source_id, {", ".join(columns)}
            FROM {kind}_standing
            WHERE valid_from <= $at::TIMESTAMPTZ AND valid_to > $at::TIMESTAMPTZ
        """  # noqa: S608  # as above
        for vendor, product, source_id, *row in con.execute(query, {"at": at}).fetchall():
            fact: Any = build(row)
            now.add((vendor, product, claim(fact, publisher=publisher_of(source_id))))
    yield from (one for key, one in last.items() if key not in now)


def publisher_of(source_id: str) -> str | None:
    """Whose reviews a source shows, where it is a page of reviews."""
    parts = source_id.split("/")
    return parts[3] if len(parts) > 3 and parts[2] == "reviews" else None


def save(con: Connection, done: Iterable[Import]) -> None:
    """Write down that these were taken in, and where each of their facts comes from."""
    former = names.former(con)
    for one in done:
        con.execute("UPDATE import SET is_applied = true WHERE position = ?", [one.position])
        facts = {capture_of(fact, one.file, former): (fact, _source(fact, one.file)) for fact in one.facts}
        known = con.execute(
            "SELECT capture_id FROM imported_fact WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))", [list(facts)]
        ).fetchall()
        new = {id_: stated for id_, stated in facts.items() if (id_,) not in known}
        captures = [
            (one.position, id_, source, fact.document, "fetched", fact.start, one.made_at, KIND)
            for id_, (fact, source) in new.items()
        ]
        insert(con, "capture", _CAPTURE_COLUMNS, captures)
        rows = [
            (id_, source, one.file, fact.document, fact.who, fact.observed, fact.until)
            for id_, (fact, source) in new.items()
        ]
        insert(con, "imported_fact", _FACT_COLUMNS, rows)


def _source(fact: ImportedFact, file: str) -> str:
    return source_of(Owner(fact.vendor, fact.product), file)


def _facts(con: Connection, text: str) -> tuple[ImportedFact, ...]:
    """The facts of a file, about the products as they are called today."""
    known = names.former(con)
    found = []
    for one in map(_imported, json.loads(text)):
        owner = Owner(one.vendor, one.product)
        now = known.get(owner, owner)
        found.append(replace(one, vendor=now.vendor, product=now.product))
    return tuple(found)


def _json(facts: Iterable[ImportedFact]) -> str:
    return json.dumps([_stated(fact) for fact in facts], ensure_ascii=False)


def _stated(fact: ImportedFact) -> dict[str, Any]:
    is_term = isinstance(fact.fact, Term)
    text = rating_json(fact.fact) if isinstance(fact.fact, Rating) else term_json(fact.fact)
    return {
        "vendor": fact.vendor,
        "product": fact.product,
        "plan": None if fact.plan is None else {"name": fact.plan.name, "state": str(fact.plan.state)},
        "term" if is_term else "rating": json.loads(text or ""),
        "document": fact.document,
        "who": fact.who,
        "observed": fact.observed.isoformat(),
        "until": fact.until.isoformat(),
    }


def _imported(stated: Mapping[str, Any]) -> ImportedFact:
    term, rating = (json.dumps(stated[kind]) if kind in stated else None for kind in ("term", "rating"))
    fact = term_from_json(term) or rating_from_json(rating)
    if fact is None:
        raise ValueError("no fact")
    return ImportedFact(
        vendor=stated["vendor"], product=stated["product"], fact=fact, document=stated["document"],
        who=stated["who"], observed=date.fromisoformat(stated["observed"]), until=date.fromisoformat(stated["until"]),
        plan=_plan(fact, stated["plan"]),
    )  # fmt: skip


def _plan(fact: Term | Rating, stated: Mapping[str, str] | None) -> Plan | None:
    if stated is None or isinstance(fact, Rating) or fact.plan is None:
        return None
    return Plan(slug=fact.plan, name=stated["name"], state=State(stated["state"]), evidence=fact.evidence)
