"""The roster import: files of both kinds, all or nothing, the same file twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, func, select

from eventreg.core.audit import AuditEntry
from eventreg.core.db import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.people import service as people
from eventreg.people.comparison import Change
from eventreg.people.models import Person, Unit
from eventreg.people.reading import read_roster
from eventreg.people.rules import Gender, Problem, RosterRow
from eventreg.people.service import ImportReport, import_roster, plan_import

NOW = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
COMPANY_CSV = Path(people.__file__).parent.parent / "demo" / "company.csv"

CHINESE = ("工号", "姓名", "性别", "单位", "单位类别", "邮箱", "手机")
ENGLISH = ("staff_no", "name", "gender", "unit", "unit_kind", "email", "phone")
ADA = ("HC01", "王芳", "女", "营销部/客户服务班", "部门", "ada@hechuan.example", "13800000001")
BO = ("HC02", "李强", "男", "营销部", "部门", "bo@hechuan.example", "13800000002")
CHEN = ("HC03", "陈静", "female", "城关供电所/营业班", "second_level", "", "")
CAST = (ADA, BO, CHEN)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


def csv_file(
    tmp_path: Path, *lines: Sequence[str], encoding: str = "utf-8", name: str = "roster.csv"
) -> Path:
    path = tmp_path / name
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding=encoding)
    return path


def xlsx_file(tmp_path: Path, *lines: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row, column)
            cell.value = value  # type: ignore[assignment]
            if isinstance(value, str):
                cell.data_type = "s"
    path = tmp_path / "roster.xlsx"
    book.save(path)
    return path


def rows(*lines: Sequence[str], header: Sequence[str] = ENGLISH) -> list[RosterRow]:
    return [
        RosterRow(number, **dict(zip(header, line, strict=True)))
        for number, line in enumerate(lines, start=2)
    ]


def imported(
    *lines: Sequence[str], header: Sequence[str] = ENGLISH, leavers: bool = False, now: datetime = NOW
) -> ImportReport:
    with unit_of_work():
        return import_roster(
            rows(*lines, header=header), by="console", now=now, leavers=leavers, company="禾川农电"
        )


def tally(report: ImportReport) -> dict[str, int]:
    return {str(change): n for change, n in report.counts.items() if n}


def roster() -> dict[str, tuple[str, str | None, bool]]:
    return {p.staff_no: (p.path, p.email, p.employed) for p in people.list_people()}


def trail() -> list[tuple[str, str]]:
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.subject) for entry in entries]


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as no:
        read_roster(path)
    return no.value


# Reading


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
        ("roster.csv", "工号,姓名\n".encode("utf-16"), "people.file_encoding"),
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
        import_roster(read_roster(path).rows, by="console", now=NOW)

    assert [person.name for person in people.list_employed()] == ["=1+1", "王" * 60]


# Importing


def test_a_first_import_makes_units_and_persons(app: Flask) -> None:
    report = imported(*CAST)

    units = db.session.execute(select(Unit.name, Unit.kind).order_by(Unit.id)).all()
    assert (tally(report), report.new_units) == ({"added": 3}, 4)
    assert sorted(map(tuple, units)) == [
        ("城关供电所", "second_level"),
        ("客户服务班", "team"),
        ("禾川农电", "company"),
        ("营业班", "team"),
        ("营销部", "department"),
    ]
    assert roster() == {
        "HC01": ("营销部/客户服务班", "ada@hechuan.example", True),
        "HC02": ("营销部", "bo@hechuan.example", True),
        "HC03": ("城关供电所/营业班", None, True),
    }


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    imported(*CAST)
    before = trail()

    report = imported(*CAST, now=LATER)

    assert (tally(report), report.new_units, trail()) == ({"same": 3}, 0, before)


def test_a_plan_says_what_an_import_would_do_and_writes_nothing(app: Flask) -> None:
    plan = plan_import(rows(*CAST), now=NOW)

    assert plan.counts[Change.ADDED] == 3
    assert tuple(plan.new_units) == (
        ("城关供电所",),
        ("营销部",),
        ("城关供电所", "营业班"),
        ("营销部", "客户服务班"),
    )
    assert (roster(), trail()) == ({}, [])


def test_each_changed_person_has_one_audit_row_without_names(app: Flask) -> None:
    imported(*CAST)
    imported(ADA, ("HC02", "李强强", "男", "财务部", "", "new@hechuan.example", ""), now=LATER)

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    bo = people.find_person_by_staff_no("HC02")
    assert bo is not None
    assert entry is not None
    assert (entry.action, entry.subject, entry.by, entry.at) == (
        "people.moved",
        f"person:{bo.id}",
        "console",
        LATER,
    )
    assert entry.facts == {"changes": ["moved", "changed"], "fields": ["name", "email", "phone"]}
    assert [action for action, _ in trail()].count("people.added") == 3


def test_bad_rows_are_named_and_nothing_is_half_imported(app: Flask) -> None:
    with pytest.raises(Refused) as no:
        imported(ADA, ("", "李强", "x", "营销部", "", "bo@hechuan", ""), ("hc01", *CHEN[1:]))

    assert no.value.code == "people.bad_rows"
    assert no.value.facts["problems"] == (
        Problem(3, "staff_no", "people.staff_no_missing", ""),
        Problem(3, "gender", "people.gender_form", "x"),
        Problem(3, "email", "people.email_form", "bo@hechuan"),
        Problem(4, "staff_no", "people.staff_no_twice", "hc01", 2),
    )
    assert (roster(), trail(), db.session.scalar(select(func.count(Unit.id)))) == ({}, [], 0)


def test_an_address_of_somebody_else_is_a_problem_and_no_crash(app: Flask) -> None:
    imported(*CAST)

    with pytest.raises(Refused) as no:
        imported(("HC04", "新人", "女", "营销部", "", "ADA@hechuan.example", ""))

    assert no.value.facts["problems"] == (Problem(2, "email", "people.email_taken", "ada@hechuan.example"),)


def test_two_people_swap_their_addresses(app: Flask) -> None:
    imported(*CAST)

    imported((*ADA[:5], BO[5], ADA[6]), (*BO[:5], ADA[5], BO[6]))

    assert {no: mail for no, (_, mail, _) in roster().items()} == {
        "HC01": "bo@hechuan.example",
        "HC02": "ada@hechuan.example",
        "HC03": None,
    }


def test_whoever_is_missing_stays_unless_the_roster_is_full(app: Flask) -> None:
    imported(*CAST)

    part = imported(ADA, now=LATER)
    full = imported(ADA, leavers=True, now=LATER)
    again = imported(ADA, leavers=True, now=LATER + timedelta(days=1))

    left = db.session.scalar(select(Person.left_at).where(Person.staff_no == "HC02"))
    assert [tally(part), tally(full), tally(again)] == [{"same": 1}, {"left": 2, "same": 1}, {"same": 1}]
    assert left == LATER


def test_a_leaver_is_kept_and_returns(app: Flask) -> None:
    header = (*ENGLISH, "state")
    imported(*CAST)
    ada = people.find_person_by_staff_no("HC01")

    gone = imported((*ADA, "离职"), header=header, now=LATER)
    in_between = people.find_person_by_identifier("HC01")
    back = imported((*ADA, "在职"), header=header, now=LATER)

    assert [tally(gone), tally(back)] == [{"left": 1}, {"returned": 1}]
    assert (in_between, people.find_person_by_identifier("HC01")) == (None, ada)


def test_a_file_without_a_column_keeps_what_is_there(app: Flask) -> None:
    imported(*CAST)

    report = imported(ADA[:4], header=ENGLISH[:4])

    assert (tally(report), roster()["HC01"][1]) == ({"same": 1}, "ada@hechuan.example")


def test_the_file_can_correct_the_kind_of_a_unit(app: Flask) -> None:
    imported(*CAST)

    imported((*ADA[:4], "二级机构", *ADA[5:]))

    assert db.session.scalar(select(Unit.kind).where(Unit.name == "营销部")) == "second_level"
    assert trail()[-1][0] == "units.changed"


def test_nine_thousand_rows_take_seconds_and_few_statements(app: Flask) -> None:
    many = [
        (f"E{n:05}", f"职工{n}", "女", f"部门{n % 30}/班组{n % 300}", "", f"e{n}@hechuan.example", "")
        for n in range(9_000)
    ]
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))

    added = imported(*many)
    first = len(statements)
    same = imported(*many)

    assert (tally(added), tally(same)) == ({"added": 9_000}, {"same": 9_000})
    about_persons = [sql for sql in statements[:first] if "person" in sql and "audit_entry" not in sql]
    assert (len(about_persons) <= 12, len(statements) - first <= 12) == (True, True)


# Reading back


def test_facts_of_a_person_come_in_one_statement(app: Flask) -> None:
    imported(*CAST)
    ada = people.find_person_by_staff_no("hc01")
    assert ada is not None
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))

    facts = people.person_facts(ada.id)

    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1
    assert (facts.staff_no, facts.gender, facts.unit, facts.path, facts.active) == (
        "HC01",
        Gender.FEMALE,
        "营销部 客户服务班",
        "营销部/客户服务班",
        True,
    )


def test_a_person_is_found_by_number_or_address_in_any_case(app: Flask) -> None:
    imported(*CAST)

    found = [
        people.find_person_by_identifier(text)
        for text in ("hc01", " ＨＣ０１ ", "ADA@Hechuan.example", "HC99")
    ]

    assert [person and person.name for person in found] == ["王芳", "王芳", "王芳", None]


def test_units_know_their_path_and_what_is_under_them(app: Flask) -> None:
    imported(*CAST)
    ids = {row.name: row.id for row in db.session.execute(select(Unit.id, Unit.name))}

    assert people.unit_path(ids["客户服务班"]) == "营销部 客户服务班"
    assert people.unit_path(ids["营销部"]) == "营销部"
    assert people.units_under(ids["营销部"]) == {ids["营销部"], ids["客户服务班"]}
    assert people.units_under(ids["禾川农电"]) == set(ids.values())


def test_who_is_not_there_is_not_found(app: Flask) -> None:
    for ask in (people.person_facts, people.get_person, people.unit_path):
        with pytest.raises(NotFound):
            ask(999)


# The demo company


def test_the_demo_company_is_as_it_is_told(app: Flask) -> None:
    with unit_of_work():
        import_roster(read_roster(COMPANY_CSV).rows, by="demo", now=NOW, company="禾川农电")

    everybody = people.list_employed()
    teams = {p.units for p in everybody if len(p.units) == 2}
    women = [p for p in everybody if p.gender == Gender.FEMALE]
    in_team = {team: len([p for p in women if p.units == team]) for team in teams}
    assert (len(everybody), len(women), len(teams), min(in_team.values())) == (320, 144, 24, 4)
    assert len({p.units[0] for p in everybody}) == 8
    assert len([p for p in everybody if p.email is None]) == 12


def test_a_workbook_without_a_visible_cell_is_empty(tmp_path: Path) -> None:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    path = tmp_path / "roster.xlsx"
    path.write_bytes(book.getvalue())

    assert refusal(path).code == "people.file_empty"
