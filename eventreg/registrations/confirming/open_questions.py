"""Who is asked to confirm a place: asked, answered, still open. Each write is part of a unit with the campaign locked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.core.db.session import db, run
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import LetterState
from eventreg.registrations.models import LapseWatchRow, Registration
from eventreg.registrations.rules import RegistrationState

from .rules import ConfirmFor, LapseWatch, OpenQuestion

CHANGED, OFFERED = "activity_changed", "place_offered"  # the letters that ask
SEATED = Registration.state == str(RegistrationState.SEATED)
IS_OPEN: ColumnElement[bool] = and_(
    SEATED, Registration.confirm_by.is_not(None), Registration.confirmed_at.is_(None)
)
ACCEPTED_AT = (  # when the letter that asks was accepted by a server; NULL if it was not, or bounced
    select(func.min(Letter.sent_at))
    .where(
        Letter.person_id == Registration.person_id,
        Letter.campaign_id == Registration.campaign_id,
        Letter.kind.in_((CHANGED, OFFERED)),
        Letter.posted_at == Registration.asked_at,
        Letter.state == str(LetterState.SENT),
        Letter.in_file.is_(False),
        Letter.bounced_at.is_(None),
    )
    .correlate(Registration)
    .scalar_subquery()
)


def ask_seated(campaign_id: int, *, confirm_by: datetime, now: datetime) -> int:
    """Ask everybody who has a place to confirm the new date, whatever they answered before; returns how many."""
    asked = {
        "confirm_by": confirm_by,
        "asked_at": now,
        "confirm_for": str(ConfirmFor.MOVE),
        "confirmed_at": None,
    }
    return _update(asked, Registration.campaign_id == campaign_id, SEATED)


def clear(campaign_id: int) -> int:
    """Ask nobody any longer: the date that they were asked about has changed; returns how many were asked."""
    nothing = {"confirm_by": None, "asked_at": None, "confirm_for": None, "confirmed_at": None}
    return _update(nothing, Registration.campaign_id == campaign_id, IS_OPEN)


def confirm_scanned(registration_ids: Collection[int], *, now: datetime) -> None:
    """Confirm the places of people who were scanned in: they have come. Rows are locked by id, as by every scan."""
    if not registration_ids:
        return
    scanned = (Registration.id.in_(registration_ids), IS_OPEN)
    rows = select(Registration.id).where(*scanned).order_by(Registration.id).with_for_update(key_share=True)
    if open_ones := db.session.scalars(rows).all():
        _update({"confirmed_at": now}, Registration.id.in_(open_ones), IS_OPEN)


def list_open(*where: ColumnElement[bool]) -> list[OpenQuestion]:
    """The open questions of registrations, by arrival. Reads only."""
    return [_question(row) for row in db.session.execute(_rows(*where))]


def _rows(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    columns = (
        Registration.id,
        Registration.confirm_for,
        Registration.asked_at,
        Registration.confirm_by,
        ACCEPTED_AT,
        Registration.campaign_id,
    )
    return select(*columns).where(IS_OPEN, *where).order_by(Registration.campaign_id, Registration.arrival)


def _question(row: Sequence[Any]) -> OpenQuestion:
    id_, purpose, asked_at, confirm_by, accepted_at, campaign_id = row
    return OpenQuestion(id_, ConfirmFor(purpose), asked_at, confirm_by, accepted_at, campaign_id)


def read_watch() -> LapseWatch:
    """When the job that ends places ran last."""
    columns = (LapseWatchRow.run_at, LapseWatchRow.gap_at, LapseWatchRow.lost)
    row = run(select(*columns)).one_or_none()
    return LapseWatch(row[0], row[1], lost=row[2]) if row is not None else LapseWatch()


def write_watch(watch: LapseWatch) -> None:
    """Store it, in the open unit."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    values = {"run_at": watch.run_at, "gap_at": watch.gap_at, "lost": watch.lost}
    made = insert(LapseWatchRow).values(id=1, **values)
    db.session.execute(made.on_conflict_do_update(index_elements=[LapseWatchRow.id], set_=values))


def forget_watch() -> None:
    """Forget the last run: a backup was restored, and the next run is the first."""
    db.session.execute(delete(LapseWatchRow))


def _update(values: dict[str, Any], *where: ColumnElement[bool]) -> int:
    changed = update(Registration).where(*where).values(**values).returning(Registration.id)
    return len(db.session.scalars(changed.execution_options(synchronize_session=False)).all())
