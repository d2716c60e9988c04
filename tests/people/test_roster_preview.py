"""The preview of a roster file says what it takes away, and an empty sheet can be downloaded."""

from __future__ import annotations

import io

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from eventreg.people import service as people
from tests.rig.cast import Stage

from .test_roster_import import HEAD, IMPORT, bring, confirm, roster_of
from .test_roster_import import administrator as administrator
from .test_roster_import import stage as stage


def test_the_preview_says_removals_hidden_rows_and_who_has_no_mailbox(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    lines = ("A1,安娜,女,营销部,客户服务班,", "B2,薄言,男,营销部,客户服务班,b2@example.cn")
    for line in ("禾川农电职工名册", "*工号,姓名（必填）,性别,所属部门,班组,电子邮箱", *lines):
        sheet.append([cell or None for cell in line.split(",")])
    sheet.row_dimensions[3].hidden = True
    file = io.BytesIO()
    book.save(file)

    address = bring(administrator, file.getvalue(), name="roster.xlsx").location
    page = administrator.get(address)

    for words in (
        "清空 1 人",
        "邮箱 a1@example.cn → 空",
        "1 行在表格里是隐藏的",
        "没有邮箱，收不到登录码和通知",
    ):
        assert words in page.text
    assert confirm(administrator, address, page).status_code == 303
    with app.app_context():
        assert people.person_facts(stage.people["A1"]).email is None


def test_a_cell_without_a_value_cannot_be_confirmed(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    before = roster_of(app)
    address = bring(administrator, HEAD + "A1,安娜,女,营销部,#N/A\n").location
    page = administrator.get(address)

    for words in ("第 2 行，邮箱", "#N/A", "这一格是出错的值"):
        assert words in page.text
    assert (confirm(administrator, address, page).status_code, roster_of(app)) == (409, before)


def test_an_empty_sheet_to_fill_in_can_be_downloaded_and_read(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    assert f"{IMPORT}/template.xlsx" in administrator.get(IMPORT).text
    answer = administrator.get(f"{IMPORT}/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    answer.close()
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["*工号", "*姓名", "*性别", "*单位"]
    assert sheet.column_dimensions["A"].number_format == "@"
    for place, value in enumerate(("007", "新人", "女", "营销部"), start=1):
        sheet.cell(2, place).value = value
    filled = io.BytesIO()
    book.save(filled)

    brought = bring(administrator, filled.getvalue(), name="a.xlsx").location

    assert confirm(administrator, brought).status_code == 303
    assert roster_of(app)["007"] == ("新人", "营销部", True)


def test_a_whole_roster_marks_who_is_missing(app: Flask, stage: Stage, administrator: FlaskClient) -> None:
    whole = HEAD + "F6,傅真,女,城关供电所,f6@example.cn\n"
    address = bring(administrator, whole, whole="whole").location

    page = administrator.get(address)
    assert "离职 5 人" in page.text
    assert 'name="leaving"' in page.text
    before = roster_of(app)
    for typed in ("", "4", "x"):
        unsaid = confirm(administrator, address, page, leaving=typed)
        assert (unsaid.status_code, roster_of(app)) == (409, before)
        assert "会把 5 人记为离职" in unsaid.text
    assert confirm(administrator, address, page, leaving=" ５ 人").status_code == 303
    assert {no: employed for no, (_, _, employed) in roster_of(app).items()} == dict.fromkeys(
        ["A1", "B2", "C3", "D4", "E5"], False
    ) | {"F6": True}
