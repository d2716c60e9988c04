"""What a line of a roster may hold, and what an import would change. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

STAFF_NO = re.compile(r"[A-Za-z0-9._-]{1,32}")
ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@(?:[^@\s<>,;\"]+\.[^@\s<>,;\".]+|localhost)")
PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}|\d{4,8}")
NAME_LENGTH, UNIT_LENGTH = 64, 80

GENDERS = {"女": "female", "f": "female", "female": "female", "男": "male", "m": "male", "male": "male"}
KINDS = {
    "": "department",
    "部门": "department",
    "department": "department",
    "二级机构": "second_level",
    "二级单位": "second_level",
    "second_level": "second_level",
}
STATES = {"": True, "在职": True, "active": True, "离职": False, "left": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the line of the file, the column, a refusal code, the value."""

    line: int
    column: str
    code: str
    value: str
    other_line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as a roster line says. `unit` is the path below the company, one or two names."""

    line: int
    staff_no: str
    name: str
    gender: str
    unit: tuple[str, ...]
    unit_kind: str
    email: str | None
    phone: str | None
    employed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the database has her."""

    id: int
    staff_no: str
    name: str
    gender: str
    unit: tuple[str, ...]
    email: str | None
    phone: str | None
    employed: bool


class Change(StrEnum):
    """What an import does to one person."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    LEFT = "left"
    RETURNED = "returned"
    SAME = "same"


def check_row(line: int, cells: Mapping[str, str]) -> tuple[Entry | None, list[Problem]]:
    """The entry that a line makes, or everything that is wrong with it."""

    def get(column: str) -> str:
        return cells.get(column, "")

    unit = tuple(part.strip() for part in f"{get('unit')}/{get('team')}".split("/") if part.strip())
    verdicts = {
        "staff_no": bool(STAFF_NO.fullmatch(get("staff_no"))),
        "name": is_line_of_text(get("name"), NAME_LENGTH),
        "gender": get("gender").lower() in GENDERS,
        "unit": 1 <= len(unit) <= 2 and all(is_line_of_text(name, UNIT_LENGTH) for name in unit),
        "unit_kind": get("unit_kind").lower() in KINDS,
        "email": not get("email") or is_address(get("email")),
        "phone": not get("phone") or bool(PHONE.fullmatch(_digits(get("phone")))),
        "state": get("state").lower() in STATES,
    }
    problems = [
        Problem(
            line, column, f"people.{column}_form" if get(column) else f"people.{column}_missing", get(column)
        )
        for column, good in verdicts.items()
        if not good
    ]
    if problems:
        return None, problems
    entry = Entry(
        line=line,
        staff_no=get("staff_no"),
        name=get("name"),
        gender=GENDERS[get("gender").lower()],
        unit=unit,
        unit_kind=KINDS[get("unit_kind").lower()],
        email=get("email").lower() or None,
        phone=_digits(get("phone")) or None,
        employed=STATES[get("state").lower()],
    )
    return entry, []


def check_repeats(entries: Iterable[Entry]) -> list[Problem]:
    """Staff numbers and mail addresses that stand twice in one file, with both lines."""
    problems = []
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        for column, value in (("staff_no", entry.staff_no.lower()), ("email", entry.email or "")):
            first = seen.setdefault((column, value), entry.line)
            if value and first != entry.line:
                problems.append(
                    Problem(entry.line, column, f"people.{column}_twice", value, other_line=first)
                )
    return problems


def check_owners(entries: Iterable[Entry], owners: Mapping[str, str]) -> list[Problem]:
    """Mail addresses that belong to somebody else; `owners` is address → staff number.

    An address that its owner gives up in the same file is free.
    """
    entries = list(entries)
    given_up = {e.staff_no.lower(): e.email for e in entries}
    problems = []
    for entry in entries:
        owner = owners.get(entry.email or "", entry.staff_no).lower()
        kept = given_up.get(owner, entry.email) == entry.email
        if entry.email and owner != entry.staff_no.lower() and kept:
            problems.append(Problem(entry.line, "email", "people.email_taken", entry.email))
    return problems


def compare(entry: Entry, known: Known | None) -> Change:
    """What importing this entry would do; the weightiest change names it."""
    if known is None:
        return Change.ADDED
    if known.employed != entry.employed:
        return Change.RETURNED if entry.employed else Change.LEFT
    if known.unit != entry.unit:
        return Change.MOVED
    same = (known.staff_no, known.name, known.gender, known.email, known.phone) == (
        entry.staff_no,
        entry.name,
        entry.gender,
        entry.email,
        entry.phone,
    )
    return Change.SAME if same else Change.CHANGED


def is_line_of_text(text: str, most: int) -> bool:
    """Between 1 and `most` characters, none of them a control or line character."""
    return 0 < len(text) <= most and not any(
        unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in text
    )


def is_address(text: str) -> bool:
    """A mail address as mail servers take it: ASCII, at most 254 characters (RFC 5321)."""
    return len(text) <= 254 and text.isascii() and bool(ADDRESS.fullmatch(text))


def _digits(phone: str) -> str:
    return re.sub(r"[\s()]", "", phone).removeprefix("+86")
