"""ID numbers that were stored before they were encrypted, and those under a key that was replaced."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import Text, cast, select
from sqlalchemy.orm.attributes import flag_modified

from eventreg.core.db.session import db
from eventreg.core.keyring.keys import Keys, opens
from eventreg.core.keyring.sealed_fields import MARK, box_of
from eventreg.nominations.models import NominationVersion

FIELD = "id_number"
BATCH = 200
ALL_SEALED = "eventreg.all_sealed"
STORED = cast(NominationVersion.answers, Text)


def list_boxes() -> list[tuple[int, bytes]]:
    """The encrypted numbers: (id of the version, content)."""
    rows = select(NominationVersion.id, STORED).where(STORED.contains(f'"{FIELD}": "{MARK}', autoescape=True))
    found = ((id_, box_of(stored, FIELD)) for id_, stored in db.session.execute(rows))
    return [(id_, box) for id_, box in found if box]


def seal_anew(keys: Keys) -> int:
    """Encrypt every number that another key encrypted under the current one; returns how many."""
    old = [id_ for id_, box in list_boxes() if not opens(keys.seal, box)]
    for id_ in old:
        seal_again(id_)
    return len(old)


def seal_again(version_id: int) -> None:
    """Write a version's number under the current key; all that was written stays as it is."""
    row = db.session.get_one(NominationVersion, version_id, populate_existing=True)
    flag_modified(row, "answers")


def seal_remaining() -> int:
    """Encrypt what is stored in plain. Once a process has found nothing it looks no more: what is written since is encrypted."""
    if current_app.extensions.get(ALL_SEALED):
        return 0
    sealed = seal_old()
    current_app.extensions[ALL_SEALED] = not sealed
    return sealed


def seal_old() -> int:
    """Encrypt numbers that are stored in plain, a batch at a time; returns how many. Repeated until it finds none."""
    plain = STORED.contains(f'"{FIELD}": "', autoescape=True)
    named = (
        plain,
        ~STORED.contains(f'"{FIELD}": "{MARK}', autoescape=True),
        ~STORED.contains(f'"{FIELD}": ""'),
    )
    ids = db.session.scalars(select(NominationVersion.id).where(*named).limit(BATCH)).all()
    for id_ in ids:
        seal_again(id_)
    return len(ids)
