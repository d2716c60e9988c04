"""Keys from the console: what there is, and how one is added, made current, retired (ADR 34)."""

from __future__ import annotations

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from eventreg.campaigns import service as campaigns
from eventreg.commands.saying import console
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.keyring import key_watch, rotation
from eventreg.core.keyring.installation import list_known
from eventreg.core.keyring.keys import PURPOSES, Key, KeyState, key_file, keys_in_use, read_keys
from eventreg.core.keyring.retired import states_on_record
from eventreg.registrations import reissuing
from eventreg.season import key_changes, key_needs

from .saying import refusals_said

PURPOSE = click.Choice(PURPOSES)

keys_group = AppGroup("keys", help="The installation's keys.")
ticket_group = AppGroup("ticket", help="Tickets.")


@keys_group.command("list")
def list_keys() -> None:
    """Print every key: purpose, id, state, dates, and what still depends on it; also keys that only the file knows."""
    keys, now, known = keys_in_use(), utc_now(), list_known()
    for key in known:
        dates = (("made", key.made_at), ("current", key.current_at), ("replaced", key.replaced_at))
        told = [f"{what} {_day(at)}" for what, at in (*dates, ("retired", key.retired_at)) if at]
        needs = [f"{n.count} {n.kind}" for n in key_needs.list_needs(key, keys, now=now)]
        kept = key.state is KeyState.RETIRED and key.fingerprint in {one.fingerprint for one in keys.ring}
        doubt = "  still here: its retirement is not on record" if kept else ""
        needed = f"  needed by {', '.join(needs)}" if needs else ""
        click.echo(f"{key.purpose:8} {key.id} {key.state:8} {', '.join(told)}{needed}{doubt}")

    for left in rotation.list_file_only(read_keys(key_file(_settings().instance)), known):
        click.echo(
            f"{left.purpose:8} {left.id} in the file only: retire it, unless it is being added just now"
        )


@keys_group.command("add")
@click.argument("purpose", type=PURPOSE)
def add(purpose: str) -> None:
    """Make a new key of PURPOSE that only verifies for now.

    With several hosts, copy keys/keys.json to all of them next, and then run `flask keys rotate PURPOSE`.
    """
    made = _add(purpose)
    click.echo(f"added: {purpose} {made.id}")
    click.echo(
        f"next: copy {key_file(_settings().instance)} to every host, then: flask keys rotate {purpose}"
    )


@keys_group.command("rotate")
@click.argument("purpose", type=PURPOSE)
@click.option("--single-host", is_flag=True, help="make the key too: no other host needs a copy of it first")
def rotate(purpose: str, single_host: bool) -> None:
    """Let the key of PURPOSE that was added last sign from now on; the one before it still verifies.

    On SQLite, where there is one host, the key is made too when none was added. Running servers go on by
    themselves: on this host at their next request, on others within 15 seconds.
    """
    waiting = rotation.find_next(purpose)
    db.session.rollback()
    if waiting is None:
        if not single_host and db.engine.dialect.name != "sqlite":
            raise click.ClickException(
                f"No key was added. Run: flask keys add {purpose}; copy keys/keys.json to every host; rotate then. "
                "With a single host: --single-host."
            )
        fingerprint = _add(purpose).fingerprint
    else:
        fingerprint = waiting.fingerprint
    with refusals_said(), unit_of_work():
        rotation.make_current(fingerprint, actor=console())
    _spread()
    click.echo(f"current: {purpose} {fingerprint[:8]}")


@keys_group.command("retire")
@click.argument("key_id")
@click.option("--anyway", is_flag=True, help="though tickets, papers, sessions or codes still depend on it")
def retire(key_id: str, anyway: bool) -> None:
    """Delete the old key KEY_ID; what it made is worth nothing then. Refused while something depends on it.

    What depends on a sealing key is sealed anew by `flask keys reseal`; tickets are replaced by
    `flask ticket reissue`. A copy of keys.json in a backup still holds the key.
    """
    known = list_known()
    db.session.rollback()
    if rotation.drop_from_file(key_id, instance=_settings().instance, known=known):
        _spread()
        click.echo(f"deleted from the file, the database never knew it: {key_id}")
        return
    with refusals_said(), unit_of_work():
        key_changes.retire(key_id, anyway=anyway, actor=console())
    _spread()
    click.echo(f"retired: {key_id}")


@keys_group.command("reseal")
def reseal() -> None:
    """Seal anew under the current key what older keys have sealed: waiting letters and robots."""
    with refusals_said(), unit_of_work():
        count = key_changes.reseal(actor=console())
    click.echo(f"resealed: {count}")


@ticket_group.command("reissue")
@click.argument("which", metavar="REGISTRATION_ID|CAMPAIGN")
def reissue(which: str) -> None:
    """Issue a new ticket for a registration, or for everybody in CAMPAIGN (its address) who has a place.

    The old ticket opens no door any more; the new one goes out by mail.
    """
    count = 0
    with refusals_said():
        if which.isascii() and which.isdigit():
            found = [(int(which), reissuing.find_campaign_of(int(which)))]
        else:
            campaign_id = campaigns.get_managed(which).id
            found = [(id_, campaign_id) for id_ in reissuing.list_seated(campaign_id)]
        for registration_id, campaign_id in found:
            with unit_of_work():
                count += reissuing.reissue(registration_id, campaign_id, seen=None, actor=console())
    click.echo(f"reissued: {count}")


def _add(purpose: str) -> Key:
    """In the file first: a kill in between leaves a key that nobody uses."""
    made = rotation.put_in_file(purpose, instance=_settings().instance)
    with refusals_said(), unit_of_work():
        rotation.add(made, actor=console())
    return made


def _spread() -> None:
    """The states of the database go into the file: servers on this host notice that it has changed."""
    instance = _settings().instance
    states = states_on_record(list_known(), read_keys(key_file(instance)))
    rotation.refresh_file(instance, states)
    db.session.rollback()
    key_watch.notice()


def _settings() -> Settings:
    found: Settings = current_app.extensions["eventreg.settings"]
    return found


def _day(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


COMMANDS: tuple[click.Command, ...] = (keys_group, ticket_group)
