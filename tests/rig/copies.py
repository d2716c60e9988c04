"""What the product wrote into an empty database, kept as statements that write it into the next empty one."""

from __future__ import annotations

from sqlalchemy import Table, select

from eventreg.core.db.session import db
from eventreg.core.keyring.keys import keys_in_use
from eventreg.core.trail.audit import AuditEntry, mac_of
from eventreg.models import METADATA

OF_ITS_OWN = {
    "installation",
    "installation_key",
}  # each product has written these before; they say which keys it has
_QUOTED = {"sqlite": "quote({})", "postgresql": "quote_nullable({}::text)"}
_NEXT_ID = "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), max({1})) FROM {0}"


def is_empty() -> bool:
    """Whether this product has written nothing: whatever is written leaves a line in the audit trail."""
    return not _rows("SELECT 1 FROM audit_entry LIMIT 1")


def taken() -> list[str]:
    """Statements that write all rows there are, those first that others refer to.

    What the first migrations wrote is among them: of two takings only what is new is for the next database.
    """
    return [statement for table in METADATA.sorted_tables for statement in _statements(table)]


def write(statements: list[str]) -> None:
    """Write them in the open unit of work, past the product."""
    cursor = db.session.connection().connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    _sign_anew()


def _sign_anew() -> None:
    """The rows of the trail were written under another product's key."""
    for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.nonce.is_not(None))):
        row = {name: getattr(entry, name) for name in ("at", "by", "action", "subject", "facts")}
        entry.mac = mac_of(keys_in_use().audit, entry.nonce or b"", **row)
    db.session.flush()
    db.session.expunge_all()


def _statements(table: Table) -> list[str]:
    """One for a table's rows, and on PostgreSQL one for the id after them; none for an empty table."""
    if table.name in OF_ITS_OWN:
        return []
    dialect = db.engine.dialect.name
    quoted = " || ', ' || ".join(_QUOTED[dialect].format(f'"{column.name}"') for column in table.columns)
    ordered = ", ".join(column.name for column in table.primary_key)
    rows = _rows(" ".join(("SELECT", quoted, "FROM", table.name, "ORDER BY", ordered)))
    if not rows:
        return []
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    statements = [f"INSERT INTO {table.name} ({names}) VALUES ({'), ('.join(rows)})"]  # noqa: S608
    counted = table.autoincrement_column
    if counted is not None and dialect == "postgresql":
        statements.append(_NEXT_ID.format(table.name, counted.name))
    return statements


def _rows(statement: str) -> list[str]:
    cursor = db.session.connection().connection.cursor()
    cursor.execute(statement)
    rows = [str(value) for (value,) in cursor.fetchall()]
    cursor.close()
    return rows
