"""What a file keeps: columns that it does not have, leavers whom it names without a state; and what it says about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.people.comparison import RosterChange
from eventreg.people.reading import read_roster
from eventreg.people.service import import_roster, plan_import
from tests.rig.actors import acting
from tests.rig.cast import Stage

from .people_files import ADA, BO, CAST, CHEN, ENGLISH, LATER, csv_file, imported, roster, rows, tally
from .test_roster_import import HEAD, bring, confirm, roster_of
from .test_roster_import import administrator as administrator
from .test_roster_import import stage as stage

STATED = (*ENGLISH, "state")
LEFT = [(*ADA, "离职"), (*BO, "在职"), (*CHEN, "离职")]
MANY = [(f"E{n:03}", f"职工{n}", "女", "营销部", "", f"e{n}@hechuan.example", "") for n in range(40)]


@pytest.fixture
def open_app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


def employed() -> dict[str, bool]:
    return {staff_no: still for staff_no, (_, _, still) in roster().items()}


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["people", "import", *words])


@pytest.mark.parametrize("leavers", [False, True])
def test_a_file_without_states_leaves_leavers_as_they_are(open_app: Flask, leavers: bool) -> None:
    imported(*CAST)
    imported(*LEFT, header=STATED)

    plan = plan_import(rows(*CAST), now=LATER, leavers=leavers)
    report = imported(*CAST, now=LATER, leavers=leavers)

    assert [d.staff_no for d in plan.kept_as_left] == ["HC01", "HC03"]
    assert (tally(report), employed()) == ({"same": 3}, {"HC01": False, "HC02": True, "HC03": False})


def test_leavers_who_are_back_are_employed_again_where_it_is_said(open_app: Flask) -> None:
    imported(*CAST)
    imported(*LEFT, header=STATED)

    with unit_of_work():
        report = import_roster(rows(*CAST), actor=acting("console", LATER), returned=True)

    assert (tally(report), set(employed().values())) == ({"returned": 2, "same": 1}, {True})
    assert plan_import(rows(*CAST), now=LATER, returned=True).without_mail == 1


@pytest.mark.parametrize(("state", "change"), [("在职", "returned"), ("", "returned"), ("离职", "same")])
def test_a_column_of_states_says_it_for_each(open_app: Flask, state: str, change: str) -> None:
    imported(*CAST)
    imported(*LEFT, header=STATED)

    report = imported((*ADA, state), header=STATED, now=LATER)

    assert tally(report) == {change: 1}


@pytest.mark.parametrize("column", ["unit_kind", "email", "phone", "team", "state"])
def test_each_missing_column_keeps_what_is_stored(open_app: Flask, column: str) -> None:
    header = ("staff_no", "name", "gender", "unit", "team", "unit_kind", "email", "phone", "state")
    line = (
        "HC01",
        "王芳",
        "女",
        "城关供电所",
        "营业班",
        "二级机构",
        "a@hechuan.example",
        "13800000001",
        "离职",
    )
    imported((*line[:8], "在职"), header=header)
    imported(line, header=header)
    before = people.find_person_by_staff_no("HC01")

    kept = [n for n, name in enumerate(header) if name != column]
    plan = plan_import(rows([line[n] for n in kept], header=[header[n] for n in kept]), now=LATER)
    imported([line[n] for n in kept], header=[header[n] for n in kept], now=LATER)

    assert (plan.absent, [d.changes for d in plan.differences]) == ((column,), [("same",)])
    assert (plan.changed_units, people.find_person_by_staff_no("HC01")) == ({}, before)


@pytest.mark.parametrize("unit", ["营销部/新班", "营销部"])
def test_teams_behind_units_are_not_said_to_stay(open_app: Flask, unit: str) -> None:
    header = ("staff_no", "name", "gender", "unit")
    people_of = [("HC01", "王芳", "女", "营销部/一班"), ("HC02", "李静", "女", "营销部/二班")]
    imported(*people_of, header=header)

    plan = plan_import(rows(("HC01", "王芳", "女", unit), people_of[1], header=header), now=LATER)

    assert "team" not in plan.absent
    assert plan.counts[RosterChange.SAME] == 1


@pytest.mark.parametrize("check", [True, False])
def test_the_command_says_the_same_with_check_and_without(
    open_app: Flask, tmp_path: Path, check: bool
) -> None:
    imported(*CAST)
    imported(*LEFT, header=STATED)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["工号", "姓名", "性别", "单位", "邮箱", "年龄"])
    for staff_no, unit in (("HC01", "营销部"), ("HC02", "市场部"), ("N1", None), ("N2", None)):
        sheet.append([staff_no, "王芳", "女", unit, None, 30])
    sheet.merge_cells("D3:D5")
    sheet.column_dimensions["E"].hidden = True
    sheet.row_dimensions[4].hidden = True
    book.save(tmp_path / "a.xlsx")

    said = run(open_app, str(tmp_path / "a.xlsx"), *(["--check"] if check else [])).stdout

    for words in (
        "忽略的列 / ignored columns: 年龄",
        "隐藏的行也读了 / hidden rows were read too: 1",
        "隐藏的列也读了 / hidden columns were read too: 1 (邮箱 email)",
        "合并单元格补全 / cells filled from merged ones: 2",
        "没有这些列，保留原来的内容 / no such columns, kept as stored: 班组 team, 单位类别 unit_kind, 手机 phone, 状态 state",
        "仍是离职 / kept as left: 1 (HC01)",
        "失去邮箱 / losing their mail address: 1",
        "导入以后没有邮箱 / without a mail address after it: 3",
    ):
        assert words in said


def test_the_command_brings_back_who_is_back(open_app: Flask, tmp_path: Path) -> None:
    imported(*CAST)
    imported(*LEFT, header=STATED)
    path = str(csv_file(tmp_path, ENGLISH, *CAST))

    assert "返岗 / returned 2" in run(open_app, path, "--check", "--returned").stdout
    assert "返岗 / returned 2" in run(open_app, path, "--returned").stdout
    assert set(employed().values()) == {True}


def test_many_who_are_named_as_left_are_asked_for_by_number(open_app: Flask, tmp_path: Path) -> None:
    imported(*MANY)
    path = str(csv_file(tmp_path, STATED, *((*line, "离职") for line in MANY[:5])))

    no = run(open_app, path)
    assert no.stdout.endswith("--leaving 5\n")
    assert (no.exit_code, len(people.list_employed())) == (1, 40)
    assert "要加上 / to be added: --leaving 5" in run(open_app, path, "--check").stdout
    assert run(open_app, path, "--leaving", "5").exit_code == 0
    assert len(people.list_employed()) == 35


@pytest.mark.parametrize(("of", "leaving"), [(MANY, 4), (CAST, 3)])
def test_a_few_who_are_named_as_left_need_no_number(
    open_app: Flask, of: Sequence[tuple[str, ...]], leaving: int
) -> None:
    imported(*of)

    assert tally(imported(*((*line, "离职") for line in of[:leaving]), header=STATED)) == {"left": leaving}


def test_a_tenth_who_are_named_as_left_need_no_number(open_app: Flask) -> None:
    imported(*MANY, *((f"F{line[0]}", *line[1:5], f"f{line[5]}", "") for line in MANY))

    assert tally(imported(*((*line, "离职") for line in MANY[:8]), header=STATED)) == {"left": 8}
    with pytest.raises(Refused) as no:
        imported(*((*line, "离职") for line in MANY[8:20]), header=STATED)
    assert (no.value.code, no.value.facts) == ("people.leaving_unsaid", {"leaving": 12})


def test_a_renamed_unit_is_named(open_app: Flask) -> None:
    imported(*MANY)

    plan = plan_import(rows(*((*line[:3], "市场部", *line[4:]) for line in MANY)), now=LATER)
    some = plan_import(rows(*((*line[:3], "市场部", *line[4:]) for line in MANY[1:])), now=LATER)

    assert (plan.emptied_units, some.emptied_units) == (((("营销部",), ("市场部",)),), ())


def test_the_page_keeps_leavers_unless_they_are_said_to_be_back(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    left = HEAD.strip() + ",状态\nA1,安娜,女,营销部/客户服务班,a1@example.cn,离职\n"
    confirm(administrator, bring(administrator, left).location)
    again = HEAD + "A1,安娜,女,营销部/客户服务班,a1@example.cn\n"

    address = bring(administrator, again).location
    page = administrator.get(address)
    for words in (
        "文件里有 1 人在名册里是离职",
        "安娜 A1",
        'name="returned"',
        "没有这些列，保留原来的内容：班组",
    ):
        assert words in page.text
    assert confirm(administrator, address, page).status_code == 303
    assert roster_of(app)["A1"][2] is False

    address = bring(administrator, again).location
    assert confirm(administrator, address, returned="y").status_code == 303
    assert roster_of(app)["A1"][2] is True


def test_a_leaver_who_returned_meanwhile_is_shown_anew(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    left = HEAD.strip() + ",状态\nA1,安娜,女,营销部/客户服务班,a1@example.cn,离职\n"
    confirm(administrator, bring(administrator, left).location)
    address = bring(administrator, HEAD + "A1,安娜,女,营销部/客户服务班,a1@example.cn\n").location
    page = administrator.get(address)
    confirm(administrator, bring(administrator, left.replace("离职", "在职")).location)

    assert confirm(administrator, address, page, returned="y").status_code == 409


def test_the_page_says_hidden_columns_merged_cells_and_addresses_that_go(
    app: Flask, stage: Stage, administrator: FlaskClient, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in ("工号,姓名,性别,单位,邮箱", "A1,安娜,女,营销部,", "B2,薄言,男,,", "C3,陈静,女,,"):
        sheet.append([cell or None for cell in line.split(",")])
    sheet.merge_cells("D2:D4")
    sheet.column_dimensions["E"].hidden = True
    book.save(tmp_path / "a.xlsx")

    page = administrator.get(
        bring(administrator, (tmp_path / "a.xlsx").read_bytes(), name="a.xlsx").location
    ).text

    assert "1 列在表格里是隐藏的，也读了：邮箱" in page
    assert "2 格是合并单元格的一部分" in page
    assert "这个文件会清空 3 人现有的邮箱" in page


def test_folded_columns_are_hidden_and_one_that_is_not_read_does_not_matter(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["工号", "姓名", "年龄", "性别", "单位"])
    sheet.append(["E1", "王芳", 30, "女", "营销部"])
    sheet.column_dimensions.group("C", "D", hidden=True)
    book.save(tmp_path / "a.xlsx")

    assert read_roster(tmp_path / "a.xlsx").hidden_columns == ("gender",)
