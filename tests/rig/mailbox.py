"""What a letter says when it is sent: worded from its row, as the sender does it."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.delivery import letters
from eventreg.delivery.contents.content import LetterContent, StaleLetter
from eventreg.outbox.models import Letter
from eventreg.outbox.service import ClaimedLetter
from eventreg.words.locale import speaking


def newest(
    app: Flask, kind: str, *, now: datetime, lang: str = "zh-CN", skip: int = 0
) -> LetterContent | None:
    """The newest letter of a kind as it would be sent at `now`, in a language; None when it was overtaken.

    `skip` leaves out that many newer ones.
    """
    with app.test_request_context(), speaking(lang):
        found = select(Letter).where(Letter.kind == kind).order_by(Letter.id.desc()).offset(skip).limit(1)
        row = db.session.scalars(found).one()
        letter = ClaimedLetter(
            id=row.id,
            kind=row.kind,
            person_id=row.person_id,
            address=row.address or "",
            locale=row.locale,
            facts=row.facts,
            sealed=row.sealed,
            message_id=row.message_id,
            posted_at=row.posted_at,
            expires_at=row.expires_at,
            attempts=0,
        )
        keys = app.extensions["eventreg.keys"]
        try:
            return letters.word(letter, keys=keys, base_url="http://localhost", now=now)
        except StaleLetter:
            return None
