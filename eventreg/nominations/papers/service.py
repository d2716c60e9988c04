"""Receive printed forms, and take back receipts that were a mistake (plan P5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.trail import audit

from .. import access, drafts
from ..models import Nomination
from ..rules import NominationState
from .models import PaperReceipt, Submission
from .rules import PaperReference, check_reason, check_receipt


@dataclass(frozen=True, slots=True)
class PaperReceiptFacts:
    """The receipt of a printed version: when, by whom, how many copies."""

    id: int
    nomination_id: int
    version: int
    copies: int
    remark: str
    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class PaperReceiptResult:
    """The result of receiving a printed form: the receipt, and whether it was made now."""

    receipt: PaperReceiptFacts
    fresh: bool


def receive(
    named: PaperReference, campaign_ids: Collection[int] | None, *, copies: int, remark: str, actor: Actor
) -> PaperReceiptResult:
    """Record that a printed form was received; an existing receipt stays as it is.

    `campaign_ids` are the awards that the actor handles, None for all. Raises NotFound,
    Refused("paper.withdrawn"), ("typed.out_of_bounds"), ("typed.too_long").
    """
    row = _lock(named.nomination_id, campaign_ids)
    if db.session.get(Submission, (row.id, named.version)) is None:
        raise NotFound("paper")
    known = _find(row.id, named.version)
    if known is not None:
        return PaperReceiptResult(_facts_of(known), fresh=False)
    check_receipt(NominationState(row.state), copies=copies, remark=remark)
    made = PaperReceipt(
        nomination_id=row.id,
        version=named.version,
        copies=copies,
        remark=remark,
        received_at=actor.now,
        received_by=actor.person_id,
    )
    db.session.add(made)
    db.session.flush()
    _note(row, "paper_received", actor=actor, version=named.version, copies=copies)
    return PaperReceiptResult(_facts_of(made), fresh=True)


def undo(
    receipt_id: int, reason: str, campaign_ids: Collection[int] | None, *, actor: Actor
) -> PaperReceiptFacts:
    """Take a receipt back, with the reason; one that was taken back stays as it is.

    Raises NotFound for a receipt of another award and for an unknown one, Refused("typed.missing"), ("typed.too_long").
    """
    nomination_id, _version = paper_of(receipt_id)
    row = _lock(nomination_id, campaign_ids)
    receipt = db.session.get_one(PaperReceipt, receipt_id, populate_existing=True)
    if receipt.undone_at is None:
        check_reason(reason)
        receipt.undone_at, receipt.undone_by, receipt.reason = actor.now, actor.person_id, reason
        _note(row, "paper_undone", actor=actor, version=receipt.version)
    return _facts_of(receipt)


def standing_of(nomination_ids: Collection[int]) -> dict[int, PaperReceiptFacts]:
    """The receipt of the newest printed form of each nomination; those without one are left out."""
    rows = select(PaperReceipt).where(
        PaperReceipt.nomination_id.in_(nomination_ids), PaperReceipt.undone_at.is_(None)
    )
    rows = rows.order_by(PaperReceipt.version, PaperReceipt.id).execution_options(populate_existing=True)
    return {row.nomination_id: _facts_of(row) for row in db.session.scalars(rows)}


def paper_of(receipt_id: int) -> tuple[int, int]:
    """The nomination and the version of a receipt. Raises NotFound."""
    found = select(PaperReceipt.nomination_id, PaperReceipt.version).where(PaperReceipt.id == receipt_id)
    row = db.session.execute(found).one_or_none()
    if row is None:
        raise NotFound("receipt")
    return row.nomination_id, row.version


def find_receipt(named: PaperReference) -> PaperReceiptFacts | None:
    """The receipt of exactly this printed form."""
    row = _find(named.nomination_id, named.version)
    return _facts_of(row) if row else None


def _lock(nomination_id: int, campaign_ids: Collection[int] | None) -> Nomination:
    return drafts.lock_one(nomination_id, access.for_paper_desk(campaign_ids))


def _find(nomination_id: int, version: int) -> PaperReceipt | None:
    this = (PaperReceipt.nomination_id == nomination_id, PaperReceipt.version == version)
    query = select(PaperReceipt).where(*this, PaperReceipt.undone_at.is_(None))
    return db.session.scalar(query.execution_options(populate_existing=True))


def _note(row: Nomination, action: str, *, actor: Actor, **facts: int) -> None:
    about = {"campaign": row.campaign_id, "unit": row.unit_id, **facts}
    audit.record(f"nomination.{action}", f"nomination:{row.id}", actor=actor, **about)


def _facts_of(row: PaperReceipt) -> PaperReceiptFacts:
    return PaperReceiptFacts(
        row.id,
        row.nomination_id,
        row.version,
        row.copies,
        row.remark,
        row.received_at,
        row.received_by,
    )
