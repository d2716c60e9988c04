"""SIGKILL while files are handed in: no row without its file, no file without a row for longer than a day.

usage: python -m tests.nominations.files.file_kills [KILLS]     prints kills, acknowledged and what is wrong
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from eventreg import jobs
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.uploaded_files import receiving, store
from eventreg.core.uploaded_files.reading import WAITING
from eventreg.core.uploaded_files.receiving import ReceivedFile
from eventreg.core.uploaded_files.rules import FileKind
from eventreg.factory import create_app
from eventreg.nominations.files import service
from eventreg.nominations.files.models import NominationFile
from eventreg.nominations.files.rules import MaterialPart
from tests.conftest import close, make_app
from tests.rig.actors import acting
from tests.rig.forks import FORKS

from .handing_in import HERS, set_owner

ENOUGH = 3  # files of a life at most before it ends
MOST = 1_000_000  # files of the one nomination


@dataclass
class Tally:
    """What a run found."""

    kills: int = 0
    acknowledged: set[str] = field(default_factory=set)
    lost: int = 0
    without_file: int = 0
    swept: int = 0
    without_row: int = 0

    @property
    def red(self) -> bool:
        """Whether a promise was broken."""
        return any((self.lost, self.without_file, self.without_row))


def run(settings: Settings, *, kills: int, fault: str = "", seed: int = 308) -> Tally:
    """Kill somebody who hands in again and again; with a planted fault, stop at the first broken promise."""
    luck, tally, app = random.Random(seed), Tally(), make_app(settings)
    owner = set_owner(app)
    while tally.kills < kills:
        _one_life(settings, fault, owner, tally, luck)
        if fault and judge(app, tally).red:
            break
    judge(app, tally)
    close(app)
    return tally


def _one_life(settings: Settings, fault: str, owner: int, tally: Tally, luck: random.Random) -> None:
    """Let some be handed in and kill in the middle of the next: after so many of its pieces were read."""
    ours, theirs = FORKS.Pipe()
    last = (luck.randint(0, ENOUGH - 1), luck.randint(0, Torn.PIECES + 2))
    life = FORKS.Process(target=_hand_in, args=(settings, fault, owner, last, theirs), daemon=True)
    life.start()
    theirs.close()
    try:
        while True:
            tally.acknowledged.add(ours.recv())
    except EOFError:
        life.join(timeout=30)
    tally.kills += life.exitcode == -signal.SIGKILL


class Torn(io.RawIOBase):
    """A file that comes in pieces, slowly as from a phone; the power fails before one of them."""

    PIECES = 4

    def __init__(self, content: bytes, *, fails_at: int | None) -> None:
        step = -(-len(content) // self.PIECES)
        self.content = content
        self._pieces = [content[at : at + step] for at in range(0, len(content), step)]
        self._read, self._fails_at = 0, fails_at

    def read(self, _size: int = -1) -> bytes:
        """The next piece; nothing at the end."""
        if self._read == self._fails_at:
            die()
        self._read += 1
        return self._pieces[self._read - 1] if self._read <= len(self._pieces) else b""


def die() -> None:
    """Power cut: no handler runs, nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def _hand_in(settings: Settings, fault: str, owner: int, last: tuple[int, int], pipe: Connection) -> None:
    """Hand in as a view does, and die in the middle of the one that `last` names."""
    app, (number, piece) = create_app(settings), last
    with app.app_context():
        for n in range(number + 1):
            content = b"%PDF-1.4 " + os.urandom(2000) + b"%%EOF"  # without its end it would be refused as cut
            torn = Torn(content, fails_at=piece if n == number else None)
            dies = n == number and piece > Torn.PIECES
            pipe.send(ORDERS[fault](torn, owner, dies))


def _keep(received: ReceivedFile, owner: int) -> str:
    with unit_of_work():
        kept = service.keep(
            received,
            nomination_id=HERS,
            part=MaterialPart.EVIDENCE,
            owner_id=owner,
            actor=acting("test", utc_now()),
            most=MOST,
        )
    return kept.id


def _honest(torn: Torn, owner: int, dies: bool) -> str:
    received = receiving.receive(torn, "事迹.pdf", began=utc_now(), patience=0)  # type: ignore[arg-type]
    if dies:
        die()  # between file and row
    return _keep(received, owner)


def _row_first(torn: Torn, owner: int, dies: bool) -> str:
    """Planted fault: the row is written while the file is still on its way."""
    row = ReceivedFile(
        store.new_id(),
        "a.pdf",
        FileKind.PDF,
        len(torn.content),
        hashlib.sha256(torn.content).hexdigest(),
        utc_now(),
        WAITING,
    )
    kept = _keep(row, owner)
    if dies:
        die()
    with store.written(store.path_of(kept)) as file:
        while piece := torn.read():
            file.write(piece)
    return kept


ORDERS: dict[str, Callable[[Torn, int, bool], str]] = {"": _honest, "row_first": _row_first}


def judge(app: Flask, tally: Tally) -> Tally:
    """Compare rows and files; then let two days pass and sweep."""
    with app.app_context():
        rows = {row.id: row.sha256 for row in db.session.scalars(select(NominationFile))}
        tally.lost = len(tally.acknowledged - rows.keys())
        tally.without_file = sum(
            _digest(store.path_of(file_id)) != sha256 for file_id, sha256 in rows.items()
        )
        tally.swept += jobs.tidy(utc_now() + timedelta(days=2))
        lying = {path.name.removesuffix(store.COPY) for path in store.folder().glob("??/*")}
        tally.without_row = len(lying - rows.keys())
        tally.without_file += len(rows.keys() - lying) if not tally.without_file else 0
        db.session.rollback()
    return tally


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def main() -> None:
    """Run on SQLite and print the tally."""
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Settings(instance=Path(folder), scheduler=False), kills=int(sys.argv[1]))
    print(f"kills {tally.kills}, acknowledged {len(tally.acknowledged)}, lost {tally.lost}")
    print(
        f"rows without file {tally.without_file}, swept {tally.swept}, files without row {tally.without_row}"
    )
    raise SystemExit(1 if tally.red else 0)


if __name__ == "__main__":
    main()
