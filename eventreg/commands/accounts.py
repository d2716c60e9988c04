"""Sign-in links and role grants from the console."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext

from eventreg.accounts import links
from eventreg.accounts.rules import Role
from eventreg.commands.saying import console
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.season import granting

from .saying import refusals_said


def link_address(token: str) -> str:
    """The address of a sign-in link."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    return f"{settings.base_url}/sign-in/link/{token}"


@click.command("sign-in-link")
@click.argument("staff_no")
@with_appcontext
def sign_in_link(staff_no: str) -> None:
    """Print a single-use sign-in link for STAFF_NO, good for 30 minutes."""
    with refusals_said():
        person_id = people.get_person_by_staff_no(staff_no).id
        with unit_of_work():
            token = links.make(person_id, now=utc_now())
    click.echo(link_address(token))


@click.command("grant")
@click.argument("staff_no")
@click.argument("role", type=click.Choice([str(role) for role in Role]))
@click.option("--unit", help="for unit_contact and department_head: 部门 or 部门/班组")
@click.option("--campaign", help="for judge, and for an organiser of one campaign: its slug")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="first day, default today")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="first day on which it no longer holds")
@with_appcontext
def grant(
    staff_no: str,
    role: str,
    unit: str | None,
    campaign: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Grant ROLE to STAFF_NO, for a unit or a campaign, for a period."""
    with refusals_said():
        person_id = people.get_person_by_staff_no(staff_no).id
        unit_id = _unit(unit)
        with unit_of_work():
            new = granting.give(
                person_id,
                Role(role),
                unit_id=unit_id,
                slug=campaign,
                actor=console(),
                since=_local(since),
                until=_local(until),
            )
    click.echo("已授予 / granted" if new else "已经有了 / already held")


def _unit(path: str | None) -> int | None:
    if path is None:
        return None
    unit_id = people.find_unit(path)
    if unit_id is None:
        raise Refused("people.unknown_unit", unit=path)
    return unit_id


def _local(day: datetime | None) -> datetime | None:
    settings: Settings = current_app.extensions["eventreg.settings"]
    return None if day is None else day.replace(tzinfo=ZoneInfo(settings.timezone))


COMMANDS = (sign_in_link, grant)
