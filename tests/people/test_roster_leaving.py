"""Many leavers and open quotation marks: a file that is cut or swallowed by a mark takes nobody away unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.people.reading import read_roster
from eventreg.people.rules import CellProblem
from eventreg.people.service import plan_import

from .people_files import ADA, BO, CAST, ENGLISH, LATER, csv_file, imported, refusal, roster, rows, tally

MANY = [(f"E{n:03}", f"职工{n}", "女", "营销部", "", f"e{n}@hechuan.example", "") for n in range(40)]


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The shared app, with its context open: these tests ask services directly."""
    with app.app_context():
        yield app


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["people", *words])


@pytest.mark.parametrize("line", [0, 1, 39])
def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path: Path, line: int) -> None:
    lines: list[tuple[str, ...]] = [*MANY]
    lines[line] = (lines[line][0], f'"{lines[line][1]}', *lines[line][2:])

    no = refusal(csv_file(tmp_path, ENGLISH, *lines))

    assert (no.code, no.facts) == ("people.quotes_open", {"line": line + 2})


@pytest.mark.parametrize("closing", ['李"四', '李四"', '"李四"'])
def test_a_quotation_mark_that_a_later_one_closes_is_named(tmp_path: Path, closing: str) -> None:
    lines: list[tuple[str, ...]] = [*MANY]
    lines[2] = (lines[2][0], f'"{lines[2][1]}', *lines[2][2:])
    lines[30] = (lines[30][0], closing, *lines[30][2:])

    no = refusal(csv_file(tmp_path, ENGLISH, *lines))

    assert (no.code, no.facts) == ("people.quotes_open", {"line": 4})


@pytest.mark.parametrize("column", [1, 3, 5])
def test_a_mark_that_the_next_line_closes_in_the_same_column_is_named(tmp_path: Path, column: int) -> None:
    lines = [list(line) for line in MANY]
    lines[2][column] = f'"{lines[2][column]}'
    lines[3][column] = f'{lines[3][column]}"'

    no = refusal(csv_file(tmp_path, ENGLISH, *lines))

    assert (no.code, no.facts) == ("people.quotes_open", {"line": 4})


def test_a_mark_that_swallows_more_than_a_cell_holds_is_named(tmp_path: Path) -> None:
    lines = [(f"E{n}", "王芳", "女", "营销部", "", "", "") for n in range(9_000)]

    no = refusal(csv_file(tmp_path, ENGLISH, ("E", '"王芳', *lines[0][2:]), *lines))

    assert (no.code, no.facts) == ("people.quotes_open", {"line": 2})


@pytest.mark.parametrize("cell", ['15寸" 屏', '"15寸"" 屏"', '"说明，两行\n第二行"', '"a, b\nc, d"'])
def test_a_mark_inside_a_cell_and_a_note_of_two_lines_still_read(tmp_path: Path, cell: str) -> None:
    path = csv_file(tmp_path, (*ENGLISH, "备注"), (*ADA, cell), (*BO, ""))

    assert [row.staff_no for row in read_roster(path).rows] == ["HC01", "HC02"]


def test_a_full_roster_that_takes_more_than_a_tenth_asks_for_their_number(app: Flask) -> None:
    imported(*MANY)
    before = roster()

    for leaving in (None, 0, 4, 6):
        with pytest.raises(Refused) as no:
            imported(*MANY[5:], leavers=True, leaving=leaving, now=LATER)
        assert (no.value.code, no.value.facts, roster()) == ("people.leaving_unsaid", {"leaving": 5}, before)

    assert tally(imported(*MANY[5:], leavers=True, leaving=5, now=LATER)) == {"left": 5, "same": 35}


def test_a_tenth_may_leave_without_being_typed(app: Flask) -> None:
    imported(*MANY)

    assert tally(imported(*MANY[4:], leavers=True, now=LATER)) == {"left": 4, "same": 36}


def test_the_command_asks_for_the_number_and_takes_it(app: Flask, tmp_path: Path) -> None:
    imported(*MANY)
    path = str(csv_file(tmp_path, ENGLISH, *MANY[5:]))

    checked, no = run(app, "import", path, "--full", "--check"), run(app, "import", path, "--full")
    wrong = run(app, "import", path, "--full", "--leaving", "4")
    assert (checked.exit_code, no.exit_code, wrong.exit_code) == (0, 1, 1)
    assert "要加上 / to be added: --leaving 5" in checked.stdout
    assert no.stdout.endswith("--leaving 5\n")
    assert len(people.list_employed()) == 40

    assert run(app, "import", path, "--full", "--leaving", "5").exit_code == 0
    assert len(people.list_employed()) == 35


def test_how_many_would_be_without_a_mailbox(app: Flask, tmp_path: Path) -> None:
    imported(*CAST)
    path = csv_file(tmp_path, ENGLISH, (*ADA[:5], "", ""), ("N1", "新人", "女", "营销部", "", "", ""))

    plan = plan_import(read_roster(path).rows, now=LATER)

    assert plan.without_mail == 3
    assert "without a mail address after it: 3" in run(app, "import", str(path), "--check").stdout


def test_a_staff_number_without_its_zeros_is_named(app: Flask) -> None:
    imported(("00123", *ADA[1:]), ("456", *BO[1:]))

    plan = plan_import(rows(("123", *ADA[1:5], "x@hechuan.example", ""), ("456", *BO[1:])), now=LATER)

    assert plan.problems == (CellProblem(2, "staff_no", "people.staff_no_zeros", "123", other="00123"),)
