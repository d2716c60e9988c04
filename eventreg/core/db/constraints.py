"""The database repeats every promise: which refusal a broken constraint stands for (law 7)."""

from __future__ import annotations

import re

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from eventreg.core.errors import Refused

from .base import Model

REFUSALS: dict[str, str] = {}


def stands_for(constraint: str, code: str) -> None:
    """Declare, beside a model, the refusal code that its named constraint stands for."""
    REFUSALS[constraint] = code


def refusal_for(error: IntegrityError) -> Exception:
    """The refusal that was declared for a broken constraint, or the error itself if there is none."""
    name = broken_constraint(error)
    return Refused(REFUSALS[name]) if name in REFUSALS else error


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that an insert or update broke, on either database.

    PostgreSQL names it. SQLite names a check, but of a unique one it tells only the columns.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    text = str(error.orig)
    if found := re.search(r"CHECK constraint failed: (\w+)", text):
        return found[1]
    if found := re.search(r"UNIQUE constraint failed: (.+)", text):
        return _unique_over([column.strip() for column in found[1].split(",")])
    return ""


def _unique_over(columns: list[str]) -> str:
    table = Model.metadata.tables.get(columns[0].split(".")[0])
    names = {column.split(".")[1] for column in columns if "." in column}
    if table is None:
        return columns[0].removeprefix("index ").strip("'")
    promises: list[UniqueConstraint | PrimaryKeyConstraint | Index] = [
        c for c in table.constraints if isinstance(c, UniqueConstraint | PrimaryKeyConstraint)
    ]
    promises += [index for index in table.indexes if index.unique]
    return next((str(p.name) for p in promises if {c.name for c in p.columns} == names), "")
