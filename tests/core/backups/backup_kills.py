"""SIGKILL while a backup is written: what says that it is whole is whole.

usage: python -m tests.core.backups.backup_kills     prints how many were killed, whole, and falsely whole
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from eventreg.config import Settings
from eventreg.core.backups import backup_files, manifest, service
from eventreg.core.backups.manifest import Manifest
from eventreg.core.clock import utc_now
from eventreg.core.errors import Refused
from eventreg.factory import create_app
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.forks import FORKS

FILES = 2  # in the installation beside its keys


@dataclass
class Tally:
    """What a run found in the folders that were left."""

    kills: int = 0
    whole: int = 0
    falsely_whole: int = 0


def run(settings: Settings, folder: Path, fault: str = "") -> Tally:
    """Kill one backup before each of its steps, until one comes to its end; with a planted fault, until one lies."""
    app, tally = make_app(settings), Tally()
    cast.set_stage(app)
    close(app)
    for n in range(FILES):
        with backup_files.written(settings.instance / f"files/{n:02}/{n:032}") as file:
            file.write(os.urandom(2 * backup_files.BLOCK))
    while not tally.whole and not (fault and tally.falsely_whole):
        target = folder / f"b{tally.kills}"
        life = FORKS.Process(target=_save, args=(settings, target, tally.kills, fault), daemon=True)
        life.start()
        life.join(timeout=60)
        tally.kills += life.exitcode == -signal.SIGKILL
        if life.exitcode not in {0, -signal.SIGKILL}:
            raise AssertionError(f"the backup ended with {life.exitcode}")
        _judge(target, tally)
    return tally


def _judge(folder: Path, tally: Tally) -> None:
    """Read a folder as `flask restore` does."""
    try:
        found = manifest.read(folder)
    except Refused:
        return
    try:
        manifest.check(folder, found)
        tally.whole += 1
    except Refused:
        tally.falsely_whole += 1


def _save(settings: Settings, folder: Path, steps: int, fault: str) -> None:
    """Take a backup and die before its step number `steps`: a file begun, a file's middle, the manifest."""
    app, left = create_app(settings), steps

    def step() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    _dying(step)
    FAULTS[fault]()
    with app.app_context():
        service.save(folder, instance=settings.instance, now=utc_now())


def _dying(step: Callable[[], None]) -> None:
    """A power cut may come before each block that is written, and before the manifest."""
    written, write = backup_files.written, manifest.write

    class Written:
        """A file whose writing is a step."""

        def __init__(self, path: Path) -> None:
            self.kept = written(path)

        def __enter__(self) -> Written:
            self.file: IO[bytes] = self.kept.__enter__()
            return self

        def __exit__(self, *error: Any) -> None:
            self.kept.__exit__(*error)

        def write(self, block: bytes) -> int:
            step()
            return self.file.write(block)

    def told(folder: Path, found: Manifest) -> None:
        step()
        write(folder, found)

    vars(backup_files)["written"] = Written
    vars(manifest)["write"] = told


def _honest() -> None:
    """Nothing planted."""


def _manifest_first() -> None:
    """Planted fault: what will be copied is told before it is."""
    collect = backup_files.collect

    def promised(instance: Path, folder: Path, parts: dict[str, backup_files.BackupPart]) -> None:
        files = {str(path.relative_to(instance)): path for path in backup_files.list_files(instance)}
        coming = {name: backup_files.part_of(path) for name, path in files.items()}
        dump = manifest.DatabaseDump("sqlite", "", {}, {})
        manifest.write(folder, Manifest(utc_now(), "", "", dump, coming))
        collect(instance, folder, parts)

    vars(backup_files)["collect"] = promised


FAULTS: dict[str, Callable[[], None]] = {"": _honest, "manifest_first": _manifest_first}


def main() -> None:
    """Run on SQLite and print the tally."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        tally = run(Settings(instance=here / "i", scheduler=False), here, *sys.argv[1:2])
    print(tally)
    raise SystemExit(1 if tally.falsely_whole else 0)


if __name__ == "__main__":
    main()
