"""`flask people import` and `flask people list`, as an operator sees them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope
from eventreg.commands.saying import both
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.registrations.capacity import change_places
from tests.rig import cast, sight
from tests.rig.actors import acting

HEADER = "工号,姓名,性别,单位,邮箱"
ADA = "HC02,王芳,女,营销部/客户服务班,ada@hechuan.example"
BO = 'HC01,"=1+1, 李强",男,营销部,'


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["people", *words])


def tally(*, added: int) -> str:
    rest = (
        "返岗 / returned 0, 离职 / left 0, 清空 / cleared 0, 调动 / moved 0, 更改 / changed 0, 不变 / same 0"
    )
    return f"新增 / added {added}, {rest}"


def roster_file(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "roster.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_import_says_what_it_did(app: Flask, tmp_path: Path) -> None:
    done = run(app, "import", roster_file(tmp_path, HEADER, ADA, BO), "--company", "禾川农电")

    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        ["导入以后没有邮箱 / without a mail address after it: 1", f"已导入 / imported: {tally(added=2)}"],
    )


def test_import_seats_whom_it_moves_to_a_unit_with_room(app: Flask, tmp_path: Path) -> None:
    stage = cast.set_stage(app, capacity=None)
    with unit_of_work():
        bounds = [NewPool(PoolScope.UNIT, 0, unit_id=people.find_unit("营销部"))]
        change_places(stage.campaign_id, bounds, seen=1, actor=acting("test", cast.NOW, stage.keys))
    cast.sign_up(app, stage, "B2")

    with time_machine.travel(cast.NOW, tick=False):
        done = run(app, "import", roster_file(tmp_path, HEADER, "B2,薄言,男,城关供电所,b2@example.cn"))

    assert done.exit_code == 0
    assert "候补转为报上 / seated from waiting lists: 1" in done.stdout
    assert sight.places(app) == {"B2": "seated"}


def test_check_says_what_would_change_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    done = run(app, "import", roster_file(tmp_path, HEADER + ",籍贯", ADA + ",四川"), "--check")

    assert (done.exit_code, people.list_people()) == (0, [])
    assert done.stdout.splitlines() == [
        "忽略的列 / ignored columns: 籍贯",
        "新单位 / new unit: 营销部",
        "新单位 / new unit: 营销部/客户服务班",
        "HC02 新增 / added",
        f"只检查，没有写入 / checked, nothing written: {tally(added=1)}",
    ]


def test_check_names_changes_moves_and_leavers(app: Flask, tmp_path: Path) -> None:
    run(app, "import", roster_file(tmp_path, HEADER, ADA, BO))

    moved = ADA.replace("营销部/客户服务班", "财务部").replace("ada@", "wang@")
    done = run(app, "import", roster_file(tmp_path, HEADER, moved), "--check", "--full")

    assert done.stdout.splitlines()[:3] == [
        "新单位 / new unit: 财务部",
        "HC02 调动 / moved, 更改 / changed (email)",
        "HC01 离职 / left",
    ]


def test_bad_rows_are_named_by_line_in_both_languages(app: Flask, tmp_path: Path) -> None:
    bad = roster_file(tmp_path, HEADER, ADA, "HC02,\x07李强,,营销部,bo")

    checked, done = run(app, "import", bad, "--check"), run(app, "import", bad)

    assert (checked.exit_code, done.exit_code, checked.stdout) == (1, 1, done.stdout)
    assert done.stdout.splitlines() == [
        "第 3 行 工号 staff_no “HC02”: " + both("people.staff_no_twice", {"other_line": 2}),
        "第 3 行 姓名 name “\\x07李强”: " + both("people.name_form", {}),
        "第 3 行 性别 gender: " + both("people.gender_missing", {}),
        "第 3 行 邮箱 email “bo”: " + both("people.email_form", {}),
        both("people.bad_rows", {"problems": (1, 2, 3, 4)}),
    ]
    assert people.list_people() == []


def test_a_file_that_is_no_roster_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    done = run(app, "import", roster_file(tmp_path, "姓名,性别,单位", "王芳,女,营销部"))

    assert (done.exit_code, done.stdout) == (
        1,
        both("people.columns_missing", {"columns": "工号 staff_no"}) + "\n",
    )


def test_full_makes_leavers_of_the_missing(app: Flask, tmp_path: Path) -> None:
    run(app, "import", roster_file(tmp_path, HEADER, ADA, BO))

    run(app, "import", roster_file(tmp_path, HEADER, ADA), "--full", "--leaving", "1")

    assert [person.staff_no for person in people.list_employed()] == ["HC02"]


def test_list_is_csv_by_staff_number(app: Flask, tmp_path: Path) -> None:
    run(app, "import", roster_file(tmp_path, HEADER, ADA, BO))

    listed = run(app, "list")

    assert listed.exit_code == 0
    assert listed.stdout_bytes.decode().splitlines(keepends=True) == [
        "staff_no,name,gender,unit,email\n",
        'HC01,"\'=1+1, 李强",male,营销部,\n',
        "HC02,王芳,female,营销部/客户服务班,ada@hechuan.example\n",
    ]


def test_list_for_excel_has_a_mark_and_quotes_and_can_be_imported(app: Flask, tmp_path: Path) -> None:
    run(app, "import", roster_file(tmp_path, HEADER, ADA, BO))

    listed = run(app, "list", "--excel").stdout_bytes
    (file := tmp_path / "listed.csv").write_bytes(listed)
    done = run(app, "import", str(file))

    assert listed.decode().splitlines(keepends=True) == [
        '\ufeff"staff_no","name","gender","unit","email"\r\n',
        '"HC01","\'=1+1, 李强","male","营销部",""\r\n',
        '"HC02","王芳","female","营销部/客户服务班","ada@hechuan.example"\r\n',
    ]
    assert done.stdout.endswith("不变 / same 2\n")


def test_what_list_prints_can_be_imported(app: Flask, tmp_path: Path) -> None:
    run(app, "import", roster_file(tmp_path, HEADER, ADA, BO))
    listed = tmp_path / "listed.csv"
    listed.write_bytes(run(app, "list").stdout_bytes)

    done = run(app, "import", str(listed))

    assert done.stdout.endswith("不变 / same 2\n")
    assert [person.name for person in people.list_employed()] == ["=1+1, 李强", "王芳"]


def test_no_cell_of_what_list_prints_is_a_formula(app: Flask, tmp_path: Path) -> None:
    lines = [
        f'-{n},"{sign}1+1",女,"{sign}营销部",' for n, sign in enumerate(("=", "+", "-", "@", "'=", "＝"))
    ]
    run(app, "import", roster_file(tmp_path, HEADER, *lines))
    cells = [cell for row in csv.reader(run(app, "list").stdout.splitlines()) for cell in row]
    (tmp_path / "listed.csv").write_text(run(app, "list").stdout, "utf-8")

    assert (len(cells), [cell for cell in cells if cell[:1] in set("=+-@＝")]) == (35, [])
    assert run(app, "import", str(tmp_path / "listed.csv")).stdout.endswith("不变 / same 6\n")


def test_a_check_names_private_use_characters(app: Flask, tmp_path: Path) -> None:
    checked = run(app, "import", roster_file(tmp_path, HEADER, "HC02,张\ue000,女,营销部,"), "--check")

    said = "第 2 行 姓名 name “张\\ue000 (U+E000)”: " + both("people.private_use", {})
    assert checked.exit_code == 0
    assert said in checked.stdout.splitlines()
