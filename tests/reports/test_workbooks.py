"""The cells of workbooks: any text fits, none is a formula, and a number is a number."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from eventreg.reports.roster_sheet import write_sheet
from eventreg.reports.workbooks import CELL_MOST, cell_text, sheet_title


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("王\x0b芳\x00", "王芳"),
        ("王\ud800芳", "王芳"),
        ("\u202e芳王", "芳王"),
        ("两\n行\r", "两\n行"),
        ("x" * 40_000, "x" * (CELL_MOST - 1) + "…"),
        ("𠮷" * 20_000, "𠮷" * 16_383 + "…"),
    ],
)
def test_a_cell_takes_any_text(text: str, cell: str) -> None:
    assert cell_text(text) == cell


def test_a_sheet_takes_any_title() -> None:
    assert [sheet_title(t) for t in ("[*]", "'a/b'", "名" * 40)] == ["1", "a b", "名" * 31]


def test_what_looks_like_an_escape_stays_what_it_is() -> None:
    file = io.BytesIO()
    write_sheet(file, "a", ("head",), [("_x000B_",), ("",)])

    inside = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()

    assert "_x005F_x000B_" in inside
    assert "<f>" not in inside


def test_numbers_are_numbers_and_digits_in_a_text_stay_text() -> None:
    file = io.BytesIO()
    write_sheet(file, "a", ("编号", "工号", "手机号"), [(7, "00123", "13800138000"), (0, "1E05", "=1+1")])

    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(min_row=2))

    assert [[(cell.value, cell.data_type) for cell in row] for row in rows] == [
        [(7, "n"), ("00123", "s"), ("13800138000", "s")],
        [(0, "n"), ("1E05", "s"), ("=1+1", "s")],
    ]
