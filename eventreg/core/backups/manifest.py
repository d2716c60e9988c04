"""The manifest of a backup: the list of its parts with their SHA-256, written last.

A folder without it was left by a kill or a full disk, and is not restored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ..errors import Refused
from ..files import sync_folder, write_once
from .backup_files import BackupPart, part_of

NAME = "manifest.json"
FORMAT = 1
SAFE = re.compile(r"(database|files|keys|tls)(/\w[\w.-]*)+")  # no path leads out of the folder


@dataclass(frozen=True, slots=True)
class DatabaseDump:
    """A saved database: its kind, its revision, its columns and sequences."""

    database: str
    revision: str
    columns: Mapping[str, list[str]]
    sequences: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that restoring needs to know before it touches anything; parts by their path in the folder."""

    made_at: datetime
    product: str
    keys: str
    dump: DatabaseDump
    parts: Mapping[str, BackupPart]


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, when all parts are synced to the disk."""
    told = asdict(manifest) | {"format": FORMAT, "made_at": manifest.made_at.isoformat()}
    write_once(folder / NAME, json.dumps(told, indent=1, sort_keys=True).encode())
    sync_folder(folder)


def read(folder: Path) -> Manifest:
    """Raises Refused: backup.unfinished without a manifest, backup.damaged for one that cannot be read."""
    file = folder / NAME
    if not file.is_file():
        raise Refused("backup.unfinished", folder=str(folder))
    try:
        told = json.loads(file.read_bytes())
        if told["format"] > FORMAT:
            raise Refused("backup.newer", product=told["product"])
        parts = {str(name): BackupPart(**part) for name, part in told["parts"].items()}
        made_at = datetime.fromisoformat(told["made_at"])
        found = Manifest(made_at, told["product"], told["keys"], DatabaseDump(**told["dump"]), parts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("backup.damaged", part=NAME) from error
    for name in parts:
        if not SAFE.fullmatch(name):
            raise Refused("backup.damaged", part=NAME)
    return found


def check(folder: Path, manifest: Manifest) -> None:
    """Read every part once. Raises Refused backup.damaged with the first one that differs."""
    for name, part in sorted(manifest.parts.items()):
        file = folder / name
        if not file.is_file() or part_of(file) != part:
            raise Refused("backup.damaged", part=name)
