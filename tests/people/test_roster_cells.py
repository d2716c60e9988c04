"""Cells without a value and columns that are missing: neither takes away what is stored."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import quota_file
from eventreg.nominations.quotas import QuotaLine
from eventreg.people import uploads
from eventreg.people.reading import read_roster
from eventreg.people.rules import CellProblem
from eventreg.people.service import find_person_by_staff_no, import_roster, plan_import
from tests.rig.actors import acting

from .people_files import ADA, CAST, ENGLISH, LATER, NOW, csv_file, imported, roster, rows, tally, trail

TEAMED = ("staff_no", "name", "gender", "unit", "team")
CELLS = ("工号", "姓名", "性别", "单位", "班组", "邮箱")


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


def workbook(tmp_path: Path, *lines: Sequence[object], formats: dict[str, str] | None = None) -> Path:
    """A real workbook: a text that begins with = is a formula without a result, #N/A an error cell."""
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(list(line))
    for cell, form in (formats or {}).items():
        book.worksheets[0][cell].number_format = form
    path = tmp_path / "roster.xlsx"
    book.save(path)
    return path


def problems_of(path: Path) -> tuple[CellProblem, ...]:
    return plan_import(read_roster(path).rows, now=LATER, company="禾川农电").problems


@pytest.mark.parametrize("value", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("column", ["name", "team", "email"])
def test_an_error_cell_is_named_and_nothing_is_imported(
    tmp_path: Path, app: Flask, column: str, value: str
) -> None:
    imported(*CAST)
    before = (roster(), trail())
    cells = ["HC01", "王芳", "女", "营销部", "客户服务班", "ada@hechuan.example"]
    place = {"name": 1, "team": 4, "email": 5}[column]
    cells[place] = value
    read = read_roster(workbook(tmp_path, CELLS, cells)).rows

    with pytest.raises(Refused) as no, unit_of_work():
        import_roster(read, actor=acting("console", LATER))

    assert no.value.facts["problems"] == (CellProblem(2, column, "people.cell_error", value),)
    assert (roster(), trail()) == before


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#########", "Err:502", "#ERROR!"])
def test_an_error_value_as_text_is_an_error_in_a_csv_too(tmp_path: Path, app: Flask, value: str) -> None:
    path = csv_file(tmp_path, CELLS, ("HC01", "王芳", "女", "营销部", value, ""))

    assert problems_of(path) == (CellProblem(2, "team", "people.cell_error", value),)


def test_a_formula_without_a_result_is_named(tmp_path: Path, app: Flask) -> None:
    formula = "=VLOOKUP(A2,X!A:B,2,0)"
    path = workbook(tmp_path, CELLS, ("HC01", "王芳", "女", "营销部", "", formula))

    assert problems_of(path) == (CellProblem(2, "email", "people.cell_formula", formula),)


def test_an_error_in_a_column_that_nobody_reads_is_no_problem(tmp_path: Path, app: Flask) -> None:
    path = workbook(tmp_path, (*CELLS, "年龄"), ("HC01", "王芳", "女", "营销部", "", "", "#N/A"))

    assert problems_of(path) == ()


def test_a_text_that_only_looks_like_a_formula_is_text(tmp_path: Path, app: Flask) -> None:
    path = csv_file(tmp_path, CELLS, ("HC01", "=1+1", "女", "营销部", "#3班", ""))

    assert (problems_of(path), read_roster(path).rows[0].team) == ((), "#3班")


def test_a_stored_upload_keeps_its_faults(tmp_path: Path, app: Flask) -> None:
    imported(*CAST)
    ada = find_person_by_staff_no("HC01")
    assert ada is not None
    path = workbook(tmp_path, CELLS, ("HC01", "王芳", "女", "营销部", "", "#N/A"))
    with unit_of_work():
        kept = uploads.keep(
            read_roster(path), name="a.xlsx", leavers=False, owner_id=ada.id, actor=acting("x", NOW)
        )

    assert uploads.preview(kept, owner_id=ada.id, now=NOW).problems == (
        CellProblem(2, "email", "people.cell_error", "#N/A"),
    )


def test_a_file_without_teams_leaves_people_in_theirs(app: Flask) -> None:
    imported(*CAST)

    report = imported(*((*line[:3], line[3].split("/")[0]) for line in CAST), header=ENGLISH[:4], now=LATER)

    assert (tally(report), roster()["HC01"][0]) == ({"same": 3}, "营销部/客户服务班")


def test_a_file_without_teams_still_moves_to_another_unit(app: Flask) -> None:
    imported(*CAST)

    report = imported((*ADA[:3], "财务部"), header=ENGLISH[:4], now=LATER)

    assert (tally(report), roster()["HC01"][0]) == ({"moved": 1}, "财务部")


def test_a_file_whose_units_name_teams_moves_out_of_one(app: Flask) -> None:
    imported(*CAST)

    report = imported((*ADA[:3], "营销部"), CAST[2][:4], header=ENGLISH[:4], now=LATER)

    assert (tally(report), roster()["HC01"][0]) == ({"cleared": 1, "same": 1}, "营销部")


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (("HC01", "王芳", "女", "营销部", ""), ("cleared", "moved")),
        (("HC01", "王芳", "女", "财务部", ""), ("moved",)),
    ],
)
def test_an_empty_cell_in_a_column_of_teams_is_a_removal(
    app: Flask, row: Sequence[str], changes: Sequence[str]
) -> None:
    imported(*CAST)

    (difference,) = plan_import(rows(row, header=TEAMED), now=LATER).differences

    assert difference.changes == changes


def test_an_empty_cell_takes_an_address_away_as_a_removal_of_its_own(app: Flask) -> None:
    imported(*CAST)

    report = imported((*ADA[:5], "", ADA[6]), CAST[1], now=LATER)

    assert (tally(report), roster()["HC01"][1]) == ({"cleared": 1, "same": 1}, None)
    assert trail()[-1][0] == "people.cleared"


def test_nobody_counts_twice(app: Flask) -> None:
    imported(*CAST)

    plan = plan_import(rows((*ADA[:1], "王方", "女", "财务部", "", "", ADA[6]), CAST[1]), now=LATER)

    assert plan.differences[0].changes == ("cleared", "moved", "changed")
    assert sum(plan.counts.values()) == 2


LINES = (QuotaLine(7, "营销部", women=30), QuotaLine(8, "财务部", women=10))


@pytest.mark.parametrize(
    ("value", "code"),
    [("#DIV/0!", "people.cell_error"), ("=3/0", "people.cell_formula"), (True, "people.cell_boolean")],
)
def test_a_quota_that_is_no_number_is_named_and_not_0(tmp_path: Path, value: object, code: str) -> None:
    path = workbook(tmp_path, ("单位", "名额"), ("财务部", 2), ("营销部", value), ("合计", "=SUM(B2:B3)"))

    with pytest.raises(Refused) as no:
        quota_file.read("a.xlsx", io.BytesIO(path.read_bytes()), LINES)

    shown = "TRUE" if value is True else value
    facts = {"line": 3, "column": "名额", "value": shown, "fault": code}
    assert (no.value.code, no.value.facts) == ("people.bad_cell", facts)


def test_a_total_without_a_result_does_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("单位", "名额"), ("财务部", 2), ("合计", "=SUM(B2:B2)"))

    read = quota_file.read("a.xlsx", io.BytesIO(path.read_bytes()), LINES)

    assert {unit: wish.places for unit, wish in read.requests.items()} == {8: 2}
