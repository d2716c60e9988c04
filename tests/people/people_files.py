"""Roster files and what an import left, for the tests of the people room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.trail.audit import AuditEntry
from eventreg.people import service as people
from eventreg.people.reading import read_roster
from eventreg.people.rules import RosterRow
from eventreg.people.service import ImportReport, import_roster
from tests.rig.actors import acting

NOW = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
COMPANY_CSV = Path(people.__file__).parent.parent / "demo" / "company.csv"

CHINESE = ("工号", "姓名", "性别", "单位", "单位类别", "邮箱", "手机")
ENGLISH = ("staff_no", "name", "gender", "unit", "unit_kind", "email", "phone")
ADA = ("HC01", "王芳", "女", "营销部/客户服务班", "部门", "ada@hechuan.example", "13800000001")
BO = ("HC02", "李强", "男", "营销部", "部门", "bo@hechuan.example", "13800000002")
CHEN = ("HC03", "陈静", "female", "城关供电所/营业班", "second_level", "", "")
CAST = (ADA, BO, CHEN)


def csv_file(
    tmp_path: Path, *lines: Sequence[str], encoding: str = "utf-8", name: str = "roster.csv"
) -> Path:
    path = tmp_path / name
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding=encoding)
    return path


def xlsx_file(tmp_path: Path, *lines: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row, column)
            cell.value = value  # type: ignore[assignment]
            if isinstance(value, str):
                cell.data_type = "s"
    path = tmp_path / "roster.xlsx"
    book.save(path)
    return path


def rows(*lines: Sequence[str], header: Sequence[str] = ENGLISH) -> list[RosterRow]:
    return [
        RosterRow(number, **dict[str, Any](zip(header, line, strict=True)))
        for number, line in enumerate(lines, start=2)
    ]


def imported(
    *lines: Sequence[str],
    header: Sequence[str] = ENGLISH,
    leavers: bool = False,
    leaving: int | None = None,
    now: datetime = NOW,
) -> ImportReport:
    with unit_of_work():
        return import_roster(
            rows(*lines, header=header),
            actor=acting("console", now),
            leavers=leavers,
            leaving=leaving,
            company="禾川农电",
        )


def tally(report: ImportReport) -> dict[str, int]:
    return {str(change): n for change, n in report.counts.items() if n}


def roster() -> dict[str, tuple[str, str | None, bool]]:
    return {p.staff_no: (p.path, p.email, p.employed) for p in people.list_people()}


def trail() -> list[tuple[str, str]]:
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.subject) for entry in entries]


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as no:
        read_roster(path)
    return no.value


# Reading
