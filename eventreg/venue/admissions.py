"""A person counts once at each check point, at the earliest time; the check points are rows of the campaign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from eventreg.campaigns.check_points import service as check_points
from eventreg.core.db.session import db, run

from .incoming import Scanner
from .models import Admission
from .rules import ScanVerdict, TicketFacts
from .scan_queries import ADMIT
from .walk.models import TimeFix


class PointsOf:
    """The check points of the campaigns of a batch's tickets. A phone stands at one that its campaign has."""

    def __init__(self, scanner: Scanner, tickets: Iterable[TicketFacts]) -> None:
        self._all = scanner.campaign_id is not None
        ids = set() if self._all else {ticket.campaign_id for ticket in tickets}
        found = check_points.lists_of(ids) if ids else {}
        self._codes = {id_: {point.code for point in points} for id_, points in found.items()}

    def has(self, campaign_id: int, code: str) -> bool:
        """Whether the campaign has a check point of this code."""
        return self._all or code in self._codes.get(campaign_id, ())


def count(
    registration_id: int, check_point: str, scanner: Scanner, at: datetime
) -> tuple[ScanVerdict, datetime]:
    """Admit unless the ticket was admitted before: the unique row decides between two check points at the same instant.

    The earliest time stays, whichever phone sends first; what was answered before does not change. A time that an
    organiser declared a try gives way to the first one after it.
    """
    row = {
        "registration_id": registration_id,
        "check_point": check_point,
        "device_id": scanner.device_id,
        "at": at,
    }
    if run(ADMIT[db.engine.dialect.name], row).scalar() is not None:
        return ScanVerdict.ADMITTED, at
    here = (Admission.registration_id == registration_id, Admission.check_point == check_point)
    try_of = select(func.max(TimeFix.made_at)).where(
        TimeFix.registration_id == registration_id,
        TimeFix.check_point == check_point,
        TimeFix.at.is_(None),
        TimeFix.undone_at.is_(None),
    )
    first, tried = db.session.execute(
        select(Admission.at, try_of.scalar_subquery()).where(*here)
    ).one_or_none() or (None, None)
    if tried is not None and first is not None and first <= tried < at:
        counts = _move(registration_id, check_point, scanner, at, Admission.at <= tried)
        return (ScanVerdict.ADMITTED if counts else ScanVerdict.REPEATED), at
    if first is not None and (first <= at or (tried is not None and at <= tried)):
        return ScanVerdict.REPEATED, first
    _move(registration_id, check_point, scanner, at, Admission.at > at)
    return ScanVerdict.REPEATED, at


def _move(
    registration_id: int, check_point: str, scanner: Scanner, at: datetime, where: ColumnElement[bool]
) -> bool:
    """Give an admission that is as `where` says this time and phone; False if it is not."""
    here = (Admission.registration_id == registration_id, Admission.check_point == check_point)
    moved = update(Admission).where(*here, where).values(at=at, device_id=scanner.device_id)
    found = db.session.execute(moved.returning(Admission.at).execution_options(synchronize_session=False))
    return found.one_or_none() is not None
