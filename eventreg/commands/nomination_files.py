"""Read files of nominations again, for what an older version of the product could not read."""

from __future__ import annotations

import time
from collections import Counter

import click
from flask.cli import with_appcontext

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.uploaded_files.rules import FileKind
from eventreg.nominations.files import service as files

BUSY_TRIES = 60  # a second apart, while uploads are being read


@click.command("files-read-again")
@click.option("--all", "with_copy", is_flag=True, help="also files of which judges have a copy")
@with_appcontext
def read_again(with_copy: bool) -> None:
    """Read files of nominations again that have no copy for judges; nothing is deleted, and what was read stays if less is read."""
    with unit_of_work():
        chosen = files.list_read(with_copy=with_copy)
    said = Counter(_read(file_id, kind) for file_id, kind in chosen)
    click.echo(f"changed: {said['changed']}, unchanged: {said['unchanged']}, refused: {said['refused']}")


def _read(file_id: str, kind: FileKind) -> str:
    """Read one file while no transaction is open; returns what became of it."""
    for _ in range(BUSY_TRIES):
        try:
            reading = files.look_again(file_id, kind)
        except (Refused, FileNotFoundError) as error:
            click.echo(
                f"{file_id}: {error.code if isinstance(error, Refused) else 'not on the disk'}", err=True
            )
            return "refused"
        if reading is not None:
            break
        time.sleep(1)
    else:
        return "unchanged"
    with unit_of_work():
        return "changed" if files.note_again(file_id, reading) else "unchanged"


COMMANDS = (read_again,)
