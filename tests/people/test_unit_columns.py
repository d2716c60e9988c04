"""Files with 单位 and 部门 side by side: which of the two is the unit of the roster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask

from eventreg.core.errors import Refused
from eventreg.people.reading import read_roster
from eventreg.people.rules import RosterRow
from eventreg.people.service import plan_import
from eventreg.people.unit_columns import joined_units

from .people_files import CAST, LATER, csv_file, imported, refusal

STORED = [("营销部",), ("营销部", "客户服务班"), ("财务部",), ("城关供电所",), ("城关供电所", "营业班")]
COMPANY = "禾川农电"
Names = tuple[str, str, str | None]


def joined(
    *names: Names, stored: Sequence[tuple[str, ...]] = STORED
) -> tuple[list[object], list[object], tuple[str, ...]]:
    """What becomes of rows with these units, departments and teams: units, codes by line, units left out."""
    rows = [
        RosterRow(line, str(line), "王芳", "女", unit, department, team)
        for line, (unit, department, team) in enumerate(names, start=2)
    ]
    found, problems, left_out = joined_units(rows, stored, company=COMPANY)
    return [row.unit for row in found], [(p.line, p.code) for p in problems], left_out


@pytest.mark.parametrize(
    ("names", "unit"),
    [
        (("禾川农电", "营销部", None), "营销部"),
        (("禾川农电", "新部门", "新班"), "新部门"),
        (("公司本部", "营销部", "客户服务班"), "营销部"),
        (("机关", "新部门", None), "新部门"),
        (("城关供电所", "营业班", None), "城关供电所/营业班"),
        (("城关供电所", "新班", None), "城关供电所/新班"),
        (("城关供电所", "营业班", "营业班"), "城关供电所/营业班"),
        (("城关供电所", "", "营业班"), "城关供电所"),
        (("城关供电所", "城关供电所", "营业班"), "城关供电所"),
        (("", "营销部", None), "营销部"),
    ],
)
def test_the_unit_is_found_by_what_the_roster_knows(names: Names, unit: str) -> None:
    others: list[Names] = [("禾川农电", "财务部", None), ("城关供电所", "营业班", None)]

    units, problems, _ = joined(*others, names)

    assert (units[2], problems) == (unit, [])


def test_a_unit_above_one_known_department_is_above_the_others_too() -> None:
    assert joined(
        ("供电中心", "营销部", None), ("供电中心", "数字部", None), ("城关供电所", "营业班", None)
    ) == (
        ["营销部", "数字部", "城关供电所/营业班"],
        [],
        ("供电中心",),
    )


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("城关供电所", "综合部", "营业班"), "people.unit_levels"),
        (("新单位", "新部门", None), "people.unit_unclear"),
        (("营销部", "财务部", None), "people.unit_unclear"),
    ],
)
def test_what_nobody_can_tell_is_refused_by_line(names: Names, code: str) -> None:
    others: list[Names] = [("禾川农电", "财务部", None), ("城关供电所", "营业班", None)]

    assert joined(*others, names)[1] == [(4, code)]


def test_departments_of_one_name_in_two_companies_are_not_put_together() -> None:
    two: list[Names] = [("一分公司", "营销部", None), ("二分公司", "营销部", None)]

    assert joined(*two)[1] == [(3, "people.unit_unclear")]


def test_a_first_roster_takes_its_only_unit_for_the_company() -> None:
    names: list[Names] = [("禾川", "营销部", "客户服务班"), ("禾川", "财务部", "")]

    assert joined(*names, stored=[]) == (["营销部", "财务部"], [], ("禾川",))


def test_a_first_roster_of_several_units_has_departments_below_them() -> None:
    names: list[Names] = [("城关供电所", "营业班", None), ("城北供电所", "营业班", None)]

    assert joined(*names, stored=[]) == (["城关供电所/营业班", "城北供电所/营业班"], [], ())


def test_three_levels_in_a_first_roster_have_the_company_on_top() -> None:
    names: list[Names] = [("供电中心", "营销部", "客户服务班"), ("城关供电所", "营业班", None)]

    assert joined(*names, stored=[]) == (["营销部", "城关供电所/营业班"], [], ("供电中心",))


@pytest.mark.parametrize(
    "heads",
    [("单位", "部门"), ("所属单位", "*部门（必填）"), ("unit", "department"), ("部门名称", "单位名称")],
)
def test_both_columns_are_read(app: Flask, tmp_path: Path, heads: tuple[str, str]) -> None:
    with app.app_context():
        imported(*CAST)
        values = {0: COMPANY, 1: "营销部"} if "部" not in heads[0] else {1: COMPANY, 0: "营销部"}
        line = ("HC01", "王芳", "女", values[0], values[1], "客户服务班")
        path = csv_file(tmp_path, ("工号", "姓名", "性别", *heads, "班组"), line)

        plan = plan_import(read_roster(path).rows, now=LATER)

    assert (plan.problems, [d.changes for d in plan.differences]) == ((), [("same",)])


def test_a_department_alone_is_the_unit_and_a_unit_twice_is_refused(tmp_path: Path) -> None:
    line = ("HC01", "王芳", "女", "营销部", "财务部")

    alone = read_roster(csv_file(tmp_path, ("工号", "姓名", "性别", "部门"), line[:4])).rows[0]
    no = refusal(csv_file(tmp_path, ("工号", "姓名", "性别", "单位", "单位名称"), line))
    assert (alone.unit, alone.department) == ("营销部", None)
    assert (no.code, no.facts) == ("people.columns_repeated", {"columns": "单位 unit"})


def test_an_error_in_either_column_is_named(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        path = csv_file(
            tmp_path, ("工号", "姓名", "性别", "单位", "部门"), ("E1", "王芳", "女", COMPANY, "#N/A")
        )

        plan = plan_import(read_roster(path).rows, now=LATER, company=COMPANY)

    assert [(p.line, p.column, p.code, p.value) for p in plan.problems] == [
        (2, "department", "people.cell_error", "#N/A")
    ]


def test_a_department_of_two_levels_below_a_unit_is_refused(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        imported(*CAST)
        lines = (
            ("E1", "王芳", "女", "城关供电所", "营业班/一组"),
            ("E2", "王芳", "女", COMPANY, "营销部/客户服务班"),
        )
        plan = plan_import(
            read_roster(csv_file(tmp_path, ("工号", "姓名", "性别", "单位", "部门"), *lines)).rows, now=LATER
        )

    assert [(p.line, p.code) for p in plan.problems] == [(2, "people.unit_form")]


def test_a_file_with_two_columns_says_which_was_left_out(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        imported(*CAST)
        path = csv_file(
            tmp_path, ("工号", "姓名", "性别", "单位", "部门"), ("E1", "王芳", "女", "公司本部", "营销部")
        )

        said = app.test_cli_runner().invoke(args=["people", "import", str(path)]).stdout

    assert "部门的上级，已忽略 / above departments, ignored: 公司本部" in said


def test_a_file_without_units_is_refused_as_before(tmp_path: Path) -> None:
    with pytest.raises(Refused) as no:
        read_roster(csv_file(tmp_path, ("工号", "姓名", "性别"), ("E1", "王芳", "女")))

    assert no.value.facts == {"columns": "单位 unit"}
