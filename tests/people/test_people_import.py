"""The roster import: files of both kinds, all or nothing, the same file twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail.audit import AuditEntry
from eventreg.people import service as people
from eventreg.people.comparison import RosterChange
from eventreg.people.models import Person, Unit
from eventreg.people.reading import read_roster
from eventreg.people.rules import CellProblem, Gender
from eventreg.people.service import import_roster, plan_import
from tests.rig.actors import acting

from .people_files import (
    ADA,
    BO,
    CAST,
    CHEN,
    COMPANY_CSV,
    ENGLISH,
    LATER,
    NOW,
    imported,
    roster,
    rows,
    tally,
    trail,
)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


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

    assert plan.counts[RosterChange.ADDED] == 3
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
        "people.cleared",
        f"person:{bo.id}",
        "console",
        LATER,
    )
    assert entry.facts == {"changes": ["cleared", "moved", "changed"], "fields": ["name", "email", "phone"]}
    assert [action for action, _ in trail()].count("people.added") == 3


def test_bad_rows_are_named_and_nothing_is_half_imported(app: Flask) -> None:
    with pytest.raises(Refused) as no:
        imported(ADA, ("", "李强", "x", "营销部", "", "bo@hechuan", ""), ("hc01", *CHEN[1:]))

    assert no.value.code == "people.bad_rows"
    assert no.value.facts["problems"] == (
        CellProblem(3, "staff_no", "people.staff_no_missing", ""),
        CellProblem(3, "gender", "people.gender_form", "x"),
        CellProblem(3, "email", "people.email_form", "bo@hechuan"),
        CellProblem(4, "staff_no", "people.staff_no_twice", "hc01", 2),
    )
    assert (roster(), trail(), db.session.scalar(select(func.count(Unit.id)))) == ({}, [], 0)


def test_an_address_of_somebody_else_is_a_problem_and_no_crash(app: Flask) -> None:
    imported(*CAST)

    with pytest.raises(Refused) as no:
        imported(("HC04", "新人", "女", "营销部", "", "ADA@hechuan.example", ""))

    assert no.value.facts["problems"] == (
        CellProblem(2, "email", "people.email_taken", "ada@hechuan.example"),
    )


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
    full = imported(ADA, leavers=True, leaving=2, now=LATER)
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
    assert len(about_persons) <= 12
    assert len(statements) - first <= 12


# Reading back


def test_facts_of_a_person_come_in_one_statement(app: Flask) -> None:
    imported(*CAST)
    ada = people.find_person_by_staff_no("hc01")
    assert ada is not None
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))

    facts = people.person_facts(ada.id)

    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1
    assert facts.staff_no == "HC01"
    assert facts.gender == Gender.FEMALE
    assert facts.unit == "营销部 客户服务班"
    assert facts.path == "营销部/客户服务班"
    assert facts.active is True


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
        import_roster(read_roster(COMPANY_CSV).rows, actor=acting("demo", NOW), company="禾川农电")

    everybody = people.list_employed()
    teams = {p.units for p in everybody if len(p.units) == 2}
    women = [p for p in everybody if p.gender == Gender.FEMALE]
    in_team = {team: len([p for p in women if p.units == team]) for team in teams}
    assert (len(everybody), len(women), len(teams), min(in_team.values())) == (320, 144, 24, 4)
    assert len({p.units[0] for p in everybody}) == 8
    assert len([p for p in everybody if p.email is None]) == 12
