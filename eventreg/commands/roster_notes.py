"""What `flask people import` says of a file and of its changes, with --check and without it, in Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Iterable

import click

from eventreg.people.comparison import unusual_names
from eventreg.people.import_plan import ImportPlan
from eventreg.people.reading import RosterFile
from eventreg.people.rules import CellProblem

from .roster_words import COLUMNS, shown
from .saying import both

NAMED_MOST = 20  # people and units that are named in one line


def say_file(roster: RosterFile) -> None:
    """What stands in the file beside its rows: columns that are not read, what is hidden, merged cells."""
    if roster.ignored:
        click.echo(f"忽略的列 / ignored columns: {shown(', '.join(roster.ignored))}")
    if roster.skipped:
        lines = _list(f"{line} {text}" for line, text in roster.skipped)
        click.echo(f"已忽略这些行 / lines that were ignored: {lines}")
    if roster.other_sheets:
        click.echo(f"已忽略这些工作表 / sheets that were ignored: {_list(roster.other_sheets)}")
    if roster.hidden:
        click.echo(f"隐藏的行也读了 / hidden rows were read too: {roster.hidden}")
    if roster.hidden_columns:
        named = ", ".join(f"{COLUMNS[column]} {column}" for column in roster.hidden_columns)
        click.echo(f"隐藏的列也读了 / hidden columns were read too: {len(roster.hidden_columns)} ({named})")
    if roster.filled:
        click.echo(f"合并单元格补全 / cells filled from merged ones: {roster.filled}")


def say_plan(plan: ImportPlan) -> None:
    """What an import keeps, and what to look at."""
    for unit, now in plan.emptied_units:
        click.echo(f"单位没有人了 / nobody stays in: {_path(unit)} -> {_path(now)}")
    if plan.left_out_units:
        click.echo(f"部门的上级，已忽略 / above departments, ignored: {_list(plan.left_out_units)}")
    say_kept(plan)
    for warning in unusual_names(plan.differences):
        click.echo(said(warning))
    if plan.losing_mail:
        click.echo(f"失去邮箱 / losing their mail address: {plan.losing_mail}")
    if plan.without_mail:
        click.echo(f"导入以后没有邮箱 / without a mail address after it: {plan.without_mail}")


def say_kept(plan: ImportPlan) -> None:
    """Columns and leavers that the file says nothing of."""
    if plan.absent:
        columns = ", ".join(f"{COLUMNS[column]} {column}" for column in plan.absent)
        click.echo(f"没有这些列，保留原来的内容 / no such columns, kept as stored: {columns}")
    if kept := plan.kept_as_left:
        people = _list(difference.staff_no for difference in kept)
        click.echo(f"仍是离职 / kept as left: {len(kept)} ({people})")
        click.echo("  已经返岗的，加上 / if they are back, add: --returned")


def say_units(plan: ImportPlan) -> None:
    """The units that an import makes or changes."""
    for path in plan.new_units:
        click.echo(f"新单位 / new unit: {_path(path)}")
    for path, kind in plan.changed_units.items():
        click.echo(f"单位类别 / unit kind: {_path(path)} {kind}")


def said(problem: CellProblem) -> str:
    """One bad cell."""
    column = f"{COLUMNS[problem.column]} {problem.column}"
    reason = both(problem.code, {"other_line": problem.other_line, "other": problem.other})
    value = f" “{shown(problem.value)}”" if problem.value.strip() else ""
    return f"第 {problem.line} 行 {column}{value}: {reason}"


def _path(path: Iterable[str]) -> str:
    return shown("/".join(path))


def _list(names: Iterable[str]) -> str:
    found = list(names)
    more = f" … +{len(found) - NAMED_MOST}" if len(found) > NAMED_MOST else ""
    return ", ".join(map(shown, found[:NAMED_MOST])) + more
