"""The nominations of a 汇总表: in order of preference, with the paper forms that were received."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from eventreg.core.db.session import db

from .. import reading
from ..models import Nomination, NominationVersion
from ..reading import NominationFacts
from . import service
from .service import PaperReceiptFacts


@dataclass(frozen=True, slots=True)
class SummaryNomination:
    """One nomination in a 汇总表: the nominee's post and short deed as written, and the newest paper form received."""

    found: NominationFacts
    post: str
    short: str
    receipt: PaperReceiptFacts | None

    @property
    def received(self) -> bool:
        """Whether the submitted version was received on paper."""
        return self.receipt is not None and self.receipt.version == self.found.handed_in


def of_department(campaign_id: int, unit_id: int) -> list[SummaryNomination]:
    """A department's nominations in an award that are not withdrawn, drafts too, in order of preference."""
    return _listed(reading.list_of(campaign_id, unit_id))


def of_award(campaign_id: int) -> list[SummaryNomination]:
    """The submitted nominations of all departments, each in its order of preference."""
    return _listed(reading.list_in(campaign_id))


def _listed(found: list[NominationFacts]) -> list[SummaryNomination]:
    ids = {one.id for one in found}
    said, receipts = _said(ids), service.standing_of(ids)
    return [SummaryNomination(one, *said.get(one.id, ("", "")), receipts.get(one.id)) for one in found]


def _said(nomination_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The post and the short deed of each nominee, from the submitted version or the newest version of a draft."""
    counts = NominationVersion.number == func.coalesce(Nomination.handed_in, Nomination.version)
    post, short = (NominationVersion.answers[name].as_string() for name in ("post", "short"))
    rows = select(Nomination.id, post, short).join(
        NominationVersion, (NominationVersion.nomination_id == Nomination.id) & counts
    )
    said = db.session.execute(rows.where(Nomination.id.in_(nomination_ids)))
    return {id_: (post or "", short or "") for id_, post, short in said}
