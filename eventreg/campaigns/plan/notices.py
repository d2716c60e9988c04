"""Privacy notices: each text with what it covers is one row, however many campaigns use it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns import writing
from eventreg.campaigns.models import PrivacyNotice
from eventreg.core.db.session import db


def keep(paragraphs: tuple[str, ...], covers: tuple[str, ...], *, now: datetime) -> int:
    """The id of the notice with exactly this text and cover: an existing one, or a new one with the year's next number."""
    columns = PrivacyNotice.id, PrivacyNotice.version, PrivacyNotice.paragraphs, PrivacyNotice.covers
    rows = db.session.execute(select(*columns)).all()
    wanted = (paragraphs, set(covers))
    same = next((id_ for id_, _version, text, kept in rows if (tuple(text), set(kept)) == wanted), None)
    if same is not None:
        return same
    taken = {version for _id, version, _text, _covers in rows}
    numbered = (f"{now.year}-{n:02d}" for n in range(1, len(rows) + 2))
    version = next(v for v in numbered if v not in taken)
    return writing.make_notice(version, paragraphs, covers=covers, now=now)
