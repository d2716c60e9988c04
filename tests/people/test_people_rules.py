"""What a roster row must be, and what a file would change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eventreg.core.errors import Refused
from eventreg.people.comparison import RosterChange, RosterPerson, compare, taken_addresses
from eventreg.people.names import reading_key
from eventreg.people.rules import (
    CellProblem,
    CheckedRow,
    Gender,
    RosterRow,
    UnitKind,
    check_row,
    check_rows,
    mail_address,
    phone_number,
    unit_path,
)

COMPANY = "禾川农电"
LEFT_AT = datetime(2026, 12, 1, tzinfo=UTC)

ADA = RosterRow(
    line=2,
    staff_no="HC01",
    name="王芳",
    gender="女",
    unit="营销部/客户服务班",
    unit_kind="部门",
    email="Ada@Hechuan.example",
    phone="138 0000 0001",
    state="在职",
)
STANDING_ADA = RosterPerson(
    id=1,
    staff_no="HC01",
    name="王芳",
    gender=Gender.FEMALE,
    unit=("营销部", "客户服务班"),
    email="ada@hechuan.example",
    phone="13800000001",
    left_at=None,
)


def checked(*rows: RosterRow) -> list[CheckedRow]:
    good, problems = check_rows(rows, company=COMPANY)
    assert problems == []
    return good


def wrong(**cells: str) -> list[tuple[str, str]]:
    """What is wrong with Ada's row when it holds these cells."""
    outcome = check_row(replace(ADA, **cells), company=COMPANY)  # type: ignore[arg-type]
    assert isinstance(outcome, list)
    return [(problem.column, problem.code) for problem in outcome]


def changes(
    row: RosterRow, person: RosterPerson = STANDING_ADA
) -> tuple[tuple[RosterChange, ...], tuple[str, ...]]:
    (difference,) = compare(checked(row), [person], leavers=False)
    return difference.changes, difference.fields


def test_a_good_row_is_tidied() -> None:
    assert check_row(ADA, company=COMPANY) == CheckedRow(
        line=2,
        staff_no="HC01",
        name="王芳",
        gender=Gender.FEMALE,
        unit=("营销部", "客户服务班"),
        unit_kind=UnitKind.DEPARTMENT,
        email="ada@hechuan.example",
        phone="13800000001",
        employed=True,
        tells=frozenset({"email", "phone"}),
    )


def test_full_width_forms_are_read_as_ordinary_ones() -> None:
    row = replace(
        ADA, staff_no="ＨＣ０１", gender=" Ｆ ", unit="营销部／客户服务班", phone="１３８００００００01"
    )

    assert check_row(row, company=COMPANY) == check_row(ADA, company=COMPANY)


@pytest.mark.parametrize("gender", ["男", "male", "MALE", "m"])
def test_gender_is_read_in_both_languages(gender: str) -> None:
    assert checked(replace(ADA, gender=gender))[0].gender == Gender.MALE


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"staff_no": " "}, ("staff_no", "people.staff_no_missing")),
        ({"staff_no": "HC/01"}, ("staff_no", "people.staff_no_form")),
        ({"staff_no": "工01"}, ("staff_no", "people.staff_no_form")),
        ({"staff_no": "1" * 33}, ("staff_no", "people.staff_no_form")),
        ({"name": ""}, ("name", "people.name_missing")),
        ({"name": "王" * 65}, ("name", "people.name_form")),
        ({"name": "王\n芳"}, ("name", "people.name_form")),
        ({"name": "王\x07芳"}, ("name", "people.name_form")),
        ({"name": "\u200b"}, ("name", "people.name_missing")),
        ({"staff_no": "\ufeff "}, ("staff_no", "people.staff_no_missing")),
        ({"gender": ""}, ("gender", "people.gender_missing")),
        ({"gender": "x"}, ("gender", "people.gender_form")),
        ({"unit": "　"}, ("unit", "people.unit_missing")),
        ({"unit": "营销部/一班/二组"}, ("unit", "people.unit_form")),
        ({"unit": "营销部//"}, ("unit", "people.unit_form")),
        ({"unit": "部" * 81}, ("unit", "people.unit_form")),
        ({"unit_kind": "company"}, ("unit_kind", "people.unit_kind_form")),
        ({"email": "ada"}, ("email", "people.email_form")),
        ({"phone": "12"}, ("phone", "people.phone_form")),
        ({"state": "休假"}, ("state", "people.state_form")),
    ],
)
def test_a_bad_cell_is_named_by_column_and_code(cells: dict[str, str], problem: tuple[str, str]) -> None:
    assert wrong(**cells) == [problem]


def test_all_bad_cells_of_a_row_are_named() -> None:
    assert wrong(staff_no="", name="", email="@") == [
        ("staff_no", "people.staff_no_missing"),
        ("name", "people.name_missing"),
        ("email", "people.email_form"),
    ]


@pytest.mark.parametrize("name", ["王" * 64, "=1+1", "古丽娜孜·阿布都克热木", "O'Neil, Ann", "<b>王芳</b>"])
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    assert checked(replace(ADA, name=name))[0].name == name


@pytest.mark.parametrize("number", ["13800000001", "+86 138-0000-0001", "0086 13800000001", "8613800000001"])
def test_a_mobile_number_becomes_eleven_digits(number: str) -> None:
    assert phone_number(number) == "13800000001"


@pytest.mark.parametrize("number", ["0571-88206666", "010-62345678-806", "88206666"])
def test_a_landline_is_kept(number: str) -> None:
    assert phone_number(number) == number


@pytest.mark.parametrize("number", ["1380000000", "138000000011", "23800000001", "call me", "-"])
def test_what_is_no_telephone_number_is_refused(number: str) -> None:
    with pytest.raises(Refused, match=r"people\.phone_form"):
        phone_number(number)


@pytest.mark.parametrize(
    "address",
    ["a@b", "@b.cn", "a b@c.cn", "a@b..cn", "a@-b.cn", "王@b.cn", "a@b.cn,c@d.cn", "a" * 65 + "@b.cn"],
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match=r"people\.email_form"):
        mail_address(address)


def test_a_mail_address_has_at_most_254_characters() -> None:
    host = ".".join(["h" * 60] * 3) + ".hhh.cn"

    assert len(mail_address("a" * 64 + "@" + host)) == 254
    with pytest.raises(Refused, match=r"people\.email_form"):
        mail_address("a" * 64 + "@" + "h" + host)


def test_a_team_column_is_the_second_level() -> None:
    assert checked(replace(ADA, unit="营销部", team="客户服务班"))[0].unit == ("营销部", "客户服务班")


def test_a_team_that_the_path_names_already_is_not_named_twice() -> None:
    assert checked(replace(ADA, team="客户服务班"))[0].unit == ("营销部", "客户服务班")


def test_the_company_in_front_of_a_path_is_left_out() -> None:
    assert unit_path("禾川农电/营销部/客户服务班", company=COMPANY) == ("营销部", "客户服务班")
    assert unit_path("禾川农电", company=COMPANY) == ()


def test_repeated_numbers_and_addresses_name_both_lines() -> None:
    again = replace(ADA, line=9, staff_no="hc01", email="ADA@hechuan.example")

    _, problems = check_rows([ADA, again], company=COMPANY)

    assert problems == [
        CellProblem(9, "staff_no", "people.staff_no_twice", "hc01", 2),
        CellProblem(9, "email", "people.email_twice", "ADA@hechuan.example", 2),
    ]


def test_rows_without_a_mailbox_do_not_repeat_each_other() -> None:
    rows = checked(replace(ADA, email=""), replace(ADA, line=3, staff_no="HC02", email=""))

    assert [row.email for row in rows] == [None, None]


def test_one_unit_is_of_one_kind() -> None:
    other = replace(ADA, line=3, staff_no="HC02", email="", unit_kind="second_level")
    silent = replace(ADA, line=4, staff_no="HC03", email="", unit_kind="")

    _, problems = check_rows([ADA, other, silent], company=COMPANY)

    assert problems == [CellProblem(3, "unit_kind", "people.unit_kind_differs", "second_level", 2)]


def test_the_same_row_changes_nothing() -> None:
    assert changes(ADA) == ((RosterChange.SAME,), ())


def test_changed_fields_are_named() -> None:
    assert changes(replace(ADA, name="王方", phone="")) == (
        (RosterChange.CLEARED, RosterChange.CHANGED),
        ("name", "phone"),
    )


def test_another_unit_is_a_move() -> None:
    assert changes(replace(ADA, unit="财务部")) == ((RosterChange.MOVED,), ())


def test_a_row_that_says_so_is_a_leaving() -> None:
    assert changes(replace(ADA, state="离职")) == ((RosterChange.LEFT,), ())


def test_a_leaver_who_appears_again_returns_and_may_have_moved() -> None:
    gone = replace(STANDING_ADA, left_at=LEFT_AT)

    assert changes(replace(ADA, unit="财务部"), gone) == ((RosterChange.RETURNED, RosterChange.MOVED), ())


def test_a_leaver_who_is_still_gone_is_the_same() -> None:
    assert changes(replace(ADA, state="left"), replace(STANDING_ADA, left_at=LEFT_AT)) == (
        (RosterChange.SAME,),
        (),
    )


def test_a_column_that_the_file_does_not_have_says_nothing() -> None:
    assert changes(replace(ADA, email=None, phone=None)) == ((RosterChange.SAME,), ())


def test_somebody_unknown_is_added_unless_she_left() -> None:
    bo = replace(ADA, staff_no="HC02", email="")

    found = [compare(checked(row), [], leavers=False)[0].changes for row in (bo, replace(bo, state="离职"))]

    assert found == [(RosterChange.ADDED,), (RosterChange.SAME,)]


def test_only_a_full_roster_makes_leavers_of_the_missing() -> None:
    gone = replace(STANDING_ADA, id=2, staff_no="HC02", left_at=LEFT_AT)

    assert compare([], [STANDING_ADA, gone], leavers=False) == ()
    assert [(d.staff_no, d.changes) for d in compare([], [STANDING_ADA, gone], leavers=True)] == [
        ("HC01", (RosterChange.LEFT,))
    ]


def test_an_address_that_stays_with_somebody_else_is_taken() -> None:
    bo = replace(ADA, line=5, staff_no="HC02")

    assert taken_addresses(checked(bo), [STANDING_ADA]) == [
        CellProblem(5, "email", "people.email_taken", "ada@hechuan.example")
    ]


def test_two_people_of_one_file_may_swap_addresses() -> None:
    standing_bo = replace(STANDING_ADA, id=2, staff_no="HC02", email="bo@hechuan.example")
    ada = replace(ADA, email="bo@hechuan.example")
    bo = replace(ADA, line=3, staff_no="HC02", email="ada@hechuan.example")

    assert taken_addresses(checked(ada, bo), [STANDING_ADA, standing_bo]) == []


def test_a_department_stands_above_its_teams() -> None:
    mixed = ["财务部门", "办公室 车队班", "财务部 核算班", "办公室", "财务部"]

    assert sorted(mixed, key=reading_key) == [
        "办公室",
        "办公室 车队班",
        "财务部",
        "财务部 核算班",
        "财务部门",
    ]


def test_a_cell_with_invisible_marks_only_is_blank() -> None:
    (row,) = checked(replace(ADA, email="\u200b", phone="\u202c "))

    assert (row.email, row.phone) == (None, None)
