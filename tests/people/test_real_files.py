"""Files as offices send them: foot rows, several sheets, placeholders, other separators and encodings."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.people.reading import read_roster
from eventreg.people.rules import CheckedRow, RosterRow, check_row
from eventreg.people.service import plan_import
from tests.rig.cast import Stage

from .people_files import LATER, imported, refusal, roster, rows
from .test_roster_import import administrator as administrator
from .test_roster_import import bring
from .test_roster_import import stage as stage
from .test_roster_sheets import HEADS, book_of, codes

ADA = ("00123", "王芳", "女", "营销部", "客户服务班", "a@hechuan.example")
BO = ("E2", '李"强', "男", "营销部", "", "")
COMPANY = "禾川农电"


def text_of(sign: str, *, end: str = "\r\n", cell: str = "{}") -> str:
    return "".join(sign.join(cell.format(text) for text in line) + end for line in (HEADS, ADA, BO))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "，", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_in_each_encoding_with_each_separator(
    tmp_path: Path, encoding: str, sign: str, end: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text_of(sign, end=end).encode(encoding))

    found = read_roster(path).rows

    assert [(row.line, row.staff_no, row.name, row.team) for row in found] == [
        (2, "00123", "王芳", "客户服务班"),
        (3, "E2", '李"强', ""),
    ]


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\x84\x31\x95\x33"])
def test_other_byte_order_marks(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(mark + text_of(",").encode("utf-16-be" if mark == b"\xfe\xff" else "gb18030"))

    assert [row.staff_no for row in read_roster(path).rows] == ["00123", "E2"]


def test_a_cell_that_is_written_as_a_formula_of_text_is_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [HEADS, ADA, ("1E05", *ADA[1:])]
    path.write_text(
        "".join(",".join(f'="{cell}"' for cell in line) + "\n" for line in lines), encoding="utf-8"
    )

    file = read_roster(path)

    assert ([row.staff_no for row in file.rows], codes(file)[:1]) == (
        ["00123", "1E05"],
        [(3, "email", "people.email_twice", ADA[5])],
    )


def test_an_open_quotation_mark_is_named_with_other_separators_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text_of(";").replace("王芳", '"王芳'), encoding="utf-8")

    assert (refusal(path).code, refusal(path).facts) == ("people.quotes_open", {"line": 2})


@pytest.mark.parametrize(
    "foot", ["合计", "合 计", "小计：", "制表人：李静", "共 2 人", "备注：不含借调", "审核"]
)
def test_foot_rows_are_no_people_and_are_named(tmp_path: Path, foot: str) -> None:
    lines = [HEADS, ADA, (foot, "2人"), BO, (None, None, None, None, foot)]

    file = read_roster(book_of(tmp_path, *lines))

    assert [row.staff_no for row in file.rows] == ["00123", "E2"]
    assert [line for line, _ in file.skipped] == [3, 5]


@pytest.mark.parametrize(
    "line", [("合计", "王芳", "女", "营销部"), ("E9", "合计", "", "营销部"), ("说明书", "王芳", "", "营销部")]
)
def test_what_may_be_a_person_is_never_passed_over(tmp_path: Path, line: tuple[str, ...]) -> None:
    file = read_roster(book_of(tmp_path, HEADS, line))

    assert (len(file.rows), file.skipped) == (1, ())
    assert len(codes(file)) > 0


def test_other_sheets_with_people_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, line in (("营销部", ADA), ("财务部", BO), ("说明", ()), ("旧", BO)):
        sheet = book.create_sheet(name)
        sheet.append(list(HEADS) if line else ["说明"])
        sheet.append(list(line))
    book.worksheets[-1].sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")

    file = read_roster(tmp_path / "a.xlsx")

    assert ([row.staff_no for row in file.rows], file.other_sheets) == (["00123"], ("财务部",))


def test_the_page_says_lines_and_sheets_that_were_not_read(
    stage: Stage, administrator: FlaskClient, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("财务部")):
        for line in (HEADS, ADA, ("合计", "1人")):
            sheet.append(list(line))
    book.save(tmp_path / "a.xlsx")

    page = administrator.get(
        bring(administrator, (tmp_path / "a.xlsx").read_bytes(), name="a.xlsx").location
    ).text

    assert "已忽略这些行：第 3 行“合计”" in page
    assert "已忽略的：财务部" in page


@pytest.mark.parametrize("nothing", ["/", "无", "-", "——", "暂无", " 无 ", "N/A"])
def test_a_placeholder_is_an_empty_cell(nothing: str) -> None:
    row = RosterRow(2, "E1", "王芳", "女", "营销部", team=nothing, email=nothing, phone=nothing)

    checked = check_row(row, company=COMPANY)

    assert isinstance(checked, CheckedRow)
    assert (checked.unit, checked.email, checked.phone) == (("营销部",), None, None)


@pytest.mark.parametrize(
    ("state", "employed"),
    [
        ("在岗", True),
        ("试用期", True),
        ("已离职", False),
        ("退休", False),
        ("调出", False),
        ("内退", None),
        ("离岗", None),
    ],
)
def test_states_that_hr_writes(state: str, employed: bool | None) -> None:
    checked = check_row(RosterRow(2, "E1", "王芳", "女性", "营销部", state=state), company=COMPANY)

    assert (checked.employed if isinstance(checked, CheckedRow) else None) is employed


def test_a_department_with_a_new_name_is_named_once_and_its_teams_are_not(app: Flask) -> None:
    people = [(f"E{n}", "王芳", "女", "营销部", f"{n % 2}班") for n in range(6)]
    header = ("staff_no", "name", "gender", "unit", "team")
    with app.app_context():
        imported(*people, header=header)

        renamed = plan_import(rows(*((*p[:3], "市场部", p[4]) for p in people), header=header), now=LATER)
        teams = plan_import(
            rows(*((*p[:4], p[4].replace("1班", "三班")) for p in people), header=header), now=LATER
        )
        swapped = plan_import(
            rows(*((*p[:4], f"{(n + 1) % 2}班") for n, p in enumerate(people)), header=header), now=LATER
        )
        assert len(roster()) == 6

    assert renamed.emptied_units == ((("营销部",), ("市场部",)),)
    assert teams.emptied_units == ((("营销部", "1班"), ("营销部", "三班")),)
    assert swapped.emptied_units == ()
