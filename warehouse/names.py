"""Products under former names: one history, whatever a vendor or a product is called today."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.columns import insert
from warehouse.connection import Connection
from warehouse.ledger import Owner

_COLUMNS = ("former_vendor", "former_product", "vendor", "product")
_WITH_OWNER = ("vendor", "product")


def former(con: Connection) -> dict[Owner, Owner]:
    """From each former name of a product to the one that it has today, as the vendor files say."""
    rows = con.execute("SELECT former_vendor, former_product, vendor, product FROM former_name").fetchall()
    return {Owner(row[0], row[1]): Owner(row[2], row[3]) for row in rows}


def first(owner: Owner, known: Mapping[Owner, Owner]) -> Owner:
    """The first name that a product is known to have had: what it is called changes, what its changes are filed under
    does not."""
    return next((name for name, now in known.items() if now == owner), owner)


def source_today(source_id: str, known: Mapping[Owner, Owner]) -> str:
    """A source as it is called today."""
    vendor, _, rest = source_id.partition("/")
    product, sign, rest = rest.partition("/")
    now = known.get(Owner(vendor, product))
    return source_id if now is None else f"{now.vendor}/{now.product}{sign}{rest}"


def keep(con: Connection, renamed: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Make these the former names, and bring everything that stands under one under the name of today.

    Where captures were made under both names before anybody said that they are one, nothing is joined: `unjoined` tells,
    and a rebuilt warehouse joins them.
    """
    con.execute("DELETE FROM former_name")
    insert(con, "former_name", _COLUMNS, [(*old, *now) for old, now in renamed.items()])
    for old, now in renamed.items():
        if _is_there(con, old) and not _is_there(con, now):
            _rename(con, old, now)


def are_kept(con: Connection, renamed: Mapping[tuple[str, str], tuple[str, str]]) -> bool:
    """Whether these are the former names that were kept last."""
    return former(con) == {Owner(*old): Owner(*now) for old, now in renamed.items()}


def unjoined(con: Connection) -> list[tuple[Owner, Owner]]:
    """Former names under which captures still stand apart from those made under the name of today."""
    found = former(con)
    return [
        (old, now)
        for old, now in found.items()
        if _is_there(con, (old.vendor, old.product)) and _is_there(con, (now.vendor, now.product))
    ]


def _is_there(con: Connection, name: tuple[str, str]) -> bool:
    prefix = "/".join((*name, ""))
    rows = con.execute("SELECT 1 FROM capture WHERE starts_with(source_id, ?) LIMIT 1", [prefix]).fetchall()
    return bool(rows)


def _rename(con: Connection, old: tuple[str, str], now: tuple[str, str]) -> None:
    former_prefix, prefix = "/".join((*old, "")), "/".join((*now, ""))
    con.execute("DELETE FROM source_state WHERE starts_with(source_id, ?)", [prefix])  # of sources never captured
    for table in _tables_with(con, "source_id"):
        if table != "source":
            # the table's name comes from the schema
            con.execute(
                f"UPDATE {table} SET source_id = ? || substr(source_id, ?) WHERE starts_with(source_id, ?)",  # noqa: S608
                [prefix, len(former_prefix) + 1, former_prefix],
            )
    _rename_sources(con, former_prefix, prefix, now)
    for table in sorted({*_tables_with(con, "vendor")} & {*_tables_with(con, "product")} - {"source", "product"}):
        if table != "former_name":
            con.execute(
                f"UPDATE {table} SET vendor = ?, product = ? WHERE vendor = ? AND product = ?",  # noqa: S608  # as above
                [*now, *old],
            )
    _rename_points(con, old, now)


def _rename_points(con: Connection, old: tuple[str, str], now: tuple[str, str]) -> None:
    """The allowance points at which plans are priced are named after their product."""
    former_prefix, prefix = f"own-{old[1]}-", f"own-{now[1]}-"
    for table, whose in (
        ("cost_standing", "vendor = $vendor AND product = $product"),
        ("cost_past", "vendor = $vendor AND product = $product"),
        ("change_cost", "change_id IN (SELECT change_id FROM change WHERE vendor = $vendor AND product = $product)"),
    ):
        # table and condition are the constants above
        con.execute(
            f"""
            UPDATE {table} SET workload = $now || substr(workload, length($former) + 1)
            WHERE starts_with(workload, $former) AND {whose}
            """,  # noqa: S608
            {"vendor": now[0], "product": now[1], "former": former_prefix, "now": prefix},
        )


def _rename_sources(con: Connection, former_prefix: str, prefix: str, now: tuple[str, str]) -> None:
    """Sources that the vendor file still names are registered under their name of today already."""
    con.execute(
        """
        DELETE FROM source
        WHERE starts_with(source_id, $former)
            AND $now || substr(source_id, length($former) + 1) IN (SELECT source_id FROM source)
        """,
        {"former": former_prefix, "now": prefix},
    )
    con.execute(
        """
        UPDATE source SET source_id = $now || substr(source_id, length($former) + 1), vendor = $vendor, product = $product
        WHERE starts_with(source_id, $former)
        """,
        {"former": former_prefix, "now": prefix, "vendor": now[0], "product": now[1]},
    )


def _tables_with(con: Connection, column: str) -> list[str]:
    rows = con.execute(
        """
        SELECT table_name
        FROM duckdb_columns()
        WHERE column_name = ? AND NOT internal AND database_name = current_database()
            AND table_name IN (SELECT table_name FROM duckdb_tables())
        ORDER BY table_name
        """,
        [column],
    ).fetchall()
    return [row[0] for row in rows]
