"""Check the rows of a roster file. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from eventreg.core.errors import Refused
from eventreg.core.plain_text import (
    JOINERS,
    address_text,
    clean,
    compact,
    comparison_key,
    identifier,
    plain_name,
)

from .contact_details import mail_address as mail_address
from .contact_details import phone_number as phone_number

T = TypeVar("T")

STAFF_NO = re.compile(r"[A-Za-z0-9._-]{1,32}")
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, bidirectional override, surrogate, line separator

NAME_MOST, UNIT_MOST = 64, 80


class UnitKind(StrEnum):
    """The level of a unit in the tree: company → department or second-level unit → 班组."""

    COMPANY = "company"
    DEPARTMENT = "department"
    SECOND_LEVEL = "second_level"
    TEAM = "team"


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


FEMALE, MALE = ("女", "女性", "female", "f"), ("男", "男性", "male", "m")
GENDERS = dict.fromkeys(FEMALE, Gender.FEMALE) | dict.fromkeys(MALE, Gender.MALE)
KINDS = {
    "部门": UnitKind.DEPARTMENT,
    "department": UnitKind.DEPARTMENT,
    "二级机构": UnitKind.SECOND_LEVEL,
    "second_level": UnitKind.SECOND_LEVEL,
}
EMPLOYED, LEFT = (
    ("在职", "在岗", "在编", "试用", "试用期", "active"),
    ("离职", "已离职", "退休", "已退休", "调出", "辞职", "left"),
)
STATES = dict.fromkeys(EMPLOYED, True) | dict.fromkeys(LEFT, False)
NOTHING = {
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "无",
    "暂无",
    "没有",
    "none",
    "n/a",
}  # what people write into a cell for nothing


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row as it is in the file; None for columns that the file does not have.

    `department` is there where the file names a unit and a department side by side (`unit_columns.py`).

    `faults` has a code for each column whose cell holds no value that could be read (`cell_faults.py`).
    """

    line: int
    staff_no: str = ""
    name: str = ""
    gender: str = ""
    unit: str = ""
    department: str | None = None
    team: str | None = None
    unit_kind: str | None = None
    email: str | None = None
    phone: str | None = None
    state: str | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row without errors. `tells` names the optional columns of its file.

    `unit` is the path below the company, empty for the company itself. `employed` is None in a file without states; an empty
    cell in a column of states says that the person is employed.
    """

    line: int
    staff_no: str
    name: str
    gender: Gender
    unit: tuple[str, ...]
    unit_kind: UnitKind | None
    email: str | None
    phone: str | None
    employed: bool | None
    tells: frozenset[str]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """An error in one cell; `other_line` is the line that it repeats or contradicts, `other` a value that it resembles."""

    line: int
    column: str
    code: str
    value: str
    other_line: int | None = None
    other: str | None = None


@dataclass(slots=True)
class _Row:
    """Reads the cells of one row and collects their errors."""

    line: int
    faults: Mapping[str, str]
    problems: list[CellProblem] = field(default_factory=list)

    def is_faulty(self, column: str, text: str | None) -> bool:
        """Whether no value could be read from the cell; that is its error then."""
        if column in self.faults:
            self.problems.append(CellProblem(self.line, column, self.faults[column], text or ""))
        return column in self.faults

    def read(self, column: str, text: str, rule: Callable[[str], T]) -> T | None:
        if self.is_faulty(column, text):
            return None
        if not clean(text).strip():
            self.problems.append(CellProblem(self.line, column, f"people.{column}_missing", text))
            return None
        return self._value(column, text, rule)

    def read_if_told(self, column: str, text: str | None, rule: Callable[[str], T]) -> T | None:
        if self.is_faulty(column, text):
            return None
        if text is None or not clean(text).strip() or (column in {"email", "phone"} and _is_nothing(text)):
            return None
        return self._value(column, text, rule)

    def _value(self, column: str, text: str, rule: Callable[[str], T]) -> T | None:
        try:
            return rule(text)
        except Refused as no:
            self.problems.append(CellProblem(self.line, column, no.code, text))
            return None


def check_rows(rows: Sequence[RosterRow], *, company: str) -> tuple[list[CheckedRow], list[CellProblem]]:
    """The rows without errors, and the errors of all rows by line.

    Codes: people.{staff_no,name,gender,unit}_missing, people.{staff_no,name,gender,unit,unit_kind,
    email,phone,state}_form, people.{staff_no,email}_twice, people.unit_kind_differs, and those of `cell_faults.py`.
    """
    good: list[CheckedRow] = []
    problems = [*_repeated(rows, "staff_no"), *_repeated(rows, "email")]
    for row in rows:
        outcome = check_row(row, company=company)
        if isinstance(outcome, CheckedRow):
            good.append(outcome)
        else:
            problems += outcome
    problems += _kinds_that_differ(good)
    return good, sorted(problems, key=lambda problem: problem.line)


def check_row(row: RosterRow, *, company: str) -> CheckedRow | list[CellProblem]:
    """A checked row, or all its errors."""
    cells = _Row(row.line, row.faults)
    staff_no = cells.read("staff_no", row.staff_no, _staff_no)
    name = cells.read("name", row.name, _name)
    gender = cells.read("gender", row.gender, _one_of(GENDERS, "people.gender_form"))
    unit = _read_unit(cells, row, company=company)
    kind = cells.read_if_told("unit_kind", row.unit_kind, _one_of(KINDS, "people.unit_kind_form"))
    email = cells.read_if_told("email", row.email, mail_address)
    phone = cells.read_if_told("phone", row.phone, phone_number)
    employed = cells.read_if_told("state", row.state, _one_of(STATES, "people.state_form"))
    if cells.problems or staff_no is None or name is None or gender is None or unit is None:
        return cells.problems
    return CheckedRow(
        line=row.line,
        staff_no=staff_no,
        name=name,
        gender=gender,
        unit=unit,
        unit_kind=kind,
        email=email,
        phone=phone,
        employed=None if row.state is None else employed is not False,
        tells=frozenset(c for c in ("team", "email", "phone") if getattr(row, c) is not None),
    )


def _read_unit(cells: _Row, row: RosterRow, *, company: str) -> tuple[str, ...] | None:
    """The unit with its team. Beside a department whose cell is faulty the unit is not looked at."""
    faulty = [cells.is_faulty(column, getattr(row, column)) for column in ("team", "department")]
    if row.department is not None and "unit" not in row.faults:
        return None
    text = row.unit if faulty[0] else _joined(row.unit, row.team)
    return cells.read("unit", text, lambda text: unit_path(text, company=company))


def unit_path(text: str, *, company: str) -> tuple[str, ...]:
    """The one or two names in "营销部/客户服务班"; a company's name in front is removed."""
    names = [plain_name(name) for name in text.replace("／", "/").split("/")]
    if comparison_key(names[0]) == comparison_key(company):
        names = names[1:]
    if len(names) > 2 or not all(names) or any(len(name) > UNIT_MOST or _unseen(name) for name in names):
        raise Refused("people.unit_form")
    return tuple(names)


def _joined(unit: str, team: str | None) -> str:
    """The unit's path with its team appended, unless it ends in that team already."""
    path, team = unit.strip(), "" if _is_nothing(team or "") else (team or "").strip()
    last = comparison_key(path.replace("／", "/").rpartition("/")[2])
    named = not team or ("/" in path.replace("／", "/") and last == comparison_key(team))
    return path if named else f"{path}/{team}"


def _is_nothing(text: str) -> bool:
    return identifier(text).lower() in NOTHING


def _staff_no(text: str) -> str:
    number = compact(text)
    if not STAFF_NO.fullmatch(number):
        raise Refused("people.staff_no_form")
    return number


def _name(text: str) -> str:
    name = plain_name(text)
    if not name or len(name) > NAME_MOST or _unseen(name):
        raise Refused("people.name_form")
    return name


def _unseen(text: str) -> bool:
    """Whether a text has characters that nobody sees, besides the joiners that `plain_name` left as spelling."""
    return any(unicodedata.category(letter) in UNSEEN for letter in text if letter not in JOINERS)


def _one_of(words: Mapping[str, T], code: str) -> Callable[[str], T]:
    def rule(text: str) -> T:
        word = identifier(text).lower()
        if word not in words:
            raise Refused(code)
        return words[word]

    return rule


def _repeated(rows: Iterable[RosterRow], column: str) -> list[CellProblem]:
    """Errors for values that an earlier line has too; case does not matter."""
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        if column in row.faults:
            continue
        text = getattr(row, column) or ""
        plain = address_text(text) if column == "email" else compact(text)
        value = "" if _is_nothing(text) else plain.lower()
        if value and value in first:
            problems.append(CellProblem(row.line, column, f"people.{column}_twice", text, first[value]))
        first.setdefault(value, row.line)
    return problems


def _kinds_that_differ(rows: Iterable[CheckedRow]) -> list[CellProblem]:
    """Errors for units with different kinds in different rows; rows without a kind do not count."""
    first: dict[str, CheckedRow] = {}
    problems = []
    for row in rows:
        if row.unit_kind is None or not row.unit:
            continue
        before = first.setdefault(row.unit[0], row)
        if before.unit_kind != row.unit_kind:
            code, value = "people.unit_kind_differs", str(row.unit_kind)
            problems.append(CellProblem(row.line, "unit_kind", code, value, before.line))
    return problems
