"""The switch of the letters from the console."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from eventreg.commands.saying import console
from eventreg.core.db.session import unit_of_work
from eventreg.outbox import pausing
from eventreg.outbox.rules import PauseReason

from .saying import refusals_said

mail_group = AppGroup("mail", help="Letters: stop them, let them go on.")


@mail_group.command("pause")
@click.argument("why", type=click.Choice([str(why) for why in PauseReason]))
def pause(why: str) -> None:
    """Stop all letters but sign-in codes; WHY goes into the audit trail."""
    with refusals_said(), unit_of_work():
        done = pausing.pause(PauseReason(why), actor=console())
    click.echo("已暂停 / paused" if done else "早已暂停 / paused before")


@mail_group.command("resume")
def resume() -> None:
    """Let letters go on."""
    with refusals_said(), unit_of_work():
        done = pausing.resume(actor=console())
    click.echo("已恢复 / resumed" if done else "没有暂停 / not paused")


@mail_group.command("status")
def status() -> None:
    """Say whether letters go, or since when they wait, by whom and why."""
    found = pausing.find_pause()
    click.echo("going" if found is None else f"paused {found.since.isoformat()} {found.by} {found.why}")


COMMANDS = (mail_group,)
