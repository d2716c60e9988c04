"""Files handed in as a view does it, for the tests of nominations' files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from eventreg.core import sandbox
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.uploaded_files import receiving
from eventreg.nominations.files import service
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.files.service import FileFacts
from eventreg.nominations.models import Nomination
from tests.rig import awards, cast
from tests.rig.actors import acting

NOW = utc_now()
HERS, THEIRS = 1, 2  # nominations


def set_owner(app: Flask, *, nominations: int = 2) -> int:
    """Who hands in, and so many nominations from 1, all withdrawn: so one person may have each of them."""
    since = cast.lately()
    contest = awards.set_award(app, cast.set_stage(app, now=since), now=since)
    owner = contest.person("A1")
    with app.app_context(), unit_of_work():
        for n in range(1, nominations + 1):
            row = Nomination(
                id=n,
                campaign_id=contest.campaign_id,
                unit_id=contest.units[awards.MARKETING],
                person_id=owner,
                state="withdrawn",
                preference=n,
                version=1,
                made_at=since,
                made_by=owner,
            )
            db.session.add(row)
    return owner


def hand_in(
    owner: int, content: bytes, name: str = "女神节.pdf", *, nomination: int = HERS, **how: Any
) -> FileFacts:
    """As a view does: received first, then kept in a unit of work."""
    received = receiving.receive(io.BytesIO(content), name, began=NOW, **how)
    with unit_of_work():
        return service.keep(
            received,
            nomination_id=nomination,
            part=MaterialPart.EVIDENCE,
            owner_id=owner,
            actor=acting(f"person:{owner}", NOW),
        )


@contextmanager
def everybody_reading() -> Iterator[None]:
    """As many children at work as there may be."""
    with sandbox.CHILDREN.taken(patience=1), sandbox.CHILDREN.taken(patience=1):
        yield


def copy_of(file: FileFacts) -> bytes:
    return service.stripped(file.id, within=[file.nomination_id]).read_bytes()
