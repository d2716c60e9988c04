"""Roster files: which are read, and how the hostile ones are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.people.reading import read_roster
from eventreg.people.rules import RosterRow
from eventreg.people.service import import_roster
from tests.rig.actors import acting

from .people_files import (
    ADA,
    BO,
    CAST,
    CHEN,
    CHINESE,
    ENGLISH,
    NOW,
    csv_file,
    refusal,
    rows,
    xlsx_file,
)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("header", [CHINESE, ENGLISH])
def test_a_csv_is_read_in_both_encodings_and_languages(
    tmp_path: Path, header: Sequence[str], encoding: str
) -> None:
    path = csv_file(tmp_path, header, *CAST, encoding=encoding)

    assert list(read_roster(path).rows) == rows(*CAST)


def test_a_workbook_is_read_like_a_csv(tmp_path: Path) -> None:
    assert list(read_roster(xlsx_file(tmp_path, CHINESE, *CAST)).rows) == rows(*CAST)


def test_a_number_in_a_workbook_is_a_number_in_full(tmp_path: Path) -> None:
    line = (1001, "王芳", "女", "营销部", "部门", None, 13812345678)

    (row,) = read_roster(xlsx_file(tmp_path, CHINESE, line)).rows

    assert (row.staff_no, row.email, row.phone) == ("1001", "", "13812345678")


def test_headers_stand_in_any_order_with_spaces_and_full_width_forms(tmp_path: Path) -> None:
    header = ("部 门", "ＧＥＮＤＥＲ", " Staff No ", "姓　名", "手机号")

    (row,) = read_roster(csv_file(tmp_path, header, ("营销部", "女", "HC01", "王芳", "1"))).rows

    assert row == RosterRow(2, "HC01", "王芳", "女", "营销部", phone="1")


def test_unknown_columns_are_ignored_and_reported(tmp_path: Path) -> None:
    path = csv_file(tmp_path, (*ENGLISH, "籍贯", ""), (*ADA, "四川", "x"))

    assert (read_roster(path).rows, read_roster(path).ignored) == (tuple(rows(ADA)), ("籍贯",))


def test_lines_are_counted_as_in_the_file(tmp_path: Path) -> None:
    quoted = ("HC02", '"李\n强"', *BO[2:])
    csv_lines = [row.line for row in read_roster(csv_file(tmp_path, ENGLISH, ADA, (), quoted, CHEN)).rows]
    xlsx_lines = [row.line for row in read_roster(xlsx_file(tmp_path, (), CHINESE, ADA, (), BO)).rows]

    assert (csv_lines, xlsx_lines) == ([2, 4, 6], [3, 5])


def test_missing_columns_are_named_together(tmp_path: Path) -> None:
    no = refusal(csv_file(tmp_path, ("姓名", "邮箱"), ("王芳", "")))

    assert (no.code, no.facts) == (
        "people.columns_missing",
        {"columns": "工号 staff_no, 性别 gender, 单位 unit"},
    )


def test_a_column_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    no = refusal(csv_file(tmp_path, (*CHINESE, "手机号"), (*ADA, "1")))

    assert (no.code, no.facts) == ("people.columns_repeated", {"columns": "手机 phone"})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("roster.pdf", b"%PDF-1.7", "people.file_kind"),
        ("roster", b"staff_no", "people.file_kind"),
        ("roster.xlsx", b"staff_no,name\n", "people.file_kind"),
        ("roster.xlsx", b"PK\x03\x04 cut short", "people.file_kind"),
        ("roster.csv", b"PK\x03\x04\x00\x00", "people.file_encoding"),
        ("roster.csv", "工号,姓名\n".encode("utf-16-le"), "people.file_encoding"),
        ("roster.csv", b"", "people.file_empty"),
        ("roster.csv", b"\xef\xbb\xbf\r\n,,\r\n", "people.file_empty"),
        ("roster.xlsx", b"", "people.file_empty"),
        ("roster.csv", b"staff_no,name,gender,unit\n", "people.no_rows"),
        ("roster.csv", b"staff_no,name,gender,unit\n" + b"1,a,f,u\n" * 50_001, "people.too_many_rows"),
        ("roster.csv", b"staff_no,name,gender,unit\n1," + b"a" * 200_000, "people.file_broken"),
        ("roster.csv", b"a" * (20 * 1024 * 1024 + 1), "people.file_too_big"),
    ],
)
def test_what_is_no_roster_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path).code == code


def zipped(tmp_path: Path, members: dict[str, bytes]) -> Path:
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"[Content_Types].xml": b"<Types/>"} | members).items():
            archive.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    dense = zipped(tmp_path, {"xl/worksheets/sheet1.xml": b"0" * 20_000_000})

    assert refusal(dense).code == "people.file_too_big"


def test_a_zip_of_too_many_members_is_refused(tmp_path: Path) -> None:
    many = zipped(tmp_path, {f"xl/{n}.xml": b"" for n in range(2_000)})

    assert refusal(many).code == "people.file_too_big"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path, {"word/document.xml": b"<document/>"})).code == "people.file_broken"


def test_a_sheet_that_asks_for_too_much_memory_ends_only_its_reader(tmp_path: Path) -> None:
    with zipfile.ZipFile(xlsx_file(tmp_path, CHINESE, ADA)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    assert members["xl/worksheets/sheet1.xml"] != sheet

    assert refusal(zipped(tmp_path, members)).code == "people.file_broken"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path, app: Flask, kind: str) -> None:
    lines = (CHINESE, ("HC01", "=1+1", *ADA[2:]), ("HC02", "王" * 60, *BO[2:]))
    path = csv_file(tmp_path, *lines) if kind == "csv" else xlsx_file(tmp_path, *lines)

    with unit_of_work():
        import_roster(read_roster(path).rows, actor=acting("console", NOW))

    assert [person.name for person in people.list_employed()] == ["=1+1", "王" * 60]


# Importing


def test_a_workbook_without_a_visible_cell_is_empty(tmp_path: Path) -> None:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    path = tmp_path / "roster.xlsx"
    path.write_bytes(book.getvalue())

    assert refusal(path).code == "people.file_empty"
