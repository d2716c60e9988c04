"""Checks and jobs an operator can run by hand."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from eventreg import jobs
from eventreg.core.clock import utc_now
from eventreg.registrations.recount import recount

from .saying import refusals_said


@click.command("job")
@click.argument("name", type=click.Choice(sorted(jobs.JOBS)))
@with_appcontext
def job(name: str) -> None:
    """Run the job NAME now, once."""
    with refusals_said():
        click.echo(f"{name}: {jobs.JOBS[name](utc_now())}")


@click.command("recount")
@with_appcontext
def recount_command() -> None:
    """Compare every counter with a count of what it counts; exit status 1 on drift."""
    drifts = recount()
    for drift in drifts:
        click.echo(f"{drift.campaign} {drift.counter}: stored {drift.stored}, counted {drift.counted}")
    click.echo(f"drift: {len(drifts)}")
    if drifts:
        raise SystemExit(1)


COMMANDS: tuple[click.Command, ...] = (job, recount_command)
