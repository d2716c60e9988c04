"""`flask people import FILE` and `flask people list`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click
from flask.cli import AppGroup

from eventreg.commands.saying import console
from eventreg.core.actor import actor_of
from eventreg.core.cells import csv_text
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Busy, Refused
from eventreg.people import service as people
from eventreg.people.comparison import PersonDifference, RosterChange
from eventreg.people.reading import RosterFile, read_roster
from eventreg.season import after_roster

from . import roster_notes
from .roster_words import CHANGES
from .saying import both

HEADER = ("staff_no", "name", "gender", "unit", "email")

group = AppGroup("people", help="The roster.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Print what would change, write nothing.")
@click.option("--full", is_flag=True, help="FILE is the full roster: whoever is not in it has left.")
@click.option("--leaving", type=int, help="How many leave, where FILE would mark more than a tenth as left.")
@click.option(
    "--returned", is_flag=True, help="Leavers whom FILE has, without a column of states, are employed again."
)
@click.option("--company", help="The company's name, where there is none yet.")
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    *,
    check: bool,
    full: bool,
    leaving: int | None,
    returned: bool,
    company: str | None,
) -> None:
    """Import FILE (.xlsx or .csv): all of it, or nothing when any line is bad."""
    try:
        roster = read_roster(file)
        roster_notes.say_file(roster)
        if check:
            _check(roster, full=full, returned=returned, company=company)
        else:
            _import(roster, full=full, leaving=leaving, returned=returned, company=company)
    except Refused as refused:
        _say_refusal(refused)
        context.exit(1)
    except Busy:
        click.echo(
            "数据库忙，什么也没有写入，请再试一次 / the database is busy, nothing was written: try again"
        )
        context.exit(1)


@group.command("list")
@click.option("--excel", is_flag=True, help="For Excel: with a byte order mark, every cell in quotes.")
def list_(*, excel: bool) -> None:
    """Print everybody who is employed as CSV (UTF-8), by staff number; no cell is a formula."""
    people_rows = [
        (person.staff_no, person.name, str(person.gender), person.path, person.email or "")
        for person in people.list_employed()
    ]
    click.echo(csv_text([HEADER, *people_rows], excel=excel), nl=False)


def _check(roster: RosterFile, *, full: bool, returned: bool, company: str | None) -> None:
    plan = people.plan_import(roster.rows, now=utc_now(), leavers=full, returned=returned, company=company)
    if plan.problems:
        raise Refused("people.bad_rows", problems=plan.problems)
    roster_notes.say_units(plan)
    for difference in plan.differences:
        _say_difference(difference)
    roster_notes.say_plan(plan)
    if plan.leaving_to_type is not None:
        click.echo(f"要加上 / to be added: --leaving {plan.leaving_to_type}")
    _say_counts("只检查，没有写入 / checked, nothing written", plan.counts)


def _import(
    roster: RosterFile, *, full: bool, leaving: int | None, returned: bool, company: str | None
) -> None:
    with unit_of_work():
        report = people.import_roster(
            roster.rows, actor=console(), leavers=full, leaving=leaving, returned=returned, company=company
        )
    roster_notes.say_plan(report.plan)
    with contextlib.suppress(Busy):  # the roster is in; the jobs let the campaigns follow
        changed, seated = after_roster.settle(actor_of("system", now=utc_now()))
        if changed:
            click.echo(
                f"离职让出或返岗恢复的报名 / registrations that leavers gave up or that were restored: {changed}"
            )
        if seated:
            click.echo(f"候补转为报上 / seated from waiting lists: {seated}")
    _say_counts("已导入 / imported", report.counts)


def _say_difference(difference: PersonDifference) -> None:
    if difference.changes == (RosterChange.SAME,):
        return
    said = ", ".join(CHANGES[change] for change in difference.changes)
    fields = f" ({', '.join(difference.fields)})" if difference.fields else ""
    click.echo(f"{difference.staff_no} {said}{fields}")


def _say_counts(heading: str, counts: dict[RosterChange, int]) -> None:
    click.echo(f"{heading}: " + ", ".join(f"{CHANGES[change]} {n}" for change, n in counts.items()))


def _say_refusal(refused: Refused) -> None:
    problems = refused.facts.get("problems", ())
    for problem in problems if isinstance(problems, tuple) else ():
        click.echo(roster_notes.said(problem))
    click.echo(both(refused.code, refused.facts))
    if refused.code == "people.leaving_unsaid":
        click.echo(f"--leaving {refused.facts['leaving']}")


COMMANDS = (group,)
