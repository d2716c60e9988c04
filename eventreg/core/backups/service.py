"""Make a backup of this installation, and restore one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from eventreg import __version__
from eventreg.core.db.migrate import revisions
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.files import write_whole
from eventreg.core.keyring.keys import Keys, read_keys

from . import backup_files, lite, manifest, postgres
from .backup_files import BackupPart
from .manifest import Manifest

SAVE = {"sqlite": lite.save, "postgresql": postgres.save}
LOAD = {"sqlite": lite.load, "postgresql": postgres.load}
KEYS = "keys/keys.json"


def save(folder: Path, *, instance: Path, now: datetime) -> Manifest:
    """Write everything into a new private folder, the manifest last; the product keeps running.

    Raises Refused: backup.not_empty for a folder that holds anything, backup.torn for a database that
    is damaged; OSError for a full disk.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refused("backup.not_empty", folder=str(folder))
    folder.chmod(0o700)
    parts: dict[str, BackupPart] = {}
    backup_files.collect(instance, folder, parts)
    dump = SAVE[db.engine.dialect.name](folder, parts)
    backup_files.collect(instance, folder, parts)
    backup_files.sync_all(folder)
    made = Manifest(now, __version__, read_keys(folder / KEYS).fingerprint(), dump, parts)
    manifest.write(folder, made)
    return made


def read(folder: Path, *, migrations: Path) -> Manifest:
    """Read a backup that can be restored here, and check all its parts.

    Raises Refused: backup.unfinished, backup.damaged, backup.newer, backup.other_database.
    """
    found = manifest.read(folder)
    if found.dump.database != db.engine.dialect.name:
        raise Refused("backup.other_database", database=found.dump.database)
    if found.dump.revision not in revisions(migrations):
        raise Refused("backup.newer", product=found.product)
    manifest.check(folder, found)
    keys = read_keys(folder / KEYS)
    if found.keys not in {keys.fingerprint(), keys.first_fingerprint()}:  # older backups name the first keys
        raise Refused("backup.damaged", part=KEYS)
    return found


def restore(
    folder: Path,
    found: Manifest,
    *,
    instance: Path,
    migrations: Path,
    lock_file: Path,
    settle: Callable[[Keys], None],
) -> None:
    """Restore what `read` returned: files, then the database in one step, then the keys.

    `settle` runs in the transaction that restores the rows. A kill before its commit leaves the old database; one before
    the keys leaves a product that does not start and says which file to copy. Raises Busy.
    """
    keys = read_keys(folder / KEYS)
    others = {
        name: part for name, part in found.parts.items() if name != KEYS and not name.startswith("database/")
    }
    backup_files.put_back(folder, instance, others)
    LOAD[found.dump.database](
        folder, found, migrations=migrations, lock_file=lock_file, settle=lambda: settle(keys)
    )
    write_whole(instance / KEYS, (folder / KEYS).read_bytes())
    backup_files.sync_all(instance / "keys")
