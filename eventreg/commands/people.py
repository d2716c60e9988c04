"""`flask people import FILE` and `flask people list`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import roster
from eventreg.people import service as people
from eventreg.people.reading import Table, read_roster
from eventreg.people.roster import ImportPlan
from eventreg.people.rules import Change, Problem

from .saying import both, refusals_said

group = AppGroup("people", help="The roster.")

CHANGES = {
    Change.ADDED: "新增 / added",
    Change.CHANGED: "更改 / changed",
    Change.MOVED: "调动 / moved",
    Change.LEFT: "离职 / left",
    Change.RETURNED: "返岗 / returned",
    Change.SAME: "不变 / same",
}
COLUMNS = {
    "staff_no": "工号",
    "name": "姓名",
    "gender": "性别",
    "unit": "单位",
    "unit_kind": "单位类别",
    "email": "邮箱",
    "phone": "手机",
    "state": "状态",
}


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="print what would change, write nothing")
@click.option("--full", is_flag=True, help="the file is the whole roster: who is not in it has left")
@click.option("--company", default="公司", help="name of the company, when there is none yet")
def import_(file: Path, *, check: bool, full: bool, company: str) -> None:
    """Import FILE (.xlsx or .csv): all of it, or nothing when any line is bad."""
    with refusals_said():
        table = read_roster(file)
        plan = roster.plan_import(table.rows, full=full)
        _say_unknown(table)
        if plan.problems:
            _say_problems(plan.problems)
            raise Refused("people.bad_rows", n=len(plan.problems))
        if not check:
            with unit_of_work():
                plan = roster.import_roster(
                    table.rows, company=company, by="console", now=utc_now(), full=full
                )
    _say_plan(plan, check=check)


@group.command("list")
def list_() -> None:
    """Everybody who is employed, as CSV by staff number."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["staff_no", "name", "gender", "unit", "email"])
    for person in people.list_employed():
        out.writerow([person.staff_no, person.name, person.gender, person.path, person.email or ""])


def _say_unknown(table: Table) -> None:
    for title in table.unknown:
        click.echo(f"忽略的列 / column ignored: {title}", err=True)


def _say_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        facts = {"value": problem.value, "other_line": problem.other_line}
        where = f"第 {problem.line} 行 / line {problem.line}, {COLUMNS[problem.column]} {problem.column}"
        click.echo(f"{where}: {both(problem.code, facts)} [{problem.value}]", err=True)


def _say_plan(plan: ImportPlan, *, check: bool) -> None:
    if check:
        for one in plan.planned:
            if one.change is not Change.SAME:
                click.echo(f"{CHANGES[one.change]}: {one.staff_no}")
    counts = ", ".join(f"{CHANGES[change]} {plan.counts[change]}" for change in Change if plan.counts[change])
    done = "没有写入 / nothing written" if check else "已导入 / imported"
    click.echo(f"{done}: {counts or '0'}")


COMMANDS = (group,)
