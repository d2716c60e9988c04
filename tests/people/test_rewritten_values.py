"""Staff numbers and units that a spreadsheet may have rewritten: refused by line, unless it is certain that they were typed so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from openpyxl.worksheet.worksheet import Worksheet

from eventreg.people.reading import read_roster
from eventreg.people.service import plan_import

from .people_files import LATER, csv_file, imported
from .test_roster_sheets import HEADS, book_of, codes

REWRITTEN = [
    ("1E05", "people.cell_scientific"),
    ("1e5", "people.cell_scientific"),
    ("1.0E5", "people.cell_scientific"),
    ("1.23457E+16", "people.cell_scientific"),
    ("1.0", "people.cell_decimal"),
    ("00123.00", "people.cell_decimal"),
    ("2024/3/5", "people.cell_date"),
    ("2024-03-05", "people.cell_date"),
    ("2024-03-05 00:00:00", "people.cell_date"),
    ("3月5日", "people.cell_date"),
    ("5-Mar", "people.cell_date"),
    ("Mar-05", "people.cell_date"),
    ("TRUE", "people.cell_boolean"),
    ("12345678901234500", "people.cell_rounded"),
]
STAFF_NUMBERS = [
    "E05",
    "HC0116",
    "00123 ",
    "1E",
    "E1E05",
    "12.34",
    "3-5",
    "2024-13",
    "123456789012345678",
    "1E05A",
    "True",
]


def line(number: str) -> tuple[str, ...]:
    return (number, "王芳", "女", "营销部", "", "")


def text_book(tmp_path: Path, number: str, *, form: str = "General") -> Path:
    """A workbook whose staff number is a cell of text in this format."""

    def change(sheet: Worksheet) -> None:
        sheet["A2"].number_format = form

    return book_of(tmp_path, HEADS, line(number), change=change)


@pytest.mark.parametrize(("number", "code"), REWRITTEN)
def test_a_rewritten_staff_number_as_text_is_refused_by_line(tmp_path: Path, number: str, code: str) -> None:
    bad = [(2, "staff_no", code, number)]

    assert codes(read_roster(csv_file(tmp_path, HEADS, line(number)))) == bad
    assert codes(read_roster(text_book(tmp_path, number))) == bad


@pytest.mark.parametrize("number", STAFF_NUMBERS)
def test_a_staff_number_stays_good(tmp_path: Path, number: str) -> None:
    for path in (csv_file(tmp_path, HEADS, line(number)), text_book(tmp_path, number)):
        assert codes(read_roster(path)) == []


@pytest.mark.parametrize("number", ["1E05", "123.0", "2024-03-05"])
def test_a_cell_of_format_text_holds_what_was_typed(tmp_path: Path, number: str) -> None:
    file = read_roster(text_book(tmp_path, number, form="@"))

    assert (codes(file), file.rows[0].staff_no) == ([], number)


@pytest.mark.parametrize("number", ["1E05", "123.0", "2024-03-05"])
def test_an_apostrophe_in_a_csv_marks_what_was_typed(tmp_path: Path, number: str) -> None:
    file = read_roster(csv_file(tmp_path, HEADS, line(f"'{number}")))

    assert (codes(file), file.rows[0].staff_no) == ([], number)


@pytest.mark.parametrize("number", ["1E05", "1e05"])
def test_a_number_that_somebody_has_is_certain(app: Flask, tmp_path: Path, number: str) -> None:
    with app.app_context():
        header: Sequence[str] = ("staff_no", "name", "gender", "unit")
        imported(("1E05", "王芳", "女", "营销部"), header=header)

        plan = plan_import(read_roster(csv_file(tmp_path, HEADS[:4], line(number)[:4])).rows, now=LATER)

    assert (plan.problems, [d.changes for d in plan.differences]) == ((), [("same",)])


@pytest.mark.parametrize("team", ["3月5日", "5-Mar", "2024/3/5"])
def test_a_team_that_became_a_date_in_a_csv_is_refused(tmp_path: Path, team: str) -> None:
    path = csv_file(tmp_path, HEADS, ("E1", "王芳", "女", "营销部", team, ""))

    assert codes(read_roster(path)) == [(2, "team", "people.cell_date", team)]


def test_a_date_in_a_column_of_notes_does_not_matter(tmp_path: Path) -> None:
    path = book_of(tmp_path, (*HEADS, "入职日期"), ("E1", "王芳", "女", "营销部", None, None, "2024-03-05"))

    assert codes(read_roster(path)) == []
