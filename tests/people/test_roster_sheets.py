"""Sheets as offices make them: titles, instructions, merged cells, formatted numbers, hidden rows, heads in many words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from openpyxl.worksheet.worksheet import Worksheet

from eventreg.core.errors import Refused
from eventreg.people.reading import RosterFile, read_roster
from eventreg.people.roster_heads import HEADERS
from eventreg.people.rules import check_rows
from eventreg.people.service import list_people

from .people_files import csv_file

HEADS = ("工号", "姓名", "性别", "单位", "班组", "邮箱")


def book_of(
    tmp_path: Path, *lines: Sequence[object], change: Callable[[Worksheet], object] = lambda _sheet: None
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append(list(line))
    change(sheet)
    path = tmp_path / "roster.xlsx"
    book.save(path)
    return path


def codes(file: RosterFile) -> list[tuple[int, str, str, str]]:
    return [(p.line, p.column, p.code, p.value) for p in check_rows(file.rows, company="禾川农电")[1]]


def test_merged_cells_are_filled_down(tmp_path: Path) -> None:
    people = [(f"E{n}", f"王{n}", "女", "营销部" if n == 0 else None, None, None) for n in range(3)]
    path = book_of(tmp_path, HEADS, *people, change=lambda sheet: sheet.merge_cells("D2:D40"))

    assert [row.unit for row in read_roster(path).rows] == ["营销部"] * 3


def test_a_merged_staff_number_is_named(tmp_path: Path) -> None:
    lines = (("E1", "王芳", "女", "营销部", None, None), (None, "李静", "女", "营销部", None, None))
    path = book_of(tmp_path, HEADS, *lines, change=lambda sheet: sheet.merge_cells("A2:A3"))

    assert codes(read_roster(path)) == [(3, "staff_no", "people.staff_no_twice", "E1")]


@pytest.mark.parametrize(
    ("form", "value", "number"),
    [
        ("00000", 123, "00123"),
        ("General", 123, "123"),
        ('"HC"000', 7, "HC007"),
        ("0", 7, "7"),
        ("00000", 123456, "123456"),
        ("00000 ", 123, "00123"),
        ("00000_);[Red]\\(00000\\)", 123, "00123"),
        ("[$-804]00000", 123, "00123"),
        ("\\H\\C000", 7, "HC007"),
        ("#,##0.00", 1234, "1234"),
    ],
)
def test_a_format_with_zeros_applies_to_a_staff_number(
    tmp_path: Path, form: str, value: int, number: str
) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].number_format = form

    path = book_of(tmp_path, HEADS, (value, "王芳", "女", "营销部", None, None), change=change)

    assert [row.staff_no for row in read_roster(path).rows] == [number]


@pytest.mark.parametrize(
    ("value", "form", "code", "shown"),
    [
        (date(2026, 3, 1), "yyyy-mm-dd", "people.cell_date", "2026-03-01"),
        (time(3, 1), "hh:mm", "people.cell_date", "03:01:00"),
        (True, "General", "people.cell_boolean", "TRUE"),
        (12345678901234567, "0", "people.cell_rounded", "12345678901234570"),
        (100000, "0.00E+00", "people.cell_scientific", "100000"),
        (12.5, "General", "people.cell_decimal", "12.5"),
        (12345, "00-000", "people.cell_formatted", "12345"),
        (7, '0"号"', "people.cell_formatted", "7"),
        (7, '"HC"#', "people.cell_formatted", "7"),
        (7, '"HC"General', "people.cell_formatted", "7"),
        (7, '"HC"#,##0', "people.cell_formatted", "7"),
        (7, "\\H\\C@", "people.cell_formatted", "7"),
    ],
)
def test_a_staff_number_that_a_spreadsheet_changed_is_refused_by_line(
    tmp_path: Path, value: object, form: str, code: str, shown: str
) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].number_format = form

    path = book_of(tmp_path, HEADS, (value, "王芳", "女", "营销部", None, None), change=change)

    assert codes(read_roster(path)) == [(2, "staff_no", code, shown)]


def test_a_team_that_became_a_date_is_refused(tmp_path: Path) -> None:
    path = book_of(tmp_path, HEADS, ("E1", "王芳", "女", "营销部", date(2026, 3, 1), None))

    assert codes(read_roster(path)) == [(2, "team", "people.cell_date", "2026-03-01")]


def test_hidden_rows_are_counted_and_read(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for row in (1, 3, 9):
            sheet.row_dimensions[row].hidden = True

    people = [(f"E{n}", "王芳", "女", "营销部", None, None) for n in range(3)]
    file = read_roster(book_of(tmp_path, HEADS, *people, change=change))

    assert (len(file.rows), file.hidden) == (3, 1)


def test_the_command_says_hidden_rows(tmp_path: Path, app: Flask) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True

    path = book_of(tmp_path, HEADS, ("E1", "王芳", "女", "营销部", None, None), change=change)

    done = app.test_cli_runner().invoke(args=["people", "import", str(path), "--check"])

    assert "隐藏的行也读了 / hidden rows were read too: 1" in done.stdout
    with app.app_context():
        assert list_people() == []


@pytest.mark.parametrize("above", [1, 2, 8])
def test_title_rows_stand_above_the_heads(tmp_path: Path, above: int) -> None:
    titles = [("禾川农电职工名册",), ("填表人：王芳", None, "2026 年 3 月"), *[("说明",)] * 8][:above]
    path = book_of(tmp_path, *titles, HEADS, ("E1", "王芳", "女", "营销部", None, None))

    assert [(row.line, row.staff_no) for row in read_roster(path).rows] == [(above + 2, "E1")]


def test_heads_of_two_rows_are_read_by_the_fuller_one(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for column in "ABCD":
            sheet.merge_cells(f"{column}1:{column}2")
        sheet.merge_cells("E1:F1")

    upper = ("工号", "姓名", "性别", "单位", "联络", None)
    lower = (None, None, None, None, "手机", "邮箱")
    path = book_of(tmp_path, upper, lower, ("E1", "王芳", "女", "营销部", "1", "a@b.cn"), change=change)

    (row,) = read_roster(path).rows
    assert (row.staff_no, row.unit, row.phone, row.email) == ("E1", "营销部", "1", "a@b.cn")


def test_an_instruction_sheet_comes_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    note = book.worksheets[0]
    for line in (("填写说明",), ("列", "怎么填"), ("工号", "必填"), ("姓名", "必填"), ("单位", "必填")):
        note.append(list(line))
    sheet = book.create_sheet("名册")
    people: list[list[object]] = [["禾川农电"], [*HEADS], ["E1", "王芳", "女", "营销部", "#N/A", None]]
    for person in people:
        sheet.append(person)
    book.save(tmp_path / "roster.xlsx")

    file = read_roster(tmp_path / "roster.xlsx")

    assert codes(file) == [(3, "team", "people.cell_error", "#N/A")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "heads",
    [
        ("*工号", "姓名（必填）", "性别(必填)", "所属部门", "所属班组", "电子邮箱"),
        ("员工编号", "*姓名", "性别*", "单位名称（必填）", "班组：", "邮箱（选填）"),
        ("职工号", "姓名", "性别", "工作单位", "班组", "电子邮件地址"),
        ("员工编码", "姓名", "性别", "单位（部门）", "班组", "企业邮箱"),
        ("Employee ID", "Name", "Gender", "Department", "Team", "E-mail address"),
        ("职工编号", "职工姓名", "＊性别", "所在单位", "班组名称", "电子邮件"),
    ],
)
def test_heads_that_people_use(tmp_path: Path, kind: str, heads: Sequence[str]) -> None:
    line = ("E1", "王芳", "女", "营销部", "一班", "a@b.cn")
    path = csv_file(tmp_path, heads, line) if kind == "csv" else book_of(tmp_path, heads, line)

    (row,) = read_roster(path).rows

    assert (row.staff_no, row.name, row.gender, row.unit, row.team, row.email) == line


@pytest.mark.parametrize("head", ["联系电话", "手机号码", "移动电话", "电话（必填）"])
def test_heads_of_telephone_numbers(tmp_path: Path, head: str) -> None:
    path = csv_file(tmp_path, (*HEADS, head), ("E1", "王芳", "女", "营销部", "", "", "13800000001"))

    assert read_roster(path).rows[0].phone == "13800000001"


def test_no_head_stands_for_two_columns() -> None:
    words = [word for words in HEADERS.values() for word in words]

    assert len(words) == len(set(words))


def test_a_file_without_any_heads_is_refused_as_before(tmp_path: Path) -> None:
    with pytest.raises(Refused) as no:
        read_roster(book_of(tmp_path, ("E1", "王芳"), ("E2", "李静")))

    assert no.value.code == "people.columns_missing"
