"""A person counts once at each check point, at the earliest time; the check points are rows of the campaign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from eventreg.campaigns.check_points import service as check_points
from eventreg.core.db.session import db, run

from .incoming import Scanner
from .models import Admission
from .rules import ScanVerdict, TicketFacts
from .scan_queries import ADMIT


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

    The earliest time stays, whichever phone sends first; what was answered before does not change.
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
    first = db.session.scalar(select(Admission.at).where(*here))
    if first is not None and first <= at:
        return ScanVerdict.REPEATED, first
    earlier = update(Admission).where(*here, Admission.at > at).values(at=at, device_id=scanner.device_id)
    db.session.execute(earlier.execution_options(synchronize_session=False))
    return ScanVerdict.REPEATED, at
