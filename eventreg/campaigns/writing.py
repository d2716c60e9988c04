"""Insert seasons and campaigns from checked values, inside the caller's unit of work."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.inputs import NewActivity, NewCampaign, NewPool, NewQuestion, NewSeason
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.trail import audit

from .kinds import parameters_of
from .models import (
    Activity,
    Campaign,
    CampaignPerson,
    CampaignUnit,
    Pool,
    PrivacyNotice,
    Question,
    Season,
    Wording,
)
from .question_kinds import stored_options
from .rules import PoolScope


def exists(slug: str) -> bool:
    """Whether a campaign has this address."""
    return db.session.scalar(select(Campaign.id).where(Campaign.slug == slug)) is not None


def make_season(season: NewSeason) -> int:
    """Make a season unless this slug exists; returns its id."""
    found = db.session.scalar(select(Season.id).where(Season.slug == season.slug))
    if found is not None:
        return found
    row = Season(**asdict(season))
    db.session.add(row)
    db.session.flush()
    return row.id


def make_notice(
    version: str, paragraphs: tuple[str, ...], *, covers: tuple[str, ...] = (), now: datetime
) -> int:
    """Make a notice unless this version exists; returns its id. Another text needs another version."""
    found = db.session.scalar(select(PrivacyNotice.id).where(PrivacyNotice.version == version))
    if found is not None:
        return found
    row = PrivacyNotice(version=version, paragraphs=list(paragraphs), covers=list(covers), made_at=now)
    db.session.add(row)
    db.session.flush()
    return row.id


def publish(campaign: NewCampaign, *, season_id: int, notice_id: int, actor: Actor) -> bool:
    """Make a campaign that is open from now; False when its address is taken (nothing is changed)."""
    if exists(campaign.slug):
        return False
    campaign_id = add(campaign, season_id=season_id, notice_id=notice_id, published=True, now=actor.now)
    audit.record("campaign.published", f"campaign:{campaign_id}", actor=actor)
    return True


def add(campaign: NewCampaign, *, season_id: int, notice_id: int, published: bool, now: datetime) -> int:
    """Insert a campaign with its parts, as a draft or open from now; returns its id. The caller writes the audit row."""
    row = Campaign(
        season_id=season_id,
        notice_id=notice_id,
        slug=campaign.slug,
        title=campaign.title,
        intro=campaign.intro,
        audience=campaign.audience,
        lang=campaign.lang,
        timezone=campaign.timezone,
        state="published" if published else "draft",
        accepts=str(campaign.accepts),
        opens_at=now,
        closes_at=campaign.closes_at,
        retain_until=campaign.retain_until,
        defaults=list(campaign.defaults),
        offer_from_h=campaign.offer_from_h,
        offer_minutes=campaign.offer_minutes,
        for_gender=campaign.eligible.gender,
    )
    db.session.add(row)
    db.session.flush()
    _add_parts(row.id, campaign)
    return row.id


def _add_parts(campaign_id: int, campaign: NewCampaign) -> None:
    check_points.add_standard(campaign_id)
    check_points.add_further(campaign_id, campaign.check_points)
    for position, activity in enumerate(campaign.activities, 1):
        db.session.add(activity_row(campaign_id, position, activity))
    for position, question in enumerate(campaign.questions, 1):
        db.session.add(question_row(campaign_id, position, question))
    db.session.add_all(
        CampaignUnit(campaign_id=campaign_id, unit_id=unit_id) for unit_id in campaign.eligible.unit_ids
    )
    db.session.add_all(
        CampaignPerson(campaign_id=campaign_id, person_id=person_id)
        for person_id in campaign.eligible.person_ids
    )
    if campaign.capacity is not None:
        db.session.add(pool_row(campaign_id, NewPool(PoolScope.TOTAL, campaign.capacity)))
    db.session.add_all(pool_row(campaign_id, bound) for bound in campaign.bounds)
    db.session.add_all(
        Wording(campaign_id=campaign_id, kind=w.kind, lang=w.lang, subject=w.subject, lines=list(w.lines))
        for w in campaign.wordings
    )


def question_row(campaign_id: int, position: int, question: NewQuestion) -> Question:
    """A question as a row."""
    return Question(
        campaign_id=campaign_id,
        key=question.key,
        position=position,
        kind=question.kind,
        label=question.label,
        hint=question.hint,
        required=question.required,
        purpose=question.purpose,
        options=stored_options(question.options),
        least=question.least,
        most=question.most,
    )


def pool_row(campaign_id: int, bound: NewPool) -> Pool:
    """A pool as a row, of which nothing is taken yet."""
    return Pool(campaign_id=campaign_id, **asdict(bound) | {"scope": str(bound.scope)})


def activity_row(campaign_id: int, position: int, activity: NewActivity) -> Activity:
    """An activity as a row; raises what `parameters_of` does."""
    checked = parameters_of(activity.kind, activity.parameters.stored())
    return Activity(
        campaign_id=campaign_id,
        position=position,
        kind=activity.kind,
        title=activity.title,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        time_known=activity.time_known,
        place=activity.place,
        schedule=str(activity.schedule),
        parameters=checked.stored(),
    )
