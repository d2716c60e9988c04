"""Long documents, made off the request path: asked for by page or by a rule, made by the tick, kept for seven days.

Each part is typeset in a child process with little memory (ADR 33), one after the other, and no transaction is open
meanwhile. A document of several parts is a zip (`packing.py`).
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select, update

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.config import Settings
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Busy, NotFound, Refused
from eventreg.core.files import private_folder, writing_whole
from eventreg.core.trail import audit
from eventreg.registrations.audiences import ORGANISERS
from eventreg.reminders.models import ReminderRule
from eventreg.words.locale import speaking

from . import packing, papers
from .models import Document
from .papers import Draw
from .rules import LIFE, DocumentKind, DocumentState

log = logging.getLogger("eventreg.documents")

JUST_WRITTEN = timedelta(hours=1)
OPEN = (str(DocumentState.ASKED), str(DocumentState.MAKING))


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document; `done` of `of` parts are made. `name` is that of its file, without the folder."""

    id: int
    kind: DocumentKind
    state: DocumentState
    by_rule: bool
    asked_at: datetime
    done: int
    of: int
    name: str
    expires_at: datetime


def ask(campaign: CampaignFacts, kind: DocumentKind, *, lang: str, actor: Actor) -> int:
    """Ask for a document; returns its id. Asked again while it is being made, it is the same one.

    Raises Refused("document.nothing") for a kind that the campaign has nothing for.
    """
    if kind not in papers.kinds_of(campaign):
        raise Refused("document.nothing")
    mine = (Document.campaign_id == campaign.id, Document.kind == str(kind), Document.lang == lang)
    same = select(Document.id).where(*mine, Document.asked_by == actor.audit_name, Document.state.in_(OPEN))
    known = db.session.scalar(same)
    if known is not None:
        return known
    audit.record("campaign.paper_asked", f"campaign:{campaign.id}", actor=actor, paper=str(kind))
    return _add(campaign.id, kind, lang, actor.audit_name, now=actor.now)


def list_of(campaign_id: int, *, actor: Actor) -> list[DocumentFacts]:
    """The documents that somebody may load: what they asked for, and what rules made; the newest first."""
    rows = select(Document).where(Document.campaign_id == campaign_id, _may_load(actor))
    return [_facts(row) for row in db.session.scalars(rows.order_by(Document.id.desc()))]


def get_file(campaign_id: int, document_id: int, *, actor: Actor) -> tuple[Path, DocumentFacts]:
    """The file of a document that is ready. Raises NotFound, also for one that somebody else asked for."""
    mine = (Document.id == document_id, Document.campaign_id == campaign_id, _may_load(actor))
    row = db.session.scalar(select(Document).where(*mine))
    if row is None or row.path is None or row.expires_at <= actor.now:
        raise NotFound("document")
    path = _folder() / row.path
    if not path.is_file():  # the disk of another machine, or a backup without it
        raise NotFound("document")
    return path, _facts(row)


def make_due(*, draw: Draw, now: datetime) -> int:
    """Make all documents that were asked for, after asking for those of rules; returns how many.

    `draw` makes the SVG of a QR code.
    """
    with unit_of_work():
        _ask_by_rules(now=now)
    made = 0
    for document_id in db.session.scalars(
        select(Document.id).where(Document.state.in_(OPEN)).order_by(Document.id)
    ).all():
        try:
            made += _make(document_id, draw=draw, now=now)
        except Busy:
            continue  # the next tick tries it again
        except Exception:
            # One that cannot be made must not keep the others from being made at every tick.
            log.exception("documents.failed", extra={"document": document_id})
            _note(document_id, state=DocumentState.FAILED)
    return made


def purge(*, now: datetime) -> int:
    """Delete documents that are over, and files without a row; returns how many rows. In a unit of work."""
    gone = len(
        list(db.session.scalars(delete(Document).where(Document.expires_at <= now).returning(Document.id)))
    )
    kept = set(db.session.scalars(select(Document.path)))
    for file in _folder().iterdir():
        fresh = file.stat().st_mtime > (now - JUST_WRITTEN).timestamp()  # its row is about to name it
        if file.name not in kept and not fresh:
            file.unlink(missing_ok=True)
    return gone


def _add(campaign_id: int, kind: DocumentKind, lang: str, asked_by: str | None, *, now: datetime) -> int:
    row = Document(
        campaign_id=campaign_id,
        kind=str(kind),
        lang=lang,
        asked_by=asked_by,
        asked_at=now,
        state=str(DocumentState.ASKED),
        done=0,
        of=1,
        expires_at=now + LIFE,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _ask_by_rules(*, now: datetime) -> None:
    """Ask for the papers of every campaign whose organisers are reminded now and that has none since."""
    due = (ReminderRule.audience == ORGANISERS, ReminderRule.is_on, ReminderRule.slot_at <= now)
    recent = (*due, ReminderRule.slot_at > now - LIFE, ReminderRule.progress != "passed")
    for campaign_id, slot in db.session.execute(
        select(ReminderRule.campaign_id, ReminderRule.slot_at).where(*recent)
    ).all():
        since = (Document.campaign_id == campaign_id, Document.asked_by.is_(None), Document.asked_at >= slot)
        if db.session.scalar(select(Document.id).where(*since).limit(1)) is None:
            campaign = campaigns.campaign_by_id(campaign_id)
            for kind in papers.kinds_of(campaign) if campaign.accepts is Intake.REGISTRATIONS else ():
                _add(campaign_id, kind, campaign.lang, None, now=now)


def _make(document_id: int, *, draw: Draw, now: datetime) -> int:
    row = db.session.get(Document, document_id, populate_existing=True)
    if row is None or row.state not in OPEN:
        return 0
    campaign = campaigns.campaign_by_id(row.campaign_id)
    kind, lang = DocumentKind(row.kind), row.lang
    with speaking(lang):
        sheets = papers.sheets_of(campaign, kind, draw=draw, now=now)
        _note(document_id, state=DocumentState.MAKING if sheets else DocumentState.FAILED, of=len(sheets))
        if not sheets:  # withdrawn since it was asked for
            return 0
        name = papers.file_name(campaign, kind)
        path = f"{secrets.token_hex(16)}.{packing.ending_of(kind, len(sheets))}"
        made = partial(_made, document_id)
        try:
            with writing_whole(_folder() / path) as file:
                if kind is DocumentKind.FORMS:
                    packing.write_forms(file, campaign, sheets, now=now, made=made)
                else:
                    packing.write(file, kind, name, sheets, made=made)
        except Refused:
            _note(document_id, state=DocumentState.FAILED)
            return 0
    _note(document_id, state=DocumentState.READY, path=path, made_at=now, done=len(sheets))
    return 1


def _made(document_id: int, parts: int) -> None:
    _note(document_id, done=parts)


def _note(document_id: int, **values: object) -> None:
    told = {name: str(value) if isinstance(value, DocumentState) else value for name, value in values.items()}
    with unit_of_work(contended=False):
        db.session.execute(update(Document).where(Document.id == document_id).values(**told))


def _may_load(actor: Actor) -> ColumnElement[bool]:
    return or_(Document.asked_by == actor.audit_name, Document.asked_by.is_(None))


def _folder() -> Path:
    settings: Settings = current_app.extensions["eventreg.settings"]
    return private_folder(settings.instance / "documents")


def _facts(row: Document) -> DocumentFacts:
    return DocumentFacts(
        row.id,
        DocumentKind(row.kind),
        DocumentState(row.state),
        row.asked_by is None,
        row.asked_at,
        row.done,
        row.of,
        row.path or "",
        row.expires_at,
    )
