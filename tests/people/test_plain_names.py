"""Names as files pad and spell them: stored, found and masked like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from eventreg.commands.backups import MIGRATIONS
from eventreg.core.db.migrate import upgrade
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.people.comparison import unusual_names
from eventreg.people.directory import PeopleFilter, search
from eventreg.people.models import Person, Unit
from eventreg.people.service import plan_import
from eventreg.registrations.rules import masked_name
from tests.conftest import close
from tests.rig.old_names import old_names

from .people_files import ADA, NOW, imported, rows, tally

SINHALA, PERSIAN = "ශ\u0dca\u200dරී", "علی\u200cرضا"


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


def _person(name: str, unit: str = "营销部", number: str = "HC09") -> tuple[str, ...]:
    return (number, name, "女", unit, "", "", "")


def _found(text: str) -> list[str]:
    return [one.name for one in search(PeopleFilter(text), number=1).people]


@pytest.mark.parametrize(
    ("written", "stored", "typed"),
    [
        ("张　三", "张三", "张三"),
        ("张三", "张三", "张　三"),
        ("张\u200b三", "张三", "\u202d张三"),
        ("⾼⻘", "高青", "高青"),
        ("高青", "高青", "⾼⻘"),
        ("\uf9e1四", "李四", "李四"),
        ("龚\ue863", "龚䶮", "龚䶮"),
        ("龚䶮", "龚䶮", "龚\ue863"),
        ("阿依古丽・买买提", "阿依古丽·买买提", "阿依古丽•买买提"),
        ("Ａｎｎａ Lee", "Anna Lee", "anna lee"),
        (SINHALA, SINHALA, SINHALA),
        (PERSIAN, PERSIAN, PERSIAN),
        ("张三（小）", "张三（小）", "三(小)"),
    ],
)
def test_a_name_is_stored_and_found_in_one_form(app: Flask, written: str, stored: str, typed: str) -> None:
    imported(_person(written))

    assert [one.name for one in people.list_people()] == [stored]
    assert _found(typed) == [stored]
    assert tally(imported(_person(stored))) == {"same": 1}


def test_invisible_marks_are_no_search(app: Flask) -> None:
    imported(ADA)

    with pytest.raises(Refused, match=r"people\.search_short"):
        _found("\u200b\u200b")


@pytest.mark.parametrize(
    "again", ["办公室(党委)/ｉｔ班", "办公室（党 委）/IT班", "办公室\u200b（党委）/it班"]
)
def test_a_unit_that_is_spelled_otherwise_is_the_same_unit(app: Flask, again: str) -> None:
    imported(_person("张三", "办公室（党委）/IT班"))

    assert tally(imported(_person("张三", again))) == {"same": 1}
    assert plan_import(rows(_person("张三", again)), now=NOW).new_units == {}


def test_two_spellings_in_one_file_are_one_unit(app: Flask) -> None:
    report = imported(
        _person("张三", "办公室（党委）"),
        _person("李四", "办公室(党委)", "HC10"),
        _person("王五", "办 公 室（党委）", "HC11"),
    )

    assert (report.new_units, {one.path for one in people.list_people()}) == (1, {"办公室（党委）"})


@pytest.mark.parametrize(
    "typed", ["ｈｃ０１", "HC01\u200b", " hc01\u202c", "ADA＠hechuan.example", "\ufeffada@hechuan.example"]
)
def test_a_pasted_identifier_names_the_person(app: Flask, typed: str) -> None:
    imported(ADA)

    found = people.find_person_by_identifier(typed)

    assert found is not None
    assert found.staff_no == "HC01"


@pytest.mark.parametrize(
    "name",
    [
        "张　三",
        "张 三",
        "张\u200b三",
        "张三",
        "张\u3164三",
        "张\uffa0三",
        "张\u2800三",
        "张\u034f三",
        "张\ufe00三",
        "张\U000e0100三",
    ],
)
def test_a_padded_name_is_masked_as_the_name(name: str) -> None:
    assert masked_name(name) == "张*"


def test_a_private_use_character_is_kept_and_named_with_its_line(app: Flask) -> None:
    plan = plan_import(rows(ADA, _person("张\ue000")), now=NOW)

    (warning,) = unusual_names(plan.differences)
    assert (plan.problems, warning.line, warning.column, warning.value) == (
        (),
        3,
        "name",
        "张\ue000 (U+E000)",
    )


def test_stored_names_are_rewritten_once(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    app, drop = old_names(
        tmp_path,
        database,
        request,
        people=["张　三", "龚\ue863", "王芳", SINHALA],
        units=["⾼新区", "办公室（党委）", "客户 服务部", "客户服务部"],
    )
    with app.app_context():
        with unit_of_work():
            upgrade(db.session.connection(), MIGRATIONS, to="head")
        names = list(db.session.scalars(db.select(Person.name).order_by(Person.id)))
        units = list(
            db.session.scalars(db.select(Unit.name).where(Unit.parent_id.is_not(None)).order_by(Unit.id))
        )
        db.session.remove()
    close(app)
    drop()

    assert names == ["张三", "龚䶮", "王芳", SINHALA]
    assert units == ["高新区", "办公室（党委）", "客户 服务部", "客户服务部"]


@pytest.mark.parametrize("path", ["办公室(党委)/ｉｔ班", "办公室（党委）/IT 班", " 办公室（党委）/IT班"])
def test_a_unit_is_found_by_its_path_in_any_spelling(app: Flask, path: str) -> None:
    imported(_person("张三", "办公室（党委）/IT班"))

    assert people.find_unit(path) == people.find_unit("办公室（党委）/IT班") is not None


@pytest.mark.parametrize("name", ["\u3164", "\u2800\u2800", "\u115f", "\ufe0f", "\U000e0100"])
def test_a_name_of_letters_that_nobody_sees_is_refused_by_line(app: Flask, name: str) -> None:
    problems = plan_import(rows(_person(name)), now=NOW).problems

    assert [(problem.line, problem.column, problem.code) for problem in problems] == [
        (2, "name", "people.name_form")
    ]
