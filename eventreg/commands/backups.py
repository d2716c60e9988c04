"""`flask backup` and `flask restore`: everything that the installation is, out and in again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from eventreg.commands.saying import console
from eventreg.config import PROJECT, Settings
from eventreg.core import serving_lock
from eventreg.core.backups import service as backups
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.core.errors import Refused, Unusable
from eventreg.core.uploaded_files import store
from eventreg.jobs import LEASE
from eventreg.outbox import service as outbox
from eventreg.season import after_restore

from .saying import refusals_said

log = logging.getLogger("eventreg.backup")

MIGRATIONS = PROJECT / "migrations"
FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)
NEXT = (
    "信件停着，一封也不发。先看 /manage/letters 里等待发出的信，再由管理员恢复，或运行 flask mail resume。",
    "所有人要重新登录；打印的验证码和登录链接作废。",
    "备份以后撤销过的令牌、手机、角色又有效了，请再撤销一次；备份以后删掉的个人信息又在了，请再删一次。",
    "Letters are stopped, none goes out. Look at what waits in /manage/letters, then resume there or with `flask mail resume`.",
    "Everybody signs in anew; printed codes and links are void.",
    "Tokens, phones and roles that were revoked after the backup are in force again, and what was erased is there again: do both once more.",
)


@click.command("backup")
@click.argument("folder", metavar="DIR", type=FOLDER)
@with_appcontext
def backup(folder: Path) -> None:
    """Write a whole copy into the new folder DIR, while the product runs: database, keys, files."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    with _trouble_said():
        made = backups.save(folder, instance=settings.instance, now=utc_now())
    size = sum(part.size for part in made.parts.values())
    log.info("installation.saved", extra={"folder": str(folder), "parts": len(made.parts), "bytes": size})
    click.echo(f"已备份 / saved: {folder}")
    click.echo(
        "里面有密钥和个人信息，只给管理员看 / It holds keys and personal data: for administrators only",
        err=True,
    )


@click.command("restore")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--replace", is_flag=True, help="also over a database that is in use; what it holds is gone")
@with_appcontext
def restore(folder: Path, replace: bool) -> None:
    """Put the backup in DIR back into an empty installation; letters stay stopped."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    with _trouble_said(), serving_lock.hold_exclusive(settings.instance):
        found = backups.read(folder, migrations=MIGRATIONS)
        _check_free(replace=replace)
        settle = partial(
            after_restore.settle,
            instance=settings.instance,
            host=settings.host_name,
            made_at=found.made_at,
            actor=console(),
        )
        backups.restore(
            folder,
            found,
            instance=settings.instance,
            migrations=MIGRATIONS,
            lock_file=current_app.extensions["eventreg.lock_file"],
            settle=settle,
        )
    log.info("installation.restored", extra={"folder": str(folder), "made_at": found.made_at.isoformat()})
    click.echo(f"已恢复到 / restored as of: {found.made_at.isoformat()}")
    for line in NEXT:
        click.echo(line, err=True)


def _check_free(*, replace: bool) -> None:
    """Raises Refused: backup.running while somebody serves from this database, backup.in_use."""
    holder = outbox.lease_holder(LEASE)
    in_use = after_restore.is_in_use() or any(store.folder().glob("??/*"))
    db.session.rollback()
    if holder is not None:
        raise Refused("backup.running", holder=holder)
    if in_use and not replace:
        raise Refused("backup.in_use")


@contextmanager
def _trouble_said() -> Iterator[None]:
    try:
        with refusals_said():
            yield
    except Unusable as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or ''}: {error.strerror}") from error


COMMANDS = (backup, restore)
