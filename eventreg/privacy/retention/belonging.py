"""Which rows of a table belong to a campaign or to a person: by its columns, else by the row that it refers to."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Table, false, select

from eventreg.core.db.base import Model
from eventreg.nominations.models import Nomination
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from eventreg.registrations.models import Registration

# Foreign keys that say to whose event a row belongs, the closest first.
OWNERS = ("registration_id", "nomination_id", "draw_id", "team_id", "activity_id", "device_id", "round_id")
Roots = Callable[[Table], ColumnElement[bool] | None]


def rows_of(table: Table, roots: Roots) -> ColumnElement[bool] | None:
    """The condition for a table's rows; None for a table that none of the roots reaches."""
    own = roots(table)
    if own is not None:
        return own
    for name in OWNERS:
        column = table.columns.get(name)
        if column is None or not column.foreign_keys:
            continue
        parent = next(iter(column.foreign_keys)).column.table
        above = rows_of(parent, roots)
        if above is not None:
            return column.in_(select(next(iter(parent.primary_key.columns))).where(above))
    return None


def of_campaign(campaign_id: int) -> Roots:
    """The rows of one campaign."""

    def roots(table: Table) -> ColumnElement[bool] | None:
        column = table.columns.get("campaign_id")
        return None if column is None else column == campaign_id

    return roots


def of_person(person_id: int, *, ended: frozenset[int]) -> Roots:
    """The rows about one person: of her registrations and nominations in campaigns that have ended, letters to her that are
    about none that goes on, and her staff number where it was typed at a desk."""
    staff_no = select(Person.staff_no).where(Person.id == person_id).scalar_subquery()
    registration, nomination, letter = (_table(one) for one in (Registration, Nomination, Letter))

    def roots(table: Table) -> ColumnElement[bool] | None:
        if table in (registration, nomination):
            return (table.c.person_id == person_id) & table.c.campaign_id.in_(ended)
        if table.name in ("let_in", "walk_in_request"):
            return table.c.staff_no == staff_no
        if table is letter:
            within = table.c.campaign_id.in_(ended) | table.c.campaign_id.is_(None)
            return (table.c.person_id == person_id) & within
        return false() if "campaign_id" in table.columns and not _owned(table) else None

    return roots


def table_named(name: str) -> Table:
    """A table of the product."""
    return Model.metadata.tables[name]


def _owned(table: Table) -> bool:
    return any(name in table.columns for name in ("registration_id", "nomination_id"))


def _table(model: type[Model]) -> Table:
    return table_named(model.__tablename__)
