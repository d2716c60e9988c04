"""Workbooks with something unusual about them: taken where harmless, else named as what they are."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from eventreg.core.errors import Refused
from eventreg.people.reading import read_upload
from tests.rig import handed_in
from tests.security.bombs import ole


def test_a_roster_with_thousands_of_cell_formats_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["工号", "姓名", "性别", "单位"], ["10001", "王芳", "女", "市场部"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    formats = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * 40_000
    with zipfile.ZipFile(out) as was:
        parts = {name: was.read(name) for name in was.namelist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</cellXfs>", formats + b"</cellXfs>")
    content = handed_in.packed(parts)

    assert sum(map(len, parts.values())) > 100 * len(content)
    assert [row.name for row in read_upload("名单.xlsx ", io.BytesIO(content)).rows] == ["王芳"]


@pytest.mark.parametrize(
    ("name", "stream", "code"),
    [
        ("roster.xlsx", "Workbook", "people.file_old_excel"),
        ("roster.xls", "Workbook", "people.file_old_excel"),
        ("roster.xlsx", "EncryptedPackage", "people.file_encrypted"),
    ],
)
def test_an_old_workbook_and_one_with_a_password_are_named(name: str, stream: str, code: str) -> None:
    with pytest.raises(Refused) as no:
        read_upload(name, io.BytesIO(ole(stream)))

    assert no.value.code == code
