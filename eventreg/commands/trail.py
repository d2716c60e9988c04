"""The audit trail from the console: check it, and record a restore that was made by other means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from eventreg.config import Settings
from eventreg.core.actor import actor_of
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.trail import audit, heads, trail_check
from eventreg.core.trail.seals import ChainHead
from eventreg.core.trail.trail_check import TrailReport
from eventreg.words.locale import LANGUAGES, speaking
from eventreg.words.operations import trail_words

from .saying import refusals_said

HEAD = re.compile(r"(\d{1,12}):((?:[0-9a-f]{2}){8,32})")
NAMED = 20  # findings; the rest are counted

audit_group = AppGroup("audit", help="The audit trail.")


class ChainHeadParam(click.ParamType[ChainHead]):
    """COUNT:HASH, as the daily letter and the log print it."""

    name = "COUNT:HASH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ChainHead:
        """The hash may be its first half."""
        found = HEAD.fullmatch(str(value).strip().lower())
        if found is None:
            self.fail("COUNT:HASH, such as 1024:9f86d081884c7d659a2feaa0c55ad015", param, ctx)
        return ChainHead(int(found[1]), bytes.fromhex(found[2]))


@audit_group.command("verify")
@click.option(
    "--head", "told", type=ChainHeadParam(), help="a head from a letter or the log, to compare with"
)
def verify(told: ChainHead | None) -> None:
    """Check every row and seal of the audit trail, and where it ends; exit status 1 when anything is wrong."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    try:
        noted, unreadable = heads.read_all(settings.instance)
    except OSError as error:
        raise click.ClickException(f"{settings.instance / heads.NAME}: {error}") from error
    checked = trail_check.verify(noted, told, unreadable=unreadable)
    click.echo(f"sealed: {checked.sealed}, not sealed yet: {checked.unsealed}")
    if checked.old:
        click.echo(f"{checked.old} rows are from before rows had MACs; they are sealed as they were")
    _echo_ends(checked, bool(noted))
    for finding in checked.findings[:NAMED]:
        click.echo(_both(finding.code, trail_check.facts_of(finding)), err=True)
    if checked.findings:
        raise click.ClickException(f"{len(checked.findings)} findings")


@audit_group.command("restored")
def restored() -> None:
    """Record that the database was put back from a copy by other means than `flask restore`.

    What was sealed after the copy was made is then missed no more; the record itself stays.
    """
    with refusals_said(), unit_of_work():
        audit.record(
            "installation.restored", "installation:1", actor=actor_of("console", now=utc_now()), how="by hand"
        )
    click.echo("recorded")


def _echo_ends(checked: TrailReport, is_noted: bool) -> None:
    click.echo(f"head: {checked.head.text}")
    if not is_noted:
        click.echo("no head was noted outside this database yet: nothing to compare its end with")
    for at in checked.restores:
        click.echo(f"the database was put back from a backup on {at.isoformat()}")
    if checked.told_before is not None:
        click.echo(
            f"the head asked for is from before the restore of {checked.told_before.isoformat()}, which explains it"
        )
    if checked.restored_at is not None:
        click.echo("what was sealed between that backup and the restore is not here: the restore explains it")


def _both(code: str, facts: Mapping[str, int]) -> str:
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(trail_words.say(code, facts))
    return " / ".join(said)


COMMANDS: tuple[click.Command, ...] = (audit_group,)
