"""Whether what is published can be trusted: every quote is in its capture's bytes, and history holds its invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Evidence, Surface
from warehouse.connection import Connection
from warehouse.sql import sql

Holds = Callable[[bytes, Sequence[Evidence]], Sequence[bool]]


def evidence_problems(con: Connection, *, blob: Callable[[str], bytes], holds: Holds) -> Iterator[str]:
    """A line for every published fact whose quote is not in the bytes it was read from, page by page.

    `blob` gives the bytes under a SHA-256 (and raises CaptureError where they are missing or false); `holds` says for
    each evidence whether its quote, white space folded, is on its surface of the page.
    """
    rows = con.execute(sql("queries/published_evidence")).fetchall()
    for (sha256, source_id), group in groupby(rows, key=lambda row: (row[0], row[1])):
        facts = list(group)
        try:
            body = blob(sha256)
        except CaptureError as error:
            yield f"{source_id}: the evidence of {len(facts)} published facts is lost ({error})"
            continue
        evidence = [Evidence(quote=row[3], locator=row[4], surface=Surface(row[5])) for row in facts]
        for fact, is_there in zip(facts, holds(body, evidence), strict=True):
            if not is_there:
                where = f"{source_id}: {fact[2]}"
                yield f"{where}: the quote {fact[3]!r} is not in capture {sha256[:12]}; read it again with `rebuild`"


def invariant_problems(con: Connection) -> list[str]:
    """A line for every key of which more than one value is believed at one moment, or that stands twice."""
    rows = con.execute(sql("queries/broken_invariants")).fetchall()
    return [
        f"{row[0]}: {row[1]} has {row[2]} {row[3]}; `pricing-pipeline rebuild` makes the warehouse again"
        for row in rows
    ]


def log_position(con: Connection) -> int:
    """Up to which byte the warehouse has read the log."""
    return int(con.execute("SELECT position FROM log_position").fetchall()[0][0])
