"""A quota table as offices fill it in: what is taken, and by line what is not."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from eventreg.core.errors import Refused
from eventreg.nominations import quota_file
from eventreg.nominations.quota_file import QuotaFile
from eventreg.nominations.quotas import QuotaLine

LINES = [QuotaLine(1, "办公室", 9), QuotaLine(2, "财务部", 9), QuotaLine(3, "营销部", 9)]
HEADS = ("单位", "名额", "说明")
FOOTS = [
    ("合计", 7, None),
    ("合　计", 7, None),
    (" 总计：", 7, None),
    ("制表人：王芳", None, "审核人：李静"),
    ("制表人 王芳", None, None),
    ("审核人", "李静", None),
    ("填报日期：2026年3月1日", None, None),
    ("日期", "2026.3.1", None),
    ("注：名额按女职工人数分配", None, None),
    ("部门负责人（签字）：", None, None),
]


def brought(*lines: Sequence[object], change: Callable[[Worksheet], object] = lambda _s: None) -> QuotaFile:
    """What is read of a workbook with these lines."""
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(list(line))
    change(book.worksheets[0])
    file = io.BytesIO()
    book.save(file)
    return quota_file.read("a.xlsx", io.BytesIO(file.getvalue()), LINES)


def places(found: QuotaFile) -> dict[int, int]:
    return {unit_id: wish.places for unit_id, wish in found.requests.items()}


@pytest.mark.parametrize(
    ("written", "count"),
    [("3人", 3), ("3 个", 3), ("３", 3), ("３名", 3), ("3.0", 3), ("0", 0), (3, 3), (3.0, 3)],
)
def test_a_number_may_have_its_measure_word(written: object, count: int) -> None:
    found = brought(HEADS, ("办公室", written, None))

    assert (places(found), found.skipped) == ({1: count}, ())


@pytest.mark.parametrize(
    "written", ["3～4", "三", "约3人", "-1", "2.5", 2.5, "10001", "3人（含1名班长）", "无"]
)
def test_what_is_no_number_is_named_by_its_line(written: object) -> None:
    found = brought(HEADS, ("财务部", 1, None), ("办公室", written, None))

    assert places(found) == {2: 1}
    assert [(s.line, s.fault, s.unit, s.places) for s in found.skipped] == [
        (3, "number", "办公室", str(written))
    ]


@pytest.mark.parametrize("written", [None, "", "　"])
def test_a_blank_number_is_not_0(written: object) -> None:
    found = brought(HEADS, ("财务部", 1, None), ("办公室", written, "待定"))

    assert places(found) == {2: 1}
    assert [(s.line, s.fault, s.unit) for s in found.skipped] == [(3, "blank", "办公室")]


def test_an_unknown_department_and_a_number_without_one_are_named() -> None:
    found = brought(
        HEADS, ("财务部", 1, None), ("财务处", 2, None), (None, 4, None), (None, None, "另行通知")
    )

    assert [(s.line, s.fault, s.unit, s.places) for s in found.skipped] == [
        (3, "unknown", "财务处", "2"),
        (4, "unnamed", "", "4"),
    ]


def test_of_a_department_in_two_lines_neither_is_taken() -> None:
    found = brought(HEADS, ("财务部", 1, None), ("办公室", 2, None), ("财 务 部", 3, None))

    assert places(found) == {1: 2}
    assert [(s.line, s.fault, s.places) for s in found.skipped] == [(2, "twice", "1"), (4, "twice", "3")]


def test_a_number_in_merged_cells_is_not_taken_for_each_department() -> None:
    found = brought(
        HEADS,
        ("财务部", 2, None),
        ("办公室", None, None),
        ("营销部", 1, None),
        change=lambda sheet: sheet.merge_cells("B2:B3"),
    )

    assert places(found) == {3: 1}
    assert [(s.line, s.fault, s.unit, s.places) for s in found.skipped] == [
        (2, "merged", "财务部", "2"),
        (3, "merged", "办公室", "2"),
    ]


def test_a_reason_in_merged_cells_is_that_of_each_department() -> None:
    found = brought(
        ("单位", "名额", "说明"),
        ("财务部", 2, "人多"),
        ("办公室", 1, None),
        change=lambda sheet: sheet.merge_cells("C2:C3"),
    )

    assert [(wish.places, wish.reason) for wish in found.requests.values()] == [(2, "人多"), (1, "人多")]


def test_departments_that_the_file_lacks_are_named() -> None:
    found = brought(HEADS, ("财务部", 1, None), ("营销部", None, None))

    assert found.missing == ("办公室",)


@pytest.mark.parametrize("foot", FOOTS)
def test_a_foot_row_is_no_department(foot: Sequence[object]) -> None:
    found = brought(HEADS, ("财务部", 3, None), ("办公室", 4, None), foot)

    assert (places(found), found.skipped) == ({2: 3, 1: 4}, ())


def test_a_foot_in_the_column_before_the_department_is_none_either() -> None:
    found = brought(
        ("序号", *HEADS), (1, "财务部", 3, None), ("合计", None, 3, None), ("制表人：王芳", None, None)
    )

    assert (places(found), found.skipped) == ({2: 3}, ())


def test_a_department_is_no_foot_because_its_name_begins_like_one() -> None:
    found = brought(HEADS, ("财务部", 3, None), ("审核部", 4, None), ("联系电话班", 1, None))

    assert [(s.line, s.fault) for s in found.skipped] == [(3, "unknown"), (4, "unknown")]


@pytest.mark.parametrize(
    "unit", ["单位名称", "部门", "*单位", "推荐单位", "所属部门：", "Department", "单 位"]
)
@pytest.mark.parametrize(
    "count", ["推荐名额（人）", "推荐名额(个)", "名额（必填）", "分配名额", "名 额", "Places"]
)
def test_heads_are_those_that_people_use(unit: str, count: str) -> None:
    assert places(brought((unit, "女职工", count), ("财务部", 20, 3))) == {2: 3}


def test_a_title_and_an_instruction_sheet_before_the_table_are_understood() -> None:
    book = openpyxl.Workbook()
    for text in ("填表说明", "一、单位名称写全称", "二、名额写整数"):
        book.worksheets[0].append([text])
    sheet = book.create_sheet("分配表")
    for n in range(9):
        sheet.append([f"附件说明第 {n} 行"])
    for line in (["单位名称", "推荐名额（人）", "备注"], ["财务部", 3, "人手紧"]):
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)

    found = quota_file.read("a.xlsx", io.BytesIO(file.getvalue()), LINES)

    assert [(wish.places, wish.reason) for wish in found.requests.values()] == [(3, "人手紧")]


def test_two_columns_of_places_are_refused() -> None:
    with pytest.raises(Refused) as no:
        brought(("单位", "名额", "推荐名额（人）"), ("财务部", 1, 2))

    assert (no.value.code, no.value.facts) == ("people.columns_repeated", {"columns": "名额"})


def test_heads_on_every_printed_page_are_no_departments() -> None:
    found = brought(HEADS, ("财务部", 3, None), HEADS, ("办公室", 4, None))

    assert (places(found), found.skipped) == ({2: 3, 1: 4}, ())


def test_hidden_rows_are_taken_and_counted() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True

    found = brought(HEADS, ("财务部", 3, None), ("办公室", 4, None), change=change)

    assert (places(found), found.hidden) == ({2: 3, 1: 4}, 1)


def test_a_long_reason_is_not_cut() -> None:
    found = brought(HEADS, ("财务部", 3, "因" * 90))

    assert [len(wish.reason) for wish in found.requests.values()] == [90]


def test_a_file_without_a_number_that_counts_still_says_why() -> None:
    found = brought(HEADS, ("财务部", None, None))

    assert (places(found), [s.fault for s in found.skipped]) == ({}, ["blank"])
