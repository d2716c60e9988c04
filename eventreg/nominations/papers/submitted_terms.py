"""The terms under which something was submitted: a later change of the form does not make it incomplete (ADR 57)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import and_, func, select, tuple_

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import db
from eventreg.nominations import terms
from eventreg.nominations.models import Nomination, Quota
from eventreg.nominations.rules import ProposerScope, Terms, TextMeasure

from .models import Submission


def as_row(asks: Terms) -> dict[str, Any]:
    """The terms as they are stored with a submission."""
    return asdict(asks) | {"counted": str(asks.counted), "who": str(asks.who), "fields": dict(asks.fields)}


def terms_for(campaign: CampaignFacts, nomination_id: int, version: int | None) -> Terms:
    """The terms that a submitted version is held to; the award's present ones for a draft, and for what was submitted
    before terms were stored."""
    return terms_for_all(campaign, [(nomination_id, version or 0)])[nomination_id]


def terms_for_all(campaign: CampaignFacts, submitted: Collection[tuple[int, int]]) -> dict[int, Terms]:
    """The same for several nominations of an award, by id; `submitted` are (nomination, version)."""
    now = terms.terms_of(campaign)
    wanted = tuple_(Submission.nomination_id, Submission.version).in_(submitted)
    rows = select(Submission.nomination_id, Submission.terms).where(wanted)
    stored = {id_: _read(kept) for id_, kept in db.session.execute(rows) if kept}
    return {id_: stored.get(id_, now) for id_, _version in submitted}


def sensitive_among(nomination_ids: Collection[int]) -> frozenset[int]:
    """Those of these nominations whose submitted version holds sensitive data."""
    here = (Nomination.id == Submission.nomination_id, Nomination.handed_in == Submission.version)
    rows = select(Submission.nomination_id).join(Nomination, and_(*here)).where(Submission.sensitive)
    return frozenset(db.session.scalars(rows.where(Submission.nomination_id.in_(nomination_ids))))


def count_submitted(campaign_id: int) -> int:
    """How many nominations of an award are submitted: a change of the form leaves them as they are."""
    taken = select(func.coalesce(func.sum(Quota.filled), 0)).where(Quota.campaign_id == campaign_id)
    return db.session.scalar(taken) or 0


def _read(kept: Mapping[str, Any]) -> Terms:
    typed = {"counted": TextMeasure(kept["counted"]), "who": ProposerScope(kept["who"])}
    return Terms(**{**kept, **typed})
